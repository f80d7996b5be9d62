WITH sold AS (
  SELECT w_warehouse_name AS name, w_warehouse_sq_ft AS size, w_city AS city, w_county AS county,
    w_state AS state, d_year AS in_year, d_moy AS in_month,
    ws_ext_sales_price * ws_quantity AS sales, ws_net_paid * ws_quantity AS net
  FROM web_sales
  JOIN warehouse ON w_warehouse_sk = ws_warehouse_sk
  JOIN date_dim ON d_date_sk = ws_sold_date_sk
  JOIN time_dim ON t_time_sk = ws_sold_time_sk
  JOIN ship_mode ON sm_ship_mode_sk = ws_ship_mode_sk
  WHERE d_year = 2001 AND t_time BETWEEN 30838 AND 59638 AND sm_carrier IN ('DHL', 'BARIAN')
  UNION ALL
  SELECT w_warehouse_name, w_warehouse_sq_ft, w_city, w_county, w_state, d_year, d_moy,
    cs_sales_price * cs_quantity, cs_net_paid_inc_tax * cs_quantity
  FROM catalog_sales
  JOIN warehouse ON w_warehouse_sk = cs_warehouse_sk
  JOIN date_dim ON d_date_sk = cs_sold_date_sk
  JOIN time_dim ON t_time_sk = cs_sold_time_sk
  JOIN ship_mode ON sm_ship_mode_sk = cs_ship_mode_sk
  WHERE d_year = 2001 AND t_time BETWEEN 30838 AND 59638 AND sm_carrier IN ('DHL', 'BARIAN'))
SELECT name, size, city, county, state, 'DHL,BARIAN' AS carriers, in_year,
  sum(CASE WHEN in_month = 1 THEN sales ELSE 0 END) AS jan,
  sum(CASE WHEN in_month = 2 THEN sales ELSE 0 END) AS feb,
  sum(CASE WHEN in_month = 6 THEN sales ELSE 0 END) AS jun,
  sum(CASE WHEN in_month = 12 THEN sales ELSE 0 END) AS dec,
  CAST(sum(CASE WHEN in_month = 1 THEN sales ELSE 0 END) AS DOUBLE) / size AS jan_foot,
  CAST(sum(CASE WHEN in_month = 12 THEN sales ELSE 0 END) AS DOUBLE) / size AS dec_foot,
  sum(CASE WHEN in_month = 1 THEN net ELSE 0 END) AS jan_net,
  sum(CASE WHEN in_month = 12 THEN net ELSE 0 END) AS dec_net
FROM sold
GROUP BY name, size, city, county, state, in_year
ORDER BY name
LIMIT 100
