-- Contacts of one tenant, some text in each.
INSERT INTO contacts (tenant_id, id, first_name, name, job_title, updated_at, created_at)
SELECT ':tenant'::uuid, gen_random_uuid(), 'N' || n, 'N' || n, repeat('lorem ipsum ', 20), now(),
    now() - n * interval '1 second'
FROM generate_series(1, :count) n;
ANALYZE contacts;
