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

CREATE TABLE tenants (
    id uuid NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    kind text NOT NULL,
    parent_id uuid,
    status text NOT NULL,
    currency text,
    timezone text,
    locale text,
    brand_color text,
    logo text,
    business_type text,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT tenants_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX tenants_parent_id_slug_key ON tenants (parent_id, slug);
CREATE INDEX tenants_created_at_id_idx ON tenants (created_at, id);

CREATE TABLE users (
    id uuid NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    status text NOT NULL,
    locale text,
    timezone text,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX users_email_key ON users (email);
CREATE INDEX users_created_at_id_idx ON users (created_at, id);

CREATE TABLE memberships (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL,
    manager_id uuid,
    team text,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT memberships_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX memberships_user_id_key ON memberships (tenant_id, user_id);
CREATE INDEX memberships_created_at_id_idx ON memberships (tenant_id, created_at, id);
CREATE INDEX memberships_manager_id_idx ON memberships (tenant_id, manager_id);

CREATE TABLE invitations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    role text NOT NULL,
    name text,
    invited_by_id uuid,
    expires_at timestamp with time zone,
    accepted_at timestamp with time zone,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT invitations_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX invitations_email_idx ON invitations (tenant_id, email);
CREATE INDEX invitations_created_at_id_idx ON invitations (tenant_id, created_at, id);
CREATE INDEX invitations_invited_by_id_idx ON invitations (tenant_id, invited_by_id);

CREATE TABLE companies (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    domain text,
    website text,
    phone text,
    industry text,
    employees bigint,
    annual_revenue_amount bigint,
    annual_revenue_currency text,
    founded bigint,
    address_line1 text,
    address_line2 text,
    address_city text,
    address_region text,
    address_postal_code text,
    address_country text,
    parent_id uuid,
    owner_id uuid,
    lifecycle text,
    source text,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT companies_annual_revenue_amount_check CHECK ((annual_revenue_amount IS NULL) = (annual_revenue_currency IS NULL)),
    CONSTRAINT companies_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX companies_name_idx ON companies (tenant_id, name) INCLUDE (deleted_at);
CREATE INDEX companies_domain_idx ON companies (tenant_id, domain) INCLUDE (deleted_at);
CREATE INDEX companies_parent_id_idx ON companies (tenant_id, parent_id) INCLUDE (deleted_at);
CREATE INDEX companies_owner_id_idx ON companies (tenant_id, owner_id) INCLUDE (deleted_at);
CREATE INDEX companies_created_at_id_idx ON companies (tenant_id, created_at, id) INCLUDE (deleted_at);

CREATE TABLE companies__tags (
    tenant_id uuid NOT NULL,
    parent_id uuid NOT NULL,
    position bigint NOT NULL,
    value uuid NOT NULL,
    CONSTRAINT companies__tags_pkey PRIMARY KEY (tenant_id, parent_id, position)
);
CREATE INDEX companies__tags_value_idx ON companies__tags (tenant_id, value, parent_id);

CREATE TABLE contacts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text,
    first_name text NOT NULL,
    last_name text,
    email text,
    phone text,
    job_title text,
    company_id uuid,
    owner_id uuid,
    lifecycle text,
    source text,
    utm_source text,
    utm_medium text,
    utm_campaign text,
    utm_term text,
    utm_content text,
    consent_marketing boolean,
    consent_at timestamp with time zone,
    consent_source text,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT contacts_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX contacts_last_name_first_name_idx ON contacts (tenant_id, last_name, first_name) INCLUDE (deleted_at);
CREATE INDEX contacts_email_idx ON contacts (tenant_id, email) INCLUDE (deleted_at);
CREATE INDEX contacts_company_id_idx ON contacts (tenant_id, company_id) INCLUDE (deleted_at);
CREATE INDEX contacts_owner_id_idx ON contacts (tenant_id, owner_id) INCLUDE (deleted_at);
CREATE INDEX contacts_created_at_id_idx ON contacts (tenant_id, created_at, id) INCLUDE (deleted_at);

CREATE TABLE contacts__tags (
    tenant_id uuid NOT NULL,
    parent_id uuid NOT NULL,
    position bigint NOT NULL,
    value uuid NOT NULL,
    CONSTRAINT contacts__tags_pkey PRIMARY KEY (tenant_id, parent_id, position)
);
CREATE INDEX contacts__tags_value_idx ON contacts__tags (tenant_id, value, parent_id);

CREATE TABLE identities (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    contact_id uuid NOT NULL,
    channel text NOT NULL,
    handle text NOT NULL,
    verified boolean,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT identities_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX identities_channel_handle_key ON identities (tenant_id, channel, handle);
CREATE INDEX identities_contact_id_idx ON identities (tenant_id, contact_id);
CREATE INDEX identities_created_at_id_idx ON identities (tenant_id, created_at, id);

CREATE TABLE pipelines (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    order_ bigint,
    is_default boolean,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT pipelines_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX pipelines_created_at_id_idx ON pipelines (tenant_id, created_at, id);

CREATE TABLE stages (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    pipeline_id uuid NOT NULL,
    name text NOT NULL,
    order_ bigint,
    probability bigint,
    kind text NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT stages_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX stages_pipeline_id_order__idx ON stages (tenant_id, pipeline_id, order_);
CREATE INDEX stages_created_at_id_idx ON stages (tenant_id, created_at, id);

CREATE TABLE deals (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    reference text,
    pipeline_id uuid,
    stage_id uuid NOT NULL,
    status text,
    value_amount bigint,
    value_currency text,
    expected_close date,
    closed_at timestamp with time zone,
    primary_contact_id uuid,
    company_id uuid,
    owner_id uuid,
    source text,
    lost_reason text,
    position double precision,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT deals_value_amount_check CHECK ((value_amount IS NULL) = (value_currency IS NULL)),
    CONSTRAINT deals_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX deals_stage_id_position_idx ON deals (tenant_id, stage_id, position) INCLUDE (deleted_at);
CREATE INDEX deals_status_value_amount_idx ON deals (tenant_id, status, value_amount) INCLUDE (deleted_at);
CREATE INDEX deals_value_amount_idx ON deals (tenant_id, value_amount) INCLUDE (deleted_at);
CREATE INDEX deals_reference_idx ON deals (tenant_id, reference) INCLUDE (deleted_at);
CREATE INDEX deals_primary_contact_id_idx ON deals (tenant_id, primary_contact_id) INCLUDE (deleted_at);
CREATE INDEX deals_company_id_idx ON deals (tenant_id, company_id) INCLUDE (deleted_at);
CREATE INDEX deals_owner_id_idx ON deals (tenant_id, owner_id) INCLUDE (deleted_at);
CREATE INDEX deals_created_at_id_idx ON deals (tenant_id, created_at, id) INCLUDE (deleted_at);
CREATE INDEX deals_pipeline_id_idx ON deals (tenant_id, pipeline_id) INCLUDE (deleted_at);

CREATE TABLE deals__service_interest (
    tenant_id uuid NOT NULL,
    parent_id uuid NOT NULL,
    position bigint NOT NULL,
    value uuid NOT NULL,
    CONSTRAINT deals__service_interest_pkey PRIMARY KEY (tenant_id, parent_id, position)
);
CREATE INDEX deals__service_interest_value_idx ON deals__service_interest (tenant_id, value, parent_id);

CREATE TABLE services (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    description text,
    category text,
    price_amount bigint,
    price_currency text,
    billing text NOT NULL,
    active boolean,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT services_price_amount_check CHECK ((price_amount IS NULL) = (price_currency IS NULL)),
    CONSTRAINT services_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX services_name_idx ON services (tenant_id, name);
CREATE INDEX services_created_at_id_idx ON services (tenant_id, created_at, id);

CREATE TABLE activities (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text,
    at timestamp with time zone,
    actor_id uuid,
    contact_id uuid,
    deal_id uuid,
    company_id uuid,
    meta json,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT activities_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX activities_at_idx ON activities (tenant_id, at);
CREATE INDEX activities_contact_id_at_idx ON activities (tenant_id, contact_id, at);
CREATE INDEX activities_deal_id_at_idx ON activities (tenant_id, deal_id, at);
CREATE INDEX activities_company_id_at_idx ON activities (tenant_id, company_id, at);
CREATE INDEX activities_created_at_id_idx ON activities (tenant_id, created_at, id);
CREATE INDEX activities_actor_id_idx ON activities (tenant_id, actor_id);

CREATE TABLE tasks (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    title text NOT NULL,
    description text,
    status text NOT NULL,
    priority text NOT NULL,
    due_at timestamp with time zone,
    completed_at timestamp with time zone,
    assignee_id uuid,
    contact_id uuid,
    deal_id uuid,
    company_id uuid,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT tasks_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX tasks_assignee_id_status_due_at_idx ON tasks (tenant_id, assignee_id, status, due_at) INCLUDE (deleted_at);
CREATE INDEX tasks_status_due_at_idx ON tasks (tenant_id, status, due_at) INCLUDE (deleted_at);
CREATE INDEX tasks_contact_id_idx ON tasks (tenant_id, contact_id) INCLUDE (deleted_at);
CREATE INDEX tasks_deal_id_idx ON tasks (tenant_id, deal_id) INCLUDE (deleted_at);
CREATE INDEX tasks_company_id_idx ON tasks (tenant_id, company_id) INCLUDE (deleted_at);
CREATE INDEX tasks_created_at_id_idx ON tasks (tenant_id, created_at, id) INCLUDE (deleted_at);

CREATE TABLE appointments (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    title text NOT NULL,
    description text,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone,
    location text,
    status text NOT NULL,
    organizer_id uuid,
    contact_id uuid,
    deal_id uuid,
    company_id uuid,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT appointments_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX appointments_starts_at_idx ON appointments (tenant_id, starts_at) INCLUDE (deleted_at);
CREATE INDEX appointments_organizer_id_starts_at_idx ON appointments (tenant_id, organizer_id, starts_at) INCLUDE (deleted_at);
CREATE INDEX appointments_contact_id_idx ON appointments (tenant_id, contact_id) INCLUDE (deleted_at);
CREATE INDEX appointments_deal_id_idx ON appointments (tenant_id, deal_id) INCLUDE (deleted_at);
CREATE INDEX appointments_company_id_idx ON appointments (tenant_id, company_id) INCLUDE (deleted_at);
CREATE INDEX appointments_created_at_id_idx ON appointments (tenant_id, created_at, id) INCLUDE (deleted_at);

CREATE TABLE appointments__attendees (
    tenant_id uuid NOT NULL,
    parent_id uuid NOT NULL,
    position bigint NOT NULL,
    value uuid NOT NULL,
    CONSTRAINT appointments__attendees_pkey PRIMARY KEY (tenant_id, parent_id, position)
);
CREATE INDEX appointments__attendees_value_idx ON appointments__attendees (tenant_id, value, parent_id);

CREATE TABLE notes (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    body text NOT NULL,
    pinned boolean,
    contact_id uuid,
    deal_id uuid,
    company_id uuid,
    author_id uuid,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT notes_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX notes_contact_id_idx ON notes (tenant_id, contact_id) INCLUDE (deleted_at);
CREATE INDEX notes_deal_id_idx ON notes (tenant_id, deal_id) INCLUDE (deleted_at);
CREATE INDEX notes_company_id_idx ON notes (tenant_id, company_id) INCLUDE (deleted_at);
CREATE INDEX notes_created_at_id_idx ON notes (tenant_id, created_at, id) INCLUDE (deleted_at);
CREATE INDEX notes_author_id_idx ON notes (tenant_id, author_id) INCLUDE (deleted_at);

CREATE TABLE tags (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    color text,
    updated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT tags_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX tags_name_key ON tags (tenant_id, name);
CREATE INDEX tags_created_at_id_idx ON tags (tenant_id, created_at, id);

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

CREATE TABLE audit (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    actor_name text,
    session_id uuid,
    ip text NOT NULL,
    user_agent text NOT NULL,
    request_id text NOT NULL,
    verb text NOT NULL,
    collection text NOT NULL,
    document_id uuid NOT NULL,
    before json,
    after json,
    CONSTRAINT audit_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_at_id_idx ON audit (tenant_id, at, id);
CREATE INDEX audit_collection_document_id_at_idx ON audit (tenant_id, collection, document_id, at);
ALTER TABLE tenants ADD CONSTRAINT tenants_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES tenants (id) ON DELETE NO ACTION;
ALTER TABLE memberships ADD CONSTRAINT memberships_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE memberships ADD CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE memberships ADD CONSTRAINT memberships_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES users (id) ON DELETE SET NULL (manager_id);
ALTER TABLE invitations ADD CONSTRAINT invitations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE invitations ADD CONSTRAINT invitations_invited_by_id_fkey FOREIGN KEY (invited_by_id) REFERENCES users (id) ON DELETE SET NULL (invited_by_id);
ALTER TABLE companies ADD CONSTRAINT companies_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE companies ADD CONSTRAINT companies_parent_id_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES companies (tenant_id, id) ON DELETE SET NULL (parent_id);
ALTER TABLE companies ADD CONSTRAINT companies_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE SET NULL (owner_id);
ALTER TABLE companies__tags ADD CONSTRAINT companies__tags_parent_id_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES companies (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE companies__tags ADD CONSTRAINT companies__tags_value_fkey FOREIGN KEY (tenant_id, value) REFERENCES tags (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE contacts ADD CONSTRAINT contacts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE contacts ADD CONSTRAINT contacts_company_id_fkey FOREIGN KEY (tenant_id, company_id) REFERENCES companies (tenant_id, id) ON DELETE SET NULL (company_id);
ALTER TABLE contacts ADD CONSTRAINT contacts_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE SET NULL (owner_id);
ALTER TABLE contacts__tags ADD CONSTRAINT contacts__tags_parent_id_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE contacts__tags ADD CONSTRAINT contacts__tags_value_fkey FOREIGN KEY (tenant_id, value) REFERENCES tags (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE identities ADD CONSTRAINT identities_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE identities ADD CONSTRAINT identities_contact_id_fkey FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE pipelines ADD CONSTRAINT pipelines_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE stages ADD CONSTRAINT stages_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE stages ADD CONSTRAINT stages_pipeline_id_fkey FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipelines (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE deals ADD CONSTRAINT deals_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE deals ADD CONSTRAINT deals_pipeline_id_fkey FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipelines (tenant_id, id) ON DELETE NO ACTION;
ALTER TABLE deals ADD CONSTRAINT deals_stage_id_fkey FOREIGN KEY (tenant_id, stage_id) REFERENCES stages (tenant_id, id) ON DELETE NO ACTION;
ALTER TABLE deals ADD CONSTRAINT deals_primary_contact_id_fkey FOREIGN KEY (tenant_id, primary_contact_id) REFERENCES contacts (tenant_id, id) ON DELETE SET NULL (primary_contact_id);
ALTER TABLE deals ADD CONSTRAINT deals_company_id_fkey FOREIGN KEY (tenant_id, company_id) REFERENCES companies (tenant_id, id) ON DELETE SET NULL (company_id);
ALTER TABLE deals ADD CONSTRAINT deals_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE SET NULL (owner_id);
ALTER TABLE deals__service_interest ADD CONSTRAINT deals__service_interest_parent_id_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES deals (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE deals__service_interest ADD CONSTRAINT deals__service_interest_value_fkey FOREIGN KEY (tenant_id, value) REFERENCES services (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE services ADD CONSTRAINT services_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE activities ADD CONSTRAINT activities_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE activities ADD CONSTRAINT activities_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES users (id) ON DELETE SET NULL (actor_id);
ALTER TABLE activities ADD CONSTRAINT activities_contact_id_fkey FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE SET NULL (contact_id);
ALTER TABLE activities ADD CONSTRAINT activities_deal_id_fkey FOREIGN KEY (tenant_id, deal_id) REFERENCES deals (tenant_id, id) ON DELETE SET NULL (deal_id);
ALTER TABLE activities ADD CONSTRAINT activities_company_id_fkey FOREIGN KEY (tenant_id, company_id) REFERENCES companies (tenant_id, id) ON DELETE SET NULL (company_id);
ALTER TABLE tasks ADD CONSTRAINT tasks_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE tasks ADD CONSTRAINT tasks_assignee_id_fkey FOREIGN KEY (assignee_id) REFERENCES users (id) ON DELETE SET NULL (assignee_id);
ALTER TABLE tasks ADD CONSTRAINT tasks_contact_id_fkey FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE SET NULL (contact_id);
ALTER TABLE tasks ADD CONSTRAINT tasks_deal_id_fkey FOREIGN KEY (tenant_id, deal_id) REFERENCES deals (tenant_id, id) ON DELETE SET NULL (deal_id);
ALTER TABLE tasks ADD CONSTRAINT tasks_company_id_fkey FOREIGN KEY (tenant_id, company_id) REFERENCES companies (tenant_id, id) ON DELETE SET NULL (company_id);
ALTER TABLE appointments ADD CONSTRAINT appointments_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE appointments ADD CONSTRAINT appointments_organizer_id_fkey FOREIGN KEY (organizer_id) REFERENCES users (id) ON DELETE SET NULL (organizer_id);
ALTER TABLE appointments ADD CONSTRAINT appointments_contact_id_fkey FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE SET NULL (contact_id);
ALTER TABLE appointments ADD CONSTRAINT appointments_deal_id_fkey FOREIGN KEY (tenant_id, deal_id) REFERENCES deals (tenant_id, id) ON DELETE SET NULL (deal_id);
ALTER TABLE appointments ADD CONSTRAINT appointments_company_id_fkey FOREIGN KEY (tenant_id, company_id) REFERENCES companies (tenant_id, id) ON DELETE SET NULL (company_id);
ALTER TABLE appointments__attendees ADD CONSTRAINT appointments__attendees_parent_id_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES appointments (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE appointments__attendees ADD CONSTRAINT appointments__attendees_value_fkey FOREIGN KEY (tenant_id, value) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE notes ADD CONSTRAINT notes_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE notes ADD CONSTRAINT notes_contact_id_fkey FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE SET NULL (contact_id);
ALTER TABLE notes ADD CONSTRAINT notes_deal_id_fkey FOREIGN KEY (tenant_id, deal_id) REFERENCES deals (tenant_id, id) ON DELETE SET NULL (deal_id);
ALTER TABLE notes ADD CONSTRAINT notes_company_id_fkey FOREIGN KEY (tenant_id, company_id) REFERENCES companies (tenant_id, id) ON DELETE SET NULL (company_id);
ALTER TABLE notes ADD CONSTRAINT notes_author_id_fkey FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE SET NULL (author_id);
ALTER TABLE tags ADD CONSTRAINT tags_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE views ADD CONSTRAINT views_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE views ADD CONSTRAINT views_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE SET NULL (owner_id);
ALTER TABLE audit ADD CONSTRAINT audit_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;

-- Sign-in: what people prove themselves with, and the only doors that reach it.
--
-- `credentials` and `sign_in_attempts` cannot be read by the serving role at all; `sessions` only by
-- their own user. Everything else goes through the functions below. They run as mainstay_owner with
-- a fixed search_path, name every table in full, and decide for themselves who may do what:
-- none trusts more of its caller than app.user_id().

-- Row-level security is forced on the owner as well, so the functions need policies of their own.
CREATE POLICY tenants_owner ON public.tenants TO mainstay_owner USING (true) WITH CHECK (true);
CREATE POLICY users_owner ON public.users TO mainstay_owner USING (true) WITH CHECK (true);
CREATE POLICY memberships_owner ON public.memberships TO mainstay_owner USING (true) WITH CHECK (true);

-- A person's memberships are read at every sign-in, wherever they are.
CREATE INDEX memberships_person_idx ON public.memberships (user_id, tenant_id);

CREATE TABLE public.credentials (
    user_id uuid PRIMARY KEY REFERENCES public.users (id) ON DELETE CASCADE,
    password_hash text,
    verified_at timestamptz,
    verification_hash text,
    verification_requested_at timestamptz,
    reset_hash text,
    reset_expires_at timestamptz,
    reset_requested_at timestamptz
);
CREATE UNIQUE INDEX credentials_reset_hash_key ON public.credentials (reset_hash);
CREATE UNIQUE INDEX credentials_verification_hash_key ON public.credentials (verification_hash);
ALTER TABLE public.credentials ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.credentials FORCE ROW LEVEL SECURITY;
CREATE POLICY credentials_owner ON public.credentials TO mainstay_owner USING (true) WITH CHECK (true);
REVOKE ALL ON public.credentials FROM PUBLIC, app_user;

-- Counted by address, known or not, so that a lock tells nothing about who has an account.
CREATE TABLE public.sign_in_attempts (
    -- SHA-256 of the normalised address.
    address text PRIMARY KEY,
    attempts integer NOT NULL,
    locked_until timestamptz,
    touched_at timestamptz NOT NULL
);
CREATE INDEX sign_in_attempts_touched_at_idx ON public.sign_in_attempts (touched_at);
ALTER TABLE public.sign_in_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.sign_in_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_attempts_owner ON public.sign_in_attempts TO mainstay_owner USING (true) WITH CHECK (true);
REVOKE ALL ON public.sign_in_attempts FROM PUBLIC, app_user;

CREATE TABLE public.sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ip text NOT NULL,
    user_agent text NOT NULL
);
CREATE INDEX sessions_user_id_idx ON public.sessions (user_id, created_at);
ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY sessions_owner ON public.sessions TO mainstay_owner USING (true) WITH CHECK (true);
CREATE POLICY sessions_read ON public.sessions FOR SELECT TO app_user USING (user_id = (SELECT app.user_id()));
CREATE POLICY sessions_delete ON public.sessions FOR DELETE TO app_user USING (user_id = (SELECT app.user_id()));
REVOKE ALL ON public.sessions FROM PUBLIC, app_user;
GRANT SELECT, DELETE ON public.sessions TO app_user;

-- Ranks: kernel::Role. -----------------------------------------------------------------------

CREATE FUNCTION app.role_rank(role text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE role WHEN 'viewer' THEN 1 WHEN 'member' THEN 2 WHEN 'admin' THEN 3 WHEN 'owner' THEN 4 ELSE 0 END
$$;

-- Strongest rank a user holds in a tenant, by a membership there or above. A membership in a tenant
-- that is suspended, or lies below a suspended one, counts for nothing.
CREATE FUNCTION app.rank_in(who uuid, tenant uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE up AS (
        SELECT t.id, t.parent_id, t.status, 0 AS level FROM public.tenants t WHERE t.id = rank_in.tenant
        UNION ALL
        SELECT t.id, t.parent_id, t.status, up.level + 1
        FROM up JOIN public.tenants t ON t.id = up.parent_id WHERE up.level < 32
    ), path AS (
        SELECT up.id, bool_and(up.status = 'active') OVER (ORDER BY up.level DESC) AS live FROM up
    )
    SELECT coalesce(max(app.role_rank(m.role)), 0)
    FROM path JOIN public.memberships m ON m.tenant_id = path.id AND m.user_id = rank_in.who
    WHERE path.live
$$;

-- Whether the acting user may manage another's account: at least admin, and no weaker than that
-- person, in every tenant where the person is a member. An account with no membership left belongs to
-- the administrators of the platform. Without an acting user (import, seed) the product itself
-- acts: with an owner's rank, and only on people whose every tenant it was given.
CREATE FUNCTION app.manages(target uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN app.user_id() IS NULL THEN app.rank() >= 4 AND NOT EXISTS (
            SELECT FROM public.memberships m
            WHERE m.user_id = manages.target AND m.tenant_id <> ALL (coalesce(app.visible(), '{}')))
        WHEN EXISTS (SELECT FROM public.memberships m WHERE m.user_id = manages.target) THEN NOT EXISTS (
            SELECT FROM public.memberships m
            WHERE m.user_id = manages.target
              AND app.rank_in(app.user_id(), m.tenant_id) < greatest(3, app.role_rank(m.role)))
        ELSE EXISTS (
            SELECT FROM public.tenants t
            WHERE t.kind = 'platform' AND app.rank_in(app.user_id(), t.id) >= 3)
    END
$$;

-- A rule of the hooks once more, below them: nobody writes a membership stronger than their own.
-- (The policies of `users` call app.manages themselves.)
CREATE POLICY memberships_insert_rank ON public.memberships AS RESTRICTIVE FOR INSERT TO app_user
    WITH CHECK (app.role_rank(role) <= (SELECT app.rank()));
CREATE POLICY memberships_update_rank ON public.memberships AS RESTRICTIVE FOR UPDATE TO app_user
    USING (app.role_rank(role) <= (SELECT app.rank()));
CREATE POLICY memberships_delete_rank ON public.memberships AS RESTRICTIVE FOR DELETE TO app_user
    USING (app.role_rank(role) <= (SELECT app.rank()));

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

-- Sign-in. -----------------------------------------------------------------------------------

CREATE FUNCTION app.address_key(email text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT encode(sha256(convert_to(email, 'UTF8')), 'hex')
$$;

-- Takes one try before the password is looked at, so that tries made at the same moment count too.
-- The `most`-th try still answers; it locks the address unless sign_in_finish clears it.
CREATE FUNCTION app.sign_in_begin(email text, most integer, lock_seconds integer)
RETURNS TABLE (locked boolean, user_id uuid, password_hash text, verified boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at timestamptz := clock_timestamp();
    until timestamptz := at + make_interval(secs => lock_seconds);
    locking boolean;
BEGIN
    IF random() < 0.01 THEN
        DELETE FROM public.sign_in_attempts a WHERE a.touched_at < at - interval '1 day';
    END IF;
    INSERT INTO public.sign_in_attempts AS a (address, attempts, locked_until, touched_at)
    VALUES (app.address_key(email), 1, CASE WHEN most <= 1 THEN until END, at)
    ON CONFLICT (address) DO UPDATE SET
        attempts = CASE WHEN a.locked_until IS NULL THEN a.attempts + 1 ELSE 1 END,
        locked_until = CASE WHEN most <= CASE WHEN a.locked_until IS NULL THEN a.attempts + 1 ELSE 1 END THEN until END,
        touched_at = at
    WHERE a.locked_until IS NULL OR a.locked_until <= at
    RETURNING a.locked_until IS NOT NULL INTO locking;
    IF NOT FOUND THEN
        RETURN QUERY SELECT true, NULL::uuid, NULL::text, false;
        RETURN;
    END IF;
    IF locking THEN
        PERFORM app.lock_noted(u.id, until) FROM public.users u WHERE u.email = sign_in_begin.email;
    END IF;
    RETURN QUERY
        SELECT false, u.id, c.password_hash, c.verified_at IS NOT NULL
        FROM public.users u JOIN public.credentials c ON c.user_id = u.id
        WHERE u.email = sign_in_begin.email AND c.password_hash IS NOT NULL;
END $$;

-- Opens a session for a user whose password was right. `proof` is the hash it was checked against:
-- a password changed in the meantime opens nothing. False when the account is suspended or changed.
CREATE FUNCTION app.sign_in_finish(who uuid, proof text, session uuid, created timestamptz, expires timestamptz, ip text, user_agent text)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    key text;
BEGIN
    SELECT app.address_key(u.email) INTO key
    FROM public.users u JOIN public.credentials c ON c.user_id = u.id
    WHERE u.id = who AND u.status = 'active' AND c.password_hash = proof
    FOR SHARE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM public.sign_in_attempts a WHERE a.address = key;
    DELETE FROM public.sessions s WHERE s.user_id = who AND s.expires_at <= clock_timestamp();
    INSERT INTO public.sessions (id, user_id, created_at, expires_at, ip, user_agent)
    VALUES (session, who, created, expires, left(sign_in_finish.ip, 64), left(sign_in_finish.user_agent, 400));
    RETURN true;
END $$;

-- A password given anew was right: the tries before it are forgotten. `proof` as in sign_in_finish.
CREATE FUNCTION app.proven(who uuid, proof text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM public.sign_in_attempts a USING public.users u, public.credentials c
    WHERE u.id = who AND c.user_id = who AND c.password_hash = proof
      AND a.address = app.address_key(u.email)
$$;

-- The person behind a session and everything within reach: every tenant at or below a
-- membership, with the strongest rank and the currency inherited from the nearest ancestor that sets
-- one. A membership in a tenant that is suspended, or lies below a suspended one, counts for nothing; those who
-- come from above still reach a suspended tenant, or nobody could lift the suspension. No row when the session is over, the account suspended, or nothing is in reach.
CREATE FUNCTION app.session_actor(session uuid)
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

-- Sessions of the acting user. ------------------------------------------------------------------

CREATE FUNCTION app.refresh_session(session uuid, expires timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.sessions s SET expires_at = expires
    WHERE s.id = session AND s.user_id = app.user_id() AND s.expires_at > clock_timestamp();
    RETURN FOUND;
END $$;

CREATE FUNCTION app.revoke_session(session uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.sessions s WHERE s.id = session AND s.user_id = app.user_id();
    RETURN FOUND;
END $$;

-- All sessions of a user, by that user or by whoever manages the account.
CREATE FUNCTION app.revoke_sessions(target uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF app.user_id() IS DISTINCT FROM target AND NOT app.manages(target) THEN
        RAISE insufficient_privilege;
    END IF;
    DELETE FROM public.sessions s WHERE s.user_id = target;
END $$;

-- Passwords and addresses. ----------------------------------------------------------------------

-- By the person or by whoever manages the account. Ends every session but, for the person, `keep`.
CREATE FUNCTION app.set_password(target uuid, hash text, keep uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own boolean := app.user_id() IS NOT DISTINCT FROM target;
BEGIN
    IF NOT own AND NOT app.manages(target) THEN
        RAISE insufficient_privilege;
    END IF;
    INSERT INTO public.credentials AS c (user_id, password_hash) VALUES (target, hash)
    ON CONFLICT (user_id) DO UPDATE SET password_hash = hash, reset_hash = NULL, reset_expires_at = NULL;
    DELETE FROM public.sessions s WHERE s.user_id = target AND NOT (own AND s.id IS NOT DISTINCT FROM keep);
    DELETE FROM public.sign_in_attempts a USING public.users u
    WHERE u.id = target AND a.address = app.address_key(u.email);
END $$;

-- Keeps the hash of a reset token for an active account and says whom to write to; no row when
-- there is no such account, the last request is younger than `least_seconds`, or five letters went out
-- within the hour: then the last one stays good.
CREATE FUNCTION app.create_reset(email text, token_hash text, life_seconds integer, least_seconds integer)
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

CREATE FUNCTION app.reset_is_valid(token_hash text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.credentials c JOIN public.users u ON u.id = c.user_id
        WHERE c.reset_hash = token_hash AND c.reset_expires_at > clock_timestamp() AND u.status = 'active')
$$;

-- Spends a reset token: of any number of simultaneous uses one succeeds. Ends every session and
-- lifts a lock. Answers the person, whose address the token has proved.
CREATE FUNCTION app.reset_password(token_hash text, hash text)
RETURNS TABLE (user_id uuid, email text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    person uuid;
BEGIN
    UPDATE public.credentials c SET
        password_hash = hash, reset_hash = NULL, reset_expires_at = NULL,
        verified_at = coalesce(c.verified_at, clock_timestamp()), verification_hash = NULL
    FROM public.users u
    WHERE u.id = c.user_id AND u.status = 'active'
      AND c.reset_hash = token_hash AND c.reset_expires_at > clock_timestamp()
    RETURNING c.user_id INTO person;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    DELETE FROM public.sessions s WHERE s.user_id = person;
    DELETE FROM public.sign_in_attempts a USING public.users u
    WHERE u.id = person AND a.address = app.address_key(u.email);
    RETURN QUERY SELECT u.id, u.email FROM public.users u WHERE u.id = person;
END $$;

-- Keeps the hash of a verification token for an account not yet verified; as create_reset.
CREATE FUNCTION app.create_verification(target uuid, token_hash text, least_seconds integer)
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

CREATE FUNCTION app.verify(token_hash text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.credentials c SET verified_at = clock_timestamp(), verification_hash = NULL
    WHERE c.verification_hash = token_hash;
    RETURN FOUND;
END $$;

-- Lifts the lock of an account the acting user manages. False for any other address.
CREATE FUNCTION app.unlock(email text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF app.user_id() IS NULL OR NOT EXISTS (
        SELECT FROM public.users u WHERE u.email = unlock.email AND app.manages(u.id)) THEN
        RETURN false;
    END IF;
    DELETE FROM public.sign_in_attempts a WHERE a.address = app.address_key(unlock.email);
    RETURN true;
END $$;

-- The first person. -----------------------------------------------------------------------------

CREATE FUNCTION app.is_initialized() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.users)
$$;

-- Makes the platform and its owner while there is no user at all; false ever after. The ids are
-- used when the rows are made; a platform that exists already is kept.
CREATE FUNCTION app.first_register(who uuid, email text, name text, hash text, platform uuid, platform_name text, membership uuid)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('milliseconds', clock_timestamp());
    home uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('mainstay.first_register', 0));
    IF EXISTS (SELECT FROM public.users) THEN
        RETURN false;
    END IF;
    SELECT t.id INTO home FROM public.tenants t WHERE t.kind = 'platform' LIMIT 1;
    IF home IS NULL THEN
        home := platform;
        INSERT INTO public.tenants (id, name, slug, kind, status, updated_at, created_at)
        VALUES (home, platform_name, 'platform', 'platform', 'active', at, at);
    END IF;
    INSERT INTO public.users (id, name, email, status, updated_at, created_at)
    VALUES (who, first_register.name, first_register.email, 'active', at, at);
    INSERT INTO public.memberships (tenant_id, id, user_id, role, updated_at, created_at)
    VALUES (home, membership, who, 'owner', at, at);
    INSERT INTO public.credentials (user_id, password_hash, verified_at) VALUES (who, hash, at);
    PERFORM app.note(who, NULL, '', '', 'create', told.collection, told.id, told.after)
    FROM (VALUES
        ('tenants', home, json_build_object('name', platform_name, 'kind', 'platform')),
        ('users', who, json_build_object('name', first_register.name, 'email', first_register.email)),
        ('memberships', membership, json_build_object('user', who, 'role', 'owner'))
    ) told (collection, id, after);
    RETURN true;
END $$;

-- Whether someone still owns the platform, if there is one. Takes a lock first, so that of two owners who remove
-- each other at the same moment the second is refused.
CREATE FUNCTION app.platform_has_owner() RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('mainstay.platform_owner', 0));
    IF NOT EXISTS (SELECT FROM public.tenants t WHERE t.kind = 'platform') THEN
        RETURN true;
    END IF;
    RETURN EXISTS (
        SELECT FROM public.memberships m
        JOIN public.tenants t ON t.id = m.tenant_id
        JOIN public.users u ON u.id = m.user_id
        WHERE t.kind = 'platform' AND m.role = 'owner' AND u.status = 'active');
END $$;

-- What must follow a change, whoever makes it. ---------------------------------------------------

-- A suspended person's sessions end; tokens mailed to an address that changed die with it.
CREATE FUNCTION app.user_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.status <> 'active' THEN
        DELETE FROM public.sessions s WHERE s.user_id = NEW.id;
    END IF;
    IF NEW.email <> OLD.email THEN
        UPDATE public.credentials c SET
            reset_hash = NULL, reset_expires_at = NULL, verification_hash = NULL, verified_at = NULL
        WHERE c.user_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER users_changed AFTER UPDATE OF status, email ON public.users
    FOR EACH ROW WHEN (NEW.status <> OLD.status OR NEW.email <> OLD.email)
    EXECUTE FUNCTION app.user_changed();

-- Other processes forget the actors they remember.
CREATE FUNCTION app.auth_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('mainstay_auth', '');
    RETURN NULL;
END $$;
CREATE TRIGGER users_auth_changed AFTER UPDATE OF status, email OR DELETE ON public.users
    FOR EACH STATEMENT EXECUTE FUNCTION app.auth_changed();
CREATE TRIGGER memberships_auth_changed AFTER INSERT OR UPDATE OR DELETE ON public.memberships
    FOR EACH STATEMENT EXECUTE FUNCTION app.auth_changed();
CREATE TRIGGER tenants_auth_changed AFTER INSERT OR UPDATE OR DELETE ON public.tenants
    FOR EACH STATEMENT EXECUTE FUNCTION app.auth_changed();
-- Sessions that ended by themselves stand for nobody; sweeping them is no news.
CREATE FUNCTION app.sessions_ended() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM gone WHERE gone.expires_at > clock_timestamp()) THEN
        PERFORM pg_notify('mainstay_auth', '');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sessions_auth_changed AFTER DELETE ON public.sessions
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION app.sessions_ended();

-- Doors are open to the serving role only. app.rank_in and app.address_key stay inside.
REVOKE ALL ON FUNCTION
    app.role_rank(text), app.rank_in(uuid, uuid), app.manages(uuid), app.address_key(text),
    app.sign_in_begin(text, integer, integer),
    app.sign_in_finish(uuid, text, uuid, timestamptz, timestamptz, text, text),
    app.proven(uuid, text), app.session_actor(uuid), app.refresh_session(uuid, timestamptz), app.revoke_session(uuid),
    app.revoke_sessions(uuid), app.set_password(uuid, text, uuid),
    app.create_reset(text, text, integer, integer), app.reset_is_valid(text), app.reset_password(text, text),
    app.create_verification(uuid, text, integer), app.verify(text), app.unlock(text), app.is_initialized(),
    app.first_register(uuid, text, text, text, uuid, text, uuid), app.platform_has_owner(),
    app.user_changed(), app.auth_changed(), app.sessions_ended()
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    app.role_rank(text), app.manages(uuid),
    app.sign_in_begin(text, integer, integer),
    app.sign_in_finish(uuid, text, uuid, timestamptz, timestamptz, text, text),
    app.proven(uuid, text), app.session_actor(uuid), app.refresh_session(uuid, timestamptz), app.revoke_session(uuid),
    app.revoke_sessions(uuid), app.set_password(uuid, text, uuid),
    app.create_reset(text, text, integer, integer), app.reset_is_valid(text), app.reset_password(text, text),
    app.create_verification(uuid, text, integer), app.verify(text), app.unlock(text), app.is_initialized(),
    app.first_register(uuid, text, text, text, uuid, text, uuid), app.platform_has_owner()
TO app_user;

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

-- What sign-in leaves in the audit: of each tenant where the person is a member. ---------------------
-- Sessions and passwords are no documents; they are told of as creating and deleting `sessions` and as
-- updating `users`.

-- A new time-ordered id (UUIDv7, RFC 9562), as kernel::new_id makes them: milliseconds, version, chance.
CREATE FUNCTION app.new_id() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
        52, 1), 53, 1), 'hex')::uuid
$$;

-- Adds one row to the audit of every tenant of `person`. For the functions of this folder alone.
CREATE FUNCTION app.note(person uuid, session uuid, ip text, user_agent text, verb text, collection text, document uuid, after json)
RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.audit (tenant_id, id, at, actor_kind, actor_id, actor_name, session_id, ip, user_agent, request_id,
        verb, collection, document_id, after)
    SELECT m.tenant_id, app.new_id(), date_trunc('milliseconds', clock_timestamp()), 'user', u.id, u.email,
        note.session, note.ip, note.user_agent, '', note.verb, note.collection, note.document, note.after
    FROM public.memberships m JOIN public.users u ON u.id = coalesce(app.user_id(), note.person)
    WHERE m.user_id = note.person
$$;

-- That too many wrong passwords locked a person out, by nobody knows whom. The last try may still be right and
-- then opens a session, which is noted next.
CREATE FUNCTION app.lock_noted(person uuid, until timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.audit (tenant_id, id, at, actor_kind, ip, user_agent, request_id, verb, collection, document_id, after)
    SELECT m.tenant_id, app.new_id(), date_trunc('milliseconds', clock_timestamp()), 'anonymous', '', '', '',
        'update', 'users', lock_noted.person,
        json_build_object('lockedUntil', to_char(until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    FROM public.memberships m WHERE m.user_id = lock_noted.person
$$;

CREATE FUNCTION app.session_noted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM app.note(NEW.user_id, NEW.id, NEW.ip, NEW.user_agent, 'create', 'sessions', NEW.id,
            json_build_object('user', NEW.user_id));
    ELSIF OLD.expires_at > clock_timestamp() THEN
        PERFORM app.note(OLD.user_id, OLD.id, OLD.ip, OLD.user_agent, 'delete', 'sessions', OLD.id, NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sessions_noted AFTER INSERT OR DELETE ON public.sessions
    FOR EACH ROW EXECUTE FUNCTION app.session_noted();

-- That a password was changed, and never what it is.
CREATE FUNCTION app.password_noted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM app.note(NEW.user_id, NULL, '', '', 'update', 'users', NEW.user_id,
        json_build_object('password', 'changed'));
    RETURN NULL;
END $$;
CREATE TRIGGER credentials_noted AFTER UPDATE OF password_hash ON public.credentials
    FOR EACH ROW WHEN (NEW.password_hash IS DISTINCT FROM OLD.password_hash)
    EXECUTE FUNCTION app.password_noted();

REVOKE ALL ON FUNCTION
    app.new_id(), app.note(uuid, uuid, text, text, text, text, uuid, json), app.lock_noted(uuid, timestamptz),
    app.session_noted(), app.password_noted()
FROM PUBLIC;


-- A rule of the hooks once more, below them: nobody makes a view in another's name, or shares one
-- without being a member. What the product makes has no owner and is shared.
CREATE POLICY views_insert_owner ON public.views AS RESTRICTIVE FOR INSERT TO app_user
    WITH CHECK (owner_id IS NOT DISTINCT FROM (SELECT app.user_id())
        AND (NOT shared OR (SELECT app.rank()) >= 2));

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenants_select ON tenants FOR SELECT TO app_user USING ((id = (SELECT app.here()) OR id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY tenants_insert ON tenants FOR INSERT TO app_user WITH CHECK (parent_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
CREATE POLICY tenants_update ON tenants FOR UPDATE TO app_user USING (id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3) WITH CHECK (id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
CREATE POLICY tenants_delete ON tenants FOR DELETE TO app_user USING (id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 4);
GRANT SELECT, INSERT, UPDATE, DELETE ON tenants TO app_user;

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY users_select ON users FOR SELECT TO app_user USING ((id = (SELECT app.user_id()) OR EXISTS (SELECT FROM memberships m WHERE m.user_id = users.id)));
CREATE POLICY users_insert ON users FOR INSERT TO app_user WITH CHECK ((SELECT app.tenant()) IS NOT NULL AND (SELECT app.rank()) >= 3);
CREATE POLICY users_update ON users FOR UPDATE TO app_user USING ((id = (SELECT app.user_id()) OR app.manages(id)) AND ((SELECT app.rank()) >= 3 OR id = (SELECT app.user_id()))) WITH CHECK ((id = (SELECT app.user_id()) OR app.manages(id)) AND ((SELECT app.rank()) >= 3 OR id = (SELECT app.user_id())));
CREATE POLICY users_delete ON users FOR DELETE TO app_user USING ((id = (SELECT app.user_id()) OR app.manages(id)) AND (SELECT app.rank()) >= 3);
GRANT SELECT, INSERT, UPDATE, DELETE ON users TO app_user;

ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
CREATE POLICY memberships_select ON memberships FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY memberships_insert ON memberships FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
CREATE POLICY memberships_update ON memberships FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3) WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
CREATE POLICY memberships_delete ON memberships FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
GRANT SELECT, INSERT, UPDATE, DELETE ON memberships TO app_user;

ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY invitations_select ON invitations FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))) AND (SELECT app.rank()) >= 3);
CREATE POLICY invitations_insert ON invitations FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
CREATE POLICY invitations_update ON invitations FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND false) WITH CHECK (tenant_id = (SELECT app.tenant()) AND false);
CREATE POLICY invitations_delete ON invitations FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO app_user;

ALTER TABLE companies ENABLE ROW LEVEL SECURITY;
ALTER TABLE companies FORCE ROW LEVEL SECURITY;
CREATE POLICY companies_select ON companies FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY companies_insert ON companies FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY companies_update ON companies FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2) WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY companies_delete ON companies FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
GRANT SELECT, INSERT, UPDATE, DELETE ON companies TO app_user;

ALTER TABLE companies__tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE companies__tags FORCE ROW LEVEL SECURITY;
CREATE POLICY companies__tags_select ON companies__tags FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY companies__tags_insert ON companies__tags FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2));
CREATE POLICY companies__tags_update ON companies__tags FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2)) WITH CHECK (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2));
CREATE POLICY companies__tags_delete ON companies__tags FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2));
GRANT SELECT, INSERT, UPDATE, DELETE ON companies__tags TO app_user;

ALTER TABLE contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts FORCE ROW LEVEL SECURITY;
CREATE POLICY contacts_select ON contacts FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY contacts_insert ON contacts FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY contacts_update ON contacts FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2) WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY contacts_delete ON contacts FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
GRANT SELECT, INSERT, UPDATE, DELETE ON contacts TO app_user;

ALTER TABLE contacts__tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts__tags FORCE ROW LEVEL SECURITY;
CREATE POLICY contacts__tags_select ON contacts__tags FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY contacts__tags_insert ON contacts__tags FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2));
CREATE POLICY contacts__tags_update ON contacts__tags FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2)) WITH CHECK (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2));
CREATE POLICY contacts__tags_delete ON contacts__tags FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2));
GRANT SELECT, INSERT, UPDATE, DELETE ON contacts__tags TO app_user;

ALTER TABLE identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE identities FORCE ROW LEVEL SECURITY;
CREATE POLICY identities_select ON identities FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY identities_insert ON identities FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY identities_update ON identities FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2) WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY identities_delete ON identities FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
GRANT SELECT, INSERT, UPDATE, DELETE ON identities TO app_user;

ALTER TABLE pipelines ENABLE ROW LEVEL SECURITY;
ALTER TABLE pipelines FORCE ROW LEVEL SECURITY;
CREATE POLICY pipelines_select ON pipelines FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY pipelines_insert ON pipelines FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
CREATE POLICY pipelines_update ON pipelines FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3) WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
CREATE POLICY pipelines_delete ON pipelines FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
GRANT SELECT, INSERT, UPDATE, DELETE ON pipelines TO app_user;

ALTER TABLE stages ENABLE ROW LEVEL SECURITY;
ALTER TABLE stages FORCE ROW LEVEL SECURITY;
CREATE POLICY stages_select ON stages FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY stages_insert ON stages FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
CREATE POLICY stages_update ON stages FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3) WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
CREATE POLICY stages_delete ON stages FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
GRANT SELECT, INSERT, UPDATE, DELETE ON stages TO app_user;

ALTER TABLE deals ENABLE ROW LEVEL SECURITY;
ALTER TABLE deals FORCE ROW LEVEL SECURITY;
CREATE POLICY deals_select ON deals FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY deals_insert ON deals FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY deals_update ON deals FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2) WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY deals_delete ON deals FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
GRANT SELECT, INSERT, UPDATE, DELETE ON deals TO app_user;

ALTER TABLE deals__service_interest ENABLE ROW LEVEL SECURITY;
ALTER TABLE deals__service_interest FORCE ROW LEVEL SECURITY;
CREATE POLICY deals__service_interest_select ON deals__service_interest FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY deals__service_interest_insert ON deals__service_interest FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2));
CREATE POLICY deals__service_interest_update ON deals__service_interest FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2)) WITH CHECK (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2));
CREATE POLICY deals__service_interest_delete ON deals__service_interest FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2));
GRANT SELECT, INSERT, UPDATE, DELETE ON deals__service_interest TO app_user;

ALTER TABLE services ENABLE ROW LEVEL SECURITY;
ALTER TABLE services FORCE ROW LEVEL SECURITY;
CREATE POLICY services_select ON services FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY services_insert ON services FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
CREATE POLICY services_update ON services FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3) WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
CREATE POLICY services_delete ON services FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 3);
GRANT SELECT, INSERT, UPDATE, DELETE ON services TO app_user;

