//! `--forward`: requests to the application and its responses.

use crate::listen::{SECRET, listen};
use crate::support::{Endpoint, captures, objects, send, skipped};
use crate::wire::{exchange, genuine, post};
use std::net::TcpListener;

const HOP_BY_HOP: [&str; 6] =
    ["keep-alive", "proxy-connection", "te", "trailer", "upgrade", "proxy-authorization"];

#[test]
fn forwarding_keeps_body_and_headers_but_not_hop_by_hop_ones() {
    let app = Endpoint::new(&[200]);
    let mut listener = listen(&["--forward", &app.target(), "--unverified", "warn"]);
    let sent = [
        ("X-Lead-Router-Action", "created"),
        ("X-Lead-Router-Signature", "00ff"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("Accept-Encoding", "gzip, br"),
        ("User-Agent", "RealGeeks-LeadRouter/1.0"),
        ("X-Twice", "one"),
        ("X-Twice", "two"),
        ("Cookie", "a=b; c=d"),
    ];
    let hop_by_hop = HOP_BY_HOP.map(|name| (name, "x"));
    let headers =
        [&sent[..], &hop_by_hop, &[("Connection", "X-Twice, X-Named"), ("X-Named", "1")]].concat();
    let body = b"\xef\xbb\xbf{ \"a\" :\t1.0,\"b\":\"\xff\" }\r\n\0";
    let reply = exchange(listener.address(), &post(&headers, body)).unwrap();
    assert_eq!(reply.status, 200);
    let arrived = app.arrived().remove(0);
    assert_eq!(arrived.body, body);
    assert_eq!(arrived.header("content-length"), Some(body.len().to_string().as_str()));
    assert_eq!(arrived.header("host"), Some(format!("127.0.0.1{}", app.target()).as_str()));
    for (name, value) in sent {
        let values = arrived
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str());
        let expected = sent.iter().filter(|(known, _)| *known == name).map(|(_, value)| *value);
        assert!(values.eq(expected), "{name}: {value} in {:?}", arrived.headers);
    }
    assert_eq!(arrived.header("x-named"), Some("1"), "the application sees what was verified");
    for name in HOP_BY_HOP.into_iter().chain(["connection"]) {
        assert_eq!(arrived.header(name), None, "{name} belongs to the first hop");
    }
    let mut known = sent.map(|(name, _)| name.to_lowercase()).to_vec();
    known.push("x-named".to_owned());
    let foreign = arrived.headers.iter().map(|(name, _)| name.to_lowercase());
    let foreign: Vec<_> = foreign
        .filter(|name| {
            !known.contains(name) && !["host", "content-length"].contains(&name.as_str())
        })
        .collect();
    assert!(foreign.is_empty(), "added in transit: {foreign:?}");
    assert_eq!(listener.next()["forward"]["status"], 200);
}

#[test]
fn every_provider_still_verifies_after_forwarding() {
    let app = listen(&[]);
    let mut before = listen(&["--forward", &app.url]);
    for event in ["created", "leadpro:lead.created", "realtorbot:lead.created"] {
        let (exit, _) = send(event, &before.url, &SECRET);
        assert_eq!(exit, 0, "{event}");
        let request = before.next();
        assert_eq!(
            (&request["forward"]["status"], &request["forward"]["url"]),
            (&200.into(), &app.url.as_str().into()),
            "{event}"
        );
    }
    app.signal("TERM");
    assert_eq!(app.wait().1.pop().unwrap()["valid"], 3);
}

#[test]
fn a_signature_named_by_connection_verifies_after_forwarding() {
    let app = listen(&[]);
    let mut before = listen(&["--forward", &app.url]);
    let named = "Connection: X-Lead-Router-Signature, X-Lead-Router-Action\r\nHost:";
    let delivery = String::from_utf8(genuine("created", &[])).unwrap().replace("Host:", named);
    assert_eq!(exchange(before.address(), delivery.as_bytes()).unwrap().status, 200);
    let request = before.next();
    assert_eq!((&request["valid"], &request["forward"]["status"]), (&true.into(), &200.into()));
}

#[test]
fn the_response_of_the_application_is_passed_back() {
    let response = "HTTP/1.1 406 No Thanks\r\nX-App: Seen\r\nX-App: Twice\r\nContent-Type: text/x-app\r\nKeep-Alive: timeout=5\r\nContent-Length: 8\r\nConnection: close\r\n\r\nnot mine";
    let app = Endpoint::raw(vec![response.to_owned()]);
    let mut listener = listen(&["--forward", &app.target()]);
    let reply = exchange(listener.address(), &genuine("created", &[])).unwrap();
    assert_eq!((reply.status, reply.body.as_slice()), (406, b"not mine".as_slice()));
    assert_eq!(reply.header("content-type"), Some("text/x-app"));
    let of_app: Vec<_> = reply
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("x-app"))
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(of_app, ["Seen", "Twice"]);
    assert_eq!(reply.header("keep-alive"), None, "it belongs to the other hop");
    let request = listener.next();
    assert_eq!(
        (&request["response"]["status"], &request["forward"]["status"]),
        (&406.into(), &406.into())
    );
    assert!(request["forward"]["error"].is_null(), "{request}");
}

