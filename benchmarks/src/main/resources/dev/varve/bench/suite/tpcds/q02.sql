WITH sold AS (
  SELECT ws_sold_date_sk AS day_sk, ws_ext_sales_price AS price FROM web_sales
  UNION ALL
  SELECT cs_sold_date_sk, cs_ext_sales_price FROM catalog_sales),
weeks AS (
  SELECT d_week_seq AS week,
    sum(CASE WHEN d_day_name = 'Sunday' THEN price END) AS sun,
    sum(CASE WHEN d_day_name = 'Monday' THEN price END) AS mon,
    sum(CASE WHEN d_day_name = 'Tuesday' THEN price END) AS tue,
    sum(CASE WHEN d_day_name = 'Wednesday' THEN price END) AS wed,
    sum(CASE WHEN d_day_name = 'Thursday' THEN price END) AS thu,
    sum(CASE WHEN d_day_name = 'Friday' THEN price END) AS fri,
    sum(CASE WHEN d_day_name = 'Saturday' THEN price END) AS sat
  FROM sold JOIN date_dim ON d_date_sk = day_sk
  GROUP BY d_week_seq),
years AS (
  SELECT DISTINCT d_week_seq AS week, d_year AS in_year FROM date_dim WHERE d_year IN (2001, 2002))
SELECT a.week,
  CAST(a.sun AS DOUBLE) / CAST(b.sun AS DOUBLE) AS sun,
  CAST(a.mon AS DOUBLE) / CAST(b.mon AS DOUBLE) AS mon,
  CAST(a.tue AS DOUBLE) / CAST(b.tue AS DOUBLE) AS tue,
  CAST(a.wed AS DOUBLE) / CAST(b.wed AS DOUBLE) AS wed,
  CAST(a.thu AS DOUBLE) / CAST(b.thu AS DOUBLE) AS thu,
  CAST(a.fri AS DOUBLE) / CAST(b.fri AS DOUBLE) AS fri,
  CAST(a.sat AS DOUBLE) / CAST(b.sat AS DOUBLE) AS sat
FROM weeks a
JOIN years ya ON ya.week = a.week AND ya.in_year = 2001
JOIN weeks b ON b.week = a.week + 53
JOIN years yb ON yb.week = b.week AND yb.in_year = 2002
ORDER BY a.week
