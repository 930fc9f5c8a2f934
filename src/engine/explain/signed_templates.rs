//! Signed templates: the strings that other senders sign, of the body and of parts of the request.
//!
//! A template is a row of pieces; what it is called in the messages, and the code of the
//! explanation, follow from its pieces.

use crate::domain::message::Message;
use crate::protocols::schemes::digest::DigestFormat;
use crate::protocols::schemes::hypothesis::{Edit, Hypothesis, HypothesisKind, HypothesisText};
use Piece::{Body, BodyHash, Host, Id, Method, Path, Text, Time, Url};
use jiff::Timestamp;

/// The maximum number of values of one kind of piece.
const MAX_VALUES: usize = 3;

/// The maximum number of characters of a host name that URLs are made of.
const MAX_HOST_LEN: usize = 255;

/// A part of a signed string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// A constant.
    Text(&'static str),
    /// The body.
    Body,
    /// The SHA-256 digest of the body, as hex digits.
    BodyHash,
    /// The message id.
    Id,
    /// The timestamp as its header has it.
    Time,
    /// The method.
    Method,
    /// The request target, with and without its query.
    Path,
    /// The absolute URL, of `Host` and the target.
    Url,
    /// The name of the host, with and without its port.
    Host,
}

/// The templates, the likeliest first.
const TEMPLATES: &[&[Piece]] = &[
    &[Text("v0:"), Time, Text(":"), Body],
    &[Time, Body],
    &[Time, Text("."), Body],
    &[Time, Text(":"), Body],
    &[Time, Text("\n"), Body],
    &[Body, Time],
    &[Body, Text("."), Time],
    &[Body, Text(":"), Time],
    &[Body, Text("\n"), Time],
    &[Text("v1:"), Time, Text(":"), Body],
    &[Text("t="), Time, Text("."), Body],
    &[Time, Text("|"), Body],
    &[Id, Body],
    &[Id, Text("."), Body],
    &[Id, Text(":"), Body],
    &[Id, Text("\n"), Body],
    &[Body, Id],
    &[Body, Text("."), Id],
    &[Id, Time, Body],
    &[Time, Id, Body],
    &[Time, Text("."), Id, Text("."), Body],
    &[Id, Text("."), Time, Text("."), Body],
    &[Id, Text(":"), Time, Text(":"), Body],
    &[Id, Text("\n"), Time, Text("\n"), Body],
    &[Id],
    &[Time],
    &[Method, Path, Body],
    &[Method, Text("\n"), Path, Text("\n"), Body],
    &[Method, Text(" "), Path, Text("\n"), Body],
    &[Path, Body],
    &[Path, Text("\n"), Body],
    &[Url, Body],
    &[Url, Text("\n"), Body],
    &[Method, Url, Body],
    &[Method, Text("\n"), Url, Text("\n"), Body],
    &[Method, Text(" "), Url, Text("\n"), Body],
    &[Body, Url],
    &[Url],
    &[Time, Method, Path, Body],
    &[Method, Path, Time, Body],
    &[Time, Text("."), Method, Text("."), Path, Text("."), Body],
    &[Method, Text("\n"), Path, Text("\n"), Time, Text("\n"), Body],
    &[Time, Text("\n"), Method, Text("\n"), Path, Text("\n"), Body],
    &[Time, Url, Body],
    &[Url, Time, Body],
    &[Method, Url, Time, Body],
    &[Url, Text("."), Time, Text("."), Body],
    &[Method, Text("\n"), Host, Text("\n"), Path, Text("\n"), Body],
    &[Method, Text("\n"), Path, Text("\n"), Host, Text("\n"), Body],
    &[Method, Host, Path, Body],
    &[Method, Text(" "), Host, Path, Text("\n"), Body],
    &[Host, Path, Body],
    &[Host, Text("\n"), Path, Text("\n"), Body],
    &[Host, Body],
    &[Method, Text("\n"), Host, Text("\n"), Path, Text("\n"), Time, Text("\n"), Body],
    &[Time, Text("\n"), Method, Text("\n"), Host, Text("\n"), Path, Text("\n"), Body],
    &[Time, Text("."), BodyHash],
    &[Time, BodyHash],
    &[Time, Text("\n"), BodyHash],
    &[Method, Text("\n"), Path, Text("\n"), BodyHash],
    &[Method, Text("\n"), Path, Text("\n\n"), BodyHash],
    &[Method, Path, BodyHash],
    &[Method, Path, Time, BodyHash],
    &[Time, Method, Path, BodyHash],
    &[Method, Text("\n"), Path, Text("\n"), Time, Text("\n"), BodyHash],
    &[Time, Text("\n"), Method, Text("\n"), Path, Text("\n"), BodyHash],
    &[Method, Text(":"), Path, Text(":"), Body],
    &[Method, Text("|"), Path, Text("|"), Body],
    &[Method, Text("."), Path, Text("."), Body],
    &[Method, Text(" "), Path, Text(" "), Body],
    &[Method, Body],
    &[Path, Text("."), Body],
    &[Path, Text(":"), Body],
    &[Url, Text("."), Body],
    &[Url, Text("|"), Body],
];

