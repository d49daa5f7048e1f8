-- Who comes from above still reaches a suspended tenant: otherwise nobody could lift the suspension.
CREATE OR REPLACE FUNCTION app.session_actor(session uuid)
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
