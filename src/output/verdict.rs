//! Formats verdicts and findings, the same way for every command that verifies.

use crate::domain::finding::{Finding, Severity};
use crate::domain::verdict::{PayloadStatus, PayloadVerdict, SignatureStatus, SignatureVerdict};
use crate::output::sanitize;
use crate::output::theme::Theme;
use crate::output::wrap::wrap;
use console::measure_text_width;

/// The number of columns for the indentation and the label of a line of an origin.
const ORIGIN_INDENT: usize = 12;

/// The status of a signature that verifies, of a request with another body than the signed one.
pub const BODY_DIFFERS: &str = "valid, body differs";

/// Formats the status of a signature, such as `valid` or `INVALID`, in its colour.
#[must_use]
pub fn signature_label(theme: Theme, signature: &SignatureVerdict) -> String {
    let word = signature.status.to_string();
    match signature.status {
        _ if signature.body_differs => theme.bad(BODY_DIFFERS),
        SignatureStatus::Valid if !signature.is_valid() => {
            let (count, noun) = match signature.findings.len() {
                1 => (1, "error"),
                count => (count, "errors"),
            };
            format!("{}, {}", theme.good(&word), theme.bad(&format!("{count} {noun}")))
        }
        SignatureStatus::Valid => theme.good(&word),
        SignatureStatus::Unchecked | SignatureStatus::Unsigned => theme.warn(&word),
        SignatureStatus::Invalid | SignatureStatus::Missing | SignatureStatus::Malformed => {
            theme.bad(&word)
        }
    }
}

/// Formats the status of a payload, such as `valid, 2 warnings` or `INVALID: 1 error`, in its
/// colour.
#[must_use]
pub fn payload_label(theme: Theme, payload: &PayloadVerdict) -> String {
    let counted = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        many => Some(format!("{many} {noun}s")),
    };
    let counts = || {
        let (errors, warnings) = payload.error_and_warning_counts();
        let parts = [counted(errors, "error"), counted(warnings, "warning")];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    };
    match payload.status {
        PayloadStatus::Valid => theme.good("valid"),
        PayloadStatus::Warnings => format!("{}, {}", theme.good("valid"), theme.warn(&counts())),
        PayloadStatus::Invalid => format!("{}: {}", theme.bad("INVALID"), counts()),
        PayloadStatus::Unchecked => theme.warn("unchecked"),
    }
}

/// Formats a finding: its location, then the message.
#[must_use]
pub fn finding_line(theme: Theme, finding: &Finding) -> String {
    format!("{}  {}", location(theme, finding), sanitize::line(&finding.message))
}

/// Formats the location of a finding, in the colour of its severity.
fn location(theme: Theme, finding: &Finding) -> String {
    let location = match finding.pointer.as_str() {
        _ if finding.concerns_request => "the request",
        "" => "the body",
        pointer => pointer,
    };
    let location = sanitize::line(location);
    match finding.severity {
        Severity::Error => theme.bad(&location),
        Severity::Warning => theme.warn(&location),
    }
}

/// Formats a finding in lines of at most `width` columns.
///
/// Lines are wrapped without styles, and the location is coloured afterwards: `wrap` could break a
/// line within an escape sequence.
#[must_use]
pub fn finding_lines(theme: Theme, finding: &Finding, width: usize) -> Vec<String> {
    let whole = finding_line(theme, finding);
    if measure_text_width(&whole) <= width {
        return vec![whole];
    }
    let location = location(theme, finding);
    let columns = measure_text_width(&location);
    if columns + 1 >= width {
        // A location longer than a line is wrapped as well, and therefore has no colour.
        return wrap(&finding_line(Theme::PLAIN, finding), width);
    }
    // The location may contain spaces and must not be wrapped: a placeholder of the same width
    // takes its place, and that of the first of the two spaces after it.
    let placeholder = "x".repeat(columns + 1);
    let mut lines = wrap(&format!("{placeholder} {}", sanitize::line(&finding.message)), width);
    let rest = lines[0].split_off(placeholder.len());
    lines[0] = if rest.is_empty() { location } else { format!("{location} {rest}") };
    lines
}

/// Formats the origin of a finding in lines of at most `width` columns: the complete expectation,
/// its source, and the rule in the pack.
#[must_use]
pub fn origin_lines(theme: Theme, finding: &Finding, width: usize) -> Vec<String> {
    let expected = Some(&finding.expected).filter(|expected| !finding.message.contains(*expected));
    let fields = [
        ("expected", expected),
        ("source", Some(&finding.source)),
        ("rule", finding.rule.as_ref()),
    ];
    let lines = fields.into_iter().filter_map(|(label, text)| Some((label, text?)));
    let lines = lines.flat_map(|(label, text)| {
        let wrapped = wrap(&sanitize::line(text), width.saturating_sub(ORIGIN_INDENT));
        let labels = std::iter::once(label).chain(std::iter::repeat(""));
        labels.zip(wrapped).map(|(label, line)| format!("  {label:<8}  {line}")).collect::<Vec<_>>()
    });
    lines.map(|line| theme.dim(&line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::FindingMessage;

    fn finding(severity: Severity, message: FindingMessage, pointer: &str) -> Finding {
        Finding::new(severity, "x", message, "page 7").at(pointer)
    }

    #[test]
    fn errors_and_warnings_are_counted_in_words() {
        let finding = |severity| finding(severity, FindingMessage::missing("a text"), "/a");
        let word =
            |findings| payload_label(Theme::PLAIN, &PayloadVerdict::from_findings(findings, false));
        assert_eq!(word(vec![]), "valid");
        assert_eq!(word(vec![finding(Severity::Warning)]), "valid, 1 warning");
        assert_eq!(
            word(vec![
                finding(Severity::Error),
                finding(Severity::Warning),
                finding(Severity::Warning)
            ]),
            "INVALID: 1 error, 2 warnings"
        );
    }

    #[test]
    fn the_lines_of_a_finding_do_not_exceed_the_width() {
        let finding = finding(
            Severity::Error,
            FindingMessage::custom("is missing", "nothing", "a text"),
            "/a",
        );
        assert_eq!(finding_lines(Theme::PLAIN, &finding, 14), ["/a  is missing"]);
        assert_eq!(finding_lines(Theme::PLAIN, &finding, 13), ["/a  is", "missing"]);
        assert_eq!(finding_lines(Theme::PLAIN, &finding, 5), ["/a", "is", "missi", "ng"]);
        let red = Theme::COLOURED.bad("/a");
        assert_eq!(
            finding_lines(Theme::COLOURED, &finding, 10),
            [format!("{red}  is"), "missing".to_owned()]
        );
    }

    #[test]
    fn a_hostile_message_stays_on_its_line() {
        let finding = finding(
            Severity::Error,
            FindingMessage::custom("is `\n::error::`", "x", "y"),
            "/\u{1b}[2J",
        );
        assert_eq!(finding_line(Theme::PLAIN, &finding), "/\\u{1b}[2J  is `\\u{a}::error::`");
    }

    #[test]
    fn an_origin_is_labelled_and_stays_in_its_columns() {
        let finding = finding(Severity::Error, FindingMessage::missing("a text"), "/a");
        assert_eq!(origin_lines(Theme::PLAIN, &finding, 30), ["  source    page 7"]);
        let ruled = finding.with_rule(Some("a.schema.json#/properties/a/type".to_owned()));
        let lines = origin_lines(Theme::PLAIN, &ruled, 30);
        assert_eq!(lines[1..], ["  rule      a.schema.json#/", "            properties/a/type"]);
        assert!(lines.iter().all(|line| line.len() <= 30), "{lines:?}");
    }
}
