//! Whether the audit still says what it said: every row is held by a link of its tenant's chain
//! (`store/sql/chain.sql`), which the serving role can neither write nor change.

use kernel::{Actor, Error, Id, Result};
use store::{Authority, Param, Row, Statement, Then, get};

use crate::Engine;

const FAULTS: &str = include_str!("../sql/audit_faults.sql");
const HEADS: &str = include_str!("../sql/audit_heads.sql");

/// What was found of one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    pub entries: i64,
    pub links: i64,
    /// SHA-256 over the ends of its lanes, in hex; empty when there is nothing. Kept elsewhere it
    /// proves later that nothing was cut off.
    pub head: String,
    /// In words; at most 100.
    pub faults: Vec<String>,
}

impl Engine {
    /// Recomputes the chain of a tenant's audit. For whoever may read that audit.
    pub async fn check_audit(&self, actor: &Actor, tenant: Id) -> Result<Chain> {
        let role = actor.role_in(tenant).ok_or_else(Error::not_found)?;
        let Some(audit) = self.collection("audit") else { return Err(Error::not_found()) };
        if !audit.access.read.possible(Some(role)) {
            return Err(Error::forbidden());
        }
        let authority = Authority {
            user: actor.user(),
            visible: vec![tenant],
            tenant: Some(tenant),
            rank: role.rank(),
            ..Authority::default()
        };
        let mut tx = self.store().read(&authority).await?;
        let of_tenant = |sql: &str| Statement::new(sql, vec![Param::Uuid(tenant)]);
        let patient = Statement::new("SET LOCAL statement_timeout = '15min'", Vec::new());
        let asked = [patient, of_tenant(HEADS), of_tenant(FAULTS)];
        let found = tx.batch(&asked, Then::Commit).await?;
        let [_, heads, faults] = found.as_slice() else {
            return Err(Error::internal("a chain that nothing was said of"));
        };
        let head = heads.first().ok_or_else(|| Error::internal("a chain without ends"))?;
        Ok(Chain {
            entries: get(head, 0)?,
            links: get(head, 1)?,
            head: get(head, 2)?,
            faults: faults.iter().map(in_words).collect::<Result<_>>()?,
        })
    }
}

fn in_words(row: &Row) -> Result<String> {
    let (lane, seq): (Option<i64>, i64) = (get(row, 1)?, get(row, 2)?);
    let reason: String = get(row, 3)?;
    Ok(match lane {
        Some(lane) => format!("link {lane}/{seq}: {reason}"),
        None => format!("{seq} {reason}"),
    })
}
