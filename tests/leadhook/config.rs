//! Configuration: files, profiles, variables, and their precedence.

use crate::support::{Endpoint, Leadhook, Outcome};
use serde_json::Value;
use std::fs;

/// Builds a run with this configuration in its folder.
fn with(config: &str, args: &[&str]) -> Leadhook {
    Leadhook::new(args).file("leadhook.toml", config)
}

/// Returns the value and the origin of one name of `config show`.
fn shown(outcome: &Outcome, name: &str) -> (String, String) {
    let object = outcome.object();
    let found = object["values"].as_array().unwrap().iter().find(|value| value["name"] == name);
    let found = found.unwrap_or_else(|| panic!("no `{name}` in {object:#}"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&found["value"]), text(&found["origin"]))
}

fn pair(value: &str, origin: &str) -> (String, String) {
    (value.to_owned(), origin.to_owned())
}

#[test]
fn each_origin_takes_precedence_over_the_next() {
    let project = "timeout = \"2s\"\n";
    let show = &["config", "show", "--format", "json"];
    let run = || Leadhook::new(show).folder(".config/leadhook");
    let user = |run: Leadhook| run.file(".config/leadhook/leadhook.toml", "timeout = \"3s\"\n");
    let cases = [
        (run(), "30s", "default"),
        (user(run()), "3s", "/.config/leadhook/leadhook.toml:1"),
        (user(run()).file("leadhook.toml", project), "2s", "leadhook.toml:1"),
        (
            user(run()).file("leadhook.toml", project).env("LEADHOOK_TIMEOUT", "1s"),
            "1s",
            "LEADHOOK_TIMEOUT",
        ),
    ];
    for (run, value, origin) in cases {
        let (found, from) = shown(&run.run().exits(0, origin), "timeout");
        assert_eq!(found, value, "{from}");
        assert!(from.ends_with(origin), "{from}, expected {origin}");
    }
    let typed = leadhook!("config show -p leadpro --format json");
    let typed = typed.env("LEADHOOK_PROVIDER", "realgeeks").run().exits(0, "given by option");
    assert_eq!(shown(&typed, "provider"), pair("leadpro", "--provider"));
    assert_eq!(shown(&typed, "success"), pair("2xx", "pack leadpro"));
}

#[test]
fn a_profile_is_chosen_by_option_or_variable_and_must_exist() {
    let config = "target = \":1\"\n[profile.ci]\ntarget = \":2\"\n";
    let show = ["config", "show", "--format", "json"];
    let plain = with(config, &show).run().exits(0, "plain");
    assert_eq!(shown(&plain, "target"), pair(":1", "leadhook.toml:1"));
    let by_option = with(config, &[&show[..], &["--profile", "ci"]].concat());
    let by_variable = with(config, &show).env("LEADHOOK_PROFILE", "ci");
    for run in [by_option, by_variable] {
        let outcome = run.run().exits(0, "ci");
        assert_eq!(shown(&outcome, "target"), pair(":2", "leadhook.toml:3 (profile ci)"));
    }
    let outcome = with(config, &["events", "--profile", "cii"]).run().exits(2, "unknown");
    assert_eq!(outcome.stderr_line("error: "), "unknown profile `cii`");
    assert_eq!(outcome.stderr_line("hint: "), "did you mean `ci`?");
}

#[test]
fn the_file_sets_the_target_and_the_secret() {
    let endpoint = Endpoint::new(&[200]);
    let config = format!(
        "target = \":1\"\n[providers.realgeeks]\ntarget = \"{}/rg\"\nsecret-env = \"RG_SECRET\"\n",
        endpoint.target()
    );
    with(&config, &["send", "created"]).env("RG_SECRET", "s3cret").run().exits(0, "by variable");
    let config = config.replace("secret-env = \"RG_SECRET\"", "secret-file = \"keys/rg\"");
    let by_file = with(&config, &["send", "created"]).folder("keys").file("keys/rg", "s3cret\n");
    by_file.run().exits(0, "by file");
    for request in endpoint.arrived() {
        assert_eq!(request.line, "POST /rg HTTP/1.1");
        let expected = crate::support::hmac_hex(b"s3cret", &request.body);
        assert_eq!(request.header("X-Lead-Router-Signature"), Some(expected.as_str()));
    }
    assert_eq!(endpoint.arrived().len(), 2);
}

