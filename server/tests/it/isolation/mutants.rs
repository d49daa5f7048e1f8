//! Every policy, right and gate of the catalog loosened in turn: the checks of `mainstay isolation` must see
//! each one. (What a mutant opens is found by asking the catalog and by attacking the table it is on.)

use std::collections::BTreeMap;

use server::isolation::Prepared;
use store::isolation::attack::Attack;
use store::isolation::tables::{self, Table};
use store::isolation::{Ground, Tally, gates, rules, walls};
use tokio_postgres::Client;

use crate::matrix::digest::Witness;
use crate::support::app::TestApp;

/// One thing made worse, and how it is put right again.
struct Mutant {
    name: String,
    table: String,
    apply: String,
    restore: String,
}

struct Policy {
    table: String,
    name: String,
    command: String,
    roles: String,
    permissive: bool,
    using: Option<String>,
    check: Option<String>,
}

const POLICIES: &str = "
    SELECT tablename::text, policyname::text, cmd, array_to_string(roles, ', '), permissive = 'PERMISSIVE', qual, with_check
      FROM pg_policies WHERE schemaname IN ('public', 'app') ORDER BY 1, 2";

async fn policies(client: &Client) -> Vec<Policy> {
    let rows = client.query(POLICIES, &[]).await.unwrap();
    let read = |row: &tokio_postgres::Row| Policy {
        table: row.get(0),
        name: row.get(1),
        command: row.get(2),
        roles: row.get(3),
        permissive: row.get(4),
        using: row.get(5),
        check: row.get(6),
    };
    rows.iter().map(read).collect()
}

impl Policy {
    fn created(&self) -> String {
        let Policy { table, name, command, roles, .. } = self;
        let kind = if self.permissive { "PERMISSIVE" } else { "RESTRICTIVE" };
        let using = self.using.as_ref().map(|e| format!(" USING ({e})")).unwrap_or_default();
        let check = self.check.as_ref().map(|e| format!(" WITH CHECK ({e})")).unwrap_or_default();
        format!("CREATE POLICY {name} ON {table} AS {kind} FOR {command} TO {roles}{using}{check}")
    }

    fn mutants(&self) -> Vec<Mutant> {
        let Policy { table, name, roles, .. } = self;
        let dropped = format!("DROP POLICY {name} ON {table}");
        let restore = format!("{dropped}; {}", self.created());
        let mut found = vec![("dropped".to_owned(), dropped, self.created())];
        let mut altered = |what: &str, clause: String| {
            let sql = format!("ALTER POLICY {name} ON {table} {clause}");
            found.push((what.to_owned(), sql, restore.clone()));
        };
        let is_open = |e: &Option<String>| e.as_deref() == Some("true");
        if self.using.is_some() && !is_open(&self.using) {
            altered("USING true", "USING (true)".to_owned());
        }
        if self.check.is_some() && !is_open(&self.check) {
            altered("WITH CHECK true", "WITH CHECK (true)".to_owned());
        }
        if roles != "app_user" {
            altered("for the serving role", format!("TO {roles}, app_user"));
        }
        altered("for everyone", "TO PUBLIC".to_owned());
        let mutant = |(what, apply, restore)| Mutant {
            name: format!("{table}.{name} {what}"),
            table: table.clone(),
            apply,
            restore,
        };
        found.into_iter().map(mutant).collect()
    }
}

fn of_table(table: &Table, granted: &[String]) -> Vec<Mutant> {
    let name = &table.name;
    let mutant = |what: &str, apply: String, restore: String| Mutant {
        name: format!("{name} {what}"),
        table: name.clone(),
        apply,
        restore,
    };
    let alter = |verb: &str| format!("ALTER TABLE {name} {verb} ROW LEVEL SECURITY");
    let mut found = vec![
        mutant("without row-level security", alter("DISABLE"), alter("ENABLE")),
        mutant("not forced on its owner", alter("NO FORCE"), alter("FORCE")),
        mutant(
            "granted to everyone",
            format!("GRANT SELECT ON {name} TO PUBLIC"),
            format!("REVOKE SELECT ON {name} FROM PUBLIC"),
        ),
    ];
    let rights = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"];
    for right in rights.iter().filter(|right| !granted.iter().any(|g| g == *right)) {
        found.push(mutant(
            &format!("granted {right}"),
            format!("GRANT {right} ON {name} TO app_user"),
            format!("REVOKE {right} ON {name} FROM app_user"),
        ));
    }
    found
}

