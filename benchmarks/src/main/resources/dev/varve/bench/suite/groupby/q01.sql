SELECT count(*) AS keys, sum(total) AS total, max(amount) AS largest
FROM (SELECT number, count(*) AS total, sum(amount) AS amount FROM events GROUP BY number) AS g
