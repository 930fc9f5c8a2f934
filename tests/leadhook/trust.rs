//! Trust in `./leadhook.toml`, which may come with a third party's repository.

use crate::support::{Endpoint, Leadhook, Outcome};
use leadhook::commands::option_sources::{CONFIGURABLE_OPTIONS, SEPARATELY_READ_OPTIONS};
use leadhook::domain::config::{GENERAL_KEYS, PROVIDER_KEYS};
use std::fs;

/// A target on another machine: nothing answers at this address (RFC 5737).
const REMOTE: &str = "http://192.0.2.1:9/";

/// A capture to replay.
fn capture() -> String {
    leadhook!("send created --dry-run --print json --secret s").run().exits(0, "capture").stdout
}

/// Adds a pack called `acme`, which signs like Real Geeks, in the folder `acme`.
fn with_pack(run: Leadhook) -> Leadhook {
    let created = leadhook!("events new acme").run_in().1;
    let files =
        fs::read_dir(created.path().join("acme")).unwrap().map(|entry| entry.unwrap().path());
    files.fold(run.folder("acme"), |run, path| {
        let name = format!("acme/{}", path.file_name().unwrap().to_str().unwrap());
        run.file(&name, fs::read(&path).unwrap())
    })
}

#[track_caller]
fn assert_note(outcome: &Outcome, note: &str) {
    assert!(outcome.stderr.lines().any(|line| line == note), "{note:?} in {outcome:#?}");
}

#[test]
fn a_remote_project_target_needs_permission_in_every_command() {
    let plain = format!("target = \"{REMOTE}\"\nforward = \"created={REMOTE}\"\n");
    let profile = format!("[profile.x]\ntarget = \"{REMOTE}\"\nforward = \"{REMOTE}\"\n");
    let own = format!("forward = \"{REMOTE}\"\n[providers.realgeeks]\ntarget = \"{REMOTE}\"\n");
    for (config, more) in [(&plain, ""), (&profile, "--profile x"), (&own, "")] {
        for command in [
            "send created --secret s",
            "check --secret s",
            "replay c.json --secret s",
            "listen :0 --timeout 1ms",
        ] {
            let case = format!("{command} {more} --config");
            let args = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let run = |line: &str| {
                Leadhook::new(args(line)).file("leadhook.toml", config).file("c.json", capture())
            };
            for line in [
                format!("{command} {more}"),
                format!("{command} {more} --config leadhook.toml"),
                format!("{command} {more} --config ./leadhook.toml"),
            ] {
                let refused = run(&line).run().exits(2, &line);
                let message = refused.stderr_line("error: ");
                assert!(message.contains("is not this machine, and "), "{case}: {message}");
                assert!(message.contains("leadhook.toml:"), "{case}: {message}");
                assert!(refused.stderr_line("hint: ").contains("--allow-remote"), "{case}");
                let object = run(&format!("{line} --format json")).run().exits(2, &line);
                assert!(object.stderr.contains("\"untrusted-configuration\""), "{object:#?}");
            }
        }
    }
}

