//! Records by the words they hold.
//!
//! A word of a search is a prefix: a range of `search_words`, whose text compares bytewise and
//! leakproof, so that the range is an index scan under row-level security too. The rarest word finds
//! candidates; the others are looked up for each candidate by the table's second index.

use std::fmt::Write as _;

use define::Where;
use kernel::{Id, Scope};

use super::Params;
use super::filter::Frame;
use crate::layout::Layout;
use crate::{Param, Statement};

/// Past every word that begins with what this follows: the last code point there is.
const END: char = '\u{10FFFF}';
/// Words of a search that count, the longest ones.
const MAX_WORDS: i64 = 8;
/// A word with no more records than this is known by them.
pub(crate) const FEW: i64 = 1_000;
/// Candidates of one tenant and collection: the newest records that hold the word itself, and the
/// alphabetically first ones that hold a longer one.
const WHOLE_WORDS: i64 = 5_000;
const LONGER_WORDS: i64 = 1_000;
/// Matching candidates that are ranked by all words.
const RANKED: i64 = 50;
/// Characters of a title or detail that are sent.
const SHOWN: i64 = 400;

/// The words of `text`, and the records each begins a word of: `word`, `document_ids`, `tenant_ids`,
/// `collections`, of one record more than [`FEW`] at most.
pub(crate) fn words(text: &str, tenants: &[Id], slugs: &[&str]) -> Statement {
    let mut params = Params::default();
    // A database string cannot hold a NUL, and to a search it is a space.
    let text = params.add(Param::text(text.replace('\0', " ")));
    let tenants = params.add(Param::uuids(tenants.iter().copied()));
    let slugs = params.add(Param::texts(slugs.iter().copied()));
    let end = params.add(Param::text(END));
    let sql = format!(
        "SELECT w.word, found.* FROM (SELECT word FROM app.asked_words({text}) each(word) \
         ORDER BY length(word) DESC, word LIMIT {MAX_WORDS}) w CROSS JOIN LATERAL ( \
         SELECT coalesce(array_agg(document_id), '{{}}') AS document_ids, \
         coalesce(array_agg(DISTINCT tenant_id), '{{}}') AS tenant_ids, \
         coalesce(array_agg(DISTINCT collection::text), '{{}}') AS collections \
         FROM (SELECT s.document_id, s.tenant_id, s.collection FROM search_words s \
         WHERE s.tenant_id = ANY ({tenants}::uuid[]) AND s.collection = ANY ({slugs}::text[]) \
         AND s.word >= w.word AND s.word < w.word || {end}::text LIMIT {}) few) found",
        FEW + 1
    );
    Statement::new(sql, params.0)
}

impl Frame<'_, '_> {
    /// That the record has all the words, each as the beginning of one of its own.
    pub(super) fn has_words(&mut self, words: &[String]) -> String {
        let record = self.base().to_owned();
        let conditions: Vec<String> = words
            .iter()
            .map(|word| {
                let alias = self.alias('w');
                let slug = self.slug().to_owned();
                let slug = self.param(Param::Text(slug));
                let range = range(&alias, word, |param| self.param(param));
                format!(
                    "EXISTS (SELECT 1 FROM search_words {alias} WHERE {alias}.tenant_id = {record}.tenant_id \
                     AND {alias}.document_id = {record}.id AND {alias}.collection = {slug} AND {range})"
                )
            })
            .collect();
        match conditions.as_slice() {
            [] => "FALSE".to_owned(),
            [one] => one.clone(),
            many => format!("({})", many.join(" AND ")),
        }
    }
}

/// A word that everything found must have, and the other words, when the filter is nothing but words.
///
/// Whoever counts starts from the records of that word: left to itself PostgreSQL goes through all records and
/// looks for the word of each, which pays for a page, that is full soon, and not for a count.
pub(super) fn leading_word(filter: &Where) -> Option<(String, Where)> {
    match filter {
        Where::Words(words) => {
            let (first, others) = words.split_first()?;
            let all = Where::And(Vec::new());
            let others = if others.is_empty() { all } else { Where::Words(others.to_vec()) };
            Some((first.clone(), others))
        }
        Where::And(parts) => match parts.as_slice() {
            [only] => leading_word(only),
            _ => None,
        },
        _ => None,
    }
}

/// Records with a word as `h`, each once, to be joined with their own table.
pub(super) fn holders(layout: &Layout, scope: &Scope, word: &str, params: &mut Params) -> String {
    let tenants: Vec<Id> = match scope {
        Scope::One(tenant) => vec![*tenant],
        Scope::Many(tenants) => tenants.clone(),
    };
    let tenants = params.add(Param::uuids(tenants));
    let slug = params.add(Param::text(layout.slug()));
    let range = range("s", word, |param| params.add(param));
    format!(
        "(SELECT DISTINCT s.tenant_id, s.document_id FROM search_words s \
         WHERE s.tenant_id = ANY ({tenants}::uuid[]) AND s.collection = {slug}::text AND {range}) h, "
    )
}

