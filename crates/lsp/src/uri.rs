//! Between a client's URIs and paths.

use std::path::{Path, PathBuf};

use url::Url;

/// The path that a URI names, if it is a file's.
pub fn path_of(uri: &str) -> Option<PathBuf> {
    Url::parse(uri).ok()?.to_file_path().ok()
}

/// The URI of a file.
pub fn of_path(path: &Path) -> Option<String> {
    Url::from_file_path(path).ok().map(String::from)
}

/// Whether a document of that name may be a reply. Editors also speak of histories, chats and settings.
pub fn is_known(uri: &str) -> bool {
    ["file:", "untitled:", "inmemory:"].iter().any(|it| uri.starts_with(it))
}
