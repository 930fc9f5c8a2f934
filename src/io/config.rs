//! Configuration files: locates and reads them.

use crate::domain::config::ConfigFile;
use crate::io::environment::Environment;
use crate::io::error::Error;
use crate::io::input;
use crate::protocols::config_file;
use std::io;
use std::path::{Path, PathBuf};

/// The name of the project's configuration file, in the working folder.
pub const PROJECT_FILE: &str = "leadhook.toml";

/// The maximum size of a configuration file.
const MAX_FILE: u64 = 1024 * 1024;

/// Reads the configuration of the project, or the file at `explicit` instead, and that of the user.
///
/// The files of the project and of the user need not exist.
#[must_use]
pub fn read(env: &Environment, explicit: Option<&Path>) -> Vec<Result<ConfigFile, Error>> {
    let project = match explicit {
        Some(path) => Some(read_file(env, path)),
        None => read_if_exists(env, Path::new(PROJECT_FILE)).transpose(),
    };
    let user = user_file(env).and_then(|path| read_if_exists(env, &path).transpose());
    project.into_iter().chain(user).collect()
}

/// Returns the path of the user's file: `leadhook/leadhook.toml` in `$XDG_CONFIG_HOME`, else in
/// `~/.config`, else, on Windows, in `%APPDATA%`.
#[must_use]
pub fn user_file(env: &Environment) -> Option<PathBuf> {
    // A relative path must be ignored (XDG Base Directory Specification): it would lead to a file
    // in the working folder, which may belong to another user.
    let absolute = |name: &str| env.var(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || absolute("HOME").map(|home| home.join(".config"));
    let app_data = || absolute("APPDATA").filter(|_| cfg!(windows));
    let folder = absolute("XDG_CONFIG_HOME").or_else(home).or_else(app_data)?;
    Some(folder.join("leadhook").join(PROJECT_FILE))
}

/// Returns `true` if the path leads to `leadhook.toml` in the working folder.
///
/// This is also `true` if that file is a symbolic link to the user's file: the paths in it would be
/// resolved from the working folder.
#[must_use]
pub fn is_project_file(path: &Path) -> bool {
    let project = Path::new(PROJECT_FILE);
    let is_same_file = || {
        let canonical = (path.canonicalize(), project.canonicalize());
        matches!(canonical, (Ok(one), Ok(other)) if one == other)
    };
    path == project || is_same_file()
}

fn read_if_exists(env: &Environment, path: &Path) -> Result<Option<ConfigFile>, Error> {
    match read_file(env, path) {
        Ok(file) => Ok(Some(file)),
        Err(Error::Read { source, .. })
            if matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn read_file(env: &Environment, path: &Path) -> Result<ConfigFile, Error> {
    let bytes = if path.as_os_str() == "-" {
        input::read(env.stdin(), "configuration", path, MAX_FILE)?
    } else {
        input::read_regular("configuration", path, MAX_FILE)?
    };
    let text = String::from_utf8(bytes).map_err(|_| Error::Read {
        what: "configuration",
        path: path.to_owned(),
        source: io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"),
    })?;
    config_file::read(path, &text).map_err(Error::Config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_file_is_in_the_first_absolute_configuration_folder() {
        for (vars, expected) in [
            (vec![("HOME", "/home/jo")], Some("/home/jo/.config/leadhook/leadhook.toml")),
            (
                vec![("HOME", "/home/jo"), ("XDG_CONFIG_HOME", "/etc/jo")],
                Some("/etc/jo/leadhook/leadhook.toml"),
            ),
            (
                vec![("HOME", "/home/jo"), ("XDG_CONFIG_HOME", "jo")],
                Some("/home/jo/.config/leadhook/leadhook.toml"),
            ),
            (vec![("HOME", ".")], None),
            (vec![("HOME", ""), ("APPDATA", ".")], None),
            (vec![], None),
        ] {
            let env = Environment::fixed(&vars, jiff::Timestamp::UNIX_EPOCH);
            assert_eq!(user_file(&env), expected.map(PathBuf::from), "{vars:?}");
        }
    }
}
