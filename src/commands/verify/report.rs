//! The output of `verify`: a verdict for each request, and a summary of several.

use crate::commands::filter_args::{describe_skipped_lines, is_zero};
use crate::domain::finding::Finding;
use crate::domain::verdict::{Proof, SignatureStatus, Verdict, is_unchecked};
use crate::engine::explain::own_digest::OwnDigestVerdict;
use crate::error::Exit;
use crate::output::printer::{Look, Report};
use crate::output::wrap::{columns_beside, join_parts, wrap};
use crate::output::{sanitize, verdict};
use console::truncate_str;
use serde::Serialize;
use std::io;
use std::io::Write;

/// The maximum width of a name that the request contains.
const NAME_WIDTH: usize = 60;

/// The width of a label with the spaces around it.
const LABEL_WIDTH: usize = 13;

/// The verdict on one request.
#[derive(Debug, Serialize)]
pub(super) struct VerdictReport {
    pub(super) source: String,
    #[serde(flatten)]
    pub(super) verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expected_signature: Option<String>,
    /// The content that the user's own code hashed, if `--mine` asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mine: Option<OwnDigestVerdict>,
}

/// The summary of several requests.
#[derive(Debug, Default, Serialize)]
pub(super) struct VerifySummary {
    pub(super) requests: usize,
    pub(super) valid: usize,
    pub(super) invalid: usize,
    pub(super) unchecked: usize,
    pub(super) unreadable: usize,
    /// Lines without a request.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) skipped: usize,
    /// Requests that the filters excluded.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) excluded: usize,
    pub(super) duration_ms: u64,
}

impl VerifySummary {
    /// Returns the end of the summary if lines were skipped.
    fn skipped_lines(&self) -> String {
        let skipped = describe_skipped_lines(self.skipped);
        skipped.map(|text| format!("; {text}")).unwrap_or_default()
    }

    /// Counts one verdict.
    pub(super) fn count(&mut self, verdict: &Verdict) {
        self.requests += 1;
        if verdict.valid {
            self.valid += 1;
        } else if is_unchecked(&verdict.signature, &verdict.payload) {
            self.unchecked += 1;
        } else {
            self.invalid += 1;
        }
    }

    pub(super) fn exit(&self) -> Exit {
        match self {
            // An unreadable file may contain an invalid request: the result is not known.
            Self { unreadable: 1.., .. } => Exit::Input,
            Self { invalid: 1.., .. } => Exit::Failure,
            Self { unchecked: 1.., .. } => Exit::Incomplete,
            Self { .. } => Exit::Success,
        }
    }
}

impl Report for VerifySummary {
    const KIND: &'static str = "summary";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        let mut parts = vec![theme.good(&format!("{} valid", self.valid))];
        for (count, word) in [(self.invalid, "invalid"), (self.unreadable, "unreadable")] {
            if count > 0 {
                parts.push(theme.bad(&format!("{count} {word}")));
            }
        }
        if self.unchecked > 0 {
            parts.push(theme.warn(&format!("{} unchecked", self.unchecked)));
        }
        if self.excluded > 0 {
            parts.push(theme.dim(&format!("{} excluded by the filters", self.excluded)));
        }
        let noun = if self.requests == 1 { "request" } else { "requests" };
        writeln!(out, "{} {noun}: {}{}", self.requests, parts.join(", "), self.skipped_lines())
    }
}

