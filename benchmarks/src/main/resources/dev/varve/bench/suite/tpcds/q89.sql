SELECT * FROM (
  SELECT i_category, i_class, i_brand, s_store_name, s_company_name, d_moy,
    sum(ss_sales_price) AS sales,
    avg(sum(ss_sales_price)) OVER (
      PARTITION BY i_category, i_brand, s_store_name, s_company_name) AS mean
  FROM item
  JOIN store_sales ON ss_item_sk = i_item_sk
  JOIN date_dim ON d_date_sk = ss_sold_date_sk
  JOIN store ON s_store_sk = ss_store_sk
  WHERE d_year = 1999
    AND ((i_category IN ('Books', 'Electronics', 'Sports')
        AND i_class IN ('computers', 'stereo', 'football'))
      OR (i_category IN ('Men', 'Jewelry', 'Women')
        AND i_class IN ('shirts', 'birdal', 'dresses')))
  GROUP BY i_category, i_class, i_brand, s_store_name, s_company_name, d_moy) AS months
WHERE mean <> 0
  AND abs(CAST(sales AS DOUBLE) - CAST(mean AS DOUBLE)) / CAST(mean AS DOUBLE) > 0.1
ORDER BY CAST(sales AS DOUBLE) - CAST(mean AS DOUBLE), s_store_name, i_category, i_class, i_brand,
  s_company_name, d_moy
LIMIT 100
