//! Documents made from the definitions alone, as `mainstay isolation` makes them: what goes wrong fails the
//! test.

use std::collections::BTreeMap;

use kernel::Id;
use serde_json::Value;
use server::isolation::generate;
pub(crate) use server::isolation::generate::{Relation, amendment, pointed, relations};

use crate::support::app::TestApp;

pub(crate) struct Maker<'a>(generate::Maker<'a>);

impl<'a> Maker<'a> {
    /// To be made when all tenants are; each gets its canary from its name here.
    pub(crate) async fn new(app: &'a TestApp, tenants: &BTreeMap<&'static str, Id>) -> Maker<'a> {
        let canaries = tenants.iter().map(|(n, id)| (*id, format!("canary-of-{n}"))).collect();
        Maker(generate::Maker::new(app.engine(), app.everywhere().await, canaries))
    }

    pub(crate) fn canary(&self, tenant: Id) -> &str {
        self.0.canary(tenant)
    }

    /// A new document of a tenant, written by the product.
    pub(crate) async fn make(&mut self, tenant: Id, slug: &str) -> Id {
        self.0.make(tenant, slug).await.unwrap()
    }

    pub(crate) async fn write(&self, tenant: Id, slug: &str, data: Value) -> Id {
        self.0.write(tenant, slug, data).await.unwrap()
    }

    /// What a client would send to create a document in `tenant`.
    pub(crate) async fn data(&mut self, tenant: Id, slug: &str) -> Value {
        self.0.data(tenant, slug).await.unwrap()
    }
}
