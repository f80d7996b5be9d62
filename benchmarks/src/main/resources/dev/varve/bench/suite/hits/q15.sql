SELECT SearchEngineID, SearchPhrase, count(*) AS total
FROM hits
WHERE SearchPhrase <> ''
GROUP BY SearchEngineID, SearchPhrase
ORDER BY total DESC, SearchEngineID, SearchPhrase
LIMIT 10
