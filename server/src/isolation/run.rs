//! The whole check on one database: plant, attack, take away.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use store::isolation::attack::Attack;
use store::isolation::tables::{self, Scope, Table};
use store::isolation::{Tally, attack, digest, gates, rules, scratch, walls};
use tokio::signal::unix::{SignalKind, signal};

use super::attackers::{self, Attacker, Field};
use super::client::Client;
use super::report::{Check, Coverage, Report, Section};
use super::requests;
use super::world::{self, World};
use crate::app::App;
use crate::config::Config;
use crate::database::{self, Database};

/// Sign-ins a minute: more than the check makes.
const AMPLE: u32 = 1_000_000;

/// An application of its own on the installation's database, that writes its letters to a folder.
pub struct Prepared {
    pub app: App,
    owner: tokio_postgres::Client,
    serving: tokio_postgres::Client,
    letters: PathBuf,
}

impl Prepared {
    /// Refuses when there is nothing to check, or another check is under way. Takes away what a check that
    /// was cut has left.
    pub async fn open(config: &Config, database: &Database) -> Result<Prepared> {
        let url = database.for_migrations().await.context("The check plants tenants of its own")?;
        let (owner, _driving) = store::migrate::connect_owner(url.expose()).await?;
        if !scratch::lock(&owner).await? {
            bail!("Another check of this database is running");
        }
        if !scratch::is_initialized(&owner).await? {
            bail!("There is no platform yet; start mainstay serve once");
        }
        if scratch::clear(&owner).await? {
            tracing::warn!("a check that was cut has left tenants; they are gone now");
        }
        let direct = config.database_direct_url.as_ref().unwrap_or(&database.url);
        let serving = database::connect(direct.expose()).await?;
        let letters = config.data.join("isolation");
        let _ = std::fs::remove_dir_all(&letters);
        std::fs::create_dir_all(&letters)?;
        // Whatever is mailed is for people who do not exist.
        let quiet = Config {
            data: letters.clone(),
            smtp_url: None,
            email_redirect_to: None,
            pool: config.pool.min(4),
            // Whoever is turned away for asking too often was not held off by the walls.
            requests_per_minute: 0,
            sign_ins_per_minute: AMPLE,
            ..config.clone()
        };
        let app = App::open(&quiet, database, config.listen).await?;
        Ok(Prepared { app, owner, serving, letters })
    }

    pub async fn plant<'a>(&'a self, door: &Client) -> Result<World<'a>> {
        let claims = |token: &str| self.app.auth.claims(token).map(|claims| claims.sid);
        world::make(&self.app.engine, &self.owner, door, &claims).await
    }

    /// As the serving role, outside the pool.
    pub fn serving(&self) -> &tokio_postgres::Client {
        &self.serving
    }

    /// The door of the real router.
    pub fn door(&mut self) -> Client {
        Client::anonymous(self.app.router())
    }

    /// Leaves no trace.
    pub async fn clear(self) -> Result<()> {
        drop(self.app);
        scratch::clear(&self.owner)
            .await
            .context("The check's own tenants could not be removed")?;
        let _ = std::fs::remove_dir_all(&self.letters);
        Ok(())
    }
}

/// Runs the check and takes everything away again, also when it failed or was interrupted.
pub async fn run(config: &Config, database: &Database) -> Result<Report> {
    let mut prepared = Prepared::open(config, database).await?;
    let door = prepared.door();
    let mut ended = signal(SignalKind::terminate())?;
    let mut hung_up = signal(SignalKind::hangup())?;
    let outcome = tokio::select! {
        report = check(&prepared, &door) => report,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("The check was interrupted")),
        _ = ended.recv() => Err(anyhow::anyhow!("The check was told to stop")),
        _ = hung_up.recv() => Err(anyhow::anyhow!("The terminal has gone")),
    };
    prepared.clear().await?;
    outcome
}

async fn check(prepared: &Prepared, door: &Client) -> Result<Report> {
    let began = Instant::now();
    let mut report = Report::new(prepared.app.url.clone());
    report.postgres = server_version(prepared.serving()).await?;
    report.sections.push(catalog(prepared).await?);
    let mut world = prepared.plant(door).await?;
    let tables = tables::list(prepared.serving(), prepared.app.engine.store().schema()).await?;
    report.sections.push(forged(prepared, &world, &tables).await?);
    report.sections.push(beside(prepared, &world).await?);
    let (section, asked) = people(prepared, &mut world, &tables).await?;
    report.sections.push(section);
    report.coverage = coverage(prepared, &tables, &asked);
    report.seconds = began.elapsed().as_secs_f64();
    Ok(report)
}

async fn server_version(client: &tokio_postgres::Client) -> Result<String> {
    let rows = client.simple_query("SHOW server_version").await?;
    let text = rows.iter().find_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    // What follows names the package: "15.18 (Debian 15.18-0+deb12u1)".
    Ok(text.and_then(|text| text.split(' ').next()).unwrap_or_default().to_owned())
}

async fn catalog(prepared: &Prepared) -> Result<Section> {
    let client = prepared.serving();
    let [tables, policies, gates] = walls::extent(client).await?;
    let mut section = Section::new(
        "What the database promises",
        format!(
            "Read from the catalog of this database: {tables} tables, {policies} policies, {gates} functions that act \
             with their owner's rights. Each promise is looked for in all of them."
        ),
    );
    let guard = store::guard::check(prepared.app.engine.store()).await;
    let failures = guard.err().map(|e| e.message).into_iter().collect();
    section.checks.push(Check::new(
        "The role that serves requests may not step over the walls.",
        Tally { attempts: 1, failures },
    ));
    for (wall, gaps) in walls::all(client).await? {
        let failures = gaps.into_iter().map(|gap| format!("{}: {gap}", wall.key)).collect();
        section.checks.push(Check::new(wall.promise, Tally { attempts: 1, failures }));
    }
    Ok(section)
}

