//! Observed faults of a request, which are reported if no hypothesis explains the signature.

use crate::domain::message::Message;
use crate::domain::verdict::Explanation;
use crate::engine::explain::body_edits;
use crate::engine::explain::body_edits::{
    BodyContext, ReceivedBody, first_rounded, shown, wide_json,
};
use crate::protocols::json::{FoundToken, JsonErrorKind};
use crate::protocols::schemes::Scheme;
use crate::protocols::schemes::hypothesis::Edit;
use crate::protocols::schemes::scheme::{SignatureFormat, SignedForm};
use crate::protocols::schemes::token::{TokenFormat, strip_bearer};
use crate::protocols::{hidden_value, json};
use url::form_urlencoded;

/// The lengths at which tools truncate captures, besides powers of two: ngrok's inspector.
const CAPTURE_LIMITS: [usize; 2] = [10_000, 10_240];

/// The limits of columns and fields that hold a token, besides powers of two from 128 on.
const FIELD_LIMITS: [usize; 7] = [255, 500, 1_000, 1_023, 2_000, 4_000, 4_095];

/// Returns `true` if columns and fields of logs often have this limit.
fn is_field_limit(length: usize) -> bool {
    FIELD_LIMITS.contains(&length) || (length >= 128 && length.is_power_of_two())
}

/// Returns the message about the fault and its fix, if the request has it.
type Observe = fn(&Observed<'_>) -> Option<(String, &'static str)>;

/// A request, and what its faults are read from.
struct Observed<'m> {
    message: &'m Message,
    body: ReceivedBody<'m>,
    /// `true` if the body is a JSON object or array as received.
    is_json: bool,
    /// `true` if the signature covers the bytes of the body.
    signs_body: bool,
    /// `true` if a decoding of the body is JSON.
    is_decodable: bool,
    /// The value of the header with the token and its format, if the signature is in a token.
    token: Option<(&'m str, &'static TokenFormat)>,
}

