//! Reader for Hurl files: requests with their bodies, and the responses that are expected.
//!
//! Format: <https://hurl.dev/docs/hurl-file.html>. Headers are followed by sections, then by the
//! body, without an empty line between.

mod bodies;

use crate::domain::message::{Headers, Message};
use crate::protocols::http1::{is_token, trim_field_value};
use crate::protocols::requests::address;
use crate::protocols::requests::http_text::{
    Variables, first_line, lines, unversioned_request_line,
};
use crate::protocols::requests::hurl::bodies::read_body;
use crate::protocols::requests::parsed::{
    ParsedRequest, ReadRequest, ReadResults, with_locations, without_bodiless,
};
use url::form_urlencoded;

/// The sections of a request, each with what its pairs become.
const SECTIONS: [(&str, SectionKind); 10] = [
    ("[QueryStringParams]", SectionKind::Query),
    ("[Query]", SectionKind::Query),
    ("[FormParams]", SectionKind::Form),
    ("[Form]", SectionKind::Form),
    ("[MultipartFormData]", SectionKind::Unsupported),
    ("[Multipart]", SectionKind::Unsupported),
    ("[Options]", SectionKind::Options),
    ("[BasicAuth]", SectionKind::Ignored),
    ("[Cookies]", SectionKind::Ignored),
    ("[Asserts]", SectionKind::Ignored),
];

/// The number of lines that decide if a text is a Hurl file.
const MAX_LINES: usize = 1_000;

/// The maximum number of headers and pairs of one request.
const MAX_PAIRS: usize = 10_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SectionKind {
    Query,
    Form,
    /// `variable: name=value` defines a variable.
    Options,
    Ignored,
    Unsupported,
}

/// Returns `true` if a text is a Hurl file: a request line without a version, and a body, section
/// or response in the syntax of Hurl.
pub(super) fn is_hurl(text: &[u8]) -> bool {
    let mut lines = lines(text).filter(|line| !is_skipped(line)).take(MAX_LINES);
    if lines.next().is_none_or(|line| unversioned_request_line(line).is_none()) {
        return false;
    }
    let is_part = |line: &[u8]| {
        is_response(line)
            || section(line).is_some()
            || line.starts_with(b"`")
            || [b"base64,".as_slice(), b"hex,", b"file,"].iter().any(|part| line.starts_with(part))
    };
    lines.any(is_part)
}

/// Parses every request of a file.
pub(super) fn read(text: &[u8]) -> ReadResults {
    let mut reads = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = first_line(rest);
        rest = after;
        if let Some((method, url)) = unversioned_request_line(line) {
            let (read, after) = read_request(method, url, after, text.len());
            reads.push(read);
            rest = after;
        }
    }
    if reads.is_empty() {
        return Err("expected a request line such as `POST https://example.com/hooks`".to_owned());
    }
    Ok(without_bodiless(with_locations(reads)))
}

fn is_skipped(line: &[u8]) -> bool {
    line.trim_ascii().is_empty() || line.starts_with(b"#")
}

/// Returns `true` for the first line of an expected response, such as `HTTP 200`.
fn is_response(line: &[u8]) -> bool {
    let mut words = line.split(|&byte| byte == b' ');
    let version = words.next().unwrap_or_default();
    let status = words.next().unwrap_or_default();
    (version == b"HTTP" || version.starts_with(b"HTTP/"))
        && (status == b"*" || (status.len() == 3 && status.iter().all(u8::is_ascii_digit)))
}

fn section(line: &[u8]) -> Option<SectionKind> {
    let line = line.trim_ascii();
    SECTIONS.iter().find(|(name, _)| name.as_bytes() == line).map(|(_, kind)| *kind)
}

/// Parses one request after its first line, and returns the text after it.
fn read_request<'a>(
    method: &str,
    url: &str,
    text: &'a [u8],
    file_size: usize,
) -> (ReadRequest, &'a [u8]) {
    let mut parts = RequestParts::default();
    let mut rest = text;
    loop {
        let (line, after) = first_line(rest);
        if rest.is_empty() || is_response(line) || unversioned_request_line(line).is_some() {
            break;
        }
        if is_skipped(line) {
            rest = after;
        } else if let Some(kind) = section(line) {
            parts.section = Some(kind);
            rest = after;
        } else if parts.push(line) {
            rest = after;
        } else {
            match read_body(rest) {
                Ok((body, after)) => {
                    parts.body = Some(body);
                    rest = after;
                }
                Err(problem) => return (Err(problem), after_request(after)),
            }
            break;
        }
    }
    (parts.build(method, url, file_size), after_request(rest))
}

/// Returns the text from the next request line on: the expected response is skipped.
fn after_request(text: &[u8]) -> &[u8] {
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = first_line(rest);
        if unversioned_request_line(line).is_some() {
            break;
        }
        rest = after;
    }
    rest
}

#[derive(Default)]
struct RequestParts {
    section: Option<SectionKind>,
    headers: Vec<(String, String)>,
    query: Vec<(String, String)>,
    form: Option<Vec<(String, String)>>,
    options: Vec<String>,
    body: Option<Vec<u8>>,
    has_unsupported: bool,
}

impl RequestParts {
    /// Adds a line such as `Name: value`; `false` if it is none, so that the body begins.
    fn push(&mut self, line: &[u8]) -> bool {
        let Ok(line) = std::str::from_utf8(line) else { return false };
        let Some((name, value)) = line.split_once(':') else { return false };
        let value = String::from_utf8_lossy(trim_field_value(value.as_bytes())).into_owned();
        if !is_token(name) || self.headers.len() + self.query.len() > MAX_PAIRS {
            return false;
        }
        let pair = (name.to_owned(), value);
        match self.section {
            None => self.headers.push(pair),
            Some(SectionKind::Query) => self.query.push(pair),
            Some(SectionKind::Form) => self.form.get_or_insert_default().push(pair),
            Some(SectionKind::Options) if name == "variable" => self.options.push(pair.1),
            Some(SectionKind::Options | SectionKind::Ignored) => {}
            Some(SectionKind::Unsupported) => self.has_unsupported = true,
        }
        true
    }

    fn build(self, method: &str, url: &str, file_size: usize) -> ReadRequest {
        if self.has_unsupported {
            return Err("it has a multipart body, with a boundary that Hurl generates, expected \
                        the body itself"
                .to_owned());
        }
        let variables = self.options.iter().filter_map(|option| option.split_once('='));
        let variables = Variables::new(variables);
        let mut left = file_size.saturating_mul(8);
        let mut expand = |value: &[u8]| variables.expand(value, &mut left);
        let url = String::from_utf8(expand(url.as_bytes())?);
        let mut url = url.map_err(|_| "its URL is not UTF-8".to_owned())?;
        if !self.query.is_empty() {
            let query =
                form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish();
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&query);
        }
        let mut headers = Headers::new();
        for (name, value) in &self.headers {
            headers.push(name.as_str(), expand(value.as_bytes())?);
        }
        let body = match (self.body, self.form) {
            (Some(body), _) => expand(&body)?,
            (None, Some(form)) => {
                let mut pairs = form_urlencoded::Serializer::new(String::new());
                pairs.extend_pairs(&form).finish().into_bytes()
            }
            (None, None) => Vec::new(),
        };
        let (host, target) = address::split_url(&url);
        let mut message = Message {
            method: method.to_owned(),
            target,
            http_version: "HTTP/1.1".to_owned(),
            headers,
            body: body.into(),
        };
        address::add_host(&mut message, host);
        Ok(ParsedRequest::from_message(message))
    }
}

#[cfg(test)]
mod tests;
