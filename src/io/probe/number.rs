//! Reads the number of a probe from a response, and says what was found if there is none.

use crate::domain::excerpt::prefix;
use crate::domain::message::Response;
use crate::domain::pointer::escape;
use crate::domain::unsafe_char::is_unsafe;
use crate::protocols::json;
use crate::protocols::json::Json;

/// The maximum number of bytes of a response that a message shows.
const MAX_SHOWN: usize = 40;

/// The maximum length of a suggested pointer or header name.
const MAX_SUGGESTED: usize = 60;

/// The maximum depth at which a number is looked for to suggest its pointer.
const MAX_SEARCH_DEPTH: usize = 3;

/// The maximum number of values that are looked at for a suggestion.
const MAX_SEARCHED: usize = 1_000;

/// The largest whole number up to which every double is exact.
const MAX_EXACT_DOUBLE: f64 = 9_007_199_254_740_992.0;

/// The location of the number in a response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberLocation {
    /// The body is the number.
    Body,
    /// The value at this RFC 6901 pointer of a JSON body: a number, or an array of which the items
    /// are counted.
    Pointer(String),
    /// The value of this header.
    Header(String),
}

/// The reason why a response has no number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct NumberProblem {
    /// What was found instead.
    pub(super) problem: String,
    /// The next step, if it is more specific than the usual one.
    pub(super) hint: Option<String>,
}

impl NumberProblem {
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), hint: None }
    }

    fn with_hint(problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { problem: problem.into(), hint: Some(hint.into()) }
    }
}

impl NumberLocation {
    /// Returns the number at this location of a response.
    pub(super) fn read(&self, response: &Response) -> Result<u64, NumberProblem> {
        if !matches!(response.status, 200..=299) {
            return Err(unexpected_status(response));
        }
        if let Self::Header(name) = self {
            return header_number(response, name);
        }
        if response.truncated {
            return Err(NumberProblem::new(
                "its response is too long, or did not arrive completely in time",
            ));
        }
        match self {
            Self::Pointer(pointer) => pointer_number(&response.body, pointer),
            Self::Body | Self::Header(_) => body_number(&response.body),
        }
    }
}

/// Returns the number that an output consists of.
pub(super) fn plain_number(output: &[u8]) -> Result<u64, NumberProblem> {
    let text = String::from_utf8_lossy(output);
    let text = text.trim();
    text.parse().map_err(|_| {
        NumberProblem::new(if text.is_empty() {
            "it returned nothing, expected a whole number".to_owned()
        } else {
            format!("it returned `{}`, expected a whole number", shown(text))
        })
    })
}

/// Returns the number that a body consists of. If it is a JSON document, the problem names the
/// option that reads a number of it.
fn body_number(body: &[u8]) -> Result<u64, NumberProblem> {
    plain_number(body).map_err(|problem| match json::read(body) {
        Ok(json @ (Json::Object(_) | Json::Array(_))) => NumberProblem::with_hint(
            format!("the response is {}", describe(&json)),
            suggestion(&json).unwrap_or_else(|| {
                "`--probe-json POINTER` reads a number of a JSON response, or counts the items of \
                 an array"
                    .to_owned()
            }),
        ),
        Ok(_) | Err(_) => problem,
    })
}

/// Returns the number at a pointer of a JSON body, or the number of items of the array there.
fn pointer_number(body: &[u8], pointer: &str) -> Result<u64, NumberProblem> {
    let json = json::read(body).map_err(|error| {
        let text = String::from_utf8_lossy(body);
        let text = text.trim();
        if text.is_empty() {
            return NumberProblem::with_hint(
                "it returned nothing, expected JSON",
                "is it the URL of an API?",
            );
        }
        NumberProblem::with_hint(
            format!("it returned `{}`, expected JSON: {error}", shown(text)),
            "is it the URL of an API, and not of a page?",
        )
    })?;
    let Some(value) = json.pointer(pointer) else {
        let problem = format!("the response has no value at `{}`", shown_name(pointer));
        return Err(match suggestion(&json) {
            Some(hint) => NumberProblem::with_hint(problem, hint),
            None => {
                NumberProblem::with_hint(problem, format!("the response is {}", describe(&json)))
            }
        });
    };
    if let Some(number) = counted(value) {
        return Ok(number);
    }
    let problem =
        format!("`{}` is {}, expected a number or an array", shown_name(pointer), describe(value));
    // The pointer of the value itself is a part of every pointer into it.
    Err(match suggestion(&json) {
        Some(hint) => NumberProblem::with_hint(problem, hint),
        None => NumberProblem::new(problem),
    })
}

