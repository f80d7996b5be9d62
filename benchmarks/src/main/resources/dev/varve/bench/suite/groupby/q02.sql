SELECT count(*) AS keys, sum(total) AS total, max(amount) AS largest
FROM (SELECT visitor, count(*) AS total, sum(amount) AS amount FROM events GROUP BY visitor) AS g
