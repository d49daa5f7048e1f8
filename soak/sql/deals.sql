-- $1 tenant
SELECT id::text, coalesce(source, ''), stage_id::text FROM deals WHERE tenant_id = $1::text::uuid
