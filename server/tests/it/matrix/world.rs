//! Who stands where: two agencies with accounts, people of every role, a document of every collection
//! in every place.

use std::collections::{BTreeMap, HashMap};

use define::{Collection, Tenancy};
use kernel::{Id, Role};
use reqwest::Method;
use serde_json::json;

use super::generate::Maker;
use crate::support::app::{Person, TestApp};

/// `None` is nobody in particular.
pub(crate) const ROLES: [Option<Role>; 5] =
    [None, Some(Role::Viewer), Some(Role::Member), Some(Role::Admin), Some(Role::Owner)];

/// Where a document is, as seen by who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    Own,
    /// A tenant under one's own.
    Below,
    Sibling,
    Parent,
    OtherAgency,
    AccountOfOther,
}

/// Where the people are: in an account or in an agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Account,
    Agency,
}

impl Level {
    pub(crate) fn places(self) -> &'static [Place] {
        use Place::{AccountOfOther, Below, OtherAgency, Own, Parent, Sibling};
        match self {
            Level::Account => &[Own, Sibling, Parent, OtherAgency, AccountOfOther],
            Level::Agency => &[Own, Below, Parent, OtherAgency, AccountOfOther],
        }
    }

    /// The tenant's name in [`World::tenants`].
    fn name(self, place: Place) -> &'static str {
        match (self, place) {
            (Level::Account, Place::Own) | (Level::Agency, Place::Below) => "north",
            (Level::Agency, Place::Own) | (Level::Account, Place::Parent) => "agency",
            (_, Place::Parent) => "platform",
            (_, Place::Sibling | Place::Below) => "south",
            (_, Place::OtherAgency) => "rival",
            (_, Place::AccountOfOther) => "east",
        }
    }
}

pub(crate) fn is_reached(place: Place) -> bool {
    matches!(place, Place::Own | Place::Below)
}

pub(crate) struct World<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) tenants: BTreeMap<&'static str, Id>,
    pub(crate) maker: Maker<'a>,
    people: HashMap<(&'static str, Option<Role>), Person<'a>>,
    /// By tenant and collection.
    docs: HashMap<(Id, String), Id>,
}

impl<'a> World<'a> {
    pub(crate) async fn new(app: &'a TestApp) -> World<'a> {
        let mut tenants = BTreeMap::from([("platform", app.platform())]);
        for (name, above) in [
            ("agency", "platform"),
            ("north", "agency"),
            ("south", "agency"),
            ("rival", "platform"),
            ("east", "rival"),
        ] {
            let id = app.tenant(tenants[above], &format!("canary-of-{name}")).await;
            tenants.insert(name, id);
        }
        let mut people = HashMap::new();
        for tenant in ["agency", "north"] {
            people.insert((tenant, None), app.anonymous());
            for role in ROLES.into_iter().flatten() {
                let email = format!("{}@{tenant}.example.test", role.as_str());
                app.user(tenants[tenant], &email, role).await;
                people.insert((tenant, Some(role)), app.sign_in(&email).await);
            }
        }
        let someone = &people[&("north", Some(Role::Viewer))];
        let (_, me) = someone.get("/api/users/me").await;
        let path = format!("/api/users/{}", me["user"]["id"].as_str().unwrap());
        let own = json!({ "preferences": { "word": "canary-of-north" } });
        assert_eq!(someone.patch(&path, own).await.0, 200);
        let kept = people[&("north", Some(Role::Member))]
            .request(Method::POST, "/api/companies")
            .header("Idempotency-Key", "canary-of-north")
            .json(&json!({ "name": "canary-of-north" }));
        assert_eq!(kept.send().await.unwrap().status(), 201);
        let mut maker = Maker::new(app, &tenants).await;
        let mut docs = HashMap::new();
        for tenant in tenants.values() {
            for collection in app.engine().collections() {
                let id = match collection.tenancy {
                    Tenancy::Tree => *tenant,
                    _ => maker.make(*tenant, &collection.slug).await,
                };
                docs.insert((*tenant, collection.slug.clone()), id);
            }
        }
        World { app, tenants, maker, people, docs }
    }

    pub(crate) fn collections(&self) -> Vec<Collection> {
        self.app.engine().collections().cloned().collect()
    }

    pub(crate) fn tenant(&self, level: Level, place: Place) -> Id {
        self.tenants[level.name(place)]
    }

    pub(crate) fn person(&self, level: Level, role: Option<Role>) -> &Person<'a> {
        &self.people[&(level.name(Place::Own), role)]
    }

    /// The document of a collection that is always there.
    pub(crate) fn doc(&self, level: Level, place: Place, slug: &str) -> Id {
        self.docs[&(self.tenant(level, place), slug.to_owned())]
    }
}
