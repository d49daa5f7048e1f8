-- Seeing a person took all memberships in sight together for each query that shows an owner or an author. Now
-- their own are looked up, and the rest is a function, which costs nothing where it is not asked.

ALTER POLICY users_select ON users USING ((id = (SELECT app.user_id()) OR EXISTS (SELECT FROM memberships m WHERE m.user_id = users.id)));
DROP POLICY users_select_astray ON public.users;

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
