//! The order of forwarded deliveries: kept within a lead, and no lead waits for another.

use crate::listen::listen;
use crate::support::{Arrived, PATIENCE, Running, amount, eventually, in_threads, read_request};
use crate::wire::exchange;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// The lead whose deliveries wait.
const SLOW: &str = "slow";

/// An app that handles its requests concurrently and records them.
struct ConcurrentApp {
    target: String,
    /// The lead and the number of each delivery, in the order of arrival.
    arrived: Arc<Mutex<Vec<(String, u64)>>>,
}

impl ConcurrentApp {
    /// Starts an app that calls `wait` before it responds to a delivery.
    fn start(wait: impl Fn(&str, u64) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let target = format!(":{}", listener.local_addr().unwrap().port());
        let (arrived, wait) = (Arc::new(Mutex::new(Vec::new())), Arc::new(wait));
        let recorded = Arc::clone(&arrived);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, recorded) = (stream.unwrap(), Arc::clone(&recorded));
                let wait = Arc::clone(&wait);
                thread::spawn(move || {
                    let Some(Arrived { body, .. }) = read_request(&stream) else { return };
                    let body: Value = serde_json::from_slice(&body).unwrap();
                    let lead = body["id"].as_str().unwrap().to_owned();
                    let number = body["number"].as_u64().unwrap();
                    recorded.lock().unwrap().push((lead.clone(), number));
                    wait(&lead, number);
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                });
            }
        });
        Self { target, arrived }
    }

    /// Starts an app that responds to the deliveries of [`SLOW`] when told to, once for each.
    fn with_slow_lead() -> (Self, Sender<()>) {
        let (release, released) = channel();
        let released = Mutex::new(released);
        let app = Self::start(move |lead, _| {
            if lead == SLOW {
                let _ = released.lock().unwrap().recv_timeout(PATIENCE);
            }
        });
        (app, release)
    }

    fn arrived(&self) -> Vec<(String, u64)> {
        self.arrived.lock().unwrap().clone()
    }
}

/// Sends a delivery about a lead and returns the status.
fn deliver(listener: SocketAddr, lead: &str, number: u64) -> u16 {
    let body = json!({ "id": lead, "number": number }).to_string();
    let head = "POST /in HTTP/1.1\r\nHost: x\r\nX-Lead-Router-Action: updated\r\n";
    let id = format!("X-Lead-Router-Message-Id: {number}\r\n");
    let request = format!("{head}{id}Content-Length: {}\r\n\r\n{body}", body.len());
    exchange(listener, request.as_bytes()).unwrap().status
}

/// Waits until this number of deliveries is queued for the target.
fn wait_until_queued(listener: SocketAddr, count: u64) {
    eventually("the queue", || {
        let request = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        let text = String::from_utf8(exchange(listener, request)?.body).unwrap();
        let line = text.lines().find(|line| line.starts_with("leadhook_forward_waiting{"))?;
        line.ends_with(&format!(" {count}")).then_some(())
    });
}

fn forward_to(app: &ConcurrentApp, options: &[&str]) -> Running {
    listen(&[&["--forward", &app.target, "--unverified", "warn"], options].concat())
}

#[test]
fn a_slow_lead_does_not_hold_up_others_and_keeps_its_order() {
    let (app, release) = ConcurrentApp::with_slow_lead();
    let running = forward_to(&app, &[]);
    let listener = running.address();
    thread::scope(|scope| {
        let mut slow = Vec::new();
        for number in 1..=3 {
            slow.push(scope.spawn(move || deliver(listener, SLOW, number)));
            // One by one, so that they arrive in this order.
            wait_until_queued(listener, number);
        }
        for number in 4..10 {
            assert_eq!(deliver(listener, &format!("other-{number}"), number), 200);
        }
        let arrived = app.arrived();
        let of_slow = arrived.iter().filter(|(lead, _)| lead == SLOW).count();
        assert_eq!((arrived.len(), of_slow), (7, 1), "{arrived:?}");
        for _ in 1..=3 {
            release.send(()).unwrap();
        }
        assert!(slow.into_iter().all(|sender| sender.join().unwrap() == 200));
    });
    let arrived = app.arrived();
    let slow: Vec<_> =
        arrived.iter().filter(|(lead, _)| lead == SLOW).map(|(_, number)| *number).collect();
    assert_eq!(slow, [1, 2, 3], "{arrived:?}");
}

#[test]
fn with_a_concurrency_of_one_all_keep_the_order_of_arrival() {
    let (app, release) = ConcurrentApp::with_slow_lead();
    let running = forward_to(&app, &["--forward-concurrency", "1"]);
    let listener = running.address();
    thread::scope(|scope| {
        for number in 1..=6 {
            let lead = if number == 1 { SLOW.to_owned() } else { format!("other-{number}") };
            scope.spawn(move || assert_eq!(deliver(listener, &lead, number), 200));
            wait_until_queued(listener, number);
        }
        assert_eq!(app.arrived(), [(SLOW.to_owned(), 1)], "the others wait");
        release.send(()).unwrap();
    });
    let numbers: Vec<_> = app.arrived().into_iter().map(|(_, number)| number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn the_concurrency_is_limited() {
    let (app, release) = ConcurrentApp::with_slow_lead();
    let running = forward_to(&app, &["--forward-concurrency", "2"]);
    let listener = running.address();
    thread::scope(|scope| {
        scope.spawn(move || assert_eq!(deliver(listener, SLOW, 1), 200));
        wait_until_queued(listener, 1);
        // They take turns in the other slot.
        for number in 2..6 {
            assert_eq!(deliver(listener, &format!("other-{number}"), number), 200);
        }
        release.send(()).unwrap();
    });
    for options in ["0", "many", "-1"] {
        leadhook!("listen :0 --forward :3000 --forward-concurrency={}", options)
            .run()
            .exits(2, options);
    }
}

#[test]
fn each_lead_keeps_its_order_under_concurrent_deliveries() {
    // The delay of a response varies, so that a later delivery could overtake.
    let app = ConcurrentApp::start(|_, number| {
        thread::sleep(Duration::from_micros(number.wrapping_mul(2_654_435_761) % 3000));
    });
    let mut running = forward_to(&app, &[]);
    let listener = running.address();
    let numbers: Vec<u64> = (0..amount(200, 2000)).collect();
    let statuses = in_threads(&numbers, |number| {
        Some(deliver(listener, &format!("lead-{}", number % 5), *number))
    });
    assert!(statuses.iter().all(|status| *status == 200));
    let mut order_of_arrival = BTreeMap::new();
    for _ in &numbers {
        let request = running.next();
        let number: u64 = request["message_id"].as_str().unwrap().parse().unwrap();
        order_of_arrival.insert(request["seq"].as_u64().unwrap(), number);
    }
    let forwarded = app.arrived();
    for lead in 0..5 {
        let of_lead = |number: &u64| number % 5 == lead;
        let received: Vec<_> = order_of_arrival.values().copied().filter(of_lead).collect();
        let sent: Vec<_> = forwarded.iter().map(|(_, number)| *number).filter(of_lead).collect();
        assert_eq!(received, sent, "lead {lead}");
    }
}
