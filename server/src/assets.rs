//! The built app inside the binary. In a debug build its files are read from `web/dist` instead.

use rest::{Asset, Assets};
use rust_embed::Embed;

/// Texts are there in brotli only; the compressing step of the build leaves `NAME.br` beside each.
#[derive(Embed)]
#[folder = "$APP_DIST"]
#[allow_missing = true]
#[exclude = "*.js"]
#[exclude = "*.css"]
#[exclude = "*.html"]
#[exclude = "*.svg"]
#[exclude = "*.webmanifest"]
struct Files;

pub(crate) fn assets() -> Assets {
    let build = Files::get("build.txt");
    Assets::new(find, build.and_then(|file| String::from_utf8(file.data.into_owned()).ok()))
}

fn find(name: &str) -> Option<Asset> {
    let compressed = Files::get(&format!("{name}.br"));
    let is_compressed = compressed.is_some();
    let file = compressed.or_else(|| Files::get(name))?;
    // Half of the hash is enough to tell two builds apart.
    let hash = file.metadata.sha256_hash();
    let tag = kernel::hex(&hash[..16]);
    Some(Asset { bytes: file.data, compressed: is_compressed, tag })
}
