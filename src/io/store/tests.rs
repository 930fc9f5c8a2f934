//! Tests of the store in temporary folders and files.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod foreign;
mod names;

use super::*;
use crate::domain::message::{Headers, Message};
use crate::protocols::requests;
use std::fs;
use std::io::Write;

fn capture(body: &str) -> Capture {
    let message =
        Message::post("/../../etc/passwd", Headers::from_iter([("Id", "../x")]), body.to_owned());
    Capture::new(Some(Timestamp::UNIX_EPOCH), None, message)
}

fn open(path: &Path) -> Store {
    Store::open(path, Retention::default(), 7).unwrap().store
}

fn open_with_limits(path: &Path, captures: Option<u64>, bytes: Option<u64>) -> Store {
    Store::open(path, Retention { captures, bytes }, 7).unwrap().store
}

/// Runs a future to completion.
fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

fn save(store: &Store, body: &str) -> PathBuf {
    run(store.save(&capture(body))).unwrap().path
}

fn bodies(path: &Path) -> Vec<String> {
    let read = requests::read(&fs::read(path).unwrap()).unwrap();
    let body = |found: requests::FoundRequest| {
        String::from_utf8(found.capture.message.body.into()).unwrap()
    };
    read.into_iter().map(|found| body(found.unwrap())).collect()
}

/// Returns the names in a folder, without hidden files.
fn names(folder: &Path) -> Vec<String> {
    let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(name).collect();
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    names
}

#[test]
fn a_folder_gets_one_private_file_per_request() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("a/caps");
    let store = open(&folder);
    let path = save(&store, "one");
    let name = path.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("19700101T000000Z-00000001-"), "{name}");
    assert_eq!(path.extension().unwrap(), "json");
    assert_eq!(bodies(&path), ["one"]);
    assert_ne!(save(&store, "two"), path);
    let all = fs::read_dir(&folder).unwrap().count();
    assert_eq!(all, 3, "two captures and a `.gitignore`, and no `.part` is left");
    assert_eq!(fs::read(folder.join(".gitignore")).unwrap(), b"*\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

#[test]
fn a_folder_continues_its_numbers_and_never_overwrites_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let first = save(&open(dir.path()), "one");
    // Two listeners that start at the same time use the same numbers; the hashes differ.
    let (left, right) = (open(dir.path()), open(dir.path()));
    let names = [first, save(&left, "two"), save(&right, "three")];
    let numbers = names.each_ref().map(|path| {
        path.file_name().unwrap().to_str().unwrap().split('-').nth(1).unwrap().to_owned()
    });
    assert_eq!(numbers, ["00000001", "00000002", "00000002"]);
    let same = run(right.save(&capture("three")));
    assert_eq!(bodies(&same.unwrap().path), ["three"], "the next number");
    let taken = Store::open(dir.path(), Retention::default(), 7).unwrap().store;
    drop(taken);
}

#[test]
fn unfinished_captures_are_removed_and_foreign_files_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let part = dir.path().join(".19700101T000000Z-00000001-00000007.json.part");
    // Its name has that form, but leadhook did not write its content.
    let foreign = dir.path().join(".19700101T000000Z-00000002-00000007.json.part");
    for path in [&foreign, &dir.path().join(".mine.part"), &dir.path().join("mine.json")] {
        fs::write(path, "x").unwrap();
    }
    fs::write(&part, capture_file::CAPTURE_PREFIX).unwrap();
    let OpenedStore { store, notes } = Store::open(dir.path(), Retention::default(), 7).unwrap();
    assert!(notes[0].contains("removed 1 unfinished"), "{notes:?}");
    drop(store);
    let store = open_with_limits(dir.path(), Some(1), None);
    save(&store, "one");
    save(&store, "two");
    drop(store);
    assert!(!part.exists() && foreign.exists() && dir.path().join(".mine.part").exists());
    assert_eq!(names(dir.path()).len(), 2, "{:?}", names(dir.path()));
    assert!(dir.path().join("mine.json").exists());
}

#[test]
fn the_oldest_files_are_deleted_over_a_limit() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let all: Vec<_> = (0..5).map(|number| save(&store, &number.to_string())).collect();
    drop(store);
    let store = open_with_limits(dir.path(), Some(3), None);
    let newest = save(&store, "5");
    drop(store);
    let left: Vec<_> = names(dir.path()).iter().map(|name| dir.path().join(name)).collect();
    assert_eq!(left, [all[3].clone(), all[4].clone(), newest]);
    let size = fs::metadata(&left[0]).unwrap().len();
    let store = open_with_limits(dir.path(), None, Some(2 * size));
    save(&store, "6");
    save(&store, "a body that is longer than the others");
    let status = Arc::clone(&store.status);
    drop(store);
    assert_eq!(status.pruned.load(Ordering::Relaxed), 2 + 2);
    assert_eq!(names(dir.path()).len(), 1, "the newest stays, however large");
}