/// The message of a template that contains a part of the request besides the body. `{}` is the
/// template.
macro_rules! row {
    ($code:literal, $what:literal) => {
        Hypothesis {
            code: $code,
            condition: "`{}` is signed",
            evidence: concat!(
                "The signature covers ",
                $what,
                ", as `{}`; this provider signs {content}."
            ),
            fix: "sign {content}",
            apply: (),
        }
    };
}

static URL_SIGNED: Hypothesis<()> = row!("url-signed", "the URL, its host or path, or the method");
static ID_AND_TIME_SIGNED: Hypothesis<()> =
    row!("id-and-timestamp-signed", "the message id and the timestamp");
static TIME_SIGNED: Hypothesis<()> = row!("timestamp-signed", "the timestamp");
static ID_SIGNED: Hypothesis<()> = row!("message-id-signed", "the message id");

/// The parts of a request that a template can contain.
#[derive(Clone, Debug, Default)]
pub(super) struct TemplateParts {
    method: String,
    paths: Vec<String>,
    urls: Vec<String>,
    hosts: Vec<String>,
    times: Vec<String>,
    ids: Vec<String>,
}

/// A string that may have been signed around the body, and the name of its template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SignedString {
    /// The bytes before the body.
    pub(super) before: Vec<u8>,
    /// The bytes after the body.
    pub(super) after: Vec<u8>,
    /// `true` if the body is signed between the two.
    pub(super) has_body: bool,
    /// `true` if the hex digits of its SHA-256 digest stand for the body.
    pub(super) is_hashed: bool,
    /// The edit that names the template.
    pub(super) edit: Edit,
}

impl TemplateParts {
    /// Collects the parts of a request; the timestamps and ids are values of its headers.
    pub(super) fn from_request(
        message: &Message,
        times: impl Iterator<Item = String>,
        ids: impl Iterator<Item = String>,
    ) -> Self {
        let target = message.target.clone();
        let query = target.split_once('?').map(|(path, _)| path.to_owned());
        let host = ["X-Forwarded-Host", "Host"]
            .into_iter()
            .find_map(|name| message.headers.get_str(name))
            .map(str::trim)
            .filter(|host| !host.is_empty() && host.len() <= MAX_HOST_LEN);
        let hosts = host.map(|host| {
            let bare = host.split_once(':').map(|(name, _)| name.to_owned());
            std::iter::once(host.to_owned()).chain(bare).collect()
        });
        let urls = match (host, target.split_once("://")) {
            (_, Some(_)) => vec![target.clone()],
            (Some(host), None) => {
                let url = |scheme: &str, path: &str| format!("{scheme}://{host}{path}");
                let paths = std::iter::once(&target).chain(&query);
                paths.flat_map(|path| [url("https", path), url("http", path)]).collect()
            }
            (None, None) => Vec::new(),
        };
        let paths = std::iter::once(target).chain(query).collect();
        Self {
            method: message.method.clone(),
            paths,
            urls,
            hosts: hosts.unwrap_or_default(),
            times: times.take(MAX_VALUES).flat_map(|time| time_forms(&time)).collect(),
            ids: ids.take(MAX_VALUES).collect(),
        }
    }

    /// Returns every string that a template makes of these parts.
    pub(super) fn signed_strings(&self, format: &DigestFormat<'_>) -> Vec<SignedString> {
        TEMPLATES.iter().flat_map(|template| self.fill(template, format)).collect()
    }

    fn values(&self, piece: Piece) -> Option<&[String]> {
        match piece {
            Text(_) | Body | BodyHash => None,
            Id => Some(&self.ids),
            Time => Some(&self.times),
            Method => Some(std::slice::from_ref(&self.method)),
            Path => Some(&self.paths),
            Url => Some(&self.urls),
            Host => Some(&self.hosts),
        }
    }

