WITH refunded AS (
  SELECT cs_item_sk AS thing
  FROM catalog_sales
  JOIN catalog_returns ON cr_item_sk = cs_item_sk AND cr_order_number = cs_order_number
  GROUP BY cs_item_sk
  HAVING sum(cs_ext_list_price) > 2 * sum(cr_refunded_cash + cr_reversed_charge + cr_store_credit)),
crossed AS (
  SELECT i_product_name AS product, i_item_sk AS thing, s_store_name AS shop, s_zip AS zip,
    a1.ca_city AS city1, a1.ca_zip AS zip1, a2.ca_city AS city2, a2.ca_zip AS zip2,
    d1.d_year AS sold, d2.d_year AS first_sold, d3.d_year AS first_shipped, count(*) AS number,
    sum(ss_wholesale_cost) AS cost, sum(ss_list_price) AS listed, sum(ss_coupon_amt) AS coupon
  FROM store_sales
  JOIN store_returns ON sr_item_sk = ss_item_sk AND sr_ticket_number = ss_ticket_number
  JOIN refunded ON thing = ss_item_sk
  JOIN date_dim d1 ON d1.d_date_sk = ss_sold_date_sk
  JOIN store ON s_store_sk = ss_store_sk
  JOIN customer ON c_customer_sk = ss_customer_sk
  JOIN customer_demographics cd1 ON cd1.cd_demo_sk = ss_cdemo_sk
  JOIN household_demographics hd1 ON hd1.hd_demo_sk = ss_hdemo_sk
  JOIN customer_address a1 ON a1.ca_address_sk = ss_addr_sk
  JOIN item ON i_item_sk = ss_item_sk
  JOIN customer_demographics cd2 ON cd2.cd_demo_sk = c_current_cdemo_sk
  JOIN household_demographics hd2 ON hd2.hd_demo_sk = c_current_hdemo_sk
  JOIN customer_address a2 ON a2.ca_address_sk = c_current_addr_sk
  JOIN date_dim d2 ON d2.d_date_sk = c_first_sales_date_sk
  JOIN date_dim d3 ON d3.d_date_sk = c_first_shipto_date_sk
  JOIN promotion ON p_promo_sk = ss_promo_sk
  JOIN income_band b1 ON b1.ib_income_band_sk = hd1.hd_income_band_sk
  JOIN income_band b2 ON b2.ib_income_band_sk = hd2.hd_income_band_sk
  WHERE cd1.cd_marital_status <> cd2.cd_marital_status
    AND i_color IN ('purple', 'burlywood', 'indian', 'spring', 'floral', 'medium')
    AND i_current_price BETWEEN 64 AND 79
  GROUP BY i_product_name, i_item_sk, s_store_name, s_zip, a1.ca_city, a1.ca_zip, a2.ca_city,
    a2.ca_zip, d1.d_year, d2.d_year, d3.d_year)
SELECT x.product, x.shop, x.zip, x.city1, x.zip1, x.city2, x.zip2, x.sold, x.number, x.cost,
  x.listed, x.coupon, y.cost AS cost2, y.listed AS listed2, y.coupon AS coupon2, y.sold AS sold2,
  y.number AS number2
FROM crossed x
JOIN crossed y ON y.thing = x.thing AND y.shop = x.shop AND y.zip = x.zip
WHERE x.sold = 1999 AND y.sold = 2000 AND y.number <= x.number
ORDER BY x.product, x.shop, number2, x.cost, cost2, x.zip1, x.zip2, x.listed, listed2
