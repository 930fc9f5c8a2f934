//! Tests of replacing files, writing in place and detecting unwritable paths.

use super::*;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::Command;

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn standard_output_is_recognized_by_its_path() {
    let own = format!("/proc/{}/fd/1", std::process::id());
    for (name, is_standard) in [
        ("/dev/fd/1", true),
        ("/proc/self/fd/2", true),
        (&*own, true),
        ("/dev/fd/3", false),
        ("/proc/1/fd/1", false),
        ("/tmp/1", false),
    ] {
        assert_eq!(system::standard_stream(Path::new(name)).is_some(), is_standard, "{name}");
    }
}

#[test]
fn a_regular_file_is_replaced_and_keeps_its_permissions() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report.xml");
    fs::write(&path, "existing").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let existing = fs::metadata(&path).unwrap();
    let reading = File::open(&path).unwrap();
    let file = OutputFile::create("report", &path).unwrap();
    assert_eq!(text(&path), "existing", "until the new content is written");
    file.write(b"new").unwrap();
    assert_eq!(text(&path), "new");
    let found = fs::metadata(&path).unwrap();
    assert_eq!((found.mode() & 0o777, found.uid()), (0o640, existing.uid()));
    assert_ne!(found.ino(), existing.ino());
    // An open reader of the existing file still reads all of it.
    assert_eq!(io::read_to_string(reading).unwrap(), "existing");
    assert_eq!(names(dir.path()), ["report.xml"]);
}

#[test]
fn an_output_file_without_content_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (old, new) = (dir.path().join("old"), dir.path().join("new"));
    fs::write(&old, "existing").unwrap();
    drop(OutputFile::create("report", &old).unwrap());
    drop(OutputFile::create("report", &new).unwrap());
    assert_eq!(names(dir.path()), ["old"]);
    assert_eq!(text(&old), "existing");
}

#[test]
fn a_link_is_kept_and_its_target_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("folder/report"), "existing").unwrap();
    symlink("folder/report", at("link")).unwrap();
    symlink(at("link"), at("link-to-link")).unwrap();
    symlink("folder/later", at("dangling")).unwrap();
    symlink("folder", at("other-name")).unwrap();
    write("report", &at("link-to-link"), b"new").unwrap();
    assert_eq!(text(&at("folder/report")), "new");
    write("report", &at("dangling"), b"created").unwrap();
    assert_eq!(text(&at("folder/later")), "created");
    write("report", &at("other-name/third"), b"3").unwrap();
    for link in ["link", "link-to-link", "dangling", "other-name"] {
        assert!(fs::symlink_metadata(at(link)).unwrap().file_type().is_symlink(), "{link}");
    }
    assert_eq!(names(&at("folder")), ["later", "report", "third"]);
    symlink("loop", at("loop")).unwrap();
    assert!(write("report", &at("loop"), b"").is_err());
}

#[test]
fn devices_pipes_and_descriptors_are_written_and_not_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    symlink("/dev/null", at("null")).unwrap();
    write("report", &at("null"), b"gone").unwrap();
    write("report", Path::new("/dev/null"), b"gone").unwrap();
    assert!(fs::symlink_metadata(at("null")).unwrap().file_type().is_symlink());
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    let pipe = at("pipe");
    let reader = std::thread::spawn(move || text(&pipe));
    write("report", &at("pipe"), b"through").unwrap();
    assert_eq!(reader.join().unwrap(), "through");
    assert!(!fs::metadata(at("pipe")).unwrap().is_file());
    // An open file at the path of its descriptor: the report is appended.
    fs::write(at("open"), "before ").unwrap();
    let open = OpenOptions::new().append(true).open(at("open")).unwrap();
    let descriptor = std::os::fd::AsRawFd::as_raw_fd(&open);
    let inode = open.metadata().unwrap().ino();
    write("report", Path::new(&format!("/dev/fd/{descriptor}")), b"after").unwrap();
    assert_eq!(text(&at("open")), "before after");
    assert_eq!(fs::metadata(at("open")).unwrap().ino(), inode);
    assert_eq!(names(dir.path()), ["null", "open", "pipe"]);
}

#[test]
fn an_unwritable_path_is_an_error_before_the_write() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::write(at("fixed"), "existing").unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    for (path, expected) in [
        (dir.path().to_owned(), "directory"),
        (at("no/such"), "No such file"),
        (at("fixed/x"), "Not a directory"),
        (at("socket"), "it is a socket"),
        (PathBuf::from("-"), "standard output is used for the result"),
        (PathBuf::from(format!("{}/", at("new").display())), "a folder"),
    ] {
        let error = OutputFile::create("report", &path).unwrap_err();
        let Error::Write { source, .. } = &error else { panic!("{error}") };
        assert!(source.to_string().contains(expected), "{}: {source}", path.display());
    }
    assert_eq!(names(dir.path()), ["fixed", "socket"]);
}

#[test]
fn a_file_in_a_read_only_folder_is_written_in_place() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report");
    fs::write(&path, "existing content that is longer").unwrap();
    let inode = fs::metadata(&path).unwrap().ino();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o500)).unwrap();
    // Root can write to every folder, so the file is replaced.
    let is_fixed = File::create(dir.path().join("probe")).is_err();
    write("report", &path, b"new").unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(text(&path), "new");
    assert_eq!(fs::metadata(&path).unwrap().ino() == inode, is_fixed);
}

#[test]
fn the_same_file_is_recognized_by_every_path() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("a"), "").unwrap();
    fs::hard_link(at("a"), at("hard")).unwrap();
    symlink("a", at("soft")).unwrap();
    symlink("new", at("dangling")).unwrap();
    let same = |one: &str, other: &str| {
        let create = |name: &str| OutputFile::create("report", Path::new(name)).unwrap();
        let (one, other) = (at(one), at(other));
        let created = create(one.to_str().unwrap()).is_same_file(&create(other.to_str().unwrap()));
        assert_eq!(created, leads_to_same_file(&one, &other));
        created
    };
    for (one, other) in [
        ("a", "a"),
        ("a", "folder/../a"),
        ("a", "hard"),
        ("a", "soft"),
        ("new", "folder/../new"),
        ("new", "dangling"),
    ] {
        assert!(same(one, other) && same(other, one), "{one} {other}");
    }
    assert!(!same("a", "b") && !same("new", "other") && !same("a", "folder/a"));
    let null = || OutputFile::create("report", Path::new("/dev/null")).unwrap();
    assert!(!null().is_same_file(&null()), "a device accepts several writers");
}

#[test]
fn a_pipe_without_a_reader_is_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    // Without a reader, the thread ends when the value is dropped.
    drop(write_or_wait_for_reader("ready file", &path, b"url\n".to_vec()).unwrap().unwrap());
    let pending = write_or_wait_for_reader("ready file", &path, b"url\n".to_vec()).unwrap();
    assert!(pending.is_some());
    assert_eq!(text(&path), "url\n");
    let plain = dir.path().join("plain");
    assert!(write_or_wait_for_reader("ready file", &plain, b"url\n".to_vec()).unwrap().is_none());
    assert_eq!(text(&plain), "url\n");
}
