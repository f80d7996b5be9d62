WITH refunds AS (
  SELECT sr_customer_sk AS buyer, sr_store_sk AS shop, sum(sr_return_amt) AS total
  FROM store_returns JOIN date_dim ON d_date_sk = sr_returned_date_sk
  WHERE d_year = 2000
  GROUP BY sr_customer_sk, sr_store_sk)
SELECT c_customer_id
FROM refunds r
JOIN store ON s_store_sk = r.shop
JOIN customer ON c_customer_sk = r.buyer
WHERE s_state = 'TN'
  AND r.total > (SELECT avg(o.total) * 1.2 FROM refunds o WHERE o.shop = r.shop)
ORDER BY c_customer_id
LIMIT 100
