//! Checks of the packs: the built-in ones, and those of the user.

use super::check_result::CheckResult;
use crate::commands::packs;
use crate::commands::settings::{SettingOrigin, Settings};
use crate::error::Error;
use crate::io::pack_folder;
use crate::output::printer::Printer;
use crate::providers::Packs;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The packs that can be used, with the origins of those from configuration files.
pub(super) type UsablePacks = (Packs, BTreeMap<String, SettingOrigin>);

/// Reads the packs of `--pack` and of the configuration files, and checks each of them. The notes
/// of reading them are printed to `printer`.
pub(super) fn read(
    folders: &[PathBuf],
    settings: &Settings,
    printer: &mut Printer,
) -> Result<(UsablePacks, Vec<CheckResult>), Error> {
    let mut results = Vec::new();
    let mut readable = Vec::new();
    for folder in folders {
        match pack_folder::read(folder) {
            Ok(_) => readable.push(folder.clone()),
            Err(error) => results.push(CheckResult::failed("packs", &error.into())),
        }
    }
    let (packs, origins) = packs::read(&readable, settings, true, printer)?;
    let builtin = Packs::builtin()?;
    let ids: Vec<_> = builtin.iter().map(|pack| pack.provider.id.as_str()).collect();
    results.push(CheckResult::ok("packs", format!("built in: {}", ids.join(", "))));
    for pack in packs.iter() {
        let id = &pack.provider.id;
        if ids.contains(&id.as_str()) {
            continue;
        }
        let origin = origins.get(id).map_or_else(|| "--pack".to_owned(), ToString::to_string);
        let count = pack.provider.events.len();
        let events = if count == 1 { "event" } else { "events" };
        let message = format!("{id}, with {count} {events}, from {origin}");
        results.push(CheckResult::ok("packs", message).about(id));
    }
    for error in packs.broken() {
        let failed = CheckResult::failed("packs", &Error::from(error.clone()));
        results.push(failed.about(&error.pack));
    }
    Ok(((packs, origins), results))
}
