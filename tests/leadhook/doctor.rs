//! `leadhook doctor`: every check by itself, the exit status, and what is never printed.

use crate::in_process::{run_in, sealed};
use crate::support::{DeadPort, Endpoint, Leadhook, Outcome};
use leadhook::output::wrap::columns;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};

/// The names of the checks that every run has.
const ALWAYS: &[&str] = &[
    "version",
    "configuration",
    "packs",
    "secret",
    "target",
    "port",
    "proxy",
    "clock",
    "completions",
    "terminal",
];

/// Returns the results of one check, as status and message.
fn results<'r>(report: &'r Value, check: &str) -> Vec<(&'r str, &'r str)> {
    let checks = report["checks"].as_array().unwrap();
    let of_check = checks.iter().filter(|result| result["check"] == check);
    of_check
        .map(|result| (result["status"].as_str().unwrap(), result["message"].as_str().unwrap()))
        .collect()
}

/// Runs it with JSON output, in a folder of its own.
fn doctor(args: &[&str]) -> Leadhook {
    Leadhook::new(["doctor", "--format", "json"]).args(args)
}

/// Asserts that a check has a result with this status whose message contains `part`.
#[track_caller]
fn assert_result(outcome: &Outcome, check: &str, status: &str, part: &str) {
    let report = outcome.object();
    let results = results(&report, check);
    let has = results.iter().any(|(found, message)| *found == status && message.contains(part));
    assert!(has, "{check}: no {status} with {part:?} in {results:#?}");
}

#[test]
fn an_empty_folder_has_no_problems() {
    let outcome = doctor(&[]).run().exits(0, "an empty folder");
    let report = outcome.object();
    assert_eq!(report["problems"], 0);
    for check in ALWAYS {
        assert!(!results(&report, check).is_empty(), "{check}: {report:#}");
    }
    assert_eq!(results(&report, "secret").len(), 1);
    assert_result(&outcome, "secret", "note", "none");
    assert_result(&outcome, "configuration", "ok", "no ./leadhook.toml");
    assert_result(&outcome, "clock", "ok", "plausible");
    let text = leadhook!("doctor").run().exits(0, "text").stdout;
    assert!(text.starts_with("ok       version"), "{text}");
    assert!(text.contains("\n\nno problems, "), "{text}");
}

#[test]
fn a_broken_file_stops_no_other_check() {
    let outcome = doctor(&["--profile", "ci"])
        .file("leadhook.toml", "targt = \":3000\"\n")
        .file(".config/leadhook/leadhook.toml", "secret-env = \"OWN\"\n[profile.dev]\n")
        .env("OWN", "0123456789abcdef0123456789abcdef")
        .run()
        .exits(1, "a broken file");
    assert_result(&outcome, "configuration", "problem", "line 1: unknown key `targt`");
    assert_result(&outcome, "configuration", "ok", "your own file");
    assert_result(&outcome, "profile", "problem", "unknown profile `ci`");
    assert_result(&outcome, "secret", "ok", "`OWN` (named by ");
    let report = outcome.object();
    for check in ALWAYS {
        assert!(!results(&report, check).is_empty(), "{check}: {report:#}");
    }
    let hints: Vec<_> = report["checks"].as_array().unwrap().iter().map(|it| &it["hint"]).collect();
    assert!(hints.contains(&&json!("did you mean `target`?")), "{hints:?}");
}

#[test]
fn an_invalid_variable_or_option_is_a_problem() {
    let outcome = doctor(&["-p", "leadprp", "--pack", "nowhere"])
        .env("LEADHOOK_VERBOSE", "many")
        .env("LEADHOOK_SECERT", "x")
        .run()
        .exits(1, "variables");
    assert_result(&outcome, "variables", "problem", "LEADHOOK_VERBOSE");
    assert_result(&outcome, "variables", "note", "LEADHOOK_SECERT has no effect");
    assert_result(&outcome, "provider", "problem", "unknown provider `leadprp`");
    assert_result(&outcome, "packs", "problem", "nowhere");
    assert_result(&outcome, "packs", "ok", "built in: realgeeks");
}

