//! Custom packs: created, checked, used, and rejected if invalid.

use crate::support::{Endpoint, Leadhook, Outcome, objects};
use leadhook::providers::starter;
use std::fs;

/// The starter pack with one file changed; `None` removes it.
struct ChangedPack {
    file: &'static str,
    change: fn(&str) -> Option<String>,
    /// The code of the flaw and its location.
    flaw: (&'static str, &'static str),
    /// A substring of its reason.
    says: &'static str,
}

/// The ways in which a pack can be invalid.
const CHANGED_PACKS: &[ChangedPack] = &[
    ChangedPack {
        file: "lead.created.schema.json",
        change: |_| None,
        flaw: ("missing-file", "lead.created.schema.json"),
        says: "it is missing",
    },
    ChangedPack {
        file: "lead.updated.json",
        change: |_| None,
        flaw: ("missing-file", "lead.updated.json"),
        says: "it is missing",
    },
    ChangedPack {
        file: "provider.toml",
        change: |_| None,
        flaw: ("missing-file", "provider.toml"),
        says: "it is missing",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("[request]\n", "[request]\ncolour = \"red\"\n")),
        flaw: ("bad-facts", "provider.toml#/request/colour"),
        says: "unknown field `colour`",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(format!("json-style = \"pyton\"\n{text}")),
        flaw: ("bad-facts", "provider.toml#/json-style"),
        says: "unknown JSON style `pyton`: did you mean `python`?",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| {
            let text = text.replace("over = \"raw-body\"", "over = \"json-stringify\"");
            Some(format!("json-style = \"go\"\n{text}"))
        },
        flaw: ("contradiction", "provider.toml#/json-style"),
        says: "it is `go`, expected `javascript`: the signature covers the result of",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("\"10m\"", "\"soon\"")),
        flaw: ("bad-facts", "provider.toml#/retry/waits"),
        says: "`soon` is not a duration",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("stop = [\"410\"]", "stop = [\"204\"]")),
        flaw: ("impossible-schedule", "provider.toml#/retry/stop"),
        says: "status 204 is in `success` and in `stop`: expected one of the two",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("# retry-on = [\"5xx\"", "retry-on = [\"410\"")),
        flaw: ("impossible-schedule", "provider.toml#/retry/retry-on"),
        says: "status 410 is in `stop` and in `retry-on`: expected one of the two",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("\npointer = \"/event\"", "\nfixed = \"lead.made\"")),
        flaw: ("lost-event", "provider.toml#/event/fixed"),
        says: "`lead.made` is not an event of the pack",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("\npointer = \"/event\"", "\nfixed = \"lead.created\"")),
        flaw: ("contradiction", "provider.toml#/event/fixed"),
        says: "the pack has several events, and no request names one: expected `header`",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("\npointer = \"/event\"", "")),
        flaw: ("no-event-place", "provider.toml#/event"),
        says: "expected `header`, `pointer`, `path` or `fixed`",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(format!("{text}\n[versions]\n\"20250815\" = {{}}\n")),
        flaw: ("bad-facts", "provider.toml#/versions"),
        says: "`20250815` is not a date: expected a day that exists, such as",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("success = [\"2xx\"]", "success = []")),
        flaw: ("impossible-schedule", "provider.toml#/retry/success"),
        says: "no status counts as success",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("scheme = \"hmac\"", "scheme = \"hmac-md5\"")),
        flaw: ("bad-facts", "provider.toml#/signature/scheme"),
        says: "unknown variant `hmac-md5`",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("id = \"acme\"", "id = \"../acme\"")),
        flaw: ("bad-id", "provider.toml#/id"),
        says: "is not a valid id",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("pointer = \"/event\"", "pointer = \"event\"")),
        flaw: ("bad-pointer", "provider.toml#/event/pointer"),
        says: "is not a JSON Pointer",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| {
            Some(text.replace(
                "# message-identity = [\"/lead/id\", \"/",
                "message-identity = [\"/lead/id\", \"",
            ))
        },
        flaw: ("bad-pointer", "provider.toml#/message-identity/1"),
        says: "`sent_at` is not a JSON Pointer",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("\"lead.updated\"\nsummary", "\"../x\"\nsummary")),
        flaw: ("bad-event-name", "provider.toml#/events/1/name"),
        says: "is not a valid event name",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("header = \"X-Acme-Signature\"", "header = \"X Acme\"")),
        flaw: ("bad-header", "provider.toml#/signature/header"),
        says: "is not a valid header name",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| {
            Some(text.replace("header = \"X-Acme-Signature\"", "header = \"Content-Length\""))
        },
        flaw: ("bad-header", "provider.toml#/signature/header"),
        says: "is set by the client",
    },
    ChangedPack {
        file: "definitions.schema.json",
        change: |_| {
            let twice = |at: usize| {
                format!(
                    "\"d{at}\":{{\"allOf\":[{{\"$ref\":\"#/$defs/d{0}\"}},{{\"$ref\":\"#/$defs/d{0}\"}}]}}",
                    at - 1
                )
            };
            let all: Vec<_> = (1..60).map(twice).collect();
            let lead = "\"lead\":{\"$ref\":\"#/$defs/d59\"}";
            Some(format!("{{\"$defs\":{{\"d0\":{{}},{},{lead}}}}}", all.join(",")))
        },
        flaw: ("endless-schema", "lead.created.schema.json"),
        says: "more than 100000 parts",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("Acme-Webhooks/1.0", "Acme\\r\\nX-Evil: 1")),
        flaw: ("bad-header", "provider.toml#/request/user-agent"),
        says: "is not a valid header value",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("\"a new lead\"", "\"\\u001b[2J\"")),
        flaw: ("unprintable", "provider.toml#/events/0/summary"),
        says: "it contains U+001B",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("refuses-with = 401", "refuses-with = 200")),
        flaw: ("bad-status", "provider.toml#/receiver/refuses-with"),
        says: "200 does not reject anything",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("\"{email}\"", "\"{e-mail}\"")),
        flaw: ("bad-facts", "provider.toml#/vary/~1lead~1email"),
        says: "unknown placeholder `e-mail`",
    },
    ChangedPack {
        file: "provider.toml",
        change: |text| Some(format!("[[\n{text}")),
        flaw: ("bad-facts", "provider.toml"),
        says: "expected",
    },
    ChangedPack {
        file: "lead.created.json",
        change: |text| Some(text.replace("\"Keola\"", "12")),
        flaw: ("failing-sample", "lead.created.json#/lead/first_name"),
        says: "is the number `12`, expected a string",
    },
    ChangedPack {
        file: "lead.created.json",
        change: |text| Some(text.replace("lead.created", "lead.made")),
        flaw: ("failing-sample", "lead.created.json#/event"),
        says: "expected `lead.created`",
    },
    ChangedPack {
        file: "lead.created.json",
        change: |text| Some(text.replace('}', "")),
        flaw: ("not-json", "lead.created.json"),
        says: "it is not JSON",
    },
    ChangedPack {
        file: "lead.created.schema.json",
        change: |text| Some(text.replace("definitions.schema", "https://example.com/x")),
        flaw: ("remote-reference", "lead.created.schema.json#/properties/lead/$ref"),
        says: "nothing is fetched",
    },
    ChangedPack {
        file: "definitions.schema.json",
        change: |text| Some(text.replace("\"maxLength\": 100", "\"maxLength\": \"long\"")),
        flaw: ("bad-schema", "definitions.schema.json#/$defs/lead/properties/first_name/maxLength"),
        says: "it is not a JSON Schema",
    },
    ChangedPack {
        file: "lead.created.schema.json",
        change: |text| Some(text.replace("$defs/lead", "$defs/leed")),
        flaw: ("bad-schema", "lead.created.schema.json"),
        says: "it cannot be used",
    },
];

