-- How many letters one address, and one tenant, have caused within the last hour; no more than so many are sent.

-- Letters: nobody gets, and no tenant sends, more than so many within an hour. -------------------------

CREATE TABLE public.letters (
    -- What is counted: a kind of letter to an address (its hash), or all of a tenant.
    key text PRIMARY KEY,
    -- Newest first, as many as may be sent within the hour.
    sent timestamptz[] NOT NULL,
    touched_at timestamptz NOT NULL
);
CREATE INDEX letters_touched_at_idx ON public.letters (touched_at);
ALTER TABLE public.letters ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.letters FORCE ROW LEVEL SECURITY;
CREATE POLICY letters_owner ON public.letters TO mainstay_owner USING (true) WITH CHECK (true);
REVOKE ALL ON public.letters FROM PUBLIC, app_user;

-- Whether one more letter may be sent: `most` within an hour.
CREATE FUNCTION app.letter_fits(key text, most integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT NOT EXISTS (
        SELECT FROM public.letters l
        WHERE l.key = letter_fits.key AND l.sent[most] > clock_timestamp() - interval '1 hour')
$$;

-- Counts one letter more; false, and nothing counted, when it does not fit.
CREATE FUNCTION app.count_letter(key text, most integer) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at timestamptz := clock_timestamp();
BEGIN
    IF random() < 0.01 THEN
        DELETE FROM public.letters l WHERE l.touched_at < at - interval '1 hour';
    END IF;
    INSERT INTO public.letters AS l (key, sent, touched_at) VALUES (count_letter.key, ARRAY[at], at)
    ON CONFLICT ON CONSTRAINT letters_pkey DO UPDATE SET sent = (at || l.sent)[1:most], touched_at = at
    WHERE coalesce(l.sent[most] <= at - interval '1 hour', true);
    RETURN FOUND;
END $$;

-- Whether the acting user's tenant may write to an address once more: five letters an hour to one, two
-- hundred to all.
CREATE FUNCTION app.may_invite(tenant uuid, email text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT app.letter_fits('tenant ' || tenant, 200)
        AND app.letter_fits('invitation ' || tenant || ' ' || app.address_key(email), 5)
$$;

-- app.letter_fits and app.count_letter stay inside.
REVOKE ALL ON FUNCTION
    app.letter_fits(text, integer), app.count_letter(text, integer), app.may_invite(uuid, text)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.may_invite(uuid, text) TO app_user;

-- Keeps the hash of a reset token for an active account and says whom to write to; no row when
-- there is no such account, the last request is younger than `least_seconds`, or five letters went out
-- within the hour: then the last one stays good.
CREATE OR REPLACE FUNCTION app.create_reset(email text, token_hash text, life_seconds integer, least_seconds integer)
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

-- Keeps the hash of a verification token for an account not yet verified; as create_reset.
CREATE OR REPLACE FUNCTION app.create_verification(target uuid, token_hash text, least_seconds integer)
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

-- Keeps the hash of a new token for an invitation that holds, in place of the former one, and says what
-- to write to whom; no row when it does not hold, its last letter is younger than `least_seconds`, or too
-- many went out within the hour: the tenant's (app.may_invite), or ten of all tenants to that address.
CREATE OR REPLACE FUNCTION app.issue_invitation(invitation uuid, tenant uuid, token_hash text, least_seconds integer)
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
