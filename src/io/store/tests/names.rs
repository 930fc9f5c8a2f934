//! Tests of files and folders that lose their path while they are open.

use super::*;
use std::time::Instant;

/// The maximum time to wait for the writer.
const TEST_TIMEOUT: Duration = Duration::from_secs(60);

/// Returns the error of saving a capture.
fn save_error(store: &Store, body: &str) -> String {
    run(store.save(&capture(body))).unwrap_err().to_string()
}

fn wait_until_writable(store: &Store) {
    let end = Instant::now() + TEST_TIMEOUT;
    while !store.is_writable() {
        assert!(Instant::now() < end, "the store did not become writable");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_file_that_lost_its_path_is_reopened_with_a_note() {
    type Change = fn(&Path);
    let changes: [(&str, Change, &[&str]); 5] = [
        ("moved", |path| fs::rename(path, path.with_extension("1")).unwrap(), &["two"]),
        ("removed", |path| fs::remove_file(path).unwrap(), &["two"]),
        (
            "replaced",
            |path| {
                let other = path.with_extension("other");
                fs::write(&other, capture_file::write(&capture("other")) + "\n").unwrap();
                fs::rename(&other, path).unwrap();
            },
            &["other", "two"],
        ),
        ("emptied", |path| fs::write(path, "").unwrap(), &["two"]),
        (
            "added to",
            |path| {
                let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
                file.write_all(capture_file::CAPTURE_PREFIX.as_bytes()).unwrap();
            },
            &["one", "two"],
        ),
    ];
    for (case, change, expected) in changes {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("caps.jsonl");
        let store = open(&path);
        save(&store, "one");
        assert_eq!(store.take_notes(), [""; 0], "{case}");
        change(&path);
        assert_eq!(save(&store, "two"), path, "{case}");
        assert_eq!(bodies(&path), expected, "{case}");
        let notes = store.take_notes();
        assert!(notes.iter().any(|note| note.contains("reopened")), "{case}: {notes:?}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            assert!(mode == 0o600 || case == "replaced", "{case}: {mode:o}");
        }
    }
}

#[test]
fn a_folder_that_lost_its_path_is_recreated_with_a_note() {
    for is_moved in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("caps");
        let store = open(&folder);
        save(&store, "one");
        if is_moved {
            fs::rename(&folder, dir.path().join("old")).unwrap();
        } else {
            fs::remove_dir_all(&folder).unwrap();
        }
        let path = save(&store, "two");
        assert_eq!(path.parent(), Some(folder.as_path()));
        assert_eq!(names(&folder).len(), 1);
        assert!(folder.join(".gitignore").exists());
        assert!(store.take_notes()[0].contains("reopened"));
    }
}

/// Returns an entry with a capture of this body.
fn entry(body: &str) -> StoreEntry {
    let line = (capture_file::write(&capture(body)) + "\n").into_bytes();
    StoreEntry { line, received_at: Timestamp::UNIX_EPOCH, hash: 0 }
}

#[test]
fn a_path_lost_during_a_write_loses_no_acknowledged_capture() {
    let entries = [entry("two"), entry("three")];
    let is_moved = |path: &Path| fs::rename(path, path.with_extension("1"));
    let is_removed = |path: &Path| fs::remove_file(path).or_else(|_| fs::remove_dir_all(path));
    for lose in [&is_moved as &dyn Fn(&Path) -> io::Result<()>, &is_removed] {
        let dir = tempfile::tempdir().unwrap();
        let (path, folder) = (dir.path().join("caps.jsonl"), dir.path().join("folder"));
        let mut notes = Vec::new();
        let mut file = JsonlFile::open(&path, Retention::default(), 7, &mut notes).unwrap();
        let mut times = 0;
        let done = file.write_with(&entries, &mut notes, |open, entries| {
            let done = open.write(entries);
            times += 1;
            // Only the first time: then the capture is on disk, in a file that lost its path.
            if times == 1 {
                lose(&path).unwrap();
            }
            done
        });
        assert_eq!((done.iter().filter(|done| done.is_ok()).count(), times), (2, 2));
        assert_eq!(bodies(&path), ["two", "three"]);
        let mut captures = Folder::open(&folder, Retention::default(), 7, &mut notes).unwrap();
        let mut times = 0;
        let done = captures.write_with(&entries, &mut notes, |open, named| {
            let done = open.write(named);
            times += 1;
            if times == 1 {
                lose(&folder).unwrap();
            }
            done
        });
        assert_eq!(times, 2);
        for (done, body) in done.into_iter().zip(["two", "three"]) {
            assert_eq!(bodies(&done.unwrap()), [body]);
        }
        assert_eq!(names(&folder).len(), 2);
    }
}

#[test]
fn a_path_that_is_lost_repeatedly_fails() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("caps.jsonl");
    let mut notes = Vec::new();
    let mut file = JsonlFile::open(&path, Retention::default(), 7, &mut notes).unwrap();
    let done = file.write_with(&[entry("one")], &mut notes, |open, entries| {
        let done = open.write(entries);
        fs::remove_file(&path).unwrap();
        done
    });
    assert!(done[0].as_ref().unwrap_err().to_string().contains("keep replacing the file"));
}

