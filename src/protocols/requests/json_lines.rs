//! Reader for JSON files: one document, several concatenated ones, or JSON Lines.

use crate::protocols::json::{ExpectedToken, FoundToken, Json, JsonError, JsonErrorKind};
use crate::protocols::requests::documents::{documents, is_json, lines};
use crate::protocols::requests::parsed::{ReadResults, RequestLocation};
use crate::protocols::requests::{json_document, log_lines, pretty_log};
use crate::protocols::{byte_order_mark, json};

/// The maximum number of values in one document: an archive of a thousand page loads has half a
/// million, and this number takes about 300 MB. It also limits the requests of several documents.
const MAX_VALUES: usize = 4_000_000;

/// The pointer to the entries of an archive.
const ENTRIES: &str = "/log/entries";

/// Parses one document, JSON Lines if the first line is a request, or several concatenated
/// documents.
pub(super) fn read(text: &[u8]) -> ReadResults {
    match json::read_up_to(MAX_VALUES, text) {
        Ok(document) => json_document::read(&document),
        Err(_) if has_document_per_line(text) => log_lines::read(text),
        Err(_) if pretty_log::is_document_in_log(text) => pretty_log::read(text),
        Err(_) if has_several_documents(text) => read_concatenated(text),
        Err(problem) => Err(problem.to_string()),
    }
}

/// Returns `true` if a text that is not one document has a document on each line.
///
/// A truncated first line must not hide the others, so in that case the second line decides.
fn has_document_per_line(text: &[u8]) -> bool {
    let mut lines = lines(text).map(|(_, line)| line.trim_ascii());
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    let is_request = |line| json::read(line).is_ok_and(|value| may_be_request(&value));
    match json::read(first) {
        Ok(value) => may_be_request(&value),
        Err(problem) => {
            may_be_truncated(first, &problem)
                && (is_request(second) || detect_json_lines(text, true) == Some(true))
        }
    }
}

/// Returns `true` if an input has one request on each line, judging by its beginning.
///
/// Returns `None` if more input is needed, which never happens once `is_all` is set.
///
/// An input is JSON Lines if its first line that is not blank is a JSON object and another such
/// line follows, or if the first line was truncated and the second is an object. Anything else is
/// parsed as a whole: concatenated documents, archives, and inputs whose beginning is blank.
#[must_use]
pub(super) fn detect_json_lines(head: &[u8], is_all: bool) -> Option<bool> {
    let head = byte_order_mark::strip(head).trim_ascii_start();
    let undecided = || is_all.then_some(false);
    if head.is_empty() {
        return Some(false);
    }
    let Some(end) = head.iter().position(|&byte| byte == b'\n') else { return undecided() };
    let (first, rest) = head.split_at(end);
    let rest = rest.trim_ascii_start();
    match json::read(first) {
        Ok(value) if !may_be_request(&value) => Some(false),
        Ok(_) if rest.is_empty() => undecided(),
        Ok(_) => Some(true),
        Err(problem) if may_be_truncated(first, &problem) => is_truncated_line(first, rest, is_all),
        Err(_) => Some(false),
    }
}

/// Returns `true` if an invalid first line is a truncated document, and not the beginning of a
/// document over several lines, or `None` if more input is needed.
fn is_truncated_line(first: &[u8], rest: &[u8], is_all: bool) -> Option<bool> {
    let undecided = || is_all.then_some(false);
    if rest.is_empty() {
        return undecided();
    }
    // If the first line may go on with an object, as after `[` or `:`, the two lines may be part of
    // one document. That document cannot go on with another object, so the third line decides.
    let continued = json::read(&[first, b"\n{"].concat()).map_err(|problem| problem.kind);
    let may_continue = matches!(
        continued,
        Err(JsonErrorKind::Unexpected { found: FoundToken::End, .. }
            | JsonErrorKind::TooManyValues { .. })
    );
    if !rest.starts_with(b"{") {
        // A string cannot continue on another line, so the lines of a log may follow.
        let is_torn_string = !may_continue && first.starts_with(b"{\"");
        return if is_torn_string { log_lines::detect(rest, is_all) } else { Some(false) };
    }
    let end = match rest.iter().position(|&byte| byte == b'\n') {
        Some(end) => end,
        None if is_all => rest.len(),
        None => return None,
    };
    let (second, rest) = rest.split_at(end);
    if !json::read(second).is_ok_and(|value| may_be_request(&value)) {
        return Some(false);
    }
    match rest.trim_ascii_start().first() {
        _ if !may_continue => Some(true),
        Some(third) => Some(*third == b'{'),
        None => undecided(),
    }
}

