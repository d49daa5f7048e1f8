//! What a person typed to find records of any kind.

#[derive(Debug, Clone)]
pub struct Search {
    pub text: String,
    /// Slugs to look in; empty means every collection that is searched.
    pub collections: Vec<String>,
    /// Most hits of each collection.
    pub limit: i64,
}

impl Search {
    pub const DEFAULT_LIMIT: i64 = 8;
    pub const MAX_LIMIT: i64 = 50;
    /// Characters of a search.
    pub const MAX_TEXT: usize = 500;
}
