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
