//! `mainstay audit`: recomputes the chain over every tenant's audit and says what does not hold.

use std::process::ExitCode;

use anyhow::{Context, Result};

use super::print;
use crate::app::App;
use crate::config::Config;
use crate::instance::Instance;
use crate::operator::Tree;

/// Fails when a row was changed, removed or slipped in.
pub(super) async fn run(config: &Config, slug: Option<&str>) -> Result<ExitCode> {
    let instance = Instance::join(config, "audit").await?;
    instance.migrate().await?;
    let app = App::open(config, &instance.database, config.listen).await?;
    let tree = Tree::read(&instance.database).await?;
    let actor = tree.everywhere("audit")?;
    let only = match slug {
        None => None,
        Some(slug) => {
            let named = tree.within("audit", slug)?;
            let named = named.with_context(|| format!("There is no tenant {slug}"))?;
            named.current()
        }
    };
    let mut faults = 0;
    for tenant in actor.reach.tenants().filter(|t| only.is_none_or(|only| only == *t)) {
        let chain = app.engine.check_audit(&actor, tenant).await?;
        let name = tree.slug(tenant).unwrap_or_default();
        let verdict = if chain.faults.is_empty() { "holds" } else { "BROKEN" };
        let (entries, links, head) = (chain.entries, chain.links, &chain.head);
        print(&format!("{verdict:6} {name}: {entries} rows in {links} links, head {head}\n"))?;
        for fault in &chain.faults {
            print(&format!("       {fault}\n"))?;
        }
        faults += chain.faults.len();
    }
    drop(app);
    instance.finish()?;
    Ok(if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
