//! Every table attacked by forged sessions: without a setting, with empty ones, from another tenant with
//! whatever visible set, and by roles that the definitions give less.
//!
//! What a person may do is tried as well: walls that let nobody through would prove nothing.

use std::collections::BTreeMap;

use define::Access;
use kernel::{Id, Result, Role};
use serde_json::{Map, Value};
use tokio_postgres::Client;

use super::forged::{Context, Outcome, attempt, look, quoted};
use super::tables::{Scope, Table};
use super::{Ground, Tally};
use crate::layout::{Layout, Node};
use crate::{Authority, Schema};

/// What a table's rows look like on both sides.
struct Samples {
    home: Map<String, Value>,
    other: Map<String, Value>,
}

pub struct Attack<'a> {
    pub client: &'a Client,
    pub schema: &'a Schema,
    pub ground: &'a Ground,
}

impl Attack<'_> {
    /// Everything that is tried on one table.
    pub async fn on(&self, table: &Table) -> Result<Tally> {
        let mut tally = Tally::default();
        match table.scope {
            Scope::Closed => self.closed(table, &mut tally).await?,
            Scope::Unknown => tally.judge(false, || {
                format!(
                    "{}: is granted to the serving role and says neither tenant nor person",
                    table.name
                )
            }),
            _ => {
                let samples = Samples {
                    home: self.sample(table, true).await?,
                    other: self.sample(table, false).await?,
                };
                tally.judge(!samples.home.is_empty() || !table.grants("SELECT"), || {
                    format!(
                        "{}: no row of the scratch tenant can be read by its own owner",
                        table.name
                    )
                });
                self.without_context(table, &samples, &mut tally).await?;
                self.outsider(table, &samples, &mut tally).await?;
                self.through_references(table, &mut tally).await?;
                self.by_role(table, &samples, &mut tally).await?;
            }
        }
        Ok(tally)
    }

    async fn closed(&self, table: &Table, tally: &mut Tally) -> Result<()> {
        let (name, column) = (&table.name, table.columns.first().map_or("", String::as_str));
        for sql in [
            format!("SELECT 1 FROM {name} LIMIT 1"),
            format!("INSERT INTO {name} DEFAULT VALUES"),
            format!("UPDATE {name} SET {column} = DEFAULT WHERE false"),
            format!("DELETE FROM {name} WHERE false"),
        ] {
            let context = Context::of("", &self.ground.at_home(Role::Owner));
            let outcome = attempt(self.client, &context, &sql).await?;
            tally.judge(outcome == Outcome::Denied, || {
                format!("{name}: nobody may use it, yet {sql} gave {}", outcome.describe())
            });
        }
        Ok(())
    }

    /// One row as its owner sees it: the one with the weakest role, where rows have roles.
    async fn sample(&self, table: &Table, home: bool) -> Result<Map<String, Value>> {
        let (reached, own) = table.sides(self.ground);
        let (context, side) = match home {
            true => (self.ground.at_home(Role::Owner), reached),
            false => (self.ground.outsider(vec![self.ground.other]), own),
        };
        let order = if table.has("role") { "role = 'viewer' DESC, 1" } else { "1" };
        let sql = format!(
            "SELECT to_jsonb(t)::text FROM {} t WHERE {} = '{side}' ORDER BY {order} LIMIT 1",
            table.name,
            table.key()
        );
        if !table.grants("SELECT") {
            return Ok(Map::new());
        }
        let text = look(self.client, &Context::of("", &context), &sql).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    async fn refused(
        &self,
        tally: &mut Tally,
        table: &Table,
        context: &Context,
        (what, sql): (&str, String),
    ) -> Result<()> {
        let outcome = attempt(self.client, context, &sql).await?;
        tally.judge(outcome.is_refused(), || {
            format!("{}: {what} {} gave {}", table.name, context.name, outcome.describe())
        });
        Ok(())
    }

    async fn without_context(
        &self,
        table: &Table,
        samples: &Samples,
        tally: &mut Tally,
    ) -> Result<()> {
        let (reached, _) = table.sides(self.ground);
        let reader = self.ground.outsider(vec![self.ground.home]);
        let reader = Authority { tenant: None, ..reader };
        for context in [Context::none(), Context::empty(), Context::rank_only()] {
            for attempt in self.attempts(table, &samples.home, reached) {
                self.refused(tally, table, &context, attempt).await?;
            }
        }
        // Whoever may read but stands nowhere writes nothing.
        let reader = Context::of("by a reader who stands in no tenant", &reader);
        for attempt in self.attempts(table, &samples.home, reached).into_iter().skip(1) {
            self.refused(tally, table, &reader, attempt).await?;
        }
        Ok(())
    }

    /// The four commands on one side's rows.
    fn attempts(
        &self,
        table: &Table,
        row: &Map<String, Value>,
        side: Id,
    ) -> Vec<(&'static str, String)> {
        let (name, key) = (&table.name, table.key());
        vec![
            ("reading", format!("SELECT 1 FROM {name} WHERE {key} = '{side}'")),
            ("adding a row", insert(table, row, &[(table.born(), side.to_string())])),
            ("changing rows", format!("UPDATE {name} SET {key} = {key} WHERE {key} = '{side}'")),
            ("deleting rows", format!("DELETE FROM {name} WHERE {key} = '{side}'")),
        ]
    }

    async fn outsider(&self, table: &Table, samples: &Samples, tally: &mut Tally) -> Result<()> {
        let (name, key) = (&table.name, table.key());
        let (reached, own) = table.sides(self.ground);
        let Ground { home, other, .. } = *self.ground;
        let blind = Context::of("from another tenant", &self.ground.outsider(vec![other]));
        let seeing = self.ground.outsider(vec![other, home]);
        let seeing = Context::of("from another tenant that may read both", &seeing);
        // Adding people is for any administrator; whom one may change is not.
        let adds = table.scope != Scope::People;
        for context in [&blind, &seeing] {
            for attempt in self.attempts(table, &samples.home, reached) {
                let skipped = match attempt.0 {
                    "reading" => context.name == seeing.name,
                    "adding a row" => !adds,
                    _ => false,
                };
                if !skipped {
                    self.refused(tally, table, context, attempt).await?;
                }
            }
            let moved = [
                (
                    "moving a row there",
                    format!("UPDATE {name} SET {key} = '{reached}' WHERE {key} = '{own}'"),
                ),
                (
                    "moving a row away",
                    format!("UPDATE {name} SET {key} = '{own}' WHERE {key} = '{reached}'"),
                ),
                (
                    "locking rows",
                    format!("SELECT 1 FROM {name} WHERE {key} = '{reached}' FOR UPDATE"),
                ),
            ];
            for attempt in moved {
                self.refused(tally, table, context, attempt).await?;
            }
            if adds {
                let sql = insert(table, &samples.other, &[(table.born(), reached.to_string())]);
                self.refused(tally, table, context, ("adding its own row there", sql)).await?;
            }
        }
        if table.has("id") && !samples.home.is_empty() {
            let id = samples.home.get("id").and_then(Value::as_str).unwrap_or_default();
            for (what, sql) in [
                ("reading by id", format!("SELECT 1 FROM {name} WHERE id = {}", quoted(id))),
                ("changing by id", format!("UPDATE {name} SET id = id WHERE id = {}", quoted(id))),
                ("deleting by id", format!("DELETE FROM {name} WHERE id = {}", quoted(id))),
            ] {
                self.refused(tally, table, &blind, (what, sql)).await?;
            }
        }
        Ok(())
    }

    /// A row of one's own that refers to a row of the other tenant.
    async fn through_references(&self, table: &Table, tally: &mut Tally) -> Result<()> {
        if table.scope != Scope::Tenant || !table.grants("UPDATE") {
            return Ok(());
        }
        let Ground { home, other, .. } = *self.ground;
        let seeing = self.ground.outsider(vec![other, home]);
        let context = Context::of("from another tenant that may read both", &seeing);
        for (column, target) in &table.references {
            let sql = format!("SELECT id FROM {target} WHERE tenant_id = '{home}' LIMIT 1");
            let Some(id) = look(self.client, &context, &sql).await? else { continue };
            let sql = format!(
                "SET CONSTRAINTS ALL IMMEDIATE;\
                 UPDATE {} SET {column} = {} WHERE tenant_id = '{other}'",
                table.name,
                quoted(&id)
            );
            let outcome = attempt(self.client, &context, &sql).await?;
            let held = matches!(&outcome, Outcome::Constrained(_)) || outcome.is_refused();
            tally
                .judge(held, || format!("{}: {column} of another tenant was accepted", table.name));
        }
        Ok(())
    }

    /// Each role in its own tenant: exactly what the definitions say.
    async fn by_role(&self, table: &Table, samples: &Samples, tally: &mut Tally) -> Result<()> {
        let access = self.access_of(&table.name);
        let (reached, _) = table.sides(self.ground);
        for role in Role::ALL {
            // Only the owner's own rows are there of what belongs to one person, and only an
            // owner's rights are known of what no definition describes.
            if role != Role::Owner && access.is_none() {
                continue;
            }
            let authority = self.ground.at_home(role);
            let context = Context::of(format!("by its own {}", role.as_str()), &authority);
            let row = dressed(table, &samples.home, &authority, role);
            let commands = ["SELECT", "INSERT", "UPDATE", "DELETE"];
            for (command, (what, sql)) in
                commands.into_iter().zip(self.attempts(table, &row, reached))
            {
                let found = command == "INSERT" || !samples.home.is_empty();
                let may = table.grants(command)
                    && access.as_ref().is_none_or(|(layout, access)| {
                        allows(layout, access, command, role, (&samples.home, &authority))
                    });
                if may && !found {
                    continue;
                }
                let outcome = attempt(self.client, &context, &sql).await?;
                let holds = if may { outcome.is_let_in() } else { outcome.is_refused() };
                tally.judge(holds, || {
                    let word =
                        if may { "is theirs to do, yet" } else { "is not theirs to do, yet" };
                    format!(
                        "{}: {what} {} {word} gave {}",
                        table.name,
                        context.name,
                        outcome.describe()
                    )
                });
            }
        }
        Ok(())
    }

    /// The definition behind a table, and what of its rules holds there.
    fn access_of(&self, name: &str) -> Option<(&Layout, Access)> {
        let sides = |layout: &&Layout| {
            layout.nodes.iter().any(|node| match node {
                Node::Many { table, .. } | Node::Array { table, .. } => table == name,
                _ => false,
            })
        };
        let layouts = || self.schema.iter().map(AsRef::as_ref);
        if let Some(layout) = layouts().find(|l: &&Layout| l.table == name) {
            let mut access = layout.collection.access.clone();
            if layout.collection.ledger {
                access.create = define::Rule::Member;
            }
            return Some((layout, access));
        }
        let layout: &Layout = layouts().find(sides)?;
        Some((layout, crate::policy::access_of_side(layout)))
    }
}

