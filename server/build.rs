//! Tells the embedding of the app where it is, and makes cargo look again when it has changed.

use std::path::Path;

fn main() {
    // Without `..` in it: that is how the files' own paths are compared with it.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".."));
    println!("cargo::rustc-env=APP_DIST={}", root.join("web/dist").display());
    println!("cargo::rerun-if-changed=../web/dist");
}
