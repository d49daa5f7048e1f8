//! What a membership lets a person do.

use serde::{Deserialize, Serialize};

/// A role in a tenant, weakest first. A membership's role holds in every tenant below its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads and works with records.
    Member,
    /// Also configures the tenant and manages its members.
    Admin,
    /// Also creates, suspends and deletes tenants below, and manages admins.
    Owner,
}

impl Role {
    pub const ALL: [Role; 4] = [Role::Viewer, Role::Member, Role::Admin, Role::Owner];

    /// The number row-level security compares: viewer 1 … owner 4; no role is 0.
    pub fn rank(self) -> i32 {
        match self {
            Role::Viewer => 1,
            Role::Member => 2,
            Role::Admin => 3,
            Role::Owner => 4,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Member => "member",
            Role::Admin => "admin",
            Role::Owner => "owner",
        }
    }

    pub fn parse(text: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|r| r.as_str() == text)
    }
}
