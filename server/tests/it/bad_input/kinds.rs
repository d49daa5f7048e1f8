//! Wrong values for every kind of field, in every collection that has one: refused by the field's own
//! path, with nothing written.

use std::collections::{BTreeMap, HashSet};

use define::{Field, FieldKind, Rule};
use serde_json::{Value, json};

use super::{OWNER, Victim, assert_refused};
use crate::matrix::digest::Witness;
use crate::matrix::generate::Maker;

/// Required fields that the product fills when they come empty.
const FILLED: [(&str, &str); 2] = [("users", "name"), ("deals", "stage")];

/// JSON texts, since some are numbers that no type of ours holds.
fn wrong(field: &Field) -> Vec<String> {
    let texts = |list: &[&str]| list.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
    let mut out = match field.kind {
        FieldKind::Text | FieldKind::Textarea => texts(&[r#""a\u0000b""#]),
        FieldKind::Email => {
            texts(&[r#""nope""#, r#""a@""#, r#""@b.c""#, r#""a b@c.d""#, "5", "{}", "[]", "true"])
        }
        FieldKind::Phone => {
            texts(&[r#""abc""#, r#""12""#, r#""+1 555\u0000 123""#, "{}", "true", r#""☎ 5551234""#])
        }
        FieldKind::Url => texts(&[
            r#""nope""#,
            r#""javascript:alert(1)""#,
            r#""ftp://x.example""#,
            r#""http://""#,
            r#""//x""#,
            "5",
            "{}",
        ]),
        FieldKind::Number => {
            let mut list = texts(&[
                r#""abc""#,
                "true",
                "{}",
                "[]",
                "[1]",
                "1e400",
                "-1e400",
                r#""1e400""#,
                r#""NaN""#,
                r#""Infinity""#,
                r#""0x10""#,
                r#""1_000""#,
                r#""1,5""#,
                "9223372036854775808",
                "-9223372036854775809",
                "123456789012345678901234567890",
            ]);
            if field.integer {
                list.extend(texts(&[
                    "1.5",
                    r#""1.5""#,
                    "1e-3",
                    "4503599627370497.3",
                    "9007199254740993.0",
                ]));
            } else {
                list.extend(texts(&["9007199254740993", "9223372036854775807"]));
            }
            list.extend(field.min.map(|n| (n - 1).to_string()));
            list.extend(field.max.map(|n| (n + 1).to_string()));
            list
        }
        FieldKind::Money => texts(&[
            r#""abc""#,
            "1.5",
            "true",
            "[]",
            "[1]",
            "1e30",
            "1e400",
            "9223372036854775808",
            "-9223372036854775809",
            r#"{"amount":"x"}"#,
            r#"{"amount":1.5}"#,
            r#"{"amount":{}}"#,
            r#"{"amount":1,"currency":"usd"}"#,
            r#"{"amount":1,"currency":5}"#,
            r#"{"amount":1,"currency":"DOLLARS"}"#,
            r#"{"amount":1,"currency":""}"#,
            r#"{"amount":9007199254740993.0,"currency":"USD"}"#,
        ]),
        FieldKind::Date => texts(&[
            r#""nope""#,
            r#""2026-13-01""#,
            r#""2026-02-30""#,
            r#""0000-01-01""#,
            r#""-0001-01-01""#,
            r#""20260101x""#,
            r#""10000-01-01""#,
            "5",
            "true",
            "{}",
            "[]",
            r#""2026-01-01T99:00:00Z""#,
            r#""２０２６-01-01""#,
        ]),
        FieldKind::Datetime => texts(&[
            r#""nope""#,
            r#""2026-02-30T00:00:00Z""#,
            r#""0000-01-01T00:00:00Z""#,
            r#""2026-01-01T25:00:00Z""#,
            r#""+275760-09-13T00:00:00.001Z""#,
            "1e20",
            "9223372036854775807",
            "true",
            "{}",
            "[]",
        ]),
        FieldKind::Checkbox => texts(&[r#""yes""#, "1", "0", "{}", "[]", r#""TRUE""#]),
        FieldKind::Select => texts(&[r#""no such option""#, "1", "{}", "true", r#""a\u0000""#]),
        FieldKind::Relationship => texts(&[
            r#""not-an-id""#,
            "5",
            "true",
            r#"{"id":5}"#,
            r#"{"id":"x"}"#,
            r#""\u0000""#,
            r#"{"relationTo":"users","value":"x"}"#,
            r#""00000000-0000-0000-0000-000000000000""#,
        ]),
        FieldKind::Json => texts(&[r#""a\u0000""#, r#"{"a":["\u0000"]}"#, r#"{"\u0000":1}"#]),
        FieldKind::Group | FieldKind::Address => texts(&[r#""x""#, "5", "true", "[]", "[{}]"]),
        FieldKind::Array => texts(&[r#""x""#, "5", "{}", "[1]", r#"["x"]"#, "[[]]"]),
    };
    if let Some(most) = field.max.filter(|_| field.kind.is_textual()) {
        let most = usize::try_from(most).unwrap();
        out.push(format!("\"{}\"", "x".repeat(most + 1)));
    }
    if field.required && field.kind != FieldKind::Checkbox {
        out.extend(texts(&["null", r#""""#]));
    }
    if field.many {
        // A single value stands for a list of one, and empty lists and nulls are fine.
        let ok: HashSet<&str> = HashSet::from(["null", r#""""#, "[]"]);
        out.retain(|text| !ok.contains(text.as_str()));
        out.extend(out.clone().into_iter().map(|text| format!("[{text}]")).collect::<Vec<_>>());
    }
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_refuses_what_it_cannot_hold() {
    let victim = Victim::new().await;
    let app = &victim.app;
    let me = app.sign_in(OWNER).await;
    let (_, account) = me.get("/api/tenants").await;
    let account = account["docs"][0]["id"].as_str().unwrap().parse().unwrap();
    let mut maker = Maker::new(app, &BTreeMap::from([("harbor", account)])).await;
    let witness = Witness::of(app).await;
    let mut kinds = HashSet::new();
    let mut tried = 0;
    for collection in app.engine().collections() {
        let slug = collection.slug.as_str();
        if slug == "tenants" || slug == "memberships" {
            continue;
        }
        let doc = maker.make(account, slug).await;
        let base = maker.data(account, slug).await;
        let before = witness.look().await;
        let settable = |f: &&Field| !f.read_only && f.derived.is_none() && !f.write_only;
        for field in collection.fields.iter().filter(settable) {
            kinds.insert(field.kind);
            for (path, value) in cases(field) {
                let empty = matches!(value.as_str(), "null" | "\"\"");
                if empty && FILLED.contains(&(slug, path.as_str())) {
                    continue;
                }
                let mut data = base.clone();
                data[field.name.as_str()] = Value::Null;
                let text = data.to_string().replacen(
                    &format!("\"{}\":null", field.name),
                    &format!("\"{}\":{value}", field.name),
                    1,
                );
                let shown: String = value.chars().take(60).collect();
                let name = format!("{slug}.{path} = {shown}");
                let only = format!("{{\"{}\":{value}}}", field.name);
                for (method, at, body) in [
                    ("POST", format!("/api/{slug}"), text),
                    ("PATCH", format!("/api/{slug}/{doc}"), only),
                ] {
                    if method == "PATCH" && field.create_only {
                        continue;
                    }
                    tried += 1;
                    let media = Some("application/json");
                    let (status, answer) = super::raw(&me, method, &at, media, body).await;
                    assert_refused(&format!("{method} {name}"), status, &answer);
                    let errors = answer["errors"][0]["data"]["errors"].as_array();
                    let paths: Vec<&str> =
                        errors.into_iter().flatten().filter_map(|e| e["path"].as_str()).collect();
                    let named = paths.iter().any(|p| p.starts_with(&path));
                    assert!(named, "{method} {name} is not named: {answer}");
                }
            }
        }
        let changed = witness.changed_since(&before).await;
        assert!(changed.is_empty(), "refused {slug} changed {changed:?}");
    }
    assert!(tried > 500 && kinds.len() >= 12, "{tried} tries of {kinds:?}");
}

/// Wrong values for the field and for what is inside it, with the path to be named.
fn cases(field: &Field) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> =
        wrong(field).into_iter().map(|value| (field.name.clone(), value)).collect();
    for inner in field.fields.iter().filter(|f| !f.read_only) {
        for (path, value) in cases(inner) {
            let object = format!("{{\"{}\":{value}}}", inner.name);
            let (path, value) = match field.kind {
                FieldKind::Array => (format!("{}.0.{path}", field.name), format!("[{object}]")),
                _ => (format!("{}.{path}", field.name), object),
            };
            out.push((path, value));
        }
    }
    out
}

/// Whatever a client puts into fields that are not its own has no effect.
#[tokio::test]
async fn fields_of_the_product_cannot_be_set() {
    let victim = Victim::new().await;
    let app = &victim.app;
    let me = app.sign_in(OWNER).await;
    let (_, account) = me.get("/api/tenants").await;
    let account = account["docs"][0]["id"].as_str().unwrap().parse().unwrap();
    let mut maker = Maker::new(app, &BTreeMap::from([("harbor", account)])).await;
    let past = "2001-01-01T00:00:00.000Z";
    for collection in app.engine().collections() {
        let slug = collection.slug.as_str();
        let is_made = collection.access.create != Rule::Never;
        if slug == "tenants" || slug == "memberships" || !is_made {
            continue;
        }
        let mut data = maker.data(account, slug).await;
        let taken = victim.company.as_str();
        let mut forged = json!({
            "id": taken, "_id": taken, "tenant_id": taken, "updatedAt": past, "__v": 9, "collection": "x",
            "password_hash": "x", "salt": "x", "hash": "x", "sessions": [{"id": taken}], "verified": true,
        });
        let own: Vec<&Field> = collection.fields.iter().filter(|f| f.read_only).collect();
        for field in &own {
            forged[field.name.as_str()] = match field.kind {
                FieldKind::Relationship => json!(taken),
                _ => json!("forged"),
            };
        }
        for (key, value) in forged.as_object().unwrap() {
            if key != "updatedAt" || collection.field("updatedAt").is_some() {
                data[key.as_str()] = value.clone();
            }
        }
        let (status, made) = me.post(&format!("/api/{slug}?depth=0"), data).await;
        assert_eq!(status, 201, "{slug}: {made}");
        let id = made["doc"]["id"].as_str().unwrap().to_owned();
        assert_ne!(id, taken);
        let (status, changed) = me.patch(&format!("/api/{slug}/{id}?depth=0"), forged).await;
        let is_changed = collection.access.update != Rule::Never;
        assert_eq!(status, if is_changed { 200 } else { 403 }, "{slug}: {changed}");
        for doc in [&made["doc"], &changed["doc"]].into_iter().take(1 + usize::from(is_changed)) {
            assert_eq!(doc["id"], json!(id), "{slug}");
            for key in
                ["_id", "tenant_id", "__v", "password_hash", "salt", "hash", "sessions", "password"]
            {
                assert!(doc.get(key).is_none(), "{slug}.{key}: {doc}");
            }
            for field in &own {
                let value = doc[field.name.as_str()].as_str().unwrap_or_default();
                assert!(value != "forged" && value != taken, "{slug}.{}: {doc}", field.name);
            }
        }
        assert_ne!(changed["doc"]["updatedAt"], json!(past), "{slug}");
    }
}
