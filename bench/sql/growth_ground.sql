-- What the growth table stands on, run by the owner: an agency with :tenants accounts, each with a
-- pipeline of five stages. Ids are built from numbers, so that any record can be asked for.

CREATE SCHEMA growth;

-- 1 contacts, 2 deals, 3 companies, 4 tenants, 5 pipelines, 6 stages.
CREATE FUNCTION growth.id(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ('00000000-000' || kind || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;

INSERT INTO tenants (id, name, slug, kind, parent_id, status, updated_at, created_at)
SELECT growth.id(4, 1000000), 'Growth', 'growth', 'agency', p.id, 'active', now(), now()
  FROM tenants p WHERE p.kind = 'platform';
INSERT INTO tenants (id, name, slug, kind, parent_id, status, updated_at, created_at)
SELECT growth.id(4, k), 'Growth ' || k, 'growth-' || k, 'account', growth.id(4, 1000000), 'active', now(), now()
  FROM generate_series(0, :tenants - 1) k;

ALTER TABLE pipelines NO FORCE ROW LEVEL SECURITY;
ALTER TABLE stages NO FORCE ROW LEVEL SECURITY;
INSERT INTO pipelines (tenant_id, id, name, order_, is_default, updated_at, created_at)
SELECT growth.id(4, k), growth.id(5, k), 'Sales', 1, true, now(), now() FROM generate_series(0, :tenants - 1) k;
INSERT INTO stages (tenant_id, id, pipeline_id, name, order_, kind, updated_at, created_at)
SELECT growth.id(4, k), growth.id(6, 10 * k + o), growth.id(5, k), 'Stage ' || o, o,
       (ARRAY['open', 'open', 'open', 'won', 'lost'])[o], now(), now()
  FROM generate_series(0, :tenants - 1) k, generate_series(1, 5) o;
ALTER TABLE pipelines FORCE ROW LEVEL SECURITY;
ALTER TABLE stages FORCE ROW LEVEL SECURITY;
ANALYZE tenants, pipelines, stages;
