-- One statement a line; those behind FIRST make what the others ask.
FIRST CREATE DATABASE shop
FIRST CREATE TABLE shop.orders (id UInt64, customer String, amount Decimal(10, 2), day Date, at DateTime, paid Bool, tags Array(String), attrs Map(String, Int32), note Nullable(String)) ORDER BY id
FIRST CREATE TABLE shop.customers (name String, country LowCardinality(String), since Date, id UInt64) ORDER BY name
-- Names.
SELECT amuont FROM shop.orders
SELECT Amounts FROM shop.orders
SELECT o.amuont FROM shop.orders AS o
SELECT orders.costumer FROM shop.orders
SELECT x.amount FROM shop.orders AS o
SELECT amount FROM shop.order
SELECT amount FROM orders
SELECT amount FROM shopp.orders
SELECT summ(amount) FROM shop.orders
SELECT toYeer(day) FROM shop.orders
SELECT quantille(0.5)(amount) FROM shop.orders
SELECT * FROM numberz(3)
SELECT * FROM read_parket('x')
SELECT * FROM file('/nowhere/x.parquet')
SELECT CAST(id AS Strng) FROM shop.orders
SELECT id::Int33 FROM shop.orders
SELECT x.* FROM shop.orders AS o
SELECT id FROM shop.orders ORDER BY amuont
SELECT id FROM shop.orders WHERE amuont > 1
SELECT id FROM shop.orders GROUP BY amuont
SELECT sum(amount) OVER w FROM shop.orders WINDOW v AS (ORDER BY id)
SELECT 1 SETTINGS max_thread = 2
SET max_memory_usages = 1
USE shopping
SHOW CREATE TABLE shop.oders
DESCRIBE shop.oders
DROP TABLE shop.oders
TRUNCATE TABLE shop.oders
INSERT INTO shop.oders VALUES (1)
INSERT INTO shop.orders (idd) VALUES (1)
CREATE TABLE shop.t (a Int3) ORDER BY a
CREATE TABLE shop.t (a Int32) ENGINE = MergTree ORDER BY a
CREATE TABLE shop.t (a Int32) ORDER BY b
CREATE TABLE shop.t (a Int32 CODEC(Dleta)) ORDER BY a
CREATE TABLE nowhere.t (a Int32) ORDER BY a
ALTER TABLE shop.orders DROP COLUMN amuont
ALTER TABLE shop.orders MODIFY COLUMN amuont Int32
ALTER TABLE shop.orders RENAME COLUMN amuont TO a
DELETE FROM shop.orders WHERE amuont = 1
UPDATE shop.orders SET amuont = 1 WHERE id = 1
OPTIMIZE TABLE shop.oders
-- Syntax.
SELEC 1
SELECT
SELECT FROM shop.orders
SELECT id amount day FROM shop.orders
SELECT id, FROM shop.orders
SELECT id FORM shop.orders
SELECT id FROM shop.orders WHER id = 1
SELECT id FROM shop.orders WHERE
SELECT id FROM shop.orders WHERE id =
SELECT id FROM shop.orders WHERE id == = 1
SELECT id FROM shop.orders GROUP id
SELECT id FROM shop.orders ORDER id
SELECT id FROM shop.orders LIMIT
SELECT id FROM shop.orders LIMIT x
SELECT (1 + 2
SELECT 1 + 2)
SELECT [1, 2
SELECT 'abc
SELECT "abc
SELECT `abc
SELECT /* never ends
SELECT 1 +
SELECT * * 2
SELECT sum(amount FROM shop.orders
SELECT CASE WHEN id = 1 THEN 2 FROM shop.orders
SELECT CASE id END
SELECT id IN FROM shop.orders
SELECT id BETWEEN 1 FROM shop.orders
SELECT id FROM shop.orders JOIN
SELECT id FROM (SELECT 1
SELECT 1 UNION
SELECT 1 UNION ALL ORDER BY 1
WITH x AS SELECT 1 SELECT * FROM x
INSERT shop.orders VALUES (1)
CREATE TABLE
CREATE TABLE shop.t
CREATE TABLE shop.t (a)
CREATE TABLE shop.t (a Int32
CREATE TABLE shop.t (a Int32, a String) ORDER BY a
DROP shop.orders
SELECT 1; SELECT 2
SELECT €
SELECT 1 AS
-- Types.
SELECT 1 + 'a'
SELECT 'a' * 2
SELECT id + customer FROM shop.orders
SELECT day + customer FROM shop.orders
SELECT day > 5 FROM shop.orders
SELECT customer > 5 FROM shop.orders
SELECT tags + 1 FROM shop.orders
SELECT tags = 1 FROM shop.orders
SELECT attrs['a'] + 'x' FROM shop.orders
SELECT length(id) FROM shop.orders
SELECT toDate('2024-13-45')
SELECT toInt32('12x')
SELECT CAST('abc' AS Int32)
SELECT CAST('2024-99-01' AS Date)
SELECT toUUID('abc')
SELECT CAST('x' AS Enum8('a' = 1))
SELECT toDecimal32('1.2.3', 2)
SELECT substring(1, 2)
SELECT upper(5)
SELECT arrayMap(x -> x + 1, 5)
SELECT arrayMap(5, [1])
SELECT arraySum(['a'])
SELECT sum(customer) FROM shop.orders
SELECT avg(tags) FROM shop.orders
SELECT CASE WHEN 1 THEN 'a' ELSE 2 END
SELECT if(1, 'a', 2)
SELECT coalesce(note, 5) FROM shop.orders
SELECT 1 UNION ALL SELECT 'a'
SELECT 1, 2 UNION ALL SELECT 1
SELECT 1 IN ('a', 'b')
SELECT (1, 2) IN (1, 2, 3)
SELECT id IN (SELECT id, amount FROM shop.orders) FROM shop.orders
SELECT * FROM shop.orders JOIN shop.customers ON orders.tags = customers.name
SELECT id FROM shop.orders WHERE customer
SELECT tupleElement((1, 2), 3)
SELECT (1, 2).5
SELECT map('a', 1, 'b')
SELECT [1, 'a']
-- Numbers of arguments.
SELECT substring('abc')
SELECT toDate()
SELECT now(1, 2, 3)
SELECT sum()
SELECT sum(1, 2)
SELECT if(1, 2)
SELECT concat()
SELECT round(1, 2, 3)
SELECT numbers(1)
SELECT * FROM numbers(1, 2, 3, 4)
SELECT * FROM numbers('a')
SELECT * FROM numbers(-1)
-- Aggregates and windows.
SELECT customer, sum(amount) FROM shop.orders
SELECT customer, amount FROM shop.orders GROUP BY customer
SELECT id FROM shop.orders WHERE sum(amount) > 5
SELECT sum(sum(amount)) FROM shop.orders
SELECT id FROM shop.orders GROUP BY sum(amount)
SELECT customer FROM shop.orders GROUP BY customer HAVING amount > 1
SELECT customer FROM shop.orders GROUP BY customer ORDER BY amount
SELECT customer FROM shop.orders GROUP BY 2
SELECT customer FROM shop.orders ORDER BY 3
SELECT row_number() FROM shop.orders
SELECT id FROM shop.orders WHERE row_number() OVER (ORDER BY id) = 1
SELECT upper(customer) OVER (ORDER BY id) FROM shop.orders
SELECT sum(amount) OVER (ORDER BY customer RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM shop.orders
SELECT nth_value(id, 0) OVER (ORDER BY id) FROM shop.orders
SELECT DISTINCT ON id customer FROM shop.orders
SELECT id FROM shop.orders LIMIT 1 WITH TIES
-- Ambiguity and subqueries.
SELECT id FROM shop.orders AS a JOIN shop.orders AS a ON 1 = 1
SELECT * FROM shop.orders JOIN shop.customers USING (nam)
SELECT * FROM shop.orders JOIN shop.customers ON orders.id = customers.idd
SELECT (SELECT * FROM shop.orders)
SELECT (SELECT number FROM numbers(3))
SELECT * FROM (SELECT 1) WHERE x = 1
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r
SELECT * FROM shop.orders ASOF JOIN shop.customers ON orders.day >= customers.since
-- Values.
SELECT intDiv(1, 0)
SELECT 1 % 0
SELECT CAST(1000 AS Decimal(4, 2))
SELECT 99999999999999999999999999999999999999999999999999999999999999999999999999999999999
SELECT {x:Int32}
SELECT ?
INSERT INTO shop.customers VALUES ('a', 'b')
INSERT INTO shop.customers VALUES ('a', 'b', 'no date', 1)
INSERT INTO shop.customers SELECT 1
INSERT INTO system.tables VALUES (1)
CREATE TABLE shop.orders (a Int32) ORDER BY a
CREATE DATABASE shop
DROP DATABASE nowhere
CREATE VIEW shop.v AS SELECT nothing FROM shop.orders
ALTER TABLE shop.orders ADD COLUMN id Int32
ALTER TABLE shop.orders DROP COLUMN id
UPDATE shop.orders SET id = 5 WHERE 1
-- What looks like something else.
SELECT id FROM shop.orders WHERE NOT [1, 2]
SELECT id FROM shop.orders WHERE customer
SELECT toDecimal32(1, 50)
SELECT toDateTime64(1, 12)
SELECT toFixedString('a', 0)
SELECT toDateTime(0, 'Mars/X')
SELECT CAST(0 AS DateTime('Mars/X'))
SELECT 12abc
SELECT id FROM shop.orders WHERE id = 12abc
SELECT count(1, 2)
SELECT 1 FORMAT Jsn
FIRST CREATE TABLE shop.signed (x Int32) ORDER BY x
INSERT INTO shop.signed VALUES (1), (-1x)
INSERT INTO shop.signed VALUES (1 + 1x)
