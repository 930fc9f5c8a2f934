//! Completions: the answers to the scripts, and the scripts in real shells.

#[cfg(unix)]
mod shells;

use crate::support::{Leadhook, Outcome, eventually, leadhook};
use clap::Command;
use leadhook::cli;
use leadhook::providers::Packs;
use std::collections::BTreeSet;
use std::fs;

/// Asks for completions of a line as the script for fish does: one line for each candidate, with
/// its description after a tab.
fn request(line: &str) -> Leadhook {
    let (words, current) = line.rsplit_once(' ').unwrap_or(("", line));
    let words = ["--"].into_iter().chain(words.split(' ')).chain([current]);
    Leadhook::new(words.filter(|word| !word.is_empty() || current.is_empty()))
        .env("LEADHOOK_COMPLETE", "fish")
}

/// Returns the candidates in a response, which is never an error.
#[track_caller]
fn candidates(outcome: Outcome) -> Vec<String> {
    let outcome = outcome.exits(0, "completions");
    assert_eq!(outcome.stderr, "");
    let value = |line: &str| line.split('\t').next().unwrap().to_owned();
    outcome.stdout.lines().map(value).collect()
}

/// Returns the candidates for a line that uses no files.
#[track_caller]
fn complete(line: &str) -> Vec<String> {
    candidates(request(line).in_process())
}

#[test]
fn values_are_offered_by_their_meaning() {
    for (line, expected) in [
        ("leadhook send cr", &["created"][..]),
        ("leadhook send leadpro:", &["leadpro:lead.created", "leadpro:lead.updated"]),
        ("leadhook send leadp", &["leadpro:lead.created", "leadpro:lead.updated"]),
        ("leadhook send realgeeks:cr", &["realgeeks:created"]),
        ("leadhook send -p leadpro ", &["lead.created", "lead.updated"]),
        ("leadhook events show cr", &["created"]),
        ("leadhook events schema cr", &["created"]),
        ("leadhook verify --event cr", &["created"]),
        ("leadhook send created -plea", &["-pleadpro"]),
        ("leadhook send --provider=lea", &["--provider=leadpro"]),
        ("leadhook send leadpro:lead.created --variant min", &["minimal"]),
        ("leadhook events show created --variant potential-s", &["potential-seller"]),
        ("leadhook practice --fault throws-on-s", &["throws-on-short-signature"]),
        ("leadhook check --only acc", &["accepts"]),
        ("leadhook check --only trunc", &["truncated"]),
        ("leadhook check --skip timing,trunc", &["timing,truncated"]),
        ("leadhook check --only=trunc", &["--only=truncated"]),
        ("leadhook check --report ", &["junit=", "tap=", "json=", "ndjson=", "html=", "github"]),
        ("leadhook check --report github,ju", &["github,junit="]),
        ("leadhook listen --until ", &["event=", "lead=", "valid"]),
        ("leadhook listen --until event=cr", &["event=created"]),
        ("leadhook simulate created --then cr", &["created="]),
        ("leadhook send created --set em", &["email="]),
        ("leadhook send created --unset em", &["email"]),
        ("leadhook send created --set email=x", &[]),
        ("leadhook completions ", &["bash", "elvish", "fish", "powershell", "zsh"]),
        ("leadhook events sc", &["schema"]),
        ("leadhook help sc", &[]),
        ("leadhook send created --tim", &["--timeout"]),
        ("leadhook listen ", &[]),
        ("leadhook send nosuch", &[]),
        ("leadhook send created :3000 nosuch", &[]),
    ] {
        assert_eq!(complete(line), expected, "{line}");
    }
}

#[test]
fn commands_subjects_and_other_names_are_offered() {
    for (line, expected) in [
        ("leadhook help events sc", &["schema"][..]),
        ("leadhook man che", &["check"]),
        ("leadhook man events check", &["check", "check-pack"]),
        ("leadhook docs cr", &["created"]),
        (
            "leadhook docs lead",
            &[
                "leadpro",
                "leadpro:lead.created",
                "lead.updated",
                "lead.qualified",
                "lead.scored",
                "leadgen",
                "leadpro:lead.updated",
            ],
        ),
        ("leadhook docs leadpro ", &["lead.created", "lead.updated"]),
        ("leadhook docs leadpro:", &["leadpro:lead.created", "leadpro:lead.updated"]),
        ("leadhook listen --tunnel ", &["cloudflared", "tailscale", "ngrok"]),
        ("leadhook replay --speed ", &["instant", "real"]),
        ("leadhook listen --respond cr", &["created="]),
        ("leadhook simulate created --respond cr", &[]),
        ("leadhook listen --forward cr", &["created="]),
        ("leadhook simulate created --arrivals=", &["--arrivals=poisson", "--arrivals=even"]),
        ("leadhook --format=j", &["--format=json"]),
    ] {
        assert_eq!(complete(line), expected, "{line}");
    }
}

