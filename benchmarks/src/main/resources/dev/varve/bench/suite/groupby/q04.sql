SELECT visitor, count(*) AS total, sum(amount) AS spent
FROM events
GROUP BY visitor
ORDER BY spent DESC, visitor
LIMIT 10
