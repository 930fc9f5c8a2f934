//! Errors for invalid command lines, and the commands that only print: events, completions, man.

use crate::support::{keys, leadhook, objects};
use serde_json::{Value, json};

/// Invalid command lines, each with a substring of its error and one of its hint.
const INVALID: &[(&[&str], &str, &str)] = &[
    (&["send", "creatd", "--secret", "s"], "unknown event `creatd`", "`created`"),
    (
        &["send", "lead.create", "--secret", "s"],
        "unknown event `lead.create`",
        "`leadpro:lead.created`",
    ),
    (
        &["send", "realgeeks:lead.created", "--secret", "s"],
        "unknown event `lead.created`",
        "`created`",
    ),
    (
        &["send", "lead.created", "--secret", "s"],
        "event `lead.created` is known to 2 providers",
        "`leadpro:lead.created` or `realtorbot:lead.created`",
    ),
    (&["simulate", "crated"], "unknown event `crated`", "`created`"),
    (&["sign", "-", "--event", "updatd", "--secret", "s"], "unknown event `updatd`", "`updated`"),
    (&["events", "show", "creatd"], "unknown event `creatd`", "`created`"),
    (&["events", "schema", "tset"], "unknown event `tset`", "`test`"),
    (
        &["send", "created", "-p", "realgeek", "--secret", "s"],
        "unknown provider `realgeek`",
        "`realgeeks`",
    ),
    (
        &["verify", "x", "-p", "zzz"],
        "unknown provider `zzz`",
        "`realgeeks`, `leadpro`, `realtorbot`",
    ),
    (&["events", "show", "lead-pro:lead.created"], "unknown provider `lead-pro`", "`leadpro`"),
    (
        &["send", "created", "--secret", "s", "--dry-run", "--set", "first_nam=x"],
        "no `first_nam` in the payload",
        "`first_name`",
    ),
    (
        &["send", "created", "--secret", "s", "--dry-run", "--set", "activities[0].tpe=x"],
        "no `activities[0].tpe`",
        "`activities[0].type`",
    ),
    (
        &["send", "created", "--secret", "s", "--dry-run", "--unset", "/emial"],
        "no `/emial` in the payload",
        "`email`",
    ),
    (
        &["send", "created", "--secret", "s", "--dry-run", "--set", "a[=x"],
        "`a[` is not a path",
        "`activities[0].type`",
    ),
    (
        &["send", "created", "--secret", "s", "--dry-run", "--set", "first_name"],
        "`first_name`",
        "--help",
    ),
    (
        &["send", "created", "--secret", "s", "--dry-run", "--set-json", "first_name={"],
        "expected JSON",
        "--help",
    ),
    (&["send", "created", "--secret", "s", "--tamper", "bdy"], "unknown tamper `bdy`", "`body`"),
    (
        &["send", "created", "--secret", "s", "--variant", "seller"],
        "unknown variant `seller` of `created`",
        "`potential-seller`",
    ),
    (
        &["events", "show", "test", "--variant", "x"],
        "unknown variant `x` of `test`",
        "none is defined",
    ),
    (&["practice", ":0", "--fault", "no-dedup"], "unknown fault `no-dedup`", "`no-dedupe`"),
    (&["practice", "0.0.0.0:0"], "`0.0.0.0:0` is not this machine", "`leadhook listen`"),
    (&["send", "created", "--sed", "1"], "`--sed`", "`--seed`"),
    (&["listen", "--sav", "x"], "`--sav`", "`--save`"),
    (&["snd"], "`snd`", "`send`"),
    (&[], "no command given", "`leadhook help`"),
    (&["send"], "<EVENT>", "--help"),
    (&["send", "created", "--format", "yaml"], "`yaml`", "human, json"),
    (&["completions", "tcsh"], "`tcsh`", "bash"),
    (&["send", "created", ":x", "--secret", "s"], "`:x` is not a target", ":3000/hooks"),
    (&["send", "created", "ftp://localhost", "--secret", "s"], "`ftp:`", ":3000/hooks"),
    (&["listen", "nowhere"], "`nowhere` is not an address", "--help"),
    (
        &["send", "created", "--secret", "s", "--now", "yesterday"],
        "`yesterday` is not a time",
        "--help",
    ),
    (&["send", "created", "--secret", "s", "--timeout", "5"], "`5` is not a duration", "--help"),
    (&["send", "created"], "no secret for Real Geeks", "LEADHOOK_REALGEEKS_SECRET"),
    (&["send", "leadpro:lead.created", "--secret"], "no secret for LeadPro", "--secret-file"),
    (
        &["send", "created", "--secret", ":3000"],
        "`--secret` looks like a target",
        "put the target before `--secret`",
    ),
    (
        &["send", "created", "--secret", "http://localhost:3000/x"],
        "`--secret` looks like a target",
        "--secret-file",
    ),
    (
        &["verify", "x", "--secret", "localhost:3000"],
        "`--secret` looks like a target",
        "--secret-file",
    ),
    (&["listen", ":0", "--secret", " "], "`--secret`: the secret is empty", "signing secret"),
    (
        &["send", "created", "--secret=-----BEGIN PRIVATE KEY-----"],
        "is a PEM key",
        "signing secret",
    ),
];

