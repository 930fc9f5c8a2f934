//! Errors for invalid command lines, and the commands that only print: events, completions, man.

use crate::support::{Endpoint, keys, leadhook, objects};
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
    (&["snd"], "unknown command `snd`", "did you mean `leadhook send`?"),
    (&["send"], "missing `<EVENT>`", "--help"),
    (&["send", "created", "--format", "yaml"], "expected `human`, `json`", "send --help"),
    (&["completions", "tcsh"], "expected `bash`, ", "did you mean `zsh`?"),
    (&["send", "created", ":x", "--secret", "s"], "`:x` is not a target", ":3000/hooks"),
    (&["send", "created", "ftp://localhost", "--secret", "s"], "`ftp:`", ":3000/hooks"),
    (&["listen", "nowhere"], "`nowhere` is not an address", "--help"),
    (
        &["send", "created", "--secret", "s", "--now", "yesterday"],
        "`yesterday` is not a time",
        "--help",
    ),
    (&["send", "created", "--secret", "s", "--timeout", "5"], "`5` is not a duration", "--help"),
    (&["trigger"], "`trigger`", "did you mean `leadhook send`?"),
    (&["serve"], "`serve`", "did you mean `leadhook listen`?"),
    (&["logs"], "`logs`", "did you mean `leadhook verify`?"),
    (&["list"], "`list`", "did you mean `leadhook events list`?"),
    (&["version"], "`version`", "did you mean `leadhook --version`?"),
    (&["mock"], "`mock`", "did you mean `leadhook practice`?"),
    (&["record"], "`record`", "did you mean `leadhook listen --save`?"),
    (&["nothing"], "`nothing`", "`leadhook help` lists the commands"),
    (&["help", "nothing"], "`nothing`", "`leadhook help` lists the commands"),
    (&["help", "snd"], "`snd`", "did you mean `send`?"),
    (&["help", "logs"], "`logs`", "did you mean `leadhook help verify`?"),
    (&["man", "trigger"], "`trigger`", "did you mean `leadhook man send`?"),
    (&["man", "events", "shw"], "`shw`", "did you mean `show`?"),
    (&["help", "events", "zzz"], "`zzz`", "`leadhook help events` lists the commands"),
    (&["man", "send", "x"], "`x`", "`leadhook send` has no subcommands"),
    (&["man", "send", "--output", "d"], "`--output <DIR>`", "see `leadhook man --help`"),
    (
        &["send", "created", ":99999", "--secret", "s"],
        "`:99999` is not a target: the port must be 1 to 65535",
        ":3000/hooks",
    ),
    (&["listen", ":80000"], "the port must be 1 to 65535, or 0 for a free one", "listen --help"),
    (&["listen", "1.2.3.4"], "the port is missing, as in `1.2.3.4:9090`", "listen --help"),
    (
        &["send", "created", "--secret", "s", "--seed", "-1"],
        "invalid value `-1` for `--seed <N>`: expected 0 or more",
        "see `leadhook send --help`",
    ),
    (&["send", "created", "--seed", "abc"], "expected a whole number", "leadhook send --help"),
    (&["simulate", "created", "--attempts", "0"], "expected 1 to 65535", "simulate --help"),
    (&["send", "created", "--attempts", "3"], "`--attempts`", "see `leadhook send --help`"),
    (
        &["send", "created", "--secret", "s", "--now", "2026-11-01T00:00:00"],
        "`2026-11-01T00:00:00` has no time zone: add `Z` for UTC",
        "see `leadhook send --help`",
    ),
    (
        &["verify", "x", "--since", "2026-11-01T00:00:00"],
        "`2026-11-01T00:00:00` has no time zone",
        "see `leadhook verify --help`",
    ),
    (
        &["send", "created", "--secret", "s", "--tamper", "nosig"],
        "unknown tamper `nosig`",
        "did you mean `missing-signature`?",
    ),
    (
        &["practice", ":0", "--fault", "slow:fast"],
        "`fast` is not a duration",
        "for example `--fault slow:500ms`",
    ),
    (&["practice", ":0", "--fault", "no-dedupe:1s"], "takes no time", "`--fault no-dedupe`"),
    (&["practice", ":0", "--fault", "zzz"], "unknown fault `zzz`", "practice --list-faults"),
    (&["replay", "cap.json", ":3999"], "`:3999` is a target", "did you mean `--to :3999`?"),
    (&["replay", "127.0.0.1:3999"], "`127.0.0.1:3999` is a target", "did you mean `--to"),
    (&["replay", "localhost"], "`localhost` is a target", "did you mean `--to localhost`?"),
    (&["replay", "3999"], "`3999` is a target, not a capture", "did you mean `--to 3999`?"),
    (
        &["listen", ":0", "--save", "out.json"],
        "`--save out.json` is neither a folder nor a `.jsonl` file",
        "use `out.jsonl` for one line each, or `out.json/` for a folder",
    ),
    (
        &["simulate", "created", "--events", "9/h", "--seed", "1", "--plot", "x.png"],
        "`--plot x.png`: the drawing is SVG, not `.png`",
        "`--plot x.svg`",
    ),
    (
        &["check", ":3000", "--secret", "s", "--only", "foo"],
        "unknown case `foo`",
        "`leadhook check --list` lists them",
    ),
    (
        &["check", ":3000", "--secret", "s", "--only", "repaet"],
        "unknown case `repaet`",
        "did you mean `repeat`",
    ),
    (
        &["send", "created", "--secret", "s", "--message-id", ""],
        "invalid value `` for `--message-id <ID>`: the id is empty",
        "send --help",
    ),
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
fn without_a_command_the_short_help_is_on_standard_error() {
    let short = leadhook(&["-h"]).exits(0, "the short help").stdout;
    for args in [&[][..], &["-v"], &["--color", "never"]] {
        let outcome = leadhook(args).exits(2, &format!("{args:?}"));
        assert_eq!((outcome.stdout.as_str(), &outcome.stderr), ("", &short), "{args:?}");
    }
    let config = leadhook(&["config"]).exits(2, "no command of `config`").stderr;
    assert!(config.contains("Usage: leadhook config"), "{config}");
    let error = leadhook(&["--format", "json"]).exits(2, "JSON").stderr;
    let error = &objects(&error)[0];
    assert_eq!(
        (&error["message"], &error["hint"]),
        (&json!("no command given"), &json!("`leadhook help` lists the commands"))
    );
}

