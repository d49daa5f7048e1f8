//! People who must not pass, at every route of the API.
//!
//! Whoever has no part in an account gets for its ids, words and addresses exactly what nobody's get. A viewer
//! of it reads, and is forbidden whatever the definitions forbid. Nothing that was refused changes a row.

use anyhow::Result;
use axum::http::Method;
use define::{Collection, Rule};
use engine::{Action, Manner};
use kernel::{Id, Role};
use store::isolation::Tally;

use super::client::{Answer, Ask, Client};
use super::requests::{self, Drafts, Names, Route};
use super::world::World;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attacker {
    Nobody,
    Stranger,
    Sibling,
    Viewer,
}

impl Attacker {
    pub(super) const ALL: [Attacker; 4] =
        [Attacker::Nobody, Attacker::Stranger, Attacker::Sibling, Attacker::Viewer];

    pub(super) fn title(self) -> &'static str {
        match self {
            Attacker::Nobody => "Somebody who is not signed in",
            Attacker::Stranger => "The owner of another agency",
            Attacker::Sibling => "The owner of another account of the same agency",
            Attacker::Viewer => "A viewer of the account itself",
        }
    }

    pub(super) fn tried(self) -> &'static str {
        match self {
            Attacker::Viewer => {
                "Every change of the account's records that its definitions keep from viewers. Each must be \
                 forbidden, and no record of another agency may show in what may be read."
            }
            _ => {
                "Every route with ids, words and addresses of the account, and once more with such as do not \
                 exist. Both answers must be the same, letter by letter, and show nothing of the account."
            }
        }
    }

    fn client<'w>(self, world: &'w World<'_>) -> &'w Client {
        match self {
            Attacker::Nobody => &world.anonymous,
            Attacker::Stranger => &world.people.stranger,
            Attacker::Sibling => &world.people.sibling,
            Attacker::Viewer => &world.people.viewer,
        }
    }

    /// Where the attacker writes by right; for those who write nowhere, the other agency's account.
    pub(super) fn own(self, world: &World<'_>) -> Id {
        match self {
            Attacker::Sibling => world.sibling,
            _ => world.ground.other,
        }
    }

    /// The tenants that must be after the attack as they were before.
    pub(super) fn untouched(self, world: &World<'_>) -> Vec<Id> {
        let all = [world.ground.home, world.sibling, world.agency, world.rival, world.ground.other];
        let own: &[Id] = match self {
            Attacker::Stranger => &[world.rival, world.ground.other],
            Attacker::Sibling => &[world.sibling],
            _ => &[],
        };
        all.into_iter().filter(|id| !own.contains(id)).collect()
    }
}

/// What the attacks work with.
pub(super) struct Field<'a> {
    pub(super) collections: &'a [Collection],
    pub(super) actions: &'a [Action],
    pub(super) routes: &'a [Route],
}

/// One attacker at every route, a tally each.
pub(super) async fn attack(
    attacker: Attacker,
    world: &World<'_>,
    field: &Field<'_>,
    drafts: &Drafts,
) -> Result<Vec<(String, Tally)>> {
    let mut tallies = Vec::new();
    for route in field.routes {
        let tally = match attacker {
            Attacker::Viewer => as_viewer(world, field, route, drafts).await?,
            _ => as_outsider(attacker, world, field, route, drafts).await?,
        };
        tallies.push((route.name(), tally));
    }
    Ok(tallies)
}

async fn as_outsider(
    attacker: Attacker,
    world: &World<'_>,
    field: &Field<'_>,
    route: &Route,
    drafts: &Drafts,
) -> Result<Tally> {
    let client = attacker.client(world);
    let real = Names::real(world);
    let absent = real.absent();
    let mut tally = Tally::default();
    let reaching = requests::of(route, field.collections, &real, drafts)?;
    let twins = requests::of(route, field.collections, &absent, drafts)?;
    for (ask, twin) in reaching.iter().zip(&twins) {
        let answer = client.send(ask).await?;
        tally.attempts += 1;
        if let Some(fault) = judge(&real, ask, &answer) {
            tally.failures.push(format!("{}: {fault}", named(ask, &real)));
        }
        if ask.path == twin.path && ask.body == twin.body && ask.tenant == twin.tenant {
            // Nothing in it names anything.
            continue;
        }
        let other = client.send(twin).await?;
        tally.attempts += 1;
        if let Some(fault) = unanswered(&other) {
            tally
                .failures
                .push(format!("{} of what does not exist: {fault}", named(twin, &absent)));
        }
        let same = answer.status == other.status
            && real.neutral(&answer.body) == absent.neutral(&other.body);
        if !same {
            let short = |a: &Answer| format!("{} {}", a.status, excerpt(&a.body));
            tally.failures.push(format!(
                "{}: answered with {}, for what does not exist with {}",
                named(ask, &real),
                short(&answer),
                short(&other)
            ));
        }
    }
    Ok(tally)
}

