-- What belongs to a document and was written in its transaction: how often something of it is missing
-- or there twice.
-- $1 tenant
WITH audited AS (
    SELECT collection, document_id, count(*) FILTER (WHERE verb = 'create') AS created,
           count(*) FILTER (WHERE verb = 'update') AS updated,
           count(*) FILTER (WHERE verb = 'update' AND after ->> 'stage' IS NOT NULL) AS moved
      FROM audit WHERE tenant_id = $1::text::uuid GROUP BY 1, 2
), told AS (
    SELECT collection, document_id, count(*) FILTER (WHERE events::text LIKE '%.created"%') AS created,
           count(*) FILTER (WHERE events::text LIKE '%.updated"%') AS updated
      FROM outbox WHERE tenant_id = $1::text::uuid GROUP BY 1, 2
), documents AS (
    SELECT 'contacts' AS collection, id FROM contacts WHERE tenant_id = $1::text::uuid
    UNION ALL SELECT 'deals', id FROM deals WHERE tenant_id = $1::text::uuid
), lines AS (
    SELECT coalesce(deal_id, contact_id) AS id, count(*) FILTER (WHERE kind = 'created') AS created,
           count(*) FILTER (WHERE kind = 'stage_changed') AS moved
      FROM activities WHERE tenant_id = $1::text::uuid GROUP BY 1
)
SELECT 'documents without exactly one audit row of their creation', count(*)
  FROM documents d LEFT JOIN audited a ON (a.collection, a.document_id) = (d.collection, d.id)
 WHERE a.created IS DISTINCT FROM 1
UNION ALL
SELECT 'documents without exactly one event of their creation', count(*)
  FROM documents d LEFT JOIN told t ON (t.collection, t.document_id) = (d.collection, d.id)
 WHERE t.created IS DISTINCT FROM 1
UNION ALL
SELECT 'documents without exactly one line of the timeline on their creation', count(*)
  FROM documents d LEFT JOIN lines l ON l.id = d.id WHERE l.created IS DISTINCT FROM 1
UNION ALL
SELECT 'documents audited and gone', count(*)
  FROM audited a LEFT JOIN documents d ON (a.collection, a.document_id) = (d.collection, d.id)
 WHERE a.collection IN ('contacts', 'deals') AND d.id IS NULL
UNION ALL
SELECT 'documents with another number of audit rows than events', count(*)
  FROM audited a FULL JOIN told t ON (t.collection, t.document_id) = (a.collection, a.document_id)
 WHERE (a.created, a.updated) IS DISTINCT FROM (t.created, t.updated)
UNION ALL
SELECT 'deals with another number of stage moves audited than on the timeline', count(*)
  FROM audited a LEFT JOIN lines l ON l.id = a.document_id
 WHERE a.collection = 'deals' AND coalesce(l.moved, 0) <> a.moved
UNION ALL
SELECT 'deals whose status is not that of their stage', count(*)
  FROM deals d JOIN stages s ON (s.tenant_id, s.id) = (d.tenant_id, d.stage_id)
 WHERE d.tenant_id = $1::text::uuid AND d.status <> s.kind
UNION ALL
SELECT 'contacts whose words are not those of their text', count(*)
  FROM contacts c
 WHERE c.tenant_id = $1::text::uuid
   AND ARRAY(SELECT (w.word, w.weight)::text
               FROM app.weighted_words(c.name, concat_ws(E'\n', c.email, c.phone)) w ORDER BY 1)
       IS DISTINCT FROM
       ARRAY(SELECT (w.word, w.weight)::text FROM search_words w
              WHERE w.tenant_id = c.tenant_id AND w.collection = 'contacts' AND w.document_id = c.id ORDER BY 1)
UNION ALL
SELECT 'contacts without both their tags', count(*)
  FROM contacts c
 WHERE c.tenant_id = $1::text::uuid
   AND (SELECT count(*) FROM contacts__tags t WHERE (t.tenant_id, t.parent_id) = (c.tenant_id, c.id)) <> 2
UNION ALL
SELECT 'contacts without their identity', count(*)
  FROM contacts c
 WHERE c.tenant_id = $1::text::uuid AND NOT EXISTS (
       SELECT FROM identities i WHERE (i.tenant_id, i.contact_id) = (c.tenant_id, c.id) AND i.handle = c.email)
