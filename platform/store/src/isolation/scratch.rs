//! The scratch tree as `mainstay_owner` plants and clears it: a top of its own beside the platform, so that
//! no real tenant has it below, sees it or keeps a record of it.

use kernel::{Id, Result, new_id};
use tokio_postgres::Client;

use crate::errors::InWords as _;

/// What the top is called; nothing else has this slug and no parent.
const SLUG: &str = "mainstay-isolation-check";

/// The domain of all people of the check; nobody can have an address there (RFC 2606).
pub const DOMAIN: &str = "isolation-check.invalid";

/// One check at a time. False when another is running; the lock goes with the connection.
pub async fn lock(client: &Client) -> Result<bool> {
    let sql = "SELECT pg_try_advisory_lock(hashtext('mainstay isolation'))";
    Ok(client.query_one(sql, &[]).await.in_words()?.get(0))
}

/// Whether there is a platform besides the check's own.
pub async fn is_initialized(client: &Client) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT FROM public.tenants WHERE parent_id IS NULL AND slug <> $1)";
    Ok(client.query_one(sql, &[&SLUG]).await.in_words()?.get(0))
}

/// Plants the top and answers its id.
pub async fn plant(client: &Client) -> Result<Id> {
    let id = new_id();
    let sql = "INSERT INTO public.tenants (id, name, slug, kind, status, created_at, updated_at)
               VALUES ($1, 'Isolation check', $2, 'platform', 'active', now(), now())";
    client.execute(sql, &[&id, &SLUG]).await.in_words()?;
    Ok(id)
}

/// A person who is a member of nothing.
pub async fn stray(client: &Client) -> Result<Id> {
    let id = new_id();
    let sql = "INSERT INTO public.users (id, name, email, status, created_at, updated_at)
               VALUES ($1, 'Astray', $2, 'active', now(), now())";
    client.execute(sql, &[&id, &format!("astray@{DOMAIN}")]).await.in_words()?;
    Ok(id)
}

/// Takes away the tree with everything in it, its people, and the tries and letters counted against their
/// addresses.
/// True when there was anything. Of the people only those who are members of nothing else.
pub async fn clear(client: &Client) -> Result<bool> {
    let people = "
        WITH RECURSIVE tree AS (
            SELECT id FROM public.tenants WHERE parent_id IS NULL AND slug = $1
            UNION ALL SELECT t.id FROM tree JOIN public.tenants t ON t.parent_id = tree.id
        ), going AS (
            SELECT u.id, u.email FROM public.users u
             WHERE (u.email LIKE '%@' || $2 OR EXISTS (
                    SELECT FROM public.memberships m JOIN tree ON tree.id = m.tenant_id WHERE m.user_id = u.id))
               AND NOT EXISTS (SELECT FROM public.memberships m
                                WHERE m.user_id = u.id AND m.tenant_id NOT IN (SELECT id FROM tree))
        ), tries AS (
            DELETE FROM public.sign_in_attempts a USING going WHERE a.address = app.address_key(going.email)
        )
        DELETE FROM public.users u USING going WHERE u.id = going.id";
    let strangers = "DELETE FROM public.sign_in_attempts a WHERE a.address = ANY (
        SELECT app.address_key(name || '@' || $1) FROM unnest($2::text[]) name)";
    let tree = "
        WITH RECURSIVE tree AS (
            SELECT id FROM public.tenants WHERE parent_id IS NULL AND slug = $1
            UNION ALL SELECT t.id FROM tree JOIN public.tenants t ON t.parent_id = tree.id
        )
        DELETE FROM public.tenants t USING tree WHERE t.id = tree.id";
    let letters = "
        WITH RECURSIVE tree AS (
            SELECT id FROM public.tenants WHERE parent_id IS NULL AND slug = $1
            UNION ALL SELECT t.id FROM tree JOIN public.tenants t ON t.parent_id = tree.id
        ), marks AS (
            SELECT id::text AS mark FROM tree
            -- Invitations are counted of the tenant and of the address, whose hash stands in both.
            UNION ALL SELECT split_part(l.key, ' ', 3) FROM public.letters l
                JOIN tree ON l.key LIKE 'invitation ' || tree.id || ' %'
            UNION ALL SELECT app.address_key(u.email) FROM public.users u
                JOIN public.memberships m ON m.user_id = u.id JOIN tree ON tree.id = m.tenant_id
        )
        DELETE FROM public.letters l USING marks WHERE l.key LIKE '%' || marks.mark || '%'";
    client.execute(letters, &[&SLUG]).await.in_words()?;
    let gone = client.execute(people, &[&SLUG, &DOMAIN]).await.in_words()?;
    client.execute(strangers, &[&DOMAIN, &[NOBODY].as_slice()]).await.in_words()?;
    let trees = client.execute(tree, &[&SLUG]).await.in_words()?;
    Ok(gone + trees > 0)
}

/// Forgets the wrong passwords tried at an address of the check: too many of them lock it, which the audit
/// tells.
pub async fn forgive(client: &Client, email: &str) -> Result<()> {
    let sql = "DELETE FROM public.sign_in_attempts a WHERE a.address = app.address_key($1)";
    client.execute(sql, &[&email]).await.in_words().map(|_| ())
}

/// The start of an address that nobody has, to ask about.
pub const NOBODY: &str = "nobody";
