SELECT c_last_name, c_first_name, h.ca_city AS home, bought, ticket, coupon, profit
FROM (
  SELECT ss_ticket_number AS ticket, ss_customer_sk AS buyer, ca_city AS bought,
    sum(ss_coupon_amt) AS coupon, sum(ss_net_profit) AS profit
  FROM store_sales
  JOIN date_dim ON d_date_sk = ss_sold_date_sk
  JOIN store ON s_store_sk = ss_store_sk
  JOIN household_demographics ON hd_demo_sk = ss_hdemo_sk
  JOIN customer_address ON ca_address_sk = ss_addr_sk
  WHERE (hd_dep_count = 4 OR hd_vehicle_count = 3) AND d_dow IN (6, 0)
    AND d_year IN (1999, 2000, 2001) AND s_city IN ('Fairview', 'Midway')
  GROUP BY ss_ticket_number, ss_customer_sk, ss_addr_sk, ca_city) AS trips
JOIN customer ON c_customer_sk = buyer
JOIN customer_address h ON h.ca_address_sk = c_current_addr_sk
WHERE h.ca_city <> bought
ORDER BY c_last_name, c_first_name, home, bought, ticket, coupon, profit
LIMIT 100
