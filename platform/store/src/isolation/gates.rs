//! The functions that act with their owner's rights: they open to those they are for, and to nobody else.
//!
//! Each is called as a forged session calls it, with arguments that are made up, spent, out of time or somebody
//! else's, and where that can be done in one transaction with the right ones, since a gate that opens to nobody
//! would prove nothing.
//!
//! **Invariant:** every such function the serving role may call has an attack here or stands in [`UNASKED`] with
//! the reason; another is a failure, so that none comes without one.

use std::collections::BTreeSet;

use kernel::{Result, Role, new_id};
use tokio_postgres::Client;

use super::forged::{Context, Outcome, attempt, quoted};
use super::scratch::{DOMAIN, NOBODY};
use super::{Ground, Tally};
use crate::Authority;
use crate::errors::InWords as _;

/// Functions that nothing here attacks, and why.
pub const UNASKED: [(&str, &str); 3] = [
    (
        "app_migrations_done()",
        "It takes nothing and says which migrations ran, which is the same for everybody.",
    ),
    (
        "app.is_initialized()",
        "It takes nothing and says to everybody whether there is anybody at all, which the sign-in page shows.",
    ),
    (
        "app.platform_has_owner()",
        "It takes nothing and says one thing of the platform, to whoever has just changed who owns it.",
    ),
];

/// One question to a gate.
struct Trial {
    /// As PostgreSQL writes its signature.
    gate: &'static str,
    what: &'static str,
    who: Authority,
    /// What is done before, in the same transaction: statements of a DO block.
    before: String,
    /// An expression that is true when the gate opens.
    asked: String,
    opens: bool,
}

impl Trial {
    fn after(self, before: impl Into<String>) -> Trial {
        Trial { before: before.into(), ..self }
    }

    fn sql(&self) -> String {
        // A refusal is an exception or the word false.
        let asked = format!("SELECT 1 WHERE ({})", self.asked);
        match self.before.as_str() {
            "" => asked,
            before => format!("DO $do$ DECLARE said text; BEGIN {before} END $do$;{asked}"),
        }
    }
}

/// Every gate from both sides.
pub async fn all(client: &Client, ground: &Ground) -> Result<Tally> {
    let mut tally = Tally::default();
    for trial in trials(ground) {
        let outcome = attempt(client, &Context::of("", &trial.who), &trial.sql()).await?;
        let opened = matches!(outcome, Outcome::Touched(1..));
        let clear = matches!(outcome, Outcome::Touched(_) | Outcome::Denied);
        tally.judge(clear && opened == trial.opens, || {
            let should = if trial.opens { "it should work" } else { "it should be refused" };
            format!("{}: {}: {} ({should})", trial.gate, trial.what, outcome.describe())
        });
    }
    Ok(tally)
}

/// Functions with powers that nothing above attacks and nobody has excused.
pub async fn unattacked(client: &Client, ground: &Ground) -> Result<Tally> {
    let sql = "
        SELECT p.oid::regprocedure::text FROM pg_proc p
         WHERE p.prosecdef AND p.prorettype <> 'trigger'::regtype AND has_function_privilege(p.oid, 'EXECUTE')
           AND p.pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
                              AND d.objid = p.oid AND d.deptype = 'e')
         ORDER BY 1";
    let trials = trials(ground);
    let attacked = trials.iter().filter(|t| !t.opens).map(|t| t.gate);
    let known: BTreeSet<&str> = attacked.chain(UNASKED.map(|(gate, _)| gate)).collect();
    let mut tally = Tally::default();
    for row in client.query(sql, &[]).await.in_words()? {
        let name: String = row.get(0);
        tally.judge(known.contains(name.as_str()), || {
            format!("function {name} acts with its owner's rights, and no attack would notice what it gives away")
        });
    }
    Ok(tally)
}

fn trials(ground: &Ground) -> Vec<Trial> {
    let mut trials = signing_in(ground);
    trials.extend(sessions(ground));
    trials.extend(accounts(ground));
    trials.extend(resets(ground));
    trials.extend(verifications(ground));
    trials.extend(invitations(ground));
    trials
}

fn opens(gate: &'static str, what: &'static str, who: Authority, asked: String) -> Trial {
    Trial { gate, what, who, before: String::new(), asked, opens: true }
}

fn closed(gate: &'static str, what: &'static str, who: Authority, asked: String) -> Trial {
    Trial { opens: false, ..opens(gate, what, who, asked) }
}

