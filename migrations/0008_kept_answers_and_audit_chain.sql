-- Answers kept for requests that are sent twice; a chain over the audit; what sign-in left out of it.

-- What was answered to a POST that came with an Idempotency-Key, so that the same request sent again is not
-- carried out again. A person's own; kept for a day.
CREATE TABLE idempotency_keys (
    -- Where the person stood.
    tenant_id uuid NOT NULL CONSTRAINT idempotency_keys_tenant_id_fkey REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL CONSTRAINT idempotency_keys_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
    key text NOT NULL,
    -- SHA-256 of method, address and body, in hex.
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

-- What the audit holds already is sealed as it is. Its owner sees the rows for as long as that takes.
ALTER TABLE audit NO FORCE ROW LEVEL SECURITY;
SELECT app.audit_seal(link.tenant_id, link.entries, link.digests)
FROM (
    SELECT each.tenant_id, array_agg(each.id ORDER BY each.id) AS entries, string_agg(each.digest, '' ORDER BY each.id) AS digests
    FROM (SELECT a.tenant_id, a.id, app.audit_digest(a) AS digest,
              (row_number() OVER (PARTITION BY a.tenant_id ORDER BY a.id) - 1) / 1000 AS part
          FROM audit a) each
    GROUP BY each.tenant_id, each.part ORDER BY each.tenant_id, each.part
) link;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;

-- That too many wrong passwords locked a person out, by nobody knows whom. The last try may still be right and
-- then opens a session, which is noted next.
CREATE FUNCTION app.lock_noted(person uuid, until timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.audit (tenant_id, id, at, actor_kind, ip, user_agent, request_id, verb, collection, document_id, after)
    SELECT m.tenant_id, app.new_id(), date_trunc('milliseconds', clock_timestamp()), 'anonymous', '', '', '',
        'update', 'users', lock_noted.person,
        json_build_object('lockedUntil', to_char(until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    FROM public.memberships m WHERE m.user_id = lock_noted.person
$$;

REVOKE ALL ON FUNCTION app.lock_noted(uuid, timestamptz) FROM PUBLIC;

CREATE OR REPLACE FUNCTION app.sign_in_begin(email text, most integer, lock_seconds integer)
RETURNS TABLE (locked boolean, user_id uuid, password_hash text, verified boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at timestamptz := clock_timestamp();
    until timestamptz := at + make_interval(secs => lock_seconds);
    locking boolean;
BEGIN
    IF random() < 0.01 THEN
        DELETE FROM public.sign_in_attempts a WHERE a.touched_at < at - interval '1 day';
    END IF;
    INSERT INTO public.sign_in_attempts AS a (address, attempts, locked_until, touched_at)
    VALUES (app.address_key(email), 1, CASE WHEN most <= 1 THEN until END, at)
    ON CONFLICT (address) DO UPDATE SET
        attempts = CASE WHEN a.locked_until IS NULL THEN a.attempts + 1 ELSE 1 END,
        locked_until = CASE WHEN most <= CASE WHEN a.locked_until IS NULL THEN a.attempts + 1 ELSE 1 END THEN until END,
        touched_at = at
    WHERE a.locked_until IS NULL OR a.locked_until <= at
    RETURNING a.locked_until IS NOT NULL INTO locking;
    IF NOT FOUND THEN
        RETURN QUERY SELECT true, NULL::uuid, NULL::text, false;
        RETURN;
    END IF;
    IF locking THEN
        PERFORM app.lock_noted(u.id, until) FROM public.users u WHERE u.email = sign_in_begin.email;
    END IF;
    RETURN QUERY
        SELECT false, u.id, c.password_hash, c.verified_at IS NOT NULL
        FROM public.users u JOIN public.credentials c ON c.user_id = u.id
        WHERE u.email = sign_in_begin.email AND c.password_hash IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION app.first_register(who uuid, email text, name text, hash text, platform uuid, platform_name text, membership uuid)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('milliseconds', clock_timestamp());
    home uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('mainstay.first_register', 0));
    IF EXISTS (SELECT FROM public.users) THEN
        RETURN false;
    END IF;
    SELECT t.id INTO home FROM public.tenants t WHERE t.kind = 'platform' LIMIT 1;
    IF home IS NULL THEN
        home := platform;
        INSERT INTO public.tenants (id, name, slug, kind, status, updated_at, created_at)
        VALUES (home, platform_name, 'platform', 'platform', 'active', at, at);
    END IF;
    INSERT INTO public.users (id, name, email, status, updated_at, created_at)
    VALUES (who, first_register.name, first_register.email, 'active', at, at);
    INSERT INTO public.memberships (tenant_id, id, user_id, role, updated_at, created_at)
    VALUES (home, membership, who, 'owner', at, at);
    INSERT INTO public.credentials (user_id, password_hash, verified_at) VALUES (who, hash, at);
    PERFORM app.note(who, NULL, '', '', 'create', told.collection, told.id, told.after)
    FROM (VALUES
        ('tenants', home, json_build_object('name', platform_name, 'kind', 'platform')),
        ('users', who, json_build_object('name', first_register.name, 'email', first_register.email)),
        ('memberships', membership, json_build_object('user', who, 'role', 'owner'))
    ) told (collection, id, after);
    RETURN true;
END $$;