/// Builds a run in a folder with the changed starter pack in `providers/acme`.
fn run(changed: Option<&ChangedPack>, args: &[&str]) -> Outcome {
    with_pack(changed, args).env("LEADHOOK_SECRET", "s3cret").run()
}

fn with_pack(changed: Option<&ChangedPack>, args: &[&str]) -> Leadhook {
    let mut run = Leadhook::new(args).folder("providers/acme");
    for (name, text) in starter::files("acme") {
        let text = match changed {
            Some(changed) if changed.file == name => (changed.change)(&text),
            Some(_) | None => Some(text),
        };
        if let Some(text) = text {
            run = run.file(&format!("providers/acme/{name}"), text);
        }
    }
    run.file("listed.toml", "[providers]\nacme = \"providers/acme\"\n")
}

#[test]
fn an_invalid_pack_is_rejected_with_file_location_and_reason() {
    for changed in CHANGED_PACKS {
        let (code, location) = changed.flaw;
        let checked =
            run(Some(changed), &["events", "check-pack", "providers/acme", "--format", "json"]);
        let report = checked.exits(3, location).object();
        assert_eq!(report["usable"], false, "{report}");
        let flaw = &report["flaws"][0];
        let (file, pointer) = location.split_once('#').unwrap_or((location, ""));
        let found = (&flaw["code"], &flaw["file"], &flaw["pointer"]);
        assert_eq!(found, (&code.into(), &file.into(), &pointer.into()), "{report:#}");
        assert!(flaw["message"].as_str().unwrap().contains(changed.says), "{report:#}");
        let has_line = file == "provider.toml" && code != "missing-file";
        assert_eq!(flaw["line"].is_u64(), has_line, "{report:#}");
        let used = run(Some(changed), &["events", "--pack", "providers/acme"]).exits(3, location);
        let error = used.stderr_line("error: ");
        assert!(error.starts_with("pack `") && error.contains(file), "{error}");
        assert!(error.contains(changed.says) && error.contains(pointer), "{error}");
    }
}

