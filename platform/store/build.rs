//! Migrations are compiled in; Cargo has to hear of new files.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
