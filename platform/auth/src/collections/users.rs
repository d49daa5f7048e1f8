//! People. Global: one person may be a member of many tenants.

use async_trait::async_trait;
use define::{Access, Collection, Field, Rule, Tenancy};
use engine::{Change, Context, Engine, Hooks, Verb};
use kernel::{Actor, Doc, Error, FieldError, Id, Result, Role, Value};
use store::Param;

use super::{ROLES, TOO_STRONG, branding, keep_an_owner, preferences};
use crate::actors::column;
use crate::{Passwords, normalize_email, password};

pub(super) fn collection() -> Collection {
    let admin = Rule::Role(Role::Admin);
    Collection::new("users", "User", "Users")
        .describe("People who sign in. One sees oneself and those one shares a tenant with.")
        .tenancy(Tenancy::Global)
        .access(Access {
            read: Rule::Member,
            create: admin.clone(),
            update: Rule::Any(vec![admin.clone(), Rule::Own("id".to_owned())]),
            delete: admin.clone(),
        })
        .fields(vec![
            Field::text("name").required().max(200),
            Field::email("email").required().unique().max(254),
            Field::select("status", &["active", "suspended"])
                .required()
                .default("active")
                .write(admin)
                .describe("A suspended person's sessions end at once."),
            Field::text("locale").max(35),
            Field::text("timezone").max(64),
            Field::text("password")
                .write_only()
                .describe("At least 8 characters. Changing it ends all other sessions."),
            Field::text("currentPassword")
                .write_only()
                .label("Current password")
                .describe("Asked of whoever changes their own e-mail address or password."),
            Field::json("preferences").max(preferences::MAX).write_only().describe(
                "The interface's own settings of this person, who alone sets them. Shown to them by \
                 /api/users/me, and to nobody else.",
            ),
            Field::select("role", &ROLES).write_only().create_only().describe(
                "Role of the membership a new user gets in the current tenant; member when absent.",
            ),
        ])
        .sort("name")
}

pub(super) struct Rules {
    pub(super) passwords: Passwords,
}

#[async_trait]
impl Hooks for Rules {
    /// A session alone does not make someone the owner of the account: who changes their own address
    /// or password proves that they know the present one. Wrong answers count as sign-in attempts.
    async fn admit(&self, engine: &Engine, actor: &Actor, id: Id, data: &Doc) -> Result<()> {
        let address = data.get("email").and_then(Value::as_str).map(normalize_email);
        let moves = address.is_some_and(|address| address != actor.email);
        let renews = data.get("password").is_some_and(|p| !p.is_null());
        if actor.user() != Some(id) || !(moves || renews) {
            return Ok(());
        }
        let given = data.get("currentPassword").and_then(Value::as_str);
        let proven = match given {
            // Whether an address is taken can be tried out by moving to it; those tries stay counted.
            Some(given) => self.proves(engine, actor, given, !moves).await?,
            None => false,
        };
        if proven {
            return Ok(());
        }
        let message = "Enter your current password.";
        let error = FieldError::new("currentPassword", message).labeled("Current password");
        Err(Error::validation("users", vec![error]).for_document(id.to_string()))
    }

    async fn before(&self, ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        require_management(ctx, changes).await?;
        for change in changes.iter_mut().filter(|c| c.verb != Verb::Delete) {
            if let Some(email) = change.get("email").as_str() {
                let email = normalize_email(email);
                change.set("email", email);
            }
            branding::check_place(change);
            check_password(ctx, change);
            preferences::check(ctx, change);
            if change.verb == Verb::Create {
                name_from_email(change);
                if role(change).is_none_or(|role| role > ctx.role) {
                    change.errors.push(FieldError::new("role", TOO_STRONG).labeled("Role"));
                }
            }
        }
        Ok(())
    }

    async fn after(&self, ctx: &mut Context<'_>, changes: &[Change]) -> Result<()> {
        let memberships =
            changes.iter().filter(|c| c.verb == Verb::Create).map(membership).collect();
        ctx.insert_recorded("memberships", memberships).await?;
        for change in changes {
            if let Some(password) = chosen_password(change) {
                self.set_password(ctx, change.id, password).await?;
            }
            preferences::keep(ctx, change).await?;
        }
        let leaves = |c: &Change| c.verb == Verb::Delete || c.changed("status");
        if changes.iter().any(|c| c.verb != Verb::Create && leaves(c)) {
            keep_an_owner(ctx).await?;
        }
        Ok(())
    }
}

