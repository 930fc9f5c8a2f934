//! Tests of replacing files, writing in place and refusing.

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
fn a_regular_file_is_another_one_as_private_as_before() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report.xml");
    fs::write(&path, "former").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let former = fs::metadata(&path).unwrap();
    let reading = File::open(&path).unwrap();
    let file = OutputFile::create("report", &path).unwrap();
    assert_eq!(text(&path), "former", "until there is another");
    file.write(b"new").unwrap();
    assert_eq!(text(&path), "new");
    let found = fs::metadata(&path).unwrap();
    assert_eq!((found.mode() & 0o777, found.uid()), (0o640, former.uid()));
    assert_ne!(found.ino(), former.ino());
    // An open reader of the former file still reads all of it.
    assert_eq!(io::read_to_string(reading).unwrap(), "former");
    assert_eq!(names(dir.path()), ["report.xml"]);
}

#[test]
fn a_file_that_is_not_written_leaves_everything_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let (old, new) = (dir.path().join("old"), dir.path().join("new"));
    fs::write(&old, "former").unwrap();
    drop(OutputFile::create("report", &old).unwrap());
    drop(OutputFile::create("report", &new).unwrap());
    assert_eq!(names(dir.path()), ["old"]);
    assert_eq!(text(&old), "former");
}

#[test]
fn a_link_is_kept_and_its_target_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("folder/report"), "former").unwrap();
    symlink("folder/report", at("link")).unwrap();
    symlink(at("link"), at("link-to-link")).unwrap();
    symlink("folder/later", at("dangling")).unwrap();
    symlink("folder", at("other-name")).unwrap();
    write("report", &at("link-to-link"), b"new").unwrap();
    assert_eq!(text(&at("folder/report")), "new");
    write("report", &at("dangling"), b"made").unwrap();
    assert_eq!(text(&at("folder/later")), "made");
    write("report", &at("other-name/third"), b"3").unwrap();
    for link in ["link", "link-to-link", "dangling", "other-name"] {
        assert!(fs::symlink_metadata(at(link)).unwrap().file_type().is_symlink(), "{link}");
    }
    assert_eq!(names(&at("folder")), ["later", "report", "third"]);
    symlink("loop", at("loop")).unwrap();
    assert!(write("report", &at("loop"), b"").is_err());
}

#[test]
fn a_device_a_pipe_and_a_descriptor_are_written_and_keep_their_names() {
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
fn an_unwritable_path_is_an_error_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::write(at("fixed"), "former").unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    for (path, said) in [
        (dir.path().to_owned(), "directory"),
        (at("no/such"), "No such file"),
        (at("fixed/x"), "Not a directory"),
        (at("socket"), "it is a socket"),
        (PathBuf::from("-"), "standard output is used for the result"),
        (PathBuf::from(format!("{}/", at("new").display())), "a folder"),
    ] {
        let error = OutputFile::create("report", &path).unwrap_err();
        let Error::Write { source, .. } = &error else { panic!("{error}") };
        assert!(source.to_string().contains(said), "{}: {source}", path.display());
    }
    assert_eq!(names(dir.path()), ["fixed", "socket"]);
}

#[test]
fn a_file_in_a_read_only_folder_is_written_in_place() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report");
    fs::write(&path, "a former one that is longer").unwrap();
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
fn one_file_is_recognized_by_every_path() {
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
    assert!(!null().is_same_file(&null()), "a device takes any number");
}

#[test]
fn content_is_offered_to_the_reader_of_a_pipe_without_waiting() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    // Without a reader, the offer ends when it is dropped.
    drop(offer("ready file", &path, b"url\n".to_vec()).unwrap().unwrap());
    let offered = offer("ready file", &path, b"url\n".to_vec()).unwrap();
    assert!(offered.is_some());
    assert_eq!(text(&path), "url\n");
    let plain = dir.path().join("plain");
    assert!(offer("ready file", &plain, b"url\n".to_vec()).unwrap().is_none());
    assert_eq!(text(&plain), "url\n");
}
