WITH moved AS (
  SELECT d_year AS in_year, i_brand_id AS brand, i_class_id AS class, i_category_id AS category,
    i_manufact_id AS maker, cs_quantity - coalesce(cr_return_quantity, 0) AS number,
    cs_ext_sales_price - coalesce(cr_return_amount, 0.0) AS amount
  FROM catalog_sales
  JOIN item ON i_item_sk = cs_item_sk
  JOIN date_dim ON d_date_sk = cs_sold_date_sk
  LEFT JOIN catalog_returns ON cr_order_number = cs_order_number AND cr_item_sk = cs_item_sk
  WHERE i_category = 'Books'
  UNION
  SELECT d_year, i_brand_id, i_class_id, i_category_id, i_manufact_id,
    ss_quantity - coalesce(sr_return_quantity, 0), ss_ext_sales_price - coalesce(sr_return_amt, 0.0)
  FROM store_sales
  JOIN item ON i_item_sk = ss_item_sk
  JOIN date_dim ON d_date_sk = ss_sold_date_sk
  LEFT JOIN store_returns ON sr_ticket_number = ss_ticket_number AND sr_item_sk = ss_item_sk
  WHERE i_category = 'Books'
  UNION
  SELECT d_year, i_brand_id, i_class_id, i_category_id, i_manufact_id,
    ws_quantity - coalesce(wr_return_quantity, 0), ws_ext_sales_price - coalesce(wr_return_amt, 0.0)
  FROM web_sales
  JOIN item ON i_item_sk = ws_item_sk
  JOIN date_dim ON d_date_sk = ws_sold_date_sk
  LEFT JOIN web_returns ON wr_order_number = ws_order_number AND wr_item_sk = ws_item_sk
  WHERE i_category = 'Books'),
years AS (
  SELECT in_year, brand, class, category, maker, sum(number) AS number, sum(amount) AS amount
  FROM moved
  GROUP BY in_year, brand, class, category, maker)
SELECT p.in_year AS before, c.in_year AS since, c.brand, c.class, c.category, c.maker,
  p.number AS number_before, c.number AS number_since, c.number - p.number AS difference,
  c.amount - p.amount AS amount_difference
FROM years c
JOIN years p ON p.brand = c.brand AND p.class = c.class AND p.category = c.category
  AND p.maker = c.maker
WHERE c.in_year = 2002 AND p.in_year = 2001
  AND CAST(c.number AS DOUBLE) / CAST(p.number AS DOUBLE) < 0.9
ORDER BY difference, amount_difference, c.brand, c.class, c.category, c.maker
LIMIT 100
