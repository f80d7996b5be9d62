WITH store_part AS (
  SELECT s_store_id AS id, sum(price) AS sales, sum(profit) AS profit, sum(refund) AS refunds,
    sum(loss) AS loss
  FROM (
    SELECT ss_store_sk AS place, ss_sold_date_sk AS day_sk, ss_ext_sales_price AS price,
      ss_net_profit AS profit, CAST(0 AS DECIMAL(7,2)) AS refund, CAST(0 AS DECIMAL(7,2)) AS loss
    FROM store_sales
    UNION ALL
    SELECT sr_store_sk, sr_returned_date_sk, CAST(0 AS DECIMAL(7,2)), CAST(0 AS DECIMAL(7,2)),
      sr_return_amt, sr_net_loss
    FROM store_returns) AS moves
  JOIN date_dim ON d_date_sk = day_sk
  JOIN store ON s_store_sk = place
  WHERE d_date BETWEEN DATE '2000-08-23' AND DATE '2000-09-06'
  GROUP BY s_store_id),
catalog_part AS (
  SELECT cp_catalog_page_id AS id, sum(price) AS sales, sum(profit) AS profit,
    sum(refund) AS refunds, sum(loss) AS loss
  FROM (
    SELECT cs_catalog_page_sk AS place, cs_sold_date_sk AS day_sk, cs_ext_sales_price AS price,
      cs_net_profit AS profit, CAST(0 AS DECIMAL(7,2)) AS refund, CAST(0 AS DECIMAL(7,2)) AS loss
    FROM catalog_sales
    UNION ALL
    SELECT cr_catalog_page_sk, cr_returned_date_sk, CAST(0 AS DECIMAL(7,2)),
      CAST(0 AS DECIMAL(7,2)), cr_return_amount, cr_net_loss
    FROM catalog_returns) AS moves
  JOIN date_dim ON d_date_sk = day_sk
  JOIN catalog_page ON cp_catalog_page_sk = place
  WHERE d_date BETWEEN DATE '2000-08-23' AND DATE '2000-09-06'
  GROUP BY cp_catalog_page_id),
web_part AS (
  SELECT web_site_id AS id, sum(price) AS sales, sum(profit) AS profit, sum(refund) AS refunds,
    sum(loss) AS loss
  FROM (
    SELECT ws_web_site_sk AS place, ws_sold_date_sk AS day_sk, ws_ext_sales_price AS price,
      ws_net_profit AS profit, CAST(0 AS DECIMAL(7,2)) AS refund, CAST(0 AS DECIMAL(7,2)) AS loss
    FROM web_sales
    UNION ALL
    SELECT ws_web_site_sk, wr_returned_date_sk, CAST(0 AS DECIMAL(7,2)), CAST(0 AS DECIMAL(7,2)),
      wr_return_amt, wr_net_loss
    FROM web_returns
    LEFT JOIN web_sales ON ws_item_sk = wr_item_sk AND ws_order_number = wr_order_number) AS moves
  JOIN date_dim ON d_date_sk = day_sk
  JOIN web_site ON web_site_sk = place
  WHERE d_date BETWEEN DATE '2000-08-23' AND DATE '2000-09-06'
  GROUP BY web_site_id)
SELECT channel, id, sum(sales) AS sales, sum(refunds) AS refunds, sum(profit) AS profit
FROM (
  SELECT 'store channel' AS channel, 'store' || id AS id, sales, refunds, profit - loss AS profit
  FROM store_part
  UNION ALL
  SELECT 'catalog channel', 'catalog_page' || id, sales, refunds, profit - loss FROM catalog_part
  UNION ALL
  SELECT 'web channel', 'web_site' || id, sales, refunds, profit - loss FROM web_part) AS channels
GROUP BY ROLLUP (channel, id)
ORDER BY channel, id, sales
LIMIT 100
