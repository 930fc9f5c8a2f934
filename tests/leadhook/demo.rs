//! `leadhook demo`: the whole tool in one command, without further setup.

use crate::support::{Leadhook, objects};
use serde_json::Value;

const SENT: [&str; 3] = ["realgeeks:created", "leadpro:lead.created", "realtorbot:lead.created"];

#[test]
fn it_shows_accepted_deliveries_a_rejected_forgery_and_a_schedule() {
    let outcome = leadhook!("demo").run();
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    let parts: Vec<_> = outcome.stdout.split("\n$ leadhook ").collect();
    assert_eq!(
        parts.len(),
        6,
        "a greeting, three deliveries, a forgery, a retry schedule: {}",
        outcome.stdout
    );
    for (part, event) in parts[1..4].iter().zip(SENT) {
        assert!(part.starts_with(&format!("send {event}\n")), "{event}: {part}");
        for line in ["<-- 200 OK", "delivered\n", "signature valid   payload valid   200"] {
            assert!(part.contains(line), "{event}: {line} in {part}");
        }
    }
    assert!(
        parts[4].contains("<-- 401 ")
            && parts[4].contains("not delivered")
            && parts[4].contains("signature INVALID"),
        "{}",
        parts[4]
    );
    assert!(parts[5].starts_with("simulate "), "{}", parts[5]);
    let attempts: Vec<_> = parts[5].lines().filter(|line| line.starts_with("attempt ")).collect();
    assert_eq!(attempts.len(), 3, "{}", parts[5]);
    assert!(
        attempts[0].contains("503 refused")
            && attempts[1].contains("503 refused")
            && attempts[2].contains("200 delivered"),
        "{}",
        parts[5]
    );
    for line in outcome.stdout.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn json_output_consists_of_the_objects_of_its_commands() {
    let outcome = leadhook!("demo --format json").run();
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    let objects = objects(&outcome.stdout);
    let of =
        |kind: &str| objects.iter().filter(|object| object["kind"] == kind).collect::<Vec<_>>();
    let (deliveries, requests) = (of("delivery"), of("request"));
    assert_eq!(
        objects.len(),
        deliveries.len() + requests.len(),
        "nothing else: {}",
        outcome.stdout
    );
    assert!(objects.iter().all(|object| object["schema_version"] == 1), "{}", outcome.stdout);
    let outcomes: Vec<_> =
        deliveries.iter().map(|delivery| delivery["outcome"].as_str().unwrap()).collect();
    assert_eq!(
        outcomes,
        ["delivered", "delivered", "delivered", "refused", "refused", "refused", "delivered"]
    );
    let providers: Vec<_> =
        deliveries[..3].iter().map(|delivery| delivery["provider"].as_str().unwrap()).collect();
    assert_eq!(providers, ["realgeeks", "leadpro", "realtorbot"]);
    let statuses: Vec<_> =
        requests.iter().map(|request| request["signature"]["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["valid", "valid", "valid", "invalid"]);
    assert!(
        requests[..3].iter().all(|request| request["forward"]["status"] == 200),
        "{}",
        outcome.stdout
    );
    assert!(requests[3]["forward"].is_null(), "a forgery does not reach the app");
    let attempts = &deliveries[4..];
    assert!(
        attempts.iter().all(|attempt| attempt["message_id"] == attempts[0]["message_id"]),
        "{}",
        outcome.stdout
    );
    assert_eq!(
        attempts.iter().map(|attempt| attempt["attempt"].clone()).collect::<Vec<_>>(),
        [1, 2, 3].map(Value::from)
    );
}

#[test]
fn its_secrets_are_generated_and_never_shown() {
    for args in [&["demo"][..], &["demo", "--format", "json"], &["demo", "-vv"]] {
        let outcome = Leadhook::new(args).env("LEADHOOK_SECRET", "mine-7f3a").run();
        assert_eq!(outcome.exit, 0, "{args:?}: {}", outcome.stdout);
        for text in ["demo-", "mine-7f3a"] {
            assert!(
                !outcome.stdout.contains(text) && !outcome.stderr.contains(text),
                "{args:?}: {text}"
            );
        }
    }
}

#[test]
fn two_concurrent_demos_do_not_interfere() {
    let runs = [(); 2].map(|()| std::thread::spawn(|| leadhook!("demo").run()));
    for run in runs {
        let outcome = run.join().unwrap();
        assert_eq!(outcome.exit, 0, "{outcome:?}");
    }
}
