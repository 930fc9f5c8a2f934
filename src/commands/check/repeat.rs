//! The commands that repeat a check, or its failed cases only.

use crate::commands::option_sources::TypedOption;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::domain::secret::Secret;
use crate::protocols::shell_word::quote_if_needed;
use std::ffi::OsString;

/// The options that the command replaces, or that only change the form of the output.
const REPLACED: &[&str] =
    &["seed", "report", "format", "color", "quiet", "verbose", "save_failures", "list"];

/// The option that would end a run of the failed cases after the first of them.
const FAIL_FAST: &str = "fail_fast";

/// Assignments of values that a report must not contain, in lower case.
const PRIVATE_ASSIGNMENTS: &[&str] =
    &["secret=", "token=", "password=", "passwd=", "pwd=", "apikey=", "api_key=", "access_key="];

/// The options that select cases. They stay if too many cases failed to name them.
const SELECTION: &[&str] = &["only", "skip"];

/// The maximum number of cases that the command names.
const MAX_NAMED: usize = 12;

/// Returns the command, or `None` if nothing failed or if no command can repeat the run: an input
/// came from a pipe, a value is not UTF-8, or a URL may contain a password.
pub(super) fn command(typed: &[TypedOption], seed: u64, cases: &[CaseReport]) -> Option<String> {
    let failed = cases.iter().filter(|case| case.outcome == CaseOutcome::Fail);
    let ids: Vec<_> = failed.map(|case| case.id.as_str()).collect();
    if ids.is_empty() {
        return None;
    }
    let names_cases = ids.len() <= MAX_NAMED;
    let is_replaced = |id: &str| id == FAIL_FAST || (names_cases && SELECTION.contains(&id));
    let mut words = words(typed, seed, is_replaced)?;
    if names_cases {
        words.extend(["--only".to_owned(), ids.join(",")]);
    }
    words.push("-v".to_owned());
    Some(quoted(&words))
}

/// Returns the command that repeats the whole run, to be shown in a report that others read. It is
/// `None` where that of [`command`] is, and if an argument contains a secret, or may contain one.
pub(super) fn whole_command(
    typed: &[TypedOption],
    seed: u64,
    secrets: &[Secret],
) -> Option<String> {
    let words = words(typed, seed, |_| false)?;
    let is_private = words.iter().any(|word| contains_secret(word, secrets));
    (!is_private).then(|| quoted(&words))
}

/// Returns the words of a command with the typed options, except for those that are replaced.
fn words(
    typed: &[TypedOption],
    seed: u64,
    is_replaced: impl Fn(&str) -> bool,
) -> Option<Vec<String>> {
    let stays = |option: &&TypedOption| {
        let id = option.id.as_str();
        !REPLACED.contains(&id) && !is_replaced(id)
    };
    let mut words = vec!["leadhook".to_owned(), "check".to_owned()];
    // The positional argument first: `--secret` without a value would consume it.
    let (named, positional): (Vec<_>, Vec<_>) = typed.iter().filter(stays).partition(|option| {
        option.words.first().is_some_and(|word| word.as_encoded_bytes().starts_with(b"--"))
    });
    for word in positional.iter().chain(&named).flat_map(|option| &option.words) {
        words.push(repeatable(word)?);
    }
    words.extend(["--seed".to_owned(), seed.to_string()]);
    Some(words)
}

fn quoted(words: &[String]) -> String {
    words.iter().map(|word| quote_if_needed(word)).collect::<Vec<_>>().join(" ")
}

