//! What cannot be grouped or computed is refused, and says so.

use super::Quay;

#[tokio::test]
async fn bad_questions_get_a_400_that_names_the_fault() {
    let quay = Quay::new().await;
    let owner = quay.owner().await;
    let long = "a".repeat(5_000);
    for (slug, query, named) in [
        ("deals", "group=nothing", "nothing"),
        ("deals", "group=stage.nothing", "stage.nothing"),
        ("deals", "group=value", "value"),
        ("deals", "group=value.amount", "value.amount"),
        ("deals", "group=status:month", "status:month"),
        ("deals", "group=closedAt:fortnight", "fortnight"),
        ("deals", "group=closedAt:", "bucket"),
        ("deals", "group=name,stage,status,source", "more than 3"),
        ("deals", "group=serviceInterest.name", "serviceInterest.name"),
        ("contacts", "group=utm", "utm"),
        ("contacts", "group=consent", "consent"),
        ("activities", "group=meta", "meta"),
        ("activities", "group=meta.field", "meta.field"),
        ("users", "group=password", "password"),
        ("deals", "values=sum:name", "sum:name"),
        ("deals", "values=avg:closedAt", "avg:closedAt"),
        ("deals", "values=max:status", "max:status"),
        ("deals", "values=median:value", "median:value"),
        ("deals", "values=sum:serviceInterest", "sum:serviceInterest"),
        ("deals", "values=sum", "sum"),
        ("deals", "zone=Europe/Atlantis&group=closedAt:day", "zone"),
        ("deals", "zone=UTC%2B3", "zone"),
        ("deals", "zone=%00", "zone"),
        ("deals", "sort=name", "name"),
        ("deals", "sort=-sum:value", "values"),
        ("deals", "limit=0", "between 1 and 1000"),
        ("deals", "limit=1001", "between 1 and 1000"),
        ("deals", "limit=-5", "between 1 and 1000"),
        ("deals", "where[nothing][equals]=1", "nothing"),
        ("deals", "group=name%00", "name"),
        ("deals", "group=a;drop table deals", "drop table"),
        ("deals", &format!("group={long}"), "aaaa"),
        ("deals", &format!("values={long}"), "aaaa"),
    ] {
        let (status, body) = owner.get(&format!("/api/{slug}/aggregate?{query}")).await;
        assert_eq!(status, 400, "{query}: {body}");
        let message = body["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(named), "{query}: {message}");
    }
    let measures: String = (0..30).map(|n| format!("sum:value{n},")).collect();
    let (status, body) = owner.get(&format!("/api/deals/aggregate?values={measures}")).await;
    assert_eq!(status, 400, "{body}");
}

#[tokio::test]
async fn odd_questions_that_mean_something_are_answered() {
    let quay = Quay::new().await;
    let owner = quay.owner().await;
    for query in [
        "limit=abc",
        "group=&values=&sort=&zone=",
        "group=,,&values=count,count",
        "group[]=status&group[]=stage",
        "group=stage__kind",
        "group=stage.id,tenant.name,createdAt",
        "zone=europe/madrid&group=closedAt:day",
        "sort=-count,key",
    ] {
        let (status, body) = owner.get(&format!("/api/deals/aggregate?{query}")).await;
        assert_eq!((status.as_u16(), &body["total"]["count"]), (200, &6.into()), "{query}: {body}");
    }
}
