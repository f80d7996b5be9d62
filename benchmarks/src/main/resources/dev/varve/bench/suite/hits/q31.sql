SELECT SearchEngineID, ClientIP, count(*) AS total, sum(IsRefresh) AS refreshes, avg(ResolutionWidth) AS width
FROM hits
WHERE SearchPhrase <> ''
GROUP BY SearchEngineID, ClientIP
ORDER BY total DESC, SearchEngineID, ClientIP
LIMIT 10
