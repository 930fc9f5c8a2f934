//! Rotation under load: files and folders are moved, removed or used by another listener, and
//! listeners are killed. Every acknowledged delivery is found under the name, or where the file was
//! moved to.

use crate::durability::{on_disk, saving_to, status};
use crate::support::{PATIENCE, Running, amount, eventually, read_request};
use crate::wire::{post, read_reply};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, RwLock};

/// The number of senders per listener.
const SENDERS: usize = 3;

/// The number of deliveries that are acknowledged between two events.
const BETWEEN: usize = 15;

/// An event that affects the name of the store.
enum Event {
    Moved(PathBuf),
    Removed,
}

/// A delivery that was answered with 200.
#[derive(Debug)]
struct Acknowledged {
    body: String,
    /// The number of events that had ended when it was sent.
    over: usize,
    /// The number of events that had begun when its response was read.
    begun: usize,
}

/// A store, the listeners that write to it, and their senders.
struct Scene {
    store: PathBuf,
    /// The address of each listener: a restarted listener has another port.
    addresses: [Mutex<SocketAddr>; 2],
    /// Locked for reading during a delivery, for writing while none may be in flight.
    gate: RwLock<()>,
    /// The numbers of events that have begun and that have ended.
    begun: AtomicUsize,
    over: AtomicUsize,
    acknowledged: Mutex<Vec<Acknowledged>>,
    ends: AtomicBool,
}

impl Scene {
    fn new(store: PathBuf, listeners: &[Running]) -> Self {
        let address = |at: usize| Mutex::new(listeners[at.min(listeners.len() - 1)].address());
        Self {
            store,
            addresses: [address(0), address(1)],
            gate: RwLock::new(()),
            begun: AtomicUsize::new(0),
            over: AtomicUsize::new(0),
            acknowledged: Mutex::new(Vec::new()),
            ends: AtomicBool::new(false),
        }
    }

    fn address(&self, listener: usize) -> SocketAddr {
        *self.addresses[listener].lock().unwrap()
    }

    /// Delivers until the round ends, even if the listener is killed.
    fn deliver(&self, listener: usize, name: &str) {
        let mut open: Option<(SocketAddr, TcpStream, BufReader<TcpStream>)> = None;
        for number in 0.. {
            if self.ends.load(Ordering::Relaxed) {
                return;
            }
            let _passing = self.gate.read().unwrap();
            let address = self.address(listener);
            if open.as_ref().is_none_or(|(known, ..)| *known != address) {
                let Ok(stream) = TcpStream::connect(address) else {
                    std::thread::yield_now();
                    continue;
                };
                stream.set_read_timeout(Some(PATIENCE)).unwrap();
                let reader = BufReader::new(stream.try_clone().unwrap());
                open = Some((address, stream, reader));
            }
            let Some((_, stream, reader)) = &mut open else { return };
            let body = format!("\"{name}-{number}\"");
            let over = self.over.load(Ordering::SeqCst);
            // The listener may be killed at any byte of this exchange.
            let reply = stream
                .write_all(&post(&[], body.as_bytes()))
                .ok()
                .and_then(|()| read_reply(reader));
            match reply.map(|reply| reply.status) {
                Some(200) => {
                    let begun = self.begun.load(Ordering::SeqCst);
                    self.acknowledged.lock().unwrap().push(Acknowledged { body, over, begun });
                }
                Some(503) => {}
                Some(other) => panic!("{name}: answered {other}"),
                None => open = None,
            }
        }
    }

    /// Waits until more deliveries are acknowledged that were sent after this call.
    fn go_on(&self, what: &str) {
        let from = self.acknowledged.lock().unwrap().len();
        // At most one delivery per sender was sent before.
        let enough = from + BETWEEN + 2 * SENDERS;
        eventually(what, || (self.acknowledged.lock().unwrap().len() >= enough).then_some(()));
    }

    /// Moves the store away.
    fn rotate(&self, events: &mut Vec<Event>) {
        self.begun.fetch_add(1, Ordering::SeqCst);
        let moved = self.store.with_extension(format!("{}.moved", events.len()));
        fs::rename(&self.store, &moved).unwrap();
        self.over.fetch_add(1, Ordering::SeqCst);
        events.push(Event::Moved(moved));
    }

    /// Removes the store.
    fn remove(&self, events: &mut Vec<Event>) {
        self.begun.fetch_add(1, Ordering::SeqCst);
        if self.store.is_dir() {
            // Renamed first: under load, a folder that keeps its name is hardly ever empty.
            let removed = self.store.with_extension("removed");
            fs::rename(&self.store, &removed).unwrap();
            // A write in progress may still add a file.
            eventually("the folder removed", || fs::remove_dir_all(&removed).ok());
        } else {
            fs::remove_file(&self.store).unwrap();
        }
        self.over.fetch_add(1, Ordering::SeqCst);
        events.push(Event::Removed);
    }