/// The faults by code.
static ROWS: &[(&str, Observe)] = &[
    ("length-differs", |observed| {
        let message = observed.message;
        let declared: usize = message.headers.get_str("Content-Length")?.trim().parse().ok()?;
        let actual = message.body.len();
        let text = format!(
            "The body has {actual} bytes, but `Content-Length` says {declared}: bytes were {} \
             before the body was saved to this file.",
            if actual < declared { "lost" } else { "added" }
        );
        // A tool that decompressed the body saves another length than was sent.
        let is_encoded = message.headers.contains("Content-Encoding");
        (actual != declared && !is_encoded)
            .then_some((text, "capture the request where it arrives, byte for byte"))
    }),
    ("body-cut-off", |observed| {
        let message = observed.message;
        let length = message.body.len();
        let is_usual_limit =
            CAPTURE_LIMITS.contains(&length) || (length >= 1024 && length.is_power_of_two());
        let error = json::read(&message.body).err()?;
        let is_truncated = match error.kind {
            JsonErrorKind::Unexpected { found: FoundToken::End, .. } => true,
            // The input ends within a character; for an invalid byte, `error_len` is `Some`.
            JsonErrorKind::InvalidUtf8 { .. } => {
                std::str::from_utf8(&message.body).is_err_and(|error| {
                    // If the JSON is complete before it, nothing was truncated.
                    let before = &message.body[..error.valid_up_to()];
                    error.error_len().is_none() && json::read(before).is_err()
                })
            }
            _ => false,
        };
        let is_empty = message.body.trim_ascii().is_empty();
        let text = match (is_empty, is_usual_limit) {
            (true, _) => {
                "The body is empty: it was not captured, or had already been read.".to_owned()
            }
            (_, true) => format!(
                "The body ends in the middle of its JSON, after exactly {length} bytes: \
                 the tool that captured it has that limit."
            ),
            (_, false) => format!("The body ends in the middle of its JSON, after {length} bytes."),
        };
        let fix = "raise the limit of the tool that captured it, or use `leadhook listen --save`";
        is_truncated.then_some((text, fix))
    }),
    ("token-cut-off", |observed| {
        let (value, format) = observed.token?;
        let value = value.trim();
        let token = strip_bearer(value).unwrap_or(value);
        // The field also holds the scheme, if the header has one.
        let length =
            [value, token].into_iter().map(str::len).find(|length| is_field_limit(*length))?;
        let (_, signature) = token.split_once('.')?.1.rsplit_once('.').unwrap_or_default();
        let is_cut = token.starts_with("ey") && signature.len() < format.signature_characters;
        let text = format!(
            "The token ends after exactly {length} characters, before the end of its signature: \
             a column or field of a log has that limit."
        );
        is_cut.then_some((text, "log the whole header, or use `leadhook listen --save`"))
    }),
    ("other-encoding", other_encoding),
    ("replaced-letters", |observed| {
        let text = observed.body.text().filter(|text| text.contains('\u{fffd}'))?;
        // Gzip begins with 1F 8B 08, and 8B is not UTF-8.
        let is_gzip = text.starts_with("\u{1f}\u{fffd}\u{8}");
        let message = if is_gzip {
            "The body begins as gzip that was decoded as text: its bytes became U+FFFD."
        } else {
            "The body contains U+FFFD: decoders replace invalid UTF-8 with it, and other bytes may \
             have been signed."
        };
        Some((message.to_owned(), "hash the bytes before anything decodes them"))
    }),
    ("content-encoding", compressed),
    ("stringified-object", |observed| {
        let text = observed.body.text()?.trim().trim_matches('"');
        let (_, cause) = STRINGIFIED.iter().find(|(start, _)| text.starts_with(start))?;
        let is_other = observed.is_json || observed.is_decodable;
        let shown = shown(text.lines().next().unwrap_or_default());
        let message = format!("The body is {shown} and not JSON, as when {cause}.");
        (!is_other).then_some((message, "send the JSON text of the object: `JSON.stringify(data)`"))
    }),
    ("html-page", |observed| {
        let start = observed.body.trim_ascii_start();
        let start = String::from_utf8_lossy(start.get(..64.min(start.len()))?).to_lowercase();
        let kind = match () {
            () if start.starts_with("<!doctype html") || start.starts_with("<html") => {
                "an HTML page"
            }
            () if start.starts_with("<?xml") || start.starts_with("<soap") => "XML",
            () => return None,
        };
        let message = format!(
            "The body is {kind} and not JSON: it may come from an error page or \
                               from another endpoint."
        );
        Some((message, "look at the text of the page, and capture the request of the provider"))
    }),
    ("form-body", |observed| {
        let body = &observed.body;
        let content_type = observed.message.headers.get_str("Content-Type").unwrap_or_default();
        let is_form = content_type.contains("x-www-form-urlencoded") && body.contains(&b'=');
        let names: Vec<_> = form_urlencoded::parse(if is_form { body } else { b"" })
            .take(3)
            .map(|(name, _)| shown(&name))
            .collect();
        let is_fact = is_form && !observed.is_json && !observed.is_decodable && !names.is_empty();
        let message =
            format!("The body is a form with the fields {} and not JSON.", names.join(", "));
        is_fact.then_some((message, "send JSON with `Content-Type: application/json`"))
    }),
    ("large-number", |observed| {
        let number = first_rounded(&observed.body).filter(|_| observed.signs_body)?;
        let message = format!(
            "The body contains {}, which is beyond 2^53: JavaScript and others round such numbers, \
             and it may have had other digits when it was signed.",
            shown(number)
        );
        Some((message, "hash the raw body; send such numbers as strings"))
    }),
    ("question-marks", |observed| {
        let body = &observed.body;
        let word = word_with_question_mark(body.text()?).filter(|_| observed.signs_body)?;
        let message = format!(
            "The body is ASCII and contains {}: an encoding that lacks a character may have put \
             `?` in its place.",
            shown(word)
        );
        Some((message, "use UTF-8 wherever the body is read, kept and hashed"))
    }),
    ("redacted-body", |observed| {
        let (pointer, shown) = hidden_value::redacted_field(&observed.body)?;
        let text = format!(
            "The value of `{pointer}` in the body is `{shown}`: a log may have hidden what was sent."
        );
        Some((text, "capture the request where it arrives, or allow this field in the log"))
    }),
    ("redacted-body", |observed| {
        let shown = hidden_value::hidden_text(&observed.body)?;
        let text = format!("The body is only `{shown}`, as logs write it to hide a value.");
        Some((text, "capture the request where it arrives, such as with `leadhook listen --save`"))
    }),
];

/// The fix for a body in another encoding.
const KEEP_THE_BYTES: &str = "keep the bytes as they arrive: JSON is UTF-8 (RFC 8259, section 8.1)";

/// How languages print an object that is not text, with the cause.
const STRINGIFIED: [(&str, &str); 12] = [
    ("[object ", "JavaScript converts an object to a string"),
    ("undefined", "a variable without a value is converted to a string"),
    ("<Buffer ", "Node prints the beginning of a buffer"),
    ("[B@", "Java prints the identity of a byte array"),
    ("System.", ".NET prints the type of an object"),
    ("#<", "Ruby prints the identity of an object"),
    ("<_io.", "Python prints the identity of a stream"),
    ("<starlette.", "Python prints the identity of a request"),
    ("<coroutine ", "an `await` is missing in Python"),
    ("map[", "Go prints a map with `%v`"),
    ("Array", "PHP converts an array to a string, or prints it with `print_r`"),
    ("Resource id #", "PHP converts a stream to a string"),
];

