WITH spent AS (
  SELECT c_customer_id AS id, c_first_name AS first_name, c_last_name AS last_name,
    d_year AS in_year, 's' AS channel, stddev_samp(ss_net_paid) AS total
  FROM customer JOIN store_sales ON ss_customer_sk = c_customer_sk
  JOIN date_dim ON d_date_sk = ss_sold_date_sk
  WHERE d_year IN (2001, 2002)
  GROUP BY c_customer_id, c_first_name, c_last_name, d_year
  UNION ALL
  SELECT c_customer_id, c_first_name, c_last_name, d_year, 'w', stddev_samp(ws_net_paid)
  FROM customer JOIN web_sales ON ws_bill_customer_sk = c_customer_sk
  JOIN date_dim ON d_date_sk = ws_sold_date_sk
  WHERE d_year IN (2001, 2002)
  GROUP BY c_customer_id, c_first_name, c_last_name, d_year)
SELECT s2.id, s2.first_name, s2.last_name
FROM spent s1
JOIN spent s2 ON s2.id = s1.id
JOIN spent w1 ON w1.id = s1.id
JOIN spent w2 ON w2.id = s1.id
WHERE s1.channel = 's' AND s1.in_year = 2001 AND s1.total > 0
  AND s2.channel = 's' AND s2.in_year = 2002
  AND w1.channel = 'w' AND w1.in_year = 2001 AND w1.total > 0
  AND w2.channel = 'w' AND w2.in_year = 2002
  AND w2.total / w1.total > s2.total / s1.total
ORDER BY s2.first_name, s2.id, s2.last_name
LIMIT 100
