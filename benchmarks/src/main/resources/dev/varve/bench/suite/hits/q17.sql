SELECT UserID, SearchPhrase, count(*) AS total
FROM hits
GROUP BY UserID, SearchPhrase
ORDER BY total DESC, UserID, SearchPhrase
LIMIT 10
