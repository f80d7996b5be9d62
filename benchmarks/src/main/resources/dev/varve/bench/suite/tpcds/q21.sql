SELECT * FROM (
  SELECT w_warehouse_name, i_item_id,
    sum(CASE WHEN d_date < DATE '2000-03-11' THEN inv_quantity_on_hand ELSE 0 END) AS before,
    sum(CASE WHEN d_date >= DATE '2000-03-11' THEN inv_quantity_on_hand ELSE 0 END) AS since
  FROM inventory
  JOIN warehouse ON w_warehouse_sk = inv_warehouse_sk
  JOIN item ON i_item_sk = inv_item_sk
  JOIN date_dim ON d_date_sk = inv_date_sk
  WHERE i_current_price BETWEEN 0.99 AND 1.49
    AND d_date BETWEEN DATE '2000-02-10' AND DATE '2000-04-10'
  GROUP BY w_warehouse_name, i_item_id) AS stock
WHERE before > 0 AND CAST(since AS DOUBLE) / CAST(before AS DOUBLE) BETWEEN 0.666667 AND 1.5
ORDER BY w_warehouse_name, i_item_id
LIMIT 100