#[test]
fn an_invalid_pack_does_not_affect_other_commands() {
    let endpoint = Endpoint::new(&[200]);
    for changed in CHANGED_PACKS {
        let config = ["--config", "listed.toml"];
        let target = endpoint.target();
        let args = [&["send", "created", &target], &config[..]].concat();
        let sent = run(Some(changed), &args).exits(0, changed.flaw.1);
        assert!(sent.stderr_line("note: ").starts_with("pack `acme`: "), "{sent:#?}");
        for asked in [["-p", "acme", "events"].as_slice(), &["send", "acme:lead.created", &target]]
        {
            let refused =
                run(Some(changed), &[asked, &config[..]].concat()).exits(3, changed.flaw.1);
            assert!(refused.stderr_line("error: ").contains(changed.says), "{refused:#?}");
        }
    }
    let shown = run(Some(&CHANGED_PACKS[0]), &["config", "show", "--config", "listed.toml"]);
    shown.exits(0, "shown");
}

#[test]
fn the_starter_pack_is_valid_and_works_in_every_command() {
    let (outcome, dir) = leadhook!("events new providers/shark").run_in();
    outcome.exits(0, "new");
    let folder = dir.path().join("providers/shark");
    let folder = folder.to_str().unwrap();
    let checked = leadhook!("events check-pack {} --strict", folder).run().exits(0, "check-pack");
    assert_eq!(checked.stdout, "shark  2 events  good\n");
    let pack = ["--pack", folder, "--secret", "s3cret", "--format", "json"];
    let mut listener = leadhook!("listen :0 --count 2").args(pack).start();
    let url = listener.url.clone();
    for event in ["shark:lead.created", "shark:lead.updated"] {
        leadhook!("send {} {} --seed 7", event, url.as_str())
            .args(pack)
            .in_process()
            .exits(0, event);
        let request = listener.next();
        assert_eq!(request["provider"], "shark", "{request:#}");
        assert_eq!(request["signature"]["status"], "valid", "{request:#}");
        assert_eq!(request["payload"]["status"], "valid", "{request:#}");
    }
    assert_eq!(listener.wait().0, 0);
    let args = ["send", "shark:lead.created", "--dry-run"];
    let saved = Leadhook::new(args).args(pack).run().exits(0, "dry run").stdout;
    let verify = leadhook!("verify -").args(pack).stdin(saved);
    let verdict = verify.run().exits(0, "verify").object();
    assert_eq!((&verdict["provider"], &verdict["valid"]), (&"shark".into(), &true.into()));
    let plan = leadhook!("simulate shark:lead.created").args(pack).in_process();
    assert_eq!(plan.exits(0, "plan").object()["attempts"].as_array().unwrap().len(), 4);
}

