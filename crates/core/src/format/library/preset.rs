//! The libraries that are known: mappings, read from `presets.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::mapping::Mapping;

/// All of them; the first whose shape fits a library is its own.
pub(super) fn all() -> &'static [Mapping] {
    &PRESETS
}

/// The one of that name.
pub(super) fn named(name: &str) -> Option<&'static Mapping> {
    PRESETS.iter().find(|it| it.name == name)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    preset: Vec<Mapping>,
}

static PRESETS: LazyLock<Vec<Mapping>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("presets.toml")).expect("a test reads it");
    file.preset
});
