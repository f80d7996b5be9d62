SELECT ca_state AS state, count(*) AS buys
FROM customer_address
JOIN customer ON c_current_addr_sk = ca_address_sk
JOIN store_sales ON ss_customer_sk = c_customer_sk
JOIN date_dim ON d_date_sk = ss_sold_date_sk
JOIN item i ON i.i_item_sk = ss_item_sk
WHERE d_month_seq = (SELECT DISTINCT d_month_seq FROM date_dim WHERE d_year = 2001 AND d_moy = 1)
  AND i.i_current_price > 1.2 * (
    SELECT avg(o.i_current_price) FROM item o WHERE o.i_category = i.i_category)
GROUP BY ca_state
HAVING count(*) >= 10
ORDER BY buys, state
LIMIT 100
