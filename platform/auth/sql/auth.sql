-- Sign-in: what people prove themselves with, and the only doors that reach it.
--
-- `credentials` and `sign_in_attempts` cannot be read by the serving role at all; `sessions` only by
-- their own user. Everything else goes through the functions below. They run as mainstay_owner with
-- a fixed search_path, name every table in full, and decide for themselves who may do what:
-- none trusts more of its caller than app.user_id().

-- Row-level security is forced on the owner as well, so the functions need policies of their own.
CREATE POLICY tenants_owner ON public.tenants TO mainstay_owner USING (true) WITH CHECK (true);
CREATE POLICY users_owner ON public.users TO mainstay_owner USING (true) WITH CHECK (true);
CREATE POLICY memberships_owner ON public.memberships TO mainstay_owner USING (true) WITH CHECK (true);

-- A person's memberships are read at every sign-in, wherever they are.
CREATE INDEX memberships_person_idx ON public.memberships (user_id, tenant_id);

CREATE TABLE public.credentials (
    user_id uuid PRIMARY KEY REFERENCES public.users (id) ON DELETE CASCADE,
    password_hash text,
    verified_at timestamptz,
    verification_hash text,
    verification_requested_at timestamptz,
    reset_hash text,
    reset_expires_at timestamptz,
    reset_requested_at timestamptz
);
CREATE UNIQUE INDEX credentials_reset_hash_key ON public.credentials (reset_hash);
CREATE UNIQUE INDEX credentials_verification_hash_key ON public.credentials (verification_hash);
ALTER TABLE public.credentials ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.credentials FORCE ROW LEVEL SECURITY;
CREATE POLICY credentials_owner ON public.credentials TO mainstay_owner USING (true) WITH CHECK (true);
REVOKE ALL ON public.credentials FROM PUBLIC, app_user;

-- Counted by address, known or not, so that a lock tells nothing about who has an account.
CREATE TABLE public.sign_in_attempts (
    -- SHA-256 of the normalised address.
    address text PRIMARY KEY,
    attempts integer NOT NULL,
    locked_until timestamptz,
    touched_at timestamptz NOT NULL
);
CREATE INDEX sign_in_attempts_touched_at_idx ON public.sign_in_attempts (touched_at);
ALTER TABLE public.sign_in_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.sign_in_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_attempts_owner ON public.sign_in_attempts TO mainstay_owner USING (true) WITH CHECK (true);
REVOKE ALL ON public.sign_in_attempts FROM PUBLIC, app_user;

CREATE TABLE public.sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ip text NOT NULL,
    user_agent text NOT NULL
);
CREATE INDEX sessions_user_id_idx ON public.sessions (user_id, created_at);
ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY sessions_owner ON public.sessions TO mainstay_owner USING (true) WITH CHECK (true);
CREATE POLICY sessions_read ON public.sessions FOR SELECT TO app_user USING (user_id = (SELECT app.user_id()));
CREATE POLICY sessions_delete ON public.sessions FOR DELETE TO app_user USING (user_id = (SELECT app.user_id()));
REVOKE ALL ON public.sessions FROM PUBLIC, app_user;
GRANT SELECT, DELETE ON public.sessions TO app_user;

-- Ranks: kernel::Role. -----------------------------------------------------------------------

