//! `mainstay user`: people, for whoever holds the machine.

use std::io::{IsTerminal, stdin};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use define::{Condition, Find, Op, Shape, Where};
use kernel::{Actor, Doc, Value};

use super::User;
use crate::app::App;
use crate::config::{Config, Secret};
use crate::instance::Instance;
use crate::operator::Tree;
use crate::secrets;

pub(super) async fn run(config: &Config, args: User) -> Result<ExitCode> {
    let instance = Instance::join(config, "user").await?;
    instance.migrate().await?;
    let app = App::open(config, &instance.database, config.listen).await?;
    let tree = Tree::read(&instance.database).await?;
    match args {
        User::Create { email, name, tenant, role } => {
            let actor = match &tenant {
                Some(slug) => tree
                    .within("user", slug)?
                    .with_context(|| format!("There is no tenant {slug}"))?,
                None => tree.everywhere("user")?,
            };
            let chosen = Chosen::read()?;
            let fields = [("name", name.as_str()), ("email", &email), ("role", &role)];
            let mut data: Doc =
                fields.map(|(k, v)| (k.to_owned(), Value::from(v))).into_iter().collect();
            data.insert("password".to_owned(), chosen.password.expose().into());
            app.engine.create(&actor, "users", data, &Shape::flat()).await?;
            println!("Created {email}.");
            chosen.tell();
        }
        User::ResetPassword { email } => {
            let actor = tree.everywhere("user")?;
            let id = find(&app, &actor, &email).await?;
            let chosen = Chosen::read()?;
            let mut data = Doc::new();
            data.insert("password".to_owned(), chosen.password.expose().into());
            app.engine
                .update(&actor, "users", &id, data, &Shape::flat(), &Condition::default())
                .await?;
            println!("{email} has a new password and is signed out everywhere.");
            chosen.tell();
        }
    }
    drop(app);
    instance.finish()?;
    Ok(ExitCode::SUCCESS)
}

/// The id of the user with this address.
async fn find(app: &App, actor: &Actor, email: &str) -> Result<String> {
    let find = Find {
        filter: Where::test("email", Op::Equals, auth::normalize_email(email)),
        shape: Shape::flat(),
        ..Find::default()
    };
    let page = app.engine.find(actor, "users", &find).await?;
    let Some(text) = page.docs.first() else { bail!("There is no user {email}") };
    let doc: Doc = serde_json::from_str(text)?;
    doc.get("id").and_then(Value::as_str).map(str::to_owned).context("a user without an id")
}

/// A new password: from standard input when something is piped in, else made up.
struct Chosen {
    password: Secret,
    generated: bool,
}

impl Chosen {
    fn read() -> Result<Chosen> {
        if stdin().is_terminal() {
            return Ok(Chosen { password: secrets::password(), generated: true });
        }
        let mut line = String::new();
        stdin().read_line(&mut line)?;
        match line.trim_end_matches(['\r', '\n']) {
            "" => Ok(Chosen { password: secrets::password(), generated: true }),
            text => Ok(Chosen { password: Secret::new(text), generated: false }),
        }
    }

    fn tell(&self) {
        if self.generated {
            println!("Password: {}   (shown only this once)", self.password.expose());
        }
    }
}
