//! What a module offers besides the verbs: operations with names of their own (`setup`, `demo`).

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Actor, Doc, Id, Result, Value};

use crate::Engine;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Reads, and changes nothing.
    Ask,
    Do,
    /// Takes back what was done.
    Undo,
}

/// A shape, as JSON Schema, and an example of it.
#[derive(Debug, Clone)]
pub struct Example {
    pub schema: Value,
    pub example: Value,
}

impl Example {
    pub fn new(schema: Value, example: Value) -> Example {
        Example { schema, example }
    }
}

/// One operation. Nobody but signed-in people may ask for any; what else it takes is for
/// [`Perform::perform`] to judge.
#[derive(Clone)]
pub struct Action {
    pub manner: Manner,
    /// The collection on one document of which it works; absent when it concerns none.
    pub on: Option<&'static str>,
    pub name: &'static str,
    /// Unique among all operations: `setUpTenant`.
    pub id: &'static str,
    pub summary: &'static str,
    pub description: &'static str,
    /// What is sent along: a body, or the query of an [`Manner::Ask`].
    pub input: Option<Example>,
    pub answer: Example,
    pub run: Arc<dyn Perform>,
}

/// What is asked of an action.
#[derive(Debug)]
pub struct Call {
    /// The document it is to work on; nil for an action on none.
    pub document: Id,
    pub input: Doc,
}

/// What came of it.
#[derive(Debug)]
pub struct Done {
    pub answer: Value,
    /// Something is there that was not there before.
    pub is_new: bool,
}

impl Done {
    pub fn with(answer: Value) -> Done {
        Done { answer, is_new: false }
    }
}

#[async_trait]
pub trait Perform: Send + Sync {
    /// Authorizes, then acts. What the actor cannot see is NotFound, like what does not exist.
    async fn perform(&self, engine: &Engine, actor: &Actor, call: Call) -> Result<Done>;
}
