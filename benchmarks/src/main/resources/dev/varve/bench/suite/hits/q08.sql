SELECT AdvEngineID, count(*) AS total
FROM hits
WHERE AdvEngineID <> 0
GROUP BY AdvEngineID
ORDER BY total DESC, AdvEngineID
