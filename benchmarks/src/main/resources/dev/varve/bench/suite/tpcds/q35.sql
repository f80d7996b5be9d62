SELECT ca_state, cd_gender, cd_marital_status, cd_dep_count, count(*) AS people,
  min(cd_dep_count) AS least, max(cd_dep_count) AS most, avg(cd_dep_count) AS mean,
  cd_dep_employed_count, cd_dep_college_count
FROM customer c
JOIN customer_address ON ca_address_sk = c.c_current_addr_sk
JOIN customer_demographics ON cd_demo_sk = c.c_current_cdemo_sk
WHERE EXISTS (
    SELECT 1 FROM store_sales JOIN date_dim ON d_date_sk = ss_sold_date_sk
    WHERE ss_customer_sk = c.c_customer_sk AND d_year = 2002 AND d_qoy < 4)
  AND (EXISTS (
      SELECT 1 FROM web_sales JOIN date_dim ON d_date_sk = ws_sold_date_sk
      WHERE ws_bill_customer_sk = c.c_customer_sk AND d_year = 2002 AND d_qoy < 4)
    OR EXISTS (
      SELECT 1 FROM catalog_sales JOIN date_dim ON d_date_sk = cs_sold_date_sk
      WHERE cs_ship_customer_sk = c.c_customer_sk AND d_year = 2002 AND d_qoy < 4))
GROUP BY ca_state, cd_gender, cd_marital_status, cd_dep_count, cd_dep_employed_count,
  cd_dep_college_count
ORDER BY ca_state, cd_gender, cd_marital_status, cd_dep_count, cd_dep_employed_count,
  cd_dep_college_count
LIMIT 100
