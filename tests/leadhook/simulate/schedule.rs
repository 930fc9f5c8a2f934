//! Retry schedules of one lead, as a plan and against an endpoint.

use crate::simulate::plan;
use crate::support::{DeadPort, Endpoint, Outcome, keys, objects};
use serde_json::{Value, json};

const SECRET: [&str; 2] = ["--secret", "s3cret"];

/// Returns `(at_s, wait_s)` of every attempt of a plan.
fn schedule(plan: &Value) -> Vec<(u64, u64)> {
    let attempts = plan["attempts"].as_array().unwrap();
    let numbers: Vec<_> =
        attempts.iter().map(|attempt| attempt["attempt"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=attempts.len() as u64).collect::<Vec<_>>(), "{plan}");
    attempts
        .iter()
        .map(|attempt| (attempt["at_s"].as_u64().unwrap(), attempt["wait_s"].as_u64().unwrap()))
        .collect()
}

/// Runs against `endpoint` and returns the run, its deliveries and its summary.
fn simulate(event: &str, target: &str, more: &[&str]) -> (Outcome, Vec<Value>, Value) {
    let outcome =
        leadhook!("simulate {} {} --format json --now 2026-01-02T03:04:05Z", event, target)
            .args(more)
            .args(SECRET)
            .in_process();
    let mut deliveries = objects(&outcome.stdout);
    let summary = deliveries.pop().unwrap_or_default();
    assert_eq!(summary["kind"], "summary", "{outcome:?}");
    assert!(deliveries.iter().all(|delivery| delivery["kind"] == "delivery"), "{outcome:?}");
    (outcome, deliveries, summary)
}

#[test]
fn the_schedule_of_real_geeks_has_eight_attempts_in_eight_hours() {
    let minutes =
        [(0, 0), (10, 10), (20, 10), (30, 10), (60, 30), (120, 60), (240, 120), (480, 240)];
    let expected: Vec<_> = minutes.iter().map(|(at, wait)| (at * 60, wait * 60)).collect();
    for event in [
        "created",
        "updated",
        "activity_added",
        "user_updated",
        "integration_enabled",
        "integration_disabled",
    ] {
        let plan = plan(event, &[]).exits(0, event).object();
        assert_eq!(schedule(&plan), expected, "{event}");
        assert_eq!(
            keys(&plan),
            [
                "schema_version",
                "kind",
                "provider",
                "event",
                "attempts",
                "schedule",
                "rules",
                "note",
                "survives_s"
            ],
            "{event}"
        );
        assert_eq!(
            (&plan["kind"], &plan["provider"], &plan["event"]),
            (&json!("plan"), &json!("realgeeks"), &json!(event))
        );
        assert_eq!(keys(&plan["attempts"][0]), ["attempt", "at_s", "wait_s"], "{event}");
    }
}

#[test]
fn realtor_bot_makes_five_attempts_and_leadpro_one() {
    let realtor_bot = plan("realtorbot:lead.created", &[]).exits(0, "realtorbot").object();
    assert_eq!(schedule(&realtor_bot), [(0, 0), (1, 1), (6, 5), (36, 30), (336, 300)]);
    let leadpro = plan("leadpro:lead.created", &[]).exits(0, "leadpro").object();
    assert_eq!(schedule(&leadpro), [(0, 0)]);
}

#[test]
fn text_output_shows_the_schedule_and_its_end() {
    let shown = leadhook!("simulate created").in_process().exits(0, "text output").stdout;
    assert_eq!(shown.lines().count(), 10, "{shown}");
    for line in [
        "1                 -           0",
        "5            30 min         1 h",
        "8               4 h         8 h",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line:?} is not in:\n{shown}");
    }
    assert!(
        shown.ends_with("Only 200 ends it; 406 stops it. After attempt 8 the lead is lost.\n"),
        "{shown}"
    );
}

#[test]
fn a_plan_with_responses_ends_at_the_final_response() {
    for (respond, attempts, outcome, exit) in [
        ("200", 1, "delivered", 0),
        ("503x2,200", 3, "delivered", 0),
        ("503x3, 200", 4, "delivered", 0),
        ("406", 1, "stopped", 1),
        ("500,406,200", 2, "stopped", 1),
        ("503", 8, "refused", 1),
        ("503x7,200", 8, "delivered", 0),
        ("503x8,200", 8, "refused", 1),
        ("201", 8, "refused", 1),
    ] {
        let plan = plan("created", &["--respond", respond]).exits(exit, respond).object();
        assert_eq!(
            (schedule(&plan).len(), &plan["outcome"]),
            (attempts, &json!(outcome)),
            "{respond}: {plan}"
        );
        assert_eq!(plan["attempts"][attempts - 1]["outcome"], outcome, "{respond}: {plan}");
    }
    for wrong in ["", "2xx", "503x0", "abc", "503x"] {
        plan("created", &["--respond", wrong]).exits(2, wrong);
    }
}

