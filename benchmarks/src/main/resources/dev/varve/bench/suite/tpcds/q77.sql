WITH days AS (
  SELECT d_date_sk AS sk FROM date_dim WHERE d_date BETWEEN DATE '2000-08-23' AND DATE '2000-09-22'),
ss AS (
  SELECT ss_store_sk AS place, sum(ss_ext_sales_price) AS sales, sum(ss_net_profit) AS profit
  FROM store_sales JOIN days ON sk = ss_sold_date_sk GROUP BY ss_store_sk),
sr AS (
  SELECT sr_store_sk AS place, sum(sr_return_amt) AS refunds, sum(sr_net_loss) AS loss
  FROM store_returns JOIN days ON sk = sr_returned_date_sk GROUP BY sr_store_sk),
cs AS (
  SELECT cs_call_center_sk AS place, sum(cs_ext_sales_price) AS sales, sum(cs_net_profit) AS profit
  FROM catalog_sales JOIN days ON sk = cs_sold_date_sk GROUP BY cs_call_center_sk),
cr AS (
  SELECT sum(cr_return_amount) AS refunds, sum(cr_net_loss) AS loss
  FROM catalog_returns JOIN days ON sk = cr_returned_date_sk),
ws AS (
  SELECT ws_web_page_sk AS place, sum(ws_ext_sales_price) AS sales, sum(ws_net_profit) AS profit
  FROM web_sales JOIN days ON sk = ws_sold_date_sk GROUP BY ws_web_page_sk),
wr AS (
  SELECT wr_web_page_sk AS place, sum(wr_return_amt) AS refunds, sum(wr_net_loss) AS loss
  FROM web_returns JOIN days ON sk = wr_returned_date_sk GROUP BY wr_web_page_sk)
SELECT channel, place, sum(sales) AS sales, sum(refunds) AS refunds, sum(profit) AS profit
FROM (
  SELECT 'store channel' AS channel, ss.place AS place, sales, coalesce(refunds, 0) AS refunds,
    profit - coalesce(loss, 0) AS profit
  FROM ss LEFT JOIN sr ON sr.place = ss.place
  UNION ALL
  SELECT 'catalog channel', cs.place, sales, refunds, profit - loss FROM cs CROSS JOIN cr
  UNION ALL
  SELECT 'web channel', ws.place, sales, coalesce(refunds, 0), profit - coalesce(loss, 0)
  FROM ws LEFT JOIN wr ON wr.place = ws.place) AS channels
GROUP BY ROLLUP (channel, place)
ORDER BY channel, place, sales
LIMIT 100
