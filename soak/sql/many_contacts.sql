-- $1 tenant, $2 from, $3 to
INSERT INTO contacts (tenant_id, id, name, first_name, last_name, email, lifecycle, updated_at, created_at)
SELECT $1::text::uuid, gen_random_uuid(), 'Many ' || n, 'Many', n::text, 'many' || n || '@soak.example', 'lead', now(), now()
  FROM generate_series($2::bigint, $3::bigint) n
