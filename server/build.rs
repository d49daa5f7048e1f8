//! Tells the embedding of the app where it is, and makes cargo look again when it has changed.

use std::path::Path;

fn main() {
    // Without `..` in it: that is how the files' own paths are compared with it.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".."));
    let dist = root.join("web/dist");
    println!("cargo::rustc-env=APP_DIST={}", dist.display());
    if std::env::var("PROFILE").as_deref() == Ok("release") && !dist.join("build.txt").exists() {
        println!(
            "cargo::warning=the app is not built: this binary serves the API alone. Run: make web"
        );
    }
    println!("cargo::rerun-if-changed=../web/dist");
}
