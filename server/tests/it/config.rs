//! Configuration: every fault at once, the file under the environment, production's guards.

use server::config::{Config, Environment, Faults, Values};

fn read(env: &[(&str, &str)]) -> Result<Config, Faults> {
    Config::from_values(Values::of(env, None))
}

const GOOD_SECRET: &str = "3f1c9a07e6b24d58a1f09c7d2b6e8a45";

#[test]
fn nothing_set_is_a_development_server_on_port_3000() {
    let config = read(&[]).unwrap();
    assert_eq!(config.environment, Environment::Development);
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.public_url(config.listen), "http://127.0.0.1:3000");
    assert!(config.data.is_absolute() && config.data.ends_with("data"));
    assert!(!config.demo && config.database_url.is_none() && config.pool == 16);
}

#[test]
fn every_fault_is_named_at_once_and_no_secret_is_repeated() {
    let Faults(faults) = read(&[
        ("MAINSTAY_ENV", "staging"),
        ("MAINSTAY_LISTEN", "3000"),
        ("MAINSTAY_URL", "ftp://x"),
        ("MAINSTAY_DEMO", "perhaps"),
        ("MAINSTAY_ADMIN_EMAIL", "nobody"),
        ("MAINSTAY_ADMIN_PASSWORD", "hunter2"),
        ("MAINSTAY_POOL", "0"),
        ("MAINSTAY_LOG", "a=b=c"),
        ("MAINSTAY_TRUSTED_ORIGINS", "https://ok.example, nonsense"),
        ("MAINSTAY_BACKEND_HOST", "https://backend.example"),
        ("DATABASE_URL", "postgresql://u:hunter2@[bad"),
        ("SMTP_URL", "http://u:hunter2@host"),
        ("MAIL_FROM", "Nobody <nobody>"),
        ("MAINSTAY_VERIFY_EMAILS", "maybe"),
        ("EMAIL_REDIRECT_TO", "x@"),
    ])
    .unwrap_err();
    let names: Vec<&str> = faults.iter().filter_map(|f| f.split(':').next()).collect();
    assert_eq!(
        names,
        [
            "MAINSTAY_ENV",
            "MAINSTAY_LISTEN",
            "MAINSTAY_URL",
            "MAINSTAY_DEMO",
            "MAINSTAY_ADMIN_EMAIL",
            "MAINSTAY_ADMIN_PASSWORD",
            "DATABASE_URL",
            "MAINSTAY_TRUSTED_ORIGINS",
            "MAINSTAY_BACKEND_HOST",
            "MAINSTAY_VERIFY_EMAILS",
            "SMTP_URL",
            "MAIL_FROM",
            "EMAIL_REDIRECT_TO",
            "MAINSTAY_POOL",
            "MAINSTAY_LOG",
        ]
    );
    assert!(!faults.join("\n").contains("hunter2"));
}

#[test]
fn a_file_stands_under_the_environment() {
    let file = "listen = \"127.0.0.1:4000\"\npool = 3\ndemo = true\nmail_from = \"a@b.co\"";
    let config = Config::from_values(Values::of(&[("MAINSTAY_POOL", "5")], Some(file))).unwrap();
    assert_eq!((config.listen.port(), config.pool, config.demo), (4000, 5, true));
    assert_eq!(config.mail_from, "a@b.co");

    let Faults(faults) =
        Config::from_values(Values::of(&[], Some("lisen = \"x\"\npool = [1]"))).unwrap_err();
    assert_eq!(faults.len(), 2, "{faults:?}");
    let broken = Config::from_values(Values::of(&[], Some("pool = 3\nsecret = \"abc")));
    let Faults(faults) = broken.unwrap_err();
    assert!(faults[0].contains("line 2") && !faults[0].contains("abc"), "{faults:?}");
}

#[test]
fn an_empty_variable_is_unset_and_an_unknown_one_is_told() {
    let config = read(&[("MAINSTAY_LISTEN", " "), ("MAINSTAY_LISTN", "x")]).unwrap();
    assert_eq!(config.listen.port(), 3000);
    assert_eq!(config.warnings, ["MAINSTAY_LISTN is set, but Mainstay has no such setting"]);
}

#[test]
fn production_refuses_what_only_development_may_do() {
    let production = |extra: &[(&str, &str)]| {
        let mut env = vec![("MAINSTAY_ENV", "production")];
        env.extend_from_slice(extra);
        read(&env)
    };
    let secrets =
        ["", "short", "change-me-to-32-random-characters!", "abababababababababababababababab"];
    for secret in secrets {
        let Faults(faults) = production(&[("MAINSTAY_SECRET", secret)]).unwrap_err();
        assert!(faults.len() == 1 && faults[0].starts_with("MAINSTAY_SECRET"), "{faults:?}");
    }
    let Faults(faults) =
        production(&[("MAINSTAY_SECRET", GOOD_SECRET), ("EMAIL_REDIRECT_TO", "a@b.co")])
            .unwrap_err();
    assert!(faults.len() == 1 && faults[0].starts_with("EMAIL_REDIRECT_TO"), "{faults:?}");

    let plain = production(&[("MAINSTAY_SECRET", GOOD_SECRET)]).unwrap();
    assert_eq!(plain.warnings.len(), 2, "no https, no SMTP: {:?}", plain.warnings);
    let secure = production(&[
        ("MAINSTAY_SECRET", GOOD_SECRET),
        ("MAINSTAY_URL", "https://crm.example/"),
        ("SMTP_URL", "smtps://u:p@mail.example"),
    ])
    .unwrap();
    assert!(secure.warnings.is_empty());
    assert_eq!(secure.origins(secure.listen), ["https://crm.example"]);
}

#[test]
fn secrets_never_show_in_debug_output() {
    let config = read(&[
        ("MAINSTAY_SECRET", GOOD_SECRET),
        ("MAINSTAY_ADMIN_PASSWORD", "hunter2hunter2"),
        ("DATABASE_URL", "postgresql://app_user:hunter2@db/mainstay"),
        ("SMTP_URL", "smtp://u:hunter2@mail"),
    ])
    .unwrap();
    let shown = format!("{config:?}");
    assert!(!shown.contains("hunter2") && !shown.contains(GOOD_SECRET), "{shown}");
}

#[test]
fn a_pooler_of_transactions_needs_a_way_past_it() {
    let urls = [
        ("MAINSTAY_POOLER", "transaction"),
        ("DATABASE_URL", "postgresql://app_user@pooler/mainstay"),
        ("DATABASE_DIRECT_URL", "postgresql://app_user@db/mainstay"),
    ];
    assert_eq!(read(&urls).unwrap().pooler, store::Pooler::Transaction);
    let Faults(faults) = read(&urls[..2]).unwrap_err();
    assert!(faults[0].starts_with("MAINSTAY_POOLER") && faults[0].contains("DATABASE_DIRECT_URL"));
    let Faults(faults) = read(&[urls[2], ("MAINSTAY_POOLER", "statement")]).unwrap_err();
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert_eq!(read(&[]).unwrap().pooler, store::Pooler::Session);
}
