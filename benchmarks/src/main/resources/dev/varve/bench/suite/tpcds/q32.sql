SELECT sum(s.cs_ext_discount_amt) AS excess
FROM catalog_sales s
JOIN item ON i_item_sk = s.cs_item_sk
JOIN date_dim ON d_date_sk = s.cs_sold_date_sk
WHERE i_manufact_id = 977 AND d_date BETWEEN DATE '2000-01-27' AND DATE '2000-04-26'
  AND s.cs_ext_discount_amt > (
    SELECT 1.3 * avg(o.cs_ext_discount_amt)
    FROM catalog_sales o JOIN date_dim ON d_date_sk = o.cs_sold_date_sk
    WHERE o.cs_item_sk = i_item_sk AND d_date BETWEEN DATE '2000-01-27' AND DATE '2000-04-26')
