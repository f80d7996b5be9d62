WITH wanted AS (
  SELECT t_hour AS at_hour, t_minute AS at_minute
  FROM store_sales
  JOIN household_demographics ON hd_demo_sk = ss_hdemo_sk
  JOIN time_dim ON t_time_sk = ss_sold_time_sk
  JOIN store ON s_store_sk = ss_store_sk
  WHERE s_store_name = 'ese'
    AND ((hd_dep_count = 4 AND hd_vehicle_count <= 6) OR (hd_dep_count = 2 AND hd_vehicle_count <= 4)
      OR (hd_dep_count = 0 AND hd_vehicle_count <= 2)))
SELECT *
FROM (SELECT count(*) AS h0830 FROM wanted WHERE at_hour = 8 AND at_minute >= 30) AS s1,
  (SELECT count(*) AS h0900 FROM wanted WHERE at_hour = 9 AND at_minute < 30) AS s2,
  (SELECT count(*) AS h0930 FROM wanted WHERE at_hour = 9 AND at_minute >= 30) AS s3,
  (SELECT count(*) AS h1000 FROM wanted WHERE at_hour = 10 AND at_minute < 30) AS s4,
  (SELECT count(*) AS h1030 FROM wanted WHERE at_hour = 10 AND at_minute >= 30) AS s5,
  (SELECT count(*) AS h1100 FROM wanted WHERE at_hour = 11 AND at_minute < 30) AS s6,
  (SELECT count(*) AS h1130 FROM wanted WHERE at_hour = 11 AND at_minute >= 30) AS s7,
  (SELECT count(*) AS h1200 FROM wanted WHERE at_hour = 12 AND at_minute < 30) AS s8