const GATES: &str = "
    SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid) FROM pg_proc p
     WHERE p.pronamespace IN ('public'::regnamespace, 'app'::regnamespace) AND p.prosecdef ORDER BY 1";

async fn rights_of_gates(client: &Client) -> Vec<Mutant> {
    let rows = client.query(GATES, &[]).await.unwrap();
    let mut found = Vec::new();
    for row in &rows {
        let function: String = row.get(0);
        let mut mutant = |what: &str, apply: String, restore: String| {
            let name = format!("{function} {what}");
            found.push(Mutant { name, table: String::new(), apply, restore });
        };
        mutant(
            "without a search_path",
            format!("ALTER FUNCTION {function} RESET search_path"),
            format!("ALTER FUNCTION {function} SET search_path = pg_catalog, pg_temp"),
        );
        mutant(
            "for everyone",
            format!("GRANT EXECUTE ON FUNCTION {function} TO PUBLIC"),
            format!("REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC"),
        );
        mutant(
            "of a superuser",
            format!("ALTER FUNCTION {function} OWNER TO postgres"),
            format!("ALTER FUNCTION {function} OWNER TO mainstay_owner"),
        );
    }
    found
}

/// Stands for no table: such a mutant must be noticed by what is tried beside the tables.
const GATES_THEMSELVES: &str = "(gates)";

/// Gates that answer yes or no, saying yes to whatever they are asked.
async fn yes_men(client: &Client) -> Vec<Mutant> {
    let sql = "
        SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid),
               format('CREATE OR REPLACE FUNCTION app.%I(%s) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER
                       SET search_path = pg_catalog, pg_temp AS $f$ SELECT true $f$',
                      p.proname, pg_get_function_arguments(p.oid))
          FROM pg_proc p
         WHERE p.pronamespace = 'app'::regnamespace AND p.prosecdef AND p.prorettype = 'boolean'::regtype
           AND NOT p.proretset AND has_function_privilege('app_user', p.oid, 'EXECUTE') ORDER BY 1";
    let rows = client.query(sql, &[]).await.unwrap();
    let asked = |row: &&tokio_postgres::Row| {
        let name: String = row.get(0);
        gates::UNASKED.iter().all(|(gate, _)| *gate != name)
    };
    let mutant = |row: &tokio_postgres::Row| Mutant {
        name: format!("{} says yes to everything", row.get::<_, String>(0)),
        table: GATES_THEMSELVES.to_owned(),
        apply: row.get(2),
        restore: row.get(1),
    };
    let found: Vec<Mutant> = rows.iter().filter(asked).map(mutant).collect();
    assert!(found.len() >= 10, "{}", found.len());
    found
}

