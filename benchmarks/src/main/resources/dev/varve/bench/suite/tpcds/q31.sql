WITH shop AS (
  SELECT ca_county AS county, d_qoy AS quarter, sum(ss_ext_sales_price) AS sales
  FROM store_sales JOIN date_dim ON d_date_sk = ss_sold_date_sk
  JOIN customer_address ON ca_address_sk = ss_addr_sk
  WHERE d_year = 2000
  GROUP BY ca_county, d_qoy),
web AS (
  SELECT ca_county AS county, d_qoy AS quarter, sum(ws_ext_sales_price) AS sales
  FROM web_sales JOIN date_dim ON d_date_sk = ws_sold_date_sk
  JOIN customer_address ON ca_address_sk = ws_bill_addr_sk
  WHERE d_year = 2000
  GROUP BY ca_county, d_qoy)
SELECT s1.county,
  CAST(w2.sales AS DOUBLE) / CAST(w1.sales AS DOUBLE) AS web12,
  CAST(s2.sales AS DOUBLE) / CAST(s1.sales AS DOUBLE) AS shop12,
  CAST(w3.sales AS DOUBLE) / CAST(w2.sales AS DOUBLE) AS web23,
  CAST(s3.sales AS DOUBLE) / CAST(s2.sales AS DOUBLE) AS shop23
FROM shop s1, shop s2, shop s3, web w1, web w2, web w3
WHERE s1.quarter = 1 AND s2.quarter = 2 AND s3.quarter = 3
  AND w1.quarter = 1 AND w2.quarter = 2 AND w3.quarter = 3
  AND s2.county = s1.county AND s3.county = s1.county
  AND w1.county = s1.county AND w2.county = s1.county AND w3.county = s1.county
  AND w1.sales > 0 AND w2.sales > 0 AND s1.sales > 0 AND s2.sales > 0
  AND CAST(w2.sales AS DOUBLE) / CAST(w1.sales AS DOUBLE)
    > CAST(s2.sales AS DOUBLE) / CAST(s1.sales AS DOUBLE)
  AND CAST(w3.sales AS DOUBLE) / CAST(w2.sales AS DOUBLE)
    > CAST(s3.sales AS DOUBLE) / CAST(s2.sales AS DOUBLE)
ORDER BY s1.county
