SELECT i_item_id, i_item_desc, s_state,
  count(ss_quantity) AS sold, avg(ss_quantity) AS sold_mean, CASE WHEN count(ss_quantity) > 1 THEN stddev_samp(ss_quantity) END AS sold_dev,
  count(sr_return_quantity) AS back, avg(sr_return_quantity) AS back_mean,
  CASE WHEN count(sr_return_quantity) > 1 THEN stddev_samp(sr_return_quantity) END AS back_dev,
  count(cs_quantity) AS again, avg(cs_quantity) AS again_mean, CASE WHEN count(cs_quantity) > 1 THEN stddev_samp(cs_quantity) END AS again_dev
FROM store_sales
JOIN date_dim d1 ON d1.d_date_sk = ss_sold_date_sk
JOIN item ON i_item_sk = ss_item_sk
JOIN store ON s_store_sk = ss_store_sk
JOIN store_returns ON sr_customer_sk = ss_customer_sk AND sr_item_sk = ss_item_sk
  AND sr_ticket_number = ss_ticket_number
JOIN date_dim d2 ON d2.d_date_sk = sr_returned_date_sk
JOIN catalog_sales ON cs_bill_customer_sk = sr_customer_sk AND cs_item_sk = sr_item_sk
JOIN date_dim d3 ON d3.d_date_sk = cs_sold_date_sk
WHERE d1.d_quarter_name = '2001Q1'
  AND d2.d_quarter_name IN ('2001Q1', '2001Q2', '2001Q3')
  AND d3.d_quarter_name IN ('2001Q1', '2001Q2', '2001Q3')
GROUP BY i_item_id, i_item_desc, s_state
ORDER BY i_item_id, i_item_desc, s_state
LIMIT 100
