//! Normalisation of responses: replaces ids, times, numbers and email addresses by placeholders, so
//! that the responses to one error have the same text.

/// A recogniser: returns the number of bytes at the beginning of the text that it covers.
type Recogniser = fn(&str) -> Option<usize>;

/// The recognisers in the order in which they are tried at the beginning of a word, each with its
/// placeholder.
const RECOGNISERS: &[(Recogniser, &str)] = &[
    (email, "<email>"),
    (date, "<time>"),
    (date_in_words, "<time>"),
    (clock, "<time>"),
    (id, "<id>"),
];

/// The shortest word of letters and digits that is taken for an id.
const MIN_ID: usize = 8;

/// The minimum number of digits of such a word.
const MIN_ID_DIGITS: usize = 3;

/// The names of days in the dates of HTTP, of JavaScript and of C.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Returns the text on one line, with a placeholder for each value that differs between requests.
pub(super) fn normalise(text: &str) -> String {
    let mut normalised = String::with_capacity(text.len());
    let mut rest = text;
    let mut follows_word = false;
    while let Some(first) = rest.chars().next() {
        let is_word = first.is_ascii_alphanumeric();
        let recognise = |(recognise, placeholder): &(Recogniser, &'static str)| {
            Some((recognise(rest)?, *placeholder))
        };
        let found =
            if is_word && !follows_word { RECOGNISERS.iter().find_map(recognise) } else { None };
        // Digits within a word are a number as well: `lead42`.
        let found = found.or_else(|| Some((number(rest)?, "<n>")));
        let length = match found {
            Some((length, placeholder)) => {
                normalised.push_str(placeholder);
                length
            }
            None if first.is_whitespace() => {
                if !normalised.ends_with(' ') {
                    normalised.push(' ');
                }
                first.len_utf8()
            }
            None => {
                normalised.push(first);
                first.len_utf8()
            }
        };
        follows_word = is_word;
        rest = rest.get(length..).unwrap_or_default();
    }
    normalised.trim().to_owned()
}

/// Returns the length of the prefix whose bytes satisfy `is_part`.
fn prefix_length(text: &str, is_part: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(|byte| !is_part(byte)).unwrap_or(text.len())
}

/// Recognises an email address.
fn email(text: &str) -> Option<usize> {
    let local =
        prefix_length(text, |byte| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte));
    let domain = text.get(local..)?.strip_prefix('@')?;
    let length =
        prefix_length(domain, |byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    let domain = domain.get(..length)?.trim_end_matches(['.', '-']);
    domain.contains('.').then_some(local + 1 + domain.len())
}

/// Consumes text according to a pattern: `9` is a digit, everything else is itself. Returns the
/// rest.
fn strip_pattern<'t>(text: &'t str, pattern: &str) -> Option<&'t str> {
    pattern.chars().try_fold(text, |rest, expected| match expected {
        '9' => rest.strip_prefix(|found: char| found.is_ascii_digit()),
        _ => rest.strip_prefix(expected),
    })
}

/// Recognises a date in the format of RFC 3339, with or without a time.
fn date(text: &str) -> Option<usize> {
    let rest = strip_pattern(text, "9999-99-99")?;
    let time = rest.strip_prefix(['T', 't', ' ']).and_then(|rest| Some(&rest[clock(rest)?..]));
    let rest = time.unwrap_or(rest);
    let zoned = rest.strip_prefix(['Z', 'z']).or_else(|| {
        let offset = rest.strip_prefix(['+', '-'])?;
        strip_pattern(offset, "99:99").or_else(|| strip_pattern(offset, "9999"))
    });
    ends_word(text, zoned.unwrap_or(rest))
}

/// Recognises the dates of HTTP and of `Date.prototype.toString()`: `Sun, 06 Nov 1994 08:49:37 GMT`
/// and `Sun Nov 06 1994 08:49:37 GMT+0000`.
fn date_in_words(text: &str) -> Option<usize> {
    let rest = DAYS.iter().find_map(|day| text.strip_prefix(day))?;
    let rest = rest.strip_prefix(", ").or_else(|| rest.strip_prefix(' '))?;
    let month = |text| str::strip_prefix(text, |c: char| c.is_ascii_uppercase())?.get(2..);
    let rest = match strip_pattern(rest, "99 ") {
        Some(rest) => month(rest)?,
        None => strip_pattern(month(rest)?, " 99")?,
    };
    let rest = strip_pattern(rest, " 9999")?;
    let time = rest.strip_prefix(' ').and_then(|rest| Some(&rest[clock(rest)?..]));
    let rest = time.unwrap_or(rest);
    let rest = rest.strip_prefix(" GMT").or_else(|| rest.strip_prefix(" UTC")).unwrap_or(rest);
    let offset = strip_pattern(rest, "+9999").or_else(|| strip_pattern(rest, "-9999"));
    ends_word(text, offset.unwrap_or(rest))
}

