//! The packs of one run: the built-in ones and those of the user.

use crate::commands::settings::{SettingOrigin, Settings};
use crate::commands::trust::report_origin;
use crate::engine::pack_check;
use crate::error::Error;
use crate::io::error::Error as IoError;
use crate::io::pack_folder;
use crate::output::printer::Printer;
use crate::providers::Packs;
use crate::providers::flaw::{Flaw, PackError};
use crate::providers::pack::Pack;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Reads every pack, and returns them with the origins of those from configuration files.
///
/// A broken pack of `--pack` is an error unless `tolerates_broken` is set. A broken one of a
/// configuration file is skipped, and using it is an error that names the problem.
pub(super) fn read(
    folders: &[PathBuf],
    settings: &Settings,
    tolerates_broken: bool,
    printer: &mut Printer,
) -> Result<(Packs, BTreeMap<String, SettingOrigin>), Error> {
    let builtin = Packs::builtin()?;
    let mut custom: Vec<Pack> = Vec::new();
    let mut broken = Vec::new();
    let mut origins = BTreeMap::new();
    for folder in folders {
        let pack = read_one(folder, None)?.and_then(|pack| {
            let id = &pack.provider.id;
            let is_duplicate =
                builtin.find(id).is_ok() || custom.iter().any(|other| other.provider.id == *id);
            if is_duplicate { Err(duplicate_id_error(id)) } else { Ok(pack) }
        });
        match pack {
            Ok(pack) => custom.push(pack),
            Err(error) if tolerates_broken => {
                printer.note(&format!("{error}; it is skipped (--pack)"));
                broken.push(error);
            }
            Err(error) => return Err(error.into()),
        }
    }
    for (id, setting) in settings.packs() {
        // `--pack` takes precedence over a configuration file.
        if custom.iter().any(|pack| pack.provider.id == id) {
            continue;
        }
        let pack = match builtin.find(&id) {
            Ok(_) => Err(duplicate_id_error(&id)),
            Err(_) => read_one(&setting.path(), Some(&id)).unwrap_or_else(|error| {
                let message = format!("it cannot be read: {}", read_error_reason(&error));
                let flaw = Flaw::error("unreadable", setting.text.clone(), "", message);
                Err(PackError { pack: id.clone(), flaw })
            }),
        };
        match pack {
            Ok(pack) => {
                // A command that reports on packs names their origin in its report.
                if !tolerates_broken {
                    report_origin(printer, settings, &format!("pack {id}"), &setting.origin);
                }
                origins.insert(id, setting.origin);
                custom.push(pack);
            }
            Err(error) => {
                printer.note(&format!("{error}; it is skipped ({})", setting.origin));
                broken.push(error);
            }
        }
    }
    let is_builtin = custom.is_empty() && broken.is_empty();
    Ok((if is_builtin { builtin } else { builtin.with(custom, broken) }, origins))
}

/// Reads the packs of `--pack` and of the configuration that can be used, without any report.
pub(super) fn read_usable(folders: &[PathBuf], settings: &Settings) -> Vec<Pack> {
    let named = folders.iter().map(|folder| (folder.clone(), None));
    let configured = settings.packs().into_iter().map(|(id, setting)| (setting.path(), Some(id)));
    let usable = |(folder, id): (PathBuf, Option<String>)| read_one(&folder, id.as_deref());
    named.chain(configured).filter_map(|pack| usable(pack).ok()?.ok()).collect()
}

/// Reads the pack in a folder. The outer error means that the folder cannot be read, the inner one
/// that the pack is invalid.
fn read_one(folder: &Path, id: Option<&str>) -> Result<Result<Pack, PackError>, IoError> {
    let files = pack_folder::read(folder)?;
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let with_name = |error: PackError| match id {
        // A pack without an id is identified by its folder.
        None if error.pack == "?" => PackError { pack: folder.display().to_string(), ..error },
        _ => error,
    };
    let usable = |pack: Pack| match pack_check::blocking_flaws(&pack).into_iter().next() {
        Some(flaw) => Err(pack.error(flaw)),
        None => Ok(pack),
    };
    Ok(Pack::read(id, &files).map_err(with_name).and_then(usable))
}

/// Returns the error for an id that another pack already has.
fn duplicate_id_error(id: &str) -> PackError {
    let message = format!("another pack is called `{id}` already");
    PackError { pack: id.to_owned(), flaw: Flaw::error("bad-id", "provider.toml", "/id", message) }
}

/// Returns the reason of a read error, without its path.
fn read_error_reason(error: &IoError) -> String {
    match error {
        IoError::Read { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}
