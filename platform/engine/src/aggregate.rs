//! The verb that counts and adds up in groups. Who may read a collection may ask; the rules, the
//! tenants and the time limit are those of a list.

use define::Aggregate;
use kernel::{Actor, Result};
use store::{Reader, aggregate};

use crate::access::{self, Reading};
use crate::{Engine, search};

/// Groups, as the contract shows them.
#[derive(Debug)]
pub struct Groups(aggregate::Found);

impl Groups {
    pub fn to_json(&self) -> String {
        let Groups(found) = self;
        format!(
            "{{\"groups\":[{}],\"total\":{},\"hasMore\":{}}}",
            found.groups.join(","),
            found.total,
            found.has_more
        )
    }
}

impl Engine {
    /// Groups of what the filter finds, and the whole of it. A path that the actor may not read, or
    /// that cannot be grouped or computed with, is refused like one of a filter.
    pub async fn aggregate(&self, actor: &Actor, slug: &str, asked: &Aggregate) -> Result<Groups> {
        let layout = self.layout(slug)?;
        let Reading { authority, scope, role } =
            access::reading(actor, &layout.collection, &asked.filter)?;
        let reader = Reader { schema: self.registry().schema(), role };
        let mut tx = self.store().read(&authority).await?;
        let filter = search::resolved(&mut tx, layout, &scope, &asked.filter).await?;
        let asked = &Aggregate { filter: filter.into_owned(), ..asked.clone() };
        aggregate::groups(&mut tx, reader, layout, &scope, asked).await.map(Groups)
    }
}
