//! Who is asked to join a tenant, and as what. The letter's token is no part of the document.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use define::{Access, Collection, Field, Op, Rule, Shape, Where};
use engine::{Action, Call, Change, Context, Done, Engine, Example, Hooks, Manner, Perform, Verb};
use kernel::{Actor, Doc, Error, FieldError, Id, Kind, RequestInfo, Result, Role, Value, iso, now};
use serde_json::json;
use store::Param;

use super::{ROLES, TOO_STRONG};
use crate::actors::column;
use crate::{Post, later, normalize_email};

/// How long a letter can be answered.
const LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

const TOO_MANY: &str = "This address or this account has had too many invitations within the last hour. Try again later.";
const INVITED: &str =
    "This address has an open invitation already. Send that one again, or delete it first.";
const MEMBER: &str = "Whoever has this address is a member already.";
const ACCEPTED: &str = "This invitation was accepted already.";

pub(super) fn collection() -> Collection {
    let admin = Rule::Role(Role::Admin);
    Collection::new("invitations", "Invitation", "Invitations")
        .describe("People asked by mail to join the tenant.")
        .fields(vec![
            Field::email("email").required().create_only().max(254).index(),
            Field::select("role", &ROLES).required().create_only(),
            Field::text("name").create_only().max(200),
            Field::relation("invitedBy", "users").read_only(),
            Field::datetime("expiresAt").read_only().describe("Seven days after the last letter."),
            Field::datetime("acceptedAt").read_only(),
        ])
        .access(Access {
            read: admin.clone(),
            create: admin.clone(),
            update: Rule::Never,
            delete: admin,
        })
        .title("email")
}

pub(super) struct Rules {
    pub(super) post: Post,
}

#[async_trait]
impl Hooks for Rules {
    async fn before(&self, ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        let inviter = ctx.actor.user().map_or(Value::Null, |id| id.to_string().into());
        let mut emails = Vec::new();
        for change in changes.iter_mut().filter(|c| c.verb == Verb::Create) {
            let email = normalize_email(change.get("email").as_str().unwrap_or_default());
            emails.push(Value::from(email.as_str()));
            change.set("email", email);
            change.set("invitedBy", inviter.clone());
            change.set("expiresAt", iso(later(now(), LIFE)));
            if role_of(change.get("role")) > Some(ctx.role) {
                change.errors.push(FieldError::new("role", TOO_STRONG).labeled("Role"));
            }
        }
        refuse_the_invited(ctx, &emails).await?;
        refuse_too_many(ctx, &emails).await?;
        refuse_members(ctx, emails, changes).await
    }

    async fn after(&self, ctx: &mut Context<'_>, changes: &[Change]) -> Result<()> {
        let by_someone = |c: &&Change| c.verb == Verb::Create && !c.get("invitedBy").is_null();
        for change in changes.iter().filter(by_someone) {
            let (post, id, tenant) = (self.post.clone(), change.id, ctx.tenant);
            ctx.on_commit(move || post.invite(id, tenant));
        }
        Ok(())
    }
}

/// One open invitation an address; of two made at the same moment, one.
async fn refuse_the_invited(ctx: &mut Context<'_>, emails: &[Value]) -> Result<()> {
    if emails.is_empty() {
        return Ok(());
    }
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended('mainstay.invitations' || $1, 0))";
    ctx.query(lock, &[Param::text(ctx.tenant.to_string())]).await?;
    let open = Where::And(vec![
        Where::test("email", Op::In, Value::Array(emails.to_vec())),
        Where::test("acceptedAt", Op::Exists, false),
        Where::test("expiresAt", Op::GreaterThan, iso(now())),
    ]);
    match ctx.find("invitations", &open, "", 1).await?.is_empty() {
        true => Ok(()),
        false => Err(Error::new(Kind::Conflict, INVITED)),
    }
}

/// Nobody is to be flooded with letters, be it by inviting and deleting in turns.
async fn refuse_too_many(ctx: &mut Context<'_>, emails: &[Value]) -> Result<()> {
    for email in emails {
        let params = [Param::Uuid(ctx.tenant), Param::text(email.as_str().unwrap_or_default())];
        let rows = ctx.query(MAY_INVITE, &params).await?;
        may_invite(rows.first())?;
    }
    Ok(())
}

const MAY_INVITE: &str = "SELECT app.may_invite($1, $2) AS fits";

fn may_invite(row: Option<&store::Row>) -> Result<()> {
    match row {
        Some(row) if column::<bool>(row, "fits")? => Ok(()),
        _ => {
            let mut error = Error::new(Kind::TooMany, TOO_MANY);
            error.retry_after = Some(Duration::from_secs(3600));
            Err(error)
        }
    }
}