#[test]
fn concurrent_lines_are_complete_and_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("caps.jsonl");
    let store = Arc::new(open(&path));
    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let store = Arc::clone(&store);
            std::thread::spawn(move || {
                (0..20).for_each(|number| drop(save(&store, &format!("{thread}-{number:02}"))));
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let found = bodies(&path);
    assert_eq!(found.len(), 160);
    for thread in 0..8 {
        let prefix = format!("{thread}-");
        let own: Vec<_> = found.iter().filter(|body| body.starts_with(&prefix)).collect();
        assert!(own.is_sorted() && own.len() == 20, "{own:?}");
    }
}

#[test]
fn the_oldest_lines_are_trimmed_and_the_kept_ones_are_complete() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("caps.jsonl");
    let store = open(&path);
    (0..5).for_each(|number| drop(save(&store, &number.to_string())));
    drop(store);
    let mut lines = fs::read(&path).unwrap();
    for _ in 0..8 {
        lines.extend_from_within(..);
    }
    fs::write(&path, &lines).unwrap();
    let store = open_with_limits(&path, Some(10), None);
    save(&store, "last");
    save(&store, "after");
    drop(store);
    assert_eq!(bodies(&path), ["1", "2", "3", "4", "0", "1", "2", "3", "4", "last", "after"]);
    let size = fs::metadata(&path).unwrap().len();
    let store = open_with_limits(&path, None, Some(size / 2));
    save(&store, "end");
    drop(store);
    assert!(fs::metadata(&path).unwrap().len() <= size / 2);
    assert_eq!(bodies(&path).last().unwrap(), "end");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_crash_at_any_byte_leaves_every_complete_line() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("caps.jsonl");
    let store = open(&path);
    save(&store, "one");
    save(&store, "two");
    drop(store);
    let whole = fs::read(&path).unwrap();
    let first = whole.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    for cut in first..whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        let OpenedStore { store, notes } = Store::open(&path, Retention::default(), 7).unwrap();
        drop(store);
        // Only the newline of the second line is missing.
        let second = cut == whole.len() - 1;
        assert_eq!(bodies(&path), if second { vec!["one", "two"] } else { vec!["one"] }, "{cut}");
        assert_eq!(notes.len(), usize::from(cut > first), "{cut}");
    }
}

#[test]
fn a_complete_last_line_and_a_foreign_last_line_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("caps.jsonl");
    fs::write(&path, capture_file::write(&capture("one"))).unwrap();
    let notes = Store::open(&path, Retention::default(), 7).unwrap().notes;
    assert!(notes.iter().any(|note| note.contains("without a newline")), "{notes:?}");
    #[cfg(unix)]
    assert!(notes[0].contains("can be read by"), "{notes:?}");
    assert_eq!(bodies(&path), ["one"]);
    fs::write(&path, "{\"keep\":\"me\"}").unwrap();
    assert!(Store::open(&path, Retention::default(), 7).is_err());
    assert_eq!(fs::read(&path).unwrap(), b"{\"keep\":\"me\"}");
}

#[test]
fn a_second_listener_does_not_write_into_the_same_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("caps.jsonl");
    let _first = open(&path);
    let error = Store::open(&path, Retention::default(), 7).unwrap_err();
    let Error::Write { source, .. } = error else { panic!("{error}") };
    assert!(source.to_string().contains("another listener"), "{source}");
}

#[cfg(unix)]
#[test]
fn symbolic_links_and_folders_named_jsonl_are_errors() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().unwrap();
    let (folder, file) = (dir.path().join("folder"), dir.path().join("file.jsonl"));
    fs::create_dir(&folder).unwrap();
    fs::write(&file, "").unwrap();
    symlink(&folder, dir.path().join("to-folder")).unwrap();
    symlink(&file, dir.path().join("to-file.jsonl")).unwrap();
    fs::create_dir(dir.path().join("folder.jsonl")).unwrap();
    let invalid = ["to-folder", "to-file.jsonl", "folder.jsonl", "file.jsonl/below"];
    for name in invalid {
        assert!(Store::open(&dir.path().join(name), Retention::default(), 7).is_err(), "{name}");
    }
}

#[test]
fn a_failed_write_leaves_the_file_as_it_was_and_the_next_one_works() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("caps.jsonl");
    let mut file = JsonlFile::open(&path, Retention::default(), 7, &mut Vec::new()).unwrap();
    let entry = |text: &str| StoreEntry {
        line: format!("{text}\n").into_bytes(),
        received_at: Timestamp::UNIX_EPOCH,
        hash: 0,
    };
    let write = |file: &mut JsonlFile, texts: &[&str]| {
        file.write(&texts.iter().copied().map(entry).collect::<Vec<_>>(), &mut Vec::new())
    };
    assert!(write(&mut file, &["one"])[0].is_ok());
    // A file that is open for reading only simulates a disk that accepts nothing.
    let reader = fs::File::open(&path).unwrap();
    let whole = std::mem::replace(&mut file.open.as_mut().unwrap().file, reader);
    assert!(write(&mut file, &["two", "three"]).iter().all(Result::is_err));
    file.open.as_mut().unwrap().file = whole;
    // The bytes that a disk accepted before it was full.
    file.open.as_mut().unwrap().file.write_all(b"tw").unwrap();
    assert!(write(&mut file, &["four"])[0].is_ok());
    assert_eq!(fs::read(&path).unwrap(), b"one\nfour\n");
}

#[test]
fn queued_captures_are_written_before_a_store_is_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("caps.jsonl");
    let store = open(&path);
    // Polled once and never again, as if the sender had disconnected.
    run(async {
        let capture = capture("one");
        let mut saving = std::pin::pin!(store.save(&capture));
        let once = std::future::poll_fn(|cx| {
            let _ = saving.as_mut().poll(cx);
            std::task::Poll::Ready(())
        });
        once.await;
    });
    drop(store);
    assert_eq!(bodies(&path), ["one"]);
}
