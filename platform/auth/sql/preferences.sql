-- What each person likes the interface to be; nobody else's business. -----------------------------

CREATE TABLE public.preferences (
    user_id uuid PRIMARY KEY REFERENCES public.users (id) ON DELETE CASCADE,
    value json NOT NULL
);
ALTER TABLE public.preferences ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.preferences FORCE ROW LEVEL SECURITY;
CREATE POLICY preferences_select ON public.preferences FOR SELECT TO app_user
    USING (user_id = (SELECT app.user_id()));
CREATE POLICY preferences_insert ON public.preferences FOR INSERT TO app_user
    WITH CHECK (user_id = (SELECT app.user_id()));
CREATE POLICY preferences_update ON public.preferences FOR UPDATE TO app_user
    USING (user_id = (SELECT app.user_id())) WITH CHECK (user_id = (SELECT app.user_id()));
REVOKE ALL ON public.preferences FROM PUBLIC, app_user;
GRANT SELECT, INSERT, UPDATE ON public.preferences TO app_user;
