SELECT *
FROM (SELECT avg(ss_list_price) AS m1, count(ss_list_price) AS n1,
    count(DISTINCT ss_list_price) AS d1
  FROM store_sales WHERE ss_quantity BETWEEN 0 AND 5
    AND (ss_list_price BETWEEN 8 AND 18 OR ss_coupon_amt BETWEEN 459 AND 1459
      OR ss_wholesale_cost BETWEEN 57 AND 77)) AS b1,
  (SELECT avg(ss_list_price) AS m2, count(ss_list_price) AS n2,
    count(DISTINCT ss_list_price) AS d2
  FROM store_sales WHERE ss_quantity BETWEEN 6 AND 10
    AND (ss_list_price BETWEEN 90 AND 100 OR ss_coupon_amt BETWEEN 2323 AND 3323
      OR ss_wholesale_cost BETWEEN 31 AND 51)) AS b2,
  (SELECT avg(ss_list_price) AS m3, count(ss_list_price) AS n3,
    count(DISTINCT ss_list_price) AS d3
  FROM store_sales WHERE ss_quantity BETWEEN 11 AND 15
    AND (ss_list_price BETWEEN 142 AND 152 OR ss_coupon_amt BETWEEN 12214 AND 13214
      OR ss_wholesale_cost BETWEEN 79 AND 99)) AS b3,
  (SELECT avg(ss_list_price) AS m4, count(ss_list_price) AS n4,
    count(DISTINCT ss_list_price) AS d4
  FROM store_sales WHERE ss_quantity BETWEEN 16 AND 20
    AND (ss_list_price BETWEEN 135 AND 145 OR ss_coupon_amt BETWEEN 6071 AND 7071
      OR ss_wholesale_cost BETWEEN 38 AND 58)) AS b4
