//! Files of other programs and of other listeners: never deleted, emptied or followed.

use super::*;

/// Returns the error of opening a store.
fn open_error(path: &Path, keep: Retention) -> String {
    let Error::Write { source, .. } = Store::open(path, keep, 7).unwrap_err() else {
        panic!("{}", path.display())
    };
    source.to_string()
}

#[test]
fn an_ambiguous_last_line_is_not_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("caps.jsonl");
    let whole = capture_file::write(&capture("one")) + "\n";
    for end in 1..capture_file::CAPTURE_PREFIX.len() {
        let start = &capture_file::CAPTURE_PREFIX[..end];
        for before in ["", "{\"mine\":1}\n"] {
            let text = format!("{before}{start}");
            fs::write(&path, &text).unwrap();
            assert!(
                open_error(&path, Retention::default()).contains("name another file"),
                "{text}"
            );
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        // After a line that leadhook wrote, it is a torn capture.
        fs::write(&path, format!("{whole}{start}")).unwrap();
        drop(open(&path));
        assert_eq!(fs::read_to_string(&path).unwrap(), whole);
    }
}

#[test]
fn lines_of_another_program_are_never_trimmed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("caps.jsonl");
    let line = capture_file::write(&capture("one"));
    let text = format!("{line}\n{{\"mine\":1}}\n");
    fs::write(&path, &text).unwrap();
    let keep = Retention { captures: Some(1), bytes: None };
    let error = open_error(&path, keep);
    assert!(error.starts_with("line 2 is not a capture"), "{error}");
    save(&open(&path), "two");
    assert!(fs::read_to_string(&path).unwrap().starts_with(&text));
}

#[test]
fn a_file_that_is_only_named_like_a_capture_is_not_pruned() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let ours = [save(&store, "one"), save(&store, "two")];
    drop(store);
    let foreign = [
        "12345678XXXXXXXZ-7-abcdef.json",
        "20200101T000000Z-00000000-00000000.json",
        "20200101T000000Z-00000000-00000001.json",
    ];
    for name in foreign {
        fs::write(dir.path().join(name), "{\"mine\":1}").unwrap();
    }
    let store = open_with_limits(dir.path(), Some(1), None);
    save(&store, "three");
    drop(store);
    assert!(foreign.iter().all(|name| dir.path().join(name).exists()), "{:?}", names(dir.path()));
    assert!(ours.iter().all(|path| !path.exists()), "{:?}", names(dir.path()));
}

#[test]
fn only_the_unfinished_file_of_an_ended_listener_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    let part = dir.path().join(".20200101T000000Z-00000001-00000001.json.part");
    let mut writer = fs::File::create_new(&part).unwrap();
    writer.lock().unwrap();
    writer.write_all(capture_file::CAPTURE_PREFIX.as_bytes()).unwrap();
    drop(open(dir.path()));
    assert!(part.exists(), "its writer still runs");
    drop(writer);
    let OpenedStore { store, notes } = Store::open(dir.path(), Retention::default(), 7).unwrap();
    drop(store);
    assert!(!part.exists() && notes[0].contains("removed 1 unfinished"), "{notes:?}");
}

#[test]
fn a_starting_listener_removes_no_capture_of_a_running_one() {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(open(dir.path()));
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let store = Arc::clone(&store);
                scope.spawn(move || {
                    for number in 0..50 {
                        save(&store, &format!("{writer}-{number}"));
                    }
                })
            })
            .collect();
        while writers.iter().any(|writer| !writer.is_finished()) {
            let OpenedStore { store, notes } =
                Store::open(dir.path(), Retention::default(), 8).unwrap();
            drop(store);
            assert_eq!(notes, [""; 0], "a file was removed");
        }
    });
    assert_eq!(names(dir.path()).len(), 200);
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_an_error_with_any_trailing_separator() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("folder");
    fs::create_dir(&folder).unwrap();
    std::os::unix::fs::symlink(&folder, dir.path().join("link")).unwrap();
    for name in ["link", "link/", "link/.", "link//", "link/./"] {
        let error = open_error(&dir.path().join(name), Retention::default());
        assert!(error.contains("symbolic link"), "{name}: {error}");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    let file = dir.path().join("caps.jsonl/");
    assert!(open_error(&file, Retention::default()).contains("remove the `/`"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_may_write_to_causes_a_warning() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let caps = dir.path().join("caps");
    fs::create_dir(&caps).unwrap();
    for (mode, is_safe) in [(0o700, true), (0o777, false)] {
        for folder in [dir.path(), &caps] {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
        }
        for name in ["caps", "caps.jsonl"] {
            let notes = Store::open(&dir.path().join(name), Retention::default(), 7).unwrap().notes;
            let warned = notes.iter().any(|note| note.contains("is not safe for captures"));
            assert_eq!(warned, !is_safe, "{name} {mode:o}: {notes:?}");
        }
    }
}
