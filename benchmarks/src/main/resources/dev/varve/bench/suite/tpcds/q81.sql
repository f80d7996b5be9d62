WITH refunds AS (
  SELECT cr_returning_customer_sk AS buyer, ca_state AS state, sum(cr_return_amt_inc_tax) AS total
  FROM catalog_returns JOIN date_dim ON d_date_sk = cr_returned_date_sk
  JOIN customer_address ON ca_address_sk = cr_returning_addr_sk
  WHERE d_year = 2000
  GROUP BY cr_returning_customer_sk, ca_state)
SELECT c_customer_id, c_salutation, c_first_name, c_last_name, ca_street_number, ca_street_name,
  ca_street_type, ca_suite_number, ca_city, ca_county, ca_state, ca_zip, ca_country, ca_gmt_offset,
  ca_location_type, r.total
FROM refunds r
JOIN customer ON c_customer_sk = r.buyer
JOIN customer_address ON ca_address_sk = c_current_addr_sk
WHERE ca_state = 'GA'
  AND r.total > (SELECT avg(o.total) * 1.2 FROM refunds o WHERE o.state = r.state)
ORDER BY c_customer_id, c_salutation, c_first_name, c_last_name, ca_street_number, ca_street_name,
  r.total
LIMIT 100