/// Gates that have forgotten one of their questions.
async fn careless_gates(client: &Client) -> Vec<Mutant> {
    let mut found = Vec::new();
    for (gate, question, forgotten) in [
        ("sign_in_begin", "a.locked_until <= at\n", "true\n"),
        ("sign_in_finish", "c.password_hash = proof", "true"),
        ("proven", "c.password_hash = proof", "true"),
        ("session_actor", "s.id = session_actor.session", "true"),
        ("session_actor", "s.expires_at > clock_timestamp()", "true"),
        ("refresh_session", "s.user_id = app.user_id()", "true"),
        ("revoke_session", "s.user_id = app.user_id()", "true"),
        ("revoke_sessions", "NOT app.manages(target)", "false"),
        ("set_password", "NOT app.manages(target)", "false"),
        ("create_reset", "u.email = create_reset.email", "true"),
        ("create_reset", "c.reset_requested_at IS NULL", "true"),
        ("reset_is_valid", "c.reset_hash = token_hash", "true"),
        ("reset_is_valid", "c.reset_expires_at > clock_timestamp()", "true"),
        ("reset_password", "c.reset_hash = token_hash", "c.reset_hash IS NOT NULL"),
        ("reset_password", "c.reset_expires_at > clock_timestamp()", "true"),
        ("create_verification", "c.verified_at IS NULL", "true"),
        ("create_verification", "c.verification_requested_at IS NULL", "true"),
        ("verify", "c.verification_hash = token_hash", "c.verification_hash IS NOT NULL"),
        ("unlock", "app.manages(u.id)", "true"),
        ("first_register", "EXISTS (SELECT FROM public.users)", "false"),
        ("tenant_settings", "tenant_settings.tenant = ANY (app.visible())", "true"),
        ("may_invite", "app.address_key(email), 5", "app.address_key(email), 500"),
        ("issue_invitation", "i.tenant_id = issue_invitation.tenant", "true"),
        ("issue_invitation", "NOT app.invitation_holds(one)", "false"),
        ("invitation_of", "k.token_hash = invitation_of.token_hash", "true"),
        ("invitation_of", "app.invitation_holds(i)", "true"),
        ("accept_invitation", "u.email = i.email", "true"),
        ("accept_invitation", "k.token_hash = accept_invitation.token_hash", "true"),
        ("renew_invitation", "app.rank_in(app.user_id(), one.tenant_id)", "4"),
    ] {
        let sql = "SELECT pg_get_functiondef(p.oid) FROM pg_proc p
                    WHERE p.pronamespace = 'app'::regnamespace AND p.proname = $1";
        let restore: String = client.query_one(sql, &[&gate]).await.unwrap().get(0);
        assert!(restore.contains(question), "{gate} asks no more whether {question}");
        found.push(Mutant {
            name: format!("app.{gate} without asking whether {}", question.trim()),
            table: GATES_THEMSELVES.to_owned(),
            apply: restore.replacen(question, forgotten, 1),
            restore,
        });
    }
    found
}

/// A function with powers that keeps every promise of the catalog and that nobody has attacked.
fn newcomer() -> Mutant {
    let name = "app.newcomer(who uuid)";
    Mutant {
        name: "a function with powers that nobody thought of".to_owned(),
        table: GATES_THEMSELVES.to_owned(),
        apply: format!(
            "CREATE FUNCTION {name} RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER
                    SET search_path = pg_catalog, pg_temp AS $f$ SELECT email FROM public.users WHERE id = who $f$;
             ALTER FUNCTION app.newcomer(uuid) OWNER TO mainstay_owner;
             REVOKE ALL ON FUNCTION app.newcomer(uuid) FROM PUBLIC;
             GRANT EXECUTE ON FUNCTION app.newcomer(uuid) TO app_user"
        ),
        restore: "DROP FUNCTION app.newcomer(uuid)".to_owned(),
    }
}

/// What policies are told, told otherwise.
async fn settings(client: &Client) -> Vec<Mutant> {
    let mut found = Vec::new();
    for (function, ty, body) in [
        ("app.visible()", "uuid[]", "SELECT array_agg(t.id) FROM public.tenants t"),
        ("app.tenant()", "uuid", "SELECT (current_setting('app.visible')::uuid[])[2]"),
        ("app.rank()", "integer", "SELECT 4"),
    ] {
        let sql = "SELECT pg_get_functiondef($1::text::regprocedure)";
        let restore: String = client.query_one(sql, &[&function]).await.unwrap().get(0);
        found.push(Mutant {
            name: format!("{function} answers at will"),
            table: "contacts".to_owned(),
            apply: format!("CREATE OR REPLACE FUNCTION {function} RETURNS {ty} LANGUAGE sql STABLE PARALLEL SAFE AS $f$ {body} $f$"),
            restore,
        });
    }
    found
}

