-- What the launcher runs once to record the classes of a start (see make_cache in ./varve).
CREATE TABLE t (k UInt64, s String, d Date, v Float64) ORDER BY k;
INSERT INTO t SELECT number, toString(number % 7), toDate('2024-01-01') + number % 30, number / 3 FROM numbers(20000);
SELECT s, count(*), sum(v), avg(v), max(d) FROM t WHERE k BETWEEN 10 AND 9000 AND s LIKE '%3%' GROUP BY s ORDER BY 2 DESC LIMIT 5;
SELECT a.s, count(*) FROM t a JOIN t b ON a.k = b.k WHERE b.d > '2024-01-05' GROUP BY ALL HAVING count(*) > 1 ORDER BY 1;
SELECT k, row_number() OVER (PARTITION BY s ORDER BY v) r FROM t QUALIFY r < 3 ORDER BY k LIMIT 10;
SHOW TABLES; DESCRIBE TABLE t; SELECT * FROM system.settings LIMIT 2; EXPLAIN SELECT 1;
SELECT k FROM t WHERE k = 17;
SELECT 1;