CREATE FUNCTION app.role_rank(role text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE role WHEN 'viewer' THEN 1 WHEN 'member' THEN 2 WHEN 'admin' THEN 3 WHEN 'owner' THEN 4 ELSE 0 END
$$;

-- Strongest rank a user holds in a tenant, by a membership there or above. A membership in a tenant
-- that is suspended, or lies below a suspended one, counts for nothing.
CREATE FUNCTION app.rank_in(who uuid, tenant uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE up AS (
        SELECT t.id, t.parent_id, t.status, 0 AS level FROM public.tenants t WHERE t.id = rank_in.tenant
        UNION ALL
        SELECT t.id, t.parent_id, t.status, up.level + 1
        FROM up JOIN public.tenants t ON t.id = up.parent_id WHERE up.level < 32
    ), path AS (
        SELECT up.id, bool_and(up.status = 'active') OVER (ORDER BY up.level DESC) AS live FROM up
    )
    SELECT coalesce(max(app.role_rank(m.role)), 0)
    FROM path JOIN public.memberships m ON m.tenant_id = path.id AND m.user_id = rank_in.who
    WHERE path.live
$$;

-- Whether the acting user may manage another's account: at least admin, and no weaker than that
-- person, in every tenant where the person is a member. An account with no membership left belongs to
-- the administrators of the platform. Without an acting user (import, seed) the product itself
-- acts: with an owner's rank, and only on people whose every tenant it was given.
CREATE FUNCTION app.manages(target uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN app.user_id() IS NULL THEN app.rank() >= 4 AND NOT EXISTS (
            SELECT FROM public.memberships m
            WHERE m.user_id = manages.target AND m.tenant_id <> ALL (coalesce(app.visible(), '{}')))
        WHEN EXISTS (SELECT FROM public.memberships m WHERE m.user_id = manages.target) THEN NOT EXISTS (
            SELECT FROM public.memberships m
            WHERE m.user_id = manages.target
              AND app.rank_in(app.user_id(), m.tenant_id) < greatest(3, app.role_rank(m.role)))
        ELSE EXISTS (
            SELECT FROM public.tenants t
            WHERE t.kind = 'platform' AND app.rank_in(app.user_id(), t.id) >= 3)
    END
$$;

-- A rule of the hooks once more, below them: nobody writes a membership stronger than their own.
-- (The policies of `users` call app.manages themselves.)
CREATE POLICY memberships_insert_rank ON public.memberships AS RESTRICTIVE FOR INSERT TO app_user
    WITH CHECK (app.role_rank(role) <= (SELECT app.rank()));
CREATE POLICY memberships_update_rank ON public.memberships AS RESTRICTIVE FOR UPDATE TO app_user
    USING (app.role_rank(role) <= (SELECT app.rank()));
CREATE POLICY memberships_delete_rank ON public.memberships AS RESTRICTIVE FOR DELETE TO app_user
    USING (app.role_rank(role) <= (SELECT app.rank()));

-- Whoever lost their last membership is seen by those who look after the platform, to be let in again
-- or deleted; nobody else could reach the account, and its address would stay taken. In a function, so that
-- a query which finds its people by their memberships does not have to make this ready as well.
CREATE FUNCTION app.astray(person uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.tenants t WHERE t.parent_id IS NULL)
        AND NOT EXISTS (SELECT FROM public.memberships m WHERE m.user_id = person);
END $$;
GRANT EXECUTE ON FUNCTION app.astray(uuid) TO app_user;
-- PostgreSQL asks the policies of a table backwards by name: this one last.
CREATE POLICY users_astray_select ON public.users FOR SELECT TO app_user USING (app.astray(id));

-- Sign-in. -----------------------------------------------------------------------------------

CREATE FUNCTION app.address_key(email text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT encode(sha256(convert_to(email, 'UTF8')), 'hex')
$$;

-- Takes one try before the password is looked at, so that tries made at the same moment count too.
-- The `most`-th try still answers; it locks the address unless sign_in_finish clears it.
CREATE FUNCTION app.sign_in_begin(email text, most integer, lock_seconds integer)
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

-- Opens a session for a user whose password was right. `proof` is the hash it was checked against:
-- a password changed in the meantime opens nothing. False when the account is suspended or changed.
CREATE FUNCTION app.sign_in_finish(who uuid, proof text, session uuid, created timestamptz, expires timestamptz, ip text, user_agent text)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    key text;
BEGIN
    SELECT app.address_key(u.email) INTO key
    FROM public.users u JOIN public.credentials c ON c.user_id = u.id
    WHERE u.id = who AND u.status = 'active' AND c.password_hash = proof
    FOR SHARE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM public.sign_in_attempts a WHERE a.address = key;
    DELETE FROM public.sessions s WHERE s.user_id = who AND s.expires_at <= clock_timestamp();
    INSERT INTO public.sessions (id, user_id, created_at, expires_at, ip, user_agent)
    VALUES (session, who, created, expires, left(sign_in_finish.ip, 64), left(sign_in_finish.user_agent, 400));
    RETURN true;
END $$;

-- A password given anew was right: the tries before it are forgotten. `proof` as in sign_in_finish.
CREATE FUNCTION app.proven(who uuid, proof text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM public.sign_in_attempts a USING public.users u, public.credentials c
    WHERE u.id = who AND c.user_id = who AND c.password_hash = proof
      AND a.address = app.address_key(u.email)
$$;

-- The person behind a session and everything within reach: every tenant at or below a
-- membership, with the strongest rank and the currency inherited from the nearest ancestor that sets
-- one. A membership in a tenant that is suspended, or lies below a suspended one, counts for nothing; those who
-- come from above still reach a suspended tenant, or nobody could lift the suspension. No row when the session is over, the account suspended, or nothing is in reach.
CREATE FUNCTION app.session_actor(session uuid)
RETURNS TABLE (user_id uuid, email text, expires_at timestamptz, home uuid, tenants uuid[], ranks integer[], currencies text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE who AS (
        SELECT u.id, u.email, s.expires_at
        FROM public.sessions s JOIN public.users u ON u.id = s.user_id
        WHERE s.id = session_actor.session AND s.expires_at > clock_timestamp() AND u.status = 'active'
    ), mine AS (
        SELECT m.id, m.tenant_id, m.created_at, app.role_rank(m.role) AS rank
        FROM who JOIN public.memberships m ON m.user_id = who.id
    ), up AS (
        SELECT t.id AS entry, t.parent_id, t.status, t.currency, 0 AS level
        FROM public.tenants t WHERE t.id IN (SELECT mine.tenant_id FROM mine)
        UNION ALL
        SELECT up.entry, t.parent_id, t.status, t.currency, up.level + 1
        FROM up JOIN public.tenants t ON t.id = up.parent_id WHERE up.level < 32
    ), entries AS (
        SELECT up.entry, (array_agg(up.currency ORDER BY up.level) FILTER (WHERE up.currency IS NOT NULL))[1] AS currency
        FROM up GROUP BY up.entry HAVING bool_and(up.status = 'active')
    ), down AS (
        SELECT mine.tenant_id AS id, mine.rank, entries.currency, 0 AS level
        FROM mine JOIN entries ON entries.entry = mine.tenant_id
        UNION ALL
        SELECT t.id, down.rank, coalesce(t.currency, down.currency), down.level + 1
        FROM down JOIN public.tenants t ON t.parent_id = down.id
        WHERE down.level < 32
    ), reach AS (
        SELECT down.id, max(down.rank) AS rank, coalesce(min(down.currency), 'USD') AS currency
        FROM down GROUP BY down.id
    )
    SELECT who.id, who.email, who.expires_at,
        (SELECT mine.tenant_id FROM mine JOIN entries ON entries.entry = mine.tenant_id
         ORDER BY mine.created_at, mine.id LIMIT 1),
        array_agg(reach.id ORDER BY reach.id), array_agg(reach.rank ORDER BY reach.id),
        array_agg(reach.currency ORDER BY reach.id)
    FROM who CROSS JOIN reach
    GROUP BY who.id, who.email, who.expires_at
$$;

-- Sessions of the acting user. ------------------------------------------------------------------

CREATE FUNCTION app.refresh_session(session uuid, expires timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.sessions s SET expires_at = expires
    WHERE s.id = session AND s.user_id = app.user_id() AND s.expires_at > clock_timestamp();
    RETURN FOUND;
END $$;

CREATE FUNCTION app.revoke_session(session uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.sessions s WHERE s.id = session AND s.user_id = app.user_id();
    RETURN FOUND;
END $$;

-- All sessions of a user, by that user or by whoever manages the account.
CREATE FUNCTION app.revoke_sessions(target uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF app.user_id() IS DISTINCT FROM target AND NOT app.manages(target) THEN
        RAISE insufficient_privilege;
    END IF;
    DELETE FROM public.sessions s WHERE s.user_id = target;
END $$;

-- Passwords and addresses. ----------------------------------------------------------------------

-- By the person or by whoever manages the account. Ends every session but, for the person, `keep`.
CREATE FUNCTION app.set_password(target uuid, hash text, keep uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own boolean := app.user_id() IS NOT DISTINCT FROM target;
BEGIN
    IF NOT own AND NOT app.manages(target) THEN
        RAISE insufficient_privilege;
    END IF;
    INSERT INTO public.credentials AS c (user_id, password_hash) VALUES (target, hash)
    ON CONFLICT (user_id) DO UPDATE SET password_hash = hash, reset_hash = NULL, reset_expires_at = NULL;
    DELETE FROM public.sessions s WHERE s.user_id = target AND NOT (own AND s.id IS NOT DISTINCT FROM keep);
    DELETE FROM public.sign_in_attempts a USING public.users u
    WHERE u.id = target AND a.address = app.address_key(u.email);
END $$;

-- Keeps the hash of a reset token for an active account and says whom to write to; no row when
-- there is no such account, the last request is younger than `least_seconds`, or five letters went out
-- within the hour: then the last one stays good.
CREATE FUNCTION app.create_reset(email text, token_hash text, life_seconds integer, least_seconds integer)
RETURNS TABLE (user_id uuid, address text, name text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at timestamptz := clock_timestamp();
    person record;
BEGIN
    SELECT u.id, u.email, u.name INTO person FROM public.users u
    WHERE u.email = create_reset.email AND u.status = 'active';
    IF NOT FOUND OR NOT app.letter_fits('reset ' || app.address_key(person.email), 5) THEN
        RETURN;
    END IF;
    INSERT INTO public.credentials AS c (user_id, reset_hash, reset_expires_at, reset_requested_at)
    VALUES (person.id, token_hash, at + make_interval(secs => life_seconds), at)
    ON CONFLICT ON CONSTRAINT credentials_pkey DO UPDATE SET
        reset_hash = token_hash, reset_expires_at = at + make_interval(secs => life_seconds), reset_requested_at = at
    WHERE c.reset_requested_at IS NULL OR c.reset_requested_at <= at - make_interval(secs => least_seconds);
    IF FOUND AND app.count_letter('reset ' || app.address_key(person.email), 5) THEN
        RETURN QUERY SELECT person.id, person.email, person.name;
    END IF;
END $$;

CREATE FUNCTION app.reset_is_valid(token_hash text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.credentials c JOIN public.users u ON u.id = c.user_id
        WHERE c.reset_hash = token_hash AND c.reset_expires_at > clock_timestamp() AND u.status = 'active')
$$;

-- Spends a reset token: of any number of simultaneous uses one succeeds. Ends every session and
-- lifts a lock. Answers the person, whose address the token has proved.
CREATE FUNCTION app.reset_password(token_hash text, hash text)
RETURNS TABLE (user_id uuid, email text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    person uuid;
BEGIN
    UPDATE public.credentials c SET
        password_hash = hash, reset_hash = NULL, reset_expires_at = NULL,
        verified_at = coalesce(c.verified_at, clock_timestamp()), verification_hash = NULL
    FROM public.users u
    WHERE u.id = c.user_id AND u.status = 'active'
      AND c.reset_hash = token_hash AND c.reset_expires_at > clock_timestamp()
    RETURNING c.user_id INTO person;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    DELETE FROM public.sessions s WHERE s.user_id = person;
    DELETE FROM public.sign_in_attempts a USING public.users u
    WHERE u.id = person AND a.address = app.address_key(u.email);
    RETURN QUERY SELECT u.id, u.email FROM public.users u WHERE u.id = person;
END $$;

-- Keeps the hash of a verification token for an account not yet verified; as create_reset.
CREATE FUNCTION app.create_verification(target uuid, token_hash text, least_seconds integer)
RETURNS TABLE (address text, name text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    person record;
BEGIN
    SELECT u.email, u.name, app.address_key(u.email) AS key INTO person FROM public.users u WHERE u.id = target;
    IF NOT FOUND OR NOT app.letter_fits('verification ' || person.key, 5) THEN
        RETURN;
    END IF;
    UPDATE public.credentials c SET verification_hash = token_hash, verification_requested_at = clock_timestamp()
    WHERE c.user_id = target AND c.verified_at IS NULL
      AND (c.verification_requested_at IS NULL
           OR c.verification_requested_at <= clock_timestamp() - make_interval(secs => least_seconds));
    IF FOUND AND app.count_letter('verification ' || person.key, 5) THEN
        RETURN QUERY SELECT person.email, person.name;
    END IF;
END $$;

CREATE FUNCTION app.verify(token_hash text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.credentials c SET verified_at = clock_timestamp(), verification_hash = NULL
    WHERE c.verification_hash = token_hash;
    RETURN FOUND;
END $$;

-- Lifts the lock of an account the acting user manages. False for any other address.
CREATE FUNCTION app.unlock(email text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF app.user_id() IS NULL OR NOT EXISTS (
        SELECT FROM public.users u WHERE u.email = unlock.email AND app.manages(u.id)) THEN
        RETURN false;
    END IF;
    DELETE FROM public.sign_in_attempts a WHERE a.address = app.address_key(unlock.email);
    RETURN true;
END $$;

-- The first person. -----------------------------------------------------------------------------

CREATE FUNCTION app.is_initialized() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.users)
$$;

-- Makes the platform and its owner while there is no user at all; false ever after. The ids are
-- used when the rows are made; a platform that exists already is kept.
CREATE FUNCTION app.first_register(who uuid, email text, name text, hash text, platform uuid, platform_name text, membership uuid)
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

-- Whether someone still owns the platform, if there is one. Takes a lock first, so that of two owners who remove
-- each other at the same moment the second is refused.
CREATE FUNCTION app.platform_has_owner() RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('mainstay.platform_owner', 0));
    IF NOT EXISTS (SELECT FROM public.tenants t WHERE t.kind = 'platform') THEN
        RETURN true;
    END IF;
    RETURN EXISTS (
        SELECT FROM public.memberships m
        JOIN public.tenants t ON t.id = m.tenant_id
        JOIN public.users u ON u.id = m.user_id
        WHERE t.kind = 'platform' AND m.role = 'owner' AND u.status = 'active');
END $$;

-- What must follow a change, whoever makes it. ---------------------------------------------------

-- A suspended person's sessions end; tokens mailed to an address that changed die with it.
CREATE FUNCTION app.user_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.status <> 'active' THEN
        DELETE FROM public.sessions s WHERE s.user_id = NEW.id;
    END IF;
    IF NEW.email <> OLD.email THEN
        UPDATE public.credentials c SET
            reset_hash = NULL, reset_expires_at = NULL, verification_hash = NULL, verified_at = NULL
        WHERE c.user_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER users_changed AFTER UPDATE OF status, email ON public.users
    FOR EACH ROW WHEN (NEW.status <> OLD.status OR NEW.email <> OLD.email)
    EXECUTE FUNCTION app.user_changed();

-- Other processes forget the actors they remember.
CREATE FUNCTION app.auth_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('mainstay_auth', '');
    RETURN NULL;
END $$;
CREATE TRIGGER users_auth_changed AFTER UPDATE OF status, email OR DELETE ON public.users
    FOR EACH STATEMENT EXECUTE FUNCTION app.auth_changed();
CREATE TRIGGER memberships_auth_changed AFTER INSERT OR UPDATE OR DELETE ON public.memberships
    FOR EACH STATEMENT EXECUTE FUNCTION app.auth_changed();
CREATE TRIGGER tenants_auth_changed AFTER INSERT OR UPDATE OR DELETE ON public.tenants
    FOR EACH STATEMENT EXECUTE FUNCTION app.auth_changed();
-- Sessions that ended by themselves stand for nobody; sweeping them is no news.
CREATE FUNCTION app.sessions_ended() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM gone WHERE gone.expires_at > clock_timestamp()) THEN
        PERFORM pg_notify('mainstay_auth', '');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sessions_auth_changed AFTER DELETE ON public.sessions
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION app.sessions_ended();

-- Doors are open to the serving role only. app.rank_in and app.address_key stay inside.
REVOKE ALL ON FUNCTION
    app.role_rank(text), app.rank_in(uuid, uuid), app.manages(uuid), app.address_key(text),
    app.sign_in_begin(text, integer, integer),
    app.sign_in_finish(uuid, text, uuid, timestamptz, timestamptz, text, text),
    app.proven(uuid, text), app.session_actor(uuid), app.refresh_session(uuid, timestamptz), app.revoke_session(uuid),
    app.revoke_sessions(uuid), app.set_password(uuid, text, uuid),
    app.create_reset(text, text, integer, integer), app.reset_is_valid(text), app.reset_password(text, text),
    app.create_verification(uuid, text, integer), app.verify(text), app.unlock(text), app.is_initialized(),
    app.first_register(uuid, text, text, text, uuid, text, uuid), app.platform_has_owner(),
    app.user_changed(), app.auth_changed(), app.sessions_ended()
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    app.role_rank(text), app.manages(uuid),
    app.sign_in_begin(text, integer, integer),
    app.sign_in_finish(uuid, text, uuid, timestamptz, timestamptz, text, text),
    app.proven(uuid, text), app.session_actor(uuid), app.refresh_session(uuid, timestamptz), app.revoke_session(uuid),
    app.revoke_sessions(uuid), app.set_password(uuid, text, uuid),
    app.create_reset(text, text, integer, integer), app.reset_is_valid(text), app.reset_password(text, text),
    app.create_verification(uuid, text, integer), app.verify(text), app.unlock(text), app.is_initialized(),
    app.first_register(uuid, text, text, text, uuid, text, uuid), app.platform_has_owner()
TO app_user;