/// Returns the number in a header that occurs once.
fn header_number(response: &Response, name: &str) -> Result<u64, NumberProblem> {
    let values: Vec<_> = response.headers.get_all(name).collect();
    let found = match values.as_slice() {
        [value] => {
            let text = String::from_utf8_lossy(value);
            let text = text.trim();
            match text.parse() {
                Ok(number) => return Ok(number),
                Err(_) => {
                    format!("its header `{name}` is `{}`, expected a whole number", shown(text))
                }
            }
        }
        [] => format!("the response has no header `{name}`"),
        many => format!("the response has the header `{name}` {} times", many.len()),
    };
    let is_count = |(known, value): &(&str, &[u8])| {
        let text = std::str::from_utf8(value).unwrap_or_default();
        let is_about_transfer =
            ["content-length", "age"].iter().any(|transfer| known.eq_ignore_ascii_case(transfer));
        !is_about_transfer
            && !known.eq_ignore_ascii_case(name)
            && known.len() <= MAX_SUGGESTED
            && text.trim().parse::<u64>().is_ok()
    };
    Err(match response.headers.iter().find(is_count) {
        Some((known, _)) => NumberProblem::with_hint(
            found,
            format!("`--probe-header {known}` reads a number of it"),
        ),
        None => NumberProblem::with_hint(
            found,
            "name a header with a whole number; `curl -i URL` shows the headers",
        ),
    })
}

/// Describes a response with another status than 2xx.
fn unexpected_status(response: &Response) -> NumberProblem {
    let problem = format!("it responded with {}", response.status);
    let location = response.headers.get_str("location").filter(|_| response.status / 100 == 3);
    match location {
        Some(location) => NumberProblem::with_hint(
            problem,
            format!("it redirects to `{}`: use that URL", prefix(location, 200)),
        ),
        None => NumberProblem::new(problem),
    }
}

/// Returns the number that a JSON value stands for: itself, or the number of its items.
///
/// A string of digits counts as a number: some database drivers return the result of `count(*)` as
/// a string, because not every such number fits a double.
fn counted(value: &Json) -> Option<u64> {
    match value {
        Json::Array(items) => u64::try_from(items.len()).ok(),
        Json::Number(number) => number.parse().ok().or_else(|| whole_double(number)),
        Json::Text(text) => text.as_str()?.parse().ok(),
        Json::Null | Json::Bool(_) | Json::Object(_) => None,
    }
}

/// Parses a number such as `5.0` or `1e3`, if it is whole and a double represents it exactly.
fn whole_double(number: &str) -> Option<u64> {
    let double: f64 = number.parse().ok()?;
    let is_exact = double.fract() == 0.0 && (0.0..=MAX_EXACT_DOUBLE).contains(&double);
    // The digits of such a double are those of the whole number.
    is_exact.then(|| format!("{double:.0}").trim_start_matches('-').parse().ok()).flatten()
}

/// Describes a value in words.
fn describe(value: &Json) -> String {
    match value {
        Json::Null => "`null`".to_owned(),
        Json::Bool(value) => format!("`{value}`"),
        Json::Number(number) => format!("the number `{}`", shown(number)),
        Json::Text(text) => format!("the string `{}`", shown(&text.to_string_lossy())),
        Json::Array(items) => match items.len() {
            1 => "a JSON array of 1 item".to_owned(),
            many => format!("a JSON array of {many} items"),
        },
        Json::Object(_) => "a JSON object".to_owned(),
    }
}

