WITH weeks AS (
  SELECT d_week_seq AS week, ss_store_sk AS shop,
    sum(CASE WHEN d_day_name = 'Sunday' THEN ss_sales_price END) AS sun,
    sum(CASE WHEN d_day_name = 'Monday' THEN ss_sales_price END) AS mon,
    sum(CASE WHEN d_day_name = 'Wednesday' THEN ss_sales_price END) AS wed,
    sum(CASE WHEN d_day_name = 'Friday' THEN ss_sales_price END) AS fri,
    sum(CASE WHEN d_day_name = 'Saturday' THEN ss_sales_price END) AS sat
  FROM store_sales JOIN date_dim ON d_date_sk = ss_sold_date_sk
  GROUP BY d_week_seq, ss_store_sk),
year1 AS (
  SELECT s_store_name AS name, s_store_id AS id, weeks.*
  FROM weeks JOIN store ON s_store_sk = shop
  WHERE week IN (SELECT d_week_seq FROM date_dim WHERE d_month_seq BETWEEN 1212 AND 1223)),
year2 AS (
  SELECT s_store_id AS id, weeks.*
  FROM weeks JOIN store ON s_store_sk = shop
  WHERE week IN (SELECT d_week_seq FROM date_dim WHERE d_month_seq BETWEEN 1224 AND 1235))
SELECT a.name, a.id, a.week,
  CAST(a.sun AS DOUBLE) / CAST(b.sun AS DOUBLE) AS sun,
  CAST(a.mon AS DOUBLE) / CAST(b.mon AS DOUBLE) AS mon,
  CAST(a.wed AS DOUBLE) / CAST(b.wed AS DOUBLE) AS wed,
  CAST(a.fri AS DOUBLE) / CAST(b.fri AS DOUBLE) AS fri,
  CAST(a.sat AS DOUBLE) / CAST(b.sat AS DOUBLE) AS sat
FROM year1 a JOIN year2 b ON b.id = a.id AND b.week = a.week + 52
ORDER BY a.name, a.id, a.week, sun, mon
LIMIT 100
