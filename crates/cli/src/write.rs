//! Files written whole or not at all.

use std::{
    fs::{self, File, Metadata},
    io::{self, Write},
    path::Path,
};

use tempfile::{Builder, NamedTempFile};

/// Replaces what the file at `path` says, `before`, by `after`: whoever looks sees the one or the other, even if the
/// machine stops. A link is followed. Says why if it cannot be done; then nothing is.
pub fn replace(path: &Path, before: &[u8], after: &[u8]) -> Result<(), String> {
    let target = fs::canonicalize(path).map_err(|it| it.to_string())?;
    let metadata = fs::metadata(&target).map_err(|it| it.to_string())?;
    refuse_special(&metadata)?;
    let folder = target.parent().unwrap_or(Path::new("/"));
    let temporary = temporary(&target, folder, after, &metadata).map_err(|it| folder_problem(&it))?;
    if fs::read(&target).map_err(|it| it.to_string())? != before {
        return Err("it was changed meanwhile, so it is left as it is; run again".to_owned());
    }
    temporary.persist(&target).map_err(|it| format!("it could not be replaced: {}", it.error))?;
    sync_folder(folder);
    Ok(())
}

/// Writes a file that is not there yet, whole or not at all. Says why if it cannot be done.
pub fn create(path: &Path, content: &[u8]) -> Result<(), String> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        let mut builder = Builder::new();
        let mut file = for_all_to_read(builder.prefix(".absolve-")).tempfile_in(folder)?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path)?;
        Ok(())
    };
    write().map_err(|it| folder_problem(&it))?;
    sync_folder(folder);
    Ok(())
}

fn refuse_special(metadata: &Metadata) -> Result<(), String> {
    if !metadata.is_file() {
        return Err("it is not a regular file; `-` reads standard input".to_owned());
    }
    if metadata.permissions().readonly() {
        return Err("it is read-only; make it writable first (chmod u+w)".to_owned());
    }
    match n_names(metadata) {
        0 | 1 => Ok(()),
        names => Err(format!(
            "it has {names} names (hard links), which writing would part; fix a copy, or use `-` and redirect"
        )),
    }
}

/// The new content beside the old, on disk for good, with the old one's permissions, owner and attributes.
fn temporary(target: &Path, folder: &Path, content: &[u8], metadata: &Metadata) -> io::Result<NamedTempFile> {
    let mut file = Builder::new().prefix(".absolve-").tempfile_in(folder)?;
    file.write_all(content)?;
    keep_owner(file.path(), metadata)?;
    keep_attributes(target, file.path())?;
    file.as_file().set_permissions(metadata.permissions())?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn folder_problem(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "its folder may not be written to; see its permissions".to_owned(),
        _ => error.to_string(),
    }
}

/// As every new file is, the user's mask allowing; by default a temporary one is its owner's only.
fn for_all_to_read<'a, 'b, 'c>(builder: &'a mut Builder<'b, 'c>) -> &'a mut Builder<'b, 'c> {
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

#[cfg(unix)]
fn n_names(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
fn n_names(_: &Metadata) -> u64 {
    1
}

/// Whose the file was, it stays.
#[cfg(unix)]
fn keep_owner(path: &Path, metadata: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    let new = fs::metadata(path)?;
    let (user, group) = (metadata.uid(), metadata.gid());
    if (new.uid(), new.gid()) == (user, group) { Ok(()) } else { chown(path, Some(user), Some(group)) }
}

#[cfg(not(unix))]
fn keep_owner(_: &Path, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// What else the file system knows of a file: who may read it besides, a desktop's tags. What is the system's own
/// (`security.…`, `trusted.…`) it gives to new files itself, and may refuse to take from us.
#[cfg(unix)]
fn keep_attributes(old: &Path, new: &Path) -> io::Result<()> {
    let Ok(names) = xattr::list(old) else { return Ok(()) };
    for name in names {
        let Some(value) = xattr::get(old, &name)? else { continue };
        let is_own = ["security.", "trusted."].iter().any(|it| name.to_string_lossy().starts_with(it));
        match xattr::set(new, &name, &value) {
            Err(_) if is_own => {}
            result => result?,
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_attributes(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}

/// So that the new name survives a power cut. Not every file system can; the content is safe anyway.
fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|it| it.sync_all());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(content: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let path = folder.path().join("reply.txt");
        fs::write(&path, content).expect("a new file can be written");
        (folder, path)
    }

    /// The file says `content`, and nothing else is in its folder.
    #[track_caller]
    fn check(folder: &Path, content: &str, n_files: usize) {
        assert_eq!(fs::read_to_string(folder.join("reply.txt")).expect("it is there"), content);
        assert_eq!(fs::read_dir(folder).expect("it is there").count(), n_files, "no temporary file is left");
    }

    #[test]
    fn a_file_is_replaced() {
        let (folder, path) = folder_with("old");
        assert_eq!(replace(&path, b"old", b"new"), Ok(()));
        check(folder.path(), "new", 1);
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let (folder, path) = folder_with("newer");
        let refusal = replace(&path, b"old", b"new").expect_err("it changed");
        assert!(refusal.contains("changed meanwhile"), "{refusal}");
        check(folder.path(), "newer", 1);
    }

    #[test]
    fn a_read_only_file_is_left_alone() {
        let (folder, path) = folder_with("old");
        let mut permissions = fs::metadata(&path).expect("it is there").permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).expect("it is ours");
        let refusal = replace(&path, b"old", b"new").expect_err("it is read-only");
        assert!(refusal.contains("read-only"), "{refusal}");
        check(folder.path(), "old", 1);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_kept_and_links_followed() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let (folder, path) = folder_with("old");
        fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).expect("it is ours");
        let link = folder.path().join("link.txt");
        symlink("reply.txt", &link).expect("a link can be made");
        assert_eq!(replace(&link, b"old", b"new"), Ok(()));
        check(folder.path(), "new", 2);
        assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
        assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn attributes_are_kept() {
        let (folder, path) = folder_with("old");
        if xattr::set(&path, "user.tag", b"late").is_err() {
            return eprintln!("skipped: this file system keeps no attributes");
        }
        assert_eq!(replace(&path, b"old", b"new"), Ok(()));
        check(folder.path(), "new", 1);
        assert_eq!(xattr::get(&path, "user.tag").expect("it can be asked").as_deref(), Some(b"late".as_slice()));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_of_several_names_is_left_alone() {
        let (folder, path) = folder_with("old");
        fs::hard_link(&path, folder.path().join("twin.txt")).expect("a link can be made");
        let refusal = replace(&path, b"old", b"new").expect_err("it has two names");
        assert!(refusal.contains("2 names"), "{refusal}");
        check(folder.path(), "old", 2);
    }
}
