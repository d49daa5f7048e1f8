//! Two collections that no product has: every kind of field, single, repeated, in groups and in rows.

use define::{Collection, Field};
use engine::Module;

pub(super) const OPTIONS: [&str; 3] = ["red", "green", "blue sky"];

pub(crate) fn module() -> Module {
    Module { name: "reference", collections: vec![things(), makers()], ..Module::default() }
}

fn things() -> Collection {
    Collection::new("things", "Thing", "Things")
        .fields(vec![
            Field::text("name").required(),
            Field::textarea("notes"),
            Field::email("mail"),
            Field::phone("phone"),
            Field::url("site"),
            Field::number("size"),
            Field::integer("count"),
            Field::money("price"),
            Field::date("day"),
            Field::datetime("at"),
            Field::checkbox("flag"),
            Field::select("color", &OPTIONS),
            Field::relation("maker", "makers"),
            Field::relation("parent", "things"),
            Field::json("extra"),
            Field::group(
                "place",
                vec![
                    Field::text("city"),
                    Field::integer("floor"),
                    Field::money("rent"),
                    Field::date("opened"),
                    Field::relation("keeper", "makers"),
                    Field::text("labels").many(),
                    Field::group("inner", vec![Field::text("note"), Field::checkbox("hot")]),
                ],
            ),
            Field::address("address"),
            Field::array(
                "rows",
                vec![
                    Field::text("label"),
                    Field::number("amount"),
                    Field::integer("whole"),
                    Field::date("on"),
                    Field::datetime("at"),
                    Field::checkbox("ok"),
                    Field::select("color", &OPTIONS),
                    Field::relation("maker", "makers"),
                ],
            ),
            Field::text("words").many(),
            Field::number("sizes").many(),
            Field::integer("counts").many(),
            Field::date("days").many(),
            Field::datetime("times").many(),
            Field::checkbox("flags").many(),
            Field::select("colors", &OPTIONS).many(),
            Field::relation("makers", "makers").many(),
        ])
        .search(&["name", "notes", "mail", "phone", "place.city"])
        .sort("name")
        .trash()
}

fn makers() -> Collection {
    Collection::new("makers", "Maker", "Makers").fields(vec![
        Field::text("name").required(),
        Field::number("score"),
        Field::integer("rank"),
        Field::select("grade", &OPTIONS),
        Field::money("budget"),
        Field::date("since"),
        Field::checkbox("open"),
        Field::relation("boss", "makers"),
        Field::text("tags").many(),
        Field::relation("friends", "makers").many(),
        Field::group("home", vec![Field::text("town"), Field::text("streets").many()]),
    ])
}