#[cfg(unix)]
#[test]
fn a_path_that_cannot_be_opened_fails_until_it_can_be_opened() {
    use std::os::unix::fs::symlink;
    for name in ["caps", "caps.jsonl"] {
        let dir = tempfile::tempdir().unwrap();
        let (parent, moved) = (dir.path().join("parent"), dir.path().join("moved"));
        fs::create_dir(&parent).unwrap();
        let path = parent.join(name);
        let store = open(&path);
        save(&store, "one");
        // The parent folder, for example a disk, is missing: it is not created.
        fs::rename(&parent, &moved).unwrap();
        save_error(&store, "two");
        assert!(!store.is_writable() && !parent.exists(), "{name}");
        fs::rename(&moved, &parent).unwrap();
        wait_until_writable(&store);
        save(&store, "three");
        // A link with its name is not followed.
        let old = parent.join("old");
        fs::rename(&path, &old).unwrap();
        symlink(&old, &path).unwrap();
        assert!(save_error(&store, "four").contains("symbolic link"), "{name}");
        fs::remove_file(&path).unwrap();
        save(&store, "five");
        assert!(store.is_writable(), "{name}");
        let left = if name == "caps" { names(&old).len() } else { bodies(&old).len() };
        assert_eq!(left, 2, "{name}");
    }
}

#[test]
fn reopening_closes_the_file_and_opens_its_path() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("caps.jsonl");
    let store = open(&path);
    save(&store, "one");
    fs::rename(&path, dir.path().join("caps.1")).unwrap();
    store.reopen();
    let end = Instant::now() + TEST_TIMEOUT;
    while !path.exists() {
        assert!(Instant::now() < end, "the file was not opened");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(save(&store, "two"), path);
    assert_eq!(bodies(&path), ["two"]);
    let notes = store.take_notes();
    assert!(notes[0].contains("reopened"), "{notes:?}");
}

#[test]
fn a_trim_never_replaces_the_file_of_another_listener() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("caps.jsonl");
    let first = open_with_limits(&path, None, Some(500));
    (0..4).for_each(|number| drop(save(&first, &number.to_string())));
    fs::rename(&path, dir.path().join("caps.1")).unwrap();
    let second = open_with_limits(&path, None, Some(500));
    save(&second, "second's");
    let error = save_error(&first, "first's");
    assert!(error.contains("another listener"), "{error}");
    assert!(!first.is_writable());
    save(&second, "again");
    assert_eq!(bodies(&path), ["second's", "again"]);
    drop(second);
    wait_until_writable(&first);
    save(&first, "third");
    assert_eq!(bodies(&path).last().unwrap(), "third");
    // The dropped store finishes a trim that may be running.
    drop(first);
    let files = fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(files, 2, "the file and the moved one, and no copy");
}

#[test]
fn a_trimmed_file_stays_locked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("caps.jsonl");
    let store = open_with_limits(&path, None, Some(300));
    (0..8).for_each(|number| drop(save(&store, &number.to_string())));
    assert!(store.pruned() > 0, "it was trimmed");
    assert!(Store::open(&path, Retention::default(), 7).is_err(), "another listener");
    save(&store, "8");
    assert_eq!(bodies(&path).last().unwrap(), "8");
    assert_eq!(store.take_notes(), [""; 0]);
}
