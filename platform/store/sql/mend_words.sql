-- Makes the words of some records those of their texts; answers how many were not.
-- $1 tenant, $2 collection, $3 records, $4 titles, $5 other texts
WITH given AS (
    SELECT * FROM unnest($3::uuid[], $4::text[], $5::text[]) AS each (id, title, others)
), should AS (
    SELECT g.id, w.word, w.weight
      FROM given g CROSS JOIN LATERAL app.weighted_words(g.title, g.others) w
), gone AS (
    DELETE FROM search_words s USING given g
     WHERE s.tenant_id = $1 AND s.collection = $2 AND s.document_id = g.id
       AND NOT EXISTS (SELECT FROM should x WHERE (x.id, x.word, x.weight) = (s.document_id, s.word, s.weight))
    RETURNING 1
), come AS (
    INSERT INTO search_words (tenant_id, collection, word, weight, document_id)
    SELECT $1, $2, word, weight, id FROM should
    ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM come)
