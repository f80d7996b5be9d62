SELECT sum(s.ws_ext_discount_amt) AS excess
FROM web_sales s
JOIN item ON i_item_sk = s.ws_item_sk
JOIN date_dim ON d_date_sk = s.ws_sold_date_sk
WHERE i_manufact_id = 350 AND d_date BETWEEN DATE '2000-01-27' AND DATE '2000-04-26'
  AND s.ws_ext_discount_amt > (
    SELECT 1.3 * avg(o.ws_ext_discount_amt)
    FROM web_sales o JOIN date_dim ON d_date_sk = o.ws_sold_date_sk
    WHERE o.ws_item_sk = i_item_sk AND d_date BETWEEN DATE '2000-01-27' AND DATE '2000-04-26')
