//! The output of `decode`: whether the value is verified, then its parts in words.

use crate::engine::decode::{
    DecodedSignature, DecodedToken, FoundValue, Note, SignatureEntry, TimeClaim,
};
use crate::error::Exit;
use crate::output::labelled::Columns;
use crate::output::printer::{Look, Report};
use crate::output::shown_body;
use crate::output::theme::Theme;
use crate::output::verdict::BODY_DIFFERS;
use crate::protocols::json_print;
use crate::providers::pack::Pack;
use console::truncate_str;
use serde::Serialize;
use serde_json::Value;
use std::io;
use std::io::Write;

/// The width of the labels.
pub(super) const LABEL_WIDTH: usize = 9;

/// The maximum number of lines shown of the claims.
const MAX_LINES: usize = 400;

/// The maximum number of columns of a line of the claims: an address or a note is a long string.
const MAX_LINE: usize = 1_000;

/// The indent of the claims.
const INDENT: usize = 4;

/// The name of the input if it is an argument.
pub(super) const ARGUMENT: &str = "argument";

/// The result of verifying a value.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Verification {
    status: Status,
    reason: String,
    /// `true` if the body of the request is not the content of the token.
    #[serde(skip)]
    body_differs: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Status {
    Valid,
    Invalid,
    NotVerified,
}

impl Verification {
    pub(super) fn valid(reason: impl Into<String>) -> Self {
        Self { status: Status::Valid, reason: reason.into(), body_differs: false }
    }

    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self { status: Status::Invalid, reason: reason.into(), body_differs: false }
    }

    pub(super) fn not_verified(reason: impl Into<String>) -> Self {
        Self { status: Status::NotVerified, reason: reason.into(), body_differs: false }
    }

    /// Returns the result for a token that was sent with another body.
    pub(super) fn with_other_body(self) -> Self {
        Self { body_differs: true, ..self }
    }

    pub(super) fn is_valid(&self) -> bool {
        self.status == Status::Valid
    }
}

/// The kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum ValueKind {
    Token,
    Signature,
}

/// A decoded value.
#[derive(Debug, Serialize)]
pub(super) struct DecodeReport {
    source: String,
    r#type: ValueKind,
    /// The name of the HTTP header that the value stands in.
    header_name: Option<String>,
    /// The id of the provider, if it is known.
    provider: Option<String>,
    verification: Verification,
    form: &'static str,
    algorithm: Option<String>,
    /// The header of the token.
    header: Option<Value>,
    /// The claims of the token.
    claims: Option<Value>,
    times: Vec<TimeClaim>,
    signatures: Vec<SignatureEntry>,
    /// What the signature covers.
    covers: String,
    notes: Vec<Note>,
    #[serde(skip)]
    shown_header: String,
    #[serde(skip)]
    shown_claims: Vec<u8>,
    /// `true` if a name is repeated, so that only the text has all values.
    #[serde(skip)]
    repeats_names: bool,
    #[serde(skip)]
    columns: Columns,
}

impl DecodeReport {
    pub(super) fn of_token(
        source: &str,
        found: &FoundValue,
        token: DecodedToken,
        pack: Option<&Pack>,
        verification: Verification,
        columns: Columns,
    ) -> Self {
        let meaning = token.algorithm_meaning.map(|meaning| format!(": {meaning}"));
        let algorithm =
            token.algorithm.as_ref().map(|name| format!("{name}{}", meaning.unwrap_or_default()));
        let shown_header = shown_header(&token, columns);
        let repeats_names = token.notes.iter().any(|note| note.code == "repeated-name");
        let header = token.header.into_value();
        let entry = SignatureEntry {
            label: token.algorithm,
            encoding: "base64url",
            bytes: token.signature_bytes,
            algorithm: token.algorithm_meaning.unwrap_or("unknown").to_owned(),
        };
        Self {
            source: source.to_owned(),
            r#type: ValueKind::Token,
            header_name: found.name.clone(),
            provider: pack.map(|pack| pack.provider.id.clone()),
            verification,
            form: "JSON Web Token",
            algorithm,
            shown_header,
            repeats_names,
            header: Some(header),
            claims: token.claims.map(crate::protocols::json::Json::into_value),
            times: token.times,
            signatures: vec![entry],
            covers: "the header and the claims of the token, not the body of the request"
                .to_owned(),
            notes: token.notes,
            shown_claims: token.claims_text,
            columns,
        }
    }

    pub(super) fn of_signature(
        source: &str,
        found: &FoundValue,
        signature: DecodedSignature,
        pack: Option<&Pack>,
        verification: Verification,
        columns: Columns,
    ) -> Self {
        let covers = match pack {
            Some(pack) => {
                let parts = pack.provider.signature.covers().join(", ").replace('-', " ");
                format!("{parts}, as {} documents", pack.provider.name)
            }
            None => signature.covers.to_owned(),
        };
        Self {
            source: source.to_owned(),
            r#type: ValueKind::Signature,
            header_name: found.name.clone(),
            provider: pack.map(|pack| pack.provider.id.clone()),
            verification,
            form: signature.form,
            algorithm: None,
            header: None,
            claims: None,
            times: signature.timestamp.into_iter().collect(),
            signatures: signature.entries,
            covers,
            notes: signature.notes,
            shown_header: String::new(),
            shown_claims: Vec::new(),
            repeats_names: false,
            columns,
        }
    }