#[test]
fn an_endpoint_that_recovers_gets_the_same_bytes_three_times() {
    for event in ["created", "realtorbot:lead.created"] {
        let endpoint = Endpoint::new(&[503, 503, 200]);
        let (outcome, deliveries, summary) = simulate(event, &endpoint.target(), &[]);
        outcome.exits(0, event);
        let arrived = endpoint.arrived();
        assert_eq!(
            (arrived.len(), deliveries.len(), &summary["attempts"]),
            (3, 3, &json!(3)),
            "{event}"
        );
        assert!(
            arrived.windows(2).all(|pair| pair[0] == pair[1]),
            "{event}: body, signature and id are the same: {arrived:#?}"
        );
        let id = &deliveries[0]["message_id"];
        assert!(
            id.is_string() && deliveries.iter().all(|delivery| delivery["message_id"] == *id),
            "{event}: {deliveries:#?}"
        );
        let outcomes: Vec<_> =
            deliveries.iter().map(|delivery| delivery["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["refused", "refused", "delivered"], "{event}");
        assert_eq!(
            deliveries
                .iter()
                .map(|delivery| delivery["attempt"].as_u64().unwrap())
                .collect::<Vec<_>>(),
            [1, 2, 3]
        );
        assert_eq!(
            (&summary["outcome"], &summary["message_id"]),
            (&json!("delivered"), id),
            "{event}"
        );
    }
}

#[test]
fn waits_between_attempts_use_a_virtual_clock() {
    let (outcome, deliveries, summary) =
        simulate("created", &Endpoint::new(&[503, 503, 200]).target(), &[]);
    outcome.exits(0, "recovered");
    let times: Vec<_> =
        deliveries.iter().map(|delivery| delivery["at"].as_str().unwrap()).collect();
    assert_eq!(times, ["2026-01-02T03:04:05Z", "2026-01-02T03:14:05Z", "2026-01-02T03:24:05Z"]);
    assert_eq!(deliveries[0]["would"], json!({"action": "retry", "wait_s": 600}));
    assert_eq!(
        (&deliveries[2]["would"], &summary["span_s"]),
        (&json!({"action": "none"}), &json!(1200))
    );
}

#[test]
fn a_stop_status_ends_it_at_the_first_attempt() {
    let endpoint = Endpoint::new(&[406]);
    let (outcome, deliveries, summary) = simulate("created", &endpoint.target(), &[]);
    outcome.exits(1, "406");
    assert_eq!((endpoint.arrived().len(), deliveries.len()), (1, 1));
    assert_eq!(
        (&summary["outcome"], &deliveries[0]["would"]),
        (&json!("stopped"), &json!({"action": "give-up"}))
    );
}

#[test]
fn an_endpoint_that_always_fails_loses_the_lead_at_the_end() {
    for (event, attempts) in [("created", 8), ("realtorbot:test", 5), ("leadpro:lead.created", 1)] {
        let endpoint = Endpoint::new(&[503]);
        let (outcome, deliveries, summary) = simulate(event, &endpoint.target(), &[]);
        outcome.exits(1, event);
        assert_eq!((endpoint.arrived().len(), deliveries.len()), (attempts, attempts), "{event}");
        // LeadPro documents no retries, so its reaction is unknown.
        let would = if attempts == 1 { "none" } else { "give-up" };
        assert_eq!(deliveries[attempts - 1]["would"], json!({ "action": would }), "{event}");
        assert_eq!(summary["outcome"], "refused", "{event}");
    }
}

#[test]
fn an_unreachable_endpoint_is_a_transport_failure() {
    let dead_port = DeadPort::new();
    let (outcome, deliveries, summary) = simulate("created", &dead_port.target(), &[]);
    let outcome = outcome.exits(4, "nothing listens");
    assert_eq!((deliveries.len(), &summary["outcome"]), (8, &json!("unreachable")));
    let errors = objects(&outcome.stderr);
    assert_eq!(errors.len(), 1, "{outcome:?}");
    assert!(errors[0]["message"].as_str().unwrap().contains(&dead_port.target()), "{errors:?}");
}

#[test]
fn attempts_and_waits_can_be_overridden() {
    let short = plan("created", &["--attempts", "3"]).exits(0, "--attempts").object();
    assert_eq!(schedule(&short), [(0, 0), (600, 600), (1200, 600)]);
    let other = plan("created", &["--schedule", "10m,30m,1h"]).exits(0, "--schedule").object();
    assert_eq!(schedule(&other), [(0, 0), (600, 600), (2400, 1800), (6000, 3600)]);
    let both = plan("leadpro:lead.created", &["--schedule", "1s,2s,3s", "--attempts", "2"])
        .exits(0, "both")
        .object();
    assert_eq!(schedule(&both), [(0, 0), (1, 1)]);
    let endpoint = Endpoint::new(&[503]);
    let (outcome, deliveries, _) =
        simulate("leadpro:lead.created", &endpoint.target(), &["--schedule", "1h,1h"]);
    outcome.exits(1, "lost");
    assert_eq!(
        (endpoint.arrived().len(), &deliveries[1]["would"]),
        (3, &json!({"action": "retry", "wait_s": 3600}))
    );
    for wrong in [
        ["--attempts", "0"],
        ["--attempts", "x"],
        ["--schedule", "soon"],
        ["--schedule", "1.5s"],
        ["--schedule", ""],
    ] {
        let outcome = plan("created", &wrong).exits(2, &wrong.join(" "));
        assert_eq!(objects(&outcome.stderr).len(), 1, "{wrong:?}: {outcome:?}");
    }
}

#[test]
fn a_plan_needs_no_secret_and_a_live_run_does() {
    plan("created", &[]).exits(0, "a plan");
    let endpoint = Endpoint::new(&[200]);
    let live = leadhook!("simulate created {}", endpoint.target()).in_process().exits(2, "live");
    assert_eq!(live.stderr_line("error: "), "no secret for Real Geeks");
    assert_eq!(endpoint.arrived(), []);
    leadhook!("simulate created {} --respond 200", endpoint.target())
        .in_process()
        .exits(2, "responses are for plans only");
}