ALTER TABLE activities ENABLE ROW LEVEL SECURITY;
ALTER TABLE activities FORCE ROW LEVEL SECURITY;
CREATE POLICY activities_select ON activities FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY activities_insert ON activities FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY activities_update ON activities FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2) WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY activities_delete ON activities FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
GRANT SELECT, INSERT, UPDATE, DELETE ON activities TO app_user;

ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
CREATE POLICY tasks_select ON tasks FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY tasks_insert ON tasks FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY tasks_update ON tasks FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2) WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY tasks_delete ON tasks FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
GRANT SELECT, INSERT, UPDATE, DELETE ON tasks TO app_user;

ALTER TABLE appointments ENABLE ROW LEVEL SECURITY;
ALTER TABLE appointments FORCE ROW LEVEL SECURITY;
CREATE POLICY appointments_select ON appointments FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY appointments_insert ON appointments FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY appointments_update ON appointments FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2) WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY appointments_delete ON appointments FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
GRANT SELECT, INSERT, UPDATE, DELETE ON appointments TO app_user;

ALTER TABLE appointments__attendees ENABLE ROW LEVEL SECURITY;
ALTER TABLE appointments__attendees FORCE ROW LEVEL SECURITY;
CREATE POLICY appointments__attendees_select ON appointments__attendees FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY appointments__attendees_insert ON appointments__attendees FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2));
CREATE POLICY appointments__attendees_update ON appointments__attendees FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2)) WITH CHECK (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2));
CREATE POLICY appointments__attendees_delete ON appointments__attendees FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND ((SELECT app.rank()) >= 2 OR (SELECT app.rank()) >= 2));
GRANT SELECT, INSERT, UPDATE, DELETE ON appointments__attendees TO app_user;

ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
CREATE POLICY notes_select ON notes FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY notes_insert ON notes FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY notes_update ON notes FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2) WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY notes_delete ON notes FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO app_user;

