WITH ws AS (
  SELECT d_year AS in_year, ws_item_sk AS thing, ws_bill_customer_sk AS buyer,
    sum(ws_quantity) AS number, sum(ws_wholesale_cost) AS cost, sum(ws_sales_price) AS price
  FROM web_sales
  LEFT JOIN web_returns ON wr_order_number = ws_order_number AND wr_item_sk = ws_item_sk
  JOIN date_dim ON d_date_sk = ws_sold_date_sk
  WHERE wr_order_number IS NULL
  GROUP BY d_year, ws_item_sk, ws_bill_customer_sk),
cs AS (
  SELECT d_year AS in_year, cs_item_sk AS thing, cs_bill_customer_sk AS buyer,
    sum(cs_quantity) AS number, sum(cs_wholesale_cost) AS cost, sum(cs_sales_price) AS price
  FROM catalog_sales
  LEFT JOIN catalog_returns ON cr_order_number = cs_order_number AND cr_item_sk = cs_item_sk
  JOIN date_dim ON d_date_sk = cs_sold_date_sk
  WHERE cr_order_number IS NULL
  GROUP BY d_year, cs_item_sk, cs_bill_customer_sk),
ss AS (
  SELECT d_year AS in_year, ss_item_sk AS thing, ss_customer_sk AS buyer,
    sum(ss_quantity) AS number, sum(ss_wholesale_cost) AS cost, sum(ss_sales_price) AS price
  FROM store_sales
  LEFT JOIN store_returns ON sr_ticket_number = ss_ticket_number AND sr_item_sk = ss_item_sk
  JOIN date_dim ON d_date_sk = ss_sold_date_sk
  WHERE sr_ticket_number IS NULL
  GROUP BY d_year, ss_item_sk, ss_customer_sk)
SELECT ss.thing, ss.buyer,
  CAST(ss.number AS DOUBLE) / CAST(coalesce(ws.number, 0) + coalesce(cs.number, 0) AS DOUBLE)
    AS ratio,
  ss.number, ss.cost, ss.price, coalesce(ws.number, 0) + coalesce(cs.number, 0) AS other_number,
  coalesce(ws.cost, 0) + coalesce(cs.cost, 0) AS other_cost,
  coalesce(ws.price, 0) + coalesce(cs.price, 0) AS other_price
FROM ss
LEFT JOIN ws ON ws.in_year = ss.in_year AND ws.thing = ss.thing AND ws.buyer = ss.buyer
LEFT JOIN cs ON cs.in_year = ss.in_year AND cs.thing = ss.thing AND cs.buyer = ss.buyer
WHERE (coalesce(ws.number, 0) > 0 OR coalesce(cs.number, 0) > 0) AND ss.in_year = 2000
ORDER BY ss.thing, ss.buyer, ss.number DESC, ss.cost DESC, ss.price DESC
LIMIT 100