    /// Asserts that every acknowledged delivery is saved: in the store, or where an event between
    /// sending and response, or the next one, moved it. Only a delivery that such an event removed
    /// may be missing.
    fn check(&self, events: &[Event]) -> usize {
        let found: Vec<_> = events
            .iter()
            .map(|event| match event {
                Event::Moved(path) => Some(on_disk(path)),
                Event::Removed => None,
            })
            .collect();
        let current = on_disk(&self.store);
        let acknowledged = self.acknowledged.lock().unwrap();
        let is_lost = |one: &&Acknowledged| {
            let is_there = |kept: &Option<BTreeSet<String>>| {
                kept.as_ref().is_none_or(|kept| kept.contains(&one.body))
            };
            let end = (one.begun + 1).min(found.len());
            !current.contains(&one.body) && !found[one.over..end].iter().any(is_there)
        };
        let lost: Vec<_> = acknowledged.iter().filter(is_lost).collect();
        assert!(lost.is_empty(), "{}: lost {lost:?}", self.store.display());
        acknowledged.len()
    }
}

/// Kills a listener and starts it again.
fn restart(store: &Path, listener: &mut Running) {
    listener.signal("KILL");
    // Its lock is released when it ends.
    assert_eq!(listener.ended(), -1, "killed");
    *listener = saving_to(store);
}

/// Runs one round: delivers while the store is moved and removed and its listeners are killed.
fn round(store: &Path, two: bool) -> usize {
    let is_folder = store.extension().is_none();
    let mut listeners = vec![saving_to(store)];
    if two && is_folder {
        listeners.push(saving_to(store));
    }
    let scene = Scene::new(store.to_owned(), &listeners);
    std::thread::scope(|scope| {
        for sender in 0..SENDERS * 2 {
            let scene = &scene;
            scope.spawn(move || scene.deliver(sender % 2, &format!("{sender}")));
        }
        // Even if this fails, so that the failure is reported.
        let _end = End(&scene.ends);
        let mut events = Vec::new();
        scene.go_on("the start");
        scene.rotate(&mut events);
        scene.go_on("after `mv`");
        scene.remove(&mut events);
        scene.go_on("after `rm`");
        for (slot, listener) in listeners.iter_mut().enumerate() {
            restart(store, listener);
            for address in &scene.addresses[slot..] {
                *address.lock().unwrap() = listener.address();
            }
        }
        scene.go_on("after `kill -9`");
        if two && !is_folder {
            let second = {
                let _quiet = scene.gate.write().unwrap();
                scene.rotate(&mut events);
                saving_to(store)
            };
            // From now on the first listener answers 503, and the second one 200.
            *scene.addresses[1].lock().unwrap() = second.address();
            scene.go_on("from the second listener");
            second.signal("KILL");
            *scene.addresses[1].lock().unwrap() = listeners[0].address();
            scene.go_on("from the first one again");
        }
        scene.rotate(&mut events);
        scene.go_on("at the end");
        scene.ends.store(true, Ordering::Relaxed);
        let _quiet = scene.gate.write().unwrap();
        scene.check(&events)
    })
}

/// Ends the senders of a round.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn acknowledged_deliveries_are_found_under_the_name_after_renames() {
    let rounds = amount(4, 30);
    let mut acknowledged = 0;
    for number in 0..rounds {
        let dir = tempfile::tempdir().unwrap();
        let store = dir.path().join(["caps.jsonl", "caps"][number % 2]);
        acknowledged += round(&store, number / 2 % 2 == 1);
    }
    if amount(false, true) {
        // Not `println!`: the test harness captures its output if the test passes.
        let what = format!("{rounds} rounds, {acknowledged} acknowledged, none lost");
        writeln!(std::io::stderr(), "{what}").unwrap();
    }
}

/// An app that signals each delivery and responds when told to.
fn patient_app() -> (String, Receiver<()>, Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("http://{}/", listener.local_addr().unwrap());
    let (came, comes) = channel();
    let (answer, answers) = channel::<()>();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            read_request(&stream).unwrap();
            came.send(()).unwrap();
            if answers.recv().is_err() {
                return;
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
        }
    });
    (target, comes, answer)
}

#[test]
fn a_name_lost_while_the_app_responds_leads_to_the_delivery_again() {
    for name in ["caps.jsonl", "caps"] {
        let dir = tempfile::tempdir().unwrap();
        let store = dir.path().join(name);
        let (target, comes, answer) = patient_app();
        let listener = leadhook!("listen :0 --format json --save {}", store.display());
        let listener = listener.args(["--forward", &target]).start();
        for case in ["removed", "moved"] {
            std::thread::scope(|scope| {
                let body = format!("\"{case}\"");
                let sent = scope.spawn({
                    let (address, body) = (listener.address(), body.clone());
                    move || status(address, &body)
                });
                comes.recv_timeout(PATIENCE).unwrap();
                let moved = dir.path().join(format!("{case}.old"));
                fs::rename(&store, &moved).unwrap();
                answer.send(()).unwrap();
                assert_eq!(sent.join().unwrap(), 200, "{name} {case}");
                assert!(on_disk(&store).contains(&body), "{name} {case}");
            });
        }
    }
}
