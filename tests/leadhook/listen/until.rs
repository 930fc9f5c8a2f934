//! `listen --until`: ends once the awaited deliveries have come.

use crate::listen::{SECRET, listen};
use crate::support::send;
use serde_json::{Value, json};

fn stopped(objects: Vec<Value>) -> Value {
    objects.into_iter().next_back().unwrap()
}

#[test]
fn it_ends_once_all_have_come_in_any_order() {
    let matches = ["event=created", "valid", "/email=jo@example.com"];
    let args: Vec<_> = matches.iter().flat_map(|it| ["--until", it]).collect();
    let listener = listen(&args);
    send("updated", &listener.url, &SECRET);
    let email = ["--set", "email=jo@example.com"];
    assert_eq!(send("created", &listener.url, &[SECRET, email].concat()).0, 0);
    let (exit, objects, _) = listener.wait();
    let stopped = stopped(objects);
    assert_eq!(exit, 0, "{stopped}");
    let found: Vec<_> =
        stopped["awaited"].as_array().unwrap().iter().map(|it| &it["seq"]).collect();
    assert_eq!(found, [2, 1, 2], "{stopped}");
    assert_eq!(stopped["reason"], Value::Null);
}

#[test]
fn what_is_missing_and_what_came_instead_is_named() {
    let listener = listen(&[
        "--until",
        "event=activity_added",
        "--until",
        "lead=nobody",
        "--until",
        "event=created",
        "--timeout",
        "5s",
    ]);
    send("created", &listener.url, &SECRET);
    send("updated", &listener.url, &SECRET);
    send("updated", &listener.url, &["--secret", "wrong"]);
    let (exit, objects, _) = listener.wait();
    let stopped = stopped(objects);
    assert_eq!(exit, 5, "{stopped}");
    let came = json!(["1 realgeeks updated", "1 realgeeks updated (rejected)"]);
    assert_eq!(stopped["came_instead"], came, "{stopped}");
    let reason = "`event=activity_added` and `lead=nobody` did not come in 5 s; came instead: 1 realgeeks \
                  updated, 1 realgeeks updated (rejected)";
    assert_eq!(stopped["reason"], reason);
    let outcome = leadhook!("listen :0 --until event=created --timeout 1s").run();
    assert_eq!(outcome.exit, 5, "{outcome:?}");
    let reason = "incomplete: `event=created` did not come in 1 s; nothing else came\n";
    assert!(outcome.stdout.ends_with(reason), "{outcome:?}");
}

#[test]
fn a_rejected_delivery_is_not_the_awaited_one() {
    let listener = listen(&["--until", "event=created"]);
    send("created", &listener.url, &["--secret", "wrong"]);
    send("created", &listener.url, &SECRET);
    let (exit, objects, _) = listener.wait();
    assert_eq!((exit, stopped(objects)["awaited"][0]["seq"].as_u64()), (0, Some(2)));
}

#[test]
fn in_order_an_early_delivery_does_not_count() {
    let args = ["--until", "event=created", "--until", "event=updated", "--in-order"];
    let listener = listen(&args);
    for event in ["updated", "created", "updated"] {
        send(event, &listener.url, &SECRET);
    }
    let (exit, objects, _) = listener.wait();
    let stopped = stopped(objects);
    assert_eq!(exit, 0, "{stopped}");
    assert_eq!(stopped["awaited"][1]["seq"], 3, "{stopped}");
    let listener = listen(&[&args[..], &["--timeout", "5s"]].concat());
    send("updated", &listener.url, &SECRET);
    let (exit, objects, _) = listener.wait();
    let reason = objects.last().unwrap()["reason"].as_str().unwrap().to_owned();
    assert_eq!(exit, 5, "{reason}");
    assert!(reason.contains("`event=updated` (#1 came before its turn)"), "{reason}");
}

#[test]
fn captures_of_an_earlier_run_do_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let save = folder.path().join("all.jsonl").display().to_string();
    for round in 1..=2 {
        let listener = listen(&["--save", &save, "--until", "event=created"]);
        assert_eq!(send("created", &listener.url, &SECRET).0, 0, "{round}");
        assert_eq!(listener.wait().0, 0, "{round}");
        let lines = std::fs::read_to_string(&save).unwrap().lines().count();
        assert_eq!(lines, round, "it waited for a delivery of its own");
    }
}

#[test]
fn an_impossible_match_is_refused_at_start() {
    for (args, expected) in [
        (&["--until", "event=creatd", "--secret", "s"][..], "did you mean `created`?"),
        (&["--until", "event=lead.created", "--secret", "s"], "`leadpro:lead.created`"),
        (&["--until", "email=jo", "--secret", "s"], "expected `event=created`, `valid`"),
        (&["--until", "valid"], "needs a secret"),
        (&["--in-order"], "--until"),
        (&["--until", "event=created", "--count", "1"], "cannot be used with"),
    ] {
        let outcome = leadhook!("listen :0 --timeout 60s").args(args).run();
        assert_eq!(outcome.exit, 2, "{args:?}: {outcome:?}");
        assert!(outcome.stderr.contains(expected), "{args:?}: {}", outcome.stderr);
    }
}
