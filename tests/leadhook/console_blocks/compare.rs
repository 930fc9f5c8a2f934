//! Compares the output in a document with the output of a run.
//!
//! A document shows real values. Those that differ in every run (durations, ids, times) are
//! replaced with their names on both sides before the comparison.

use regex::Regex;
use std::sync::LazyLock;

/// The values that differ in every run, and what replaces them.
const VARIABLE_VALUES: &[(&str, &str)] = &[
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>"),
    (r"\d{8}T\d{6}Z-(\d{8})-[0-9a-f]{8}\.json", "<time>-$1.json"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "<time>"),
    (r"\b\d\d:\d\d:\d\d\b", "<clock>"),
    // Not `next in 10 s`, which is a part of the retry schedule.
    (r"(^|[^t] )in (under )?\d[\d.,]* (ms|s|µs)\b", "${1}in <duration>"),
    (r"\b(p50|p90|p95|p99|max) (under )?\d[\d.,]* (ms|s|µs)", "$1 <duration>"),
    // The search for an explanation has a deadline.
    (r"\b\d[\d,]* tried\b", "<count> tried"),
];

static RULES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let compile = |(pattern, name): &(&str, &'static str)| (Regex::new(pattern).unwrap(), *name);
    VARIABLE_VALUES.iter().map(compile).collect()
});

/// Returns a line with names in place of the values that differ in every run.
fn normalised(line: &str) -> String {
    let line = line.trim_end().to_owned();
    RULES.iter().fold(line, |line, (rule, name)| rule.replace_all(&line, *name).into_owned())
}

/// Returns `true` if a run printed the output of the document, in which a line `...` stands for
/// any lines.
pub fn matches(document: &[String], printed: &[String]) -> bool {
    let normalise =
        |lines: &[String]| lines.iter().map(|line| normalised(line)).collect::<Vec<_>>();
    lines_match(&normalise(document), &normalise(printed))
}

fn lines_match(document: &[String], printed: &[String]) -> bool {
    match (document, printed) {
        ([], []) => true,
        ([line, rest @ ..], printed) if line.trim() == "..." => {
            (0..=printed.len()).any(|skipped| lines_match(rest, &printed[skipped..]))
        }
        ([line, document @ ..], [same, printed @ ..]) => {
            line == same && lines_match(document, printed)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_differ_in_every_run_are_not_compared() {
        for (document, printed, expected) in [
            ("<-- 200 OK in 3 ms", "<-- 200 OK in 12 ms", true),
            ("<-- 200 OK in 3 ms", "<-- 204 No Content in 3 ms", false),
            ("56 passed in 0.4 s", "56 passed in 1.2 s", true),
            ("500 in under 1 ms", "500 in 2 ms", true),
            ("503 refused  next in 10 s", "503 refused  next in 20 s", false),
            ("p50 1 ms, p95 2 ms, max 1.5 s", "p50 3 ms, p95 4 ms, max 5 ms", true),
            (
                "created  7ca66bef-c704-47f2-b46e-0638291bae85",
                "created  00000000-c704-47f2-b46e-0638291bae85",
                true,
            ),
            ("12:04:31  realgeeks", "23:59:59  realgeeks", true),
            ("at 2026-01-02T03:04:05Z", "at 2026-11-02T03:04:05.123Z", true),
            (
                "caps/20261201T030129Z-00000001-0b2e2993.json",
                "caps/20251201T030129Z-00000001-1b2e2993.json",
                true,
            ),
            ("538 tried: other", "540 tried: other", true),
            ("trailing  ", "trailing", true),
            ("a", "ab", false),
            ("[..]", "any", false),
        ] {
            let lines = |text: &str| vec![text.to_owned()];
            assert_eq!(
                matches(&lines(document), &lines(printed)),
                expected,
                "{document:?} {printed:?}"
            );
        }
    }

    #[test]
    fn three_dots_stand_for_any_lines() {
        let lines = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for (document, printed, expected) in [
            ("a ... d", "a b c d", true),
            ("a ...", "a", true),
            ("... c", "a b", false),
            ("a", "a b", false),
            ("a b", "a", false),
        ] {
            assert_eq!(
                matches(&lines(document), &lines(printed)),
                expected,
                "{document:?} {printed:?}"
            );
        }
    }
}