#[test]
fn secrets_are_described_and_never_printed() {
    const LONG: &str = "0123456789abcdef0123456789abcdef";
    for (name, content, bytes, note) in [
        ("two newlines", "s3cr3t-v4lue\n\n", 13, Some("ends in a newline")),
        ("spaces", " s3cr3t-v4lue\n", 13, Some("begins or ends with white space")),
        ("a byte order mark", "\u{feff}s3cr3t-v4lue\n", 12, Some("byte order mark")),
        ("a short one", "s3cr3t-v4lue", 12, Some("shorter than the 32 bytes")),
        ("a long one", &LONG.replace("01234567", "s3cr3t-v"), 32, None),
    ] {
        let outcome = doctor(&["--secret-file", "key"]).file("key", content).run().exits(0, name);
        let text = Leadhook::new(["doctor", "--secret-file", "key"]).file("key", content).run();
        for shown in [&outcome.stdout, &outcome.stderr, &text.stdout, &text.stderr] {
            assert!(!shown.contains("s3cr3t"), "{name}: {shown}");
        }
        let report = outcome.object();
        let checks = report["checks"].as_array().unwrap();
        let found = checks.iter().find(|result| result["bytes"].is_number()).unwrap();
        assert_eq!(found["bytes"], bytes, "{name}");
        assert!(found["message"].as_str().unwrap().contains("--secret-file key"), "{found}");
        match note {
            Some(note) => {
                assert_result(&outcome, "secret", "note", note);
                let hints: Vec<_> =
                    checks.iter().filter_map(|check| check["hint"].as_str()).collect();
                let is_fixable = note.contains("newline") || note.contains("white space");
                let is_hinted = hints.iter().any(|hint| hint.contains("unless the provider's"));
                assert_eq!(is_hinted, is_fixable, "{name}: {hints:?}");
            }
            None => assert_eq!(results(&report, "secret").len(), 1, "{report:#}"),
        }
    }
}

#[test]
fn the_secret_of_each_provider_is_described() {
    let outcome = doctor(&[])
        .env("LEADHOOK_REALGEEKS_SECRET", "one")
        .env("LEADHOOK_SECRET", "other")
        .run()
        .exits(0, "two secrets");
    assert_result(&outcome, "secret", "ok", "LEADHOOK_REALGEEKS_SECRET: 3 bytes, for realgeeks");
    assert_result(&outcome, "secret", "ok", "LEADHOOK_SECRET: 5 bytes, for leadpro, realtorbot");
    let outcome = doctor(&[])
        .file(
            "leadhook.toml",
            "secret-env = \"UNSET\"\n[providers.leadpro]\nsecret-file = \"no\"\n",
        )
        .run()
        .exits(1, "an unreadable file");
    assert_result(&outcome, "secret", "problem", "cannot read");
    assert_result(&outcome, "secret", "note", "`UNSET`, named by leadhook.toml:1, is not set");
}

#[test]
fn a_target_is_connected_to_and_nothing_is_sent() {
    let endpoint = Endpoint::new(&[200]);
    let outcome = doctor(&[&endpoint.target()]).run().exits(0, "a running app");
    assert_result(&outcome, "target", "ok", "accepts connections");
    let dead = DeadPort::new();
    for (name, run) in [
        ("an argument", doctor(&[&dead.target()])),
        ("a variable", doctor(&[]).env("LEADHOOK_TARGET", &dead.target())),
        ("a file", doctor(&[]).file("leadhook.toml", format!("target = \"{}\"\n", dead.target()))),
    ] {
        let outcome = run.run().exits(1, name);
        assert_result(&outcome, "target", "problem", "is not reachable: connection refused");
    }
    assert!(endpoint.arrived().is_empty(), "{:?}", endpoint.arrived());
}

#[test]
fn a_target_that_is_not_trusted_is_not_contacted() {
    let remote = "target = \"http://192.0.2.1:81/hooks\"\n";
    let outcome = doctor(&[]).file("leadhook.toml", remote).run().exits(0, "a remote target");
    assert_result(&outcome, "target", "note", "is refused, and was not contacted");
    for target in ["http://169.254.169.254/", ":x"] {
        let outcome = doctor(&[target]).run().exits(1, target);
        assert_eq!(results(&outcome.object(), "target")[0].0, "problem");
    }
    let secret = outcome_of_userinfo();
    assert!(!secret.stdout.contains("hunter2"), "{}", secret.stdout);
}

