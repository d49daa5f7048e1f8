//! What stands beside the policies of a definition: restrictive policies, and the one that shows people who
//! are members of nothing.
//!
//! **Invariant:** every policy that no definition generates is named here; one that is not is a failure, so
//! that none comes without an attack.

use kernel::{Id, Result, Role};
use serde_json::{Map, Value, json};
use tokio_postgres::Client;

use super::forged::{Context, attempt, look, quoted};
use super::{Ground, Tally};
use crate::errors::InWords as _;

/// Policies with an attack below.
const ATTACKED: [&str; 6] = [
    "memberships_insert_rank",
    "memberships_update_rank",
    "memberships_delete_rank",
    "invitations_insert_rank",
    "views_insert_owner",
    "users_astray_select",
];

/// Restrictive policies and second policies of a command that nothing here attacks.
pub async fn unattacked(client: &Client) -> Result<Tally> {
    let sql = "
        SELECT p.policyname::text FROM pg_policies p
         WHERE p.schemaname IN ('public', 'app') AND 'app_user' = ANY (p.roles)
           AND (p.permissive = 'RESTRICTIVE' OR p.policyname <> p.tablename || '_' || lower(p.cmd)
                AND EXISTS (SELECT FROM pg_policies o
                 WHERE o.tablename = p.tablename AND o.cmd = p.cmd AND o.policyname <> p.policyname
                   AND o.permissive = 'PERMISSIVE' AND 'app_user' = ANY (o.roles)))
         ORDER BY 1";
    let mut tally = Tally::default();
    for row in client.query(sql, &[]).await.in_words()? {
        let name: String = row.get(0);
        tally.judge(ATTACKED.contains(&name.as_str()), || {
            format!("policy {name} has no attack that would notice its loss")
        });
    }
    Ok(tally)
}

/// One attempt and what must come of it.
struct Trial {
    what: &'static str,
    context: Context,
    sql: String,
    let_in: bool,
}

/// The rules that policies set besides tenant and rank, each tried from both sides.
pub async fn beside(client: &Client, ground: &Ground) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut trials = memberships(client, ground).await?;
    trials.extend(invitations_and_views(client, ground).await?);
    trials.extend(astray(ground));
    for Trial { what, context, sql, let_in } in trials {
        let outcome = attempt(client, &context, &sql).await?;
        let holds = if let_in { outcome.is_let_in() } else { outcome.is_refused() };
        tally.judge(holds, || format!("{what} {} gave {}", context.name, outcome.describe()));
    }
    Ok(tally)
}

fn by(ground: &Ground, role: Role) -> Context {
    let article = if matches!(role, Role::Admin | Role::Owner) { "an" } else { "a" };
    Context::of(format!("by {article} {}", role.as_str()), &ground.at_home(role))
}

async fn row(client: &Client, ground: &Ground, from: &str) -> Result<Map<String, Value>> {
    let context = Context::of("", &ground.at_home(Role::Owner));
    let text = look(client, &context, &format!("SELECT to_jsonb(t)::text FROM {from}")).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

fn copy(table: &str, row: &Map<String, Value>, set: Value) -> String {
    let mut row = row.clone();
    row.insert("id".to_owned(), kernel::new_id().to_string().into());
    if let Value::Object(set) = set {
        row.extend(set);
    }
    let row = quoted(&Value::Object(row).to_string());
    format!("INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, {row}::jsonb)")
}

async fn memberships(client: &Client, ground: &Ground) -> Result<Vec<Trial>> {
    let owner = ground.person(Role::Owner);
    let like = row(client, ground, &format!("memberships t WHERE user_id = '{owner}'")).await?;
    let mut trials = Vec::new();
    for (role, let_in) in [(Role::Admin, false), (Role::Owner, true)] {
        let context = by(ground, role);
        let made = json!({ "user_id": ground.astray, "role": "owner" });
        let tries = [
            ("making an owner", copy("memberships", &like, made)),
            (
                "changing an owner's membership",
                format!("UPDATE memberships SET role = role WHERE user_id = '{owner}'"),
            ),
            (
                "ending an owner's membership",
                format!("DELETE FROM memberships WHERE user_id = '{owner}'"),
            ),
        ];
        let trial = |(what, sql)| Trial { what, context: context.clone(), sql, let_in };
        trials.extend(tries.map(trial));
    }
    let viewer = ground.person(Role::Viewer);
    let sql = format!("UPDATE memberships SET role = 'owner' WHERE user_id = '{viewer}'");
    let context = by(ground, Role::Admin);
    trials.push(Trial { what: "raising a viewer to owner", context, sql, let_in: false });
    Ok(trials)
}

async fn invitations_and_views(client: &Client, ground: &Ground) -> Result<Vec<Trial>> {
    let invitation = row(client, ground, "invitations t LIMIT 1").await?;
    let view = row(client, ground, "views t LIMIT 1").await?;
    let (me, owner) = (ground.person(Role::Admin), ground.person(Role::Owner));
    let invite = |by: Id, role: &str| {
        copy("invitations", &invitation, json!({ "invited_by_id": by, "role": role }))
    };
    let save =
        |by: Id, shared: bool| copy("views", &view, json!({ "owner_id": by, "shared": shared }));
    let trial = |what, role, sql, let_in| Trial { what, context: by(ground, role), sql, let_in };
    let viewer = ground.person(Role::Viewer);
    Ok(vec![
        trial("inviting a member", Role::Admin, invite(me, "member"), true),
        trial("inviting an owner", Role::Admin, invite(me, "owner"), false),
        trial("inviting in another's name", Role::Admin, invite(owner, "member"), false),
        trial("sharing a view", Role::Admin, save(me, true), true),
        trial("saving a view in another's name", Role::Admin, save(owner, true), false),
        trial("sharing a view", Role::Viewer, save(viewer, true), false),
    ])
}

fn astray(ground: &Ground) -> [Trial; 2] {
    let sql = format!("SELECT 1 FROM users WHERE id = '{}'", ground.astray);
    let top = Context::of("from the top of the tree", &ground.outsider(vec![ground.root]));
    let outside = ground.outsider(vec![ground.other, ground.home]);
    let outside = Context::of("from a tenant", &outside);
    let what = "seeing a person who is a member of nothing";
    [
        Trial { what, context: top, sql: sql.clone(), let_in: true },
        Trial { what, context: outside, sql, let_in: false },
    ]
}
