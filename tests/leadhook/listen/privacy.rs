//! Privacy of `listen`: redaction of personal data, and access to its state.

use crate::listen::{SECRET, listen, listen_as_text};
use crate::support::{Endpoint, address_of, send};
use crate::wire::{exchange, genuine, post};
use serde_json::Value;

/// A marker for every field that may contain personal data.
const PERSONAL: &str = "zebulon";

/// Sends deliveries with invalid values of every kind that contain the marker.
fn send_personal(url: &str) {
    let hooks = format!("{url}hooks?email={PERSONAL}@example.com");
    let header = format!("X-Client: {PERSONAL}");
    let cookie = format!("Cookie: {PERSONAL}=1");
    let changes = [
        "first_name=zebulon",
        "email=zebulon at example.com",
        "phone=zebulon",
        "role=zebulon",
        "status=`zebulon",
        "created=zebulon",
        "activities[0].type=zebulon",
    ];
    let mut args = vec!["-H", &*header, "-H", &*cookie, "--add", "zebulon=1"];
    let agent = format!("X-Lead-Router-Timestamp: {PERSONAL}");
    args.extend([
        "-H",
        &*agent,
        "--add",
        "zebulon`/x=1",
        "--add-json",
        "zebulon_n=12345678901234567890",
    ]);
    args.extend(changes.iter().flat_map(|change| ["--set", change]));
    send("created", &hooks, &[&SECRET[..], &args].concat());
    send("created", &hooks, &[&["--secret", "zebulon"][..], &args].concat());
    let args = ["--set", "data.email=zebulon", "--add", "data.zebulon=1", "-H", &*header];
    send("leadpro:lead.created", &hooks, &[&SECRET[..], &args].concat());
    send("leadpro:lead.created", &hooks, &[&SECRET[..], &args, &["--tamper", "body"]].concat());
    // A number is not a list index if it is the name of a field.
    let phone = ["--add-json", "5550142999=12345678901234567890"];
    send("created", url, &[&SECRET[..], &phone].concat());
    let named = format!("X-Lead-Router-Action: {PERSONAL}");
    let forged = post(&[named.split_once(": ").unwrap()], b"{}");
    exchange(address_of(url), &forged).unwrap();
    send("realtorbot:lead.created", &hooks, &[&SECRET[..], &["-H", &*header]].concat());
}

#[test]
fn redact_hides_personal_data_in_text_and_json() {
    for more in [&[][..], &["-vv"], &["--format", "json"], &["--format", "json", "-vv"]] {
        let args = ["--count", "7", "--secret", "s3cret", "--unverified", "warn", "--redact"];
        let outcome = listen_as_text(&[&args, more].concat(), send_personal);
        let shown = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(!shown.to_lowercase().contains(PERSONAL), "{more:?}: {shown}");
        assert!(!shown.contains("5550142999"), "{more:?}: {shown}");
        for part in ["/created", "/activities", "expected"] {
            assert!(shown.contains(part), "{more:?}: the reason is still shown: {part}: {shown}");
        }
    }
    let args = ["--count", "7", "--secret", "s3cret", "--unverified", "warn", "-vv"];
    let open = listen_as_text(&args, send_personal);
    assert!(open.stdout.matches(PERSONAL).count() > 20, "the test sends personal data");
}

#[test]
fn the_query_of_a_target_is_never_shown() {
    let targets = [Endpoint::new(&[200]), Endpoint::new(&[200])];
    let urls = targets.each_ref().map(|it| format!("{}?token={PERSONAL}", it.target()));
    let mut listener = listen(&["--redact", "--forward", &urls[0], "--forward", &urls[1]]);
    send("created", &listener.url, &SECRET);
    // The two lines may come in either order.
    for line in [listener.next(), listener.next()] {
        let url = line["forward"]["url"].as_str().or(line["url"].as_str()).unwrap();
        assert!(url.ends_with("?…"), "{line}");
    }
}

#[test]
fn the_state_needs_a_known_host_and_deliveries_do_not() {
    let listener = listen(&["--admin-host", "leadhook", "--admin-host", "hooks.example.com"]);
    let get = |path: &str, host: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        exchange(listener.address(), request.as_bytes()).unwrap().status
    };
    for path in ["/readyz", "/metrics", "/health/realgeeks"] {
        for host in ["localhost:1", "127.0.0.1", "[::1]:9", "192.0.2.1", "leadhook:9090"] {
            assert_eq!(get(path, host), 200, "{path} {host}");
        }
        assert_eq!(get(path, "hooks.example.com"), 200, "{path}");
        for host in ["example.com", "evil.localhost.example.com", "leadhook.example.com"] {
            assert_eq!(get(path, host), 421, "{path} {host}");
        }
    }
    assert_eq!(get("/healthz", "example.com"), 200);
    let delivery = String::from_utf8(genuine("created", &[])).unwrap();
    let delivery = delivery.replace("Host: 127.0.0.1:9090", "Host: example.com");
    assert_eq!(exchange(listener.address(), delivery.as_bytes()).unwrap().status, 200);
}

#[test]
fn a_separate_admin_port_has_the_same_rule() {
    let (mut command, _dir) =
        leadhook!("listen :0 --format json --admin :0 --timeout 60s").command();
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let admin = crate::support::address_of(ready["admin"].as_str().unwrap());
    for (host, status) in [("127.0.0.1", 200), ("example.com", 421)] {
        let request = format!("GET /metrics HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_eq!(exchange(admin, request.as_bytes()).unwrap().status, status, "{host}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_public_interface_without_a_secret_is_warned_about() {
    for (args, warned) in [
        ("listen 0.0.0.0:0 --timeout 1ms", true),
        ("listen 0.0.0.0:0 --timeout 1ms --secret s", false),
        ("listen :0 --timeout 1ms", false),
    ] {
        let args: Vec<_> = args.split(' ').collect();
        let stderr = crate::support::leadhook(&args).exits(0, "ends").stderr;
        assert_eq!(stderr.contains("can post here"), warned, "{args:?}: {stderr}");
    }
}

#[test]
fn the_listener_itself_is_rejected_as_a_target_by_every_name() {
    // A listener does not know its port before it binds, so the test chooses a free one.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for name in ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"] {
        let address = format!("0.0.0.0:{port}");
        let run =
            leadhook!("listen {} --timeout 1ms --forward http://{}:{}/x", address, name, port);
        let outcome = run.run();
        // Another program may have taken the port in between.
        let is_taken = outcome.exit == 4 && outcome.stderr.contains("cannot listen");
        assert!(is_taken || outcome.stderr.contains("leads back"), "{name}: {outcome:#?}");
    }
}
