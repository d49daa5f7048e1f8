//! `mainstay seed`, and what the first start puts into an empty database.

use std::process::ExitCode;

use anyhow::Result;

use crate::app::{App, NewOwner};
use crate::config::Config;
use crate::instance::Instance;
use crate::operator::Tree;

pub(super) async fn run(config: &Config, args: super::Seed) -> Result<ExitCode> {
    let instance = Instance::join(config, "seed").await?;
    instance.migrate().await?;
    let app = App::open(config, &instance.database, config.listen).await?;
    if let Some(owner) = app.first_owner(config).await? {
        tell(config, &owner);
    }
    let _turn = crm::demo::turn(&app.engine).await?;
    let actor = Tree::read(&instance.database).await?.everywhere("seed")?;
    let done = if args.remove_demo {
        match crm::demo::remove(&app.engine, &actor).await? {
            true => "The demo agency and everything in it is removed.",
            false => "There is no demo agency.",
        }
    } else {
        match crm::demo::seed(&app.engine, &actor, kernel::now(), None).await? {
            true => "The demo agency is there.",
            false => "The demo agency was there already.",
        }
    };
    println!("{done}");
    drop(app);
    instance.finish()?;
    Ok(ExitCode::SUCCESS)
}

/// The first owner of an empty database, and the demo when it is asked for. Later starts add
/// nothing: a demo that was removed stays away.
pub(super) async fn first_start(config: &Config, app: &App) -> Result<()> {
    let Some(owner) = app.first_owner(config).await? else { return Ok(()) };
    if config.demo {
        // In development the demo's people sign in with the owner's password.
        let password = (!config.is_production()).then(|| owner.password.expose());
        let _turn = crm::demo::turn(&app.engine).await?;
        crm::demo::seed(&app.engine, &owner.actor, kernel::now(), password).await?;
    }
    tell(config, &owner);
    if config.demo && !config.is_production() {
        println!("Demo         {} and others, same password", crm::demo::OWNER_EMAIL);
    }
    Ok(())
}

pub(super) fn tell(config: &Config, owner: &NewOwner) {
    println!("\nFirst owner  {}", config.admin_email);
    match owner.generated {
        true => println!("Password     {}   (shown only this once)", owner.password.expose()),
        false => println!("Password     as MAINSTAY_ADMIN_PASSWORD says"),
    }
}
