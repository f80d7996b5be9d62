SELECT DISTINCT i.i_product_name
FROM item i
WHERE i.i_manufact_id BETWEEN 738 AND 778
  AND (SELECT count(*) FROM item o
    WHERE o.i_manufact = i.i_manufact
      AND ((o.i_category = 'Women' AND o.i_color IN ('powder', 'khaki', 'brown', 'honeydew')
          AND o.i_units IN ('Ounce', 'Oz', 'Bunch', 'Ton')
          AND o.i_size IN ('medium', 'extra large', 'N/A', 'small'))
        OR (o.i_category = 'Men' AND o.i_color IN ('floral', 'deep', 'light', 'cornflower')
          AND o.i_units IN ('Box', 'Pound', 'Bundle', 'Gross')
          AND o.i_size IN ('large', 'petite', 'medium', 'extra large')))) > 0
ORDER BY i.i_product_name
LIMIT 100
