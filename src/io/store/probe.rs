//! Write probe: checks that the disk accepts data before a delivery depends on it.

use crate::io::private_file::create_new;
use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::{fs, io};

/// The number of bytes to write: larger than nearly every capture.
const PROBE_SIZE: usize = 16 << 10;

/// Writes to a new file and syncs it. The caller removes the file.
pub(super) fn write_probe(mut file: &File) -> io::Result<()> {
    file.write_all(&[b' '; PROBE_SIZE])?;
    file.sync_data()
}

/// Fails if the file system of `path` is full, which is checked with a new file in the same folder.
///
/// If the folder accepts no new file, the check passes: the existing file may still be writable.
pub(super) fn check_disk_space(path: &Path, random: u64) -> io::Result<()> {
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
