//! Where a cluster's files and socket are, and whose they are.
//!
//! ```text
//! DATA/postgres/        the database files, mode 0700
//! DATA/postgres-run/    the socket, mode 0700 (or /tmp/mainstay-<hash> when the path is too long)
//! ```
//! As root both belong to `postgres`. When that user cannot reach the data folder (it lies under
//! `/root`, say) they are in `/var/lib/mainstay/<hash>/` and `DATA/postgres-location` names it.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

use super::account::Account;

/// The kernel takes 107 bytes (Linux) or 103 (BSD) for a socket's path.
const SOCKET_PATH_LIMIT: usize = 100;

const NOTE: &str = "postgres-location";

pub(super) struct Place {
    home: PathBuf,
    socket: PathBuf,
    /// Ours also when PostgreSQL runs as another user.
    start_log: PathBuf,
    account: Account,
}

impl Place {
    /// The place of a data folder, which exists.
    pub(super) fn of(data: &Path, account: Account) -> Result<Place> {
        let data = fs::canonicalize(data)
            .with_context(|| format!("{} cannot be opened", data.display()))?;
        let home = home_of(&data, account)?;
        ensure!(
            account.can_enter(&home)?,
            "PostgreSQL runs as the user postgres, which may not enter {}. \
             Allow it (chmod o+x on it and the folders above) or move the data folder",
            home.display()
        );
        Ok(Place {
            socket: socket_of(&home),
            home,
            start_log: data.join("postgres-start.log"),
            account,
        })
    }

    pub(super) fn temporary(account: Account) -> Result<Place> {
        let name = format!("mainstay-test-{}", uuid::Uuid::now_v7().simple());
        // Not `TMPDIR`, which PostgreSQL's user may be unable to enter.
        let home = Path::new("/tmp").join(name);
        make_private(&home, account)?;
        let start_log = home.join("start.log");
        Ok(Place { socket: socket_of(&home), home, start_log, account })
    }

    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    pub(super) fn files(&self) -> PathBuf {
        self.home.join("postgres")
    }

    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    pub(super) fn start_log(&self) -> PathBuf {
        self.start_log.clone()
    }

    pub(super) fn is_initialised(&self) -> bool {
        self.major().is_some()
    }

    /// The version that made the files.
    pub(super) fn major(&self) -> Option<u32> {
        fs::read_to_string(self.files().join("PG_VERSION")).ok()?.trim().parse().ok()
    }

    /// The last words of a PostgreSQL that did not start: what it printed, then its newest log.
    pub(super) fn said(&self) -> String {
        let logs = fs::read_dir(self.files().join("log")).into_iter().flatten().flatten();
        let newest = logs.max_by_key(|e| e.metadata().and_then(|m| m.modified()).ok());
        let mut said = tail(&self.start_log);
        if let Some(log) = newest {
            said.push_str(&tail(&log.path()));
        }
        said
    }

    /// A command that runs as the account PostgreSQL runs as.
    pub(super) fn command(&self, program: &Path) -> Command {
        self.account.command(program)
    }

    /// An empty folder for initdb, beside the final one.
    pub(super) fn fresh_folder(&self) -> Result<PathBuf> {
        if self.files().exists() {
            bail!("{} is there but holds no database; move it away", self.files().display());
        }
        let fresh = self.home.join("postgres.new");
        match fs::remove_dir_all(&fresh) {
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(e.into()),
            _ => make_private(&fresh, self.account)?,
        }
        Ok(fresh)
    }

    /// Gives freshly made files their final name.
    pub(super) fn adopt(&self, fresh: &Path) -> Result<()> {
        fs::rename(fresh, self.files())?;
        fs::File::open(&self.home)?.sync_all()?;
        Ok(())
    }

    /// Appends as PostgreSQL's own user: root does not write into a folder that another controls.
    pub(super) fn append(&self, file: &Path, text: &str) -> Result<()> {
        let mut command = self.command(Path::new("/bin/sh"));
        command.args(["-c", "cat >>\"$0\""]).arg(file).stdin(Stdio::piped());
        let mut child = command.spawn().context("/bin/sh cannot be run")?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(text.as_bytes())?;
        }
        ensure!(child.wait()?.success(), "{} cannot be written", file.display());
        Ok(())
    }

    /// The socket's folder exists, is the account's, and nobody else may enter.
    pub(super) fn prepare_socket(&self) -> Result<()> {
        let folder = &self.socket;
        match fs::symlink_metadata(folder) {
            Err(e) if e.kind() == ErrorKind::NotFound => make_private(folder, self.account),
            Err(e) => Err(e).with_context(|| format!("{} cannot be read", folder.display())),
            Ok(m) if m.is_dir() && m.uid() == self.account.uid && m.mode() & 0o077 == 0 => Ok(()),
            Ok(_) => bail!(
                "{} must be a folder of PostgreSQL's user that nobody else may enter; remove it",
                folder.display()
            ),
        }
    }
}

/// The folder that holds `postgres/`: where it was made, else the data folder when the account can
/// reach it, else one under `/var/lib`, with a note in the data folder.
fn home_of(data: &Path, account: Account) -> Result<PathBuf> {
    let note = data.join(NOTE);
    if data.join("postgres").exists() {
        return Ok(data.to_owned());
    }
    if let Ok(text) = fs::read_to_string(&note) {
        return Ok(PathBuf::from(text.lines().next().unwrap_or_default()));
    }
    if account.can_enter(data)? {
        return Ok(data.to_owned());
    }
    let home = Path::new("/var/lib/mainstay").join(hash(data));
    // The database files inside are private; the folders above only have to be passed.
    DirBuilder::new().recursive(true).mode(0o755).create(&home)?;
    for folder in [Path::new("/var/lib/mainstay"), &home] {
        fs::set_permissions(folder, Permissions::from_mode(0o755))?;
    }
    let why = "PostgreSQL's user cannot enter this folder, so the database is in the one above.";
    fs::write(&note, format!("{}\n{why}\n", home.display()))?;
    println!("The database files are in {} (see {}).", home.display(), note.display());
    Ok(home)
}

fn socket_of(home: &Path) -> PathBuf {
    let folder = home.join("postgres-run");
    match folder.join(".s.PGSQL.5432").as_os_str().len() <= SOCKET_PATH_LIMIT {
        true => folder,
        false => Path::new("/tmp").join(format!("mainstay-{}", hash(home))),
    }
}

fn make_private(folder: &Path, account: Account) -> Result<()> {
    DirBuilder::new()
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("{} cannot be made", folder.display()))?;
    account.give(folder)
}

/// The last lines of a file, each indented.
fn tail(path: &Path) -> String {
    let text = fs::read(path).map(|b| String::from_utf8_lossy(&b).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().skip(lines.len().saturating_sub(8)).map(|line| format!("  {line}\n")).collect()
}

/// Twelve hexadecimal digits that stand for a path.
fn hash(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    kernel::hex(&digest[..6])
}
