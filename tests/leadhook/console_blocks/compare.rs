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
    // Free ports, in the output of `demo`; those of a session are replaced before.
    (r":[1-6]\d{4}\b", ":<port>"),
    // The beginning of a digest over a body with a new id.
    (r"\b[0-9a-f]{8}…", "<digest>…"),
    // On a busy machine a time limit leaves a case of the demo undecided.
    (r"(The fixed receiver: )\d+ passed", "${1}<count> passed"),
    // The search for an explanation has a deadline.
    (r"\b\d[\d,]* tried\b", "<count> tried"),
];

static RULES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let compile = |(pattern, name): &(&str, &'static str)| (Regex::new(pattern).unwrap(), *name);
    VARIABLE_VALUES.iter().map(compile).collect()
});

/// The note about the progress of a check that takes longer than usual.
static PROGRESS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^note: \d+ of \d+ cases run, \d+ failed, after ").unwrap());

/// Returns `true` if a line is only printed on a slow machine.
pub fn depends_on_the_speed(line: &str) -> bool {
    PROGRESS.is_match(line)
}

/// The maximum number of lines of a paragraph whose line breaks may differ.
const PARAGRAPH: usize = 4;

/// A line as it is, and with names in place of the values that differ in every run.
struct Line<'t> {
    text: &'t str,
    normalised: String,
}

impl<'t> Line<'t> {
    fn all(lines: &'t [String]) -> Vec<Self> {
        lines.iter().map(|text| Self { text, normalised: normalised(text) }).collect()
    }
}

/// Returns a text with names in place of the values that differ in every run.
fn normalised(text: &str) -> String {
    let text = text.trim_end().to_owned();
    RULES.iter().fold(text, |text, (rule, name)| rule.replace_all(&text, *name).into_owned())
}

/// Returns `true` if a run printed the output of the document, in which a line `...` stands for
/// any lines.
pub fn matches(document: &[String], printed: &[String]) -> bool {
    lines_match(&Line::all(document), &Line::all(printed))
}

fn lines_match(document: &[Line<'_>], printed: &[Line<'_>]) -> bool {
    match (document, printed) {
        ([], []) => true,
        ([line, rest @ ..], printed) if line.text.trim() == "..." => {
            (0..=printed.len()).any(|skipped| lines_match(rest, &printed[skipped..]))
        }
        ([line, rest @ ..], [same, printed_rest @ ..]) => {
            (line.normalised == same.normalised && lines_match(rest, printed_rest))
                || wrapped_differently(document, printed)
        }
        _ => false,
    }
}

/// Returns `true` if both begin with the same paragraph, of which a longer or shorter duration moved
/// the line breaks, and the rest matches.
fn wrapped_differently(document: &[Line<'_>], printed: &[Line<'_>]) -> bool {
    let paragraphs = |lines: &[Line<'_>]| -> Vec<String> {
        let indented = |line: &&Line<'_>| line.text.starts_with(' ');
        let more = lines.iter().skip(1).take_while(indented).take(PARAGRAPH - 1);
        let lines: Vec<_> = lines.iter().take(1).chain(more).map(|line| line.text.trim()).collect();
        (1..=lines.len()).map(|count| normalised(&lines[..count].join(" "))).collect()
    };
    let printed_paragraphs = paragraphs(printed);
    paragraphs(document).iter().enumerate().any(|(ours, paragraph)| {
        paragraph.contains("<duration>")
            && printed_paragraphs.iter().enumerate().any(|(theirs, same)| {
                ours + theirs > 0
                    && paragraph == same
                    && lines_match(&document[ours + 1..], &printed[theirs + 1..])
            })
    })
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
            ("check :33309/hooks", "check :20917/hooks", true),
            ("the digest 0ad1dea4… is", "the digest 6ad1dea0… is", true),
            ("check :9090/hooks", "check :3000/hooks", false),
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
    fn a_note_about_the_progress_is_not_a_result() {
        assert!(depends_on_the_speed("note: 30 of 60 cases run, 0 failed, after 11.0 s"));
        assert!(!depends_on_the_speed("note: saved 30 of 60 requests"));
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
    #[test]
    fn a_longer_duration_may_move_the_line_breaks() {
        let lines = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        for (document, printed, expected) in [
            (
                "  idle  p50 1 ms, of 5.0 s allowed|end",
                "  idle  p50 117 ms, of 5.0 s|    allowed|end",
                true,
            ),
            (
                "  idle  p50 117 ms, of 5.0 s|    allowed|end",
                "  idle  p50 1 ms, of 5.0 s allowed|end",
                true,
            ),
            (
                "  expected 200, got 401 in 9|  ms, twice, and|  again",
                "  expected 200, got 401 in 10 ms,|  twice, and again",
                true,
            ),
            (
                "  expected 200, got 401 in 9|  ms, twice",
                "  expected 200, got 401 in 10 ms,|  thrice",
                false,
            ),
            ("  got 200 in 9 ms|  end", "  got 200 in 9 ms|  end|  end", false),
            ("  no duration|  here", "  no|  duration here", false),
        ] {
            let found = matches(&lines(document), &lines(printed));
            assert_eq!(found, expected, "{document:?} {printed:?}");
        }
    }
}
