//! Finds the programs of a PostgreSQL this product is tested with.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// Tried newest first.
const MAJORS: [u32; 3] = [17, 16, 15];

const INSTALL: &str = "Install one (Debian: apt-get install postgresql) or set DATABASE_URL";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    folder: PathBuf,
}

impl Binaries {
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// The newest there is, for a new cluster.
pub(super) fn newest() -> Result<Binaries> {
    let best = candidates().into_iter().filter(|(_, major)| MAJORS.contains(major));
    let (folder, _) = best.max_by_key(|(_, major)| *major).with_context(|| {
        format!("No PostgreSQL server programs (version 15, 16 or 17) were found. {INSTALL}")
    })?;
    Ok(Binaries { folder })
}

/// The version that made a cluster: no other can read its files.
pub(super) fn of_major(major: u32) -> Result<Binaries> {
    // Debian's own place first: it is known without running a program.
    let debian = debian_folder(major);
    let folder = match is_complete(&debian) {
        true => Some(debian),
        false => candidates().into_iter().find(|(_, m)| *m == major).map(|(folder, _)| folder),
    };
    let folder = folder.with_context(|| {
        format!(
            "The data folder was made by PostgreSQL {major}, which is not installed. \
             Debian: apt-get install postgresql-{major}"
        )
    })?;
    Ok(Binaries { folder })
}

/// Folders that hold a whole server, with its major version.
fn candidates() -> Vec<(PathBuf, u32)> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path)
        .filter_map(|folder| std::fs::canonicalize(folder.join("postgres")).ok())
        .filter_map(|program| program.parent().map(Path::to_owned))
        .collect();
    folders.extend(MAJORS.map(debian_folder));
    folders.extend(told_by_pg_config());
    folders.retain(|folder| is_complete(folder));
    folders.sort();
    folders.dedup();
    folders.into_iter().filter_map(|folder| version_of(&folder).map(|v| (folder, v))).collect()
}

fn debian_folder(major: u32) -> PathBuf {
    PathBuf::from(format!("/usr/lib/postgresql/{major}/bin"))
}

fn is_complete(folder: &Path) -> bool {
    ["postgres", "initdb", "pg_ctl"].iter().all(|name| folder.join(name).is_file())
}

fn told_by_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(text.trim()))
}

/// `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)` → 15.
fn version_of(folder: &Path) -> Option<u32> {
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let number = text.split_whitespace().nth(2)?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
