//! The CRM: the hall that every other module may name by slug. One file per collection, holding
//! its definition and the behavior that attaches to it.

mod activities;
mod appointments;
mod companies;
mod contacts;
mod deals;
pub mod demo;
mod identities;
mod notes;
mod pipelines;
mod services;
mod setup;
mod stages;
mod tags;
mod tasks;
mod timeline;
mod value;

use std::sync::Arc;

use define::Collection;
use engine::{Hooks, Module};

/// Stations on the way from stranger to customer, of contacts and companies alike.
const LIFECYCLE: [&str; 7] =
    ["subscriber", "lead", "qualified", "opportunity", "customer", "evangelist", "former"];

/// The collections in the order the interface lists them.
pub fn collections() -> Vec<Collection> {
    vec![
        companies::definition(),
        contacts::definition(),
        identities::definition(),
        pipelines::definition(),
        stages::definition(),
        deals::definition(),
        services::definition(),
        activities::definition(),
        tasks::definition(),
        appointments::definition(),
        notes::definition(),
        tags::definition(),
    ]
}

pub fn module() -> Module {
    let hooks: Vec<(&'static str, Arc<dyn Hooks>)> = vec![
        ("companies", Arc::new(companies::CompanyHooks)),
        ("contacts", Arc::new(contacts::ContactHooks)),
        ("identities", Arc::new(identities::IdentityHooks)),
        ("pipelines", Arc::new(pipelines::PipelineHooks)),
        ("stages", Arc::new(stages::StageHooks)),
        ("deals", Arc::new(deals::DealHooks::default())),
        ("activities", Arc::new(activities::ActivityHooks)),
        ("tasks", Arc::new(tasks::TaskHooks)),
        ("appointments", Arc::new(appointments::AppointmentHooks)),
        ("notes", Arc::new(notes::NoteHooks)),
        ("tags", Arc::new(tags::TagHooks)),
    ];
    let actions = setup::actions().into_iter().chain(demo::actions()).collect();
    Module { name: "crm", collections: collections(), hooks, actions, ..Module::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use define::{Field, Tenancy};

    /// The collections of `auth` that the CRM names.
    fn neighbors() -> Vec<Collection> {
        vec![
            Collection::new("users", "User", "Users")
                .tenancy(Tenancy::Global)
                .fields(vec![Field::text("name")]),
        ]
    }

    #[test]
    fn the_definitions_are_sound() {
        let mut all = neighbors();
        all.extend(collections());
        assert_eq!(define::check(&all), Vec::<String>::new());
    }

    #[test]
    fn every_hook_names_a_collection() {
        let module = module();
        for (slug, _) in &module.hooks {
            assert!(module.collections.iter().any(|c| c.slug == *slug), "{slug}");
        }
    }
}
