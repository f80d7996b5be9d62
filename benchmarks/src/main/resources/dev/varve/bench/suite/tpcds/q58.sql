WITH days AS (
  SELECT d_date_sk AS sk FROM date_dim
  WHERE d_month_seq = (SELECT d_month_seq FROM date_dim WHERE d_date = DATE '2000-01-03')),
shop AS (
  SELECT i_item_id AS id, sum(ss_ext_sales_price) AS revenue
  FROM store_sales JOIN item ON i_item_sk = ss_item_sk
  WHERE ss_sold_date_sk IN (SELECT sk FROM days) GROUP BY i_item_id),
catalog AS (
  SELECT i_item_id AS id, sum(cs_ext_sales_price) AS revenue
  FROM catalog_sales JOIN item ON i_item_sk = cs_item_sk
  WHERE cs_sold_date_sk IN (SELECT sk FROM days) GROUP BY i_item_id),
web AS (
  SELECT i_item_id AS id, sum(ws_ext_sales_price) AS revenue
  FROM web_sales JOIN item ON i_item_sk = ws_item_sk
  WHERE ws_sold_date_sk IN (SELECT sk FROM days) GROUP BY i_item_id)
SELECT s.id, s.revenue AS store_revenue, c.revenue AS catalog_revenue, w.revenue AS web_revenue,
  CAST(s.revenue + c.revenue + w.revenue AS DOUBLE) / 3 AS mean
FROM shop s JOIN catalog c ON c.id = s.id JOIN web w ON w.id = s.id
WHERE s.revenue BETWEEN 0.5 * c.revenue AND 1.5 * c.revenue
  AND s.revenue BETWEEN 0.5 * w.revenue AND 1.5 * w.revenue
  AND c.revenue BETWEEN 0.5 * w.revenue AND 1.5 * w.revenue
ORDER BY s.id, s.revenue
LIMIT 100
