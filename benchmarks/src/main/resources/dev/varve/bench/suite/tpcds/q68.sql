SELECT c_last_name, c_first_name, h.ca_city AS home, bought, ticket, price, tax, listed
FROM (
  SELECT ss_ticket_number AS ticket, ss_customer_sk AS buyer, ca_city AS bought,
    sum(ss_ext_sales_price) AS price, sum(ss_ext_list_price) AS listed, sum(ss_ext_tax) AS tax
  FROM store_sales
  JOIN date_dim ON d_date_sk = ss_sold_date_sk
  JOIN store ON s_store_sk = ss_store_sk
  JOIN household_demographics ON hd_demo_sk = ss_hdemo_sk
  JOIN customer_address ON ca_address_sk = ss_addr_sk
  WHERE d_dom BETWEEN 1 AND 2 AND (hd_dep_count = 4 OR hd_vehicle_count = 3)
    AND d_year IN (1999, 2000, 2001) AND s_city IN ('Midway', 'Fairview')
  GROUP BY ss_ticket_number, ss_customer_sk, ss_addr_sk, ca_city) AS trips
JOIN customer ON c_customer_sk = buyer
JOIN customer_address h ON h.ca_address_sk = c_current_addr_sk
WHERE h.ca_city <> bought
ORDER BY c_last_name, ticket, c_first_name, home, bought, price
LIMIT 100
