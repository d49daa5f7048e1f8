//! Services: what is sold, with its price and how it is billed.

use define::{Access, Collection, Field};

pub(crate) fn definition() -> Collection {
    Collection::new("services", "Service", "Services")
        .describe("What you sell.")
        .fields(vec![
            Field::text("name").required().max(200),
            Field::textarea("description"),
            Field::text("category").max(120),
            Field::money("price"),
            Field::select("billing", &["one_time", "hourly", "monthly", "quarterly", "yearly"])
                .required()
                .default("one_time"),
            Field::checkbox("active").default(true),
        ])
        .access(Access::settings())
        .search(&["name", "category", "description"])
        .sort("name")
        .index(&["name"])
}
