WITH web AS (
  SELECT ws_item_sk AS thing,
    CAST(sum(coalesce(wr_return_quantity, 0)) AS DOUBLE)
      / CAST(sum(coalesce(ws_quantity, 0)) AS DOUBLE) AS returned,
    CAST(sum(coalesce(wr_return_amt, 0)) AS DOUBLE)
      / CAST(sum(coalesce(ws_net_paid, 0)) AS DOUBLE) AS refunded
  FROM web_sales
  LEFT JOIN web_returns ON wr_order_number = ws_order_number AND wr_item_sk = ws_item_sk
  JOIN date_dim ON d_date_sk = ws_sold_date_sk
  WHERE wr_return_amt > 10000 AND ws_net_profit > 1 AND ws_net_paid > 0 AND ws_quantity > 0
    AND d_year = 2001 AND d_moy = 12
  GROUP BY ws_item_sk),
catalog AS (
  SELECT cs_item_sk AS thing,
    CAST(sum(coalesce(cr_return_quantity, 0)) AS DOUBLE)
      / CAST(sum(coalesce(cs_quantity, 0)) AS DOUBLE) AS returned,
    CAST(sum(coalesce(cr_return_amount, 0)) AS DOUBLE)
      / CAST(sum(coalesce(cs_net_paid, 0)) AS DOUBLE) AS refunded
  FROM catalog_sales
  LEFT JOIN catalog_returns ON cr_order_number = cs_order_number AND cr_item_sk = cs_item_sk
  JOIN date_dim ON d_date_sk = cs_sold_date_sk
  WHERE cr_return_amount > 10000 AND cs_net_profit > 1 AND cs_net_paid > 0 AND cs_quantity > 0
    AND d_year = 2001 AND d_moy = 12
  GROUP BY cs_item_sk),
shop AS (
  SELECT ss_item_sk AS thing,
    CAST(sum(coalesce(sr_return_quantity, 0)) AS DOUBLE)
      / CAST(sum(coalesce(ss_quantity, 0)) AS DOUBLE) AS returned,
    CAST(sum(coalesce(sr_return_amt, 0)) AS DOUBLE)
      / CAST(sum(coalesce(ss_net_paid, 0)) AS DOUBLE) AS refunded
  FROM store_sales
  LEFT JOIN store_returns ON sr_ticket_number = ss_ticket_number AND sr_item_sk = ss_item_sk
  JOIN date_dim ON d_date_sk = ss_sold_date_sk
  WHERE sr_return_amt > 10000 AND ss_net_profit > 1 AND ss_net_paid > 0 AND ss_quantity > 0
    AND d_year = 2001 AND d_moy = 12
  GROUP BY ss_item_sk),
ranked AS (
  SELECT 'web' AS channel, thing, returned, rank() OVER (ORDER BY returned) AS by_count,
    rank() OVER (ORDER BY refunded) AS by_money
  FROM web
  UNION ALL
  SELECT 'catalog', thing, returned, rank() OVER (ORDER BY returned),
    rank() OVER (ORDER BY refunded)
  FROM catalog
  UNION ALL
  SELECT 'store', thing, returned, rank() OVER (ORDER BY returned),
    rank() OVER (ORDER BY refunded)
  FROM shop)
SELECT DISTINCT channel, thing, returned, by_count, by_money
FROM ranked
WHERE by_count <= 10 OR by_money <= 10
ORDER BY channel, by_count, by_money, thing
LIMIT 100
