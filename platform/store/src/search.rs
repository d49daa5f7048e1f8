//! The words of records: written along with them, and read to find them.

use define::Where;
use kernel::{Id, Result};
use serde_json::Value;
use tokio_postgres::Row;

use crate::layout::ColumnType;
use crate::row::get;
use crate::select::search::{self as select, FEW};
use crate::{Layout, Param, Statement, Then, Tx, render, words};

/// Records whose words one statement writes at most.
const CHUNK: usize = 5_000;

/// A record as a search sees it.
pub struct Text {
    pub id: Id,
    pub title: String,
    /// The other searched fields, a line each.
    pub others: String,
}

/// Writes the words of new records of one tenant.
pub fn remember(slug: &str, tenant: Id, texts: Vec<Text>) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut uncut = Vec::new();
    let mut cut: [Vec<Param>; 3] = Default::default();
    for text in texts {
        match words::weighted(&text.title, &text.others) {
            None => uncut.push(text),
            Some(words) => {
                let [ids, each, weights] = &mut cut;
                for (word, weight) in words {
                    ids.push(Param::Uuid(text.id));
                    each.push(Param::Text(word));
                    weights.push(Param::Int(weight));
                }
            }
        }
    }
    if cut.iter().any(|list| !list.is_empty()) {
        let [ids, words, weights] = cut.map(Param::List);
        statements.push(Statement::new(
            "INSERT INTO search_words (tenant_id, collection, word, weight, document_id) \
             SELECT $1, $2, each.word, each.weight, each.id \
             FROM unnest($3::uuid[], $4::text[], $5::int2[]) AS each(id, word, weight)",
            vec![Param::Uuid(tenant), Param::text(slug), ids, words, weights],
        ));
    }
    let mut uncut = uncut.into_iter().peekable();
    while uncut.peek().is_some() {
        let (mut ids, mut titles, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for text in uncut.by_ref().take(CHUNK) {
            ids.push(text.id);
            titles.push(text.title);
            others.push(text.others);
        }
        statements.push(Statement::new(
            "INSERT INTO search_words (tenant_id, collection, word, weight, document_id) \
             SELECT $1, $2, w.word, w.weight, each.id \
             FROM unnest($3::uuid[], $4::text[], $5::text[]) AS each(id, title, others) \
             CROSS JOIN LATERAL app.weighted_words(each.title, each.others) w",
            vec![
                Param::Uuid(tenant),
                Param::text(slug),
                Param::uuids(ids),
                Param::texts(titles),
                Param::texts(others),
            ],
        ));
    }
    statements
}

/// Takes the words of records away.
pub fn forget(tenant: Id, ids: &[Id]) -> Statement {
    Statement::new(
        "DELETE FROM search_words WHERE tenant_id = $1 AND document_id = ANY ($2::uuid[])",
        vec![Param::Uuid(tenant), Param::uuids(ids.iter().copied())],
    )
}

/// Makes the words of records those of their texts and touches no word that is right. One row, the number
/// of words that were not.
pub fn mend(slug: &str, tenant: Id, texts: Vec<Text>) -> Statement {
    let (mut ids, mut titles, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for text in texts {
        ids.push(text.id);
        titles.push(text.title);
        others.push(text.others);
    }
    let (ids, titles, others) = (Param::uuids(ids), Param::texts(titles), Param::texts(others));
    let params = vec![Param::Uuid(tenant), Param::text(slug), ids, titles, others];
    Statement::new(include_str!("../sql/mend_words.sql"), params)
}

/// Takes away words of records that are gone, at most `limit` of them. A row for each.
pub fn orphans(layout: &Layout, tenant: Id, limit: i64) -> Statement {
    let sql = format!(
        "DELETE FROM search_words WHERE ctid = ANY (ARRAY(\
             SELECT s.ctid FROM search_words s \
              WHERE s.tenant_id = $1 AND s.collection = $2 AND NOT EXISTS (\
                    SELECT FROM {} t WHERE t.tenant_id = $1 AND t.id = s.document_id) LIMIT $3)) \
         RETURNING 1",
        layout.table
    );
    Statement::new(sql, vec![Param::Uuid(tenant), Param::text(layout.slug()), Param::Int(limit)])
}

/// The next records of a tenant by id, those in the trash too.
pub fn next(layout: &Layout, tenant: Id, after: Option<Id>, limit: i64) -> Statement {
    let after = after.unwrap_or(Id::nil());
    let sql = format!(
        "SELECT id FROM {} WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        layout.table
    );
    Statement::new(sql, vec![Param::Uuid(tenant), Param::Uuid(after), Param::Int(limit)])
}

/// Where to look for what was typed.
pub struct Place<'a> {
    pub tenants: &'a [Id],
    pub slugs: &'a [&'a str],
}

/// One word of a search, and the records that may have it.
#[derive(Debug)]
struct Asked {
    word: String,
    /// One more than [`FEW`] means that there are others.
    ids: Vec<Id>,
    tenants: Vec<Id>,
    slugs: Vec<String>,
}

impl Asked {
    fn is_rare(&self) -> bool {
        self.ids.len() as i64 <= FEW
    }
}

