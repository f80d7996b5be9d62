WITH shop AS (
  SELECT ss_customer_sk AS buyer, ss_item_sk AS thing
  FROM store_sales JOIN date_dim ON d_date_sk = ss_sold_date_sk
  WHERE d_month_seq BETWEEN 1200 AND 1211
  GROUP BY ss_customer_sk, ss_item_sk),
catalog AS (
  SELECT cs_bill_customer_sk AS buyer, cs_item_sk AS thing
  FROM catalog_sales JOIN date_dim ON d_date_sk = cs_sold_date_sk
  WHERE d_month_seq BETWEEN 1200 AND 1211
  GROUP BY cs_bill_customer_sk, cs_item_sk)
SELECT
  sum(CASE WHEN s.buyer IS NOT NULL AND c.buyer IS NULL THEN 1 ELSE 0 END) AS only_store,
  sum(CASE WHEN s.buyer IS NULL AND c.buyer IS NOT NULL THEN 1 ELSE 0 END) AS only_catalog,
  sum(CASE WHEN s.buyer IS NOT NULL AND c.buyer IS NOT NULL THEN 1 ELSE 0 END) AS in_both
FROM shop s FULL JOIN catalog c ON c.buyer = s.buyer AND c.thing = s.thing
