WITH refunds AS (
  SELECT wr_returning_customer_sk AS buyer, ca_state AS state, sum(wr_return_amt) AS total
  FROM web_returns JOIN date_dim ON d_date_sk = wr_returned_date_sk
  JOIN customer_address ON ca_address_sk = wr_returning_addr_sk
  WHERE d_year = 2002
  GROUP BY wr_returning_customer_sk, ca_state)
SELECT c_customer_id, c_salutation, c_first_name, c_last_name, c_preferred_cust_flag, c_birth_day,
  c_birth_month, c_birth_year, c_birth_country, c_login, c_email_address, r.total
FROM refunds r
JOIN customer ON c_customer_sk = r.buyer
JOIN customer_address ON ca_address_sk = c_current_addr_sk
WHERE ca_state = 'GA'
  AND r.total > (SELECT avg(o.total) * 1.2 FROM refunds o WHERE o.state = r.state)
ORDER BY c_customer_id, c_salutation, c_first_name, c_last_name, c_preferred_cust_flag,
  c_birth_day, c_birth_month, c_birth_year, c_birth_country, c_login, c_email_address, r.total
LIMIT 100
