WITH spent AS (
  SELECT c_customer_id AS id, c_first_name AS first_name, c_last_name AS last_name,
    c_preferred_cust_flag AS flag, d_year AS in_year, 's' AS channel,
    sum((ss_ext_list_price - ss_ext_wholesale_cost - ss_ext_discount_amt + ss_ext_sales_price) / 2)
      AS total
  FROM customer JOIN store_sales ON ss_customer_sk = c_customer_sk
  JOIN date_dim ON d_date_sk = ss_sold_date_sk
  GROUP BY c_customer_id, c_first_name, c_last_name, c_preferred_cust_flag, d_year
  UNION ALL
  SELECT c_customer_id, c_first_name, c_last_name, c_preferred_cust_flag, d_year, 'c',
    sum((cs_ext_list_price - cs_ext_wholesale_cost - cs_ext_discount_amt + cs_ext_sales_price) / 2)
  FROM customer JOIN catalog_sales ON cs_bill_customer_sk = c_customer_sk
  JOIN date_dim ON d_date_sk = cs_sold_date_sk
  GROUP BY c_customer_id, c_first_name, c_last_name, c_preferred_cust_flag, d_year
  UNION ALL
  SELECT c_customer_id, c_first_name, c_last_name, c_preferred_cust_flag, d_year, 'w',
    sum((ws_ext_list_price - ws_ext_wholesale_cost - ws_ext_discount_amt + ws_ext_sales_price) / 2)
  FROM customer JOIN web_sales ON ws_bill_customer_sk = c_customer_sk
  JOIN date_dim ON d_date_sk = ws_sold_date_sk
  GROUP BY c_customer_id, c_first_name, c_last_name, c_preferred_cust_flag, d_year)
SELECT s2.id, s2.first_name, s2.last_name, s2.flag
FROM spent s1, spent s2, spent c1, spent c2, spent w1, spent w2
WHERE s2.id = s1.id AND c1.id = s1.id AND c2.id = s1.id AND w1.id = s1.id AND w2.id = s1.id
  AND s1.channel = 's' AND s2.channel = 's' AND c1.channel = 'c' AND c2.channel = 'c'
  AND w1.channel = 'w' AND w2.channel = 'w'
  AND s1.in_year = 2001 AND s2.in_year = 2002 AND c1.in_year = 2001 AND c2.in_year = 2002
  AND w1.in_year = 2001 AND w2.in_year = 2002
  AND s1.total > 0 AND c1.total > 0 AND w1.total > 0
  AND CAST(c2.total AS DOUBLE) / CAST(c1.total AS DOUBLE)
    > CAST(s2.total AS DOUBLE) / CAST(s1.total AS DOUBLE)
  AND CAST(c2.total AS DOUBLE) / CAST(c1.total AS DOUBLE)
    > CAST(w2.total AS DOUBLE) / CAST(w1.total AS DOUBLE)
ORDER BY s2.id, s2.first_name, s2.last_name, s2.flag
LIMIT 100