/// Suggests the pointer of a value that can be counted: a number rather than an array, and the
/// least deep one.
fn suggestion(json: &Json) -> Option<String> {
    let mut level = vec![(String::new(), json)];
    let mut searched = 0;
    for _ in 0..=MAX_SEARCH_DEPTH {
        let found = |is_wanted: fn(&Json) -> bool| {
            level.iter().find(|(pointer, value)| {
                is_wanted(value) && counted(value).is_some() && can_be_typed(pointer)
            })
        };
        let number = found(|value| matches!(value, Json::Number(_)));
        if let Some((pointer, value)) = number.or_else(|| found(|_| true)) {
            let option = format!("`--probe-json {}`", quoted(pointer));
            return Some(match value {
                Json::Array(_) => format!("{option} counts the items of its array"),
                _ => format!("{option} reads a number of it"),
            });
        }
        let mut next = Vec::new();
        for (pointer, value) in &level {
            for (name, inner) in value.as_object().unwrap_or_default() {
                searched += 1;
                if searched > MAX_SEARCHED {
                    return None;
                }
                if let Some(name) = name.as_str().filter(|name| name.len() <= MAX_SUGGESTED) {
                    next.push((format!("{pointer}/{}", escape(name)), inner));
                }
            }
        }
        level = next;
    }
    None
}

/// Returns `true` if a pointer is short and has no character that a shell or a terminal interprets
/// even within quotes.
fn can_be_typed(pointer: &str) -> bool {
    let is_odd = |c: char| is_unsafe(c) || matches!(c, '\'' | '`' | '\\' | '!');
    pointer.len() <= MAX_SUGGESTED && !pointer.contains(is_odd)
}

/// Returns a pointer as an argument of a command in a shell.
fn quoted(pointer: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '.');
    if !pointer.is_empty() && pointer.chars().all(is_plain) {
        pointer.to_owned()
    } else {
        format!("'{pointer}'")
    }
}

/// Returns the beginning of a received string.
fn shown(text: &str) -> String {
    text.chars().take(MAX_SHOWN).collect()
}

