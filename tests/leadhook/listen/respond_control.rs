//! `/_leadhook/respond`: changes the scripts of `--respond` while the listener runs.

use crate::support::{PATIENCE, address_of, objects, send};
use crate::wire::{Reply, exchange};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};

/// A listener with a separate port for its control.
struct Controlled {
    child: Child,
    url: String,
    admin: SocketAddr,
    token: String,
    notes: Receiver<String>,
    /// Dropped with it.
    _dir: tempfile::TempDir,
}

impl Controlled {
    fn start(args: &[&str]) -> Self {
        let run = leadhook!("listen :0 --format json --admin :0 --secret s3cret --timeout 60s");
        let (mut command, dir) = run.args(args).command();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = objects(&lines.next().unwrap().unwrap()).remove(0);
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, notes) = channel();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        // The pipe must stay open, and empty, until the listener ends.
        std::thread::spawn(move || lines.for_each(drop));
        let note = notes.recv_timeout(PATIENCE).unwrap();
        let (_, token) = note.split_once("Bearer ").unwrap();
        let admin = address_of(ready["admin"].as_str().unwrap());
        let url = ready["url"].as_str().unwrap().to_owned();
        let token = token.trim_end_matches('`').to_owned();
        Self { child, url, admin, token, notes, _dir: dir }
    }

    fn request(&self, method: &str, headers: &str, body: &str) -> Reply {
        let length = body.len();
        let request = format!(
            "{method} /_leadhook/respond HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\
             Connection: close\r\n{headers}\r\n{body}"
        );
        exchange(self.admin, request.as_bytes()).unwrap()
    }

    /// Sends a request with the token. Returns the status and the body.
    fn call(&self, method: &str, body: &str) -> (u16, String) {
        let token = format!("Authorization: Bearer {}\r\n", self.token);
        let reply = self.request(method, &token, body);
        (reply.status, String::from_utf8(reply.body).unwrap())
    }

    fn statuses(&self, count: usize) -> Vec<u64> {
        let delivered = || send("created", &self.url, &["--secret", "s3cret"]).1;
        (0..count).map(|_| delivered()["status"].as_u64().unwrap()).collect()
    }
}

impl Drop for Controlled {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_responses_are_changed_while_it_runs() {
    let listener = Controlled::start(&["--respond", "503x2,200"]);
    assert_eq!(listener.token.len(), 32);
    assert_eq!(listener.call("GET", ""), (200, "503x2,200\n".to_owned()));
    assert_eq!(listener.statuses(1), [503]);
    let scripts = "406\ncreated=500, 200\n";
    assert_eq!(listener.call("PUT", scripts), (200, "406\ncreated=500,200\n".to_owned()));
    assert_eq!(listener.call("GET", ""), (200, "406\ncreated=500,200\n".to_owned()));
    assert_eq!(listener.statuses(3), [500, 200, 200]);
    let note = listener.notes.recv_timeout(PATIENCE).unwrap();
    assert!(note.ends_with("changed `--respond` to `406`, `created=500,200`"), "{note}");
    assert_eq!(listener.call("PUT", ""), (200, String::new()));
    assert_eq!(listener.statuses(1), [200], "the default");
}

#[test]
fn a_bad_change_changes_nothing() {
    let listener = Controlled::start(&["--respond", "406"]);
    for (body, problem) in [
        ("5o3", "is not a list of responses"),
        ("creatd=200", "creatd"),
        ("lead.created=200", "several"),
        ("200\n406", "was given twice"),
        ("created=200\ncreated=406", "for `created`"),
        ("\u{1b}[2J", "\\u{1b}"),
    ] {
        let (status, text) = listener.call("PUT", body);
        assert_eq!(status, 400, "{body}: {text}");
        assert!(text.contains(problem) || problem == "several", "{body}: {text}");
        assert!(!text.contains('\u{1b}'), "{body}");
    }
    assert_eq!(listener.call("PUT", &"200,".repeat(2000)).0, 413);
    let reply = listener.request("DELETE", "", "");
    assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, HEAD, PUT")));
    assert_eq!(listener.call("GET", ""), (200, "406\n".to_owned()));
}

#[test]
fn only_the_token_of_the_run_gives_access() {
    let listener = Controlled::start(&[]);
    let token = &listener.token;
    let wrong = "0".repeat(token.len());
    for headers in [
        String::new(),
        format!("Authorization: Bearer {wrong}\r\n"),
        format!("Authorization: Bearer {token}0\r\n"),
        "Authorization: Bearer \r\n".to_owned(),
        format!("Authorization: Basic {token}\r\n"),
        format!("Authorization: Bearer {token}\r\nAuthorization: Bearer {wrong}\r\n"),
        format!("X-Token: {token}\r\n"),
    ] {
        for (method, body) in [("GET", ""), ("PUT", "503")] {
            let reply = listener.request(method, &headers, body);
            assert_eq!(reply.status, 401, "{method} {headers}");
            assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
            assert!(!String::from_utf8(reply.body).unwrap().contains(token));
        }
    }
    let foreign = format!(
        "GET /_leadhook/respond HTTP/1.1\r\nHost: example.com\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    assert_eq!(exchange(listener.admin, foreign.as_bytes()).unwrap().status, 421);
    let other_port = format!(
        "PUT /_leadhook/respond HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\
         Authorization: Bearer {token}\r\n\r\n503"
    );
    let deliveries = address_of(&listener.url);
    assert_eq!(exchange(deliveries, other_port.as_bytes()).unwrap().status, 405);
    assert_eq!(listener.statuses(1), [200]);
}

#[test]
fn without_a_separate_port_there_is_no_token() {
    let outcome = leadhook!("listen :0 --timeout 1s --secret s3cret").run();
    assert!(!outcome.stderr.contains("Bearer"), "{outcome:?}");
    let quiet = leadhook!("listen :0 --timeout 1s --secret s3cret --admin :0 -q").run();
    assert!(!quiet.stderr.contains("Bearer"), "{quiet:?}");
}
