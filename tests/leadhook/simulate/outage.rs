//! Forecasts for streams of leads.

use crate::simulate::plan;
use crate::support::{Leadhook, ROOT, keys, leadhook, objects};
use leadhook::providers::Packs;
use serde_json::{Value, json};

/// Arguments for evenly spaced leads.
const EVEN: [&str; 4] = ["--events", "120/h", "--arrivals", "even"];

/// A custom retry schedule.
const POLICY: &str =
    "name = \"ours\"\n[retry]\nwaits = [\"1m\", \"5m\", \"30m\"]\nsuccess = [\"2xx\"]\n";

fn totals(more: &[&str]) -> Value {
    let outcome = plan("created", more);
    assert!([0, 1].contains(&outcome.exit), "{outcome:?}");
    outcome.object()["totals"].take()
}

#[test]
fn the_documented_outage_matches_a_manual_calculation() {
    let outage = &[&EVEN[..], &["--for", "24h", "--outage", "30m..3h"]].concat();
    let plan = plan("created", outage).exits(0, "nothing is lost").object();
    assert_eq!(
        keys(&plan),
        [
            "schema_version",
            "kind",
            "provider",
            "event",
            "attempts",
            "totals",
            "schedule",
            "survives_s",
            "scenario",
            "timeline"
        ]
    );
    let totals = &plan["totals"];
    assert_eq!(
        keys(totals)[..10],
        [
            "messages",
            "first_attempt",
            "late",
            "lost",
            "duplicated",
            "out_of_order",
            "attempts",
            "delay_s",
            "burst_per_s",
            "backlog_gone_s"
        ]
    );
    // One lead per 30 s: 2,880 in a day, and 300 in two and a half hours.
    for (key, expected) in [
        ("messages", json!(2_880)),
        ("first_attempt", json!(2_580)),
        ("late", json!(300)),
        ("lost", json!(0)),
        ("duplicated", json!(0)),
        ("out_of_order", Value::Null),
        // The outage lasts 150 minutes. The next attempt of its first lead is after 240 minutes.
        ("delay_s", json!({"p50": 7200.0, "p90": 14400.0, "p99": 14400.0, "max": 14400.0})),
        // The last delivery is 1 h 59 min 30 s after the outage.
        ("backlog_gone_s", json!(7170.0)),
        ("backlog", json!(300)),
    ] {
        assert_eq!(totals[key], expected, "{key}: {totals}");
    }
    let row = |key: &str| plan["timeline"][key].as_array().unwrap().clone();
    let sum = |key: &str| row(key).iter().map(|count| count.as_u64().unwrap()).sum::<u64>();
    assert_eq!(sum("arrivals"), 2_880);
    assert_eq!(Some(sum("attempts")), totals["attempts"].as_u64());
    assert_eq!(Some(sum("failures")), totals["failures"].as_u64());
    assert_eq!(row("backlog").iter().filter_map(Value::as_u64).max(), Some(300));
}