ALTER TABLE tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE tags FORCE ROW LEVEL SECURITY;
CREATE POLICY tags_select ON tags FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))));
CREATE POLICY tags_insert ON tags FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY tags_update ON tags FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2) WITH CHECK (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
CREATE POLICY tags_delete ON tags FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (SELECT app.rank()) >= 2);
GRANT SELECT, INSERT, UPDATE, DELETE ON tags TO app_user;

ALTER TABLE views ENABLE ROW LEVEL SECURITY;
ALTER TABLE views FORCE ROW LEVEL SECURITY;
CREATE POLICY views_select ON views FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))) AND (owner_id = (SELECT app.user_id()) OR shared));
CREATE POLICY views_insert ON views FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()));
CREATE POLICY views_update ON views FOR UPDATE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (owner_id = (SELECT app.user_id()) OR ((SELECT app.rank()) >= 3 AND shared))) WITH CHECK (tenant_id = (SELECT app.tenant()) AND (owner_id = (SELECT app.user_id()) OR ((SELECT app.rank()) >= 3 AND shared)));
CREATE POLICY views_delete ON views FOR DELETE TO app_user USING (tenant_id = (SELECT app.tenant()) AND (owner_id = (SELECT app.user_id()) OR ((SELECT app.rank()) >= 3 AND shared)));
GRANT SELECT, INSERT, UPDATE, DELETE ON views TO app_user;

ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_select ON audit FOR SELECT TO app_user USING ((tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id))) AND (SELECT app.rank()) >= 3);
CREATE POLICY audit_insert ON audit FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT app.tenant()));
GRANT SELECT, INSERT ON audit TO app_user;