#[test]
fn a_permitted_or_explicit_target_is_used_and_its_file_named() {
    let endpoint = Endpoint::new(&[200]);
    let port = endpoint.target().rsplit(':').next().unwrap().trim_end_matches('/').to_owned();
    let remote = format!("http://app.example.com:{port}/");
    let resolve = format!("--resolve app.example.com:{port}:127.0.0.1");
    let config = format!("target = \"{remote}\"\n[profile.x]\ntarget = \"{remote}\"\n");
    let args = |line: String| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let send = format!("send created --secret s {resolve}");

    let allowed = Leadhook::new(args(format!("{send} --allow-remote")));
    let allowed = allowed.file("leadhook.toml", &config).run().exits(0, "allowed");
    assert_note(&allowed, &format!("note: target {remote} from leadhook.toml:1"));

    let by_option = Leadhook::new(args(format!("send created {remote} --secret s {resolve}")));
    by_option.file("leadhook.toml", &config).run().exits(0, "given by option");
    let by_variable = Leadhook::new(args(send.clone())).env("LEADHOOK_TARGET", &remote);
    by_variable.file("leadhook.toml", &config).run().exits(0, "variable");
    let named = Leadhook::new(args(format!("{send} --config ci.toml")));
    named.file("ci.toml", &config).run().exits(0, "a file that is named by the user");

    for more in ["", " --profile x"] {
        let own = Leadhook::new(args(format!("{send}{more}"))).folder(".config/leadhook");
        let own = own.file(".config/leadhook/leadhook.toml", &config).run().exits(0, more);
        assert!(own.stderr.contains(&format!("note: target {remote} from ")), "{own:#?}");
    }

    let local = format!("target = \":{port}\"\n");
    let replay = leadhook!("replay c.json").file("c.json", capture());
    let replay = replay.file("leadhook.toml", &local).run().exits(0, "this machine");
    assert_note(&replay, &format!("note: target http://127.0.0.1:{port}/ from leadhook.toml:1"));
    assert!(replay.stdout.contains(&format!("target http://127.0.0.1:{port}/")), "{replay:#?}");
}

#[test]
fn general_secrets_apply_to_a_project_pack_only_if_it_is_named() {
    let config = "provider = \"acme\"\n[providers]\nacme = \"acme\"\n";
    let run = |line: &str| {
        let args: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        with_pack(Leadhook::new(args)).file("leadhook.toml", config)
    };
    let send = "send lead.created --dry-run";
    for (case, run) in [
        ("option", run(&format!("{send} --secret s"))),
        ("file", run(&format!("{send} --secret-file k")).file("k", "s")),
        ("variable", run(send).env("LEADHOOK_SECRET", "s")),
        ("file variable", run(send).env("LEADHOOK_SECRET_FILE", "k").file("k", "s")),
        ("simulate", run("simulate lead.created :1 --secret s")),
        ("check", run("check :1 --secret s")),
        ("sign", run("sign b --event lead.created --secret s").file("b", "{}")),
    ] {
        let refused = run.run().exits(2, case);
        let message = refused.stderr_line("error: ");
        assert!(message.contains("`acme`, a pack of leadhook.toml:3"), "{case}: {message}");
        assert!(refused.stderr_line("hint: ").contains("`-p acme`"), "{case}");
        assert_note(&refused, "note: pack acme from leadhook.toml:3");
    }
    for (case, run) in [
        ("-p", run(&format!("{send} --secret s -p acme"))),
        ("event", run("send acme:lead.created --dry-run --secret s")),
        ("provider variable", run(&format!("{send} --secret s")).env("LEADHOOK_PROVIDER", "acme")),
        ("own variable", run(send).env("LEADHOOK_ACME_SECRET", "s")),
        ("--pack", run(&format!("{send} --secret s --pack acme"))),
    ] {
        run.run().exits(0, case);
    }

    let signed = run("send acme:lead.created --dry-run --print json --secret s");
    let signed = signed.run().exits(0, "signed").stdout;
    let verify = run("verify - --secret s").stdin(signed.clone()).run().exits(5, "not named");
    assert!(verify.stderr.contains("is not used for `acme`, a pack of leadhook.toml:3"));
    run("verify - --secret s -p acme").stdin(signed).run().exits(0, "named");
}