/// Returns a pointer for a message: that of the whole document is empty.
fn shown_name(pointer: &str) -> &str {
    if pointer.is_empty() { "''" } else { pointer }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;

    fn response(body: &str) -> Response {
        Response { headers: Headers::new(), ..Response::text(200, body) }
    }

    fn pointer(pointer: &str) -> NumberLocation {
        NumberLocation::Pointer(pointer.to_owned())
    }

    fn problem(location: &NumberLocation, response: &Response) -> (String, String) {
        let NumberProblem { problem, hint } = location.read(response).unwrap_err();
        (problem, hint.unwrap_or_default())
    }

    #[test]
    fn a_number_is_read_from_a_body_a_pointer_or_a_header() {
        assert_eq!(NumberLocation::Body.read(&response(" 42\n")), Ok(42));
        for (at, body, number) in [
            ("/count", r#"{"count":5}"#, 5),
            ("", "[1,[2],{}]", 3),
            ("", "7", 7),
            ("/data/leads", r#"{"data":{"leads":[]}}"#, 0),
            ("/a~1b/0/n", r#"{"a/b":[{"n":"12"}]}"#, 12),
            ("/n", r#"{"n":5.0}"#, 5),
            ("/n", r#"{"n":1e3}"#, 1_000),
            ("/n", r#"{"n":-0.0}"#, 0),
            ("/n", r#"{"n":18446744073709551615}"#, u64::MAX),
        ] {
            assert_eq!(pointer(at).read(&response(body)), Ok(number), "{at} {body}");
        }
        let mut counted = response("[{}]");
        counted.headers.push("X-Total-Count", " 9 ");
        assert_eq!(NumberLocation::Header("x-total-count".to_owned()).read(&counted), Ok(9));
        counted.status = 204;
        assert_eq!(NumberLocation::Header("x-total-count".to_owned()).read(&counted), Ok(9));
    }

    #[test]
    fn a_body_that_is_no_number_is_described_with_the_option_that_reads_it() {
        for (body, found, hint) in [
            (
                r#"{"count":5}"#,
                "the response is a JSON object",
                "`--probe-json /count` reads a number of it",
            ),
            (
                r#"{"ok":true,"leads":[1],"n":2}"#,
                "the response is a JSON object",
                "`--probe-json /n` reads a number of it",
            ),
            (
                r#"{"data":{"leads":[]}}"#,
                "the response is a JSON object",
                "`--probe-json /data/leads` counts the items of its array",
            ),
            (
                "[1,2]",
                "the response is a JSON array of 2 items",
                "`--probe-json ''` counts the items of its array",
            ),
            (
                r#"{"a b":1}"#,
                "the response is a JSON object",
                "`--probe-json '/a b'` reads a number of it",
            ),
            (r#"{"a'b":1}"#, "the response is a JSON object", "`--probe-json POINTER`"),
            (r#"{"a\u001b":1}"#, "the response is a JSON object", "`--probe-json POINTER`"),
            ("{}", "the response is a JSON object", "`--probe-json POINTER`"),
            ("<html>", "it returned `<html>`, expected a whole number", ""),
            ("{broken", "it returned `{broken`, expected a whole number", ""),
            ("-1", "it returned `-1`, expected a whole number", ""),
            ("  ", "it returned nothing, expected a whole number", ""),
        ] {
            let (problem, suggested) = problem(&NumberLocation::Body, &response(body));
            assert_eq!(problem, found, "{body}");
            assert!(suggested.starts_with(hint), "{body}: {suggested}");
            assert_eq!(suggested.is_empty(), hint.is_empty(), "{body}: {suggested}");
        }
    }

    #[test]
    fn a_pointer_to_no_number_is_described_with_one_that_leads_to_a_number() {
        let body = response(r#"{"total":"x","meta":{"count":3},"none":null}"#);
        let hint = "`--probe-json /meta/count` reads a number of it";
        for (at, found) in [
            ("/count", "the response has no value at `/count`"),
            ("/total", "`/total` is the string `x`, expected a number or an array"),
            ("/none", "`/none` is `null`, expected a number or an array"),
            ("/meta", "`/meta` is a JSON object, expected a number or an array"),
            ("", "`''` is a JSON object, expected a number or an array"),
        ] {
            assert_eq!(problem(&pointer(at), &body), (found.to_owned(), hint.to_owned()), "{at}");
        }
        for number in ["-1", "1.5", "1e400", "18446744073709551616"] {
            let body = response(&format!("[{number}]"));
            assert!(problem(&pointer("/0"), &body).0.starts_with("`/0` is the number"), "{number}");
        }
        let (found, hint) = problem(&pointer("/a"), &response("<html>"));
        assert!(found.starts_with("it returned `<html>`, expected JSON: "), "{found}");
        assert_eq!(hint, "is it the URL of an API, and not of a page?");
    }

    #[test]
    fn a_header_that_is_no_number_is_described_with_one_that_is() {
        let header = NumberLocation::Header("X-Count".to_owned());
        let mut received = response("");
        received.headers.push("Content-Length", "0");
        let (found, hint) = problem(&header, &received);
        assert_eq!(found, "the response has no header `X-Count`");
        assert!(hint.contains("`curl -i URL`"), "{hint}");
        received.headers.push("X-Total", "3");
        let hint = "`--probe-header X-Total` reads a number of it";
        assert_eq!(problem(&header, &received).1, hint);
        received.headers.push("x-count", "many");
        let expected = "its header `X-Count` is `many`, expected a whole number";
        assert_eq!(problem(&header, &received), (expected.to_owned(), hint.to_owned()));
        received.headers.push("x-count", "2");
        assert_eq!(problem(&header, &received).0, "the response has the header `X-Count` 2 times");
    }

    #[test]
    fn an_incomplete_or_redirected_response_has_no_number() {
        let cut = Response { truncated: true, ..response("12") };
        assert!(problem(&NumberLocation::Body, &cut).0.contains("too long"));
        let mut moved = Response { status: 301, ..response("12") };
        moved.headers.push("Location", "/count/");
        let expected = (
            "it responded with 301".to_owned(),
            "it redirects to `/count/`: use that URL".to_owned(),
        );
        assert_eq!(problem(&NumberLocation::Body, &moved), expected);
    }

    #[test]
    fn a_search_for_a_suggestion_is_bounded() {
        let fields: Vec<_> = (0..5_000).map(|n| format!("\"f{n}\":null")).collect();
        let wide = response(&format!("{{{},\"n\":1}}", fields.join(",")));
        assert!(problem(&NumberLocation::Body, &wide).1.contains("POINTER"));
        let deep = response(r#"{"a":{"a":{"a":{"a":1}}}}"#);
        assert!(problem(&NumberLocation::Body, &deep).1.contains("POINTER"));
    }
}