#[test]
fn every_provider_is_offered() {
    let packs = Packs::builtin().unwrap();
    let ids: Vec<_> = packs.iter().map(|pack| pack.provider.id.clone()).collect();
    assert_eq!(complete("leadhook -p "), ids);
    assert_eq!(complete("leadhook docs "), ids);
}

#[test]
fn commands_are_offered_without_options_until_a_hyphen_is_typed() {
    let offered = complete("leadhook ");
    let root = cli::command();
    let commands: Vec<_> = root.get_subcommands().map(Command::get_name).collect();
    assert_eq!(offered[..commands.len()], commands);
    assert!(offered.iter().all(|name| !name.starts_with('-')), "{offered:?}");
    for line in ["leadhook -", "leadhook --", "leadhook send -"] {
        let offered = complete(line);
        assert!(offered.contains(&"--provider".to_owned()), "{line} {offered:?}");
        assert!(offered.iter().all(|name| name.starts_with("--")), "{line} {offered:?}");
    }
}

#[test]
fn defects_are_those_of_the_provider_on_the_line() {
    let of = |line: &str| complete(&format!("leadhook {line} --tamper "));
    let of_hmac = of("send created");
    let of_token = of("send -p leadpro");
    let all = of("send");
    assert_ne!(of_hmac, of_token);
    assert_eq!(of("send leadpro:lead.created -p realgeeks"), of("send leadpro:lead.created"));
    for tamper in of_hmac.iter().chain(&of_token) {
        assert!(all.contains(tamper), "{tamper} {all:?}");
        assert!(leadhook!("send --help").in_process().stdout.contains(tamper), "{tamper}");
    }
    assert_eq!(complete("leadhook send --tamper body cr"), ["created"]);
}

#[test]
fn every_case_of_check_is_offered() {
    let listed = leadhook!("check --list -p leadpro --format json").in_process().object();
    let ids = listed["cases"].as_array().unwrap().iter().map(|case| case["id"].as_str().unwrap());
    let expected: Vec<_> =
        ["accepts", "rejects", "idempotency", "timing"].into_iter().chain(ids).collect();
    assert_eq!(complete("leadhook check -p leadpro --only "), expected);
}

#[test]
fn every_report_that_is_offered_is_accepted() {
    for report in complete("leadhook check --report ") {
        let file = if report.ends_with('=') { "file" } else { "" };
        leadhook!("check --list --report {}{}", report, file).in_process().exits(0, &report);
    }
}

#[test]
fn a_run_is_a_completion_only_if_a_script_calls_it() {
    let run = |args: &[&str], shell: &str| {
        Leadhook::new(args).env("LEADHOOK_COMPLETE", shell).in_process()
    };
    for shell in ["fish", "", "0", "tcsh"] {
        let version = run(&["--version"], shell).exits(0, shell).stdout;
        assert!(version.starts_with("leadhook "), "{shell} {version}");
    }
    run(&["--", "leadhook", "send", "cr"], "tcsh").exits(2, "an unknown shell");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        // Calls that no script makes.
        for args in [&["--"][..], &["--", "leadhook"], &["--", "a", "b", "c", "d"]] {
            let outcome = run(args, shell);
            assert!(outcome.stderr.is_empty() || outcome.exit == 2, "{shell} {args:?} {outcome:?}");
        }
    }
}

/// Returns the answer to the script for bash at a cursor.
fn bash_answer(before: &str, after: &str) -> String {
    let args = ["--", " \t\n\"'><=;|&(:", before, after];
    let run = Leadhook::new(args).env("LEADHOOK_COMPLETE", "bash").in_process();
    let outcome = run.exits(0, before);
    assert_eq!(outcome.stderr, "", "{before}");
    outcome.stdout
}

