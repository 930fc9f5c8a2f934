//! The path of `--save`: a folder, or a file whose name ends in `.jsonl`.

use crate::error::Error;
use std::path::{Path, is_separator};

/// Rejects a path that looks like that of another kind of file: a folder of this name would be a
/// surprise.
pub(super) fn check(path: &Path) -> Result<(), Error> {
    let Some(extension) = path.extension().filter(|extension| *extension != "jsonl") else {
        return Ok(());
    };
    let names_folder = path.as_os_str().to_string_lossy().ends_with(is_separator);
    if names_folder || path.is_dir() {
        return Ok(());
    }
    let shown = path.display();
    let file = path.with_extension("jsonl");
    Err(Error::Option {
        message: format!(
            "`--save {shown}` is neither a folder nor a `.jsonl` file, but `.{}`",
            extension.display()
        ),
        hint: format!("use `{}` for one line each, or `{shown}/` for a folder", file.display()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_no_extension_ends_in_a_slash_or_exists() {
        let dir = tempfile::tempdir().unwrap();
        let existing = dir.path().join("caps.d");
        std::fs::create_dir(&existing).unwrap();
        for path in ["caps", "a/caps.jsonl", ".caps", "out.json/", "..", "/dev/null"] {
            assert!(check(Path::new(path)).is_ok(), "{path}");
        }
        assert!(check(&existing).is_ok());
        for path in ["out.json", "a.b/caps.txt", "caps.JSONL", "out.tar.gz"] {
            assert!(check(Path::new(path)).is_err(), "{path}");
        }
    }
}