/// Returns `true` if an invalid line may be a truncated document.
fn may_be_truncated(line: &[u8], problem: &JsonError) -> bool {
    line.starts_with(b"{") && !is_second_document(problem)
}

/// Returns `true` if a line may be one request; an archive contains several.
fn may_be_request(value: &Json) -> bool {
    value.as_object().is_some() && value.pointer(ENTRIES).is_none()
}

/// Returns `true` if the only error is that another document follows the first one.
fn is_second_document(problem: &JsonError) -> bool {
    matches!(
        problem.kind,
        JsonErrorKind::Unexpected {
            expected: ExpectedToken::EndOfInput,
            found: FoundToken::Char('{' | '[')
        }
    )
}

/// Returns `true` if a complete document is followed by the beginning of another one.
fn has_several_documents(text: &[u8]) -> bool {
    let mut documents = documents(text);
    let (Some(first), Some(second)) = (documents.next(), documents.next()) else { return false };
    is_json(second) && json::read_up_to(MAX_VALUES, first).is_ok()
}

/// Parses each of several documents. The numbers of their entries continue across documents.
fn read_concatenated(text: &[u8]) -> ReadResults {
    let mut reads = Vec::new();
    let mut previous = 0;
    for document in documents(text) {
        if reads.len() >= MAX_VALUES {
            return Err(JsonErrorKind::TooManyValues { limit: MAX_VALUES }.to_string());
        }
        let (document_reads, entries) = match json::read_up_to(MAX_VALUES, document) {
            Ok(document) => {
                // Skipped entries of an archive count, including the last ones.
                let entries = document.pointer(ENTRIES).and_then(Json::as_array);
                (json_document::read(&document), entries.map_or(0, <[_]>::len))
            }
            Err(problem) => (Err(problem.to_string()), 0),
        };
        let mut count = entries.max(1);
        let document_reads =
            document_reads.unwrap_or_else(|reason| vec![(RequestLocation::Whole, Err(reason))]);
        for (place, read) in document_reads {
            let number = place.entry().unwrap_or(1);
            count = count.max(number);
            let entry = RequestLocation::Entry(previous + number);
            reads.push((place.in_document(entry), read));
        }
        previous += count;
    }
    Ok(reads)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::requests::parsed::ReadRequest;

    const ONE: &str = r#"{"headers":{"A":"}{\"["},"body":"\\"}"#;
    const PRETTY: &str = "{\n  \"headers\": {},\n  \"body\": \"x\"\n}";

    /// Returns the location of each request, with `true` if it is valid, or `None` for an error of
    /// the file.
    fn locations(text: &str) -> Option<Vec<(RequestLocation, bool)>> {
        let reads = read(text.as_bytes()).ok()?;
        Some(reads.into_iter().map(|(place, read)| (place, read.is_ok())).collect())
    }

    fn entries(are_read: &[bool]) -> Vec<(RequestLocation, bool)> {
        let locations = (1..).map(RequestLocation::Entry);
        locations.zip(are_read.iter().copied()).collect()
    }

    fn archive(methods: &[&str]) -> String {
        let entry = |method: &&str| {
            let body = if *method == "POST" { r#","postData":{"text":"x"}"# } else { "" };
            format!(
                r#"{{"request":{{"method":"{method}","url":"http://example.com/","headers":[]{body}}}}}"#
            )
        };
        let entries = methods.iter().map(entry).collect::<Vec<_>>().join(",");
        format!(r#"{{"log":{{"entries":[{entries}]}}}}"#)
    }

    #[test]
    fn a_truncated_first_line_does_not_hide_other_lines() {
        for truncated in
            ["{\"a\":\"b", "{", "{\"a\":1", "{\"a\":1,", "{\"a\":", "{\"a\":[", "{} x", "{\"a\":tr"]
        {
            let expected = [(2, false), (4, true), (5, false), (6, true)];
            let expected =
                expected.map(|(line, is_read)| (RequestLocation::Line(line), is_read)).to_vec();
            let text = format!("\n{truncated}\r\n\n{ONE}\r\n{truncated}\n{ONE}\n");
            assert_eq!(locations(&text), Some(expected), "{text}");
            let expected =
                vec![(RequestLocation::Line(1), false), (RequestLocation::Line(2), true)];
            assert_eq!(locations(&format!("{truncated}\n{ONE}")), Some(expected), "{truncated}");
        }
        for text in ["[1\n{}\n", "{\n\"a\":\n{}\n", "{\"a\n{\"a\n{}", "{\"a\n[]\n{}", "{\"a\n"] {
            assert_eq!(locations(text), None, "{text}");
        }
    }

    #[test]
    fn an_object_on_its_own_line_does_not_make_json_lines() {
        let whole = Some(vec![(RequestLocation::Whole, true)]);
        let inside =
            |pointer: &str| Some(vec![(RequestLocation::Whole.inside(pointer.to_owned()), true)]);
        let list = format!("{{\"requests\":[\n{ONE}\n]}}");
        assert_eq!(locations(&list), inside("/requests/0"));
        assert_eq!(locations(&format!("{{\"request\":\n{ONE}\n}}")), inside("/request"));
        assert_eq!(locations("{\"body\":\"x\",\"headers\":\n{}\n}"), whole);
        assert_eq!(locations(&format!("[\n{ONE}\n]")), whole);
    }

    #[test]
    fn concatenated_documents_are_entries_with_any_white_space() {
        for text in [
            format!("{ONE}{ONE}"),
            format!("{PRETTY}\n{PRETTY}\n"),
            format!("\n {PRETTY}{ONE}\n"),
            format!("[{ONE}] \r\n\t[\n{ONE}]\n"),
            format!("{PRETTY}[{ONE}]"),
        ] {
            assert_eq!(locations(&text), Some(entries(&[true, true])), "{text}");
        }
        assert_eq!(locations(&format!("{ONE}{ONE}\n{ONE}\n")), Some(entries(&[true; 3])));
        assert_eq!(
            locations(&format!("[{ONE},{ONE}]{PRETTY}[1,{ONE}]")),
            Some(entries(&[true, true, true, false, true]))
        );
    }

    #[test]
    fn entry_numbers_continue_and_include_skipped_entries() {
        let first = archive(&["GET", "POST", "GET"]);
        let second = archive(&["POST"]);
        for between in ["", "\n"] {
            let text = [first.as_str(), &second, PRETTY].join(between);
            let expected = [2, 4, 5].map(|number| (RequestLocation::Entry(number), true)).to_vec();
            assert_eq!(locations(&text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_damaged_document_hides_none_that_begins_on_a_new_line() {
        for damaged in [
            "{\"a\": \"b\n}",
            "{\"a\" 1}",
            "{]",
            "}",
            "x\n y",
            "[]",
            "{}",
            "{\"log\":{\"entries\":[]}}",
        ] {
            let text = format!("{PRETTY}\n{PRETTY}\n{damaged}\n{PRETTY}\n");
            assert_eq!(locations(&text), Some(entries(&[true, true, false, true])), "{text}");
        }
        let text = format!("{PRETTY}{PRETTY}\n{{\"a\": {{\n");
        assert_eq!(locations(&text), Some(entries(&[true, true, false])));
        let error = &read(text.as_bytes()).unwrap()[2].1;
        assert!(error.as_ref().unwrap_err().contains("found the end of the input"), "{error:?}");
        let bytes = [PRETTY.as_bytes(), b"{\"a\":\"\xff\"}", PRETTY.as_bytes()].concat();
        let are_read = |(_, read): &(RequestLocation, ReadRequest)| read.is_ok();
        let are_read: Vec<_> = read(&bytes).unwrap().iter().map(are_read).collect();
        assert_eq!(are_read, [true, false, true]);
    }

    #[test]
    fn trailing_data_that_is_no_document_is_an_error_of_the_file() {
        for text in [format!("{PRETTY},{PRETTY}"), format!("{PRETTY}\nx"), format!("{{]{PRETTY}")] {
            assert_eq!(locations(&text), None, "{text}");
        }
    }

    #[test]
    fn json_lines_are_detected_from_the_first_line_and_a_second() {
        let mark = "\u{feff}";
        for (head, is_all, expected) in [
            ("{}\n{", false, Some(true)),
            (" {}\r\n\n  \n x", false, Some(true)),
            (&format!("{mark}\n{{}}\nx"), false, Some(true)),
            ("{}\n\n", false, None),
            ("{}\n\n", true, Some(false)),
            ("{}", false, None),
            ("{}", true, Some(false)),
            ("{\n}\n{", false, Some(false)),
            ("[]\n{}\n", false, Some(false)),
            ("POST / HTTP/1.1\r\nHost: example.com\r\n", false, Some(false)),
            ("\n \n", false, Some(false)),
            ("", true, Some(false)),
            ("{}{}\n{}\n", false, Some(false)),
            ("{\"log\":{\"entries\":[]}}\n{}\n", false, Some(false)),
        ] {
            assert_eq!(detect_json_lines(head.as_bytes(), is_all), expected, "{head:?} {is_all}");
        }
    }

    #[test]
    fn a_truncated_first_line_is_detected_from_later_lines() {
        for (head, is_all, expected) in [
            ("{\"a\":\"b\n{}\n", false, Some(true)),
            ("\n{\"a\":\"b\r\n\n{}\r\nx", false, Some(true)),
            ("{\"a\":1,\n{}\n", false, Some(true)),
            ("{} x\n{}\n", false, Some(true)),
            ("{\n{}\n", false, Some(true)),
            ("{\"a\":\"b\n{}", false, None),
            ("{\"a\":\"b\n{}", true, Some(true)),
            ("{\"a\":\"b\n{\"c", false, None),
            ("{\"a\":\"b\n{\"c", true, Some(false)),
            ("{\"a\":\"b\n \n", false, None),
            ("{\"a\":\"b\n \n", true, Some(false)),
            ("{\"a\":\"b\n{\"c\n{}\n", false, Some(false)),
            ("{\"a\":\"b\n[]\n", false, Some(false)),
            ("{\"a\":\"b\n{},\n", false, Some(false)),
            ("{\n  \"a\": [\n    {}\n", false, Some(false)),
            ("[\n{}\n", false, Some(false)),
            ("{\"a\":[\n{}\n", false, None),
            ("{\"a\":[\n{}\n", true, Some(false)),
            ("{\"a\":[\n{}\n]}", false, Some(false)),
            ("{\"a\":[\n{}\n,{}]}", false, Some(false)),
            ("{\"a\":\n{}\n}", false, Some(false)),
            ("{\"a\":[\n{}\n{", false, Some(true)),
        ] {
            assert_eq!(detect_json_lines(head.as_bytes(), is_all), expected, "{head:?} {is_all}");
        }
    }
}