-- What every mutation leaves behind besides its audit row: one event, written in its transaction.

CREATE TABLE outbox (
    tenant_id uuid NOT NULL CONSTRAINT outbox_tenant_id_fkey REFERENCES tenants (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    -- A list, the most telling name first: ["deal.won","deal.stage_changed"]
    events json NOT NULL,
    collection text NOT NULL,
    document_id uuid NOT NULL,
    -- {"doc": the document, "changed": {field: former value}}
    payload json NOT NULL,
    CONSTRAINT outbox_pkey PRIMARY KEY (tenant_id, id)
);

ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;

CREATE POLICY outbox_select ON outbox FOR SELECT TO app_user
    USING (tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id)));
CREATE POLICY outbox_insert ON outbox FOR INSERT TO app_user
    WITH CHECK (tenant_id = (SELECT app.tenant()));

-- It cannot be rewritten: no UPDATE, no DELETE.
GRANT SELECT, INSERT ON outbox TO app_user;

-- What was answered to a POST that came with an Idempotency-Key, so that the same request sent again is not
-- carried out again. A person's own; kept for a day.
CREATE TABLE idempotency_keys (
    -- Where the person stood.
    tenant_id uuid NOT NULL CONSTRAINT idempotency_keys_tenant_id_fkey REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL CONSTRAINT idempotency_keys_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
    key text NOT NULL,
    -- SHA-256 of address, media type and body, in hex.
    request text NOT NULL,
    -- Of whoever carries the request out. A write of a claim that was taken over fails.
    claim uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    -- Set in the transaction of the first write, so that it is known even if the answer was never kept.
    collection text,
    document_id uuid,
    status smallint,
    answer text,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (tenant_id, user_id, key)
);
CREATE INDEX idempotency_keys_at_idx ON idempotency_keys (tenant_id, user_id, at);

ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;

