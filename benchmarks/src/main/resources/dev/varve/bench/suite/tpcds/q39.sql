WITH stock AS (
  SELECT w_warehouse_sk AS place, i_item_sk AS thing, d_moy AS in_month,
    stddev_samp(inv_quantity_on_hand) AS deviation, avg(inv_quantity_on_hand) AS mean
  FROM inventory
  JOIN item ON i_item_sk = inv_item_sk
  JOIN warehouse ON w_warehouse_sk = inv_warehouse_sk
  JOIN date_dim ON d_date_sk = inv_date_sk
  WHERE d_year = 2001
  GROUP BY w_warehouse_sk, i_item_sk, d_moy),
unsteady AS (
  SELECT place, thing, in_month, mean, deviation / mean AS spread
  FROM stock
  WHERE CASE WHEN mean = 0 THEN 0 ELSE deviation / mean END > 1)
SELECT a.place, a.thing, a.in_month, a.mean, a.spread, b.in_month AS next_month,
  b.mean AS next_mean, b.spread AS next_spread
FROM unsteady a JOIN unsteady b ON b.thing = a.thing AND b.place = a.place
WHERE a.in_month = 1 AND b.in_month = 2
ORDER BY a.place, a.thing
