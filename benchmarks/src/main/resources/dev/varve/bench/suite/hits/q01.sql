SELECT count(*) AS total
FROM hits