/// Returns `true` if a word contains one of the secrets, or an assignment or a URL with another
/// one: a command of `--start` or `--probe-cmd` may.
fn contains_secret(word: &str, secrets: &[Secret]) -> bool {
    let has = |secret: &Secret| {
        let secret = secret.expose();
        word.as_bytes().windows(secret.len().max(1)).any(|part| part == secret)
    };
    let lower = word.to_ascii_lowercase();
    let has_userinfo = || {
        let authorities = word.split("://").skip(1);
        authorities.into_iter().any(|rest| {
            rest.split(|c: char| "/?#'\"".contains(c) || c.is_whitespace())
                .next()
                .is_some_and(|authority| authority.contains('@'))
        })
    };
    secrets.iter().any(has)
        || PRIVATE_ASSIGNMENTS.iter().any(|assignment| lower.contains(assignment))
        || has_userinfo()
}

/// Returns a word if it means the same in another run and contains no password.
fn repeatable(word: &OsString) -> Option<String> {
    let text = word.to_str()?;
    let is_descriptor = text.contains("/dev/fd/") || text.contains("/proc/");
    let is_stdin = text == "-";
    let has_userinfo = text.split_once("://").is_some_and(|(_, rest)| {
        rest.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@'))
    });
    (!is_descriptor && !is_stdin && !has_userinfo).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::conformance::{CaseGroup, RequirementLevel};

    fn case(id: &str, outcome: CaseOutcome) -> CaseReport {
        let report = CaseReport::new(id, CaseGroup::Accepts, RequirementLevel::Must);
        CaseReport { outcome, ..report }
    }

    fn option(id: &str, words: &[&str]) -> TypedOption {
        TypedOption { id: id.to_owned(), words: words.iter().map(OsString::from).collect() }
    }

    #[test]
    fn a_command_names_the_failed_cases_and_keeps_the_other_options() {
        let cases = [
            case("good", CaseOutcome::Pass),
            case("bad", CaseOutcome::Fail),
            case("worse", CaseOutcome::Fail),
        ];
        let typed = [
            option("secret", &["--secret"]),
            option("probe_cmd", &["--probe-cmd", "echo $N"]),
            option("only", &["--only", "accepts"]),
            option("verbose", &["--verbose"]),
            option("url", &[":3000/hooks"]),
        ];
        let expected = "leadhook check :3000/hooks --secret --probe-cmd 'echo $N' --seed 7 --only \
                        bad,worse -v";
        assert_eq!(command(&typed, 7, &cases).as_deref(), Some(expected));
        assert_eq!(command(&typed, 7, &cases[..1]), None);
        let many: Vec<_> = (0..20).map(|id| case(&id.to_string(), CaseOutcome::Fail)).collect();
        let all = command(&typed, 7, &many).unwrap();
        assert!(all.contains("--only accepts --seed 7 -v"), "{all}");
    }

    #[test]
    fn the_command_of_a_report_repeats_the_run_without_a_secret() {
        let secrets = [Secret::new("an-example").unwrap()];
        let typed = |start: &str| {
            [
                option("fail_fast", &["--fail-fast"]),
                option("only", &["--only", "accepts"]),
                option("report", &["--report", "html=r.html"]),
                option("secret", &["--secret"]),
                option("start", &["--start", start]),
                option("url", &[":3000"]),
            ]
        };
        let expected = "leadhook check :3000 --fail-fast --only accepts --secret --start \
                        'node server.js' --seed 7";
        let found = whole_command(&typed("node server.js"), 7, &secrets);
        assert_eq!(found.as_deref(), Some(expected));
        for start in [
            "node server.js --key an-example",
            "API_TOKEN=x node server.js",
            "node server.js http://a/ postgres://me:pw@example.com/db",
        ] {
            assert_eq!(whole_command(&typed(start), 7, &secrets), None, "{start}");
        }
    }

    #[test]
    fn no_command_repeats_a_pipe_or_shows_a_password() {
        let cases = [case("bad", CaseOutcome::Fail)];
        for words in [
            ["--secret-file", "/dev/fd/63"],
            ["--from", "-"],
            ["--proxy", "http://me:pw@example.com"],
        ] {
            assert_eq!(command(&[option("x", &words)], 7, &cases), None, "{words:?}");
        }
    }
}
