//! The case `size-limit`: limits that are found, named, and searched with few requests.

use crate::check::{check, ids, practice};
use crate::support::{objects, read_request};
use serde_json::Value;
use std::io::Write;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// A receiver that refuses bodies above a limit, and records the sizes of all bodies.
struct LimitedReceiver {
    port: u16,
    sizes: Arc<Mutex<Vec<usize>>>,
}

impl LimitedReceiver {
    /// Starts it with a response for bodies above `limit`; without one, it closes the connection.
    fn start(limit: usize, refusal: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let sizes = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&sizes);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                // Some connections only check whether the port accepts connections.
                let Some(request) = read_request(&stream) else { continue };
                recorded.lock().unwrap().push(request.body.len());
                let status = if request.body.len() > limit { refusal } else { Some("200 OK") };
                if let Some(status) = status {
                    let head = format!(
                        "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    );
                    let _ = stream.write_all(head.as_bytes());
                }
            }
        });
        Self { port, sizes }
    }

    /// Searches the limit and returns the case and the sizes that were sent.
    fn search(&self, provider: &str) -> (Value, Vec<usize>) {
        let outcome = leadhook!(
            "check :{} -p {} --secret an-example-of-a-signing-secret-32 --only size-limit \
             --budget 30s --format json",
            self.port,
            provider
        )
        .run();
        let case = objects(&outcome.stdout).remove(0);
        (case, self.sizes.lock().unwrap().clone())
    }
}

#[test]
fn limits_are_found_with_at_most_12_requests_and_named() {
    let refusal = Some("413 Content Too Large");
    for (limit, outcome, observed, requests) in [
        (102_400, "fail", "refused above 102,400 bytes: Express' default", 6),
        (1 << 20, "pass", "refused above 1,048,576 bytes: nginx's default", 6),
        (2_621_440, "pass", "refused above 2,621,440 bytes: Django's default; ", 5),
        (500_000, "fail", "refused from a size between ", 12),
        (5 << 20, "pass", "accepted up to 4,194,304 bytes", 1),
        (1_000, "fail", "refused at 65,536 bytes; 413", 2),
    ] {
        let receiver = LimitedReceiver::start(limit, refusal);
        let (case, sizes) = receiver.search("realgeeks");
        assert_eq!(case["outcome"], outcome, "{limit}: {case}");
        let text = case["observed"].as_str().unwrap();
        assert!(text.starts_with(observed), "{limit}: {text}");
        assert_eq!(sizes.len(), requests, "{limit}: {sizes:?}");
        assert!(sizes.iter().all(|size| (65_536..=4 << 20).contains(size)), "{limit}: {sizes:?}");
    }
}

#[test]
fn a_closed_connection_is_a_refusal_and_the_receiver_is_not_gone() {
    let receiver = LimitedReceiver::start(102_400, None);
    let (case, sizes) = receiver.search("realtorbot");
    let text = case["observed"].as_str().unwrap();
    assert!(text.starts_with("refused above 102,400 bytes: Express' default"), "{text}");
    // A closed connection may be tried again by the client, but the number of requests is bounded.
    assert!(sizes.len() <= 12, "{sizes:?}");
}

#[test]
fn the_limit_of_a_practice_receiver_counts_only_with_strict() {
    let running = practice("realgeeks", "limits-body");
    let port = running.address().port();
    let only = ["--only", "size-limit,64-kib,2-mib"];
    let (outcome, cases, _) = check(port, "realgeeks", &only);
    assert_eq!(outcome.exit, 0, "{outcome:?}");
    assert_eq!(ids(&cases, "fail").into_iter().collect::<Vec<_>>(), ["size-limit"]);
    let case = cases.iter().find(|case| case["id"] == "size-limit").unwrap();
    assert!(case["advice"].as_str().unwrap().contains("`express.json()`"), "{case}");
    assert!(case["consequence"].as_str().unwrap().contains("7 more times"), "{case}");
    let (outcome, ..) = check(port, "realgeeks", &[&only[..], &["--strict"]].concat());
    assert_eq!(outcome.exit, 1, "{outcome:?}");
    let list = leadhook!("check --list -p leadpro").run().exits(0, "list").stdout;
    assert!(!list.contains("size-limit") && !list.contains("64-kib"), "{list}");
}
