//! Nobody finds what another tenant has: every searched collection, level, role and place.

use kernel::Role;
use reqwest::Method;
use serde_json::json;

use super::search;
use crate::matrix::world::{Level, ROLES, World, is_reached};
use crate::support::app::{TestApp, read};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_finds_ones_own_and_never_a_siblings() {
    let app = TestApp::start().await;
    let world = World::new(&app).await;
    let mut found = 0;
    let searched: Vec<_> =
        world.collections().into_iter().filter(|c| !c.search.is_empty()).collect();
    assert!(searched.len() >= 9, "{}", searched.len());
    for level in [Level::Account, Level::Agency] {
        for role in ROLES.into_iter().flatten() {
            let person = world.person(level, Some(role));
            for place in level.places() {
                let tenant = world.tenant(level, *place);
                let word = world.maker.canary(tenant);
                for collection in &searched {
                    let slug = &collection.slug;
                    let hits = search(person, word, &format!("&collections={slug}&limit=50")).await;
                    let name = format!("{role:?} of {level:?}: {slug} in {place:?}");
                    assert_eq!(!hits.is_empty(), is_reached(*place), "{name}: {hits:?}");
                    for hit in &hits {
                        assert_eq!(hit["tenant"], json!(tenant), "{name}");
                        assert_eq!(hit["collection"], json!(slug), "{name}");
                    }
                    found += hits.len();
                }
                // The one word all tenants share, and every collection at once.
                for hit in search(person, "canary", "&limit=50").await {
                    let seen = level.places().iter().filter(|p| is_reached(**p));
                    let mut seen: Vec<_> = seen.map(|p| json!(world.tenant(level, *p))).collect();
                    if level == Level::Agency {
                        seen.push(json!(world.tenants["south"]));
                    }
                    assert!(seen.contains(&hit["tenant"]), "{hit}");
                }
            }
        }
    }
    assert!(found > 50, "{found}");
}

#[tokio::test]
async fn the_selected_tenant_narrows_and_one_out_of_reach_is_refused() {
    let app = TestApp::start().await;
    let agency = app.tenant(app.platform(), "agency").await;
    let (north, south) = (app.tenant(agency, "north").await, app.tenant(agency, "south").await);
    for account in [north, south] {
        app.create(account, "tags", json!({ "name": "shared word" })).await;
    }
    app.user(agency, "admin@agency.example", Role::Admin).await;
    app.user(north, "viewer@north.example", Role::Viewer).await;
    let admin = app.sign_in("admin@agency.example").await;
    assert_eq!(search(&admin, "shared", "").await.len(), 2);
    let standing = |tenant: kernel::Id| {
        let request = admin.request(Method::GET, "/api/search?q=shared");
        request.header("X-Tenant", tenant.to_string())
    };
    let (_, body) = read(standing(south).send().await.unwrap()).await;
    assert_eq!(body["results"][0]["tenant"], json!(south));
    assert_eq!(body["results"].as_array().map(Vec::len), Some(1));
    let viewer = app.sign_in("viewer@north.example").await;
    let request = viewer.request(Method::GET, "/api/search?q=shared");
    let answer = request.header("X-Tenant", south.to_string()).send().await.unwrap();
    assert_eq!(read(answer).await.0, 403);
    assert_eq!(search(&viewer, "shared", "").await.len(), 1);
    assert_eq!(app.anonymous().get("/api/search?q=shared").await.0, 403);
    assert_eq!(app.anonymous().get("/api/search").await.0, 403);
}
