//! Which versions of PostgreSQL are good enough.

use kernel::{Error, Result};
use tokio_postgres::Client;

use crate::errors::InWords as _;

/// The lowest versions without known holes in row-level security (CVE-2024-10976, CVE-2025-8713).
const FLOORS: [(i32, i32); 3] = [(15, 150_014), (16, 160_010), (17, 170_006)];

/// Why this version is refused. `number` is PostgreSQL's `server_version_num`: 150018 is 15.18.
/// Majors that are newer than we know are taken.
pub fn fault(number: i32) -> Option<String> {
    let floor = FLOORS.iter().find(|(major, _)| number / 10_000 == *major).map(|(_, f)| *f);
    let [lowest, ..] = FLOORS;
    let is_fine = number / 10_000 >= lowest.0 && floor.is_none_or(|f| number >= f);
    (!is_fine).then(|| {
        let floors: Vec<String> = FLOORS.iter().map(|(_, f)| spelled(*f)).collect();
        format!(
            "PostgreSQL {} has known security holes; update it ({} or newer)",
            spelled(number),
            floors.join(", ")
        )
    })
}

fn spelled(number: i32) -> String {
    match number / 10_000 {
        // Before 10 a major version was two numbers.
        major if major < 10 => format!("{major}.{}", number / 100 % 100),
        major => format!("{major}.{}", number % 10_000),
    }
}

/// Refuses a connection to a version that is too old.
pub(crate) async fn check(client: &Client) -> Result<()> {
    let sql = "SELECT current_setting('server_version_num')::int";
    match fault(client.query_one(sql, &[]).await.in_words()?.get(0)) {
        None => Ok(()),
        Some(fault) => Err(Error::internal(format!("Refusing to migrate: {fault}."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_with_known_holes_are_refused() {
        let refused =
            [90_624, 140_019, 150_000, 150_008, 150_013, 160_004, 160_009, 170_000, 170_005];
        for number in refused {
            assert!(fault(number).is_some(), "{number}");
        }
        for number in [150_014, 150_018, 160_010, 160_014, 170_006, 180_000, 190_002] {
            assert_eq!(fault(number), None, "{number}");
        }
    }

    #[test]
    fn who_is_refused_reads_what_to_do() {
        let told =
            "PostgreSQL 15.8 has known security holes; update it (15.14, 16.10, 17.6 or newer)";
        assert_eq!(fault(150_008).as_deref(), Some(told));
        assert!(fault(90_624).is_some_and(|said| said.starts_with("PostgreSQL 9.6 ")));
    }
}
