-- What row-level security is told, and the readers of it. No setting means no row.

CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO app_user;

CREATE FUNCTION app.user_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.user', true), '')::uuid $$;

CREATE FUNCTION app.visible() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.visible', true), '')::uuid[] $$;

-- The first of the visible tenants: the one a reader stands in, or none. Always one of them, never more.
CREATE FUNCTION app.here() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(rtrim(substr(current_setting('app.visible', true), 2, 36), '}'), '')::uuid $$;

CREATE FUNCTION app.tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.tenant', true), '')::uuid $$;

CREATE FUNCTION app.rank() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('app.rank', true), '')::integer, 0) $$;

GRANT EXECUTE ON FUNCTION app.user_id(), app.visible(), app.here(), app.tenant(), app.rank() TO app_user;
