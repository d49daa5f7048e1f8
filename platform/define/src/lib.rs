//! What a collection is: inert data from which tables, policies, REST, OpenAPI and the interface
//! are derived. Built-in, module-made and customer-made collections are this one type, and serde
//! carries it both ways.
//!
//! **Invariant:** nothing here runs; behavior attaches in `engine`.

mod aggregate;
mod check;
mod collection;
mod field;
mod query;
mod rule;
mod search;

pub use aggregate::{Aggregate, Bucket, By, Function, GroupKey, GroupOrder, Measure};
pub use check::check;
pub use collection::{Access, Among, Collection, Index, Labels, Tenancy};
pub use field::{Derived, Field, FieldKind, OnDelete, SelectOption};
pub use query::{Condition, Find, Op, Select, SelectNode, SelectTree, Shape, Sort, Test, Where};
pub use rule::Rule;
pub use search::Search;

/// `firstName` or `first-name` → `First Name`.
pub fn words(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut start = true;
    for c in name.chars() {
        if c == '-' || c == '_' {
            start = true;
            continue;
        }
        if (start || c.is_uppercase()) && !out.is_empty() {
            out.push(' ');
        }
        if start || c.is_uppercase() {
            out.extend(c.to_uppercase())
        } else {
            out.push(c)
        }
        start = false;
    }
    out
}
