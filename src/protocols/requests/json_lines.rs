//! JSON: one document, several in a row, or one a line.

use crate::protocols::json::{ExpectedToken, FoundToken, Json, JsonError, JsonErrorKind};
use crate::protocols::requests::parsed::{Read, Reads, RequestPlace};
use crate::protocols::requests::{har, logged};
use crate::protocols::{byte_order_mark, json};
use std::iter;

/// The greatest number of values in one document: an archive of a thousand page loads has half a
/// million, and that many as this cost some 300 MB. Documents in a row hold no more requests.
const MAX_VALUES: usize = 4_000_000;

/// Where an archive has its entries.
const ENTRIES: &str = "/log/entries";

/// Whether a text begins as an object or an array.
pub(super) fn is_json(text: &[u8]) -> bool {
    text.starts_with(b"{") || text.starts_with(b"[")
}

/// Reads one document; or one a line, where the first line tells; or several in a row.
pub(super) fn read(text: &[u8]) -> Reads {
    match json::read_up_to(MAX_VALUES, text) {
        Ok(document) => read_document(&document),
        Err(_) if has_one_a_line(text) => Ok(lines(text)
            .map(|(number, line)| (RequestPlace::Line(number), read_line(line)))
            .collect()),
        Err(_) if has_several(text) => read_in_a_row(text),
        Err(problem) => Err(problem.to_string()),
    }
}

/// Reads one line, which holds one request.
pub(super) fn read_line(line: &[u8]) -> Read {
    let document = json::read(line).map_err(|problem| problem.to_string())?;
    logged::read_one(&document)
}

fn read_document(document: &Json) -> Reads {
    har::read(document).unwrap_or_else(|| logged::read(document))
}

/// Every line that is not blank, with its number counted from 1.
fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let lines = (1..).zip(text.split(|&byte| byte == b'\n'));
    lines.filter(|(_, line)| !line.trim_ascii().is_empty())
}

/// Whether a text that is not one document has one a line.
///
/// A first line that was torn off loses no other: then it is the second that tells.
fn has_one_a_line(text: &[u8]) -> bool {
    let mut lines = lines(text).map(|(_, line)| line.trim_ascii());
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    match json::read(first) {
        Ok(value) => may_be_request(&value),
        Err(problem) => {
            is_torn(first, &problem) && json::read(second).is_ok_and(|value| may_be_request(&value))
        }
    }
}

/// Whether an input has one request a line, by a beginning of it; none where more must be seen, never
/// once that `is_all`.
///
/// It has where the first line that is not blank is a JSON object and another such line follows; or
/// where the first was torn off, and the second is an object. Anything else is read as a whole:
/// documents side by side, archives, and what begins with a chunk of blank lines.
#[must_use]
pub fn begins_one_a_line(head: &[u8], is_all: bool) -> Option<bool> {
    let head = byte_order_mark::without(head).trim_ascii_start();
    let more = || is_all.then_some(false);
    if head.is_empty() {
        return Some(false);
    }
    let Some(end) = head.iter().position(|&byte| byte == b'\n') else { return more() };
    let (first, rest) = head.split_at(end);
    let rest = rest.trim_ascii_start();
    match json::read(first) {
        Ok(value) if !may_be_request(&value) => Some(false),
        Ok(_) if rest.is_empty() => more(),
        Ok(_) => Some(true),
        Err(problem) if is_torn(first, &problem) => is_torn_off(first, rest, is_all),
        Err(_) => Some(false),
    }
}

