//! Answering an invitation: by whoever holds the token of the letter, with the authority of whoever
//! invited, as long as they have it.

use std::sync::Arc;

use define::{Op, Where};
use engine::Unit;
use kernel::{
    Actor, Currency, Doc, Error, Grant, Id, Kind, Reach, RequestInfo, Result, Role, Value, Who,
};
use serde_json::json;
use store::Param;

use crate::actors::column;
use crate::{Auth, SignedIn, password, token};

const INVALID: &str = "This invitation is invalid or has expired. Ask for a new one.";

/// What the holder of a token is invited to.
#[derive(Debug, Clone)]
pub struct Invited {
    pub tenant: Id,
    pub tenant_name: String,
    /// The tenant's own or inherited.
    pub logo: Option<String>,
    pub brand_color: Option<String>,
    pub email: String,
    pub name: Option<String>,
    pub role: Role,
    /// The account that has the address already.
    pub who: Option<Id>,
}

impl Auth {
    /// Forbidden when the token is unknown, spent, revoked or too old, or whoever invited could not do
    /// it any more.
    pub async fn invitation(&self, token: &str) -> Result<Invited> {
        let sql = "SELECT tenant, tenant_name, logo, brand_color, email, name, role, who \
                   FROM app.invitation_of($1)";
        let rows = self.engine.store().call(sql, &[Param::text(token::digest(token))]).await?;
        let row = rows.first().ok_or_else(invalid)?;
        let role: String = column(row, "role")?;
        Ok(Invited {
            tenant: column(row, "tenant")?,
            tenant_name: column(row, "tenant_name")?,
            logo: column(row, "logo")?,
            brand_color: column(row, "brand_color")?,
            email: column(row, "email")?,
            name: column(row, "name")?,
            role: Role::parse(&role).ok_or_else(|| Error::internal("a role of no kind"))?,
            who: column(row, "who")?,
        })
    }

    /// Makes the membership, and the account if there is none, and signs in. An account that is there
    /// proves itself by its own password: wrong ones count as sign-in attempts, `name` is not looked at.
    pub async fn accept_invitation(
        &self,
        token: &str,
        name: &str,
        password: &str,
        request: &RequestInfo,
    ) -> Result<SignedIn> {
        let invited = self.invitation(token).await?;
        match invited.who {
            Some(_) => self.join(token, &invited, password, request).await,
            None => self.register(token, &invited, name, password, request).await,
        }
    }

    async fn join(
        &self,
        token: &str,
        invited: &Invited,
        password: &str,
        request: &RequestInfo,
    ) -> Result<SignedIn> {
        let _waiting = self.passwords.queue()?;
        let _lane = self.lane(&invited.email).lock().await;
        let proven = self.prove(&invited.email, password).await?;
        let actor = Actor {
            email: invited.email.clone(),
            ..acting(Who::User(proven.user), invited, Role::Admin.max(invited.role), request)
        };
        let mut unit = self.engine.unit(&actor, invited.tenant).await?;
        add_membership(&mut unit, proven.user, invited.role).await?;
        spend(&mut unit, token, proven.user, request).await?;
        unit.commit().await?;
        self.open(proven.user, &invited.email, &proven.hash, request).await
    }

    async fn register(
        &self,
        token: &str,
        invited: &Invited,
        name: &str,
        password: &str,
        request: &RequestInfo,
    ) -> Result<SignedIn> {
        if let Some(fault) = password::fault(password) {
            return Err(Error::validation("users", vec![fault]));
        }
        // As an owner: the product gives the person a password.
        let actor = acting(Who::System("invitation"), invited, Role::Owner, request);
        let given = Some(name.trim()).filter(|name| !name.is_empty());
        let user = doc(json!({
            "name": given.or(invited.name.as_deref()),
            "email": invited.email,
            "password": password,
            "role": invited.role,
        }));
        let mut unit = self.engine.unit(&actor, invited.tenant).await?;
        let made = unit.create("users", &[user]).await?;
        let user = made.first().copied().ok_or_else(|| Error::internal("no user was made"))?;
        spend(&mut unit, token, user, request).await?;
        unit.commit().await?;
        self.sign_in(&invited.email, password, request).await
    }
}

fn invalid() -> Error {
    Error::new(Kind::Forbidden, INVALID)
}

/// Somebody with `role` in the tenant of the invitation and nowhere else, for this one write.
fn acting(who: Who, invited: &Invited, role: Role, request: &RequestInfo) -> Actor {
    let tenant = invited.tenant;
    let grant = Grant { tenant, role, currency: Currency::USD };
    let reach = Arc::new(Reach::new(vec![grant], Some(tenant)));
    Actor { who, reach, ..Actor::anonymous(request.clone()) }
}

/// The membership with at least that role; one that is there is never weakened.
async fn add_membership(unit: &mut Unit<'_>, user: Id, role: Role) -> Result<()> {
    let theirs = Where::test("user", Op::Equals, user.to_string());
    let Some(found) = unit.find("memberships", &theirs, 1).await?.pop() else {
        let data = doc(json!({"user": user.to_string(), "role": role}));
        return unit.create("memberships", &[data]).await.map(|_| ());
    };
    let text = |key: &str| found.get(key).and_then(Value::as_str);
    let id: Option<Id> = text("id").and_then(|text| text.parse().ok());
    match id {
        Some(id) if text("role").and_then(Role::parse) < Some(role) => {
            unit.update("memberships", id, &doc(json!({"role": role}))).await
        }
        _ => Ok(()),
    }
}

/// Of simultaneous uses of a token one gets past this; the others undo what they have done.
async fn spend(unit: &mut Unit<'_>, token: &str, user: Id, request: &RequestInfo) -> Result<()> {
    let params = [
        Param::text(token::digest(token)),
        Param::Uuid(user),
        Param::text(&request.ip),
        Param::text(&request.user_agent),
        Param::text(&request.id),
    ];
    let sql = "SELECT app.accept_invitation($1, $2, $3, $4, $5) AS done";
    let rows = unit.query(sql, &params).await?;
    match rows.first() {
        Some(row) if column::<bool>(row, "done")? => Ok(()),
        _ => Err(invalid()),
    }
}

fn doc(value: Value) -> Doc {
    match value {
        Value::Object(doc) => doc,
        _ => Doc::new(),
    }
}
