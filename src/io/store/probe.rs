//! Probing: finds out whether something can be written before a delivery depends on it.

use crate::io::private_file::create_new;
use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::{fs, io};

/// The number of bytes to try: more than nearly every capture has.
const PROBE: usize = 16 << 10;

/// Writes to a file that is removed again, to its end on disk.
pub(super) fn write_probe(mut file: &File) -> io::Result<()> {
    file.write_all(&[b' '; PROBE])?;
    file.sync_data()
}

/// Finds out whether the file system of `path` has room, by a file beside it.
///
/// A folder that takes no new file says nothing about a file that is there already.
pub(super) fn has_room_beside(path: &Path, random: u64) -> io::Result<()> {
    let mut name = OsString::from(".");
    name.push(format!("{random:016x}.probe"));
    let probe = path.with_file_name(name);
    let file = match create_new(&probe) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::StorageFull => return Err(error),
        Err(_) => return Ok(()),
    };
    let probed = write_probe(&file);
    let _ = fs::remove_file(&probe);
    probed
}
