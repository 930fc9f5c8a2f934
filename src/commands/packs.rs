//! The packs of one run: the built-in ones, and those of the user's own.

use crate::commands::settings::{SettingOrigin, Settings};
use crate::commands::trust::tell_origin;
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

/// Reads every pack, and returns with them where those of configuration files are named.
///
/// A broken pack of `--pack` is an error unless the command `mends` packs; one of the configuration
/// is left out, and whoever asks for it is told why.
pub(super) fn read(
    folders: &[PathBuf],
    settings: &Settings,
    mends: bool,
    printer: &mut Printer,
) -> Result<(Packs, BTreeMap<String, SettingOrigin>), Error> {
    let builtin = Packs::builtin()?;
    let mut own: Vec<Pack> = Vec::new();
    let mut broken = Vec::new();
    let mut origins = BTreeMap::new();
    for folder in folders {
        let read = read_one(folder, None)?.and_then(|pack| {
            let id = &pack.provider.id;
            let is_taken =
                builtin.find(id).is_ok() || own.iter().any(|other| other.provider.id == *id);
            if is_taken { Err(taken(id)) } else { Ok(pack) }
        });
        match read {
            Ok(pack) => own.push(pack),
            Err(error) if mends => {
                printer.note(&format!("{error}; it is left out (--pack)"));
                broken.push(error);
            }
            Err(error) => return Err(error.into()),
        }
    }
    for (id, place) in settings.packs() {
        // The option is nearer than the file.
        if own.iter().any(|pack| pack.provider.id == id) {
            continue;
        }
        let read = match builtin.find(&id) {
            Ok(_) => Err(taken(&id)),
            Err(_) => read_one(&place.path(), Some(&id)).unwrap_or_else(|error| {
                let message = format!("it cannot be read: {}", reason(&error));
                let flaw = Flaw::error("unreadable", place.text.clone(), "", message);
                Err(PackError { pack: id.clone(), flaw })
            }),
        };
        match read {
            Ok(pack) => {
                // A command that reports on packs names their origin in its report.
                if !mends {
                    tell_origin(printer, settings, &format!("pack {id}"), &place.origin);
                }
                origins.insert(id, place.origin);
                own.push(pack);
            }
            Err(error) => {
                printer.note(&format!("{error}; it is left out ({})", place.origin));
                broken.push(error);
            }
        }
    }
    let is_builtin = own.is_empty() && broken.is_empty();
    Ok((if is_builtin { builtin } else { builtin.with(own, broken) }, origins))
}

/// The pack of a folder, or why it is none; an error where the folder cannot be read.
fn read_one(folder: &Path, id: Option<&str>) -> Result<Result<Pack, PackError>, IoError> {
    let files = pack_folder::read(folder)?;
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let named = |error: PackError| match id {
        // Without an id of its own the folder is what tells it from others.
        None if error.pack == "?" => PackError { pack: folder.display().to_string(), ..error },
        _ => error,
    };
    Ok(Pack::read(id, &files).map_err(named).and_then(|pack| {
        let first = pack_check::broken(&pack).into_iter().next();
        match first {
            Some(flaw) => Err(PackError { pack: pack.provider.id.clone(), flaw }),
            None => Ok(pack),
        }
    }))
}

fn taken(id: &str) -> PackError {
    let message = format!("another pack is called `{id}` already");
    PackError { pack: id.to_owned(), flaw: Flaw::error("bad-id", "provider.toml", "/id", message) }
}

/// Returns why something could not be read, without its path.
fn reason(error: &IoError) -> String {
    match error {
        IoError::Read { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}
