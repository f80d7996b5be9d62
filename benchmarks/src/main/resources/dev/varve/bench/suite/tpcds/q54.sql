WITH buyers AS (
  SELECT DISTINCT c_customer_sk AS sk, c_current_addr_sk AS home
  FROM (
    SELECT cs_sold_date_sk AS day_sk, cs_bill_customer_sk AS buyer, cs_item_sk AS thing
    FROM catalog_sales
    UNION ALL
    SELECT ws_sold_date_sk, ws_bill_customer_sk, ws_item_sk FROM web_sales) AS sold
  JOIN item ON i_item_sk = thing
  JOIN date_dim ON d_date_sk = day_sk
  JOIN customer ON c_customer_sk = buyer
  WHERE i_category = 'Women' AND i_class = 'maternity' AND d_moy = 12 AND d_year = 1998),
spent AS (
  SELECT sk, sum(ss_ext_sales_price) AS revenue
  FROM buyers
  JOIN store_sales ON ss_customer_sk = sk
  JOIN customer_address ON ca_address_sk = home
  JOIN store ON s_county = ca_county AND s_state = ca_state
  JOIN date_dim ON d_date_sk = ss_sold_date_sk
  WHERE d_month_seq BETWEEN
      (SELECT DISTINCT d_month_seq + 1 FROM date_dim WHERE d_year = 1998 AND d_moy = 12)
    AND (SELECT DISTINCT d_month_seq + 3 FROM date_dim WHERE d_year = 1998 AND d_moy = 12)
  GROUP BY sk)
SELECT segment, count(*) AS people, segment * 50 AS base
FROM (SELECT CAST(floor(CAST(revenue AS DOUBLE) / 50) AS INTEGER) AS segment FROM spent) AS segments
GROUP BY segment
ORDER BY segment, people
LIMIT 100
