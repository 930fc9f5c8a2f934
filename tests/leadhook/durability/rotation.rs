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
const DELIVERIES_BETWEEN_EVENTS: usize = 15;

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
    ended: usize,
    /// The number of events that had started when its response was read.
    started: usize,
}

/// A store, the listeners that write to it, and their senders.
struct Round {
    store: PathBuf,
    /// The address of each listener: a restarted listener has another port.
    addresses: [Mutex<SocketAddr>; 2],
    /// Locked for reading during a delivery, for writing while none may be in flight.
    gate: RwLock<()>,
    /// The numbers of events that have started and that have ended.
    started: AtomicUsize,
    ended: AtomicUsize,
    acknowledged: Mutex<Vec<Acknowledged>>,
    stop: AtomicBool,
}

impl Round {
    fn new(store: PathBuf, listeners: &[Running]) -> Self {
        let address = |at: usize| Mutex::new(listeners[at.min(listeners.len() - 1)].address());
        Self {
            store,
            addresses: [address(0), address(1)],
            gate: RwLock::new(()),
            started: AtomicUsize::new(0),
            ended: AtomicUsize::new(0),
            acknowledged: Mutex::new(Vec::new()),
            stop: AtomicBool::new(false),
        }
    }

    fn address(&self, listener: usize) -> SocketAddr {
        *self.addresses[listener].lock().unwrap()
    }

    /// Delivers until the round ends, even if the listener is killed.
    fn deliver(&self, listener: usize, name: &str) {
        let mut open: Option<(SocketAddr, TcpStream, BufReader<TcpStream>)> = None;
        for number in 0.. {
            if self.stop.load(Ordering::Relaxed) {
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
            let ended = self.ended.load(Ordering::SeqCst);
            // The listener may be killed at any byte of this exchange.
            let reply = stream
                .write_all(&post(&[], body.as_bytes()))
                .ok()
                .and_then(|()| read_reply(reader));
            match reply.map(|reply| reply.status) {
                Some(200) => {
                    let started = self.started.load(Ordering::SeqCst);
                    self.acknowledged.lock().unwrap().push(Acknowledged { body, ended, started });
                }
                Some(503) => {}
                Some(other) => panic!("{name}: answered {other}"),
                None => open = None,
            }
        }
    }

    /// Waits until more deliveries are acknowledged that were sent after this call.
    fn wait_for_deliveries(&self, what: &str) {
        let from = self.acknowledged.lock().unwrap().len();
        // At most one delivery per sender was sent before.
        let enough = from + DELIVERIES_BETWEEN_EVENTS + 2 * SENDERS;
        eventually(what, || (self.acknowledged.lock().unwrap().len() >= enough).then_some(()));
    }

    /// Moves the store away.
    fn rotate(&self, events: &mut Vec<Event>) {
        self.started.fetch_add(1, Ordering::SeqCst);
        let moved = self.store.with_extension(format!("{}.moved", events.len()));
        fs::rename(&self.store, &moved).unwrap();
        self.ended.fetch_add(1, Ordering::SeqCst);
        events.push(Event::Moved(moved));
    }

    /// Removes the store.
    fn remove(&self, events: &mut Vec<Event>) {
        self.started.fetch_add(1, Ordering::SeqCst);
        if self.store.is_dir() {
            // Renamed first: under load, a folder that keeps its name is hardly ever empty.
            let removed = self.store.with_extension("removed");
            fs::rename(&self.store, &removed).unwrap();
            // A write in progress may still add a file.
            eventually("the folder removed", || fs::remove_dir_all(&removed).ok());
        } else {
            fs::remove_file(&self.store).unwrap();
        }
        self.ended.fetch_add(1, Ordering::SeqCst);
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
            let contains = |saved: &Option<BTreeSet<String>>| {
                saved.as_ref().is_none_or(|saved| saved.contains(&one.body))
            };
            let end = (one.started + 1).min(found.len());
            !current.contains(&one.body) && !found[one.ended..end].iter().any(contains)
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
    assert_eq!(listener.exit_status(), -1, "killed");
    *listener = saving_to(store);
}

/// Runs one round: delivers while the store is moved and removed and its listeners are killed.
fn round(store: &Path, with_second_listener: bool) -> usize {
    let is_folder = store.extension().is_none();
    let mut listeners = vec![saving_to(store)];
    if with_second_listener && is_folder {
        listeners.push(saving_to(store));
    }
    let state = Round::new(store.to_owned(), &listeners);
    std::thread::scope(|scope| {
        for sender in 0..SENDERS * 2 {
            let state = &state;
            scope.spawn(move || state.deliver(sender % 2, &format!("{sender}")));
        }
        // Even if this fails, so that the failure is reported.
        let _end = StopOnDrop(&state.stop);
        let mut events = Vec::new();
        state.wait_for_deliveries("the start");
        state.rotate(&mut events);
        state.wait_for_deliveries("after `mv`");
        state.remove(&mut events);
        state.wait_for_deliveries("after `rm`");
        for (slot, listener) in listeners.iter_mut().enumerate() {
            restart(store, listener);
            for address in &state.addresses[slot..] {
                *address.lock().unwrap() = listener.address();
            }
        }
        state.wait_for_deliveries("after `kill -9`");
        if with_second_listener && !is_folder {
            let second = {
                let _quiet = state.gate.write().unwrap();
                state.rotate(&mut events);
                saving_to(store)
            };
            // From now on the first listener answers 503, and the second one 200.
            *state.addresses[1].lock().unwrap() = second.address();
            state.wait_for_deliveries("from the second listener");
            second.signal("KILL");
            *state.addresses[1].lock().unwrap() = listeners[0].address();
            state.wait_for_deliveries("from the first one again");
        }
        state.rotate(&mut events);
        state.wait_for_deliveries("at the end");
        state.stop.store(true, Ordering::Relaxed);
        let _quiet = state.gate.write().unwrap();
        state.check(&events)
    })
}

/// Ends the senders of a round.
struct StopOnDrop<'a>(&'a AtomicBool);

impl Drop for StopOnDrop<'_> {
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
fn delayed_app() -> (String, Receiver<()>, Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("http://{}/", listener.local_addr().unwrap());
    let (arrived, arrivals) = channel();
    let (respond, releases) = channel::<()>();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // The listener probes its target with a connection without a request.
            if read_request(&stream).is_none() {
                continue;
            }
            arrived.send(()).unwrap();
            if releases.recv().is_err() {
                return;
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
        }
    });
    (target, arrivals, respond)
}

#[test]
fn a_delivery_is_saved_again_if_the_store_moves_before_the_response() {
    for name in ["caps.jsonl", "caps"] {
        let dir = tempfile::tempdir().unwrap();
        let store = dir.path().join(name);
        let (target, arrivals, respond) = delayed_app();
        let listener = leadhook!("listen :0 --format json --save {}", store.display());
        let listener = listener.args(["--forward", &target]).start();
        for case in ["removed", "moved"] {
            std::thread::scope(|scope| {
                let body = format!("\"{case}\"");
                let sent = scope.spawn({
                    let (address, body) = (listener.address(), body.clone());
                    move || status(address, &body)
                });
                arrivals.recv_timeout(PATIENCE).unwrap();
                let moved = dir.path().join(format!("{case}.old"));
                fs::rename(&store, &moved).unwrap();
                respond.send(()).unwrap();
                assert_eq!(sent.join().unwrap(), 200, "{name} {case}");
                assert!(on_disk(&store).contains(&body), "{name} {case}");
            });
        }
    }
}
