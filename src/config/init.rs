//! `mavi config init`: writes the commented example as a file that only its owner can read. The file
//! appears whole or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::value::quoted;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

/// A configuration file with every key, commented out.
pub(crate) const EXAMPLE: &str = include_str!("../../config.example.toml");

/// The line of the example that a token replaces.
const TOKEN_LINE: &str = "#token = \"your token\"\n";

/// Writes the example to `path` with mode 0600, with `token` in it if one is given. Missing
/// directories are created with mode 0700. An existing file is replaced only with `force`.
///
/// Fails with kind `io`, or `usage` for a token that cannot be one.
pub(crate) fn init(path: &Path, token: Option<&Secret>, force: bool) -> Result<(), Error> {
    let content = match token {
        None => EXAMPLE.to_owned(),
        Some(token) => {
            let token = Secret::from_token(token.expose())
                .map_err(|why| Error::usage(format!("stdin {why}")))?;
            let line = format!("token = {}\n", quoted(token.expose()));
            EXAMPLE.replacen(TOKEN_LINE, &line, 1)
        }
    };
    write(path, &content, force).map_err(|error| {
        let shown = path.display();
        if error.kind() == io::ErrorKind::AlreadyExists {
            Error::new(ErrorKind::Io, format!("{shown} already exists"))
                .with_hint("to replace it and lose its content, add --force")
        } else {
            Error::new(ErrorKind::Io, format!("could not write {shown}: {error}"))
        }
    })
}

fn write(path: &Path, content: &str, force: bool) -> io::Result<()> {
    // A link stays one: the file that it leads to is replaced, or created.
    let linked = || Some(path.with_file_name(fs::read_link(path).ok()?));
    let target = fs::canonicalize(path).ok().or_else(linked);
    let target = target.filter(|_| force);
    let path = target.as_deref().unwrap_or(path);
    let dir = match path.parent() {
        Some(dir) if dir != Path::new("") => dir.to_owned(),
        _ => PathBuf::from("."),
    };
    create_private_dirs(&dir)?;
    // Temporary files are created with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(content.as_bytes())?;
    file.as_file().sync_all()?;
    let placed = if force {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    placed.map(drop).map_err(|error| error.error)
}

fn create_private_dirs(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn init_replaces_a_file_only_if_forced() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("new/mavi/config.toml");
        init(&path, None, false).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), EXAMPLE);

        fs::write(&path, "retries = 5\n").unwrap();
        let error = init(&path, None, false).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Io);
        assert!(
            error.message.ends_with("config.toml already exists"),
            "{error}"
        );
        assert!(error.hint.unwrap().contains("--force"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "retries = 5\n");

        init(&path, None, true).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), EXAMPLE);
        let left = fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(left, 1, "a temporary file was left behind");
    }

    #[cfg(unix)]
    #[test]
    fn init_writes_through_a_link() {
        let home = tempfile::tempdir().unwrap();
        let (file, link) = (
            home.path().join("dotfiles"),
            home.path().join("config.toml"),
        );
        fs::write(&file, "retries = 5\n").unwrap();
        std::os::unix::fs::symlink("dotfiles", &link).unwrap();
        assert!(init(&link, None, false).is_err());
        init(&link, None, true).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), EXAMPLE);
        fs::remove_file(&file).unwrap();
        init(&link, None, true).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), EXAMPLE);
    }

    #[cfg(unix)]
    #[test]
    fn init_creates_private_files_and_directories() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("new/config.toml");
        init(&path, Some(&Secret::new("hunter2")), false).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
    }

    #[test]
    fn init_puts_the_token_in_place_of_the_commented_one() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("config.toml");
        let awkward = r#"a"b\c'd"#;
        init(&path, Some(&Secret::new(format!("{awkward}\n"))), false).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let table: toml::Table = text.parse().unwrap();
        assert_eq!(table["token"].as_str(), Some(awkward));
        assert_eq!(text.lines().count(), EXAMPLE.lines().count());
    }

    #[test]
    fn init_refuses_an_invalid_token_and_hides_it() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("config.toml");
        for token in ["", "  \n", "hunter2\nmore", "hunter2é"] {
            let error = init(&path, Some(&Secret::new(token)), false).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Usage);
            assert!(error.message.starts_with("stdin gives "), "{error}");
            assert!(!error.to_json().contains("hunter2"));
        }
        assert!(!path.exists());
    }
}
