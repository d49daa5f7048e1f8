//! Who reaches what: random trees of tenants with random memberships, against the rule said naively. A
//! membership counts where neither its tenant nor any above is suspended, and holds for everything below.

use std::collections::BTreeMap;

use kernel::{Id, new_id};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use tokio_postgres::Client;

use crate::matrix::digest::Witness;
use crate::support::app::TestApp;

const TREES: usize = 500;
const PEOPLE: usize = 20;
const ROLES: [&str; 4] = ["viewer", "member", "admin", "owner"];
const CURRENCIES: [Option<&str>; 4] = [None, None, Some("EUR"), Some("GBP")];

#[derive(Debug)]
struct Tenant {
    id: Id,
    parent: Option<usize>,
    active: bool,
    currency: Option<&'static str>,
}

#[derive(Debug)]
struct Person {
    id: Id,
    session: Id,
    active: bool,
    /// Tenant, role, in the order in which they came.
    memberships: Vec<(usize, usize)>,
}

#[derive(Debug)]
struct Tree {
    tenants: Vec<Tenant>,
    people: Vec<Person>,
}

fn person(tenants: usize) -> impl Strategy<Value = Person> {
    let memberships = prop::collection::vec((0..tenants, 0..ROLES.len()), 0..5);
    (prop::bool::weighted(0.9), memberships).prop_map(|(active, mut memberships)| {
        let mut seen = std::collections::HashSet::new();
        memberships.retain(|(tenant, _)| seen.insert(*tenant));
        Person { id: new_id(), session: new_id(), active, memberships }
    })
}

fn tree() -> impl Strategy<Value = Tree> {
    let tenant = (any::<prop::sample::Index>(), prop::bool::weighted(0.85), 0..CURRENCIES.len());
    prop::collection::vec(tenant, 1..30).prop_flat_map(|drawn| {
        let count = drawn.len();
        let people = prop::collection::vec(person(count), PEOPLE..=PEOPLE);
        people.prop_map(move |people| {
            let tenants = drawn.iter().enumerate().map(|(at, (above, active, currency))| Tenant {
                id: new_id(),
                parent: (at > 0).then(|| above.index(at)),
                active: *active,
                currency: CURRENCIES[*currency],
            });
            Tree { tenants: tenants.collect(), people }
        })
    })
}

/// By tenant: rank and currency. With the tenant to be at home in.
type Reached = (BTreeMap<Id, (i32, String)>, Option<Id>);

impl Tree {
    /// A tenant and all above it.
    fn line(&self, tenant: usize) -> Vec<usize> {
        std::iter::successors(Some(tenant), |at| self.tenants[*at].parent).collect()
    }

    fn counts(&self, tenant: usize) -> bool {
        self.line(tenant).iter().all(|at| self.tenants[*at].active)
    }

    /// The model: nothing but the two sentences above.
    fn reached(&self, person: &Person) -> Reached {
        let mut reached = BTreeMap::new();
        for (at, tenant) in self.tenants.iter().enumerate() {
            let line = self.line(at);
            let ranks = person.memberships.iter().filter(|(entry, _)| line.contains(entry));
            let rank =
                ranks.filter(|(entry, _)| self.counts(*entry)).map(|(_, role)| role + 1).max();
            let currency = line.iter().find_map(|at| self.tenants[*at].currency).unwrap_or("USD");
            if let Some(rank) = rank.filter(|_| person.active) {
                reached.insert(tenant.id, (rank as i32, currency.to_owned()));
            }
        }
        let first = person.memberships.iter().find(|(entry, _)| self.counts(*entry));
        let home = first.filter(|_| person.active).map(|(entry, _)| self.tenants[*entry].id);
        (reached, home)
    }

    async fn plant(&self, client: &Client) {
        for (at, tenant) in self.tenants.iter().enumerate() {
            let parent = tenant.parent.map(|parent| self.tenants[parent].id);
            let status = if tenant.active { "active" } else { "suspended" };
            let sql = "INSERT INTO tenants (id, name, slug, kind, parent_id, status, currency, created_at, updated_at)
                       VALUES ($1, 'T', $2, 'account', $3, $4, $5, now(), now())";
            let values: &[&(dyn tokio_postgres::types::ToSql + Sync)] =
                &[&tenant.id, &format!("t-{at}"), &parent, &status, &tenant.currency];
            client.execute(sql, values).await.unwrap();
        }
        for person in &self.people {
            let status = if person.active { "active" } else { "suspended" };
            let sql =
                "WITH u AS (INSERT INTO users (id, name, email, status, created_at, updated_at)
                                  VALUES ($1, 'P', $4, $3, now(), now()))
                       INSERT INTO sessions (id, user_id, created_at, expires_at, ip, user_agent)
                       VALUES ($2, $1, now(), now() + interval '1 hour', '', '')";
            let email = format!("{}@tree.example", person.id);
            let values: &[&(dyn tokio_postgres::types::ToSql + Sync)] =
                &[&person.id, &person.session, &status, &email];
            client.execute(sql, values).await.unwrap();
            for (at, (tenant, role)) in person.memberships.iter().enumerate() {
                let sql =
                    "INSERT INTO memberships (tenant_id, id, user_id, role, created_at, updated_at)
                           VALUES ($1, $2, $3, $4, now() + $5 * interval '1 second', now())";
                let tenant = self.tenants[*tenant].id;
                let values: &[&(dyn tokio_postgres::types::ToSql + Sync)] =
                    &[&tenant, &new_id(), &person.id, &ROLES[*role], &(at as f64)];
                client.execute(sql, values).await.unwrap();
            }
        }
    }

    /// What the database says of every person of the tree.
    async fn asked(&self, client: &Client) -> BTreeMap<Id, Reached> {
        let sessions: Vec<Id> = self.people.iter().map(|p| p.session).collect();
        let sql = "SELECT s, a.home, a.tenants, a.ranks, a.currencies
                     FROM unnest($1::uuid[]) s CROSS JOIN LATERAL app.session_actor(s) a";
        let mut found = BTreeMap::new();
        for row in client.query(sql, &[&sessions]).await.unwrap() {
            let (tenants, ranks): (Vec<Id>, Vec<i32>) = (row.get(2), row.get(3));
            let currencies: Vec<String> = row.get(4);
            let reached = tenants.into_iter().zip(ranks.into_iter().zip(currencies)).collect();
            found.insert(row.get(0), (reached, row.get(1)));
        }
        found
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reach_is_what_the_tree_and_the_memberships_say() {
    let app = TestApp::start().await;
    let client = Witness::of(&app).await.client;
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let (mut cases, mut reaching) = (0, 0);
    for number in 0..TREES {
        let tree = tree().new_tree(&mut runner).unwrap().current();
        client.batch_execute("BEGIN").await.unwrap();
        tree.plant(&client).await;
        let asked = tree.asked(&client).await;
        for person in &tree.people {
            let (reached, home) = tree.reached(person);
            let said = asked.get(&person.session).cloned().unwrap_or_default();
            assert_eq!(said, (reached.clone(), home), "tree {number}, {}", person.id);
            cases += 1;
            reaching += usize::from(!reached.is_empty());
        }
        client.batch_execute("ROLLBACK").await.unwrap();
    }
    println!("{cases} people in {TREES} trees, {reaching} of them reach something: 0 divergences");
    assert!(cases >= 10_000 && reaching > cases / 3 && reaching < cases);
}