fn nobody() -> Authority {
    Authority::default()
}

fn stranger(ground: &Ground) -> Authority {
    ground.outsider(vec![ground.other])
}

/// What only somebody who was told could know, and nobody was.
fn made_up() -> String {
    quoted(&new_id().simple().to_string())
}

fn rows(call: &str) -> String {
    format!("EXISTS (SELECT FROM {call})")
}

/// An address that nobody has.
fn unknown() -> String {
    quoted(&format!("{NOBODY}@{DOMAIN}"))
}

fn signing_in(ground: &Ground) -> Vec<Trial> {
    const BEGIN: &str = "app.sign_in_begin(text,integer,integer)";
    const FINISH: &str = "app.sign_in_finish(uuid,text,uuid,timestamp with time zone,timestamp with time zone,text,text)";
    const PROVEN: &str = "app.proven(uuid,text)";
    const FIRST: &str = "app.first_register(uuid,text,text,text,uuid,text,uuid)";
    let (me, email) = (ground.person(Role::Owner), quoted(&ground.email));
    let begun = |email: &str| {
        format!("app.sign_in_begin({email}, 1000, 60) b WHERE b.password_hash IS NOT NULL")
    };
    // The one try that is granted locks the address.
    let lock =
        format!("SELECT b.password_hash INTO said FROM app.sign_in_begin({email}, 1, 60) b;");
    let finish = |proof: &str| {
        format!(
            "(SELECT app.sign_in_finish(b.user_id, {proof}, '{}', now(), now() + interval '1 hour', '', '')
                FROM app.sign_in_begin({email}, 1000, 1) b)",
            new_id()
        )
    };
    let (ids, name) = ([(); 3].map(|()| new_id()), unknown());
    let [person, platform, membership] = ids;
    let register = format!(
        "app.first_register('{person}', {name}, 'First', 'none', '{platform}', 'Platform', '{membership}')"
    );
    vec![
        opens(FINISH, "signing in with the right proof", nobody(), finish("b.password_hash")),
        closed(FINISH, "signing in with a wrong proof", nobody(), finish("'wrong'")),
        closed(BEGIN, "signing in at a locked address", nobody(), rows(&begun(&email)))
            .after(&lock),
        closed(BEGIN, "signing in as nobody", nobody(), rows(&begun(&unknown()))),
        opens(PROVEN, "the right proof lifts a lock", nobody(), rows(&begun(&email)))
            .after(format!("{lock} PERFORM app.proven('{me}', said);")),
        closed(PROVEN, "a wrong proof lifts a lock", nobody(), rows(&begun(&email)))
            .after(format!("{lock} PERFORM app.proven('{me}', 'wrong');")),
        closed(FIRST, "becoming the first owner after the first", nobody(), register),
    ]
}

fn sessions(ground: &Ground) -> Vec<Trial> {
    const ACTOR: &str = "app.session_actor(uuid)";
    const REFRESH: &str = "app.refresh_session(uuid,timestamp with time zone)";
    const REVOKE: &str = "app.revoke_session(uuid)";
    const REVOKE_ALL: &str = "app.revoke_sessions(uuid)";
    let (me, session) = (ground.person(Role::Owner), ground.session);
    let owner = || ground.at_home(Role::Owner);
    let actor = |session: kernel::Id| rows(&format!("app.session_actor('{session}')"));
    let refresh =
        |how_long: &str| format!("app.refresh_session('{session}', now() + interval '{how_long}')");
    let revoke = format!("app.revoke_session('{session}')");
    let revoke_all = format!("app.revoke_sessions('{me}') IS NOT NULL");
    vec![
        opens(ACTOR, "an open session has an actor", nobody(), actor(session)),
        closed(ACTOR, "a made-up session", nobody(), actor(new_id())),
        closed(ACTOR, "a session that is over", owner(), actor(session))
            .after(format!("PERFORM {};", refresh("-1 hour"))),
        opens(REFRESH, "an owner prolongs the own session", owner(), refresh("1 hour")),
        closed(
            REFRESH,
            "a stranger prolongs an owner's session",
            stranger(ground),
            refresh("9 years"),
        ),
        closed(REFRESH, "prolonging a session that is over", owner(), refresh("1 hour"))
            .after(format!("PERFORM {};", refresh("-1 hour"))),
        opens(REVOKE, "an owner ends the own session", owner(), revoke.clone()),
        closed(REVOKE, "a stranger ends one session", stranger(ground), revoke),
        opens(REVOKE_ALL, "an owner ends the own sessions", owner(), revoke_all.clone()),
        closed(REVOKE_ALL, "a stranger ends an owner's sessions", stranger(ground), revoke_all),
    ]
}

