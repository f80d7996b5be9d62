SELECT WatchID, ClientIP, count(*) AS total, sum(IsRefresh) AS refreshes, avg(ResolutionWidth) AS width
FROM hits
WHERE SearchPhrase <> ''
GROUP BY WatchID, ClientIP
ORDER BY total DESC, WatchID, ClientIP
LIMIT 10