fn outcome_of_userinfo() -> Outcome {
    doctor(&[])
        .env("LEADHOOK_TARGET", "http://jo:hunter2@127.0.0.1:1/")
        .env("HTTPS_PROXY", "http://jo:hunter2@example.com/")
        .run()
        .exits(1, "a password in a target")
}

#[test]
fn a_broken_pack_and_an_unknown_provider_are_problems() {
    let outcome = doctor(&[])
        .file(
            "leadhook.toml",
            "[providers.acme]\npack = \"p\"\n[providers.leadprp]\ntarget = \":1\"\n",
        )
        .file("p/provider.toml", "id = 7\n")
        .run()
        .exits(1, "a broken pack");
    assert_result(&outcome, "packs", "problem", "pack `acme`");
    assert_result(&outcome, "provider", "problem", "leadhook.toml:4: unknown provider `leadprp`");
    assert_eq!(outcome.stderr, "");
}

#[test]
fn proxies_completions_and_a_wrong_clock_are_found() {
    let outcome = doctor(&[])
        .env("https_proxy", "http://127.0.0.1:1/")
        .env("SHELL", "/usr/bin/fish")
        .file(".config/fish/completions/leadhook.fish", "")
        .run()
        .exits(0, "a proxy");
    assert_result(&outcome, "proxy", "note", "https_proxy is set and ignored");
    assert_result(&outcome, "completions", "ok", "installed for fish");
    let loaded = doctor(&[])
        .env("SHELL", "/bin/elvish")
        .file(".config/elvish/rc.elv", "eval (leadhook completions elvish | slurp)\n")
        .run();
    assert_result(&loaded, "completions", "ok", "loaded for elvish");
    let none = doctor(&[]).env("SHELL", "/bin/tcsh").run().exits(0, "another shell");
    assert_result(&none, "completions", "note", "tcsh");
    let early = sealed(&[]).with_system_clock(|| SystemTime::UNIX_EPOCH + Duration::from_secs(60));
    let outcome = run_in(early, &["doctor", "--format", "json"]).exits(1, "a clock of 1970");
    assert_result(&outcome, "clock", "problem", "1970-01-01T00:01:00Z is before");
    let beyond = || SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_800);
    let outcome = run_in(sealed(&[]).with_system_clock(beyond), &["doctor", "--format", "json"]);
    assert_result(&outcome.exits(1, "the year 10000"), "clock", "problem", "");
}

#[test]
fn a_configured_proxy_is_contacted_instead_of_the_target() {
    let (proxy, dead) = (Endpoint::new(&[200]), DeadPort::new());
    let behind = |proxy: &str| doctor(&[&dead.target()]).env("LEADHOOK_PROXY", proxy);
    let url = format!("http://jo:hunter2@{}", proxy.address());
    let outcome = behind(&url).run().exits(0, "a running proxy");
    assert_result(&outcome, "proxy", "note", "LEADHOOK_PROXY sends every request through http://");
    assert_result(&outcome, "target", "ok", "is reached by the proxy, and was not contacted");
    assert!(!outcome.stdout.contains("hunter2"), "{}", outcome.stdout);
    assert!(proxy.arrived().is_empty(), "{:?}", proxy.arrived());
    let url = format!("http://jo:hunter2@127.0.0.1{}", dead.target());
    let outcome = behind(&url).run().exits(1, "no proxy");
    assert_result(&outcome, "proxy", "problem", "which is not reachable: connection refused");
}

#[test]
fn the_text_fits_into_the_terminal() {
    for width in [60, 80, 120] {
        let text = leadhook!("doctor --color never")
            .env("COLUMNS", &width.to_string())
            .env("LEADHOOK_SECERT", "x")
            .run()
            .exits(0, "text")
            .stdout;
        for line in text.lines() {
            assert!(columns(line) <= width, "{width}: {line}");
        }
        assert!(text.contains("hint: did you mean"), "{text}");
    }
}
