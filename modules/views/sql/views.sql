-- A rule of the hooks once more, below them: nobody makes a view in another's name, or shares one
-- without being a member. What the product makes has no owner and is shared.
CREATE POLICY views_insert_owner ON public.views AS RESTRICTIVE FOR INSERT TO app_user
    WITH CHECK (owner_id IS NOT DISTINCT FROM (SELECT app.user_id())
        AND (NOT shared OR (SELECT app.rank()) >= 2));
