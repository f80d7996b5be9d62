SELECT c_last_name, c_first_name, substring(city, 1, 30) AS city, ticket, coupon, profit
FROM (
  SELECT ss_ticket_number AS ticket, ss_customer_sk AS buyer, s_city AS city,
    sum(ss_coupon_amt) AS coupon, sum(ss_net_profit) AS profit
  FROM store_sales
  JOIN date_dim ON d_date_sk = ss_sold_date_sk
  JOIN store ON s_store_sk = ss_store_sk
  JOIN household_demographics ON hd_demo_sk = ss_hdemo_sk
  WHERE (hd_dep_count = 6 OR hd_vehicle_count > 2) AND d_dow = 1
    AND d_year IN (1999, 2000, 2001) AND s_number_employees BETWEEN 200 AND 295
  GROUP BY ss_ticket_number, ss_customer_sk, ss_addr_sk, s_city) AS trips
JOIN customer ON c_customer_sk = buyer
ORDER BY c_last_name, c_first_name, city, profit, ticket, coupon
LIMIT 100
