-- What sign-in leaves in the audit: of each tenant where the person is a member. ---------------------
-- Sessions and passwords are no documents; they are told of as creating and deleting `sessions` and as
-- updating `users`.

-- A new time-ordered id (UUIDv7, RFC 9562), as kernel::new_id makes them: milliseconds, version, chance.
CREATE FUNCTION app.new_id() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
        52, 1), 53, 1), 'hex')::uuid
$$;

-- Adds one row to the audit of every tenant of `person`. For the functions of this folder alone.
CREATE FUNCTION app.note(person uuid, session uuid, ip text, user_agent text, verb text, collection text, document uuid, after json)
RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.audit (tenant_id, id, at, actor_kind, actor_id, actor_name, session_id, ip, user_agent, request_id,
        verb, collection, document_id, after)
    SELECT m.tenant_id, app.new_id(), date_trunc('milliseconds', clock_timestamp()), 'user', u.id, u.email,
        note.session, note.ip, note.user_agent, '', note.verb, note.collection, note.document, note.after
    FROM public.memberships m JOIN public.users u ON u.id = coalesce(app.user_id(), note.person)
    WHERE m.user_id = note.person
$$;

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

CREATE FUNCTION app.session_noted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM app.note(NEW.user_id, NEW.id, NEW.ip, NEW.user_agent, 'create', 'sessions', NEW.id,
            json_build_object('user', NEW.user_id));
    ELSIF OLD.expires_at > clock_timestamp() THEN
        PERFORM app.note(OLD.user_id, OLD.id, OLD.ip, OLD.user_agent, 'delete', 'sessions', OLD.id, NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sessions_noted AFTER INSERT OR DELETE ON public.sessions
    FOR EACH ROW EXECUTE FUNCTION app.session_noted();

-- That a password was changed, and never what it is.
CREATE FUNCTION app.password_noted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM app.note(NEW.user_id, NULL, '', '', 'update', 'users', NEW.user_id,
        json_build_object('password', 'changed'));
    RETURN NULL;
END $$;
CREATE TRIGGER credentials_noted AFTER UPDATE OF password_hash ON public.credentials
    FOR EACH ROW WHEN (NEW.password_hash IS DISTINCT FROM OLD.password_hash)
    EXECUTE FUNCTION app.password_noted();

REVOKE ALL ON FUNCTION
    app.new_id(), app.note(uuid, uuid, text, text, text, text, uuid, json), app.lock_noted(uuid, timestamptz),
    app.session_noted(), app.password_noted()
FROM PUBLIC;
