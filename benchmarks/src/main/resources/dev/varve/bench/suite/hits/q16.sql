SELECT UserID, count(*) AS total
FROM hits
GROUP BY UserID
ORDER BY total DESC, UserID
LIMIT 10
