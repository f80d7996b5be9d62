WITH wanted AS (SELECT i_manufact_id AS maker FROM item WHERE i_category = 'Electronics'),
sold AS (
  SELECT i_manufact_id AS maker, sum(ss_ext_sales_price) AS sales
  FROM store_sales JOIN date_dim ON d_date_sk = ss_sold_date_sk
  JOIN customer_address ON ca_address_sk = ss_addr_sk JOIN item ON i_item_sk = ss_item_sk
  WHERE i_manufact_id IN (SELECT maker FROM wanted)
    AND d_year = 1998 AND d_moy = 5 AND ca_gmt_offset = -5
  GROUP BY i_manufact_id
  UNION ALL
  SELECT i_manufact_id, sum(cs_ext_sales_price)
  FROM catalog_sales JOIN date_dim ON d_date_sk = cs_sold_date_sk
  JOIN customer_address ON ca_address_sk = cs_bill_addr_sk JOIN item ON i_item_sk = cs_item_sk
  WHERE i_manufact_id IN (SELECT maker FROM wanted)
    AND d_year = 1998 AND d_moy = 5 AND ca_gmt_offset = -5
  GROUP BY i_manufact_id
  UNION ALL
  SELECT i_manufact_id, sum(ws_ext_sales_price)
  FROM web_sales JOIN date_dim ON d_date_sk = ws_sold_date_sk
  JOIN customer_address ON ca_address_sk = ws_bill_addr_sk JOIN item ON i_item_sk = ws_item_sk
  WHERE i_manufact_id IN (SELECT maker FROM wanted)
    AND d_year = 1998 AND d_moy = 5 AND ca_gmt_offset = -5
  GROUP BY i_manufact_id)
SELECT maker, sum(sales) AS sales FROM sold GROUP BY maker ORDER BY sales, maker LIMIT 100