#[test]
fn bash_gets_the_part_that_it_replaces() {
    for (before, expected) in [
        ("leadhook send cr", "words\ncreated\n"),
        ("leadhook send leadpro:", "words\nlead.created\nlead.updated\n"),
        ("leadhook send \"leadpro:lead.c", "words\nleadpro:lead.created\n"),
        ("leadhook check --report=ju", "nospace\njunit=\n"),
        ("leadhook check --report junit=x", "files\n"),
        ("leadhook verify ", "files\n"),
        ("leadhook --pack ", "folders\n"),
        ("leadhook man --output=", "folders\n"),
        ("leadhook verify --id=", "nospace\n"),
        ("leadhook send created > ", "files\n"),
    ] {
        assert_eq!(bash_answer(before, ""), expected, "{before}");
    }
    let defects = bash_answer("leadhook send --tamper ", " -p leadpro");
    assert_eq!(defects, bash_answer("leadhook -p leadpro send --tamper ", ""));
    assert_ne!(defects, bash_answer("leadhook send --tamper ", ""));
}

/// Returns the path and the data of every command.
fn commands() -> Vec<(String, Command)> {
    let mut commands = vec![("leadhook".to_owned(), cli::command())];
    let mut index = 0;
    while let Some((path, command)) = commands.get(index).cloned() {
        let subs = command.get_subcommands();
        commands.extend(subs.map(|sub| (format!("{path} {}", sub.get_name()), sub.clone())));
        index += 1;
    }
    commands
}

#[test]
fn every_option_with_known_values_is_completed() {
    /// The names of values that only the user knows, or that depend on the rest of the line.
    const FREE: [&str; 23] = [
        "ADDR",
        "CMD",
        "DATE",
        "DIGEST",
        "FROM..TO",
        "HOST1:PORT1:HOST2:PORT2",
        "HOST:PORT:ADDRESS",
        "LENGTHS",
        "N",
        "NAME: VALUE",
        "PATH",
        "PATH=JSON",
        "PATH=TEXT",
        "POINTER",
        "RATE",
        "SCRIPT",
        "SIZE",
        "STATUS",
        "TIME",
        "TIME[..TIME]",
        "URL",
        "VALUE",
        "WAITS",
    ];
    /// The options with other free values; profiles come from a configuration.
    const FREE_OPTIONS: [&str; 6] =
        ["admin-host", "handshake-token", "id", "message-id", "probe-header", "profile"];
    let mut seen = BTreeSet::new();
    for (path, command) in commands() {
        for arg in command.get_arguments().filter(|arg| arg.get_action().takes_values()) {
            let Some(long) = arg.get_long() else { continue };
            let name = arg.get_value_names().unwrap()[0].to_string();
            if !seen.insert((long.to_owned(), name.clone())) {
                continue;
            }
            let answer = bash_answer(&format!("{path} --{long}="), "");
            let is_empty =
                answer.lines().count() == 1 && ["words", "nospace"].contains(&answer.trim_end());
            let is_free = FREE.contains(&name.as_str()) || FREE_OPTIONS.contains(&long);
            assert_eq!(is_empty, is_free, "{path} --{long} {name}: {answer}");
        }
    }
    assert!(seen.len() > 50, "{seen:?}");
}

#[test]
fn no_line_is_an_error() {
    const JUNK: [&str; 4] = [" --nosuch -x ", " a b -- -p ", " --secret --nosuch ", " -p -"];
    // Options of one name have the same values in every command.
    let mut known = BTreeSet::new();
    for ((path, command), junk) in commands().into_iter().zip(JUNK.iter().cycle()) {
        let mut lines = vec![format!("{path}{junk}")];
        for arg in command.get_arguments().filter(|arg| arg.get_action().takes_values()) {
            let Some(long) = arg.get_long() else { continue };
            if known.insert(long.to_owned()) {
                lines.push(format!("{path} --{long} x \u{1b}"));
            }
        }
        for line in lines {
            complete(&line);
        }
    }
    assert!(known.len() > 50, "{known:?}");
}

/// A configuration with two profiles.
const PROFILES: &str = "[profile.staging]\n[profile.ci]\n";

/// Waits for candidates that come from files. Each run leaves out what it cannot read in time.
fn eventually_completes(line: &str, expected: &[&str], prepare: impl Fn(Leadhook) -> Leadhook) {
    eventually(line, || {
        let found = candidates(prepare(request(line)).run());
        (found == expected).then_some(())
    });
}

