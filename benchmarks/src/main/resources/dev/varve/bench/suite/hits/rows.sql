WITH places AS (
  SELECT
    i,
    CAST(hash(i, 20) >> 2 AS BIGINT) AS h,
    CAST({rows} / 8.0 * pow(hash(i // 4, 21) % 999983 / 999983.0, 3) AS BIGINT) AS visitor,
    CASE WHEN hash(i // 4, 22) % 50 = 0 THEN 62
      ELSE CAST(6000 * pow(hash(i // 4, 23) % 999979 / 999979.0, 4) AS INTEGER) END AS site,
    CAST(40000 * pow(hash(i, 24) % 999961 / 999961.0, 3) AS BIGINT) AS page,
    TIMESTAMP '2013-07-01 00:00:00' + to_seconds(CAST(i * 2678400.0 / {rows} AS BIGINT)) AS moment
  FROM range({rows}) AS r(i)
), pages AS (
  SELECT
    *,
    'http://' || CASE WHEN page % 53 = 5 THEN 'maps.google.example' ELSE 'site' || site || '.example' END
      || '/catalogue/' || (page % 77) || '/item-' || page || repeat('/deeper', page % 6) AS url,
    CASE WHEN h % 100 < 13 THEN 'how to find ' || CAST(sqrt(h % 4000000007) AS BIGINT) ELSE '' END AS phrase
  FROM places
)
SELECT {columns} FROM pages