fn accounts(ground: &Ground) -> Vec<Trial> {
    const MANAGES: &str = "app.manages(uuid)";
    const SET: &str = "app.set_password(uuid,text,uuid)";
    const UNLOCK: &str = "app.unlock(text)";
    const SETTINGS: &str = "app.tenant_settings(uuid)";
    let Ground { home, .. } = *ground;
    let viewer = ground.person(Role::Viewer);
    let by = |role| ground.at_home(role);
    let manages = format!("app.manages('{viewer}')");
    let set = format!("app.set_password('{viewer}', {}, NULL) IS NOT NULL", made_up());
    let unlock = format!("app.unlock({})", quoted(&ground.email));
    let settings = rows(&format!("app.tenant_settings('{home}') WHERE name IS NOT NULL"));
    let any_settings = rows(&format!("app.tenant_settings('{home}')"));
    vec![
        opens(MANAGES, "an owner looks after a viewer", by(Role::Owner), manages.clone()),
        closed(MANAGES, "a stranger looks after a viewer", stranger(ground), manages.clone()),
        closed(MANAGES, "a member looks after a viewer", by(Role::Member), manages),
        opens(SET, "an owner sets a viewer's password", by(Role::Owner), set.clone()),
        closed(SET, "a stranger sets a viewer's password", stranger(ground), set.clone()),
        closed(SET, "a member sets a viewer's password", by(Role::Member), set),
        opens(
            UNLOCK,
            "an owner lifts the lock of the own address",
            by(Role::Owner),
            unlock.clone(),
        ),
        closed(
            UNLOCK,
            "an admin lifts the lock of an owner's address",
            by(Role::Admin),
            unlock.clone(),
        ),
        closed(UNLOCK, "a stranger lifts the lock of an address", stranger(ground), unlock),
        opens(SETTINGS, "an owner reads the settings of the tenant", by(Role::Owner), settings),
        closed(
            SETTINGS,
            "a stranger reads the settings of a tenant",
            stranger(ground),
            any_settings,
        ),
    ]
}

fn resets(ground: &Ground) -> Vec<Trial> {
    const CREATE: &str = "app.create_reset(text,text,integer,integer)";
    const VALID: &str = "app.reset_is_valid(text)";
    const RESET: &str = "app.reset_password(text,text)";
    let (email, token, other) = (quoted(&ground.email), made_up(), made_up());
    let create = |email: &str, seconds: i32, least: i32| {
        format!("app.create_reset({email}, {token}, {seconds}, {least})")
    };
    let mailed = format!("PERFORM {};", create(&email, 60, 0));
    let expired = format!("PERFORM {};", create(&email, -60, 0));
    let valid = |token: &str| format!("app.reset_is_valid({token})");
    let reset = |token: &str| format!("app.reset_password({token}, 'none')");
    let spent = format!("{mailed} PERFORM {};", reset(&token));
    vec![
        opens(CREATE, "keeping the token of a reset", nobody(), rows(&create(&email, 60, 0))),
        closed(CREATE, "a reset for nobody", nobody(), rows(&create(&unknown(), 60, 0))),
        closed(CREATE, "a second reset at once", nobody(), rows(&create(&email, 60, 60)))
            .after(&mailed),
        opens(VALID, "the token of a reset", nobody(), valid(&token)).after(&mailed),
        closed(VALID, "a made-up token while another is open", nobody(), valid(&other))
            .after(&mailed),
        closed(VALID, "a token whose time is over", nobody(), valid(&token)).after(&expired),
        opens(RESET, "a new password by the token", nobody(), rows(&reset(&token))).after(&mailed),
        closed(RESET, "a made-up token while another is open", nobody(), rows(&reset(&other)))
            .after(&mailed),
        closed(RESET, "a token whose time is over", nobody(), rows(&reset(&token))).after(&expired),
        closed(RESET, "a token that was spent", nobody(), rows(&reset(&token))).after(&spent),
    ]
}