CREATE POLICY idempotency_keys_select ON idempotency_keys FOR SELECT TO app_user
    USING (user_id = (SELECT app.user_id()) AND tenant_id = ANY ((SELECT app.visible())::uuid[]));
CREATE POLICY idempotency_keys_insert ON idempotency_keys FOR INSERT TO app_user
    WITH CHECK (user_id = (SELECT app.user_id()) AND tenant_id = ANY ((SELECT app.visible())::uuid[]));
CREATE POLICY idempotency_keys_update ON idempotency_keys FOR UPDATE TO app_user
    USING (user_id = (SELECT app.user_id()) AND tenant_id = ANY ((SELECT app.visible())::uuid[]))
    WITH CHECK (user_id = (SELECT app.user_id()) AND tenant_id = ANY ((SELECT app.visible())::uuid[]));
CREATE POLICY idempotency_keys_delete ON idempotency_keys FOR DELETE TO app_user
    USING (user_id = (SELECT app.user_id()) AND tenant_id = ANY ((SELECT app.visible())::uuid[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO app_user;

-- Notes on a claim, in the transaction of a write, what was written. Fails when somebody else has the claim.
CREATE FUNCTION app.claim_used(claim uuid, tenant uuid, key text, collection text, document uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.idempotency_keys k
    SET collection = coalesce(k.collection, claim_used.collection), document_id = coalesce(k.document_id, claim_used.document)
    WHERE k.tenant_id = claim_used.tenant AND k.user_id = app.user_id() AND k.key = claim_used.key
      AND k.claim = claim_used.claim AND k.status IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the claim was taken over' USING ERRCODE = 'serialization_failure';
    END IF;
END $$;
REVOKE ALL ON FUNCTION app.claim_used(uuid, uuid, text, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.claim_used(uuid, uuid, text, text, uuid) TO app_user;

-- What makes a change of the audit show: every statement that adds to it seals what it added. -------
--
-- A seal is a link of a chain: its hash covers the hash of the link before it and each row it seals. A
-- tenant has several chains (lanes), so that writers need not wait for each other's commits: a writer
-- takes the first lane that is free, and alone goes on with one. The serving role cannot write here.

CREATE TABLE audit_chain (
    tenant_id uuid NOT NULL CONSTRAINT audit_chain_tenant_id_fkey REFERENCES tenants (id) ON DELETE CASCADE,
    lane smallint NOT NULL,
    seq bigint NOT NULL,
    -- Rows of the audit, in the order in which they were hashed.
    entries uuid[] NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_chain_pkey PRIMARY KEY (tenant_id, lane, seq)
);

ALTER TABLE audit_chain ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_chain FORCE ROW LEVEL SECURITY;

CREATE POLICY audit_chain_select ON audit_chain FOR SELECT TO app_user
    USING (tenant_id = ANY ((SELECT app.visible())::uuid[]) AND (SELECT app.rank()) >= 3);
CREATE POLICY audit_chain_last ON audit_chain FOR SELECT TO mainstay_owner USING (true);
CREATE POLICY audit_chain_seal ON audit_chain FOR INSERT TO mainstay_owner WITH CHECK (true);
GRANT SELECT ON audit_chain TO app_user;

-- What a row says, the same in every session. Without settings of its own, so that it is inlined.
CREATE FUNCTION app.audit_digest(entry public.audit) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws(',',
        entry.id, extract(epoch FROM entry.at), pg_catalog.quote_nullable(entry.actor_kind),
        pg_catalog.quote_nullable(entry.actor_id), pg_catalog.quote_nullable(entry.actor_name),
        pg_catalog.quote_nullable(entry.session_id), pg_catalog.quote_nullable(entry.ip),
        pg_catalog.quote_nullable(entry.user_agent), pg_catalog.quote_nullable(entry.request_id),
        pg_catalog.quote_nullable(entry.verb), pg_catalog.quote_nullable(entry.collection),
        entry.document_id, pg_catalog.quote_nullable(entry.before), pg_catalog.quote_nullable(entry.after)), 'UTF8'))
$$;

-- A link's hash: SHA-256 over what comes before it, where it stands, and the digests of its rows.
CREATE FUNCTION app.audit_link(prior bytea, tenant uuid, lane smallint, seq bigint, digests bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_catalog.sha256(coalesce(prior, '') || pg_catalog.uuid_send(tenant) || pg_catalog.int2send(lane)
        || pg_catalog.int8send(seq) || digests)
$$;

-- Appends a link to the first of the tenant's lanes that no other transaction holds; with all of them
-- taken it waits for one. The lane is free again after the commit.
CREATE FUNCTION app.audit_seal(tenant uuid, entries uuid[], digests bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    lanes constant smallint := 32;
    free smallint := 0;
BEGIN
    WHILE NOT pg_try_advisory_xact_lock(hashtextextended(tenant::text, 7000 + free)) LOOP
        free := free + 1;
        IF free = lanes THEN
            free := pg_backend_pid() % lanes;
            PERFORM pg_advisory_xact_lock(hashtextextended(tenant::text, 7000 + free));
            EXIT;
        END IF;
    END LOOP;
    INSERT INTO public.audit_chain (tenant_id, lane, seq, entries, hash)
    SELECT tenant, free, next.seq, audit_seal.entries, app.audit_link(next.hash, tenant, free, next.seq, digests)
    FROM (VALUES (1)) one LEFT JOIN LATERAL (
        SELECT c.seq, c.hash FROM public.audit_chain c WHERE c.tenant_id = tenant AND c.lane = free
        ORDER BY c.seq DESC LIMIT 1) last ON true
    CROSS JOIN LATERAL (SELECT coalesce(last.seq, 0) + 1 AS seq, last.hash) next;
END $$;

CREATE FUNCTION app.audit_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM app.audit_seal(f.tenant_id, array_agg(f.id ORDER BY f.id),
        string_agg(app.audit_digest(ROW(f.*)::public.audit), '' ORDER BY f.id))
    FROM fresh f GROUP BY f.tenant_id ORDER BY f.tenant_id;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_added AFTER INSERT ON audit
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION app.audit_added();

REVOKE ALL ON FUNCTION
    app.audit_seal(uuid, uuid[], bytea), app.audit_added() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    app.audit_digest(public.audit), app.audit_link(bytea, uuid, smallint, bigint, bytea) TO app_user;

-- The words that records are found by, and how text is cut into words. `store::words` does the same for plain
-- texts, without asking the database; what a word is, is said here.

-- Lower case, without accents, of at most the first 4,000 characters. A collation is named so that
-- words are the same in every database, whatever its locale.
CREATE FUNCTION app.folded(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT lower(CASE
       WHEN octet_length(given) = length(given) THEN left(given, 4000)
       ELSE regexp_replace(normalize(left(given, 4000), NFKD),
                           '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]', '', 'g')
   END COLLATE "und-x-icu") $$;

-- The words of a text: runs of letters and digits; e-mail addresses whole as well; numbers written in
-- groups, such as phone numbers, as one run too, of international ones without the country's one to
-- three digits besides. Words are cut at 64 characters.
CREATE FUNCTION app.words(given text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 8 AS
$$ WITH folded AS (SELECT app.folded(given) AS t),
        numbers AS (
            SELECT ltrim(regexp_replace(m[1], '[^0-9]', '', 'g'), '0') AS digits, m[1] ~ '^(\+|00)' AS abroad
              FROM folded, regexp_matches(CASE WHEN t ~ '[0-9]{2}' THEN t END,
                                          '(\+?[0-9][0-9 ()./-]{5,}[0-9])', 'g') m)
   SELECT DISTINCT left(word, 64) COLLATE "C" FROM (
       SELECT regexp_split_to_table(t, '[^[:alnum:]]+') FROM folded
       UNION ALL
       SELECT rtrim(m[1], '.-')
         FROM folded, regexp_matches(CASE WHEN strpos(t, '@') > 0 THEN t END,
                                     '([[:alnum:]._%+-]+@[[:alnum:].-]+)', 'g') m
       UNION ALL
       SELECT substr(digits, 1 + n)
         FROM numbers, generate_series(0, CASE WHEN abroad THEN 3 ELSE 0 END) n
        WHERE length(digits) BETWEEN 7 AND 15
   ) found (word) WHERE word <> '' $$;

-- The words of a search: as above, but an e-mail address stands for its parts, and a search that is
-- nothing but a number written in groups is that number.
CREATE FUNCTION app.asked_words(given text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 3 AS
$$ WITH folded AS (SELECT app.folded(given) AS t),
        number AS (
            SELECT digits FROM folded, ltrim(regexp_replace(t, '[^0-9]', '', 'g'), '0') digits
             WHERE t ~ '^[+0-9 ()./-]+$' AND length(digits) BETWEEN 7 AND 15)
   SELECT DISTINCT left(word, 64) COLLATE "C" FROM (
       SELECT digits FROM number
       UNION ALL
       SELECT regexp_split_to_table(regexp_replace(t, '[[:alnum:]._%+-]+@[[:alnum:].-]*', ' ', 'g'), '[^[:alnum:]]+')
         FROM folded WHERE NOT EXISTS (SELECT FROM number)
       UNION ALL
       SELECT rtrim(m[1], '.-') FROM folded, regexp_matches(t, '([[:alnum:]._%+-]+@[[:alnum:].-]*)', 'g') m
   ) found (word) WHERE word <> '' $$;

-- What a record is found by: the words of its title weigh 2, those of its other searched fields 1.
CREATE FUNCTION app.weighted_words(title text, others text) RETURNS TABLE (word text, weight smallint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS
$$ SELECT w, max(n)::smallint
     FROM (SELECT w, 2 AS n FROM app.words(title) w UNION ALL SELECT w, 1 FROM app.words(others) w) each
    GROUP BY w $$;

GRANT EXECUTE ON FUNCTION app.folded(text), app.words(text), app.asked_words(text),
    app.weighted_words(text, text) TO app_user;

CREATE TABLE search_words (
    tenant_id uuid NOT NULL CONSTRAINT search_words_tenant_id_fkey REFERENCES tenants (id) ON DELETE CASCADE,
    collection text COLLATE "C" NOT NULL,
    word text COLLATE "C" NOT NULL,
    -- 2 in the title, 1 elsewhere
    weight smallint NOT NULL,
    document_id uuid NOT NULL,
    CONSTRAINT search_words_pkey PRIMARY KEY (tenant_id, collection, word, weight, document_id)
);
-- Whether a record that one word has found has the others too.
CREATE INDEX search_words_document_idx ON search_words (tenant_id, document_id, word, weight);

ALTER TABLE search_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE search_words FORCE ROW LEVEL SECURITY;

CREATE POLICY search_words_select ON search_words FOR SELECT TO app_user
    USING (tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id)));
CREATE POLICY search_words_insert ON search_words FOR INSERT TO app_user
    WITH CHECK (tenant_id = (SELECT app.tenant()));
CREATE POLICY search_words_delete ON search_words FOR DELETE TO app_user
    USING (tenant_id = (SELECT app.tenant()));

-- A word is never changed: it goes and another comes.
GRANT SELECT, INSERT, DELETE ON search_words TO app_user;
