SELECT CounterID, avg(strlen(URL)) AS url_bytes, count(*) AS total
FROM hits
WHERE URL <> ''
GROUP BY CounterID
HAVING count(*) > {heavy}
ORDER BY url_bytes DESC, CounterID
LIMIT 25
