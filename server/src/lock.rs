//! One process at a time owns a data folder, and with it the private PostgreSQL.
//!
//! Two locks, both let go by the kernel when their process dies: `lock` belongs to the owner;
//! `users` is shared by commands that borrow the owner's PostgreSQL, so that an owner that is
//! itself a short command waits for them before it stops the database.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use anyhow::{Context, Result};

#[must_use]
pub struct Owner {
    /// Holds the lock for as long as it is open.
    _lock: File,
    users: File,
}

#[must_use]
pub struct Borrower {
    _users: File,
}

pub enum Claim {
    Owner(Owner),
    /// Who owns the folder: `mainstay serve (process 4711)`.
    Taken(String),
}

/// Tries to become the owner of `data` for `mainstay <command>`.
pub fn claim(data: &Path, command: &str) -> Result<Claim> {
    let mut lock = open(data, "lock")?;
    match lock.try_lock() {
        Ok(()) => {
            lock.set_len(0)?;
            lock.rewind()?;
            write!(lock, "mainstay {command} (process {})", std::process::id())?;
            Ok(Claim::Owner(Owner { _lock: lock, users: open(data, "users.lock")? }))
        }
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            lock.read_to_string(&mut holder)?;
            Ok(Claim::Taken(holder))
        }
        Err(TryLockError::Error(e)) => Err(e).context("the data folder cannot be locked"),
    }
}

/// Marks this process as a user of the owner's PostgreSQL.
pub fn borrow(data: &Path) -> Result<Borrower> {
    let users = open(data, "users.lock")?;
    users.lock_shared().context("the data folder cannot be locked")?;
    Ok(Borrower { _users: users })
}

impl Owner {
    /// Returns when no other command uses the database any more.
    pub fn wait_for_borrowers(&self) -> Result<()> {
        match self.users.try_lock() {
            Ok(()) => Ok(()),
            Err(TryLockError::WouldBlock) => {
                eprintln!("Waiting for another mainstay command that uses this database …");
                self.users.lock().context("the data folder cannot be locked")
            }
            Err(TryLockError::Error(e)) => Err(e).context("the data folder cannot be locked"),
        }
    }
}

fn open(data: &Path, name: &str) -> Result<File> {
    let path = data.join(name);
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .with_context(|| format!("{} cannot be opened", path.display()))
}
