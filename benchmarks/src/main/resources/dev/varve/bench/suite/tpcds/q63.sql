SELECT * FROM (
  SELECT i_manager_id, sum(ss_sales_price) AS sales,
    avg(sum(ss_sales_price)) OVER (PARTITION BY i_manager_id) AS mean
  FROM item
  JOIN store_sales ON ss_item_sk = i_item_sk
  JOIN date_dim ON d_date_sk = ss_sold_date_sk
  JOIN store ON s_store_sk = ss_store_sk
  WHERE d_month_seq BETWEEN 1200 AND 1211
    AND ((i_category IN ('Books', 'Children', 'Electronics')
        AND i_class IN ('personal', 'portable', 'reference', 'self-help'))
      OR (i_category IN ('Women', 'Music', 'Men')
        AND i_class IN ('accessories', 'classical', 'fragrances', 'pants')))
  GROUP BY i_manager_id, d_moy) AS months
WHERE mean > 0
  AND abs(CAST(sales AS DOUBLE) - CAST(mean AS DOUBLE)) / CAST(mean AS DOUBLE) > 0.1
ORDER BY i_manager_id, mean, sales
LIMIT 100
