SELECT count(*) AS total
FROM hits
WHERE URL LIKE '%google%'
