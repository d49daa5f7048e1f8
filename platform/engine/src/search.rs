//! Finding records by what a person types. Their words are written in the transaction of the records;
//! reading them goes through the tenants and rules of an ordinary list.

use std::borrow::Cow;

use define::{Collection, Search, Where};
use kernel::{Actor, Doc, Error, Id, Result, Scope, Value};
use store::search::{self, Hit, Place, Text};
use store::{Authority, Layout, Statement, Tx};

use crate::Engine;
use crate::access::{self, Reading};
use crate::change::{Change, Verb};

/// What a search found, best first.
#[derive(Debug)]
pub struct Hits(Vec<Hit>);

impl Hits {
    pub fn to_json(&self) -> String {
        let hits: Vec<&str> = self.0.iter().map(|hit| hit.json.as_str()).collect();
        format!("{{\"results\":[{}]}}", hits.join(","))
    }
}

/// Collections that the actor reads with one authority.
struct Ground<'a> {
    authority: Authority,
    scope: Scope,
    layouts: Vec<&'a Layout>,
}

impl Engine {
    /// The best records of each collection that hold every word of the text, whole or as a beginning.
    /// Collections that the actor may not read are passed over; Forbidden when it may read none.
    pub async fn search(&self, actor: &Actor, asked: &Search) -> Result<Hits> {
        if !(1..=Search::MAX_LIMIT).contains(&asked.limit) {
            let most = Search::MAX_LIMIT;
            return Err(Error::bad_request(format!("'limit' must be between 1 and {most}.")));
        }
        let grounds = grounds(actor, self.searched(&asked.collections)?)?;
        let mut hits = Vec::new();
        if !asked.text.trim().is_empty() {
            for ground in &grounds {
                let tenants = tenants(&ground.scope);
                let slugs: Vec<&str> = ground.layouts.iter().map(|l| l.slug()).collect();
                let place = Place { tenants, slugs: &slugs };
                let mut tx = self.store().read(&ground.authority).await?;
                let (layouts, text) = (&ground.layouts[..], &asked.text);
                hits.extend(search::hits(&mut tx, layouts, &place, text, asked.limit).await?);
            }
        }
        hits.sort_by_key(|hit| std::cmp::Reverse((hit.rank, hit.id)));
        Ok(Hits(hits))
    }

    /// The layouts of the named collections, or of all that are searched.
    fn searched(&self, slugs: &[String]) -> Result<Vec<&Layout>> {
        let schema = self.registry().schema();
        if slugs.is_empty() {
            let all = schema.iter().map(|layout| &**layout);
            return Ok(all.filter(|l| !l.collection.search.is_empty()).collect());
        }
        let mut layouts: Vec<&Layout> = Vec::with_capacity(slugs.len());
        for slug in slugs {
            let layout = schema.get(slug).filter(|l| !l.collection.search.is_empty());
            let layout = layout.ok_or_else(|| not_searched(slug))?;
            if !layouts.iter().any(|known| known.slug() == layout.slug()) {
                layouts.push(layout);
            }
        }
        Ok(layouts)
    }
}

#[track_caller]
fn not_searched(slug: &str) -> Error {
    let shown: String = slug.chars().take(60).collect();
    Error::bad_request(format!("'{shown}' is no collection that can be searched."))
}

fn grounds<'a>(actor: &Actor, layouts: Vec<&'a Layout>) -> Result<Vec<Ground<'a>>> {
    let mut grounds: Vec<Ground<'a>> = Vec::new();
    for layout in layouts {
        let Ok(Reading { authority, scope, .. }) =
            access::reading(actor, &layout.collection, &Where::default())
        else {
            continue;
        };
        let same = |g: &&mut Ground<'_>| {
            g.authority.visible == authority.visible && g.authority.rank == authority.rank
        };
        match grounds.iter_mut().find(same) {
            Some(ground) => ground.layouts.push(layout),
            None => grounds.push(Ground { authority, scope, layouts: vec![layout] }),
        }
    }
    if grounds.is_empty() { Err(Error::forbidden()) } else { Ok(grounds) }
}

fn tenants(scope: &Scope) -> &[Id] {
    match scope {
        Scope::One(tenant) => std::slice::from_ref(tenant),
        Scope::Many(tenants) => tenants,
    }
}

/// The filter with what was typed replaced by what it means here and now.
pub(crate) async fn resolved<'f>(
    tx: &mut Tx,
    layout: &Layout,
    scope: &Scope,
    filter: &'f Where,
) -> Result<Cow<'f, Where>> {
    let typed = |part: &Where| matches!(part, Where::Search(_));
    let parts = match filter {
        Where::Search(_) => std::slice::from_ref(filter),
        Where::And(parts) if parts.iter().any(typed) => parts,
        _ => return Ok(Cow::Borrowed(filter)),
    };
    if layout.collection.search.is_empty() {
        return Err(not_searched(layout.slug()));
    }
    let mut made = Vec::with_capacity(parts.len());
    for part in parts {
        made.push(match part {
            Where::Search(text) => {
                let place = Place { tenants: tenants(scope), slugs: &[layout.slug()] };
                search::condition(tx, &place, text).await?
            }
            other => other.clone(),
        });
    }
    Ok(Cow::Owned(Where::And(made)))
}

/// The statements that keep the words of changed documents. Queued behind their rows.
pub(crate) fn words(collection: &Collection, tenant: Id, changes: &[Change]) -> Vec<Statement> {
    let fields = &collection.search;
    if fields.is_empty() {
        return Vec::new();
    }
    let mut gone = Vec::new();
    let mut kept = Vec::new();
    for change in changes {
        let text = text(fields, change.id, &change.after);
        let former = change.before.as_ref().map(|doc| self::text(fields, change.id, doc));
        let was = change.before.as_ref().is_some_and(|doc| is_searched(collection, doc));
        let is = is_searched(collection, &change.after);
        let is_same = |former: &Text| former.title == text.title && former.others == text.others;
        if change.verb == Verb::Update && was == is && former.as_ref().is_some_and(is_same) {
            continue;
        }
        if former.is_some() {
            gone.push(change.id);
        }
        if change.verb != Verb::Delete && is {
            kept.push(text);
        }
    }
    let mut statements = Vec::new();
    if !gone.is_empty() {
        statements.push(search::forget(tenant, &gone));
    }
    statements.extend(search::remember(&collection.slug, tenant, kept));
    statements
}

/// Whether a document is one of those that are searched for.
pub(crate) fn is_searched(collection: &Collection, doc: &Doc) -> bool {
    collection.search_among.as_ref().is_none_or(|among| {
        let value = doc.get(&among.field).and_then(Value::as_str);
        value.is_some_and(|value| among.values.iter().any(|v| v == value))
    })
}

pub(crate) fn text(fields: &[String], id: Id, doc: &Doc) -> Text {
    let mut texts = fields.iter().map(|path| at(doc, path));
    let title = texts.next().flatten().unwrap_or_default().to_owned();
    let others: Vec<&str> = texts.flatten().collect();
    Text { id, title, others: others.join("\n") }
}

fn at<'d>(doc: &'d Doc, path: &str) -> Option<&'d str> {
    let mut parts = path.split('.');
    let first = doc.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part)).and_then(Value::as_str)
}
