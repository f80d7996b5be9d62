SELECT c_last_name, c_first_name, c_salutation, c_preferred_cust_flag, ticket, items
FROM (
  SELECT ss_ticket_number AS ticket, ss_customer_sk AS buyer, count(*) AS items
  FROM store_sales
  JOIN date_dim ON d_date_sk = ss_sold_date_sk
  JOIN store ON s_store_sk = ss_store_sk
  JOIN household_demographics ON hd_demo_sk = ss_hdemo_sk
  WHERE d_dom BETWEEN 1 AND 2 AND hd_buy_potential IN ('>10000', 'Unknown')
    AND hd_vehicle_count > 0
    AND CASE WHEN hd_vehicle_count > 0
      THEN CAST(hd_dep_count AS DOUBLE) / CAST(hd_vehicle_count AS DOUBLE) END > 1
    AND d_year IN (1999, 2000, 2001) AND s_county IN ('Williamson County', 'Franklin Parish')
  GROUP BY ss_ticket_number, ss_customer_sk) AS tickets
JOIN customer ON c_customer_sk = buyer
WHERE items BETWEEN 1 AND 5
ORDER BY items DESC, c_last_name, c_first_name, ticket
