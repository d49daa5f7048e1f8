//! A person's own settings of the interface. They are kept apart from the person's document, so that
//! no list, relation, audit row or event can show them to anybody else.

use engine::{Change, Context, Verb};
use kernel::{Actor, FieldError, Id, Result, Value};
use store::{Authority, Param};

use crate::Auth;
use crate::actors::column;

/// Bytes of JSON.
pub(super) const MAX: i64 = 32 * 1024;

const KEY: &str = "preferences";
const KEEP: &str = "INSERT INTO preferences (user_id, value) VALUES ($1, $2) \
                    ON CONFLICT (user_id) DO UPDATE SET value = excluded.value";

/// Complains of preferences set by anybody but the person. A change of nothing else leaves no trace.
pub(super) fn check(ctx: &Context<'_>, change: &mut Change) {
    let given = change.input.get(KEY).is_some_and(|value| !value.is_null());
    let own = change.verb == Verb::Update && ctx.actor.user() == Some(change.id);
    if given && !own {
        let message = "Only the person themself sets these.";
        change.errors.push(FieldError::new(KEY, message).labeled("Preferences"));
    }
    if own && change.input.contains_key(KEY) && change.input.len() == 1 {
        change.quiet = true;
        let stamp = change.former("updatedAt").clone();
        change.set("updatedAt", stamp);
    }
}

pub(super) async fn keep(ctx: &mut Context<'_>, change: &Change) -> Result<()> {
    let own = change.verb == Verb::Update && ctx.actor.user() == Some(change.id);
    let Some(value) = change.input.get(KEY).filter(|_| own) else { return Ok(()) };
    ctx.execute(KEEP, &[Param::Uuid(change.id), Param::Json(value.to_string())]).await.map(|_| ())
}

impl Auth {
    /// The actor's own preferences; null when there are none.
    pub async fn preferences(&self, actor: &Actor) -> Result<Value> {
        let Some(user) = actor.user() else { return Ok(Value::Null) };
        let text = self.kept(user).await?;
        let parsed = text.map(|text| serde_json::from_str(&text)).transpose();
        let parsed = parsed
            .map_err(|e| kernel::Error::internal("preferences that are no JSON").with_source(e))?;
        Ok(parsed.unwrap_or_default())
    }

    async fn kept(&self, user: Id) -> Result<Option<String>> {
        let own = Authority { user: Some(user), ..Authority::default() };
        let mut tx = self.engine.store().read(&own).await?;
        let sql = "SELECT value::text AS value FROM preferences WHERE user_id = $1";
        let rows = tx.query(sql, &[Param::Uuid(user)]).await?;
        tx.commit().await?;
        rows.first().map(|row| column(row, "value")).transpose()
    }
}