#[test]
fn plain_names_of_the_configuration_are_offered() {
    let with_profiles = |run: Leadhook| run.file("leadhook.toml", PROFILES);
    eventually_completes("leadhook --profile ", &["ci", "staging"], with_profiles);
    eventually_completes("leadhook --profile=st", &["--profile=staging"], with_profiles);
    let other = |run: Leadhook| run.file("other.toml", PROFILES);
    eventually_completes("leadhook --config other.toml --profile s", &["staging"], other);
    let provider = |run: Leadhook| run.file("leadhook.toml", "provider = \"leadpro\"\n");
    eventually_completes("leadhook send ", &["lead.created", "lead.updated"], provider);
    assert_eq!(
        candidates(request("leadhook send ").env("LEADHOOK_PROVIDER", "leadpro").in_process()),
        ["lead.created", "lead.updated"]
    );
}

#[test]
fn events_of_an_own_pack_are_offered() {
    let (outcome, folder) = leadhook!("events new acme").run_in();
    outcome.exits(0, "events new");
    let config = "[providers.acme]\npack = \"acme\"\n";
    fs::write(folder.path().join("leadhook.toml"), config).unwrap();
    let known = leadhook!("events --pack acme -p acme --format json").in_folder(folder.path());
    let events = known.run().exits(0, "events").object()["events"].take();
    let name = |event: &serde_json::Value| event["event"].as_str().unwrap().to_owned();
    let events: Vec<_> = events.as_array().unwrap().iter().map(name).collect();
    let events: Vec<_> = events.iter().map(String::as_str).collect();
    let in_folder = |run: Leadhook| run.in_folder(folder.path());
    eventually_completes("leadhook -p ac", &["acme"], in_folder);
    eventually_completes("leadhook send -p acme ", &events, in_folder);
    fs::remove_file(folder.path().join("leadhook.toml")).unwrap();
    eventually_completes("leadhook --pack acme send -p acme ", &events, in_folder);
}

#[test]
fn a_broken_configuration_hides_only_its_own_names() {
    for (content, case) in [
        ("[broken", "not TOML"),
        ("unknown-key = 1\n", "an unknown key"),
        ("[profile.\"$(touch x)\"]\n", "a name that a shell would execute"),
        ("[providers.acme]\npack = \"nowhere\"\n", "no such pack"),
        (&"# large\n".repeat(1 << 18), "larger than the limit"),
    ] {
        let run = request("leadhook send cr").file("leadhook.toml", content).run();
        assert_eq!(candidates(run), ["created"], "{case}");
        let run = request("leadhook --profile ").file("leadhook.toml", content).run();
        assert_eq!(candidates(run), [""; 0], "{case}");
    }
    for line in ["leadhook --config - send cr", "leadhook --config nowhere --pack nowhere send cr"]
    {
        assert_eq!(candidates(request(line).run()), ["created"], "{line}");
    }
}

#[test]
#[cfg(unix)]
fn a_special_file_is_not_waited_for() {
    for (line, name) in [
        ("leadhook send cr", "leadhook.toml"),
        ("leadhook --config other.toml send cr", "other.toml"),
        ("leadhook --pack acme send cr", "acme/provider.toml"),
    ] {
        let (mut command, folder) = request(line).folder("acme").command();
        let mut mkfifo = std::process::Command::new("mkfifo");
        assert!(mkfifo.arg(folder.path().join(name)).status().unwrap().success());
        let output = command.output().unwrap();
        assert_eq!(output.stdout, b"created\ta new lead\n", "{name}");
        assert_eq!(output.stderr, b"", "{name}");
    }
}

#[test]
#[cfg(unix)]
fn a_file_name_that_no_line_can_contain_is_left_out() {
    let run = request("leadhook verify ").file("a.json", "").file("b\nc", "").folder("d");
    assert_eq!(candidates(run.run()), ["a.json", "d/"]);
    let run = request("leadhook --pack ").file("a.json", "").folder("d");
    assert_eq!(candidates(run.run()), [".", "d/"]);
}

#[test]
fn each_script_asks_leadhook() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = leadhook!("completions {}", shell).in_process().exits(0, shell).stdout;
        assert!(script.contains("LEADHOOK_COMPLETE"), "{shell}");
        assert!(
            leadhook!("completions --help")
                .in_process()
                .stdout
                .contains(&format!("leadhook completions {shell}"))
        );
    }
    leadhook(&["completions", "tcsh"]).exits(2, "tcsh");
}
