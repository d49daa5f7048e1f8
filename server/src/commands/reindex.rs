//! `mainstay reindex`: the words that records are found by, made anew while the server serves.

use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use engine::Engine;
use kernel::{Actor, Id};

use crate::app::App;
use crate::config::Config;
use crate::instance::Instance;
use crate::operator::Tree;

pub(super) async fn run(config: &Config, args: super::Reindex) -> Result<ExitCode> {
    let instance = Instance::join(config, "reindex").await?;
    instance.migrate().await?;
    let app = App::open(config, &instance.database, config.listen).await?;
    let tree = Tree::read(&instance.database).await?;
    let actor = match &args.account {
        Some(slug) => {
            tree.within("reindex", slug)?.with_context(|| format!("There is no tenant {slug}"))?
        }
        None => tree.everywhere("reindex")?,
    };
    let searched: Vec<&str> = app
        .engine
        .collections()
        .filter(|c| !c.search.is_empty())
        .map(|c| c.slug.as_str())
        .filter(|slug| args.collection.as_deref().is_none_or(|named| named == *slug))
        .collect();
    ensure!(!searched.is_empty(), "No such collection is searched");
    for slug in searched {
        let (mut records, mut words, mut orphans) = (0, 0, 0);
        for tenant in actor.reach.tenants() {
            let done = tenant_of(&app.engine, &actor, slug, tenant).await?;
            (records, words, orphans) = (records + done.0, words + done.1, orphans + done.2);
        }
        println!(
            "{slug}: {records} records, {words} words put right, {orphans} of gone records removed"
        );
    }
    drop(app);
    instance.finish()?;
    Ok(ExitCode::SUCCESS)
}

async fn tenant_of(
    engine: &Engine,
    actor: &Actor,
    slug: &str,
    tenant: Id,
) -> Result<(usize, i64, usize)> {
    let actor = actor.select(tenant).context("a tenant out of reach")?;
    let (mut records, mut words, mut orphans) = (0, 0, 0);
    let mut after = None;
    loop {
        let done = engine.reindex(&actor, slug, after).await?;
        records += done.records;
        words += done.words;
        after = done.last;
        if after.is_none() {
            break;
        }
    }
    loop {
        match engine.forget_orphans(&actor, slug).await? {
            0 => return Ok((records, words, orphans)),
            some => orphans += some,
        }
    }
}