#[test]
fn the_target_keeps_its_path_and_a_redirect_is_not_followed() {
    let app = Endpoint::raw(vec!["HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()]);
    let target = format!("{}/hooks/in?key=1", app.target());
    let listener = listen(&["--forward", &target]);
    let reply = exchange(listener.address(), &genuine("created", &[])).unwrap();
    assert_eq!((reply.status, reply.header("location")), (302, Some("http://127.0.0.1:1/")));
    assert_eq!(app.arrived()[0].line, "POST /hooks/in?key=1 HTTP/1.1");
}

#[test]
fn a_target_without_a_path_keeps_that_of_the_request() {
    let app = Endpoint::new(&[200]);
    let base = listen(&["--forward", &app.target(), "--unverified", "warn"]);
    let with_path = format!("{}/hooks?key=1", app.target());
    let with_path = listen(&["--forward", &with_path, "--unverified", "warn"]);
    for (listener, sent, expected) in [
        (&base, "/in?a=1", "/in?a=1"),
        (&base, "/a/../b//%2e%2F{}?q='%zz&q={}^&&", "/a/../b//%2e%2F{}?q='%zz&q={}^&&"),
        (&base, "//example.com/x?", "//example.com/x?"),
        (&base, "http://example.com/abs?x", "/abs?x"),
        (&with_path, "/in?a='1'&b", "/hooks?key=1&a='1'&b"),
        (&with_path, "/in", "/hooks?key=1"),
    ] {
        let request = String::from_utf8(post(&[], b"{}")).unwrap();
        let request = request.replacen("POST / ", &format!("POST {sent} "), 1);
        assert_eq!(exchange(listener.address(), request.as_bytes()).unwrap().status, 200, "{sent}");
        let arrived = app.arrived().pop().unwrap();
        assert_eq!(arrived.line, format!("POST {expected} HTTP/1.1"), "{sent}");
    }
}

#[test]
fn a_port_without_a_host_reaches_an_app_on_either_loopback_address() {
    let Some(app) = Endpoint::on_ipv6() else {
        let test = "a_port_without_a_host_reaches_an_app_on_either_loopback_address";
        return skipped(test, "IPv6 is not available");
    };
    let listener = listen(&["--forward", &app.target()]);
    assert_eq!(send("created", &listener.url, &SECRET).1["status"], 200);
    assert_eq!(send("created", &app.target(), &SECRET).1["status"], 200);
    let hosts = app.arrived().into_iter().map(|request| request.header("host").unwrap().to_owned());
    let expected = format!("127.0.0.1{}", app.target());
    assert!(hosts.into_iter().all(|host| host == expected));
    listener.signal("TERM");
    let stderr = listener.wait().2;
    assert!(!stderr.contains("does not respond"), "{stderr}");
}

#[test]
fn an_empty_body_has_a_length() {
    let app = Endpoint::new(&[200]);
    let listener = listen(&["--forward", &app.target(), "--unverified", "warn"]);
    assert_eq!(exchange(listener.address(), &post(&[], b"")).unwrap().status, 200);
    assert_eq!(app.only().header("content-length"), Some("0"));
}

#[test]
fn an_unreachable_target_is_502_and_the_capture_is_saved() {
    // Nothing listens on port 1, and no other test can bind it.
    let mut listener = listen(&["--forward", "http://127.0.0.1:1/", "--save", "caps"]);
    let (exit, delivery) = send("created", &listener.url, &SECRET);
    assert_eq!((exit, &delivery["status"]), (1, &502.into()));
    let request = listener.next();
    assert!(request["forward"]["status"].is_null(), "{request}");
    assert!(
        request["forward"]["error"].as_str().is_some_and(|error| error.contains("refused")),
        "{request}"
    );
    assert_eq!(request["signature"]["status"], "valid");
    let saved = captures(&listener.dir().join("caps"));
    assert_eq!(saved.len(), 1);
    let outcome =
        leadhook!("verify {} --format json --secret s3cret", saved[0].to_str().unwrap()).run();
    assert_eq!(
        (outcome.exit, objects(&outcome.stdout)[0]["valid"].as_bool()),
        (0, Some(true)),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_target_that_times_out_is_502() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("http://{}/", silent.local_addr().unwrap());
    let mut listener = listen(&["--forward", &target, "--forward-timeout", "100ms"]);
    let (_, delivery) = send("created", &listener.url, &SECRET);
    assert_eq!(delivery["status"], 502);
    assert!(listener.next()["forward"]["error"].as_str().unwrap().contains("100ms"));
}

#[test]
fn a_forgery_is_not_forwarded() {
    let app = Endpoint::new(&[200]);
    let mut listener = listen(&["--forward", &app.target()]);
    let (_, delivery) = send("created", &listener.url, &["--secret", "wrong"]);
    assert_eq!(delivery["status"], 401);
    assert!(listener.next()["forward"].is_null());
    assert_eq!(app.arrived(), []);
}
