-- $1 tenant
SELECT id::text, coalesce(last_name, ''), coalesce(job_title, '') FROM contacts WHERE tenant_id = $1::text::uuid
