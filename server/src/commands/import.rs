//! `mainstay import`: a mapping file and its CSV files into one account.

use std::process::ExitCode;

use anyhow::{Context, Result};
use import::Options;

use crate::app::App;
use crate::config::Config;
use crate::instance::Instance;
use crate::operator::{Tree, create_account};

pub(super) async fn run(config: &Config, args: super::Import) -> Result<ExitCode> {
    let instance = Instance::join(config, "import").await?;
    instance.migrate().await?;
    let app = App::open(config, &instance.database, config.listen).await?;
    if args.create
        && let Some(owner) = app.first_owner(config).await?
    {
        super::seed::tell(config, &owner);
    }
    let mut actor = Tree::read(&instance.database).await?.within("import", &args.account)?;
    if actor.is_none() && args.create {
        create_account(&app.engine, &instance.database, &args.account).await?;
        actor = Tree::read(&instance.database).await?.within("import", &args.account)?;
    }
    let actor = actor
        .with_context(|| format!("There is no account {}; --create makes it", args.account))?;
    let options = Options { data: args.data, dry_run: args.dry_run, partial: args.partial };
    let report = import::run(&app.engine, &actor, &args.mapping, &options).await?;
    super::print(&report.to_string())?;
    if let Some(path) = &args.doubts {
        std::fs::write(path, report.doubts_csv())
            .with_context(|| format!("{} cannot be written", path.display()))?;
        println!("Every doubtful row is in {}.", path.display());
    }
    drop(app);
    instance.finish()?;
    Ok(if report.refused() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