    /// Fills a template in with every combination of the values; none if a value is missing.
    fn fill(&self, template: &[Piece], format: &DigestFormat<'_>) -> Vec<SignedString> {
        let edit = edit(template, format);
        let mut strings = vec![SignedString {
            before: Vec::new(),
            after: Vec::new(),
            has_body: false,
            is_hashed: false,
            edit,
        }];
        for piece in template {
            if matches!(piece, Body | BodyHash) {
                for string in &mut strings {
                    string.has_body = true;
                    string.is_hashed = *piece == BodyHash;
                }
                continue;
            }
            let text = if let Text(text) = piece { vec![(*text).to_owned()] } else { Vec::new() };
            let values = self.values(*piece).unwrap_or(&text);
            let append = |string: &SignedString, value: &String| {
                let mut string = string.clone();
                let end = if string.has_body { &mut string.after } else { &mut string.before };
                end.extend_from_slice(value.as_bytes());
                string
            };
            strings = strings
                .iter()
                .flat_map(|string| values.iter().map(move |value| append(string, value)))
                .collect();
        }
        strings
    }
}

/// Returns a timestamp as written, and in Unix seconds if it is a date.
fn time_forms(time: &str) -> Vec<String> {
    let at = time.parse::<Timestamp>().ok();
    let seconds = at.map(|at| at.as_second().to_string());
    std::iter::once(time.to_owned()).chain(seconds).collect()
}

/// Returns the messages of the hypotheses, for the documentation.
pub(super) fn texts() -> impl Iterator<Item = HypothesisText> {
    [&URL_SIGNED, &ID_AND_TIME_SIGNED, &TIME_SIGNED, &ID_SIGNED]
        .into_iter()
        .map(|row| row.text(HypothesisKind::SignedContent))
}

/// Returns the edit that names a template.
fn edit(template: &[Piece], format: &DigestFormat<'_>) -> Edit {
    let has = |pieces: &[Piece]| template.iter().any(|piece| pieces.contains(piece));
    let row = match (has(&[Url, Path, Method, Host]), has(&[Id]), has(&[Time])) {
        (true, _, _) => &URL_SIGNED,
        (false, true, true) => &ID_AND_TIME_SIGNED,
        (false, false, true) => &TIME_SIGNED,
        (false, _, false) => &ID_SIGNED,
    };
    let is_joined = template.iter().any(|piece| matches!(piece, Text(_)));
    let names = template.iter().map(|piece| match piece {
        Text(text) => text.replace('\n', "\\n"),
        Body => "body".to_owned(),
        BodyHash => "SHA-256 of the body".to_owned(),
        Id => "message id".to_owned(),
        Time => "timestamp".to_owned(),
        Method => "method".to_owned(),
        Path => "path".to_owned(),
        Url => "url".to_owned(),
        Host => "host".to_owned(),
    });
    let separator = if is_joined { "" } else { " + " };
    format.edit(row, &names.collect::<Vec<_>>().join(separator))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;
    use crate::protocols::schemes::digest;
    use crate::protocols::schemes::mac::HashFunction;

    #[test]
    fn templates_are_filled_in_with_every_value() {
        let headers = Headers::from_iter([("Host", "hooks.example.com")]);
        let message = Message::post("/hooks?a=1", headers, "{}");
        let parts = TemplateParts::from_request(
            &message,
            ["1700000000".to_owned()].into_iter(),
            ["msg_1".to_owned(), "req_2".to_owned()].into_iter(),
        );
        let format = DigestFormat {
            prefix: "",
            separator: None,
            is_versioned: false,
            function: HashFunction::Sha256,
            encoding: &digest::HEX,
            encode_body: digest::VERBATIM_BODY,
            value_description: String::new(),
            content_description: "the body alone",
        };
        let filled = parts.signed_strings(&format);
        let content = |string: &SignedString| {
            let body: &[u8] = if string.has_body { b"{}" } else { b"" };
            String::from_utf8([&*string.before, body, &*string.after].concat()).unwrap()
        };
        let contents: Vec<_> = filled.iter().map(content).collect();
        for expected in [
            "v0:1700000000:{}",
            "req_2{}",
            "{}msg_1",
            "POST/hooks{}",
            "POST\n/hooks?a=1\n{}",
            "https://hooks.example.com/hooks?a=1{}",
            "POSThttp://hooks.example.com/hooks{}",
            "1700000000POST/hooks{}",
            "POST\nhooks.example.com\n/hooks\n{}",
        ] {
            assert!(contents.iter().any(|content| content == expected), "{expected}");
        }
        assert!(filled.len() < 200, "{}", filled.len());
        let edit = &filled[0].edit;
        assert_eq!(
            (edit.code, &*edit.condition),
            ("timestamp-signed", "`v0:timestamp:body` is signed")
        );
        let nothing = TemplateParts { method: "POST".to_owned(), ..TemplateParts::default() }
            .signed_strings(&format);
        assert!(nothing.iter().all(|string| !string.has_body
            || string.is_hashed
            || !(string.before.is_empty() && string.after.is_empty())));
    }
}
