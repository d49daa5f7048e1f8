-- What every mutation leaves behind: one audit row and one event, written in its transaction.

CREATE TABLE audit (
    tenant_id uuid NOT NULL CONSTRAINT audit_tenant_id_fkey REFERENCES tenants (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    -- user, system or key
    actor_kind text NOT NULL,
    actor_id uuid,
    actor_name text,
    session_id uuid,
    ip text NOT NULL,
    user_agent text NOT NULL,
    request_id text NOT NULL,
    -- create, update or delete
    verb text NOT NULL,
    collection text NOT NULL,
    document_id uuid NOT NULL,
    before json,
    after json,
    CONSTRAINT audit_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_document_idx ON audit (tenant_id, collection, document_id, id);

CREATE TABLE outbox (
    tenant_id uuid NOT NULL CONSTRAINT outbox_tenant_id_fkey REFERENCES tenants (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    -- A list, the most telling name first: ["deal.won","deal.stage_changed"]
    events json NOT NULL,
    collection text NOT NULL,
    document_id uuid NOT NULL,
    -- {"doc": the document, "changed": {field: former value}}
    payload json NOT NULL,
    CONSTRAINT outbox_pkey PRIMARY KEY (tenant_id, id)
);

ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;

CREATE POLICY audit_select ON audit FOR SELECT TO app_user
    USING (tenant_id = ANY ((SELECT app.visible())::uuid[]) AND (SELECT app.rank()) >= 3);
CREATE POLICY audit_insert ON audit FOR INSERT TO app_user
    WITH CHECK (tenant_id = (SELECT app.tenant()));
CREATE POLICY outbox_select ON outbox FOR SELECT TO app_user
    USING (tenant_id = ANY ((SELECT app.visible())::uuid[]));
CREATE POLICY outbox_insert ON outbox FOR INSERT TO app_user
    WITH CHECK (tenant_id = (SELECT app.tenant()));

-- Neither can be rewritten: no UPDATE, no DELETE.
GRANT SELECT, INSERT ON audit, outbox TO app_user;