#[test]
fn options_and_variables_take_precedence_over_the_file() {
    let config = "[providers.realgeeks]\nsecret-env = \"RG\"\n";
    let args = ["send", "created", "--dry-run", "--now", "@0", "--message-id", "1", "--seed", "1"];
    let signature = |run: Leadhook| {
        let text = run.env("RG", "file").run().exits(0, "dry run").stdout;
        let line = text.lines().find(|line| line.contains("Signature")).unwrap_or_default();
        line.to_owned()
    };
    let of_file = signature(with(config, &args));
    let of_variable = signature(with(config, &args).env("LEADHOOK_REALGEEKS_SECRET", "variable"));
    let of_any = signature(with(config, &args).env("LEADHOOK_SECRET", "variable"));
    let key_file = with(config, &args).file("key", "variable\n").env("LEADHOOK_SECRET_FILE", "key");
    let typed = [&args[..], &["--secret", "typed"]].concat();
    let of_option = signature(with(config, &typed).env("LEADHOOK_SECRET", "variable"));
    assert_eq!(of_variable, of_any);
    assert_eq!(of_variable, signature(key_file));
    assert!(of_file != of_variable && of_variable != of_option && of_file != of_option);
}

#[test]
fn an_unset_variable_named_in_a_file_is_named_in_the_hint() {
    let config = "[profile.staging]\nsecret-env = \"STAGING_SECRET\"\n";
    let args = ["send", "created", "--profile", "staging", "--dry-run"];
    let outcome = with(config, &args).run().exits(2, "no secret");
    assert!(outcome.stderr_line("hint: ").contains("STAGING_SECRET"), "{outcome:#?}");
}

#[test]
fn file_errors_name_the_line_and_the_key_and_never_a_secret() {
    for (config, error, hint) in [
        (
            "timeuot = \"5s\"\n",
            "`leadhook.toml` line 1: unknown key `timeuot`",
            "did you mean `timeout`?",
        ),
        (
            "\n[providers.realgeeks]\nsecret = \"hunter2\"\n",
            "`leadhook.toml` line 3: `providers.realgeeks.secret` contains a secret, but a \
             configuration file may only refer to one",
            "keep it in a variable or a file, and write `secret-env = \"NAME\"` or `secret-file = \
             \"PATH\"`",
        ),
        (
            "timeout = 5\n",
            "`leadhook.toml` line 1: `timeout` is a number, expected a duration, such as \
             `500ms`, `30s` or `10m`",
            "`leadhook config init` writes a file with every key",
        ),
        (
            "secret-env = \"hunter2\"\n",
            "`leadhook.toml` line 1: `secret-env` is invalid: expected the name of a \
             variable, in capitals: never the secret itself",
            "`leadhook config init` writes a file with every key",
        ),
    ] {
        let outcome = with(config, &["send", "created", "--dry-run"]).run().exits(2, config);
        assert_eq!(outcome.stderr_line("error: "), error);
        assert_eq!(outcome.stderr_line("hint: "), hint);
        assert!(!outcome.stderr.contains("hunter2") && !outcome.stdout.contains("hunter2"));
        let args = ["config", "show", "--format", "json"];
        let outcome = with(config, &args).run().exits(2, config);
        assert!(!outcome.stderr.contains("hunter2"), "{outcome:#?}");
    }
}

#[test]
fn a_broken_file_only_affects_commands_that_read_it() {
    for args in
        [["completions", "bash"].as_slice(), &["man"], &["--help"], &["config", "init", "x"]]
    {
        with("[[[", args).run().exits(0, args[0]);
    }
    let named = leadhook!("events --config nothing.toml").run().exits(3, "missing");
    assert!(named.stderr_line("error: ").contains("`nothing.toml`"), "{named:#?}");
}

#[test]
fn config_show_never_shows_a_secret() {
    let run = || {
        with("secret-file = \"key\"\n", &["config", "show", "-v"])
            .file("key", "hunter2-file\n")
            .env("LEADHOOK_REALGEEKS_SECRET", "hunter2-variable")
            .env("LEADHOOK_PROXY", "http://jo:hunter2-proxy@127.0.0.1:1")
    };
    let outcome = run().run().exits(0, "human");
    let all = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(!all.contains("hunter2"), "{all}");
    assert!(all.contains("LEADHOOK_REALGEEKS_SECRET") && all.contains("leadhook.toml:1"), "{all}");
    assert!(all.contains("http://…@127.0.0.1:1"), "{all}");
}

#[test]
fn config_init_writes_a_neutral_file_and_overwrites_none() {
    let (outcome, dir) = leadhook!("config init").run_in();
    outcome.exits(0, "init");
    let text = fs::read_to_string(dir.path().join("leadhook.toml")).unwrap();
    let show = |run: Leadhook| run.run().exits(0, "show").object()["values"].take();
    let args = ["config", "show", "--format", "json"];
    assert_eq!(show(with(&text, &args)), show(Leadhook::new(args)));
    let again = with("# mine\n", &["config", "init"]).run().exits(3, "again");
    assert!(again.stderr_line("error: ").starts_with("cannot write configuration `leadhook.toml`"));
}