#[test]
fn a_port_alone_is_a_target() {
    let endpoint = Endpoint::new(&[200]);
    let port = endpoint.address().port().to_string();
    leadhook!("send created {} --secret s3cret", port).run().exits(0, "a port");
    assert!(endpoint.only().line.starts_with("POST / "));
}

#[test]
fn a_frequency_may_have_its_unit_in_full() {
    for rate in ["120/hour", "2/minute", "1/second", "50/day"] {
        leadhook!("simulate created --events {} --for 1m --seed 1", rate)
            .in_process()
            .exits(0, rate);
    }
}

#[test]
fn a_timeout_is_said_once() {
    // The system accepts connections to it, and nothing reads them.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let outcome = leadhook!("send created :{} --secret s3cret --timeout 50ms", port).run();
    assert_eq!(
        outcome.stderr_line("error: "),
        format!("no response from `http://127.0.0.1:{port}/`: timed out after 50ms")
    );
}

#[test]
fn nothing_is_sent_if_a_target_is_among_the_captures() {
    let capture = json!({
        "schema_version": 1, "kind": "capture", "method": "POST", "target": "/hooks",
        "http_version": "HTTP/1.1", "headers": [["Content-Type", "application/json"]],
        "body": "{}"
    });
    let endpoint = Endpoint::new(&[200]);
    let run = || leadhook!("replay cap.json").file("cap.json", capture.to_string());
    run().args([endpoint.target()]).env("LEADHOOK_TARGET", &endpoint.target()).run().exits(2, "");
    assert!(endpoint.arrived().is_empty(), "{:?}", endpoint.arrived());
    run().args(["--to", &endpoint.target()]).run();
    assert_eq!(endpoint.arrived().len(), 1);
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
    assert!(guesses >= 16, "{guesses}");
    let human = leadhook!("events show created --variant potential-seller")
        .in_process()
        .exits(0, "a variant");
    let payload: Value = serde_json::from_str(&human.stdout).unwrap();
    assert_eq!(payload["role"], "Potential Seller");
}

#[test]
fn the_manual_names_every_command() {
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
    let page = leadhook!("man").in_process().exits(0, "man").stdout;
    assert!(page.contains("\n.TH LEADHOOK 1 "), "{page:.200}");
    for command in commands {
        assert!(page.contains(&format!("leadhook\\-{command}\\fR(1)")), "{command}");
    }
}