/// Whether a first line that is no document is what was left of one, and not the beginning of a
/// document over several lines; none where more must be seen.
fn is_torn_off(first: &[u8], rest: &[u8], is_all: bool) -> Option<bool> {
    let more = || is_all.then_some(false);
    if !rest.starts_with(b"{") {
        return if rest.is_empty() { more() } else { Some(false) };
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
    // After `[` or `:` an object may stand on a line of its own, but no second one right after it.
    let open = json::read(&[first, b"\n{"].concat()).map_err(|problem| problem.kind);
    let goes_on = matches!(
        open,
        Err(JsonErrorKind::Unexpected { found: FoundToken::End, .. }
            | JsonErrorKind::TooMany { .. })
    );
    match rest.trim_ascii_start().first() {
        _ if !goes_on => Some(true),
        Some(third) => Some(*third == b'{'),
        None => more(),
    }
}

/// Whether a line that is no document may be what was left of one.
fn is_torn(line: &[u8], problem: &JsonError) -> bool {
    line.starts_with(b"{") && !is_another_begun(problem)
}

/// Whether a line may be this: an archive holds several requests, for which a line has no place.
fn may_be_request(value: &Json) -> bool {
    value.as_object().is_some() && value.pointer(ENTRIES).is_none()
}

/// Whether nothing is wrong but that another document begins where the first has ended.
fn is_another_begun(problem: &JsonError) -> bool {
    matches!(
        problem.kind,
        JsonErrorKind::Unexpected {
            expected: ExpectedToken::EndOfInput,
            found: FoundToken::Char('{' | '[')
        }
    )
}

/// Whether a whole document is followed by what may be another.
fn has_several(text: &[u8]) -> bool {
    let mut documents = documents(text);
    let (Some(first), Some(second)) = (documents.next(), documents.next()) else { return false };
    is_json(second) && json::read_up_to(MAX_VALUES, first).is_ok()
}

/// Reads each of several documents. The entries of all are counted on from one to the next.
fn read_in_a_row(text: &[u8]) -> Reads {
    let mut reads = Vec::new();
    let mut before = 0;
    for document in documents(text) {
        if reads.len() >= MAX_VALUES {
            return Err(JsonErrorKind::TooMany { limit: MAX_VALUES }.to_string());
        }
        let (of_it, passed) = match json::read_up_to(MAX_VALUES, document) {
            Ok(document) => {
                // Those of an archive that are passed over count, the last ones too.
                let entries = document.pointer(ENTRIES).and_then(Json::as_array);
                (read_document(&document), entries.map_or(0, <[_]>::len))
            }
            Err(problem) => (Err(problem.to_string()), 0),
        };
        let mut count = passed.max(1);
        for (place, read) in of_it.unwrap_or_else(|reason| vec![(RequestPlace::Whole, Err(reason))])
        {
            let number = if let RequestPlace::Entry(number) = place { number } else { 1 };
            count = count.max(number);
            reads.push((RequestPlace::Entry(before + number), read));
        }
        before += count;
    }
    Ok(reads)
}

/// Cuts a text into its documents by their brackets, in one pass: each is to be read by itself.
///
/// What is damaged is a piece of its own. It ends before a line that begins with a bracket where
/// the damage shows: no string goes over a line end, and no other letter stands between documents.
fn documents(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        let (document, after) = rest.split_at(end_of_document(rest));
        rest = after;
        Some(document)
    })
}

