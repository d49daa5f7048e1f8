-- 700 notes of 300 kB each.
INSERT INTO notes (tenant_id, id, body, updated_at, created_at)
SELECT ':tenant'::uuid, gen_random_uuid(), n || repeat('0123456789', 30000), now(), now()
FROM generate_series(1, 700) n;