    /// Returns the exit status: claims that are not JSON cannot be decoded.
    pub(super) fn exit(&self) -> Exit {
        let is_unreadable = self.r#type == ValueKind::Token && self.claims.is_none();
        match self.verification.status {
            _ if is_unreadable => Exit::Input,
            Status::Invalid => Exit::Failure,
            Status::Valid | Status::NotVerified => Exit::Success,
        }
    }
}

/// Returns the header of a token as it is written, or with spaces if it is too long for one line.
fn shown_header(token: &DecodedToken, columns: Columns) -> String {
    let text = String::from_utf8_lossy(&token.header_text).into_owned();
    if text.len() <= columns.text_width() && !text.contains('\n') {
        return text;
    }
    let printed = json_print::style("python-dumps-unicode")
        .map(|style| json_print::print(&token.header, style))
        .unwrap_or_default();
    String::from_utf8_lossy(&printed).into_owned()
}

impl Report for DecodeReport {
    const KIND: &'static str = "token";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let (theme, columns) = (look.theme, self.columns);
        let Verification { status, reason, body_differs } = &self.verification;
        let (label, paint): (_, fn(_, &str) -> String) = match status {
            Status::Valid if *body_differs => {
                (format!("signature {BODY_DIFFERS}"), |theme: Theme, text| theme.warn(text))
            }
            Status::Valid => ("signature valid".to_owned(), |theme, text| theme.good(text)),
            Status::Invalid => ("signature INVALID".to_owned(), |theme, text| theme.bad(text)),
            Status::NotVerified => ("not verified".to_owned(), |theme, text| theme.warn(text)),
        };
        for line in columns.wrap_whole(&format!("{label}: {reason}")) {
            writeln!(out, "{}", paint(theme, &line))?;
        }
        writeln!(out)?;
        let place = self.header_name.as_ref().map(|name| format!(" in `{name}`"));
        let source = match self.source.as_str() {
            "-" => "from standard input".to_owned(),
            ARGUMENT => "from the command line".to_owned(),
            file => format!("from `{file}`"),
        };
        let form = format!("{}{} {source}", self.form, place.unwrap_or_default());
        let label = match self.r#type {
            ValueKind::Token => "token",
            ValueKind::Signature => "signature",
        };
        columns.write(out, label, &columns.wrap(&form))?;
        if self.r#type == ValueKind::Token {
            columns.write(out, "header", &columns.wrap(&self.shown_header))?;
            let algorithm = self.algorithm.as_deref().unwrap_or("not named");
            columns.write(out, "algorithm", &columns.wrap(algorithm))?;
        }
        columns.write(out, "times", &self.time_lines())?;
        let label = match self.r#type {
            ValueKind::Token => "signature",
            ValueKind::Signature => "digest",
        };
        columns.write(out, label, &self.signature_lines())?;
        columns.write(out, "covers", &columns.wrap(&self.covers))?;
        for note in &self.notes {
            let lines = columns.wrap(&note.message);
            columns.write(
                out,
                "note",
                &lines.iter().map(|line| theme.warn(line)).collect::<Vec<_>>(),
            )?;
        }
        if self.r#type == ValueKind::Token {
            let origin = match status {
                Status::Valid => "signed with a configured secret",
                Status::Invalid | Status::NotVerified => "not verified: anyone can write this",
            };
            columns.write(out, "claims", &columns.wrap(origin))?;
            self.claim_lines().iter().try_for_each(|line| writeln!(out, "{line}"))?;
        }
        Ok(())
    }
}

impl DecodeReport {
    /// Returns the claims as indented JSON, within the limits.
    fn claim_lines(&self) -> Vec<String> {
        let lines = if self.repeats_names {
            shown_body::plain(&self.shown_claims)
        } else {
            shown_body::pretty(Theme::PLAIN, &self.shown_claims)
        };
        let more = lines.len().saturating_sub(MAX_LINES);
        let mut shown: Vec<_> = lines
            .iter()
            .take(MAX_LINES)
            .flat_map(|line| self.columns.break_line(&truncate_str(line, MAX_LINE, "…"), INDENT))
            .collect();
        if more > 0 {
            shown.push(format!("{:INDENT$}… {more} lines more", ""));
        }
        shown
    }

    fn signature_lines(&self) -> Vec<String> {
        let mut entries = Vec::new();
        for SignatureEntry { label, encoding, bytes, algorithm } in &self.signatures {
            let label = label.as_ref().map(|label| format!("{label}: ")).unwrap_or_default();
            let text = match self.r#type {
                ValueKind::Token => format!("{bytes} bytes in {encoding}"),
                ValueKind::Signature => format!("{label}{bytes} bytes in {encoding}, {algorithm}"),
            };
            entries.extend(self.columns.wrap(&text));
        }
        entries
    }

    fn time_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for TimeClaim { name, value, at, words, problem } in &self.times {
            let time = match at {
                Some(at) => format!(" ({at})"),
                None => format!(" (`{value}`)"),
            };
            lines.extend(self.columns.wrap(&format!("{name}: {words}{time}")));
            if let Some(problem) = problem {
                let text = format!("{name} is `{value}`: {problem}");
                lines.extend(self.columns.wrap(&text));
            }
        }
        lines
    }
}