/// A copy of a row with some columns set and, where rows have one, an id of its own.
fn insert(table: &Table, row: &Map<String, Value>, set: &[(&str, String)]) -> String {
    let mut row = row.clone();
    if table.has("id") {
        row.insert("id".to_owned(), kernel::new_id().to_string().into());
    }
    for (column, value) in set {
        row.insert((*column).to_owned(), value.clone().into());
    }
    let columns = table.columns.join(", ");
    format!(
        "INSERT INTO {name} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{name}, {}::jsonb)",
        quoted(&Value::Object(row).to_string()),
        name = table.name
    )
}

/// What rules below the hooks ask of a new row besides its tenant: to be in one's own name, and no
/// stronger than oneself.
fn dressed(
    table: &Table,
    row: &Map<String, Value>,
    authority: &Authority,
    role: Role,
) -> Map<String, Value> {
    let mut row = row.clone();
    let me = authority.user.map_or(Value::Null, |id| id.to_string().into());
    for column in ["owner_id", "invited_by_id"] {
        if table.has(column) && matches!(table.name.as_str(), "views" | "invitations") {
            row.insert(column.to_owned(), me.clone());
        }
    }
    if table.name == "views" {
        row.insert("shared".to_owned(), (role > Role::Viewer).into());
    }
    row
}

fn allows(
    layout: &Layout,
    access: &Access,
    command: &str,
    role: Role,
    (row, authority): (&Map<String, Value>, &Authority),
) -> bool {
    let rule = match command {
        "SELECT" => &access.read,
        "INSERT" => &access.create,
        "UPDATE" => &access.update,
        _ => &access.delete,
    };
    let me = authority.user.map(|id| id.to_string());
    let value = |field: &str| layout.column(field).and_then(|column| row.get(&column.name));
    // A new row is in one's own name.
    let holds = |rule: &define::Rule| match rule {
        define::Rule::Own(field) => {
            command == "INSERT" || value(field).and_then(Value::as_str).map(str::to_owned) == me
        }
        define::Rule::Is(field) => value(field) == Some(&Value::Bool(true)),
        _ => false,
    };
    rule.allows(Some(role), &holds)
}

/// Attacks all of them, with a tally each.
pub async fn all(attack: &Attack<'_>, tables: &[Table]) -> Result<BTreeMap<String, Tally>> {
    let mut tallies = BTreeMap::new();
    for table in tables {
        tallies.insert(table.name.clone(), attack.on(table).await?);
    }
    Ok(tallies)
}
