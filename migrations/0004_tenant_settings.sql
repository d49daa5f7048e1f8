-- The settings that hold in a tenant, inherited down the tree.

-- What holds in a tenant, by itself or by those above it. ------------------------------------------

-- A tenant and everything above it, itself first. For the functions of this folder alone.
CREATE FUNCTION app.line_of(tenant uuid)
RETURNS TABLE (level integer, id uuid, name text, kind text, parent_id uuid, currency text, timezone text, locale text, brand_color text, logo text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE up AS (
        SELECT 0 AS level, t.* FROM public.tenants t WHERE t.id = line_of.tenant
        UNION ALL
        SELECT up.level + 1, t.* FROM up JOIN public.tenants t ON t.id = up.parent_id WHERE up.level < 32
    )
    SELECT up.level, up.id, up.name, up.kind, up.parent_id, up.currency, up.timezone, up.locale, up.brand_color, up.logo
    FROM up ORDER BY up.level
$$;

-- The same for a tenant that may be seen. Those above it that may not are shown without id and name:
-- what they set holds all the same.
CREATE FUNCTION app.tenant_settings(tenant uuid)
RETURNS TABLE (id uuid, name text, kind text, parent_id uuid, currency text, timezone text, locale text, brand_color text, logo text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN seen.it THEN line.id END, CASE WHEN seen.it THEN line.name END, line.kind, line.parent_id,
        line.currency, line.timezone, line.locale, line.brand_color, line.logo
    FROM app.line_of(tenant_settings.tenant) line
    CROSS JOIN LATERAL (SELECT coalesce(line.id = ANY (app.visible()), false) AS it) seen
    WHERE tenant_settings.tenant = ANY (app.visible())
    ORDER BY line.level
$$;

REVOKE ALL ON FUNCTION app.line_of(uuid), app.tenant_settings(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.tenant_settings(uuid) TO app_user;
