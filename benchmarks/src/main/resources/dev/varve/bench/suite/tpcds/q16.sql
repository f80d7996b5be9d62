SELECT count(DISTINCT c.cs_order_number) AS orders, sum(c.cs_ext_ship_cost) AS shipping,
  sum(c.cs_net_profit) AS profit
FROM catalog_sales c
JOIN date_dim ON d_date_sk = c.cs_ship_date_sk
JOIN customer_address ON ca_address_sk = c.cs_ship_addr_sk
JOIN call_center ON cc_call_center_sk = c.cs_call_center_sk
WHERE d_date BETWEEN DATE '2002-02-01' AND DATE '2002-04-02'
  AND ca_state = 'GA' AND cc_county = 'Williamson County'
  AND EXISTS (
    SELECT 1 FROM catalog_sales o
    WHERE o.cs_order_number = c.cs_order_number AND o.cs_warehouse_sk <> c.cs_warehouse_sk)
  AND NOT EXISTS (SELECT 1 FROM catalog_returns WHERE cr_order_number = c.cs_order_number)
