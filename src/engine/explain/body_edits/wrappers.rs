//! Hypotheses about wrappers: forms, multipart, envelopes, and values printed by a language.

use crate::engine::explain::body_edits::received_body::{Form, ReceivedBody, RestoreBody, merged};
use crate::protocols::json;
use crate::protocols::json_layout::{JsonLayout, Kind, Node};
use crate::protocols::json_print::{self, STYLES};
use crate::protocols::printed_literals;
use crate::protocols::schemes::hypothesis::{Hypothesis, truncate_name};
use percent_encoding::percent_decode;
use std::cmp::Reverse;
use url::form_urlencoded;

/// The maximum number of fields or parts of a body that are tried.
const MAX_PARTS: usize = 8;

/// The maximum number of values in a JSON body that are tried, and of levels above them.
const MAX_VALUES_TRIED: usize = 16;
const MAX_DECODED_TRIED: usize = 4;

/// The maximum length of a body of which as many values are tried.
const MAX_LEN_FOR_ALL: usize = 1 << 20;
const MAX_DEPTH: usize = 5;

/// The minimum length of a value that may be a payload.
const MIN_VALUE_LEN: usize = 2;

/// The minimum length of a string that may contain a payload: `"{}"`.
const MIN_STRING_LEN: usize = 4;

/// The maximum length of a body that is read as a literal of a language.
const MAX_LITERAL_LEN: usize = 128 << 10;

/// Keys under which frameworks, queues and logs keep a payload.
const PAYLOAD_KEYS: &[&str] = &[
    "data",
    "body",
    "payload",
    "event",
    "detail",
    "message",
    "content",
    "rawBody",
    "raw_body",
    "raw",
    "request",
    "json",
    "params",
    "attributes",
    "result",
    "record",
    "value",
    "text",
    "Message",
];

/// The hypotheses, the likeliest first.
pub(super) static ROWS: &[Hypothesis<RestoreBody>] = &[
    Hypothesis {
        code: "body-is-wrapped",
        condition: "only the {} is hashed",
        evidence: "The payload is wrapped in an envelope that was added after it was signed.",
        fix: "hash that part of the body byte for byte, as it was received, or remove the envelope: \
              Node `request.body.data` was parsed, and is not the bytes that were signed",
        apply: values_inside,
    },
    Hypothesis {
        code: "form-encoded",
        condition: "the body is the value of its form field `{}`",
        evidence: "The body is an HTML form that contains the signed payload.",
        fix: "send JSON with `Content-Type: application/json`, not a form; with curl, \
              `--data-binary @FILE`",
        apply: |body| {
            let is_form = body.contains(&b'=') && !body.trim_ascii_start().starts_with(b"{");
            let fields = form_urlencoded::parse(if is_form { body } else { b"" }).take(MAX_PARTS);
            fields
                .map(|(name, value)| (value.into_owned().into_bytes(), truncate_name(&name)))
                .collect()
        },
    },
    Hypothesis {
        code: "form-encoded",
        condition: "the body is the name of its first form field",
        evidence: "The signed payload is the name of a form field without a value: JSON was sent or \
                   parsed as a form.",
        fix: "send it with `Content-Type: application/json`, and do not parse it as a form: jQuery \
              `contentType: \"application/json\"`",
        apply: |body| {
            let start = body.trim_ascii_start();
            let is_name = body.trim_ascii_end().ends_with(b"=");
            let is_form =
                is_name && [b"%7B".as_slice(), b"%5B", b"{"].iter().any(|s| start.starts_with(s));
            let fields = form_urlencoded::parse(if is_form { body } else { b"" }).take(1);
            let name = |(name, _): (std::borrow::Cow<'_, str>, _)| {
                (name.into_owned().into_bytes(), String::new())
            };
            fields.map(name).collect()
        },
    },
    Hypothesis {
        code: "percent-encoded",
        condition: "the body is percent-decoded",
        evidence: "The body was percent-encoded after it was signed.",
        fix: "send it unencoded: `curl --data-binary` instead of `--data-urlencode`",
        apply: |body| {
            let decoded = || percent_decode(body).collect::<Vec<u8>>();
            let as_is = body.contains(&b'%').then(decoded).filter(|decoded| **decoded != **body);
            // A form writes a space as `+`, and a `+` as `%2B`.
            let spaced = as_is.as_ref().filter(|_| body.contains(&b'+')).map(|_| {
                let spaces = body.iter().map(|&byte| if byte == b'+' { b' ' } else { byte });
                percent_decode(&spaces.collect::<Vec<u8>>()).collect::<Vec<u8>>()
            });
            as_is.into_iter().chain(spaced).map(|bytes| (bytes, String::new())).collect()
        },
    },
    Hypothesis {
        code: "multipart",
        condition: "the body is the content of its multipart field {}",
        evidence: "The body is a multipart form that contains the signed payload.",
        fix: "send JSON with `Content-Type: application/json`; with curl, `--data-binary @FILE` \
              instead of `-F`",
        apply: |body| multipart_parts(body),
    },
    Hypothesis {
        code: "printed-literal",
        condition: "the body is printed as JSON by {}",
        evidence: "The body is not JSON but an object as a language prints it for people.",
        fix: "print JSON: Python `json.dumps(data)`, Ruby `data.to_json`, JavaScript \
              `JSON.stringify(data)`",
        apply: printed_literal,
    },
];