impl Rules {
    async fn proves(
        &self,
        engine: &Engine,
        actor: &Actor,
        password: &str,
        forget_tries: bool,
    ) -> Result<bool> {
        let sql = "SELECT locked, user_id, password_hash FROM app.sign_in_begin($1, $2, $3)";
        let params = [
            Param::text(actor.email.as_str()),
            Param::Int(i64::from(crate::MAX_TRIES)),
            Param::Int(i64::try_from(crate::LOCK.as_secs()).unwrap_or(i64::MAX)),
        ];
        let rows = engine.store().call(sql, &params).await?;
        let Some(row) = rows.first() else { return Ok(false) };
        if column(row, "locked")? {
            return Ok(false);
        }
        let (user, hash): (Id, String) = (column(row, "user_id")?, column(row, "password_hash")?);
        let proven = self.passwords.verify(password.to_owned(), Some(hash.clone())).await?;
        if proven && forget_tries {
            let params = [Param::Uuid(user), Param::text(hash)];
            engine.store().call("SELECT app.proven($1, $2)", &params).await?;
        }
        Ok(proven)
    }

    /// The session of the request survives when the person changes their own password.
    async fn set_password(&self, ctx: &mut Context<'_>, user: Id, password: &str) -> Result<()> {
        let hash = self.passwords.hash(password.to_owned()).await?;
        let keep = ctx.actor.session.map_or(Param::Null, Param::Uuid);
        let params = [Param::Uuid(user), Param::text(hash), keep];
        ctx.query("SELECT app.set_password($1, $2, $3)", &params).await.map(|_| ())
    }
}

/// Others' accounts may be changed, and any account deleted, only by those who manage them: someone
/// who is admin here must not reach what a person has elsewhere.
async fn require_management(ctx: &mut Context<'_>, changes: &[Change]) -> Result<()> {
    let me = ctx.actor.user();
    let asked: Vec<Id> = changes
        .iter()
        .filter(|c| match c.verb {
            Verb::Create => false,
            Verb::Update => Some(c.id) != me,
            Verb::Delete => true,
        })
        .map(|c| c.id)
        .collect();
    if asked.is_empty() {
        return Ok(());
    }
    let sql =
        "SELECT coalesce(bool_and(app.manages(id)), false) AS managed FROM unnest($1::uuid[]) id";
    let rows = ctx.query(sql, &[Param::uuids(asked)]).await?;
    match rows.first() {
        Some(row) if column::<bool>(row, "managed")? => Ok(()),
        _ => Err(Error::forbidden()),
    }
}

/// Whom a person creates can sign in at once; whom the product brings in (import) asks for a reset.
fn check_password(ctx: &Context<'_>, change: &mut Change) {
    let fault = match change.input.get("password") {
        None | Some(Value::Null) if change.verb == Verb::Update => None,
        None | Some(Value::Null) if ctx.actor.user().is_none() => None,
        given => password::fault(given.and_then(Value::as_str).unwrap_or_default()),
    };
    change.errors.extend(fault);
}

fn chosen_password(change: &Change) -> Option<&str> {
    let chosen = change.verb != Verb::Delete;
    change.input.get("password").and_then(Value::as_str).filter(|_| chosen)
}

/// The wire contract's users have no name; whoever creates one without gets the mailbox's.
fn name_from_email(change: &mut Change) {
    if !change.get("name").is_null() {
        return;
    }
    let email = change.get("email").as_str().unwrap_or_default();
    let local = email.split('@').next().unwrap_or_default().to_owned();
    if !local.is_empty() {
        change.set("name", local);
    }
}

fn role(change: &Change) -> Option<Role> {
    match change.input.get("role") {
        None | Some(Value::Null) => Some(Role::Member),
        Some(value) => value.as_str().and_then(Role::parse),
    }
}

fn membership(change: &Change) -> Doc {
    let role = role(change).unwrap_or(Role::Viewer);
    let mut doc = Doc::new();
    doc.insert("user".to_owned(), Value::String(change.id.to_string()));
    doc.insert("role".to_owned(), Value::from(role.as_str()));
    doc
}