/// How many bytes the first document of a text has, at least one.
fn end_of_document(text: &[u8]) -> usize {
    let damaged_at = |at: usize| {
        let mut ends = text[at..].windows(2);
        ends.position(|pair| pair[0] == b'\n' && is_json(&pair[1..]))
            .map_or(text.len(), |end| at + end + 1)
    };
    if !is_json(text) {
        return damaged_at(0);
    }
    let (mut depth, mut is_text, mut is_escaped) = (0_usize, false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'\n' if is_text => return damaged_at(at),
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_text,
            b'"' => is_text = !is_text,
            b'{' | b'[' if !is_text => depth += 1,
            b'}' | b']' if !is_text => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"{"headers":{"A":"}{\"["},"body":"\\"}"#;
    const PRETTY: &str = "{\n  \"headers\": {},\n  \"body\": \"x\"\n}";

    /// The place of each request, and whether it could be read; none where the whole is wrong.
    fn places(text: &str) -> Option<Vec<(RequestPlace, bool)>> {
        let reads = read(text.as_bytes()).ok()?;
        Some(reads.into_iter().map(|(place, read)| (place, read.is_ok())).collect())
    }

    fn entries(are_read: &[bool]) -> Vec<(RequestPlace, bool)> {
        let places = (1..).map(RequestPlace::Entry);
        places.zip(are_read.iter().copied()).collect()
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
    fn a_torn_first_line_is_an_error_among_the_others() {
        for torn in
            ["{\"a\":\"b", "{", "{\"a\":1", "{\"a\":1,", "{\"a\":", "{\"a\":[", "{} x", "{\"a\":tr"]
        {
            let expected = [(2, false), (4, true), (5, false), (6, true)];
            let expected =
                expected.map(|(line, is_read)| (RequestPlace::Line(line), is_read)).to_vec();
            let text = format!("\n{torn}\r\n\n{ONE}\r\n{torn}\n{ONE}\n");
            assert_eq!(places(&text), Some(expected), "{text}");
            let expected = vec![(RequestPlace::Line(1), false), (RequestPlace::Line(2), true)];
            assert_eq!(places(&format!("{torn}\n{ONE}")), Some(expected), "{torn}");
        }
        for text in ["[1\n{}\n", "{\n\"a\":\n{}\n", "{\"a\n{\"a\n{}", "{\"a\n[]\n{}", "{\"a\n"] {
            assert_eq!(places(text), None, "{text}");
        }
    }

    #[test]
    fn an_object_on_a_line_of_its_own_makes_no_lines_of_a_document() {
        let whole = Some(vec![(RequestPlace::Whole, true)]);
        assert_eq!(places(&format!("{{\"requests\":[\n{ONE}\n]}}")), whole);
        assert_eq!(places(&format!("{{\"request\":\n{ONE}\n}}")), whole);
        assert_eq!(places("{\"body\":\"x\",\"headers\":\n{}\n}"), whole);
        assert_eq!(places(&format!("[\n{ONE}\n]")), whole);
    }

    #[test]
    fn documents_in_a_row_are_entries_whatever_stands_between_them() {
        for text in [
            format!("{ONE}{ONE}"),
            format!("{PRETTY}\n{PRETTY}\n"),
            format!("\n {PRETTY}{ONE}\n"),
            format!("[{ONE}] \r\n\t[\n{ONE}]\n"),
            format!("{PRETTY}[{ONE}]"),
        ] {
            assert_eq!(places(&text), Some(entries(&[true, true])), "{text}");
        }
        assert_eq!(places(&format!("{ONE}{ONE}\n{ONE}\n")), Some(entries(&[true; 3])));
        assert_eq!(
            places(&format!("[{ONE},{ONE}]{PRETTY}[1,{ONE}]")),
            Some(entries(&[true, true, true, false, true]))
        );
    }

    #[test]
    fn archives_in_a_row_are_counted_on_with_what_was_passed_over() {
        let first = archive(&["GET", "POST", "GET"]);
        let second = archive(&["POST"]);
        for between in ["", "\n"] {
            let text = [first.as_str(), &second, PRETTY].join(between);
            let expected = [2, 4, 5].map(|number| (RequestPlace::Entry(number), true)).to_vec();
            assert_eq!(places(&text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_damaged_document_in_a_row_hides_none_that_begins_on_a_line() {
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
            assert_eq!(places(&text), Some(entries(&[true, true, false, true])), "{text}");
        }
        let text = format!("{PRETTY}{PRETTY}\n{{\"a\": {{\n");
        assert_eq!(places(&text), Some(entries(&[true, true, false])));
        let error = &read(text.as_bytes()).unwrap()[2].1;
        assert!(error.as_ref().unwrap_err().contains("found the end of the input"), "{error:?}");
        let bytes = [PRETTY.as_bytes(), b"{\"a\":\"\xff\"}", PRETTY.as_bytes()].concat();
        let are_read = |(_, read): &(RequestPlace, Read)| read.is_ok();
        let are_read: Vec<_> = read(&bytes).unwrap().iter().map(are_read).collect();
        assert_eq!(are_read, [true, false, true]);
    }

    #[test]
    fn what_follows_a_document_and_is_none_is_an_error_of_the_whole() {
        for text in [format!("{PRETTY},{PRETTY}"), format!("{PRETTY}\nx"), format!("{{]{PRETTY}")] {
            assert_eq!(places(&text), None, "{text}");
        }
    }

    #[test]
    fn every_byte_but_white_space_is_in_one_document() {
        for text in ["{}{}", "{\"a\":\"\n{}", "}}{", "[[\n[", "\\\"{", "{\"\\\n[\"]"] {
            let pieces: Vec<_> = documents(text.as_bytes()).collect();
            let kept = |bytes: &[u8]| {
                let mut bytes = bytes.to_vec();
                bytes.retain(|byte| !byte.is_ascii_whitespace());
                bytes
            };
            assert!(pieces.iter().all(|piece| !piece.is_empty()), "{text:?}");
            assert_eq!(kept(&pieces.concat()), kept(text.as_bytes()), "{text:?}");
        }
    }

    #[test]
    fn one_request_a_line_is_told_by_the_first_line_and_a_second() {
        let mark = "\u{feff}";
        for (head, is_all, answer) in [
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
            assert_eq!(begins_one_a_line(head.as_bytes(), is_all), answer, "{head:?} {is_all}");
        }
    }

    #[test]
    fn a_torn_first_line_is_told_by_the_second_and_an_open_list_by_the_third() {
        for (head, is_all, answer) in [
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
            assert_eq!(begins_one_a_line(head.as_bytes(), is_all), answer, "{head:?} {is_all}");
        }
    }
}