#[test]
fn an_invalid_command_line_is_one_error_line_with_a_hint() {
    for (args, names, hint) in INVALID {
        let case = format!("{args:?}");
        let outcome = leadhook(args).exits(2, &case);
        assert_eq!(outcome.stdout, "", "{case}");
        assert_eq!(outcome.stderr.lines().count(), 2, "{case}: {outcome:#?}");
        assert!(outcome.stderr.starts_with("error: "), "{case}: {outcome:#?}");
        assert!(
            outcome.stderr_line("error: ").contains(names),
            "{case}: {names:?} is not in {outcome:#?}"
        );
        assert!(
            outcome.stderr_line("hint: ").contains(hint),
            "{case}: {hint:?} is not in {outcome:#?}"
        );
    }
}

#[test]
fn an_invalid_command_line_is_one_json_object_on_standard_error() {
    for (args, names, hint) in INVALID.iter().filter(|(args, ..)| !args.contains(&"yaml")) {
        // Before `--secret`, which would otherwise use it as its value.
        let args = [&["--format", "json"], *args].concat();
        let case = format!("{args:?}");
        let outcome = leadhook(&args).exits(2, &case);
        assert_eq!(outcome.stdout, "", "{case}");
        let errors = objects(&outcome.stderr);
        assert_eq!(errors.len(), 1, "{case}");
        assert_eq!(
            keys(&errors[0]),
            ["schema_version", "kind", "code", "message", "hint", "exit"],
            "{case}"
        );
        assert_eq!(
            (&errors[0]["kind"], &errors[0]["exit"]),
            (&json!("error"), &json!(2)),
            "{case}"
        );
        let code = errors[0]["code"].as_str().unwrap();
        assert!(
            code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
            "{case}: {code}"
        );
        assert!(errors[0]["message"].as_str().unwrap().contains(names), "{case}: {errors:?}");
        assert!(errors[0]["hint"].as_str().unwrap().contains(hint), "{case}: {errors:?}");
    }
}

#[test]
fn an_empty_secret_file_or_variable_is_rejected_and_named() {
    for (content, why) in [
        ("", "is empty"),
        ("\n", "is empty"),
        (" \t\r\n", "is empty"),
        ("-----BEGIN RSA PRIVATE KEY-----\n", "PEM key"),
    ] {
        let outcome = leadhook!("send created --secret-file key")
            .file("key", content)
            .run()
            .exits(2, content);
        let message = outcome.stderr_line("error: ");
        assert!(
            message.contains("`--secret-file key`") && message.contains(why),
            "{content:?}: {message}"
        );
    }
    let blank = leadhook!("send created")
        .env("LEADHOOK_REALGEEKS_SECRET", "  ")
        .in_process()
        .exits(2, "a blank variable");
    assert_eq!(blank.stderr_line("error: "), "LEADHOOK_REALGEEKS_SECRET: the secret is empty");
    let unset = leadhook!("send created")
        .env("LEADHOOK_SECRET", "")
        .in_process()
        .exits(2, "an empty variable");
    assert_eq!(unset.stderr_line("error: "), "no secret for Real Geeks");
    let absent =
        leadhook!("send created --secret-file nowhere").in_process().exits(3, "no such file");
    assert!(absent.stderr_line("error: ").contains("`--secret-file` names"), "{absent:?}");
}

#[test]
fn the_provider_can_come_from_the_environment() {
    let shown =
        leadhook!("events show lead.created --format json").env("LEADHOOK_PROVIDER", "leadpro");
    assert_eq!(shown.run().exits(0, "leadpro").object()["provider"], "leadpro");
    let flag = leadhook!("events show lead.created --format json -p realtorbot")
        .env("LEADHOOK_PROVIDER", "leadpro")
        .in_process()
        .exits(0, "the option takes precedence")
        .object();
    assert_eq!(flag["provider"], "realtorbot");
    let wrong =
        leadhook!("events").env("LEADHOOK_PROVIDER", "nobody").in_process().exits(2, "unknown");
    assert_eq!(wrong.stderr_line("error: "), "unknown provider `nobody`");
}

