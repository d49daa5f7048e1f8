-- What makes a change of the audit show: every statement that adds to it seals what it added. -------
--
-- A seal is a link of a chain: its hash covers the hash of the link before it and each row it seals. A
-- tenant has several chains (lanes), so that writers need not wait for each other's commits: a writer
-- takes the first lane that is free, and alone goes on with one. The serving role cannot write here.

CREATE TABLE audit_chain (
    tenant_id uuid NOT NULL CONSTRAINT audit_chain_tenant_id_fkey REFERENCES tenants (id) ON DELETE CASCADE,
    lane smallint NOT NULL,
    seq bigint NOT NULL,
    -- Rows of the audit, in the order in which they were hashed.
    entries uuid[] NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_chain_pkey PRIMARY KEY (tenant_id, lane, seq)
);

ALTER TABLE audit_chain ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_chain FORCE ROW LEVEL SECURITY;

CREATE POLICY audit_chain_select ON audit_chain FOR SELECT TO app_user
    USING (tenant_id = ANY ((SELECT app.visible())::uuid[]) AND (SELECT app.rank()) >= 3);
CREATE POLICY audit_chain_last ON audit_chain FOR SELECT TO mainstay_owner USING (true);
CREATE POLICY audit_chain_seal ON audit_chain FOR INSERT TO mainstay_owner WITH CHECK (true);
GRANT SELECT ON audit_chain TO app_user;

-- What a row says, the same in every session. Without settings of its own, so that it is inlined.
CREATE FUNCTION app.audit_digest(entry public.audit) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws(',',
        entry.id, extract(epoch FROM entry.at), pg_catalog.quote_nullable(entry.actor_kind),
        pg_catalog.quote_nullable(entry.actor_id), pg_catalog.quote_nullable(entry.actor_name),
        pg_catalog.quote_nullable(entry.session_id), pg_catalog.quote_nullable(entry.ip),
        pg_catalog.quote_nullable(entry.user_agent), pg_catalog.quote_nullable(entry.request_id),
        pg_catalog.quote_nullable(entry.verb), pg_catalog.quote_nullable(entry.collection),
        entry.document_id, pg_catalog.quote_nullable(entry.before), pg_catalog.quote_nullable(entry.after)), 'UTF8'))
$$;

-- A link's hash: SHA-256 over what comes before it, where it stands, and the digests of its rows.
CREATE FUNCTION app.audit_link(prior bytea, tenant uuid, lane smallint, seq bigint, digests bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_catalog.sha256(coalesce(prior, '') || pg_catalog.uuid_send(tenant) || pg_catalog.int2send(lane)
        || pg_catalog.int8send(seq) || digests)
$$;

-- Appends a link to the first of the tenant's lanes that no other transaction holds; with all of them
-- taken it waits for one. The lane is free again after the commit.
CREATE FUNCTION app.audit_seal(tenant uuid, entries uuid[], digests bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    lanes constant smallint := 32;
    free smallint := 0;
BEGIN
    WHILE NOT pg_try_advisory_xact_lock(hashtextextended(tenant::text, 7000 + free)) LOOP
        free := free + 1;
        IF free = lanes THEN
            free := pg_backend_pid() % lanes;
            PERFORM pg_advisory_xact_lock(hashtextextended(tenant::text, 7000 + free));
            EXIT;
        END IF;
    END LOOP;
    INSERT INTO public.audit_chain (tenant_id, lane, seq, entries, hash)
    SELECT tenant, free, next.seq, audit_seal.entries, app.audit_link(next.hash, tenant, free, next.seq, digests)
    FROM (VALUES (1)) one LEFT JOIN LATERAL (
        SELECT c.seq, c.hash FROM public.audit_chain c WHERE c.tenant_id = tenant AND c.lane = free
        ORDER BY c.seq DESC LIMIT 1) last ON true
    CROSS JOIN LATERAL (SELECT coalesce(last.seq, 0) + 1 AS seq, last.hash) next;
END $$;

CREATE FUNCTION app.audit_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM app.audit_seal(f.tenant_id, array_agg(f.id ORDER BY f.id),
        string_agg(app.audit_digest(ROW(f.*)::public.audit), '' ORDER BY f.id))
    FROM fresh f GROUP BY f.tenant_id ORDER BY f.tenant_id;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_added AFTER INSERT ON audit
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION app.audit_added();

REVOKE ALL ON FUNCTION
    app.audit_seal(uuid, uuid[], bytea), app.audit_added() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    app.audit_digest(public.audit), app.audit_link(bytea, uuid, smallint, bigint, bytea) TO app_user;
