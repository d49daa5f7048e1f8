-- Links of a tenant's chain that do not hold, and rows of its audit that no link holds.
WITH links AS (
    SELECT c.lane, c.seq, c.entries, c.hash,
           lag(c.hash) OVER lane AS prior, lag(c.seq, 1, 0::bigint) OVER lane AS prior_seq
    FROM audit_chain c WHERE c.tenant_id = $1
    WINDOW lane AS (PARTITION BY c.lane ORDER BY c.seq)
), told AS (
    SELECT l.*, (
        SELECT string_agg(app.audit_digest(a), ''::bytea ORDER BY e.place)
        FROM unnest(l.entries) WITH ORDINALITY e (id, place)
        JOIN audit a ON a.tenant_id = $1 AND a.id = e.id
    ) AS digests FROM links l
)
SELECT 'link' AS fault, t.lane::bigint, t.seq,
       CASE WHEN t.seq <> t.prior_seq + 1 THEN 'links before it are missing'
            ELSE 'a row was changed or removed, or the link itself was' END AS reason
FROM told t
WHERE t.seq <> t.prior_seq + 1
   OR t.hash IS DISTINCT FROM app.audit_link(t.prior, $1, t.lane, t.seq, coalesce(t.digests, ''))
UNION ALL
SELECT 'row', NULL, count(*), 'rows were added past the chain'
FROM audit a WHERE a.tenant_id = $1
  AND NOT EXISTS (SELECT FROM links l, unnest(l.entries) e (id) WHERE e.id = a.id)
HAVING count(*) > 0
ORDER BY 1, 2, 3 LIMIT 100
