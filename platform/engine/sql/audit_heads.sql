-- How much a tenant's chain holds, and one fingerprint of the ends of its lanes.
SELECT coalesce(sum(cardinality(c.entries)), 0)::bigint, count(*),
       coalesce(encode(sha256(string_agg(c.hash, ''::bytea ORDER BY c.lane) FILTER (WHERE c.seq = ends.seq)), 'hex'), '')
FROM audit_chain c
LEFT JOIN (SELECT e.lane, max(e.seq) AS seq FROM audit_chain e WHERE e.tenant_id = $1 GROUP BY e.lane) ends
       ON ends.lane = c.lane
WHERE c.tenant_id = $1