#[test]
fn a_new_pack_needs_an_empty_folder_and_a_valid_id() {
    for (folder, exit, says) in [
        ("providers/acme", 3, "the folder is not empty"),
        ("providers/Acme Leads", 2, "is not a valid provider id"),
        ("realgeeks", 2, "a provider `realgeeks` exists already"),
        ("..", 2, "is not a valid provider id"),
    ] {
        let outcome = run(None, &["events", "new", folder]).exits(exit, folder);
        assert!(outcome.stderr_line("error: ").contains(says), "{outcome:#?}");
    }
}

#[test]
fn a_pack_id_is_unique() {
    let twice = ["events", "--pack", "providers/acme", "--pack", "providers/acme"];
    let outcome = run(None, &twice).exits(3, "twice");
    assert!(outcome.stderr_line("error: ").contains("is called `acme` already"), "{outcome:#?}");
    // The option takes precedence over the file, which names the same pack again.
    run(None, &["events", "--pack", "providers/acme", "--config", "listed.toml"]).exits(0, "both");
    let of_another = "[providers]\nshark = \"providers/acme\"\n";
    let args = ["-p", "shark", "events", "--config", "other.toml"];
    let outcome =
        with_pack(None, &args).file("other.toml", of_another).run().exits(3, "another id");
    assert!(
        outcome.stderr_line("error: ").contains("it is `acme`, expected `shark`"),
        "{outcome:#?}"
    );
    let outcome = run(None, &["events", "--pack", "nowhere"]).exits(3, "a missing file");
    assert!(outcome.stderr_line("error: ").contains("cannot read pack `nowhere`"), "{outcome:#?}");
}

#[test]
fn a_broken_default_pack_blocks_neither_its_fix_nor_other_packs() {
    let changed = &CHANGED_PACKS[0];
    let config = "provider = \"acme\"\n[providers]\nacme = \"providers/acme\"\n";
    let run = |args: &[&str]| {
        with_pack(Some(changed), args)
            .file("leadhook.toml", config)
            .env("LEADHOOK_SECRET", "s3cret")
    };
    for (args, exit) in [
        (["config", "show"].as_slice(), 0),
        (&["events", "check-pack", "providers/acme"], 3),
        (&["events", "new", "providers/shark"], 0),
        (&["send", "realgeeks:created", "--dry-run"], 0),
        (&["send", "created", "--dry-run"], 3),
        (&["verify", "x.json"], 3),
    ] {
        run(args).run().exits(exit, &args.join(" "));
    }
    for args in [["config", "show"].as_slice(), &["events", "new", "providers/shark"]] {
        let by_variable = with_pack(Some(changed), args).env("LEADHOOK_PACK", "providers/acme");
        by_variable.run().exits(0, &args.join(" "));
        let unwritten = with_pack(None, args).env("LEADHOOK_PROVIDER", "shark");
        unwritten.run().exits(0, &args.join(" "));
    }
}

