WITH ranked AS (
  SELECT thing, rank() OVER (ORDER BY mean) AS up, rank() OVER (ORDER BY mean DESC) AS down
  FROM (
    SELECT ss_item_sk AS thing, avg(ss_net_profit) AS mean
    FROM store_sales
    WHERE ss_store_sk = 4
    GROUP BY ss_item_sk
    HAVING avg(ss_net_profit) > 0.9 * (
      SELECT avg(ss_net_profit) FROM store_sales
      WHERE ss_store_sk = 4 AND ss_addr_sk IS NULL)) AS means)
SELECT a.up AS place, i1.i_product_name AS best, i2.i_product_name AS worst
FROM ranked a
JOIN ranked b ON b.down = a.up
JOIN item i1 ON i1.i_item_sk = a.thing
JOIN item i2 ON i2.i_item_sk = b.thing
WHERE a.up < 11
ORDER BY place, best, worst
