//! Who is asking: the first argument of every verb.

use std::sync::Arc;

use crate::{Currency, Id, Role};

/// Where a request came from; written into every audit row.
#[derive(Debug, Clone, Default)]
pub struct RequestInfo {
    pub id: String,
    pub ip: String,
    pub user_agent: String,
    /// Held while a request that must not be carried out twice is carried out.
    pub claim: Option<Claim>,
}

/// The right to carry out the request that came with an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub id: Id,
    /// Where the person stood.
    pub tenant: Id,
    pub key: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Anonymous,
    User(Id),
    /// A part of the product acting by itself (`import`, `seed`); its reach is given explicitly.
    System(&'static str),
}

/// One tenant the actor may enter, with the strongest role that reaches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub tenant: Id,
    pub role: Role,
    /// The tenant's own currency, or the nearest ancestor's: the default of its money.
    pub currency: Currency,
}

/// Every tenant the actor may enter. Computed once per sign-in from memberships and the tenant
/// tree, dropped when either changes.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    grants: Vec<Grant>,
    home: Option<Id>,
}

impl Reach {
    /// `home` is where writes go when the request selects no tenant: the tenant of the actor's
    /// first membership. Several grants for one tenant are folded into the strongest.
    pub fn new(mut grants: Vec<Grant>, home: Option<Id>) -> Reach {
        grants.sort_by(|a, b| a.tenant.cmp(&b.tenant).then(b.role.cmp(&a.role)));
        grants.dedup_by_key(|g| g.tenant);
        let home = home.filter(|h| grants.iter().any(|g| g.tenant == *h));
        Reach { grants, home }
    }

    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    pub fn home(&self) -> Option<Id> {
        self.home
    }

    pub fn grant(&self, tenant: Id) -> Option<&Grant> {
        let at = self.grants.binary_search_by_key(&tenant, |g| g.tenant).ok()?;
        self.grants.get(at)
    }

    pub fn tenants(&self) -> impl Iterator<Item = Id> + '_ {
        self.grants.iter().map(|g| g.tenant)
    }
}

/// The tenants a read covers. Row-level security holds whatever is asked; this is the explicit
/// predicate that lets PostgreSQL use the index order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    One(Id),
    Many(Vec<Id>),
}

#[derive(Debug, Clone)]
pub struct Actor {
    pub who: Who,
    pub session: Option<Id>,
    pub email: String,
    pub reach: Arc<Reach>,
    /// The tenant the request named (header, cookie or body); always within reach.
    pub selected: Option<Id>,
    pub request: Arc<RequestInfo>,
}

impl Actor {
    pub fn anonymous(request: RequestInfo) -> Actor {
        Actor {
            who: Who::Anonymous,
            session: None,
            email: String::new(),
            reach: Arc::default(),
            selected: None,
            request: Arc::new(request),
        }
    }

    pub fn system(name: &'static str, reach: Reach) -> Actor {
        Actor {
            who: Who::System(name),
            reach: Arc::new(reach),
            ..Actor::anonymous(RequestInfo::default())
        }
    }

    pub fn user(&self) -> Option<Id> {
        match self.who {
            Who::User(id) => Some(id),
            _ => None,
        }
    }

    pub fn is_anonymous(&self) -> bool {
        self.who == Who::Anonymous
    }

    /// The tenant that writes and defaults belong to.
    pub fn current(&self) -> Option<Id> {
        self.selected.or(self.reach.home)
    }

    pub fn role_in(&self, tenant: Id) -> Option<Role> {
        self.reach.grant(tenant).map(|g| g.role)
    }

    /// The role where the actor stands; what the interface may offer.
    pub fn role(&self) -> Option<Role> {
        self.current().and_then(|t| self.role_in(t))
    }

    /// Strongest role anywhere in reach.
    pub fn strongest(&self) -> Option<Role> {
        self.reach.grants.iter().map(|g| g.role).max()
    }

    /// The same actor standing in another tenant. `None` when it is out of reach.
    pub fn select(&self, tenant: Id) -> Option<Actor> {
        self.role_in(tenant)?;
        Some(Actor { selected: Some(tenant), ..self.clone() })
    }

    /// The tenants a list covers: the selected one, else everything within reach.
    pub fn scope(&self) -> Scope {
        if let Some(tenant) = self.selected {
            return Scope::One(tenant);
        }
        match self.reach.grants.as_slice() {
            [only] => Scope::One(only.tenant),
            all => Scope::Many(all.iter().map(|g| g.tenant).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::new_id;

    fn grant(tenant: Id, role: Role) -> Grant {
        Grant { tenant, role, currency: Currency::USD }
    }

    #[test]
    fn strongest_grant_wins_and_home_must_be_reachable() {
        let (a, b) = (new_id(), new_id());
        let reach = Reach::new(
            vec![grant(a, Role::Viewer), grant(b, Role::Member), grant(a, Role::Owner)],
            Some(new_id()),
        );
        assert_eq!(reach.grants().len(), 2);
        assert_eq!(reach.grant(a).map(|g| g.role), Some(Role::Owner));
        assert_eq!(reach.home(), None);
    }

    #[test]
    fn a_tenant_out_of_reach_cannot_be_selected() {
        let a = new_id();
        let actor = Actor::system("test", Reach::new(vec![grant(a, Role::Member)], Some(a)));
        assert!(actor.select(new_id()).is_none());
        assert_eq!(actor.scope(), Scope::One(a));
    }
}
