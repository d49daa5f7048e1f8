//! What modules offer besides the verbs.

use define::Collection;
use engine::{Action, Example, Manner};
use serde_json::json;

use super::fixed::DEFINITIONS;
use super::operation::Operation;
use crate::actions;

pub(super) fn of(action: &Action, collections: &[Collection]) -> Operation {
    let method = match action.manner {
        Manner::Ask => "get",
        Manner::Do => "post",
        Manner::Undo => "delete",
    };
    let on = collections.iter().find(|c| Some(c.slug.as_str()) == action.on);
    let tag = on.map_or(DEFINITIONS, |c| c.labels.plural.as_str());
    let operation = Operation::new(method, actions::path(action), tag, action.id)
        .summary(action.summary)
        .describe(action.description);
    let operation = match &action.input {
        Some(input) => taking(operation, action.manner, input),
        None => operation,
    };
    let Example { schema, example } = action.answer.clone();
    match action.manner {
        Manner::Do => operation
            .answer(200, "It was so already, or is so now.", schema.clone(), example.clone())
            .answer(201, "Something new is there.", schema, example)
            .errors(&[400, 403, 404, 413, 500, 503])
            .once(),
        _ => operation
            .answer(200, action.summary, schema, example)
            .errors(&[400, 403, 404, 409, 500, 503]),
    }
}

fn taking(operation: Operation, manner: Manner, input: &Example) -> Operation {
    if manner != Manner::Ask {
        return operation.body(input.schema.clone(), input.example.clone(), false);
    }
    let parameters = input.schema["properties"].as_object().into_iter().flatten();
    parameters.fold(operation, |operation, (name, schema)| {
        operation.parameter(json!({
            "name": name, "in": "query", "schema": schema, "example": input.example[name]}))
    })
}