#[test]
fn the_longest_survivable_outage_follows_from_each_schedule() {
    let packs = Packs::builtin().unwrap();
    let mut spans = Vec::new();
    for pack in packs.iter() {
        let provider = &pack.provider;
        let span: u64 = provider.retry.waits.iter().map(|wait| wait.0).sum();
        spans.push((provider.id.clone(), span));
        let event = format!("{}:{}", provider.id, provider.events[0].name);
        let lost = |length: u64| {
            // An outage before any message begins with the second one, a second later.
            let outage = format!("1s..{}s", 1 + length);
            let more =
                ["--events", "1/s", "--arrivals", "even", "--count", "3", "--outage", &outage];
            let plan =
                leadhook!("simulate {} --format json", event).args(more).in_process().object();
            assert_eq!(plan["survives_s"], json!(span), "{event}");
            plan["totals"]["lost"].as_u64().unwrap()
        };
        if span > 0 {
            assert_eq!(lost(span), 0, "{event}: an outage of the whole retry schedule");
        }
        // Jitter makes the last attempt later, so that a longer outage may be survived as well.
        if provider.retry.jitter.is_none() {
            assert_eq!(lost(span + 1), 1, "{event}: one that is a second longer");
        }
    }
    assert!(spans.contains(&("realgeeks".to_owned(), 8 * 3_600)), "{spans:?}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_in_every_form() {
    let run = |seed, format| {
        let (outcome, dir) = leadhook!(
            "simulate created --events 120/h --for 6h --outage 30m..3h --fail-rate 10% \
             --latency 1s..40s --plot plot.svg --seed {} --format {}",
            seed,
            format
        )
        .run_in();
        (outcome.stdout, std::fs::read(dir.path().join("plot.svg")).unwrap())
    };
    for format in ["json", "human"] {
        assert_eq!(run("7", format), run("7", format), "{format}");
        assert_ne!(run("7", format).0, run("8", format).0, "{format}");
    }
}

#[test]
fn a_random_seed_is_named_and_reproduces_the_run() {
    let args = ["simulate", "created", "--events", "120/h", "--for", "6h", "--format", "json"];
    let first = leadhook(&args);
    let note = first.stderr_line("note: ");
    let seed = note.split_whitespace().nth(1).unwrap().trim_end_matches('`');
    assert!(note.ends_with("repeats this run"), "{note}");
    let again = Leadhook::new(args).args(["--seed", seed]).run();
    assert_eq!((&again.stdout, again.stderr.as_str()), (&first.stdout, ""));
}

#[test]
fn a_late_response_is_processed_twice() {
    let more = [&EVEN[..], &["--count", "10", "--latency", "40s", "--timeout", "30s"]].concat();
    let totals = totals(&more);
    // Every attempt is processed and answered too late.
    let expected = (json!(10), json!(0), json!(10), json!(70), json!(80));
    let found = |key: &str| totals[key].clone();
    assert_eq!(
        (
            found("first_attempt"),
            found("lost"),
            found("duplicated"),
            found("duplicates"),
            found("attempts")
        ),
        expected,
        "{totals}"
    );
}

#[test]
fn the_timeout_of_a_provider_is_used() {
    let policy = POLICY.replace("[\"2xx\"]", "[\"2xx\"]\ntimeout = \"50s\"");
    let run = leadhook!("simulate created --policy p.toml --latency 40s --count 5 --format json")
        .args(EVEN)
        .file("p.toml", policy)
        .run();
    let plans = objects(&run.stdout);
    let duplicated = |plan: &Value| plan["totals"]["duplicated"].clone();
    assert_eq!(
        plans.iter().map(duplicated).collect::<Vec<_>>(),
        [json!(5), json!(0)],
        "30 s for one, 50 s for the other: {plans:#?}"
    );
}

#[test]
fn a_brown_out_applies_only_during_its_interval() {
    let more = [
        &EVEN[..],
        &["--for", "1h", "--fail-rate", "1", "--brown-out", "10m..20m", "--brown-out", "15m..30m"],
    ]
    .concat();
    let totals = totals(&more);
    // 20 minutes of 60, two leads in each.
    assert_eq!((&totals["late"], &totals["first_attempt"]), (&json!(40), &json!(80)), "{totals}");
}

#[test]
fn a_capacity_makes_requests_wait_their_turn() {
    let more = ["--count", "100", "--capacity", "1/s", "--timeout", "10s"];
    let totals = totals(&more);
    assert_eq!(totals["first_attempt"], json!(100), "{totals}");
    // The first eleven are answered in time; the others are processed and retried.
    assert_eq!(totals["duplicated"], json!(89), "{totals}");
}

#[test]
fn a_follow_up_event_can_arrive_before_its_lead() {
    let more =
        [&EVEN[..], &["--for", "2h", "--outage", "0..10m", "--then", "activity_added=9m"]].concat();
    let totals = totals(&more);
    // A lead of the outage is retried after 10 min. Its activity, 9 min after it, arrives first if
    // the outage has ended by then: for the leads from 1 min to 9 min 30 s.
    assert_eq!(totals["messages"], json!(480));
    assert_eq!(totals["out_of_order"], json!(18), "{totals}");
    let shown = leadhook!("simulate created").args(&more).in_process().stdout;
    assert!(shown.contains("Out of order: "), "{shown}");
}

#[test]
fn schedules_are_compared_on_the_same_leads() {
    let args =
        [&["simulate", "created", "--policy", "p.toml", "--outage", "30m..3h"], &EVEN[..]].concat();
    let shown = Leadhook::new(&args).file("p.toml", POLICY).run().exits(1, "one of them loses");
    for line in [
        "                             Real Geeks                 ours",
        "  first attempt          2,580   89.6 %       2,580   89.6 %",
        "  recovered after   1 h 59 min          29 min 30 s",
        "Real Geeks: no lead is lost in one outage of up to 8 h.",
        "ours: no lead is lost in one outage of up to 36 min.",
    ] {
        assert!(shown.stdout.lines().any(|shown| shown == line), "{line}\n{}", shown.stdout);
    }
    let plans = objects(
        &Leadhook::new(&args).args(["--format", "json"]).file("p.toml", POLICY).run().stdout,
    );
    let names: Vec<_> = plans.iter().map(|plan| &plan["schedule"]).collect();
    assert_eq!(names, ["Real Geeks", "ours"]);
    assert_eq!(plans[0]["timeline"]["arrivals"], plans[1]["timeline"]["arrivals"]);
}

#[test]
fn a_pack_is_a_policy_too() {
    let pack = "fixtures/realtorbot/provider.toml";
    let text = std::fs::read_to_string(std::path::Path::new(ROOT).join(pack)).unwrap();
    let plans = objects(
        &leadhook!("simulate created --policy other.toml --format json")
            .file("other.toml", text)
            .run()
            .stdout,
    );
    let shown: Vec<_> = plans
        .iter()
        .map(|plan| {
            (plan["schedule"].as_str().unwrap(), plan["attempts"].as_array().unwrap().len())
        })
        .collect();
    assert_eq!(shown, [("Real Geeks", 8), ("Realtor Bot", 5)]);
}

#[test]
fn a_sweep_has_a_line_for_each_length() {
    let args = [&["simulate", "created", "--sweep", "10m,8h,9h"], &EVEN[..]].concat();
    let shown = leadhook(&args).exits(1, "the longest loses").stdout;
    assert_eq!(shown.lines().count(), 5, "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    let json = objects(&Leadhook::new(&args).args(["--format", "json"]).run().stdout);
    let lost: Vec<_> = json
        .iter()
        .map(|plan| (plan["scenario"]["outages_s"][0][1].clone(), plan["totals"]["lost"].clone()))
        .collect();
    let expected = [(600.0, 0), (28_800.0, 0), (32_400.0, 120)];
    assert_eq!(lost, expected.map(|(length, lost)| (json!(length), json!(lost))));
}

#[test]
fn the_report_fits_80_columns() {
    for more in [
        &["--events", "5/s", "--for", "3h", "--outage", "1h..2h", "--capacity", "9/s"][..],
        &["--events", "1/d", "--for", "400d", "--outage", "1d..3d"],
        &["--count", "1000", "--outage", "0..1s", "--fail-rate", "0.123456"],
        &["--events", "1000/s", "--for", "10m", "--outage", "1m..2m", "--latency", "1ms..60s"],
    ] {
        let shown = leadhook!("simulate created --seed 1").args(more).in_process().stdout;
        let long: Vec<_> = shown.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(long.is_empty(), "{more:?}: {long:#?}");
        assert!(shown.contains("  arrivals "), "{shown}");
    }
}

#[test]
fn a_schedule_of_one_attempt_survives_no_outage() {
    let shown = leadhook!("simulate leadpro:lead.created --outage 0..1m")
        .args(EVEN)
        .in_process()
        .exits(1, "two leads are lost")
        .stdout;
    let last = "LeadPro: one attempt, and no lead survives an outage.";
    assert_eq!(shown.lines().last(), Some(last), "{shown}");
}

#[test]
fn one_lead_in_an_outage_is_listed_attempt_by_attempt() {
    let more = ["--outage", "0..15m", "--outage", "20m..25m"];
    let shown = leadhook!("simulate created").args(more).in_process().exits(0, "one lead").stdout;
    let lines: Vec<_> = shown.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "1                 -           0  unreachable",
            "2            10 min      10 min  unreachable",
            "3            10 min      20 min  unreachable",
            "4            10 min      30 min  200 delivered",
            "Delivered, 30 min late."
        ]
    );
}

