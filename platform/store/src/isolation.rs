//! What `mainstay isolation` asks of a database: whether the catalog holds what the product relies on
//! ([`walls`]), and what a forged session gets of every table ([`attack`], [`rules`]) and of every function that
//! acts with its owner's rights ([`gates`]).
//!
//! Everything here runs as the serving role on a connection of its own, each attempt in a transaction that is
//! rolled back, and names no row but those of the scratch tenants it is given.

pub mod attack;
pub mod digest;
mod forged;
pub mod gates;
pub mod rules;
pub mod scratch;
pub mod tables;
pub mod walls;

use kernel::{Id, Role};

use crate::Authority;

/// What was tried under one heading, and what of it went wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    pub attempts: usize,
    /// A sentence each.
    pub failures: Vec<String>,
}

impl Tally {
    pub fn merge(&mut self, other: Tally) {
        self.attempts += other.attempts;
        self.failures.extend(other.failures);
    }

    pub(crate) fn judge(&mut self, holds: bool, failure: impl FnOnce() -> String) {
        self.attempts += 1;
        if !holds {
            self.failures.push(failure());
        }
    }
}

/// The scratch tenants that attacks stand in and reach for.
#[derive(Debug, Clone)]
pub struct Ground {
    /// The top of the scratch tree.
    pub root: Id,
    /// The account whose rows are reached for.
    pub home: Id,
    /// The account of another agency, whose owner attacks.
    pub other: Id,
    /// A person of `home` with each role, weakest first.
    pub people: [Id; 4],
    /// The owner of `other`.
    pub stranger: Id,
    /// Somebody who is a member of nothing.
    pub astray: Id,
    /// The address and an open session of `home`'s owner.
    pub email: String,
    pub session: Id,
    /// An open invitation of `home`, by its owner.
    pub invitation: Id,
}

impl Ground {
    pub fn person(&self, role: Role) -> Id {
        let [viewer, member, admin, owner] = self.people;
        match role {
            Role::Viewer => viewer,
            Role::Member => member,
            Role::Admin => admin,
            Role::Owner => owner,
        }
    }

    /// A person of `home` at work there.
    pub(crate) fn at_home(&self, role: Role) -> Authority {
        Authority {
            user: Some(self.person(role)),
            visible: vec![self.home],
            tenant: Some(self.home),
            rank: role.rank(),
            ..Authority::default()
        }
    }

    /// The owner of the other account at work there, forging what may be read.
    pub(crate) fn outsider(&self, visible: Vec<Id>) -> Authority {
        let (user, tenant) = (Some(self.stranger), Some(self.other));
        Authority { user, visible, tenant, rank: Role::Owner.rank(), ..Authority::default() }
    }
}
