SELECT count(*) AS pairs, sum(total) AS total, max(total) AS largest
FROM (SELECT UserID, SearchPhrase, count(*) AS total FROM hits GROUP BY UserID, SearchPhrase) AS g