async fn forged(prepared: &Prepared, world: &World<'_>, tables: &[Table]) -> Result<Section> {
    let attack = Attack {
        client: prepared.serving(),
        schema: prepared.app.engine.store().schema(),
        ground: &world.ground,
    };
    let mut section = Section::new(
        "Forged sessions at every table",
        "Beneath the product, straight at the database, as the role that serves requests: without a session, with an \
         emptied one, and as another agency's owner who pretends to more. They read, add, change, move, lock and delete \
         records of an account, and refer to them. What the account's own people may do is tried as well, so that walls \
         which let nobody through would be noticed. Each attempt is taken back.",
    );
    for (name, tally) in attack::all(&attack, tables).await? {
        section.checks.push(Check::new(name, tally));
    }
    Ok(section)
}

async fn beside(prepared: &Prepared, world: &World<'_>) -> Result<Section> {
    let (client, ground) = (prepared.serving(), &world.ground);
    let mut section = Section::new(
        "Rules beside the tenant",
        "Nobody gives a role stronger than their own or acts in another's name, and the functions that reach passwords, \
         sessions and invitations open to those they are for alone.",
    );
    for (title, tally) in [
        ("Roles and names cannot be forged.", rules::beside(client, ground).await?),
        ("Functions with powers open to the right people only.", gates::all(client, ground).await?),
        ("Every special policy has an attack of its own.", rules::unattacked(client).await?),
        (
            "Every function with powers has an attack of its own.",
            gates::unattacked(client, ground).await?,
        ),
    ] {
        section.checks.push(Check::new(title, tally));
    }
    Ok(section)
}

/// Every attacker at every route, and the routes that were asked.
async fn people(
    prepared: &Prepared,
    world: &mut World<'_>,
    tables: &[Table],
) -> Result<(Section, BTreeSet<String>)> {
    let engine = &prepared.app.engine;
    let collections: Vec<_> = engine.collections().cloned().collect();
    let document = rest::openapi::document(&collections, engine.actions(), &prepared.app.url);
    let routes = requests::routes(&document);
    let field = Field { collections: &collections, actions: engine.actions(), routes: &routes };
    let mut section = Section::new(
        "People at every route",
        format!(
            "Through the product's own front door, with real sessions, at all {} routes of its API: reading, searching, \
             counting, grouping, creating, changing, copying and deleting, one at a time and many at once.",
            routes.len()
        ),
    );
    let mut asked = BTreeSet::new();
    let mut untouched = Tally::default();
    for attacker in Attacker::ALL {
        let client = prepared.serving();
        let kept = attacker.untouched(world);
        let reader = world.ground.person(kernel::Role::Owner);
        // Drafts are written before, so that only the attack lies between.
        let drafts = requests::Drafts::new(world, &collections, attacker.own(world)).await?;
        for email in [&world.ground.email, &format!("{}@{}", scratch::NOBODY, scratch::DOMAIN)] {
            scratch::forgive(&prepared.owner, email).await?;
        }
        let before = digest::of(client, tables, &kept, reader).await?;
        let mut tally = Tally::default();
        for (route, one) in attackers::attack(attacker, world, &field, &drafts).await? {
            if one.attempts > 0 {
                asked.insert(route);
            }
            tally.merge(one);
        }
        section.checks.push(Check::new(attacker.title(), tally).tried(attacker.tried()));
        let after = digest::of(client, tables, &kept, reader).await?;
        untouched.attempts += after.len();
        let changed = digest::changed(&before, &after);
        untouched.failures.extend(
            changed.into_iter().map(|table| format!("{}: changed {table}", attacker.title())),
        );
    }
    section
        .checks
        .push(Check::new("Nothing that was refused has changed a record.", untouched).tried(
        "Fingerprints of all tables of the tenants, taken before and after each of these people.",
    ));
    section.checks.push(letters(prepared, world).await?);
    Ok((section, asked))
}

/// No letter to anybody outside the account speaks of it.
async fn letters(prepared: &Prepared, world: &World<'_>) -> Result<Check> {
    // Letters are written after the answer.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let word = world.maker.canary(world.ground.home);
    let mut tally = Tally::default();
    let folder = prepared.letters.join("mail");
    for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap_or_default();
        let inside = ["owner@", "invited@"].iter().any(|to| text.contains(&format!("To: {to}")));
        tally.attempts += 1;
        if !inside && text.replace("=\r\n", "").contains(word) {
            tally.failures.push(format!("{} shows {word}", file.path().display()));
        }
    }
    Ok(Check::new("No letter to somebody else speaks of the account.", tally))
}

fn coverage(prepared: &Prepared, tables: &[Table], asked: &BTreeSet<String>) -> Coverage {
    let engine = &prepared.app.engine;
    let collections: Vec<_> = engine.collections().cloned().collect();
    let routes = rest::openapi::routes_of(&collections, engine.actions());
    let all: BTreeSet<String> =
        routes.iter().map(|(method, path)| format!("{method} {path}")).collect();
    Coverage {
        tables: tables.len(),
        closed: tables
            .iter()
            .filter(|t| t.scope == Scope::Closed)
            .map(|t| t.name.clone())
            .collect(),
        routes: all.len(),
        left_out: all.difference(asked).cloned().collect(),
    }
}
