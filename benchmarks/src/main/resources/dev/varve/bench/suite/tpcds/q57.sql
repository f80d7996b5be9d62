WITH months AS (
  SELECT i_category, i_brand, cc_name, d_year, d_moy, sum(cs_sales_price) AS sales,
    avg(sum(cs_sales_price)) OVER (PARTITION BY i_category, i_brand, cc_name, d_year) AS mean,
    rank() OVER (PARTITION BY i_category, i_brand, cc_name ORDER BY d_year, d_moy) AS place
  FROM item
  JOIN catalog_sales ON cs_item_sk = i_item_sk
  JOIN date_dim ON d_date_sk = cs_sold_date_sk
  JOIN call_center ON cc_call_center_sk = cs_call_center_sk
  WHERE d_year = 1999 OR (d_year = 1998 AND d_moy = 12) OR (d_year = 2000 AND d_moy = 1)
  GROUP BY i_category, i_brand, cc_name, d_year, d_moy)
SELECT m.i_category, m.i_brand, m.cc_name, m.d_year, m.d_moy, m.mean, m.sales, p.sales AS before,
  n.sales AS next
FROM months m
JOIN months p ON p.i_category = m.i_category AND p.i_brand = m.i_brand AND p.cc_name = m.cc_name
  AND p.place = m.place - 1
JOIN months n ON n.i_category = m.i_category AND n.i_brand = m.i_brand AND n.cc_name = m.cc_name
  AND n.place = m.place + 1
WHERE m.d_year = 1999 AND m.mean > 0
  AND abs(CAST(m.sales AS DOUBLE) - CAST(m.mean AS DOUBLE)) / CAST(m.mean AS DOUBLE) > 0.1
ORDER BY CAST(m.sales AS DOUBLE) - CAST(m.mean AS DOUBLE), m.cc_name, m.i_category, m.i_brand,
  m.d_moy
LIMIT 100