impl Report for VerdictReport {
    const KIND: &'static str = "verdict";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let Look { theme, verbose, .. } = look;
        let Verdict { signature, payload, .. } = &self.verdict;
        let title = self.title(look);
        let has_no_findings =
            self.verdict.valid && signature.findings.is_empty() && payload.findings.is_empty();
        if has_no_findings && verbose == 0 && self.has_no_answers() {
            let words = [
                ("signature", verdict::signature_label(theme, signature)),
                ("payload", verdict::payload_label(theme, payload)),
            ];
            if look.folds {
                let words = words.map(|(name, word)| format!("{name} {word}"));
                let parts: Vec<_> = title.into_iter().chain(words).collect();
                return writeln!(out, "{}", join_parts(&parts, "  ", look.fold_columns(), 2));
            }
            // Most requests take this path; `format!` would take longer than appending.
            let mut line = title.join("  ");
            for (name, word) in words {
                line.push_str("  ");
                line.push_str(name);
                line.push(' ');
                line.push_str(&word);
            }
            line.push('\n');
            return out.write_all(line.as_bytes());
        }
        writeln!(out, "{}\n", join_parts(&title, "  ", look.fold_columns(), 2))?;
        let width = columns_beside(look.text_columns(), LABEL_WIDTH);
        let mut lines = vec![self.signature_line(look)];
        let wrapped = |text: &str| wrap(&sanitize::line(text), width);
        let origin = |finding: &Finding| match verbose {
            0 => Vec::new(),
            _ => verdict::origin_lines(theme, finding, width),
        };
        for finding in &signature.findings {
            lines.extend(wrapped(&finding.message));
            lines.extend(origin(finding));
        }
        lines.extend(
            self.expected_signature
                .iter()
                .map(|expected| format!("expected {}", sanitize::line(expected))),
        );
        write_labelled(out, "signature", &lines)?;
        for (index, explanation) in signature.explanations.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            write_labelled(out, "", &wrapped(&explanation.message))?;
            if let Some(fix) = &explanation.fix {
                write_labelled(out, "    fix", &wrapped(fix))?;
            }
        }
        writeln!(out)?;
        if let Some(mine) = &self.mine {
            write_labelled(out, "your code", &wrapped(&mine.message))?;
            write_labelled(out, "    fix", &wrapped(&mine.fix))?;
            writeln!(out)?;
        }
        let mut lines = vec![verdict::payload_label(theme, payload)];
        for finding in &payload.findings {
            lines.extend(verdict::finding_lines(theme, finding, width));
            lines.extend(origin(finding));
        }
        write_labelled(out, "payload", &lines)?;
        writeln!(out)
    }
}

impl VerdictReport {
    /// Returns `true` if no option asked for more than the verdict.
    fn has_no_answers(&self) -> bool {
        self.expected_signature.is_none() && self.mine.is_none()
    }

    /// Returns the source of the request, its provider and event, and its message id.
    fn title(&self, look: Look) -> Vec<String> {
        let theme = look.theme;
        let part = |text: &Option<String>| text.as_deref().map(shorten_name);
        let mut title =
            part(&self.verdict.provider).unwrap_or_else(|| "unknown provider".to_owned());
        if let Some(event) = part(&self.verdict.event) {
            title.push(' ');
            title.push_str(&event);
        }
        let mut parts = vec![sanitize::line(&self.source), theme.strong(&title)];
        parts.extend(part(&self.verdict.message_id).map(|id| theme.dim(&id)));
        parts
    }

    /// Returns the status of the signature, and what a valid one covers.
    fn signature_line(&self, look: Look) -> String {
        let signature = &self.verdict.signature;
        let word = verdict::signature_label(look.theme, signature);
        if signature.proof == Some(Proof::SharedSecret)
            && signature.status == SignatureStatus::Valid
        {
            return format!("{word}, the secret is the right one and covers nothing");
        }
        if signature.status == SignatureStatus::Valid {
            return format!("{word}, covers only the {}", join_names(signature.covers));
        }
        word
    }
}

/// Formats a list, such as `message id, timestamp and body`.
fn join_names(covers: &[&str]) -> String {
    let names: Vec<_> = covers.iter().map(|name| name.replace('-', " ")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Escapes and shortens a name that the request contains.
fn shorten_name(text: &str) -> String {
    let text = sanitize::line(text);
    // No character has more columns than bytes.
    if text.len() <= NAME_WIDTH {
        text
    } else {
        truncate_str(&text, NAME_WIDTH, "…").into_owned()
    }
}

/// Prints a label, with lines of text to the right of it.
fn write_labelled(out: &mut dyn Write, label: &str, lines: &[String]) -> io::Result<()> {
    for (index, line) in lines.iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        writeln!(out, "  {label:<9}  {line}")?;
    }
    Ok(())
}
