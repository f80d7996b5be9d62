WITH revenue AS (
  SELECT ss_store_sk AS shop, ss_item_sk AS thing, sum(ss_sales_price) AS total
  FROM store_sales JOIN date_dim ON d_date_sk = ss_sold_date_sk
  WHERE d_month_seq BETWEEN 1176 AND 1187
  GROUP BY ss_store_sk, ss_item_sk)
SELECT s_store_name, i_item_desc, r.total, i_current_price, i_wholesale_cost, i_brand
FROM (SELECT shop, avg(total) AS mean FROM revenue GROUP BY shop) AS means
JOIN revenue r ON r.shop = means.shop
JOIN store ON s_store_sk = r.shop
JOIN item ON i_item_sk = r.thing
WHERE r.total <= 0.1 * means.mean
ORDER BY s_store_name, i_item_desc, r.total, i_current_price, i_wholesale_cost, i_brand
LIMIT 100
