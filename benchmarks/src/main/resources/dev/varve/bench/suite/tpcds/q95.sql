WITH apart AS (
  SELECT a.ws_order_number AS number
  FROM web_sales a JOIN web_sales b ON b.ws_order_number = a.ws_order_number
  WHERE b.ws_warehouse_sk <> a.ws_warehouse_sk)
SELECT count(DISTINCT ws_order_number) AS orders, sum(ws_ext_ship_cost) AS shipping,
  sum(ws_net_profit) AS profit
FROM web_sales
JOIN date_dim ON d_date_sk = ws_ship_date_sk
JOIN customer_address ON ca_address_sk = ws_ship_addr_sk
JOIN web_site ON web_site_sk = ws_web_site_sk
WHERE d_date BETWEEN DATE '1999-02-01' AND DATE '1999-04-02'
  AND ca_state = 'IL' AND web_company_name = 'pri'
  AND ws_order_number IN (SELECT number FROM apart)
  AND ws_order_number IN (
    SELECT wr_order_number FROM web_returns JOIN apart ON number = wr_order_number)
