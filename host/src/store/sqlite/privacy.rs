//! Who else on the machine can read or change the file.

use std::path::{Path, PathBuf};

/// What endangers the file at `path`, in sentences: it holds hashes of keys, and whoever writes it gives keys to themselves.
pub(super) fn dangers(path: &Path) -> Vec<String> {
    let mut dangers = Vec::new();
    if let Ok(target) = std::fs::read_link(path) {
        dangers.push(format!("`{}` is a symbolic link to `{}`", path.display(), target.display()));
    }
    // SQLite names them after the file that a link leads to
    let file = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    for behind in ["", "-wal", "-shm"] {
        let mut name = file.clone().into_os_string();
        name.push(behind);
        dangers.extend(exposed(&PathBuf::from(name)));
    }
    if let Some(folder) = file.parent() {
        dangers.extend(replaceable(folder));
    }
    dangers
}

#[cfg(unix)]
fn exposed(file: &Path) -> Option<String> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(file).ok()?.permissions()) & 0o777;
    let what = match mode {
        _ if mode & 0o022 != 0 => "can be changed",
        _ if mode & 0o004 != 0 => "can be read",
        _ => return None,
    };
    Some(format!(
        "`{}` {what} by other users of the machine (mode {mode:04o}): `chmod 600` it",
        file.display()
    ))
}

/// A folder in which everybody may remove what belongs to others.
#[cfg(unix)]
fn replaceable(folder: &Path) -> Option<String> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(folder).ok()?.permissions());
    (mode & 0o002 != 0 && mode & 0o1000 == 0)
        .then(|| format!("every user of the machine can replace files in `{}`", folder.display()))
}

#[cfg(not(unix))]
fn exposed(_: &Path) -> Option<String> {
    None
}

#[cfg(not(unix))]
fn replaceable(_: &Path) -> Option<String> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_file_that_others_can_read_or_change_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.db");
        std::fs::write(&file, "").unwrap();
        let with_mode = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        for (mode, words) in [
            (0o666, Some("changed")),
            (0o644, Some("read")),
            (0o660, Some("changed")),
            (0o640, None),
            (0o600, None),
        ] {
            with_mode(&file, mode);
            let found = dangers(&file);
            assert_eq!(found.len(), usize::from(words.is_some()), "{found:?}");
            assert!(words.is_none_or(|words| found[0].contains(words)), "{found:?}");
        }
        let log = folder.path().join("keys.db-wal");
        std::fs::write(&log, "").unwrap();
        with_mode(&log, 0o606);
        assert!(dangers(&file)[0].contains("keys.db-wal"));
        let link = folder.path().join("link.db");
        symlink(&file, &link).unwrap();
        let found = dangers(&link);
        assert!(found[0].contains("symbolic link") && found[1].contains("-wal"), "{found:?}");
        with_mode(folder.path(), 0o777);
        assert!(dangers(&file).iter().any(|danger| danger.contains("replace")));
    }
}
