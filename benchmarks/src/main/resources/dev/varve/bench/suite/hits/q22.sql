SELECT SearchPhrase, min(URL) AS first_url, count(*) AS total
FROM hits
WHERE URL LIKE '%google%' AND SearchPhrase <> ''
GROUP BY SearchPhrase
ORDER BY total DESC, SearchPhrase
LIMIT 10
