SELECT count(DISTINCT w.ws_order_number) AS orders, sum(w.ws_ext_ship_cost) AS shipping,
  sum(w.ws_net_profit) AS profit
FROM web_sales w
JOIN date_dim ON d_date_sk = w.ws_ship_date_sk
JOIN customer_address ON ca_address_sk = w.ws_ship_addr_sk
JOIN web_site ON web_site_sk = w.ws_web_site_sk
WHERE d_date BETWEEN DATE '1999-02-01' AND DATE '1999-04-02'
  AND ca_state = 'IL' AND web_company_name = 'pri'
  AND EXISTS (
    SELECT 1 FROM web_sales o
    WHERE o.ws_order_number = w.ws_order_number AND o.ws_warehouse_sk <> w.ws_warehouse_sk)
  AND NOT EXISTS (SELECT 1 FROM web_returns WHERE wr_order_number = w.ws_order_number)
