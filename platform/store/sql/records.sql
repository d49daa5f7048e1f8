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
    USING (tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id)));
CREATE POLICY outbox_insert ON outbox FOR INSERT TO app_user
    WITH CHECK (tenant_id = (SELECT app.tenant()));

-- It cannot be rewritten: no UPDATE, no DELETE.
GRANT SELECT, INSERT ON outbox TO app_user;

-- What was answered to a POST that came with an Idempotency-Key, so that the same request sent again is not
-- carried out again. A person's own; kept for a day.
CREATE TABLE idempotency_keys (
    -- Where the person stood.
    tenant_id uuid NOT NULL CONSTRAINT idempotency_keys_tenant_id_fkey REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL CONSTRAINT idempotency_keys_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
    key text NOT NULL,
    -- SHA-256 of address, media type and body, in hex.
    request text NOT NULL,
    -- Of whoever carries the request out. A write of a claim that was taken over fails.
    claim uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    -- Set in the transaction of the first write, so that it is known even if the answer was never kept.
    collection text,
    document_id uuid,
    status smallint,
    answer text,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (tenant_id, user_id, key)
);
CREATE INDEX idempotency_keys_at_idx ON idempotency_keys (tenant_id, user_id, at);

ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;

CREATE POLICY idempotency_keys_select ON idempotency_keys FOR SELECT TO app_user
    USING (user_id = (SELECT app.user_id()) AND tenant_id = ANY ((SELECT app.visible())::uuid[]));
CREATE POLICY idempotency_keys_insert ON idempotency_keys FOR INSERT TO app_user
    WITH CHECK (user_id = (SELECT app.user_id()) AND tenant_id = ANY ((SELECT app.visible())::uuid[]));
CREATE POLICY idempotency_keys_update ON idempotency_keys FOR UPDATE TO app_user
    USING (user_id = (SELECT app.user_id()) AND tenant_id = ANY ((SELECT app.visible())::uuid[]))
    WITH CHECK (user_id = (SELECT app.user_id()) AND tenant_id = ANY ((SELECT app.visible())::uuid[]));
CREATE POLICY idempotency_keys_delete ON idempotency_keys FOR DELETE TO app_user
    USING (user_id = (SELECT app.user_id()) AND tenant_id = ANY ((SELECT app.visible())::uuid[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO app_user;

-- Notes on a claim, in the transaction of a write, what was written. Fails when somebody else has the claim.
CREATE FUNCTION app.claim_used(claim uuid, tenant uuid, key text, collection text, document uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.idempotency_keys k
    SET collection = coalesce(k.collection, claim_used.collection), document_id = coalesce(k.document_id, claim_used.document)
    WHERE k.tenant_id = claim_used.tenant AND k.user_id = app.user_id() AND k.key = claim_used.key
      AND k.claim = claim_used.claim AND k.status IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the claim was taken over' USING ERRCODE = 'serialization_failure';
    END IF;
END $$;
REVOKE ALL ON FUNCTION app.claim_used(uuid, uuid, text, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.claim_used(uuid, uuid, text, text, uuid) TO app_user;
