-- Saved views; each person's preferences; how a tenant looks; the audit as a collection.
-- The audit's columns stay as they were: the former version can go on writing it.

CREATE TABLE views (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    collection text NOT NULL,
    layout text NOT NULL,
    config json,
    shared boolean NOT NULL,
    owner_id uuid,
    position double precision,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT views_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX views_collection_position_idx ON views (tenant_id, collection, position);
CREATE INDEX views_created_at_id_idx ON views (tenant_id, created_at, id);
CREATE INDEX views_owner_id_idx ON views (tenant_id, owner_id);
ALTER TABLE views ADD CONSTRAINT views_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE views ADD CONSTRAINT views_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE SET NULL (owner_id);
-- A rule of the hooks once more, below them: nobody makes a view in another's name, or shares one
-- without being a member. What the product makes has no owner and is shared.
CREATE POLICY views_insert_owner ON public.views AS RESTRICTIVE FOR INSERT TO app_user
    WITH CHECK (owner_id IS NOT DISTINCT FROM (SELECT app.user_id())
        AND (NOT shared OR (SELECT app.rank()) >= 2));
ALTER TABLE views ENABLE ROW LEVEL SECURITY;
ALTER TABLE views FORCE ROW LEVEL SECURITY;
CREATE POLICY views_select ON views FOR SELECT TO app_user USING (tenant_id = ANY ((SELECT app.visible())::uuid[]) AND (owner_id = (SELECT app.user_id()) OR shared));
CREATE POLICY views_insert ON views FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()));
CREATE POLICY views_update ON views FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (owner_id = (SELECT app.user_id()) OR ((SELECT app.rank()) >= 3 AND shared))) WITH CHECK (tenant_id = (SELECT app.tenant()) AND (owner_id = (SELECT app.user_id()) OR ((SELECT app.rank()) >= 3 AND shared)));
CREATE POLICY views_delete ON views FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (owner_id = (SELECT app.user_id()) OR ((SELECT app.rank()) >= 3 AND shared)));
GRANT SELECT, INSERT, UPDATE, DELETE ON views TO app_user;

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

ALTER TABLE tenants ADD COLUMN brand_color text;
ALTER TABLE tenants ADD COLUMN logo text;
ALTER TABLE tenants ADD COLUMN business_type text;

CREATE INDEX audit_at_id_idx ON audit (tenant_id, at, id);
CREATE INDEX audit_collection_document_id_at_idx ON audit (tenant_id, collection, document_id, at);
DROP INDEX audit_document_idx;
