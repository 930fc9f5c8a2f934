//! Durability: a delivery answered with 200 is on disk, even after a kill or on a full disk.

#[cfg(unix)]
mod rotation;
#[cfg(unix)]
mod signals;

use crate::support::{
    Endpoint, Leadhook, PATIENCE, Running, amount, captures, eventually, skipped,
};
use crate::wire::{connect, exchange, genuine, post, read_reply};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Starts a listener that accepts everything and saves it there.
fn saving_to(store: &Path) -> Running {
    let store = store.display().to_string();
    leadhook!("listen :0 --format json --save {}", store).start()
}

/// Returns the saved bodies, read without the code under test.
fn on_disk(store: &Path) -> BTreeSet<String> {
    let mut files = if store.is_dir() { captures(store) } else { vec![store.to_owned()] };
    // A temporary file was not completed.
    files.retain(|file| !file.file_name().unwrap().as_encoded_bytes().starts_with(b"."));
    let contents = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect::<Vec<_>>();
    let complete = contents.iter().flat_map(|text| {
        // Bytes after the last newline were not completed.
        text.split_inclusive('\n').filter(|line| line.ends_with('\n'))
    });
    let body = |line: &str| {
        let capture: Value = serde_json::from_str(line).unwrap();
        capture["body"].as_str().unwrap().to_owned()
    };
    complete.map(body).collect()
}

/// Delivers until the listener stops, and returns every body that was answered with 200.
fn deliver(address: SocketAddr, name: &str, answered: &AtomicUsize) -> Vec<String> {
    let mut bodies = Vec::new();
    let mut stream = connect(address);
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    for number in 0.. {
        let body = format!("{{\"body\":\"{name}-{number}\"}}");
        if stream.write_all(&post(&[], body.as_bytes())).is_err() {
            break;
        }
        match read_reply(&mut reader) {
            Some(reply) if reply.status == 200 => {
                bodies.push(body);
                answered.fetch_add(1, Ordering::Relaxed);
            }
            Some(_) | None => break,
        }
    }
    bodies
}

#[test]
fn a_listener_killed_under_load_loses_nothing_it_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let mut all = [BTreeSet::new(), BTreeSet::new()];
    for round in 0..amount(6, 40) {
        let kind = round % 2;
        let store = dir.path().join(["caps", "caps.jsonl"][kind]);
        let listener = saving_to(&store);
        let (address, answered) = (listener.address(), AtomicUsize::new(0));
        // Different in each round, identical in each run.
        let enough = 1 + round * 7 % 40;
        let bodies = std::thread::scope(|scope| {
            let answered = &answered;
            let senders: Vec<_> = (0..4)
                .map(|sender| {
                    scope.spawn(move || deliver(address, &format!("{round}-{sender}"), answered))
                })
                .collect();
            let end = Instant::now() + PATIENCE;
            while answered.load(Ordering::Relaxed) < enough && Instant::now() < end {
                std::thread::yield_now();
            }
            listener.signal("KILL");
            senders.into_iter().flat_map(|sender| sender.join().unwrap()).collect::<Vec<_>>()
        });
        assert!(bodies.len() >= enough, "round {round}");
        all[kind].extend(bodies);
        let saved = on_disk(&store);
        let lost: Vec<_> = all[kind].difference(&saved).collect();
        assert!(lost.is_empty(), "round {round}, {}: {lost:?}", store.display());
    }
}

/// A small file system, unmounted on drop.
struct Disk(PathBuf);

impl Disk {
    /// Returns `None` if this user may not mount.
    fn mount(at: &Path) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs"])
            .arg(at)
            .stderr(std::process::Stdio::null())
            .status();
        mount.is_ok_and(|status| status.success()).then(|| Self(at.to_owned()))
    }

    fn remount(&self, option: &str) -> bool {
        let option = format!("remount,{option}");
        Command::new("mount").args(["-o", &option]).arg(&self.0).status().unwrap().success()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // A listener that is being killed may still use it.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn status(address: SocketAddr, body: &str) -> u16 {
    exchange(address, &post(&[], body.as_bytes())).unwrap().status
}

