//! The scripts in interactive shells, on a terminal.

use crate::support::{PYTHON3, skipped};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Types into a shell on a terminal; needs Python 3.
const TERMINAL: &str = include_str!("terminal.py");

/// The prompt of the shells.
const PROMPT: &str = "ready>";

/// A folder with files to complete, in which a shell runs.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("leadhook.toml", "[profile.staging]\n[profile.ci]\n");
    write("payload.json", "{}");
    write("two words.json", "{}");
    fs::create_dir(folder.path().join("packs")).unwrap();
    folder
}

/// Builds a command that finds the tested binary under the name `leadhook`.
fn command(program: &str, folder: &Path) -> Command {
    let binary = Path::new(env!("CARGO_BIN_EXE_leadhook"));
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", binary.parent().unwrap().display());
    let mut command = Command::new(program);
    command.env_clear().env("HOME", folder).env("PATH", path).env("TERM", "dumb");
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// Returns `true` if a shell runs, and Python if a terminal is needed.
fn has(test: &str, shell: &str, needs_terminal: bool) -> bool {
    let runs = |program: &str, args: &[&str]| {
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let has_shell = runs(shell, &["-c", "exit 0"]);
    let has = has_shell && (!needs_terminal || runs(&PYTHON3.program(), &["-c", "import pty"]));
    if !has {
        skipped(
            test,
            if has_shell { "Python 3 is not installed" } else { "the shell is not installed" },
        );
    }
    has
}

/// Types each of `keys` into a shell, and returns the lines.
fn typed(shell: &[&str], folder: &Path, keys: &[&str]) -> Vec<String> {
    let shell = serde_json::to_string(shell).unwrap();
    let mut python = command(&PYTHON3.program(), folder);
    let output = python.args(["-c", TERMINAL, &shell, PROMPT]).args(keys).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Types lines into a shell and compares the result. Only a profile, which is read from the
/// configuration, is left out if the machine is too slow: those steps have several attempts.
fn assert_typed(shell: &[&str], folder: &Path, steps: &[(&str, &str)]) {
    let mut steps = steps.to_vec();
    for _ in 0..50 {
        let keys: Vec<_> = steps.iter().map(|(keys, _)| *keys).collect();
        let mut found = typed(shell, folder, &keys).into_iter();
        steps.retain(|(keys, expected)| {
            let found = found.next().unwrap_or_default();
            let is_equal = found == *expected;
            assert!(is_equal || keys.contains("--profile "), "{keys:?}: {found:?}, {expected:?}");
            !is_equal
        });
        if steps.is_empty() {
            return;
        }
    }
    panic!("{shell:?} never completes {steps:?}");
}

/// What is typed into bash, and the line afterwards. `\x1b*` inserts every candidate.
const BASH_STEPS: &[(&str, &str)] = &[
    ("leadhook send cr\t", "leadhook send created "),
    ("leadhook send leadpro:\t", "leadhook send leadpro:lead."),
    ("leadhook send leadpro:lead.c\t", "leadhook send leadpro:lead.created "),
    ("leadhook send leadpro:\x1b*", "leadhook send leadpro:lead.created lead.updated "),
    ("leadhook send \"leadpro:lead.c\t", "leadhook send \"leadpro:lead.created\" "),
    // TAB two characters before the end.
    ("leadhook send creat x\x02\x02\t", "leadhook send created x"),
    ("leadhook -p real\x1b*", "leadhook -p realgeeks realtorbot "),
    ("leadhook --provider=lea\t", "leadhook --provider=leadpro "),
    ("leadhook check --only trunc\t", "leadhook check --only truncated "),
    ("leadhook check --only truncated,rej\t", "leadhook check --only truncated,rejects "),
    ("leadhook check --only tim\x1b*", "leadhook check --only timing "),
    ("leadhook --profile \x1b*", "leadhook --profile ci staging "),
    ("leadhook check --report ju\t", "leadhook check --report junit="),
    ("leadhook check --report junit=pay\t", "leadhook check --report junit=payload.json "),
    ("leadhook verify pay\t", "leadhook verify payload.json "),
    ("leadhook verify two\t", "leadhook verify two\\ words.json "),
    ("leadhook --pack pa\t", "leadhook --pack packs/"),
    ("leadhook send nosuch\t", "leadhook send nosuch"),
    ("FOO=1 leadhook events sch\t", "FOO=1 leadhook events schema "),
    ("true; leadhook send cr\t", "true; leadhook send created "),
    ("leadhook send created >pay\t", "leadhook send created >payload.json "),
    ("leadhook send 2> log cr\t", "leadhook send 2> log created "),
    ("leadhook docs leadpro \x1b*", "leadhook docs leadpro lead.created lead.updated "),
    ("leadhook help events sch\t", "leadhook help events schema "),
    ("\x18\x0e", "unchanged"),
];

/// The start of a bash that prints its line at Ctrl-X Ctrl-P, and compares `COMP_WORDBREAKS` with
/// `$breaks` at Ctrl-X Ctrl-N.
const BASHRC: &str = r#"PS1='ready>'
bind 'set enable-bracketed-paste off' 'set bell-style none' 2>/dev/null
bind -x '"\C-x\C-p": printf "<<%s>>" "$READLINE_LINE"; READLINE_LINE= READLINE_POINT=0'
bind -x '"\C-x\C-n": [[ $breaks == "$COMP_WORDBREAKS" ]] && READLINE_LINE=unchanged'
"#;

/// Starts an interactive bash with this configuration.
fn bash(rc: &Path) -> [&str; 5] {
    ["bash", "--noprofile", "--rcfile", rc.to_str().unwrap(), "-i"]
}

#[test]
fn a_real_bash_completes_values() {
    let test = "a_real_bash_completes_values";
    if !has(test, "bash", true) {
        return;
    }
    let package = Path::new("/usr/share/bash-completion/bash_completion");
    // What is run before COMP_WORDBREAKS is noted, and after.
    let mut loaders = vec![
        (String::new(), "source <(leadhook completions bash)"),
        ("set -u".to_owned(), "eval \"$(leadhook completions bash)\""),
    ];
    if package.exists() {
        // The package removes `@` from COMP_WORDBREAKS.
        loaders.push((format!("source {}", package.display()), ""));
    } else {
        skipped(test, "with the package bash-completion, which is not installed");
    }
    for (before, loader) in loaders {
        let folder = folder();
        // bash-completion loads this file at the first completion.
        let lazy = folder.path().join(".local/share/bash-completion/completions");
        fs::create_dir_all(&lazy).unwrap();
        let script = command("leadhook", folder.path()).args(["completions", "bash"]).output();
        fs::write(lazy.join("leadhook"), script.unwrap().stdout).unwrap();
        let rc = folder.path().join("rc");
        let startup = format!("{BASHRC}{before}\nbreaks=$COMP_WORDBREAKS\n{loader}\n");
        fs::write(&rc, startup).unwrap();
        assert_typed(&bash(&rc), folder.path(), BASH_STEPS);
    }
}

#[test]
fn a_real_zsh_completes_values() {
    if !has("a_real_zsh_completes_values", "zsh", true) {
        return;
    }
    let start = "PS1='ready>'\nunsetopt prompt_sp\nbindkey -e\n\
                 show() { print -rn -- \"<<$BUFFER>>\"; BUFFER= }\nzle -N show\nbindkey '^X^P' show\n\
                 autoload -U compinit\ncompinit -u -D\n";
    let steps = [
        ("leadhook send cr\t", "leadhook send created "),
        ("leadhook send leadpro:lead.c\t", "leadhook send leadpro:lead.created "),
        ("leadhook -p lea\t", "leadhook -p leadpro "),
        ("leadhook check --only truncated,rej\t", "leadhook check --only truncated,rejects "),
        ("leadhook --profile st\t", "leadhook --profile staging "),
        ("leadhook verify two\t", "leadhook verify two\\ words.json "),
        ("leadhook --config=pay\t", "leadhook --config=payload.json "),
        ("leadhook --pack pa\t", "leadhook --pack packs/"),
        ("leadhook check --report ju\t", "leadhook check --report junit="),
        (
            "leadhook check --report github,junit=pay\t",
            "leadhook check --report github,junit=payload.json ",
        ),
        (
            "leadhook send 'created' --variant potential-s\t",
            "leadhook send 'created' --variant potential-seller ",
        ),
        ("leadhook send created >pay\t", "leadhook send created >payload.json "),
        ("leadhook docs leadpro lead.c\t", "leadhook docs leadpro lead.created "),
        ("leadhook events sch\t", "leadhook events schema "),
        ("leadhook send nosuch\t", "leadhook send nosuch"),
    ];
    for loader in ["source <(leadhook completions zsh)", ""] {
        let folder = folder();
        let functions = folder.path().join("functions");
        fs::create_dir(&functions).unwrap();
        if loader.is_empty() {
            let script = command("leadhook", folder.path()).args(["completions", "zsh"]).output();
            fs::write(functions.join("_leadhook"), script.unwrap().stdout).unwrap();
        }
        let rc = format!("fpath=({} $fpath)\n{start}{loader}\n", functions.display());
        fs::write(folder.path().join(".zshrc"), rc).unwrap();
        assert_typed(&["zsh", "-d", "-i"], folder.path(), &steps);
    }
}

#[test]
fn a_real_fish_completes_values() {
    if !has("a_real_fish_completes_values", "fish", false) {
        return;
    }
    let folder = folder();
    let complete = |line: &str| {
        let script = format!("leadhook completions fish | source; complete -C '{line}'");
        let output = command("fish", folder.path()).args(["-c", &script]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    for (line, expected) in [
        ("leadhook send cr", "created\ta new lead\n"),
        ("leadhook send leadpro:lead.c", "leadpro:lead.created\ta new lead\n"),
        ("leadhook -p lea", "leadpro\tLeadPro\n"),
        ("leadhook --provider=lea", "--provider=leadpro\tLeadPro\n"),
        ("leadhook verify pay", "payload.json\n"),
        ("leadhook --pack=pa", "--pack=packs/\n"),
        (
            "leadhook help events sch",
            "schema\tPrint the complete JSON Schema of an event, or of a kind of JSON output\n",
        ),
    ] {
        assert_eq!(complete(line), expected, "{line}");
    }
    assert!(complete("leadhook check --only truncated,rej").starts_with("truncated,rejects\t"));
}

#[test]
fn a_real_elvish_completes_values() {
    if !has("a_real_elvish_completes_values", "elvish", true) {
        return;
    }
    let folder = folder();
    // Its editor needs a terminal that answers questions, so the completer is called directly.
    let rc = "eval (leadhook completions elvish | slurp)\n\
              for line [[send cr] [send leadpro:] [-p lea]] {\n\
              print '<<'; print ($edit:completion:arg-completer[leadhook] leadhook $@line | str:join ' '); print '>>' }\n\
              print 'ready>'\n";
    let file = folder.path().join("rc.elv");
    fs::write(&file, format!("use str\n{rc}")).unwrap();
    let shell = ["elvish", "-rc", file.to_str().unwrap()];
    let found = typed(&shell, folder.path(), &[]);
    assert_eq!(found, ["created", "leadpro:lead.created leadpro:lead.updated", "leadpro"]);
}