fn verifications(ground: &Ground) -> Vec<Trial> {
    const CREATE: &str = "app.create_verification(uuid,text,integer)";
    const VERIFY: &str = "app.verify(text)";
    let (viewer, token, other) = (ground.person(Role::Viewer), made_up(), made_up());
    let create =
        |who: kernel::Id, least: i32| format!("app.create_verification('{who}', {token}, {least})");
    let verify = |token: &str| format!("app.verify({token})");
    let mailed = format!("PERFORM {};", create(viewer, 0));
    let verified = format!("{mailed} PERFORM {};", verify(&token));
    vec![
        opens(CREATE, "keeping the token of a verification", nobody(), rows(&create(viewer, 0))),
        closed(CREATE, "a verification for nobody", nobody(), rows(&create(new_id(), 0))),
        closed(CREATE, "a second verification at once", nobody(), rows(&create(viewer, 60)))
            .after(&mailed),
        closed(CREATE, "a verification of who is verified", nobody(), rows(&create(viewer, 0)))
            .after(&verified),
        opens(VERIFY, "the token of a verification", nobody(), verify(&token)).after(&mailed),
        closed(VERIFY, "a made-up token while another is open", nobody(), verify(&other))
            .after(&mailed),
        closed(VERIFY, "a token that was spent", nobody(), verify(&token)).after(&verified),
    ]
}

fn invitations(ground: &Ground) -> Vec<Trial> {
    const MAY: &str = "app.may_invite(uuid,text)";
    const ISSUE: &str = "app.issue_invitation(uuid,uuid,text,integer)";
    const OF: &str = "app.invitation_of(text)";
    const ACCEPT: &str = "app.accept_invitation(text,uuid,text,text,text)";
    const RENEW: &str = "app.renew_invitation(uuid,uuid,timestamp with time zone,text,text,text)";
    let Ground { home, other, invitation, .. } = *ground;
    let (viewer, token, wrong) = (ground.person(Role::Viewer), made_up(), made_up());
    let owner = || ground.at_home(Role::Owner);
    let issue = |tenant: kernel::Id, least: i32| {
        format!("app.issue_invitation('{invitation}', '{tenant}', {token}, {least})")
    };
    let issued = format!("PERFORM {};", issue(home, 0));
    let letters = format!("FOR n IN 1..5 LOOP {issued} END LOOP;");
    let may = |email: &str| format!("app.may_invite('{home}', {email})");
    let of = |token: &str| rows(&format!("app.invitation_of({token})"));
    let accept = |token: &str| format!("app.accept_invitation({token}, '{viewer}', '', '', '')");
    let renew = |tenant: kernel::Id| {
        format!(
            "app.renew_invitation('{invitation}', '{tenant}', now() + interval '1 day', '', '', '')"
        )
    };
    let over =
        format!("PERFORM app.renew_invitation('{invitation}', '{home}', now(), '', '', '');");
    let invited = quoted(&format!("invited@{DOMAIN}"));
    // The viewer takes the address that the letter went to.
    let asked_in =
        format!("{issued} UPDATE public.users SET email = {invited} WHERE id = '{viewer}';");
    vec![
        opens(MAY, "one more letter to an address", owner(), may(&unknown())),
        closed(MAY, "a letter too many to one address", owner(), may(&invited)).after(letters),
        opens(ISSUE, "keeping the token of a letter", owner(), rows(&issue(home, 0))),
        closed(
            ISSUE,
            "the invitation as another tenant's",
            stranger(ground),
            rows(&issue(other, 0)),
        ),
        closed(ISSUE, "a second letter at once", owner(), rows(&issue(home, 60))).after(&issued),
        closed(ISSUE, "a letter of an invitation that is over", owner(), rows(&issue(home, 0)))
            .after(&over),
        opens(OF, "the token of an invitation", nobody(), of(&token)).after(&issued),
        closed(OF, "a made-up token while another is open", nobody(), of(&wrong)).after(&issued),
        closed(OF, "the token of an invitation that is over", owner(), of(&token))
            .after(format!("{issued} {over}")),
        opens(ACCEPT, "the token by who was invited", owner(), accept(&token)).after(&asked_in),
        closed(ACCEPT, "a made-up token by who was invited", owner(), accept(&wrong))
            .after(&asked_in),
        closed(ACCEPT, "the token by somebody else", nobody(), accept(&token)).after(&issued),
        opens(RENEW, "an owner renews an invitation", owner(), renew(home)),
        closed(RENEW, "a stranger renews an invitation", stranger(ground), renew(home)),
        closed(RENEW, "a member renews an invitation", ground.at_home(Role::Member), renew(home)),
    ]
}