#[test]
fn invalid_values_are_rejected_and_named() {
    let with = |more: &[&'static str]| [&["simulate", "created"], more].concat();
    for (args, message) in [
        (with(&["--outage", "3h..30m"]), "`3h..30m` is an empty interval"),
        (with(&["--outage", "30m"]), "`30m` is not an interval"),
        (with(&["--outage=-1m..3h"]), "-1m..3h"),
        (with(&["--events", "0/h"]), "`0/h` is not a frequency"),
        (with(&["--events", "fast"]), "`fast` is not a frequency"),
        (with(&["--capacity", "0/s"]), "`0/s` is not a frequency"),
        (with(&["--events", "1/h", "--for", "0s"]), "a duration above zero"),
        (with(&["--count", "0"]), "`0`"),
        (with(&["--count", "10000001"]), "`10000001`"),
        (with(&["--events", "1000000/s"]), "the maximum is 10000000"),
        (
            with(
                &[&["--count", "7500001"][..], &["--then", "activity_added=5m"].repeat(3)].concat(),
            ),
            "would create 30000004 messages; the maximum is 30000000",
        ),
        (with(&["--attempts", "0"]), "`0`"),
        (with(&["--schedule=-5m"]), "`-5m` is not a duration"),
        (with(&["--schedule", "soon"]), "`soon` is not a duration"),
        (with(&["--schedule", ""]), "is not a duration"),
        (with(&["--fail-rate", "2"]), "`2` is not a rate"),
        (with(&["--latency", "2s..1s"]), "`2s..1s` is not a latency"),
        (with(&["--brown-out", "1h..2h"]), "`--brown-out` needs `--capacity`"),
        (with(&["--sweep", "1h"]), "`--sweep` needs a stream"),
        (with(&["--plot", "x.svg"]), "`--plot` needs a stream"),
        (with(&["--for", "1h"]), "--events"),
        (with(&["--then", "created_again=5m"]), "unknown event in `--then` `created_again`"),
        (with(&["--then", "activity_added"]), "activity_added=5m"),
        (with(&["--seed", "1"]), "have no effect in a plan"),
        (with(&["--events", "1/h", "--variant", "minimal"]), "have no effect in a plan"),
        (with(&["--speed", "60x"]), "<URL>"),
        (with(&["--journal", "j"]), "<URL>"),
        (with(&[":1", "--outage", "0..1h"]), "--outage"),
        (with(&[":1", "--sweep", "1h"]), "--sweep"),
    ] {
        let outcome = leadhook(&args).exits(2, &format!("{args:?}"));
        assert!(
            outcome.stderr.contains(message),
            "{args:?}: {message:?} is not in {}",
            outcome.stderr
        );
        assert_eq!(outcome.stdout, "", "{args:?}");
    }
}

#[test]
fn an_invalid_policy_is_rejected_with_its_line_and_value() {
    for (policy, message) in [
        ("", "missing field `retry`"),
        ("[retry]\nwaits = [\"-1m\"]\nsuccess = [\"200\"]\n", "`-1m` is not a duration"),
        ("[retry]\nwaits = []\nsuccess = []\n", "no status counts as success"),
        (
            "[retry]\nwaits = []\nsuccess = [\"2xx\"]\nstop = [\"204\"]\n",
            "status 204 is in `success` and in `stop`",
        ),
        ("[retry]\nwaits = [\"1m\"]\nsuccess = [\"2xx\"]\nwait = 1\n", "unknown field `wait`"),
    ] {
        let run = leadhook!("simulate created --policy p.toml");
        let outcome = run.file("p.toml", policy).run().exits(2, policy);
        assert!(outcome.stderr.contains(message), "{policy:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("`p.toml` line "), "{}", outcome.stderr);
    }
    leadhook!("simulate created --policy none.toml").run().exits(3, "no such file");
}

/// The drawing in the README is the output of its command.
#[test]
#[expect(clippy::disallowed_methods, reason = "`UPDATE=1` is set by the user who runs the tests")]
fn the_drawing_of_the_readme_is_up_to_date() {
    let policy = "[retry]\nwaits = [\"1m\", \"5m\", \"30m\", \"1h\"]\nsuccess = [\"2xx\"]\n";
    let (_, dir) = leadhook!(
        "simulate created --outage 30m..3h --events 120/h --for 12h --seed 1 \
         --policy ours.toml --plot plot.svg"
    )
    .file("ours.toml", policy)
    .run_in();
    let drawing = std::fs::read_to_string(dir.path().join("plot.svg")).unwrap();
    let path = std::path::Path::new(ROOT).join("docs/book/src/outage.svg");
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, &drawing).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(
        committed == drawing,
        "docs/book/src/outage.svg is not current: UPDATE=1 cargo test drawing_of_the_readme"
    );
}

#[test]
fn a_drawing_is_written_completely_or_reported_as_an_error() {
    let outcome = leadhook!("simulate created --plot no/such/plot.svg")
        .args(EVEN)
        .in_process()
        .exits(3, "no folder");
    assert!(outcome.stderr.contains("cannot write drawing `no/such/plot.svg`"), "{outcome:?}");
    let outcome = leadhook!("simulate created --plot -")
        .args(EVEN)
        .run()
        .exits(3, "standard output is used for the result");
    assert!(outcome.stderr.contains("name a file"), "{outcome:?}");
    let (_, dir) =
        leadhook!("simulate created --plot plot.svg --outage 1h..2h").args(EVEN).run_in();
    let drawing = std::fs::read_to_string(dir.path().join("plot.svg")).unwrap();
    assert!(drawing.starts_with("<?xml") && drawing.ends_with("</svg>\n"), "{drawing}");
    // One band of the outage for each of three panels.
    assert_eq!(drawing.matches("<rect class=\"outage\"").count(), 3, "{drawing}");
    for text in ["Outage of 1 h: 0 of 2,880 leads lost", "2,880 leads in 1 d", "Not shown: "] {
        assert!(drawing.contains(text), "{text}: {drawing}");
    }
}