/// The words of `text`, rarest first. One that begins another says nothing besides it.
async fn asked(tx: &mut Tx, place: &Place<'_>, text: &str) -> Result<Vec<Asked>> {
    let statement = select::words(text, place.tenants, place.slugs);
    let rows = tx.batch(&[statement], Then::GoOn).await?.pop().unwrap_or_default();
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.push(Asked {
            word: get(row, 0)?,
            ids: get(row, 1)?,
            tenants: get(row, 2)?,
            slugs: get(row, 3)?,
        });
    }
    let words: Vec<String> = found.iter().map(|a: &Asked| a.word.clone()).collect();
    let begins_another =
        |word: &String| words.iter().any(|w| w != word && w.starts_with(word.as_str()));
    found.retain(|a| !begins_another(&a.word));
    found.sort_by_key(|a| (a.ids.len(), std::cmp::Reverse(a.word.len())));
    Ok(found)
}

/// The condition that a record has all words of `text`: rare words are resolved to the records that
/// have them, frequent ones are left for the statement to test.
pub async fn condition(tx: &mut Tx, place: &Place<'_>, text: &str) -> Result<Where> {
    let asked = asked(tx, place, text).await?;
    let (rare, frequent): (Vec<Asked>, Vec<Asked>) = asked.into_iter().partition(Asked::is_rare);
    let mut ids: Option<Vec<Id>> = None;
    for asked in rare {
        let has = |id: &Id| ids.as_ref().is_none_or(|known| known.binary_search(id).is_ok());
        let mut both: Vec<Id> = asked.ids.iter().filter(|id| has(id)).copied().collect();
        both.sort_unstable();
        both.dedup();
        ids = Some(both);
    }
    let words = Where::Words(frequent.into_iter().map(|a| a.word).collect());
    let Some(ids) = ids else { return Ok(words) };
    let ids: Vec<Value> = ids.iter().map(|id| Value::from(id.to_string())).collect();
    let known = Where::test("id", define::Op::In, Value::from(ids));
    Ok(match &words {
        Where::Words(left) if left.is_empty() => known,
        _ => known.and(words),
    })
}

/// A record that a search found, as JSON, and how well it fits.
#[derive(Debug)]
pub struct Hit {
    pub rank: i64,
    pub id: Id,
    pub json: String,
}

/// The best records of each collection, in no order among collections; two round trips, after which
/// the transaction is over. Every slug of `place` is that of one of `layouts`.
pub async fn hits(
    tx: &mut Tx,
    layouts: &[&Layout],
    place: &Place<'_>,
    text: &str,
    limit: i64,
) -> Result<Vec<Hit>> {
    let asked = asked(tx, place, text).await?;
    let Some(first) = asked.first() else { return Ok(Vec::new()) };
    // Of a rare word it is known where its records are.
    let tenants = if first.is_rare() { &first.tenants } else { place.tenants };
    let is_there = |layout: &&&Layout| {
        !first.is_rare() || first.slugs.iter().any(|slug| slug == layout.slug())
    };
    let layouts: Vec<&&Layout> = layouts.iter().filter(is_there).collect();
    let words: Vec<String> = asked.iter().map(|a| a.word.clone()).collect();
    let statements: Vec<Statement> =
        layouts.iter().map(|layout| select::hits(layout, tenants, &words, limit)).collect();
    let results = tx.batch(&statements, Then::Commit).await?;
    let mut hits = Vec::new();
    for (layout, rows) in layouts.iter().zip(results) {
        for row in &rows {
            hits.push(hit(layout, row)?);
        }
    }
    Ok(hits)
}

/// The statements of a search for `words`, rarest first, for those who measure.
pub fn statements(
    layout: &Layout,
    tenants: &[Id],
    text: &str,
    words: &[String],
    limit: i64,
) -> [Statement; 2] {
    [select::words(text, tenants, &[layout.slug()]), select::hits(layout, tenants, words, limit)]
}

fn hit(layout: &Layout, row: &Row) -> Result<Hit> {
    let id: Id = get(row, 0)?;
    let tenant: Id = get(row, 1)?;
    let mut json = String::with_capacity(256);
    json.push_str("{\"collection\":");
    render::string(&mut json, layout.slug());
    json.push_str(&format!(",\"id\":\"{id}\",\"tenant\":\"{tenant}\",\"title\":"));
    let title: Option<String> = get(row, 3)?;
    render::string(&mut json, &line(&title.unwrap_or_default()));
    json.push_str(",\"detail\":");
    match get::<Option<String>>(row, 4)? {
        Some(detail) => render::string(&mut json, &line(&detail)),
        None => json.push_str("null"),
    }
    json.push_str(",\"updatedAt\":");
    render::scalar(&mut json, render::raw(row, 5)?.unwrap_or_default(), ColumnType::Time)?;
    json.push('}');
    Ok(Hit { rank: get(row, 2)?, id, json })
}

/// Characters of a title or detail.
const LINE: usize = 160;

/// A text as one line of moderate length.
fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    match text.char_indices().nth(LINE) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_become_a_line() {
        assert_eq!(line(" a\n b\t"), "a b");
        let long = line(&"é".repeat(500));
        assert_eq!(long.chars().count(), LINE + 1);
        assert!(long.ends_with('…'));
    }
}