#[test]
fn a_project_can_only_name_its_own_secret_files() {
    let run = |config: &str, line: &str| {
        let args: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        with_pack(Leadhook::new(args)).file("leadhook.toml", config)
    };
    let send = "send created --dry-run";
    let named = run("secret-env = \"TEAM\"\n", send).env("TEAM", "s").run().exits(0, "named");
    assert_note(&named, "note: secret of realgeeks from leadhook.toml:1");
    let named = run("secret-env = \"TEAM\"\n", "listen :0 --timeout 1ms").env("TEAM", "s");
    assert_note(&named.run().exits(0, "every provider"), "note: secret from leadhook.toml:1");
    let own = "[providers.realgeeks]\nsecret-file = \"keys/rg\"\n";
    let named = run(own, send).folder("keys").file("keys/rg", "s").run().exits(0, "own");
    assert_note(&named, "note: secret of realgeeks from leadhook.toml:2");
    let listen = run(own, "listen :0 --timeout 1ms").folder("keys").file("keys/rg", "s");
    let listen = listen.run().exits(0, "listen");
    assert_note(&listen, "note: secret of realgeeks from leadhook.toml:2");

    let acme = "[providers.acme]\npack = \"acme\"\n";
    for (config, line) in [
        (format!("{acme}secret-env = \"LEADHOOK_REALGEEKS_SECRET\"\n"), "send acme:lead.created"),
        (format!("{acme}secret-env = \"LEADHOOK_SECRET\"\n"), "send acme:lead.created"),
        ("secret-env = \"LEADHOOK_LEADPRO_SECRET\"\n".to_owned(), "send created"),
        ("secret-env = \"LEADHOOK_LEADPRO_SECRET\"\n".to_owned(), "verify c.json"),
    ] {
        let refused = run(&config, line).env("LEADHOOK_REALGEEKS_SECRET", "s");
        let refused = refused.env("LEADHOOK_LEADPRO_SECRET", "s").file("c.json", capture());
        // The provider's own variable takes precedence, so it must not be the configured one.
        if line == "send created" || line == "verify c.json" {
            let refused = run(&config, line).env("LEADHOOK_LEADPRO_SECRET", "s");
            let refused = refused.file("c.json", capture()).run().exits(2, &config);
            assert!(
                refused.stderr_line("error: ").contains("another provider's secret"),
                "{refused:#?}"
            );
            continue;
        }
        let refused = refused.run().exits(2, &config);
        assert!(
            refused.stderr_line("error: ").contains("without another provider's secret"),
            "{refused:#?}"
        );
    }
    let own_variable = format!("{acme}secret-env = \"LEADHOOK_ACME_SECRET\"\n");
    let own_variable = run(&own_variable, "send acme:lead.created --dry-run");
    own_variable.env("LEADHOOK_ACME_SECRET", "s").run().exits(0, "its own variable");
}

#[test]
fn a_secret_file_of_the_project_is_in_its_folder_after_symlinks() {
    let outside = tempfile::tempdir().unwrap();
    let file = outside.path().join("key");
    fs::write(&file, "s").unwrap();
    let send = || leadhook!("send created --dry-run");
    let absolute = format!("secret-file = {:?}\n", file.to_str().unwrap());
    let above = send().folder("in").file("key", "s");
    let mut refused = vec![
        ("absolute", send().file("leadhook.toml", &absolute)),
        ("above", above.file("leadhook.toml", "secret-file = \"in/../../key\"\n")),
    ];
    #[cfg(unix)]
    {
        let (_, folder) = send().file("leadhook.toml", "secret-file = \"link\"\n").command();
        std::os::unix::fs::symlink(&file, folder.path().join("link")).unwrap();
        refused.push(("link", send().in_folder(folder.path())));
        for (case, run) in refused.drain(2..) {
            let outcome = run.run().exits(2, case);
            assert!(
                outcome.stderr_line("error: ").contains("outside its folder"),
                "{case}: {outcome:#?}"
            );
        }
    }
    for (case, run) in refused {
        let outcome = run.run();
        let message = outcome.stderr_line("error: ");
        let is_refused = message.contains("outside its folder");
        // If the path does not exist, there is nothing to reject.
        assert!(is_refused || (case == "above" && outcome.exit == 3), "{case}: {outcome:#?}");
    }
    let own = send().folder(".config/leadhook").file(".config/leadhook/leadhook.toml", &absolute);
    own.run().exits(0, "the user's own file");
}

