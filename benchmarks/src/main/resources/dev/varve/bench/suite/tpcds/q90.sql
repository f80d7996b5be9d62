SELECT CAST(mornings AS DOUBLE) / CAST(evenings AS DOUBLE) AS ratio
FROM (
  SELECT count(*) AS mornings
  FROM web_sales
  JOIN household_demographics ON hd_demo_sk = ws_ship_hdemo_sk
  JOIN time_dim ON t_time_sk = ws_sold_time_sk
  JOIN web_page ON wp_web_page_sk = ws_web_page_sk
  WHERE t_hour BETWEEN 8 AND 9 AND hd_dep_count = 6 AND wp_char_count BETWEEN 5000 AND 5200) AS am,
  (SELECT count(*) AS evenings
  FROM web_sales
  JOIN household_demographics ON hd_demo_sk = ws_ship_hdemo_sk
  JOIN time_dim ON t_time_sk = ws_sold_time_sk
  JOIN web_page ON wp_web_page_sk = ws_web_page_sk
  WHERE t_hour BETWEEN 19 AND 20 AND hd_dep_count = 6 AND wp_char_count BETWEEN 5000 AND 5200) AS pm
