//! Reader for calls of `fetch` in JavaScript, as browsers copy them and people write them.

mod literals;

use crate::domain::message::{Headers, Message};
use crate::protocols::requests::address;
use crate::protocols::requests::fetch::literals::{JsValue, Parser};
use crate::protocols::requests::http_text::lines;
use crate::protocols::requests::parsed::{
    ParsedRequest, ReadRequest, ReadResults, with_locations, without_bodiless,
};

/// The beginnings of the first line of a script with a call.
const STARTS: [&[u8]; 12] = [
    b"fetch(",
    b"await ",
    b"return ",
    b"window.",
    b"globalThis.",
    b"const ",
    b"let ",
    b"var ",
    b"import ",
    b"async ",
    b"(async",
    b"function ",
];

const CALL: &[u8] = b"fetch(";

/// Returns `true` if a text is JavaScript with a call of `fetch`.
pub(super) fn is_fetch(text: &[u8]) -> bool {
    let is_comment = |line: &&[u8]| {
        line.is_empty()
            || [b"//".as_slice(), b"/*", b"*"].iter().any(|start| line.starts_with(start))
    };
    let first = lines(text).map(<[u8]>::trim_ascii_start).find(|line| !is_comment(line));
    first.is_some_and(|line| STARTS.iter().any(|start| line.starts_with(start)))
        && memchr::memmem::find(text, CALL).is_some()
}

/// Parses every call of a script.
pub(super) fn read(text: &[u8]) -> ReadResults {
    let text = std::str::from_utf8(text).map_err(|_| "it is not UTF-8".to_owned())?;
    let mut parser = Parser::new(text);
    let mut reads: Vec<ReadRequest> = Vec::new();
    while parser.skip_to_call() {
        let read = read_call(&mut parser);
        let has_failed = read.is_err();
        reads.push(read.map(ParsedRequest::from_message));
        // The end of the call is unknown: what follows may be part of its body.
        if has_failed {
            break;
        }
    }
    if reads.is_empty() {
        return Err(
            "expected a call such as `fetch(\"https://…\", { method, headers, body })`".to_owned()
        );
    }
    Ok(without_bodiless(with_locations(reads)))
}

/// Parses the arguments of a call.
fn read_call(parser: &mut Parser<'_>) -> Result<Message, String> {
    let url = parser.value()?.into_string("the URL")?;
    let options = if parser.skip_if(",") && !parser.is_next(")") {
        parser.value()?
    } else {
        JsValue::Object(Vec::new())
    };
    parser.skip_if(",");
    parser.expect(")")?;
    let JsValue::Object(options) = options else {
        return Err("the options of `fetch` are not an object, expected `{ … }`".to_owned());
    };
    let (mut method, mut headers, mut body) = ("GET".to_owned(), Headers::new(), Vec::new());
    for (name, value) in options {
        match name.as_str() {
            "method" => method = value.into_string("`method`")?.to_ascii_uppercase(),
            "headers" => headers = read_headers(value)?,
            "body" if value.is_nothing() => {}
            "body" => body = value.into_string("`body`")?.into_bytes(),
            _ => {}
        }
    }
    let (host, target) = address::split_url(&url);
    let http_version = "HTTP/1.1".to_owned();
    let mut message = Message { method, target, http_version, headers, body: body.into() };
    address::add_host(&mut message, host);
    Ok(message)
}

/// Reads headers: an object, or a list of pairs.
fn read_headers(value: JsValue) -> Result<Headers, String> {
    let mut headers = Headers::new();
    match value {
        JsValue::Object(fields) => {
            for (name, value) in fields {
                headers.push(name, value.into_string("a header")?);
            }
        }
        JsValue::Array(pairs) => {
            for pair in pairs {
                let JsValue::Array(pair) = pair else {
                    return Err("`headers` has an item that is not a pair".to_owned());
                };
                let mut parts = pair.into_iter();
                let (Some(name), Some(value), None) = (parts.next(), parts.next(), parts.next())
                else {
                    return Err("`headers` has an item that is not a pair".to_owned());
                };
                headers.push(name.into_string("a header")?, value.into_string("a header")?);
            }
        }
        _ => return Err("`headers` is not an object, expected `{ … }`".to_owned()),
    }
    Ok(headers)
}

#[cfg(test)]
mod tests;
