SELECT number, count(*) AS total, sum(amount) AS spent
FROM events
GROUP BY number
ORDER BY spent DESC, number
LIMIT 10
