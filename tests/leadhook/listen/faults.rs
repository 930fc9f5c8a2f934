//! Responses by event, injected faults from a seed, and notes about repeats.

use crate::listen::{SECRET, listen};
use crate::support::{DeadPort, Endpoint, eventually, send};
use crate::wire::{exchange, genuine};
use serde_json::Value;

fn codes(request: &Value) -> Vec<&str> {
    let remarks = request["remarks"].as_array().unwrap();
    remarks.iter().map(|remark| remark["code"].as_str().unwrap()).collect()
}

#[test]
fn an_event_can_have_its_own_responses() {
    let listener = listen(&["--respond", "503,200", "--respond", "updated=406"]);
    let status = |event: &str| send(event, &listener.url, &SECRET).1["status"].clone();
    assert_eq!([status("updated"), status("created"), status("created")], [406, 503, 200]);
    for wrong in
        [["--respond", "200", "--respond", "406"], ["--respond", "creatd=200", "-p", "realgeeks"]]
    {
        leadhook!("listen :0 --timeout 1s")
            .args(wrong)
            .run()
            .exits(2, "two scripts, an unknown event");
    }
}

#[test]
fn the_same_seed_injects_the_same_faults() {
    let day = |seed: &str| -> Vec<Value> {
        let mut listener =
            listen(&["--fail-rate", "0.3", "--drop-rate", "30%", "--seed", seed, "--save", "caps"]);
        let request = genuine("created", &[]);
        let statuses = (0..20).map(|_| {
            let reply = exchange(listener.address(), &request);
            let printed = listener.next();
            assert!(printed["saved"].is_string(), "it was received: {printed}");
            let status = printed["response"]["status"].clone();
            assert_eq!(reply.map(|reply| reply.status.into()), status.as_u64(), "{printed}");
            status
        });
        statuses.collect()
    };
    let first = day("7");
    assert_eq!(first, day("7"));
    assert_ne!(first, day("8"));
    for status in [Value::Null, 200.into(), 500.into()] {
        assert!(first.contains(&status), "{first:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_delivery_that_cannot_be_saved_is_503_not_an_injected_drop() {
    let folder = tempfile::tempdir().unwrap();
    let captures = folder.path().join("captures");
    std::fs::create_dir(&captures).unwrap();
    let file = captures.join("c.jsonl");
    let listener = listen(&["--save", file.to_str().unwrap(), "--drop-rate", "1"]);
    let status = || send("created", &listener.url, &SECRET).1["status"].clone();
    assert_eq!(status(), Value::Null, "the connection is closed without a response");
    std::fs::remove_dir_all(&captures).unwrap();
    assert_eq!(status(), 503);
}

#[test]
fn injected_failures_are_not_forwarded_and_delayed_ones_are() {
    let app = Endpoint::new(&[200]);
    let failing = listen(&["--forward", &app.target(), "--fail-rate", "1"]);
    assert_eq!(send("created", &failing.url, &SECRET).1["status"], 500);
    assert_eq!(app.arrived().len(), 0);
    let late = listen(&["--forward", &app.target(), "--respond-late=2s"]);
    let args = [&SECRET[..], &["--timeout", "500ms"]].concat();
    assert_eq!(send("created", &late.url, &args).1["outcome"], "timeout");
    eventually("the forwarded delivery", || (app.arrived().len() == 1).then_some(()));
}

#[test]
fn repeats_are_compared_with_the_schedule_and_the_response() {
    let mut listener = listen(&["--respond", "503,200"]);
    let request = genuine("created", &[]);
    let mut deliver = || {
        exchange(listener.address(), &request).unwrap();
        let printed = listener.next();
        codes(&printed).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(deliver(), [""; 0]);
    assert_eq!(deliver(), ["off-schedule"]);
    assert_eq!(deliver(), ["repeat-after-success", "off-schedule"]);
}

#[test]
fn the_ledger_notes_once_that_it_forgets_old_messages() {
    let listener = listen(&["--remember", "2"]);
    for seed in ["1", "2", "3", "4"] {
        send("created", &listener.url, &[&SECRET[..], &["--seed", seed]].concat());
    }
    listener.signal("TERM");
    let (_, _, stderr) = listener.wait();
    assert_eq!(stderr.matches("messages are remembered").count(), 1, "{stderr}");
}

#[test]
fn each_target_gets_its_events_in_order_and_failures_are_noted() {
    let (all, some, dead_port) = (Endpoint::new(&[202]), Endpoint::new(&[200]), DeadPort::new());
    let only = format!("updated={}", some.target());
    let mut listener = listen(&["--forward", &all.target(), "--forward", &only]);
    for (event, seed) in [("created", "1"), ("updated", "2"), ("updated", "3")] {
        let sent = send(event, &listener.url, &[&SECRET[..], &["--seed", seed]].concat());
        assert_eq!(sent.1["status"], 202, "the response of the first target");
    }
    let kinds: Vec<_> = (0..5).map(|_| listener.next()["kind"].clone()).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "forward").count(), 2, "{kinds:?}");
    let actions = |endpoint: &Endpoint| -> Vec<String> {
        let arrived = endpoint.arrived();
        arrived.iter().map(|a| a.header("x-lead-router-action").unwrap().to_owned()).collect()
    };
    assert_eq!(actions(&all), ["created", "updated", "updated"]);
    assert_eq!(actions(&some), ["updated", "updated"]);
    let with_dead_target = listen(&["--forward", &dead_port.target()]);
    for _ in 0..2 {
        assert_eq!(send("created", &with_dead_target.url, &SECRET).1["status"], 502);
    }
    with_dead_target.signal("TERM");
    let stderr = with_dead_target.wait().2;
    assert_eq!(stderr.matches("does not respond").count(), 1, "{stderr}");
}

#[test]
fn the_host_header_of_the_sender_can_be_preserved() {
    let app = Endpoint::new(&[200]);
    let with_host = listen(&["--forward", &app.target(), "--keep-host"]);
    exchange(with_host.address(), &genuine("created", &[])).unwrap();
    let other = listen(&["--forward", &app.target()]);
    exchange(other.address(), &genuine("created", &[])).unwrap();
    let hosts: Vec<_> =
        app.arrived().iter().map(|arrived| arrived.header("host").unwrap().to_owned()).collect();
    assert_eq!(hosts, ["127.0.0.1:9090".to_owned(), app.address().to_string()]);
}
