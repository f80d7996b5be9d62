SELECT count(*) AS total
FROM hits
WHERE AdvEngineID <> 0
