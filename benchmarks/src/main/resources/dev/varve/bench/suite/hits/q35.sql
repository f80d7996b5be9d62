SELECT 1 AS one, URL, count(*) AS total
FROM hits
GROUP BY one, URL
ORDER BY total DESC, URL
LIMIT 10