#[test]
fn a_secret_mistyped_as_a_file_name_is_not_shown() {
    for run in [
        leadhook!("send created --secret-file hunter2-typed"),
        leadhook!("send created").env("LEADHOOK_SECRET_FILE", "hunter2-typed"),
        leadhook!("send created").file("leadhook.toml", "secret-file = \"hunter2-typed\"\n"),
        leadhook!("verify - --secret-file hunter2-typed/x -vv"),
        leadhook!("listen :0 --secret-file hunter2-typed --format json"),
    ] {
        let outcome = run.run().exits(3, "missing");
        let shown = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(shown.contains("cannot read the secret file that"), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    let shown = leadhook!("config show -vv").env("LEADHOOK_SECRET_FILE", "hunter2-typed").run();
    assert!(shown.stdout.contains("unusable: cannot read the secret file that"), "{shown:#?}");
    assert!(!format!("{shown:?}").contains("hunter2"), "{shown:#?}");
}

#[cfg(unix)]
#[test]
fn a_symlink_to_a_user_file_does_not_make_its_folder_trusted() {
    let run = with_pack(leadhook!("send lead.created --dry-run")).folder(".config/leadhook");
    let own = "provider = \"acme\"\n[providers]\nacme = \"acme\"\n";
    let run = run.file(".config/leadhook/leadhook.toml", own).env("LEADHOOK_SECRET", "s");
    let (mut command, folder) = run.command();
    let link = folder.path().join("leadhook.toml");
    std::os::unix::fs::symlink(".config/leadhook/leadhook.toml", link).unwrap();
    let output = command.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("is not used for `acme`"), "{stderr}");
}

#[test]
fn project_settings_are_reported_even_with_quiet() {
    let config = "target = \":1\"\n";
    let send = || leadhook!("send created --secret s --dry-run -q");
    let quiet = send().file("leadhook.toml", config).run().exits(0, "quiet");
    assert_note(&quiet, "note: target http://127.0.0.1:1/ from leadhook.toml:1");
    let own = send().folder(".config/leadhook").file(".config/leadhook/leadhook.toml", config);
    assert_eq!(own.run().exits(0, "the user's own file").stderr, "");
}

#[test]
fn an_output_replaces_no_input_of_the_run() {
    let config = "target = \":1\"\n";
    for (case, input) in [
        ("listen :0 --timeout 1ms --secret-file sec --ready-file ./sec", "sec"),
        ("listen :0 --timeout 1ms --ready-file leadhook.toml", "leadhook.toml"),
        ("check :1 --secret s --config c.toml --report json=c.toml", "c.toml"),
        ("simulate created --events 1/h --for 3h --policy p.toml --plot p.toml", "p.toml"),
    ] {
        let args: Vec<_> = case.split(' ').collect();
        let policy = "[retry]\nwaits = [\"1m\"]\nsuccess = [\"200\"]\n";
        let run = Leadhook::new(args).file("sec", "s3cret").file("c.toml", config);
        let run = run.file("leadhook.toml", config).file("p.toml", policy);
        let (outcome, folder) = run.run_in();
        let outcome = outcome.exits(2, case);
        assert!(
            outcome.stderr_line("error: ").contains("which this run reads"),
            "{case}: {outcome:#?}"
        );
        let content = fs::read_to_string(folder.path().join(input)).unwrap();
        assert!(["s3cret", config, policy].contains(&&*content), "{case}: {content}");
    }
}

/// Options that only the user may set have no key, and most of them no variable. Add new options of
/// this kind here.
#[test]
fn no_file_can_grant_a_permission_of_the_user() {
    const TYPED_ALONE: [&str; 3] = ["allow-remote", "start", "probe-cmd"];
    const NO_KEY: [&str; 2] = ["insecure", "open"];
    let keys: Vec<_> = GENERAL_KEYS.iter().chain(PROVIDER_KEYS).map(|key| key.name).collect();
    for name in TYPED_ALONE.iter().chain(&NO_KEY) {
        assert!(!keys.contains(name), "{name}");
        let config = format!("{name} = \"true\"\n");
        let run = leadhook!("config show").file("leadhook.toml", &config).run().exits(2, name);
        assert!(run.stderr_line("error: ").contains(&format!("unknown key `{name}`")), "{run:#?}");
    }
    for name in TYPED_ALONE {
        let id = name.replace('-', "_");
        assert!(
            !CONFIGURABLE_OPTIONS.contains(&&*id) && !SEPARATELY_READ_OPTIONS.contains(&&*id),
            "{name}"
        );
    }
}
