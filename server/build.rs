//! Makes cargo look again when the built app has changed: the files are embedded, not named.

fn main() {
    println!("cargo::rerun-if-changed=../web/dist");
}
