SELECT SearchPhrase, min(URL) AS first_url, min(Title) AS first_title, count(*) AS total, count(DISTINCT UserID) AS users
FROM hits
WHERE Title LIKE '%Google%' AND URL NOT LIKE '%.google.%' AND SearchPhrase <> ''
GROUP BY SearchPhrase
ORDER BY total DESC, SearchPhrase
LIMIT 10