/// An answer that says nothing of what was asked: then two that are equal prove nothing.
fn unanswered(answer: &Answer) -> Option<String> {
    match answer.status {
        429 => Some("turned away for asking too often, which proves nothing".to_owned()),
        500.. => Some(format!("answered with {}", answer.status)),
        _ => None,
    }
}

/// Nothing of the account shows, nothing breaks.
fn judge(names: &Names, ask: &Ask, answer: &Answer) -> Option<String> {
    if let Some(fault) = unanswered(answer) {
        return Some(fault);
    }
    let text = names.unsaid(ask, &answer.body);
    names.shows(&text).map(|secret| {
        let around: String =
            text.split(&secret).next().unwrap_or_default().chars().rev().take(60).collect();
        let around: String = around.chars().rev().collect();
        format!("the answer shows {secret} after {around:?}")
    })
}

async fn as_viewer(
    world: &World<'_>,
    field: &Field<'_>,
    route: &Route,
    drafts: &Drafts,
) -> Result<Tally> {
    let mut tally = Tally::default();
    let real = Names::real(world);
    let forbidden = is_forbidden(route, field);
    if !forbidden && route.method != Method::GET && route.of(field.collections).is_some() {
        // Theirs to do, by definition.
        return Ok(tally);
    }
    for ask in requests::of(route, field.collections, &real, drafts)? {
        let answer = Attacker::Viewer.client(world).send(&ask).await?;
        tally.attempts += 1;
        let foreign = [world.maker.canary(world.ground.other), &world.ground.other.to_string()]
            .into_iter()
            .any(|secret| !format!("{ask:?}").contains(secret) && answer.body.contains(secret));
        if let Some(fault) = unanswered(&answer) {
            tally.failures.push(format!("{}: {fault}", named(&ask, &real)));
        } else if foreign {
            let shown = "shows another agency's words";
            tally.failures.push(format!("{} {shown}: {}", named(&ask, &real), answer.status));
        } else if forbidden && !(answer.status == 403 || is_elsewhere(&ask, &answer)) {
            tally.failures.push(format!(
                "{}: is not for viewers and was answered with {}",
                named(&ask, &real),
                answer.status
            ));
        }
    }
    Ok(tally)
}

/// A document of another tenant is not forbidden to change; it is not there, and one that is to be made there
/// names an invalid tenant.
fn is_elsewhere(ask: &Ask, answer: &Answer) -> bool {
    (ask.method == Method::PATCH && answer.status == 404)
        || (ask.method == Method::POST && answer.status == 400)
}

/// Whether the definitions keep a route from viewers whatever the document.
fn is_forbidden(route: &Route, field: &Field<'_>) -> bool {
    let Some((collection, tail)) = route.of(field.collections) else { return false };
    let action = tail.strip_prefix("{id}/").and_then(|name| {
        let slug = collection.slug.as_str();
        field.actions.iter().find(|a| a.on == Some(slug) && a.name == name)
    });
    if let Some(action) = action {
        return action.manner != Manner::Ask && route.method != Method::GET;
    }
    let access = &collection.access;
    let rule: &Rule = match (&route.method, tail) {
        (&Method::POST, "" | "{id}/duplicate") => &access.create,
        (&Method::PATCH, "" | "{id}") => &access.update,
        (&Method::DELETE, "" | "{id}") => &access.delete,
        _ => return false,
    };
    !rule.possible(Some(Role::Viewer))
}

fn named(ask: &Ask, names: &Names) -> String {
    format!("{} {}", ask.method, names.neutral(&ask.path))
}

fn excerpt(text: &str) -> String {
    text.chars().take(160).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn being_turned_away_is_no_answer() {
        let answer = |status| Answer { status, body: String::new() };
        for status in [429, 500, 503] {
            assert!(unanswered(&answer(status)).is_some(), "{status}");
        }
        for status in [200, 400, 401, 403, 404, 409, 422] {
            assert_eq!(unanswered(&answer(status)), None);
        }
    }
}