#[test]
fn help_and_version_succeed_on_standard_output() {
    for args in [
        ["--help"].as_slice(),
        &["help"],
        &["help", "send"],
        &["send", "--help"],
        &["verify", "-h"],
        &["--version"],
        &["-V"],
    ] {
        let outcome = leadhook(args).exits(0, &format!("{args:?}"));
        assert!(!outcome.stdout.is_empty() && outcome.stderr.is_empty(), "{args:?}: {outcome:?}");
    }
    assert_eq!(
        leadhook!("--version").in_process().stdout,
        format!("leadhook {}\n", env!("CARGO_PKG_VERSION"))
    );
    assert!(
        leadhook!("--help")
            .in_process()
            .stdout
            .contains("Exit status: 0 success, 1 failure, 2 usage")
    );
}

#[test]
fn colour_is_used_on_terminals_and_on_request() {
    let run = |more: &[&str]| {
        leadhook!("simulate created").args(more).in_process().exits(0, "a plan").stdout
    };
    assert!(!run(&[]).contains('\u{1b}'), "a pipe is not a terminal");
    assert!(run(&["--color", "always"]).contains('\u{1b}'));
    let forced = leadhook!("simulate created").env("CLICOLOR_FORCE", "1");
    assert!(forced.run().stdout.contains('\u{1b}'), "CLICOLOR_FORCE");
    let refused = leadhook!("simulate created").env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1");
    assert!(!refused.run().stdout.contains('\u{1b}'), "NO_COLOR");
}

#[test]
fn every_event_is_listed_with_its_provider_and_variants() {
    let list = leadhook!("events --format json").in_process().exits(0, "events").object();
    assert_eq!(leadhook!("events list --format json").in_process().object(), list);
    let listed = list["events"].as_array().unwrap();
    let count =
        |provider: &str| listed.iter().filter(|event| event["provider"] == provider).count();
    assert_eq!((count("realgeeks"), count("leadpro"), count("realtorbot")), (6, 2, 19));
    let created = listed.iter().find(|event| event["event"] == "created").unwrap();
    assert_eq!(
        (&created["shape"], &created["variants"]),
        (
            &json!("documented"),
            &json!(["minimal", "maximal", "unicode", "potential-seller", "bare-id"])
        )
    );
    let human = leadhook!("events").in_process().stdout;
    for event in listed {
        assert!(human.contains(event["event"].as_str().unwrap()), "{event}");
    }
    let one = leadhook!("events -p leadpro --format json").in_process().object();
    assert_eq!(one["events"].as_array().map(Vec::len), Some(2));
}

#[test]
fn an_unconfirmed_sample_is_marked_and_matches_its_schema() {
    let list = leadhook!("events --format json").in_process().object();
    let mut guesses = 0;
    for event in list["events"].as_array().unwrap() {
        let name =
            format!("{}:{}", event["provider"].as_str().unwrap(), event["event"].as_str().unwrap());
        let shown = leadhook!("events show {} --format json", name).in_process().exits(0, &name);
        let is_guess = event["shape"] == "guess";
        guesses += usize::from(is_guess);
        assert_eq!(shown.stderr.contains("are a guess"), is_guess, "{name}: {shown:?}");
        let payload = &shown.object()["payload"];
        let printed =
            leadhook!("events schema {} --format json", name).in_process().exits(0, &name);
        let schema = printed.object()["schema"].take();
        // Nothing is fetched, and tools differ on base URIs: every reference must be internal.
        let text = schema.to_string();
        assert_eq!(
            text.matches("\"$ref\":\"").count(),
            text.matches("\"$ref\":\"#").count(),
            "{name}"
        );
        let validator =
            jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(validator.is_valid(payload), "{name}");
        assert!(!validator.is_valid(&json!([])), "{name}: a list is not a payload");
        let human = leadhook!("events schema {}", name).in_process().stdout;
        assert_eq!(serde_json::from_str::<Value>(&human).ok(), Some(schema), "{name}");
    }
    assert_eq!(guesses, 16);
    let human = leadhook!("events show created --variant potential-seller")
        .in_process()
        .exits(0, "a variant");
    let payload: Value = serde_json::from_str(&human.stdout).unwrap();
    assert_eq!(payload["role"], "Potential Seller");
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let commands = [
        "send",
        "sign",
        "verify",
        "decode",
        "diff",
        "listen",
        "simulate",
        "replay",
        "practice",
        "events",
        "demo",
        "completions",
        "man",
    ];
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = leadhook!("completions {}", shell).in_process().exits(0, shell).stdout;
        for command in commands {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
    let page = leadhook!("man").in_process().exits(0, "man").stdout;
    assert!(page.contains(".TH leadhook 1"), "{page:.200}");
    for command in commands {
        assert!(
            page.contains(&format!(".SH \"LEADHOOK {}\"", command.to_uppercase())),
            "{command}"
        );
    }
}