/// Reports a body in UTF-16, UTF-32 or Latin-1.
fn other_encoding(observed: &Observed<'_>) -> Option<(String, &'static str)> {
    let body = &observed.body;
    if observed.is_json {
        return None;
    }
    let is_utf16 = body.starts_with(&[0xff, 0xfe]) || body.starts_with(&[0xfe, 0xff]);
    let text = match wide_json(body) {
        Some(name) => format!("The body is JSON in {name} instead of UTF-8."),
        None if is_utf16 => "The body begins with the byte order mark of UTF-16.".to_owned(),
        None => {
            let offset = std::str::from_utf8(body).err()?.valid_up_to();
            let byte = is_latin1(body).then(|| body.get(offset)).flatten()?;
            format!(
                "The body is JSON in Latin-1, Windows-1252 or another code page instead of UTF-8: \
                 the byte at offset {offset} is 0x{byte:02x}."
            )
        }
    };
    Some((text, KEEP_THE_BYTES))
}

/// Reports what a header or a magic number says about compression, if no decompression is JSON.
fn compressed(observed: &Observed<'_>) -> Option<(String, &'static str)> {
    let encoding = observed.message.headers.get_str("Content-Encoding").map(str::trim);
    let encoding =
        encoding.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity"));
    let magic = match observed.body.as_ref() {
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd"),
        [0x1f, 0x8b, 8, ..] => Some("gzip"),
        _ => None,
    };
    if observed.is_decodable || !observed.signs_body {
        return None;
    }
    let text = match (encoding, magic, observed.is_json) {
        (Some(name), _, true) => format!(
            "`Content-Encoding` is {}, but the body is not compressed: the signature may cover the \
             compressed bytes.",
            shown(name)
        ),
        (Some(name), ..) => format!(
            "`Content-Encoding` is {}, and the body is not JSON: it may still be compressed, or \
             damaged.",
            shown(name)
        ),
        (None, Some(name), _) => format!(
            "The body begins with the magic number of {name}: it may be compressed, and incomplete \
             or damaged."
        ),
        (None, None, _) => return None,
    };
    Some((text, "capture the request behind the layer that decompresses it, byte for byte"))
}

/// Returns the first word that has a question mark between its letters, outside of URLs.
fn word_with_question_mark(text: &str) -> Option<&str> {
    if !text.is_ascii() || !text.contains('?') {
        return None;
    }
    let is_boundary =
        |c: char| !c.is_ascii_alphabetic() && !matches!(c, '?' | '/' | ':' | '=' | '.' | '&');
    text.split(is_boundary).find(|word| {
        let is_plain = !word.contains(['/', ':', '=', '.', '&']);
        is_plain && word.trim_matches('?').contains('?')
    })
}

/// Returns `true` if the bytes are valid JSON when decoded as Latin-1.
fn is_latin1(body: &[u8]) -> bool {
    let text: String = body.iter().copied().map(char::from).collect();
    json::read(text.as_bytes()).is_ok()
}

/// Returns the codes of the explanations, besides those of the decodings.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|(code, _)| *code)
}

/// Returns an explanation for every fault of the request.
///
/// A signature of this `scheme` covers the body, or is in a token.
pub(super) fn all(message: &Message, scheme: &Scheme) -> Vec<Explanation> {
    let signs_body = scheme.signed_form() != SignedForm::Claims;
    let token = match scheme.signature_format() {
        SignatureFormat::Token(format) => {
            let header = scheme.header().unwrap_or_default();
            message.headers.get_str(header).map(|value| (value, format))
        }
        SignatureFormat::Digest(_) => None,
        // Nothing covers the body: its faults are not the cause.
        SignatureFormat::Secret(_) | SignatureFormat::Unsigned => return Vec::new(),
    };
    let content_encoding = message.headers.get_str("Content-Encoding");
    let context = BodyContext { content_encoding, ..BodyContext::default() };
    let body = ReceivedBody::new(&message.body, context);
    let is_json = body_edits::is_json_document(&body);
    let decoding =
        if is_json { body_edits::bytes_to_json(&body) } else { body_edits::edits_to_json(&body) };
    let is_decodable = decoding.is_some();
    let observed = Observed { message, body, is_json, signs_body, is_decodable, token };
    let faults = ROWS.iter().filter_map(|(code, observe)| Some((*code, observe(&observed)?)));
    let faults = faults.map(|(code, (text, fix))| Explanation::new(code, text, fix));
    faults.chain(decoding.as_deref().and_then(decoded)).collect()
}

/// Returns the explanation that the body is JSON once it is decoded.
fn decoded(edits: &[Edit]) -> Option<Explanation> {
    let conditions: Vec<_> = edits.iter().map(|edit| &*edit.condition).collect();
    let first = edits.first()?;
    let text = format!(
        "The body is not the JSON of a payload as it is, but becomes JSON if {}.",
        conditions.join(", and ")
    );
    Some(Explanation::new(first.code, text, first.fix.clone()))
}
