-- What a history without lost updates cannot leave behind: anomaly and how often.
-- $1 tenant
WITH told AS (
    SELECT a.collection, a.document_id, field.key AS field, field.value #>> '{}' AS after,
           a.before::jsonb -> field.key #>> '{}' AS before
      FROM audit a CROSS JOIN LATERAL jsonb_each(a.after::jsonb) field
     WHERE a.tenant_id = $1::text::uuid AND a.verb = 'update'
       AND field.key IN ('source', 'jobTitle', 'lostReason', 'reference')
), documents AS (
    SELECT 'deals' AS collection, id, 'source' AS field, source AS value FROM deals WHERE tenant_id = $1::text::uuid
    UNION ALL SELECT 'deals', id, 'lostReason', lost_reason FROM deals WHERE tenant_id = $1::text::uuid
    UNION ALL SELECT 'deals', id, 'reference', reference FROM deals WHERE tenant_id = $1::text::uuid
    UNION ALL SELECT 'contacts', id, 'jobTitle', job_title FROM contacts WHERE tenant_id = $1::text::uuid
), followed AS (
    SELECT DISTINCT ON (document_id) document_id, after::jsonb ->> 'company' AS company
      FROM audit
     WHERE tenant_id = $1::text::uuid AND collection = 'deals' AND after::jsonb ? 'company'
     ORDER BY document_id, coalesce(after::jsonb ->> 'updatedAt', '') DESC
)
-- Every value is written once, so the states of a field are one line: none is left twice.
SELECT 'two writes followed the same state', count(*)
  FROM (SELECT FROM told GROUP BY collection, document_id, field, before HAVING count(*) > 1) forks
UNION ALL
SELECT 'a write followed a state that never was', count(*)
  FROM told t
 WHERE t.before IS NOT NULL AND NOT EXISTS (
       SELECT FROM told o
        WHERE (o.collection, o.document_id, o.field, o.after) = (t.collection, t.document_id, t.field, t.before))
   AND t.before NOT LIKE 'first%'
UNION ALL
SELECT 'a document stands in a state that another write followed', count(*)
  FROM documents d JOIN told t ON (t.collection, t.document_id, t.field, t.before) = (d.collection, d.id, d.field, d.value)
UNION ALL
SELECT 'a deal has another company than its primary contact', count(*)
  FROM deals d JOIN contacts c ON (c.tenant_id, c.id) = (d.tenant_id, d.primary_contact_id)
 WHERE d.tenant_id = $1::text::uuid AND d.company_id IS DISTINCT FROM c.company_id
UNION ALL
SELECT 'the audit tells of another company than the deal has', count(*)
  FROM deals d JOIN followed f ON f.document_id = d.id
 WHERE d.tenant_id = $1::text::uuid AND d.company_id::text IS DISTINCT FROM f.company
UNION ALL
SELECT 'a deal has another status than its stage', count(*)
  FROM deals d JOIN stages s ON (s.tenant_id, s.id) = (d.tenant_id, d.stage_id)
 WHERE d.tenant_id = $1::text::uuid AND (d.status <> s.kind OR d.pipeline_id <> s.pipeline_id)
UNION ALL
SELECT 'a closed deal has no closing date or an open one has', count(*)
  FROM deals d WHERE d.tenant_id = $1::text::uuid AND (d.status = 'open') <> (d.closed_at IS NULL)
UNION ALL
SELECT 'two deals share a place', count(*)
  FROM (SELECT FROM deals WHERE tenant_id = $1::text::uuid AND position IS NOT NULL
         GROUP BY stage_id, position HAVING count(*) > 1) shared
UNION ALL
SELECT 'another number of default pipelines than one', (count(*) <> 1)::int::bigint
  FROM pipelines WHERE tenant_id = $1::text::uuid AND is_default
UNION ALL
SELECT 'documents with another number of audit rows than events', count(*)
  FROM (SELECT collection, document_id, count(*) AS n FROM audit WHERE tenant_id = $1::text::uuid GROUP BY 1, 2) a
  FULL JOIN (SELECT collection, document_id, count(*) AS n FROM outbox WHERE tenant_id = $1::text::uuid GROUP BY 1, 2) o
       USING (collection, document_id)
 WHERE a.n IS DISTINCT FROM o.n
