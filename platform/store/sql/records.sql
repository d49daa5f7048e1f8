-- What every mutation leaves behind besides its audit row: one event, written in its transaction.

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

ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;

CREATE POLICY outbox_select ON outbox FOR SELECT TO app_user
    USING (tenant_id = ANY ((SELECT app.visible())::uuid[]));
CREATE POLICY outbox_insert ON outbox FOR INSERT TO app_user
    WITH CHECK (tenant_id = (SELECT app.tenant()));

-- It cannot be rewritten: no UPDATE, no DELETE.
GRANT SELECT, INSERT ON outbox TO app_user;
