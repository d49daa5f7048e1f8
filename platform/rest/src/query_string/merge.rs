//! Merging the branches that single parameters make into one tree.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use kernel::Value;

#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    /// A bare word that met an object and became one of its keys.
    Yes,
    /// By index; gaps are closed at the end.
    List(BTreeMap<usize, Node>),
    Object(IndexMap<String, Node>),
}

impl Node {
    pub(super) fn list(items: impl IntoIterator<Item = Node>) -> Node {
        Node::List(items.into_iter().enumerate().collect())
    }

    /// Makes a list of what is not one, and adds to its end.
    pub(super) fn push(&mut self, node: Node) {
        if let Node::List(items) = self {
            append(items, node);
            return;
        }
        let first = std::mem::replace(self, Node::Yes);
        *self = Node::list([first, node]);
    }

    pub(super) fn into_value(self) -> Value {
        match self {
            Node::Text(text) => Value::String(text),
            Node::Yes => Value::Bool(true),
            Node::List(items) => items.into_values().map(Node::into_value).collect(),
            Node::Object(map) => {
                Value::Object(map.into_iter().map(|(k, v)| (k, v.into_value())).collect())
            }
        }
    }
}

fn append(items: &mut BTreeMap<usize, Node>, node: Node) {
    let next = items.last_key_value().map_or(0, |(at, _)| at + 1);
    items.insert(next, node);
}

/// Merges `node` with what `map` already has under `name`.
fn into(map: &mut IndexMap<String, Node>, name: String, node: Node) {
    match map.get_mut(&name) {
        Some(known) => {
            let target = std::mem::replace(known, Node::Yes);
            *known = merge(target, node);
        }
        None => {
            map.insert(name, node);
        }
    }
}

pub(super) fn merge(target: Node, source: Node) -> Node {
    match (target, source) {
        (target, Node::Text(text)) if text.is_empty() => target,
        (Node::List(mut items), source @ (Node::Text(_) | Node::Yes)) => {
            append(&mut items, source);
            Node::List(items)
        }
        (Node::Object(mut map), Node::Text(word)) => {
            map.insert(word, Node::Yes);
            Node::Object(map)
        }
        (target @ Node::Object(_), Node::Yes) => target,
        (Node::List(target), Node::List(source)) => Node::List(lists(target, source)),
        (Node::List(target), Node::Object(source)) => objects(named(target), source),
        (Node::Object(target), Node::List(source)) => objects(target, named(source)),
        (Node::Object(target), Node::Object(source)) => objects(target, source),
        (target, Node::List(source)) => {
            Node::list(std::iter::once(target).chain(source.into_values()))
        }
        (target, source) => Node::list([target, source]),
    }
}

fn objects(mut target: IndexMap<String, Node>, source: IndexMap<String, Node>) -> Node {
    for (name, node) in source {
        into(&mut target, name, node);
    }
    Node::Object(target)
}

fn lists(
    mut target: BTreeMap<usize, Node>,
    source: BTreeMap<usize, Node>,
) -> BTreeMap<usize, Node> {
    let is_branch = |node: &Node| matches!(node, Node::List(_) | Node::Object(_));
    for (at, node) in source {
        match target.remove(&at) {
            Some(known) if is_branch(&known) && is_branch(&node) => {
                target.insert(at, merge(known, node));
            }
            Some(known) => {
                target.insert(at, known);
                append(&mut target, node);
            }
            None => {
                target.insert(at, node);
            }
        }
    }
    target
}

fn named(list: BTreeMap<usize, Node>) -> IndexMap<String, Node> {
    list.into_iter().map(|(at, node)| (at.to_string(), node)).collect()
}