#[test]
fn a_variable_sets_an_option_unless_an_explicit_one_conflicts() {
    let strict = |value: &str| {
        let body = "{\"id\":\"1\",\"site_uuid\":\"3f1c9a52-7d0e-4b86-9a41-c2e5d8f07b16\",\
                    \"site_domain\":\"www.example.com\",\"partner_id\":\"1\"}";
        leadhook!("events check x.json --event realgeeks:updated --format json")
            .file("x.json", body)
            .env("LEADHOOK_STRICT", value)
            .run()
    };
    assert_eq!(strict("0").exits(0, "off").object()["status"], "warnings");
    assert_eq!(strict("1").exits(1, "on").object()["status"], "invalid");
    let outcome = strict("maybe").exits(2, "neither");
    let error = crate::support::objects(&outcome.stderr).remove(0);
    assert_eq!(error["message"], "`LEADHOOK_STRICT` is `maybe`, expected `1` or `0`");
    // `--data` excludes `--seed`, and a plan needs no deadline.
    let data = leadhook!("send created --data x.json --secret s --dry-run")
        .file("x.json", "{}")
        .env("LEADHOOK_SEED", "7");
    data.run().exits(0, "data");
    let plan = leadhook!("simulate created").env("LEADHOOK_TIMEOUT", "5s");
    plan.run().exits(0, "plan");
    let quiet = leadhook!("events -v").env("LEADHOOK_QUIET", "1");
    quiet.run().exits(0, "quiet");
    let outcome = leadhook!("send created").env("LEADHOOK_TIMEOUT", "soon").run();
    assert!(
        outcome
            .clone()
            .exits(2, "wrong")
            .stderr_line("error: ")
            .starts_with("`LEADHOOK_TIMEOUT`: ")
    );
    let form = leadhook!("events --no-such").env("LEADHOOK_FORMAT", "json").run();
    assert_eq!(crate::support::objects(&form.stderr)[0]["code"], "bad-arguments");
}

#[test]
fn an_unknown_provider_with_values_is_rejected() {
    let config = "[providers.realgeek]\ntarget = \":3000/rg\"\n";
    let outcome = with(config, &["send", "created", "--dry-run"]).run().exits(2, "typo");
    assert_eq!(outcome.stderr_line("error: "), "leadhook.toml:2: unknown provider `realgeek`");
    assert_eq!(outcome.stderr_line("hint: "), "did you mean `realgeeks`?");
    // The user's own file may refer to the pack of another project.
    let user = leadhook!("events").folder(".config/leadhook");
    user.file(".config/leadhook/leadhook.toml", config).run().exits(0, "the user's own");
}

#[test]
fn every_invalid_variable_is_named() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let dry_run = ["send", "created", "--dry-run", "--secret", "s"];
    for name in ["LEADHOOK_TARGET", "LEADHOOK_SEED", "LEADHOOK_PROXY", "LEADHOOK_TIMEOUT"] {
        let (mut command, _dir) = Leadhook::new(dry_run).command();
        let output = command.env(name, OsStr::from_bytes(b"\xff")).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}: {stderr}");
        assert!(name == "LEADHOOK_TARGET" || stderr.contains(name), "{name}: {stderr}");
    }
    let outcome = Leadhook::new(dry_run).env("LEADHOOK_KEY", "k").run().exits(2, "key");
    assert!(outcome.stderr_line("error: ").starts_with("`LEADHOOK_KEY`: "), "{outcome:#?}");
    let proxy = leadhook!("send created :1 --secret s");
    let outcome = proxy.env("LEADHOOK_PROXY", "http://u:hunter2@[bad").run().exits(2, "proxy");
    assert!(!outcome.stderr.contains("hunter2"), "{outcome:#?}");
}

#[test]
fn config_show_marks_explicit_and_unusable_secrets_without_reading_stdin() {
    let show = ["config", "show", "--format", "json"];
    let typed = Leadhook::new(show).args(["--secret", "hunter2"]).run().exits(0, "given by option");
    assert_eq!(shown(&typed, "secret"), pair("set", "--secret"));
    assert!(!typed.stdout.contains("hunter2"));
    let unusable = with("secret-file = \"nowhere\"\n", &show).run().exits(0, "unusable");
    let (value, _) = shown(&unusable, "secret");
    assert!(value.contains("leadhook.toml:1") && value.contains("No such file"), "{value}");
    let untouched = Leadhook::new(show).env("LEADHOOK_SECRET_FILE", "-").stdin("hunter2\n");
    assert_eq!(shown(&untouched.run().exits(0, "untouched"), "secret"), pair("", ""));
}