/// Recognises a time of day: `9:05`, `23:09:00`, `23:09:00.123`.
fn clock(text: &str) -> Option<usize> {
    let rest = strip_pattern(text, "99:99").or_else(|| strip_pattern(text, "9:99"))?;
    let rest = strip_pattern(rest, ":99").unwrap_or(rest);
    let fraction = rest.strip_prefix(['.', ',']).filter(|rest| prefix_length(rest, is_digit) > 0);
    let rest = fraction.map_or(rest, |rest| &rest[prefix_length(rest, is_digit)..]);
    // `1:8080` is a host and a port.
    (!rest.starts_with(|next: char| next.is_ascii_digit())).then(|| text.len() - rest.len())
}

/// Recognises an id: a UUID, a ULID, hexadecimal digits, or a prefix with such a value.
fn id(text: &str) -> Option<usize> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let word = text.get(..prefix_length(text, is_part))?.trim_end_matches(['-', '_']);
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let is_pointer = word.starts_with("0x") && word.len() > 2;
    let has_id_part = || {
        word.split(['-', '_']).any(|part| {
            let has_letter = part.bytes().any(|byte| byte.is_ascii_alphabetic());
            let digits = part.bytes().filter(u8::is_ascii_digit).count();
            part.len() >= MIN_ID && has_letter && digits >= MIN_ID_DIGITS
        })
    };
    let is_uuid = || {
        let lengths = word.split('-').map(str::len);
        lengths.eq([8, 4, 4, 4, 12])
            && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    (is_pointer || is_uuid() || (digits >= MIN_ID_DIGITS && has_id_part())).then_some(word.len())
}

/// Recognises a number, with fractions and groups of digits: `12`, `1,200.50`, `10.0.0.1`.
fn number(text: &str) -> Option<usize> {
    let mut length = prefix_length(text, is_digit);
    if length == 0 {
        return None;
    }
    while let Some(rest) = text.get(length..).and_then(|rest| rest.strip_prefix(['.', ','])) {
        match prefix_length(rest, is_digit) {
            0 => break,
            digits => length += 1 + digits,
        }
    }
    Some(length)
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

/// Returns the length of what was recognised, if no word or number continues after it.
fn ends_word(text: &str, rest: &str) -> Option<usize> {
    let is_end = !rest.starts_with(|next: char| next.is_ascii_alphanumeric());
    is_end.then(|| text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_become_placeholders() {
        for (text, expected) in [
            ("lead 42 exists", "lead <n> exists"),
            ("lead42, lead_7: 1,200.50 of 3", "lead<n>, lead_<n>: <n> of <n>"),
            (r#"{"id":"2b0a6f4e-9c1d-4e7a-8a55-0f6d2c3b1a90"}"#, r#"{"id":"<id>"}"#),
            ("DEADBEEF-cafe-babe-f00d-abcdefabcdef", "<id>"),
            ("evt_0123456789abcdef01234567 and 01ARZ3NDEKTSV4RRFFQ69G5FAV", "<id> and <id>"),
            ("at 0x7ffe1234 in main.js:12:5", "at <id> in main.js:<n>:<n>"),
            ("at 2026-11-30T23:09:00.123Z.", "at <time>."),
            ("2026-11-30 23:09:00+01:00|2026-11-30", "<time>|<time>"),
            ("Sun, 06 Nov 1994 08:49:37 GMT", "<time>"),
            ("Mon Nov 30 2026 23:09:00 GMT+0000 (UTC)", "<time> (UTC)"),
            ("took 9:05, from 127.0.0.1:8080", "took <time>, from <n>:<n>"),
            ("jo.doe+1@mail.example.com.", "<email>."),
            ("sha256 of\r\n\t a  body ", "sha<n> of a body"),
            ("not found: created, Monday, café", "not found: created, Monday, café"),
            ("bad request", "bad request"),
            ("", ""),
        ] {
            assert_eq!(normalise(text), expected, "{text}");
        }
        assert_eq!(normalise("line 3 of main.js:3:15"), normalise("line 12 of main.js:9:15"));
    }

    proptest! {
        #[test]
        fn any_text_is_normalised_and_stays_normalised(text in "(\\PC|[0-9a-f@.:TZ -]){0,60}") {
            let normalised = normalise(&text);
            prop_assert!(!normalised.bytes().any(|byte| byte.is_ascii_digit()), "{}", normalised);
        }
    }
}
