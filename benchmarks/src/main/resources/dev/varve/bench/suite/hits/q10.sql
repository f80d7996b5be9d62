SELECT RegionID, sum(AdvEngineID) AS adv, count(*) AS total, avg(ResolutionWidth) AS width, count(DISTINCT UserID) AS users
FROM hits
GROUP BY RegionID
ORDER BY total DESC, RegionID
LIMIT 10
