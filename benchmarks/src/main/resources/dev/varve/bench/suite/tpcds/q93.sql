SELECT buyer, sum(sales) AS sales
FROM (
  SELECT ss_customer_sk AS buyer,
    CASE WHEN sr_return_quantity IS NOT NULL
      THEN (ss_quantity - sr_return_quantity) * ss_sales_price
      ELSE ss_quantity * ss_sales_price END AS sales
  FROM store_sales
  LEFT JOIN store_returns ON sr_item_sk = ss_item_sk AND sr_ticket_number = ss_ticket_number
  JOIN reason ON r_reason_sk = sr_reason_sk
  WHERE r_reason_desc = 'reason 28') AS kept
GROUP BY buyer
ORDER BY sales, buyer
LIMIT 100
