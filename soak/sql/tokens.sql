-- The tokens that the audit and the events both tell of, each exactly once.
-- $1 tenant
WITH audited AS (
    SELECT document_id, coalesce(after ->> 'jobTitle', after ->> 'source') AS token, count(*) AS n
      FROM audit
     WHERE tenant_id = $1::text::uuid AND verb = 'update' AND collection IN ('contacts', 'deals')
     GROUP BY 1, 2
), told AS (
    SELECT document_id, CASE collection WHEN 'contacts' THEN payload -> 'doc' ->> 'jobTitle'
                                        ELSE payload -> 'doc' ->> 'source' END AS token, count(*) AS n
      FROM outbox
     WHERE tenant_id = $1::text::uuid AND events::text LIKE '%.updated"%' AND collection IN ('contacts', 'deals')
     GROUP BY 1, 2
)
SELECT token FROM audited JOIN told USING (document_id, token) WHERE audited.n = 1 AND told.n = 1
