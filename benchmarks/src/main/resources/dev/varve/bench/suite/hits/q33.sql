SELECT WatchID, ClientIP, count(*) AS total, sum(IsRefresh) AS refreshes, avg(ResolutionWidth) AS width
FROM hits
GROUP BY WatchID, ClientIP
ORDER BY total DESC, WatchID, ClientIP
LIMIT 10
