SELECT CAST(sum(ss_net_profit) AS DOUBLE) / CAST(sum(ss_ext_sales_price) AS DOUBLE) AS margin,
  i_category, i_class, grouping(i_category) + grouping(i_class) AS level,
  rank() OVER (
    PARTITION BY grouping(i_category) + grouping(i_class),
      CASE WHEN grouping(i_class) = 0 THEN i_category END
    ORDER BY CAST(sum(ss_net_profit) AS DOUBLE) / CAST(sum(ss_ext_sales_price) AS DOUBLE)) AS place
FROM store_sales
JOIN date_dim ON d_date_sk = ss_sold_date_sk
JOIN item ON i_item_sk = ss_item_sk
JOIN store ON s_store_sk = ss_store_sk
WHERE d_year = 2001 AND s_state = 'TN'
GROUP BY ROLLUP (i_category, i_class)
ORDER BY level DESC, i_category, place, i_class
LIMIT 100