/// Returns the values that may be the payload: the likely keys first, then the outer and longer ones.
fn values_inside(body: &ReceivedBody<'_>) -> Vec<Form> {
    let Some(layout) = body.layout() else { return Vec::new() };
    let is_candidate = |node: &&Node| {
        let length = node.range.len();
        let is_inside = (1..=MAX_DEPTH).contains(&node.depth);
        is_inside
            && match node.kind {
                Kind::Object | Kind::Array => length >= MIN_VALUE_LEN,
                Kind::String => length >= MIN_STRING_LEN && is_payload_string(layout, node),
                Kind::Number | Kind::Literal => false,
            }
    };
    let is_limited = body.context.is_decoded || body.len() > MAX_LEN_FOR_ALL;
    let limit = if is_limited { MAX_DECODED_TRIED } else { MAX_VALUES_TRIED };
    let mut candidates: Vec<&Node> = Vec::new();
    let rank = |node: &Node| {
        let is_known = layout.key(node).is_some_and(|key| PAYLOAD_KEYS.contains(&key));
        (!is_known, node.depth, Reverse(node.range.len()))
    };
    for node in layout.nodes().iter().filter(is_candidate) {
        let position = candidates.partition_point(|other| rank(other) <= rank(node));
        if position < limit {
            candidates.insert(position, node);
            candidates.truncate(limit);
        }
    }
    let forms = candidates.into_iter().filter_map(|node| form_of(layout, node));
    // Express and PHP make the body a key if they parse JSON as a form: `{"{\"id\":1}":""}`.
    let key = layout.nodes().get(1).and_then(|node| node.key.as_ref());
    let key = key.map(|key| layout.slice(key)).filter(|key| key.starts_with("\"{"));
    let key = key.and_then(|key| json::read_text(key)).map(|(text, _)| text.into_string_lossy());
    forms.chain(key.map(|text| (text.into_bytes(), "key of its first field".to_owned()))).collect()
}

/// Returns `true` if a string may contain an encoded payload: JSON, base64, or a compressed form of
/// it.
fn is_payload_string(layout: &JsonLayout<'_>, node: &Node) -> bool {
    let text = layout.slice(&node.range);
    let is_json = text.get(1..).is_some_and(|rest| rest.trim_start().starts_with(['{', '[', '\\']));
    let is_known = layout.key(node).is_some_and(|key| PAYLOAD_KEYS.contains(&key));
    is_json || is_known
}

/// Returns a value as its exact bytes, or the text of a string.
fn form_of(layout: &JsonLayout<'_>, node: &Node) -> Option<Form> {
    let slice = layout.slice(&node.range);
    let pointer = truncate_name(&layout.pointer(node));
    if node.kind == Kind::String {
        let (text, _) = json::read_text(slice)?;
        return Some((text.into_string_lossy().into_bytes(), format!("string at `{pointer}`")));
    }
    Some((slice.as_bytes().to_vec(), format!("value at `{pointer}` (byte for byte)")))
}

/// Returns the content of each part of a multipart form.
fn multipart_parts(body: &[u8]) -> Vec<Form> {
    let Some(rest) = body.trim_ascii_start().strip_prefix(b"--") else { return Vec::new() };
    let line_end = rest.iter().take(100).position(|byte| *byte == b'\n');
    let Some(boundary) = line_end.and_then(|end| rest.get(..end)) else { return Vec::new() };
    let delimiter = [b"\n--", boundary.trim_ascii_end()].concat();
    let mut parts = Vec::new();
    let mut rest = rest.get(boundary.len()..).unwrap_or_default();
    while parts.len() < MAX_PARTS {
        let Some(end) = position_of(rest, &delimiter) else { break };
        let part = rest.get(..end).unwrap_or_default();
        rest = rest.get(end + delimiter.len()..).unwrap_or_default();
        let line = part.iter().position(|byte| *byte == b'\n').map(|end| end + 1);
        let part = line.and_then(|start| part.get(start..)).unwrap_or_default();
        let Some((head, content)) = split_head(part) else { continue };
        let head = String::from_utf8_lossy(head);
        let name = head.split("name=\"").nth(1).and_then(|rest| rest.split('"').next());
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        parts.push((content.to_vec(), format!("`{}`", truncate_name(name.unwrap_or_default()))));
    }
    parts
}

/// Splits a part into its header fields and its content.
fn split_head(part: &[u8]) -> Option<(&[u8], &[u8])> {
    [b"\r\n\r\n".as_slice(), b"\n\n"].into_iter().find_map(|blank| {
        let end = position_of(part, blank)?;
        Some((part.get(..end)?, part.get(end + blank.len()..)?))
    })
}

/// Returns the position of `needle`, which begins with a newline or a carriage return.
fn position_of(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// Prints an object of Python, Ruby or JavaScript syntax as JSON, in every style.
fn printed_literal(body: &ReceivedBody<'_>) -> Vec<Form> {
    let is_json_start = body.trim_ascii_start().starts_with(b"{\"") && body.layout().is_some();
    let text = body.text().filter(|text| text.len() <= MAX_LITERAL_LEN && !is_json_start);
    let Some((json, language)) = text.and_then(printed_literals::parse) else { return Vec::new() };
    let limit = 4 * body.len();
    let mut forms: Vec<Form> = Vec::new();
    for style in STYLES {
        let Some(printed) = json_print::print_with_limit(&json, style, limit) else { continue };
        // Several languages print most objects alike.
        let is_known = forms.iter().any(|(bytes, _)| *bytes == printed);
        let detail = if is_known {
            style.language.to_owned()
        } else {
            format!("{} ({})", style.call, style.language)
        };
        let names_language =
            |(bytes, name): &Form| *bytes == printed && name.contains(style.language);
        if !forms.iter().any(names_language) {
            forms.push((printed, detail));
        }
    }
    let mut forms = merged(forms.into_iter());
    for (_, detail) in &mut forms {
        detail.push_str(" instead of ");
        detail.push_str(language.call());
    }
    forms
}