#[test]
fn a_pack_that_shadows_another_is_reported() {
    let conflicting = ChangedPack {
        file: "provider.toml",
        change: |text| {
            let marks = "headers = [\"X-Acme-Signature\", \"X-Acme-Delivery\"]";
            Some(text.replace(marks, "headers = [\"Authorization\", \"Content-Type\"]"))
        },
        flaw: ("", ""),
        says: "",
    };
    let args = ["events", "check-pack", "providers/acme", "--format", "json"];
    let report = run(Some(&conflicting), &args).exits(1, "conflicting ids").object();
    assert_eq!(report["usable"], true, "{report:#}");
    let is_reported = report["flaws"].as_array().unwrap().iter().any(|flaw| {
        flaw["code"] == "mistaken"
            && flaw["message"] == "a request of `leadpro:lead.created` is detected as one of `acme`"
    });
    assert!(is_reported, "{report:#}");
    let builtin = ChangedPack {
        file: "provider.toml",
        change: |text| Some(text.replace("id = \"acme\"", "id = \"leadpro\"")),
        flaw: ("", ""),
        says: "",
    };
    let report = run(Some(&builtin), &args).exits(1, "an id in use").object();
    assert_eq!(report["flaws"][0]["code"], "bad-id", "{report:#}");
}

#[test]
fn rules_for_built_in_packs_are_warnings_and_all_are_listed() {
    let changed = ChangedPack {
        file: "definitions.schema.json",
        change: |text| Some(text.replace(", \"$comment\": \"Acme's page: free text\"", "")),
        flaw: ("", ""),
        says: "",
    };
    let mut run =
        with_pack(Some(&changed), &["events", "check-pack", "providers/acme", "--format", "json"]);
    let sample = starter::files("acme").into_iter().find(|(name, _)| *name == "lead.created.json");
    let sample = sample.unwrap().1;
    let sample = sample.replace("keola.brandt@example.com", "keola@gmail.com");
    let sample = sample.replace("808-555-0126", "808-923-1811");
    run = run.file("providers/acme/lead.created.json", sample).file("providers/acme/x.json", "1");
    let report = run.run().exits(0, "warnings").object();
    let flaws = report["flaws"].as_array().unwrap();
    let mut found: Vec<_> = flaws
        .iter()
        .map(|flaw| {
            ["severity", "code", "file", "pointer"].map(|key| flaw[key].as_str().unwrap()).join(" ")
        })
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "warning no-source definitions.schema.json /$defs/lead/properties/phone/type",
            "warning not-reserved lead.created.json /lead/email",
            "warning not-reserved lead.created.json /lead/phone",
            "warning stray-file x.json ",
        ],
        "{report:#}"
    );
}

#[test]
fn hostile_folders_are_refused() {
    let large = "x".repeat(5 * 1024 * 1024);
    let run = || with_pack(None, &["events", "--pack", "providers/acme", "--format", "json"]);
    let cases = [
        run().file("providers/acme/provider.toml", large.as_bytes()),
        run().file("providers/acme/lead.created.json", b"\xff\xfe"),
        run().file("providers/acme/provider.toml", "\u{1b}[2J = 1"),
        run().file("providers/acme/lead.created.json", "[".repeat(100_000)),
    ];
    for case in cases {
        let outcome = case.run();
        let error = objects(&outcome.clone().exits(3, "hostile").stderr).remove(0);
        assert!(!outcome.stderr.contains('\u{1b}'), "{error}");
    }
    let hidden = run().folder("providers/acme/inside.json").file("providers/acme/.x.json", "no");
    hidden.run().exits(0, "folders and hidden files are skipped");
    let (outcome, dir) = run().run_in();
    outcome.exits(0, "plain");
    assert_eq!(fs::read_dir(dir.path().join("providers/acme")).unwrap().count(), 6, "untouched");
}
