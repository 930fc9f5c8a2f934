//! A verdict in words, the same for every command that judges.

use crate::domain::finding::Finding;
use crate::domain::finding::Severity;
use crate::domain::verdict::PayloadStatus;
use crate::domain::verdict::PayloadVerdict;
use crate::domain::verdict::SignatureStatus;
use crate::domain::verdict::SignatureVerdict;
use crate::output::sanitize;
use crate::output::theme::Theme;

/// `valid`, `INVALID`, … in its colour.
#[must_use]
pub fn signature_word(theme: Theme, signature: &SignatureVerdict) -> String {
    let word = signature.status.to_string();
    match signature.status {
        SignatureStatus::Valid => theme.good(&word),
        SignatureStatus::Unchecked => theme.warn(&word),
        SignatureStatus::Invalid | SignatureStatus::Missing | SignatureStatus::Malformed => {
            theme.bad(&word)
        }
    }
}

/// `valid`, `2 warnings`, `1 error, 2 warnings`, `unchecked` in its colour.
#[must_use]
pub fn payload_word(theme: Theme, payload: &PayloadVerdict) -> String {
    let (errors, warnings) = payload.counts();
    let counted = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        many => Some(format!("{many} {noun}s")),
    };
    let parts: Vec<_> =
        [counted(errors, "error"), counted(warnings, "warning")].into_iter().flatten().collect();
    let counts = parts.join(", ");
    match payload.status {
        PayloadStatus::Valid => theme.good("valid"),
        PayloadStatus::Warnings => format!("{}, {}", theme.good("valid"), theme.warn(&counts)),
        PayloadStatus::Invalid => format!("{}: {counts}", theme.bad("INVALID")),
        PayloadStatus::Unchecked => theme.warn("unchecked"),
    }
}

/// One finding: its place, then the rest of the sentence.
#[must_use]
pub fn finding_line(theme: Theme, finding: &Finding) -> String {
    let place = if finding.pointer.is_empty() { "the body" } else { &finding.pointer };
    let place = sanitize::line(place);
    let place = match finding.severity {
        Severity::Error => theme.bad(&place),
        Severity::Warning => theme.warn(&place),
    };
    format!("{place}  {}", sanitize::line(&finding.message))
}

/// Fills lines of `width` letters with the words of `text`.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_said_in_words() {
        let finding = |severity| Finding::new(severity, "x", "", "");
        let word = |findings| payload_word(Theme::PLAIN, &PayloadVerdict::of(findings, false));
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
    fn a_hostile_message_stays_on_its_line() {
        let finding = Finding::new(Severity::Error, "x", "/\u{1b}[2J", "is `\n::error::`");
        assert_eq!(finding_line(Theme::PLAIN, &finding), "/\\u{1b}[2J  is `\\u{a}::error::`");
    }
}
