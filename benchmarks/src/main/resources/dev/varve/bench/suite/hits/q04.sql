SELECT avg(UserID) AS mean_user
FROM hits
