//! The command that repeats the failed cases of a check.

use crate::commands::option_sources::TypedOption;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::protocols::shell_word::quote_if_needed;
use std::ffi::OsString;

/// The options that the command replaces, or that only change the form of the output.
const REPLACED: &[&str] = &[
    "seed",
    "report",
    "format",
    "color",
    "quiet",
    "verbose",
    "save_failures",
    "fail_fast",
    "list",
];

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
    let stays = |option: &&TypedOption| {
        let id = option.id.as_str();
        let is_replaced = REPLACED.contains(&id) || (names_cases && SELECTION.contains(&id));
        !is_replaced
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
    if names_cases {
        words.extend(["--only".to_owned(), ids.join(",")]);
    }
    words.push("-v".to_owned());
    let quoted: Vec<_> = words.iter().map(|word| quote_if_needed(word)).collect();
    Some(quoted.join(" "))
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