fn range(alias: &str, word: &str, mut add: impl FnMut(Param) -> String) -> String {
    let from = add(Param::text(word));
    let to = add(Param::text(format!("{word}{END}")));
    format!("{alias}.word >= {from}::text AND {alias}.word < {to}::text")
}

/// The best records of one collection for `words`, rarest first: id, tenant, rank, title, detail, time
/// of the last change. A word counts 3 as a whole word of the title, 2 as the beginning of one, 1
/// elsewhere; between equals the newer record comes first.
///
/// Each candidate is looked up in the collection's own table under its own policies, so that a word
/// that outlived its record finds nothing.
pub(crate) fn hits(layout: &Layout, tenants: &[Id], words: &[String], limit: i64) -> Statement {
    let mut params = Params::default();
    let (first, others) = words.split_first().unzip();
    let first = first.cloned().unwrap_or_default();
    let tenants = params.add(Param::uuids(tenants.iter().copied()));
    let candidates = candidates(layout, &first, &mut params);
    let (mut joins, mut rank, mut all) = (String::new(), "d.rank".to_owned(), String::new());
    for (n, word) in others.unwrap_or_default().iter().enumerate() {
        let alias = format!("o{n}");
        let range = range("s", word, |param| params.add(param));
        let whole = params.add(Param::text(word));
        let _ = write!(
            joins,
            " CROSS JOIN LATERAL (SELECT max(CASE WHEN s.word = {whole}::text THEN 2 * s.weight - 1 \
             ELSE s.weight END) AS rank FROM search_words s WHERE s.tenant_id = v.tenant_id \
             AND s.document_id = d.document_id AND {range}) {alias}"
        );
        let _ = write!(rank, " + {alias}.rank");
        let _ = write!(all, " AND {alias}.rank IS NOT NULL");
    }
    let limit = params.add(Param::Int(limit));
    // One word ranks its candidates finally, so that of each tenant no more is looked up than can be shown.
    let ranked = if joins.is_empty() { limit.clone() } else { RANKED.to_string() };
    let (title, detail) = shown(layout);
    let trash = if layout.collection.trash { " AND t.deleted_at IS NULL" } else { "" };
    let sql = format!(
        "SELECT h.* FROM unnest({tenants}::uuid[]) v(tenant_id) CROSS JOIN LATERAL ( \
         SELECT t.id, t.tenant_id, ({rank})::bigint AS rank, t.title, t.detail, t.updated_at \
         FROM ({candidates}) d{joins} CROSS JOIN LATERAL ( \
         SELECT t.id, t.tenant_id, {title} AS title, {detail} AS detail, t.updated_at FROM {} t \
         WHERE t.tenant_id = v.tenant_id AND t.id = d.document_id{trash} LIMIT 1) t \
         WHERE TRUE{all} ORDER BY d.rank DESC, d.document_id DESC LIMIT {ranked}) h \
         ORDER BY h.rank DESC, h.id DESC LIMIT {limit}",
        layout.table
    );
    Statement::new(sql, params.0)
}

/// Records with the word, best first: read from the index in its order, so that a cut leaves the best.
fn candidates(layout: &Layout, word: &str, params: &mut Params) -> String {
    let slug = params.add(Param::text(layout.slug()));
    let whole = params.add(Param::text(word));
    let to = params.add(Param::text(format!("{word}{END}")));
    let from = format!(
        "FROM search_words s WHERE s.tenant_id = v.tenant_id AND s.collection = {slug}::text"
    );
    format!(
        "SELECT x.document_id, max(x.rank) AS rank FROM ( \
         (SELECT s.document_id, 2 * s.weight - 1 AS rank {from} AND s.word = {whole}::text \
         ORDER BY s.weight DESC, s.document_id DESC LIMIT {WHOLE_WORDS}) UNION ALL \
         (SELECT s.document_id, s.weight {from} AND s.word > {whole}::text AND s.word < {to}::text \
         ORDER BY s.word LIMIT {LONGER_WORDS})) x \
         GROUP BY x.document_id ORDER BY rank DESC, x.document_id DESC"
    )
}

/// The title, and the first of the other searched fields that holds something.
fn shown(layout: &Layout) -> (String, String) {
    let mut columns = layout.collection.search.iter().filter_map(|path| layout.column(path));
    let cut = |name: &str| format!("left(t.{name}, {SHOWN})");
    let title = columns.next().map_or_else(|| "NULL::text".to_owned(), |c| cut(&c.name));
    let others: Vec<String> = columns.map(|c| format!("nullif({}, '')", cut(&c.name))).collect();
    match others.as_slice() {
        [] => (title, "NULL::text".to_owned()),
        others => (title, format!("coalesce({})", others.join(","))),
    }
}