struct Suite<'a> {
    client: &'a Client,
    attack: Attack<'a>,
    tables: BTreeMap<String, Table>,
}

impl Suite<'_> {
    fn ground(&self) -> &Ground {
        self.attack.ground
    }

    /// Until the first that finds something.
    async fn attacks(&self, table: &str) -> Tally {
        let mut tally = Tally::default();
        for attack in 0..4 {
            let tried = match (attack, self.tables.get(table)) {
                (0, Some(table)) => self.attack.on(table).await,
                (0, None) => continue,
                (1, _) => rules::beside(self.client, self.ground()).await,
                (2, _) => gates::all(self.client, self.ground()).await,
                _ => gates::unattacked(self.client, self.ground()).await,
            };
            match tried {
                Ok(done) => tally.merge(done),
                // A wall that nothing can be asked through any more is noticed too.
                Err(error) => tally.failures.push(error.to_string()),
            }
            if !tally.failures.is_empty() {
                break;
            }
        }
        tally
    }

    async fn catalog(&self) -> Tally {
        walls::tally(self.client).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mutant_of_the_catalog_is_killed() {
    let app = TestApp::start().await;
    let witness = Witness::of(&app).await;
    let data = tempfile::tempdir().unwrap();
    let config = super::command::config(data.path());
    let mut prepared = Prepared::open(&config, &app.database).await.unwrap();
    let door = prepared.door();
    let world = prepared.plant(&door).await.unwrap();
    let schema = app.engine().store().schema();
    let listed = tables::list(prepared.serving(), schema).await.unwrap();
    let client = prepared.serving();
    let attack = Attack { client, schema, ground: &world.ground };
    let tables = listed.iter().map(|t| (t.name.clone(), t.clone())).collect();
    let suite = Suite { client, attack, tables };
    for table in suite.tables.keys() {
        assert_eq!(suite.attacks(table).await.failures, Vec::<String>::new(), "{table}, unharmed");
    }
    assert_eq!(suite.catalog().await.failures, Vec::<String>::new(), "unharmed");

    let mut mutants: Vec<Mutant> =
        policies(&witness.client).await.iter().flat_map(Policy::mutants).collect();
    for table in listed.iter() {
        let sql = "SELECT a.privilege_type FROM pg_class c, aclexplode(c.relacl) a
                    WHERE c.oid = $1::text::regclass AND a.grantee = 'app_user'::regrole";
        let rows = witness.client.query(sql, &[&table.name]).await.unwrap();
        let granted: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        mutants.extend(of_table(table, &granted));
    }
    mutants.extend(rights_of_gates(&witness.client).await);
    mutants.extend(yes_men(&witness.client).await);
    mutants.extend(careless_gates(&witness.client).await);
    mutants.push(newcomer());
    mutants.extend(settings(&witness.client).await);
    let (mut attacked, mut survivors) = (0, Vec::new());
    for mutant in &mutants {
        witness.client.batch_execute(&mutant.apply).await.unwrap();
        let by_catalog = !suite.catalog().await.failures.is_empty();
        let by_attack =
            !mutant.table.is_empty() && !suite.attacks(&mutant.table).await.failures.is_empty();
        witness.client.batch_execute(&mutant.restore).await.unwrap();
        attacked += usize::from(by_attack);
        if !by_catalog && !by_attack {
            survivors.push(&mutant.name);
        }
    }
    let killed = mutants.len() - survivors.len();
    println!("{killed} of {} mutants killed, {attacked} of them by attack", mutants.len());
    assert_eq!(survivors, Vec::<&String>::new(), "loosened without anything noticing");
    assert!(mutants.len() > 500, "{}", mutants.len());
    assert_eq!(suite.catalog().await.failures, Vec::<String>::new(), "restored");
    drop(world);
    prepared.clear().await.unwrap();
}
