-- What every mutation leaves behind: one audit row and one event, written in its transaction.

CREATE TABLE audit (
    tenant_id uuid NOT NULL,
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
    tenant_id uuid NOT NULL,
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

-- What a foreign key to `tenants` would do, once a statement and not once a row: of every two rows
-- an import writes one is in these tables. They are written together, so one of them looks.
CREATE POLICY audit_owner ON audit TO mainstay_owner USING (true) WITH CHECK (true);
CREATE POLICY outbox_owner ON outbox TO mainstay_owner USING (true) WITH CHECK (true);

CREATE FUNCTION app.tenant_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.tenants t WHERE t.id = app.tenant() FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE foreign_key_violation USING MESSAGE = 'the tenant is no more';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_tenant AFTER INSERT ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION app.tenant_stands();

-- Fires after the foreign keys' own triggers, whose names come first: all else of the tenant is gone.
CREATE FUNCTION app.tenant_gone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.audit a WHERE a.tenant_id = OLD.id;
    DELETE FROM public.outbox o WHERE o.tenant_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER tenant_gone AFTER DELETE ON tenants
    FOR EACH ROW EXECUTE FUNCTION app.tenant_gone();

REVOKE ALL ON FUNCTION app.tenant_stands(), app.tenant_gone() FROM PUBLIC;
