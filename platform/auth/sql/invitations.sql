-- Invitations: what proves that a letter reached its reader, and the doors that reach it. ------------

-- Hashes of the mailed tokens, out of the serving role's reach.
CREATE TABLE public.invitation_tokens (
    invitation uuid PRIMARY KEY,
    tenant uuid NOT NULL,
    token_hash text NOT NULL,
    sent_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX invitation_tokens_token_hash_key ON public.invitation_tokens (token_hash);
ALTER TABLE public.invitation_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invitation_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY invitation_tokens_owner ON public.invitation_tokens TO mainstay_owner USING (true) WITH CHECK (true);
REVOKE ALL ON public.invitation_tokens FROM PUBLIC, app_user;

CREATE POLICY invitations_owner ON public.invitations TO mainstay_owner USING (true) WITH CHECK (true);
-- What is noted of sign-in and of accepted invitations; rows of the audit are added, never changed.
CREATE POLICY audit_owner ON public.audit FOR INSERT TO mainstay_owner WITH CHECK (true);

-- Rules of the hooks once more, below them: nobody invites to a role stronger than their own, or in
-- another's name.
CREATE POLICY invitations_insert_rank ON public.invitations AS RESTRICTIVE FOR INSERT TO app_user
    WITH CHECK (app.role_rank(role) <= (SELECT app.rank()) AND invited_by_id IS NOT DISTINCT FROM (SELECT app.user_id()));

-- A deleted invitation's letter is worth nothing.
CREATE FUNCTION app.invitation_gone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.invitation_tokens t WHERE t.invitation = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER invitations_gone AFTER DELETE ON public.invitations
    FOR EACH ROW EXECUTE FUNCTION app.invitation_gone();

-- Whether an invitation can be accepted: not yet, in time, and whoever invited may still give that role
-- there. For the functions of this folder alone.
CREATE FUNCTION app.invitation_holds(one public.invitations) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT one.accepted_at IS NULL AND one.expires_at > clock_timestamp()
        AND EXISTS (SELECT FROM public.users u WHERE u.id = one.invited_by_id AND u.status = 'active')
        AND app.rank_in(one.invited_by_id, one.tenant_id) >= greatest(3, app.role_rank(one.role))
$$;

-- Keeps the hash of a new token for an invitation that holds, in place of the former one, and says what
-- to write to whom; no row when it does not hold, its last letter is younger than `least_seconds`, or too
-- many went out within the hour: the tenant's (app.may_invite), or ten of all tenants to that address.
CREATE FUNCTION app.issue_invitation(invitation uuid, tenant uuid, token_hash text, least_seconds integer)
RETURNS TABLE (address text, name text, inviter text, tenant_name text, locale text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one public.invitations;
    at timestamptz := clock_timestamp();
    key text;
BEGIN
    SELECT i.* INTO one FROM public.invitations i
    WHERE i.tenant_id = issue_invitation.tenant AND i.id = issue_invitation.invitation FOR UPDATE;
    IF NOT FOUND OR NOT app.invitation_holds(one) THEN
        RETURN;
    END IF;
    key := app.address_key(one.email);
    IF NOT app.may_invite(one.tenant_id, one.email) OR NOT app.letter_fits('invitation ' || key, 10) THEN
        RETURN;
    END IF;
    INSERT INTO public.invitation_tokens AS t (invitation, tenant, token_hash, sent_at)
    VALUES (one.id, one.tenant_id, issue_invitation.token_hash, at)
    ON CONFLICT ON CONSTRAINT invitation_tokens_pkey DO UPDATE SET token_hash = issue_invitation.token_hash, sent_at = at
    WHERE t.sent_at <= at - make_interval(secs => least_seconds);
    IF FOUND AND app.count_letter('tenant ' || one.tenant_id, 200)
        AND app.count_letter('invitation ' || one.tenant_id || ' ' || key, 5)
        AND app.count_letter('invitation ' || key, 10) THEN
        RETURN QUERY
            SELECT one.email, one.name, u.name,
                (SELECT t.name FROM public.tenants t WHERE t.id = one.tenant_id),
                (SELECT line.locale FROM app.line_of(one.tenant_id) line WHERE line.locale IS NOT NULL ORDER BY line.level LIMIT 1)
            FROM public.users u WHERE u.id = one.invited_by_id;
    END IF;
END $$;

-- What whoever holds a token is invited to; no row when it cannot be accepted (any more).
CREATE FUNCTION app.invitation_of(token_hash text)
RETURNS TABLE (tenant uuid, tenant_name text, logo text, brand_color text, email text, name text, role text, who uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT i.tenant_id, t.name,
        (SELECT line.logo FROM app.line_of(i.tenant_id) line WHERE line.logo IS NOT NULL ORDER BY line.level LIMIT 1),
        (SELECT line.brand_color FROM app.line_of(i.tenant_id) line WHERE line.brand_color IS NOT NULL ORDER BY line.level LIMIT 1),
        i.email, i.name, i.role, (SELECT u.id FROM public.users u WHERE u.email = i.email)
    FROM public.invitation_tokens k
    JOIN public.invitations i ON i.tenant_id = k.tenant AND i.id = k.invitation
    JOIN public.tenants t ON t.id = i.tenant_id
    WHERE k.token_hash = invitation_of.token_hash AND app.invitation_holds(i)
$$;

-- Spends a token for the person it was mailed to, who thereby has proved the address: of any number of
-- simultaneous uses one succeeds. To be asked in the transaction that makes the membership.
CREATE FUNCTION app.accept_invitation(token_hash text, who uuid, ip text, user_agent text, request text)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one public.invitations;
    at timestamptz := date_trunc('milliseconds', clock_timestamp());
BEGIN
    SELECT i.* INTO one FROM public.invitation_tokens k
    JOIN public.invitations i ON i.tenant_id = k.tenant AND i.id = k.invitation
    JOIN public.users u ON u.id = accept_invitation.who AND u.email = i.email AND u.status = 'active'
    WHERE k.token_hash = accept_invitation.token_hash
    FOR UPDATE OF k, i;
    IF NOT FOUND OR NOT app.invitation_holds(one) THEN
        RETURN false;
    END IF;
    UPDATE public.invitations i SET accepted_at = at, updated_at = at
    WHERE i.tenant_id = one.tenant_id AND i.id = one.id;
    DELETE FROM public.invitation_tokens k WHERE k.invitation = one.id;
    UPDATE public.credentials c SET verified_at = at, verification_hash = NULL
    WHERE c.user_id = who AND c.verified_at IS NULL;
    INSERT INTO public.audit (tenant_id, id, at, actor_kind, actor_id, actor_name, ip, user_agent, request_id,
        verb, collection, document_id, before, after)
    VALUES (one.tenant_id, gen_random_uuid(), at, 'user', who, one.email, accept_invitation.ip, accept_invitation.user_agent,
        request, 'update', 'invitations', one.id, '{"acceptedAt":null}',
        json_build_object('acceptedAt', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')));
    RETURN true;
END $$;

-- An invitation not yet accepted lasts anew, by the acting user, who must be able to give its role. False
-- for any other.
CREATE FUNCTION app.renew_invitation(invitation uuid, tenant uuid, expires timestamptz, ip text, user_agent text, request text)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one public.invitations;
    at timestamptz := date_trunc('milliseconds', clock_timestamp());
    form text := 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';
BEGIN
    SELECT i.* INTO one FROM public.invitations i
    WHERE i.tenant_id = renew_invitation.tenant AND i.id = renew_invitation.invitation AND i.accepted_at IS NULL
    FOR UPDATE;
    IF NOT FOUND OR app.user_id() IS NULL
        OR app.rank_in(app.user_id(), one.tenant_id) < greatest(3, app.role_rank(one.role)) THEN
        RETURN false;
    END IF;
    -- From now on it is this person's invitation: the first may have lost what it takes.
    UPDATE public.invitations i SET expires_at = expires, invited_by_id = app.user_id(), updated_at = at
    WHERE i.tenant_id = one.tenant_id AND i.id = one.id;
    INSERT INTO public.audit (tenant_id, id, at, actor_kind, actor_id, actor_name, ip, user_agent, request_id,
        verb, collection, document_id, before, after)
    SELECT one.tenant_id, gen_random_uuid(), at, 'user', u.id, u.email, renew_invitation.ip, renew_invitation.user_agent,
        request, 'update', 'invitations', one.id,
        json_build_object('expiresAt', to_char(one.expires_at AT TIME ZONE 'UTC', form), 'invitedBy', one.invited_by_id),
        json_build_object('expiresAt', to_char(expires AT TIME ZONE 'UTC', form), 'invitedBy', u.id)
    FROM public.users u WHERE u.id = app.user_id();
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION
    app.invitation_gone(), app.invitation_holds(public.invitations), app.issue_invitation(uuid, uuid, text, integer),
    app.invitation_of(text), app.accept_invitation(text, uuid, text, text, text),
    app.renew_invitation(uuid, uuid, timestamptz, text, text, text)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    app.issue_invitation(uuid, uuid, text, integer), app.invitation_of(text),
    app.accept_invitation(text, uuid, text, text, text),
    app.renew_invitation(uuid, uuid, timestamptz, text, text, text)
TO app_user;
