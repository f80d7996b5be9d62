WITH days AS (
  SELECT d_date_sk AS sk FROM date_dim
  WHERE d_week_seq IN (
    SELECT d_week_seq FROM date_dim
    WHERE d_date IN (DATE '2000-06-30', DATE '2000-09-27', DATE '2000-11-17'))),
sr AS (
  SELECT i_item_id AS id, sum(sr_return_quantity) AS number
  FROM store_returns JOIN item ON i_item_sk = sr_item_sk
  WHERE sr_returned_date_sk IN (SELECT sk FROM days) GROUP BY i_item_id),
cr AS (
  SELECT i_item_id AS id, sum(cr_return_quantity) AS number
  FROM catalog_returns JOIN item ON i_item_sk = cr_item_sk
  WHERE cr_returned_date_sk IN (SELECT sk FROM days) GROUP BY i_item_id),
wr AS (
  SELECT i_item_id AS id, sum(wr_return_quantity) AS number
  FROM web_returns JOIN item ON i_item_sk = wr_item_sk
  WHERE wr_returned_date_sk IN (SELECT sk FROM days) GROUP BY i_item_id)
SELECT sr.id, sr.number AS by_store,
  CAST(sr.number AS DOUBLE) / CAST(sr.number + cr.number + wr.number AS DOUBLE) / 3.0 * 100
    AS store_share,
  cr.number AS by_catalog, wr.number AS by_web,
  CAST(sr.number + cr.number + wr.number AS DOUBLE) / 3.0 AS mean
FROM sr JOIN cr ON cr.id = sr.id JOIN wr ON wr.id = sr.id
ORDER BY sr.id, by_store
LIMIT 100
