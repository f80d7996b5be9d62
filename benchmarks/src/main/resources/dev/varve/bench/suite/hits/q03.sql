SELECT sum(AdvEngineID) AS adv, count(*) AS total, avg(ResolutionWidth) AS width
FROM hits
