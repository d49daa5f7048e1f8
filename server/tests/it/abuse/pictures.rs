//! Pictures that are none, as a tenant's logo: refused, or kept as what every reader takes for data.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::Role;
use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;

const OWNER: &str = "owner@harbor.example";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const SCRIPT: &[u8] =
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>";

fn data(media: &str, bytes: &[u8]) -> String {
    format!("data:{media};base64,{}", STANDARD.encode(bytes))
}

#[tokio::test]
async fn a_logo_is_a_picture_or_refused() {
    let app = TestApp::start().await;
    let account = app.account("harbor").await;
    app.user(account, OWNER, Role::Owner).await;
    let owner = app.sign_in(OWNER).await;
    let path = format!("/api/tenants/{account}");
    let png = data("image/png", PNG);
    for wrong in [
        data("image/svg+xml", SCRIPT),
        data("image/png", SCRIPT),
        data("image/jpeg", PNG),
        data("image/gif", b"GIF89a=1;alert(1)"),
        data("text/html", b"<script>alert(1)</script>"),
        data("application/xhtml+xml", SCRIPT),
        data("application/pdf", b"%PDF-1.7"),
        data("image/png;charset=utf-8", PNG),
        data("image/png,text/html", PNG),
        data("IMAGE/SVG+XML", SCRIPT),
        data("", SCRIPT),
        format!("data:image/png,{}", String::from_utf8_lossy(SCRIPT)),
        format!("data:image/svg+xml;utf8,{}", String::from_utf8_lossy(SCRIPT)),
        format!("{png}\"><script>alert(1)</script>"),
        format!("{png},<svg onload=alert(1)>"),
        format!("{png}#<script>"),
        format!(" {png}"),
        format!("javascript:alert(1)//{png}"),
        format!("{png}\n"),
        "https://evil.example/logo.svg".to_owned(),
        "//evil.example/logo.png".to_owned(),
        "file:///etc/passwd".to_owned(),
    ] {
        let (status, body) = owner.patch(&path, json!({ "logo": wrong })).await;
        assert_eq!(status, 400, "{wrong}: {body}");
    }
    for wrong in
        ["red;background:url(//evil)", "#fff\"><script>", "#0e7490;", "url(#a)", "expression(1)"]
    {
        let (status, body) = owner.patch(&path, json!({ "brandColor": wrong })).await;
        assert_eq!(status, 400, "{wrong}: {body}");
    }
    // A true beginning and a page behind it: a picture to whoever reads it as it is labeled.
    let polyglot = data("image/png", &[PNG, SCRIPT].concat());
    let (status, body) = owner.patch(&path, json!({ "logo": polyglot })).await;
    assert_eq!(status, 200, "{body}");
    for route in [path.as_str(), "/api/tenants?select[logo]=true", "/api/users/me?depth=2"] {
        let answer = owner.request(Method::GET, route).send().await.unwrap();
        let headers = answer.headers();
        assert!(
            headers["content-type"].to_str().unwrap().starts_with("application/json"),
            "{route}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff", "{route}");
    }
}
