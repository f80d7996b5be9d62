WITH zips AS (
  SELECT substring(ca_zip, 1, 5) AS zip FROM customer_address
  WHERE substring(ca_zip, 1, 2) IN ('24', '35', '28', '30', '19', '57', '60', '68', '31', '69')
  INTERSECT
  SELECT zip FROM (
    SELECT substring(ca_zip, 1, 5) AS zip, count(*) AS people
    FROM customer_address JOIN customer ON c_current_addr_sk = ca_address_sk
    WHERE c_preferred_cust_flag = 'Y'
    GROUP BY substring(ca_zip, 1, 5)
    HAVING count(*) > 2) AS crowded)
SELECT s_store_name, sum(ss_net_profit) AS profit
FROM store_sales
JOIN date_dim ON d_date_sk = ss_sold_date_sk
JOIN store ON s_store_sk = ss_store_sk
JOIN (SELECT DISTINCT substring(zip, 1, 2) AS start FROM zips) AS near
  ON near.start = substring(s_zip, 1, 2)
WHERE d_qoy = 2 AND d_year = 1998
GROUP BY s_store_name
ORDER BY s_store_name
LIMIT 100
