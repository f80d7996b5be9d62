SELECT regexp_replace(Referer, '^https?://(?:www\.)?([^/]+)/.*$', '\1') AS host, avg(strlen(Referer)) AS referer_bytes, count(*) AS total, min(Referer) AS sample
FROM hits
WHERE Referer <> ''
GROUP BY host
HAVING count(*) > {heavy}
ORDER BY referer_bytes DESC, host
LIMIT 25
