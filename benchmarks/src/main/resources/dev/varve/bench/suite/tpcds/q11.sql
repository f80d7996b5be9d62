WITH spent AS (
  SELECT c_customer_id AS id, c_first_name AS first_name, c_last_name AS last_name,
    c_preferred_cust_flag AS flag, d_year AS in_year, 's' AS channel,
    sum(ss_ext_list_price - ss_ext_discount_amt) AS total
  FROM customer JOIN store_sales ON ss_customer_sk = c_customer_sk
  JOIN date_dim ON d_date_sk = ss_sold_date_sk
  GROUP BY c_customer_id, c_first_name, c_last_name, c_preferred_cust_flag, d_year
  UNION ALL
  SELECT c_customer_id, c_first_name, c_last_name, c_preferred_cust_flag, d_year, 'w',
    sum(ws_ext_list_price - ws_ext_discount_amt)
  FROM customer JOIN web_sales ON ws_bill_customer_sk = c_customer_sk
  JOIN date_dim ON d_date_sk = ws_sold_date_sk
  GROUP BY c_customer_id, c_first_name, c_last_name, c_preferred_cust_flag, d_year)
SELECT s2.id, s2.first_name, s2.last_name, s2.flag
FROM spent s1
JOIN spent s2 ON s2.id = s1.id
JOIN spent w1 ON w1.id = s1.id
JOIN spent w2 ON w2.id = s1.id
WHERE s1.channel = 's' AND s1.in_year = 2001 AND s1.total > 0
  AND s2.channel = 's' AND s2.in_year = 2002
  AND w1.channel = 'w' AND w1.in_year = 2001 AND w1.total > 0
  AND w2.channel = 'w' AND w2.in_year = 2002
  AND CAST(w2.total AS DOUBLE) / CAST(w1.total AS DOUBLE)
    > CAST(s2.total AS DOUBLE) / CAST(s1.total AS DOUBLE)
ORDER BY s2.id, s2.first_name, s2.last_name, s2.flag
LIMIT 100
