WITH web AS (
  SELECT ws_item_sk AS thing, d_date AS on_day,
    sum(sum(ws_sales_price)) OVER (PARTITION BY ws_item_sk ORDER BY d_date
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS so_far
  FROM web_sales JOIN date_dim ON d_date_sk = ws_sold_date_sk
  WHERE d_month_seq BETWEEN 1200 AND 1211 AND ws_item_sk IS NOT NULL
  GROUP BY ws_item_sk, d_date),
shop AS (
  SELECT ss_item_sk AS thing, d_date AS on_day,
    sum(sum(ss_sales_price)) OVER (PARTITION BY ss_item_sk ORDER BY d_date
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS so_far
  FROM store_sales JOIN date_dim ON d_date_sk = ss_sold_date_sk
  WHERE d_month_seq BETWEEN 1200 AND 1211 AND ss_item_sk IS NOT NULL
  GROUP BY ss_item_sk, d_date)
SELECT thing, on_day, web_sales, shop_sales, web_most, shop_most
FROM (
  SELECT thing, on_day, web_sales, shop_sales,
    max(web_sales) OVER (PARTITION BY thing ORDER BY on_day
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS web_most,
    max(shop_sales) OVER (PARTITION BY thing ORDER BY on_day
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS shop_most
  FROM (
    SELECT coalesce(w.thing, s.thing) AS thing, coalesce(w.on_day, s.on_day) AS on_day,
      w.so_far AS web_sales, s.so_far AS shop_sales
    FROM web w FULL JOIN shop s ON s.thing = w.thing AND s.on_day = w.on_day) AS days) AS totals
WHERE web_most > shop_most
ORDER BY thing, on_day
LIMIT 100
