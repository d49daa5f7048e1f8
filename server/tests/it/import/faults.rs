//! What cannot be loaded: it is named by line and column, and nothing is written.

use import::{Options, Severity};
use kernel::{Kind, Role};

use super::ground::{Ground, counts};

#[tokio::test]
async fn a_broken_file_is_named_by_line_and_column() {
    let ground = Ground::new().await;
    let before = ground.witness.look().await;
    let header = "product,series,sales_price\n";
    let cases: [(&[u8], &str); 5] = [
        (b"GTX Basic,GTX\n", "products.csv line 2"),
        (b"GTX Basic,GTX,550\nGTX \"Pro,GTX,4821\n\"MG,MG,55\n", "products.csv line 4, column 1"),
        (b"GTX Basic,GTX,550\nMG\xff,MG,55\n", "products.csv line 3, column"),
        (b"GTX Basic,GTX,550\nMG,MG,\"55\n", "products.csv line 3, column"),
        (b"GTX Basic,GTX,550,1\n", "products.csv line 2"),
    ];
    for (rows, place) in cases {
        ground.write("products.csv", &[header.as_bytes(), rows].concat());
        let error = ground.try_load(&ground.actor, &Options::default()).await.unwrap_err();
        assert_eq!(error.kind, Kind::BadRequest);
        assert!(error.message.contains(place), "{place}: {}", error.message);
    }
    ground.write("products.csv", b"product,kind,sales_price\nGTX Basic,GTX,550\n");
    let error = ground.try_load(&ground.actor, &Options::default()).await.unwrap_err();
    assert!(error.message.contains("products.csv has no column \"series\""), "{}", error.message);
    assert_eq!(ground.witness.changed_since(&before).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_doubtful_row_stops_the_import_and_is_named() {
    let ground = Ground::new().await;
    let before = ground.witness.look().await;
    for (file, from, to, line, column, value, what) in [
        // A relation that leads nowhere, with what was probably meant.
        (
            "sales_pipeline.csv",
            "Moses Frase,GTX Plus Basic,Cancity",
            "Moses Frase,GTX Plus Basic,Cancty",
            2,
            "account",
            "Cancty",
            "matches no companies by name",
        ),
        (
            "sales_pipeline.csv",
            "10/20/2016,3/1/2017,1054",
            "20/10/2016,3/1/2017,1054",
            2,
            "engage_date",
            "20/10/2016",
            "is no date written as %m/%d/%Y",
        ),
        (
            "sales_pipeline.csv",
            "3/1/2017,1054",
            "3/1/2017,1O54",
            2,
            "close_value",
            "1O54",
            "is no number",
        ),
        (
            "accounts.csv",
            "1996,1100.04,2822",
            "1996,1100.04,many",
            2,
            "employees",
            "many",
            "is no number",
        ),
        (
            "accounts.csv",
            "Bubba Gump,software",
            "Acme Corporation,software",
            3,
            "account",
            "Acme Corporation",
            "is the key of line 2 already",
        ),
    ] {
        ground.edit(file, from, to);
        let report = ground.load().await;
        assert!(!report.loaded, "{value}");
        let doubts = report.doubts.iter().filter(|d| d.severity == Severity::Refused);
        let doubt = doubts.into_iter().find(|d| d.value == value).unwrap();
        assert_eq!((doubt.file.as_str(), doubt.column.as_str()), (file, column));
        assert_eq!(doubt.lines, [line], "{value}");
        assert!(doubt.what.contains(what), "{}", doubt.what);
        assert!(report.to_string().contains("Nothing is loaded: rows are in doubt."));
        ground.edit(file, to, from);
    }
    assert_eq!(ground.witness.changed_since(&before).await, Vec::<String>::new());
    assert!(ground.load().await.loaded);
}

#[tokio::test]
async fn a_wrong_name_comes_with_its_cure() {
    let ground = Ground::new().await;
    ground.edit("sales_pipeline.csv", "GTX Plus Basic,Cancity", "GTX Plus Basic,Cancty");
    let report = ground.load().await;
    let doubt = report.doubts.iter().find(|d| d.value == "Cancty").unwrap();
    let cure = "probably \"Cancity\": alias.account = { \"Cancty\" = \"Cancity\" }";
    assert_eq!(doubt.fix, cure);
    // On request the sound rows go in alone.
    let options = Options { partial: true, ..Options::default() };
    let report = ground.try_load(&ground.actor, &options).await.unwrap();
    assert!(report.loaded);
    assert_eq!(counts(&report)[8], [39, 0, 0, 1]);
    assert_eq!(ground.rows("deals").await, 39);
}

#[tokio::test]
async fn it_is_loaded_only_by_who_may_and_only_where_they_may() {
    let ground = Ground::new().await;
    let south = ground.app.account("south").await;
    let before = ground.witness.look().await;
    let refused = async |actor| {
        let error = ground.try_load(&actor, &Options::default()).await.unwrap_err();
        assert_eq!(error.kind, Kind::Forbidden, "{error:?}");
        assert_eq!(ground.witness.changed_since(&before).await, Vec::<String>::new());
    };
    refused(ground.actor_as(ground.tenant(), Role::Viewer)).await;
    // Reach in one account and standing in another.
    let mut stray = ground.actor_as(ground.tenant(), Role::Owner);
    stray.selected = Some(south);
    refused(stray).await;

    // A member may load what a member may write, and settings are not of that kind.
    let member = ground.actor_as(ground.tenant(), Role::Member);
    let error = ground.try_load(&member, &Options::default()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Forbidden);
    assert_eq!(ground.rows("deals").await, 0);
    // What is in one account is not seen from the other.
    ground.load().await;
    let deals = format!("SELECT count(*) FROM deals WHERE tenant_id = '{south}'");
    assert_eq!(ground.witness.number(&deals).await, 0);
}
