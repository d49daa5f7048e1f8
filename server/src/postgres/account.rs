//! Who PostgreSQL runs as. It refuses to be root, so root hands it to the user `postgres`.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use nix::unistd::{Uid, User};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) uid: u32,
    /// The group to take on; `None` when we are that user already.
    gid: Option<u32>,
}

impl Account {
    pub(super) fn find() -> Result<Account> {
        if !Uid::effective().is_root() {
            return Ok(Account { uid: Uid::effective().as_raw(), gid: None });
        }
        let user = User::from_name("postgres")?.context(
            "PostgreSQL refuses to run as root and there is no user called postgres. \
             Install PostgreSQL (apt-get install postgresql) or start Mainstay as another user",
        )?;
        Ok(Account { uid: user.uid.as_raw(), gid: Some(user.gid.as_raw()) })
    }

    /// Whether files made by this process have to be handed over.
    pub(super) fn is_other(&self) -> bool {
        self.gid.is_some()
    }

    /// A command that runs as this account, from a folder it may be in, in a known environment:
    /// `PGDATA`, `PGOPTIONS` and their like would change what the programs do.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").env("LC_ALL", "C").stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        // As root, std also drops the supplementary groups.
        if let Some(gid) = self.gid {
            command.uid(self.uid).gid(gid);
        }
        command
    }

    pub(super) fn give(&self, path: &Path) -> Result<()> {
        match self.gid {
            Some(gid) => std::os::unix::fs::chown(path, Some(self.uid), Some(gid))
                .with_context(|| format!("{} cannot be given to postgres", path.display())),
            None => Ok(()),
        }
    }

    /// Whether this account can pass through every folder above and into `path`. Asked of the
    /// kernel as that account, so that access lists and mounts count too.
    pub(super) fn can_enter(&self, path: &Path) -> Result<bool> {
        if !self.is_other() {
            return Ok(true);
        }
        let mut command = self.command(Path::new("/bin/sh"));
        command.args(["-c", "test -x \"$0\""]).arg(path);
        Ok(command.status().context("/bin/sh cannot be run")?.success())
    }
}