async fn refuse_members(
    ctx: &mut Context<'_>,
    emails: Vec<Value>,
    changes: &mut [Change],
) -> Result<()> {
    if emails.is_empty() {
        return Ok(());
    }
    let known = Where::test("email", Op::In, Value::Array(emails));
    let people = ctx.find("users", &known, "", 1_000).await?;
    let ids = people.iter().filter_map(|doc| doc.get("id").cloned()).collect();
    let theirs = Where::test("user", Op::In, Value::Array(ids));
    let members = ctx.find("memberships", &theirs, "", 1_000).await?;
    let is_member = |email: &Value| {
        let person = people.iter().find(|doc| doc.get("email") == Some(email));
        let id = person.and_then(|doc| doc.get("id"));
        id.is_some() && members.iter().any(|m| m.get("user") == id)
    };
    for change in changes.iter_mut().filter(|c| c.verb == Verb::Create) {
        if is_member(change.get("email")) {
            change.errors.push(FieldError::new("email", MEMBER).labeled("Email"));
        }
    }
    Ok(())
}

fn role_of(value: &Value) -> Option<Role> {
    value.as_str().and_then(Role::parse)
}

pub(super) fn resend(post: Post) -> Action {
    let schema = json!({
        "type": "object",
        "properties": {"doc": {"type": "object"}, "message": {"type": "string"}},
    });
    let example = json!({
        "doc": {"id": "01936f3e-5b7a-7c1e-9d1a-2f60c7a1b2c3", "email": "ana@harbour.example",
            "expiresAt": "2026-11-28T09:30:00.000Z"},
        "message": SENT,
    });
    Action {
        manner: Manner::Do,
        on: Some("invitations"),
        name: "resend",
        id: "resendInvitation",
        summary: "Send an invitation again",
        description: "Admins and stronger, none for a role above their own. The link is new and the former \
                      one dead; it lasts another seven days, and the invitation is the caller's from \
                      now on. Of requests within a few seconds one sends a letter.",
        input: None,
        answer: Example::new(schema, example),
        run: Arc::new(Resend { post }),
    }
}

const SENT: &str = "The invitation is on its way.";

struct Resend {
    post: Post,
}

#[async_trait]
impl Perform for Resend {
    async fn perform(&self, engine: &Engine, actor: &Actor, call: Call) -> Result<Done> {
        let invitation = call.document;
        let doc = read(engine, actor, invitation).await?;
        let tenant = doc.get("tenant").and_then(Value::as_str).and_then(|text| text.parse().ok());
        let tenant: Id = tenant.ok_or_else(|| Error::internal("an invitation of no tenant"))?;
        if doc.get("acceptedAt").is_some_and(|at| !at.is_null()) {
            return Err(Error::bad_request(ACCEPTED));
        }
        let email = doc.get("email").and_then(Value::as_str).unwrap_or_default();
        renew(engine, actor, invitation, tenant, email).await?;
        self.post.invite(invitation, tenant);
        let doc = read(engine, actor, invitation).await?;
        Ok(Done::with(json!({"doc": doc, "message": SENT})))
    }
}

async fn read(engine: &Engine, actor: &Actor, invitation: Id) -> Result<Doc> {
    let id = invitation.to_string();
    let text = engine.find_by_id(actor, "invitations", &id, &Shape::flat(), false).await?;
    serde_json::from_str(&text)
        .map_err(|e| Error::internal("an invitation that is no JSON").with_source(e))
}

/// Forbidden to whoever could not invite to that role.
async fn renew(
    engine: &Engine,
    actor: &Actor,
    invitation: Id,
    tenant: Id,
    email: &str,
) -> Result<()> {
    let mut unit = engine.unit(actor, tenant).await?;
    let RequestInfo { id, ip, user_agent, .. } = actor.request.as_ref();
    let params = [
        Param::Uuid(invitation),
        Param::Uuid(tenant),
        Param::Time(later(now(), LIFE)),
        Param::text(ip),
        Param::text(user_agent),
        Param::text(id),
    ];
    let sql = "SELECT app.renew_invitation($1, $2, $3, $4, $5, $6) AS done";
    let rows = unit.query(sql, &params).await?;
    match rows.first() {
        Some(row) if column::<bool>(row, "done")? => {}
        _ => return Err(Error::forbidden()),
    }
    let rows = unit.query(MAY_INVITE, &[Param::Uuid(tenant), Param::text(email)]).await?;
    may_invite(rows.first())?;
    unit.commit().await
}