#[test]
fn a_full_or_read_only_disk_is_503_and_the_listener_recovers() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("disk");
    let Some(disk) = Disk::mount(&at) else {
        return skipped("a_full_or_read_only_disk", "this user may not mount a file system");
    };
    for name in ["caps", "caps.jsonl"] {
        let store = at.join(name);
        let listener = saving_to(&store);
        let address = listener.address();
        assert_eq!(status(address, "\"before\""), 200, "{name}");
        let get = |path: &str| {
            let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            exchange(address, request.as_bytes()).unwrap().status
        };
        assert_eq!(get("/readyz"), 200, "{name}");
        fs::write(at.join("ballast"), vec![0; 1 << 20]).unwrap_err();
        assert_eq!(status(address, &format!("\"{}\"", "x".repeat(8192))), 503, "{name}");
        assert_eq!((get("/healthz"), get("/readyz")), (200, 503), "{name}");
        assert_eq!(on_disk(&store), BTreeSet::from(["\"before\"".to_owned()]), "{name}");
        fs::remove_file(at.join("ballast")).unwrap();
        // If readiness controls the traffic, no delivery arrives earlier.
        eventually("ready", || (get("/readyz") == 200).then_some(()));
        assert_eq!(status(address, "\"after\""), 200, "{name}");
        assert_eq!(get("/readyz"), 200, "{name}");
        assert_eq!(on_disk(&store).len(), 2, "{name}");
        if disk.remount("ro") {
            assert_eq!(status(address, "\"read-only\""), 503, "{name}");
            assert!(disk.remount("rw"));
            assert_eq!(status(address, "\"again\""), 200, "{name}");
        }
        listener.signal("TERM");
        let (exit, _, stderr) = listener.wait();
        assert_eq!(exit, 143, "{name}: {stderr}");
        assert!(stderr.contains("could not be saved, and its sender got 503"), "{name}: {stderr}");
    }
}

/// Starts a listener that prints JSON with these arguments and forwards to the target.
fn with(names: &[&str]) -> (Running, Endpoint) {
    let app = Endpoint::new(&[202]);
    let target = app.target();
    let mut args = vec!["listen", ":0", "--secret", "s3cret", "--format", "json"];
    for name in names {
        args.extend(match *name {
            "save" => ["--save", "caps"],
            "forward" => ["--forward", &target],
            "respond" => ["--respond", "503,200"],
            other => panic!("{other}"),
        });
    }
    (Leadhook::new(&args).start(), app)
}

#[test]
fn saving_forwarding_printing_and_responding_are_independent() {
    let all = ["save", "forward", "respond"];
    let request = genuine("created", &["--seed", "7"]);
    let body = &request[request.len() - 20..];
    for wanted in 0..8_u32 {
        let names: Vec<_> =
            (0..3).filter(|bit| wanted >> bit & 1 == 1).map(|bit| all[bit]).collect();
        let has = |name: &str| names.contains(&name);
        let (mut listener, app) = with(&names);
        let status = exchange(listener.address(), &request).unwrap().status;
        let expected = match () {
            () if has("respond") => 503,
            () if has("forward") => 202,
            () => 200,
        };
        assert_eq!(status, expected, "{names:?}");
        let printed = listener.next();
        assert_eq!(printed["response"]["status"], expected, "{names:?}");
        assert_eq!(printed["signature"]["status"], "valid", "{names:?}");
        assert_eq!(printed["saved"].is_string(), has("save"), "{names:?}");
        assert_eq!(printed["forward"]["status"] == 202, has("forward"), "{names:?}");
        let arrived = app.arrived();
        assert_eq!(arrived.len(), usize::from(has("forward")), "{names:?}");
        assert!(arrived.iter().all(|arrived| arrived.body.ends_with(body)), "{names:?}");
        if has("save") {
            let saved = on_disk(&listener.dir().join("caps"));
            assert!(saved.iter().all(|saved| saved.as_bytes().ends_with(body)), "{names:?}");
            assert_eq!(saved.len(), 1, "{names:?}");
        }
        // The second response of a script, of a target, and of the listener itself.
        let second = exchange(listener.address(), &request).unwrap().status;
        assert_eq!(second, if has("respond") { 200 } else { expected }, "{names:?}");
    }
}
