SELECT SearchPhrase, count(*) AS total
FROM hits
WHERE SearchPhrase <> ''
GROUP BY SearchPhrase
ORDER BY total DESC, SearchPhrase
LIMIT 10
