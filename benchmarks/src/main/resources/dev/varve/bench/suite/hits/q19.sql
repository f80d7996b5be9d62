SELECT UserID, extract(MINUTE FROM EventTime) AS m, SearchPhrase, count(*) AS total
FROM hits
GROUP BY UserID, m, SearchPhrase
ORDER BY total DESC, UserID, m, SearchPhrase
LIMIT 10
