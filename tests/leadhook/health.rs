//! `leadhook health`: the health check of a container.

use crate::listen::listen;
use crate::support::{DeadPort, Endpoint, leadhook, objects};

#[test]
fn a_running_listener_is_ready_in_every_target_form() {
    let listener = listen(&[]);
    let port = listener.address().port();
    for target in [
        format!("{port}"),
        format!(":{port}"),
        format!("localhost:{port}"),
        format!("127.0.0.1:{port}/readyz"),
        listener.url.clone(),
        format!("{}healthz", listener.url),
    ] {
        let outcome = leadhook(&["health", &target, "--format", "json"]);
        let report = objects(&outcome.stdout).remove(0);
        assert_eq!(outcome.exit, 0, "{target}: {report}");
        assert_eq!((&report["healthy"], &report["status"]), (&true.into(), &200.into()));
        let path = if target.ends_with("healthz") { "/healthz" } else { "/readyz" };
        assert!(report["url"].as_str().unwrap().ends_with(path), "{report}");
    }
    let text = leadhook(&["health", &listener.url]);
    assert_eq!(text.stdout, format!("ready: {}readyz responded 200\n", listener.url));
}

#[test]
fn a_listener_that_cannot_save_or_does_not_run_is_not_ready() {
    let dead = DeadPort::new();
    for (target, status, problem) in [
        (Endpoint::raw(vec![response(503, "captures cannot be saved\nsecond")]), 503, "captures"),
        (Endpoint::raw(vec![response(302, "")]), 302, ""),
        (Endpoint::raw(vec![response(404, "\u{1b}[2Jnone")]), 404, "none"),
    ] {
        let outcome = leadhook(&["health", &target.target(), "--format", "json"]);
        let report = objects(&outcome.stdout).remove(0);
        assert_eq!((outcome.exit, &report["status"]), (1, &status.into()), "{report}");
        assert!(report["problem"].as_str().unwrap_or_default().contains(problem), "{report}");
        assert!(target.only().line.starts_with("GET "), "{report}");
    }
    let outcome = leadhook(&["health", &dead.target(), "--format", "json"]);
    let report = objects(&outcome.stdout).remove(0);
    assert_eq!((outcome.exit, report["status"].is_null()), (1, true), "{report}");
    assert_eq!(outcome.stderr, "");
    let text = leadhook(&["health", &dead.target()]);
    assert!(text.stdout.starts_with("not ready: http://"), "{text:?}");
    assert!(text.stdout.contains("no response: "), "{text:?}");
}

/// Returns a response as bytes.
fn response(status: u16, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nLocation: /\r\n\r\n{body}")
}

#[test]
fn a_silent_server_is_not_ready_within_the_timeout() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let target = silent.local_addr().unwrap().to_string();
    let outcome = leadhook(&["health", &target, "--timeout", "200ms"]);
    assert_eq!(outcome.exit, 1, "{outcome:?}");
    assert!(outcome.stdout.contains("no response within 200ms"), "{outcome:?}");
}

#[test]
fn a_wrong_target_is_an_error_and_no_file_is_read() {
    for target in ["", "http://user:pw@localhost/", ":99999"] {
        assert_eq!(leadhook(&["health", target]).exit, 2, "{target}");
    }
    let listener = listen(&[]);
    let run = leadhook!("health {}", listener.url).file("leadhook.toml", "broken = [");
    assert_eq!(run.env("LEADHOOK_TARGET", ":1").run().exit, 0);
}
