//! Reading verbs: a page, one document, a count.

use std::fmt::Write as _;

use define::{Find, Shape, Tenancy, Where};
use kernel::{Actor, Error, Id, Result, Role, Scope};
use store::Then;
use store::read::{self, Query, Reader, Total, Wanted};

use crate::access::{self, Reading};
use crate::{Engine, MAX_LIMIT, MAX_TOTAL, search};

/// One page, as the contract describes it.
#[derive(Debug)]
pub struct Page {
    /// Documents as JSON texts.
    pub docs: Vec<String>,
    /// As asked; 0 means all.
    pub limit: i64,
    pub page: i64,
    /// Size of the whole set; without pagination, of the page.
    pub total: i64,
    /// The set is larger than `total`: counting stopped there.
    pub capped: bool,
}

impl Page {
    /// The page object in the contract's key order.
    pub fn to_json(&self) -> String {
        let (limit, page, total) = (self.limit, self.page, self.total);
        let pages = if limit > 0 { ((total + limit - 1) / limit).max(1) } else { 1 };
        let counter = if limit > 0 { (page - 1) * limit + 1 } else { 1 };
        // Past the cap the pages are not counted, but they are there.
        let full = self.docs.len() as i64 == limit;
        let next = (page < pages || self.capped && full).then_some(page + 1);
        let previous = (page > 1).then_some(page - 1);
        let number = |n: Option<i64>| n.map_or_else(|| "null".to_owned(), |n| n.to_string());
        let size: usize = self.docs.iter().map(|d| d.len() + 1).sum();
        let mut text = String::with_capacity(size + 256);
        text.push_str("{\"docs\":[");
        for (at, doc) in self.docs.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            text.push_str(doc);
        }
        let _ = write!(
            text,
            "],\"hasNextPage\":{},\"hasPrevPage\":{},\"limit\":{limit},\"nextPage\":{},\"page\":{page},\
             \"pagingCounter\":{counter},\"prevPage\":{},\"totalDocs\":{total},\"totalPages\":{pages}",
            next.is_some(),
            previous.is_some(),
            number(next),
            number(previous),
        );
        text.push_str(if self.capped { ",\"totalDocsCapped\":true}" } else { "}" });
        text
    }
}

impl Engine {
    /// One page of documents. `find.limit` 0 asks for all, and is refused when there are more than
    /// [`MAX_LIMIT`].
    pub async fn find(&self, actor: &Actor, slug: &str, find: &Find) -> Result<Page> {
        let layout = self.layout(slug)?;
        let Reading { authority, scope, role } =
            access::reading(actor, &layout.collection, &find.filter)?;
        let all = find.limit == 0;
        if find.limit < 0 || find.limit > MAX_LIMIT {
            return Err(Error::bad_request(format!("'limit' must be between 0 and {MAX_LIMIT}.")));
        }
        let page = if all { 1 } else { find.page.max(1) };
        let limit = if all { MAX_LIMIT + 1 } else { find.limit };
        let offset = (page - 1)
            .checked_mul(find.limit)
            .filter(|offset| *offset <= i64::from(i32::MAX))
            .ok_or_else(|| Error::bad_request("'page' is too large."))?;
        let mut tx = self.store().read(&authority).await?;
        let filter = search::resolved(&mut tx, layout, &scope, &find.filter).await?;
        let query = Query {
            layout,
            scope: &scope,
            filter: &filter,
            sort: &find.sort,
            limit,
            offset,
            trash: find.trash,
        };
        let counted = find.pagination && !all;
        let total = if counted { Total::UpTo(MAX_TOTAL) } else { Total::Unknown };
        let reader = Reader { schema: self.registry().schema(), role };
        let found = read::page(&mut tx, reader, &query, &find.shape, total, Then::Commit).await?;
        let here = i64::try_from(found.docs.len()).unwrap_or(i64::MAX);
        if all && here > MAX_LIMIT {
            return Err(Error::bad_request(format!(
                "More than {MAX_LIMIT} documents match. Ask for them page by page with 'limit' and 'page'."
            )));
        }
        let total = found.total.unwrap_or(here);
        let capped = total > MAX_TOTAL;
        Ok(Page { docs: found.docs, limit: find.limit, page, total: total.min(MAX_TOTAL), capped })
    }

    /// The size of the whole set, exactly.
    pub async fn count(
        &self,
        actor: &Actor,
        slug: &str,
        filter: &Where,
        trash: bool,
    ) -> Result<i64> {
        let layout = self.layout(slug)?;
        let Reading { authority, scope, role } =
            access::reading(actor, &layout.collection, filter)?;
        let mut tx = self.store().read(&authority).await?;
        let filter = &search::resolved(&mut tx, layout, &scope, filter).await?;
        let query = Query { layout, scope: &scope, filter, sort: &[], limit: 1, offset: 0, trash };
        let reader = Reader { schema: self.registry().schema(), role };
        read::count(&mut tx, reader, &query).await
    }

    /// One document as JSON text. What is absent, in the trash (unless `trash`) or out of reach is
    /// the same NotFound.
    pub async fn find_by_id(
        &self,
        actor: &Actor,
        slug: &str,
        id: &str,
        shape: &Shape,
        trash: bool,
    ) -> Result<String> {
        let layout = self.layout(slug)?;
        let reading = access::reading(actor, &layout.collection, &Where::default())?;
        let id: Id = id.parse().map_err(|_| Error::not_found())?;
        for (tenants, role) in attempts(actor, layout.tenancy(), &reading) {
            let reader = Reader { schema: self.registry().schema(), role };
            let mut tx = self.store().read(&reading.authority).await?;
            let wanted = Wanted { layout, tenants: &tenants, id, trash };
            let found = read::one(&mut tx, reader, &wanted, shape, Then::Commit).await?;
            if let Some(text) = found {
                return Ok(text);
            }
        }
        Err(Error::not_found())
    }
}

/// Where to look for a document: first where the actor stands (one index probe), then everywhere
/// it may read.
fn attempts(actor: &Actor, tenancy: Tenancy, reading: &Reading) -> Vec<(Vec<Id>, Option<Role>)> {
    let everywhere = &reading.authority.visible;
    let weakest = everywhere.iter().filter_map(|t| actor.role_in(*t)).min();
    let all = (everywhere.clone(), weakest);
    match &reading.scope {
        _ if tenancy != Tenancy::Tenant => vec![all],
        Scope::One(only) if everywhere.len() == 1 => vec![(vec![*only], actor.role_in(*only))],
        Scope::One(first) => vec![(vec![*first], actor.role_in(*first)), all],
        Scope::Many(_) => vec![all],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_objects_follow_the_contract() {
        let page = |limit, page, total| Page { docs: vec![], limit, page, total, capped: false };
        assert_eq!(
            page(10, 1, 0).to_json(),
            r#"{"docs":[],"hasNextPage":false,"hasPrevPage":false,"limit":10,"nextPage":null,"page":1,"pagingCounter":1,"prevPage":null,"totalDocs":0,"totalPages":1}"#
        );
        assert_eq!(
            page(2, 2, 5).to_json(),
            r#"{"docs":[],"hasNextPage":true,"hasPrevPage":true,"limit":2,"nextPage":3,"page":2,"pagingCounter":3,"prevPage":1,"totalDocs":5,"totalPages":3}"#
        );
        assert!(page(0, 1, 7).to_json().contains("\"limit\":0"));
    }
}
