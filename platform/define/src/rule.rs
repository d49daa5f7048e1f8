//! Access as an expression: the same value becomes the row-level policy, the check in `engine`,
//! the note in OpenAPI and what the interface offers.

use kernel::Role;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Rule {
    Never,
    /// Anyone who may enter the tenant.
    Member,
    /// This role or a stronger one.
    Role(Role),
    /// The row's relationship field names the acting user.
    Own(String),
    /// The row's checkbox is ticked.
    Is(String),
    All(Vec<Rule>),
    Any(Vec<Rule>),
}

impl Rule {
    /// Decides by role alone; `holds` answers what depends on the row: [`Rule::Own`], [`Rule::Is`].
    pub fn allows(&self, role: Option<Role>, holds: &dyn Fn(&Rule) -> bool) -> bool {
        match self {
            Rule::Never => false,
            Rule::Member => role.is_some(),
            Rule::Role(least) => role >= Some(*least),
            Rule::Own(_) | Rule::Is(_) => holds(self),
            Rule::All(rules) => rules.iter().all(|r| r.allows(role, holds)),
            Rule::Any(rules) => rules.iter().any(|r| r.allows(role, holds)),
        }
    }

    /// Whether some row could pass: what the interface shows before a row is known.
    pub fn possible(&self, role: Option<Role>) -> bool {
        self.allows(role, &|_| role.is_some())
    }

    /// A sentence for the API reference.
    pub fn describe(&self) -> String {
        let join = |rules: &[Rule], word: &str| {
            rules.iter().map(Rule::describe).collect::<Vec<_>>().join(word)
        };
        match self {
            Rule::Never => "nobody".into(),
            Rule::Member => "any member of the tenant".into(),
            Rule::Role(role) => format!("{} or stronger", role.as_str()),
            Rule::Own(field) => format!("the user named in `{field}`"),
            Rule::Is(field) => format!("anyone, where `{field}` is true"),
            Rule::All(rules) => join(rules, " and "),
            Rule::Any(rules) => join(rules, " or "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_may_be_open_to_all_or_to_the_strong() {
        let open = Rule::Is("shared".into());
        let rule = Rule::All(vec![Rule::Role(Role::Admin), open.clone()]);
        let ticked = |r: &Rule| *r == open;
        assert!(open.allows(Some(Role::Viewer), &ticked) && !open.allows(None, &|_| false));
        assert!(rule.allows(Some(Role::Admin), &ticked));
        assert!(!rule.allows(Some(Role::Member), &ticked));
        assert!(!rule.allows(Some(Role::Owner), &|_| false));
    }

    #[test]
    fn weaker_roles_and_strangers_are_refused() {
        let rule = Rule::Any(vec![Rule::Role(Role::Admin), Rule::Own("owner".into())]);
        assert!(rule.allows(Some(Role::Owner), &|_| false));
        assert!(!rule.allows(Some(Role::Member), &|_| false));
        assert!(rule.allows(Some(Role::Viewer), &|r| *r == Rule::Own("owner".into())));
        assert!(!Rule::Member.allows(None, &|_| true));
        assert!(!Rule::Role(Role::Viewer).allows(None, &|_| true));
    }
}
