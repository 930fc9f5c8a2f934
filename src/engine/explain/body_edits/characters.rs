//! Hypotheses about characters: code pages, UTF-16, Unicode forms, and characters that an encoding
//! lacks.

use crate::engine::explain::body_edits::received_body::{
    Form, ReceivedBody, RestoreBody, merged, one,
};
use crate::protocols::byte_order_mark::BYTE_ORDER_MARK;
use crate::protocols::code_pages::{CODE_PAGES, CodePage};
use crate::protocols::schemes::hypothesis::Hypothesis;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// The fix that most of these have in common.
const HASH_FIRST: &str =
    "hash the bytes before anything decodes them; the encoding of JSON is UTF-8 (RFC 8259)";

/// The hypotheses, the likeliest first.
pub(super) static ROWS: &[Hypothesis<RestoreBody>] = &[
    Hypothesis {
        code: "body-in-utf16",
        condition: "the body is converted from {} to UTF-8",
        evidence: "The body is kept in {}, as PowerShell, Notepad and .NET (`Encoding.Unicode`) \
                   write text, and it was signed as UTF-8.",
        fix: "save it as UTF-8 without a mark: in PowerShell, `[IO.File]::WriteAllText`",
        apply: |body| from_wide(body),
    },
    Hypothesis {
        code: "body-in-code-page",
        condition: "the body is converted from {} to UTF-8",
        evidence: "The body was signed as UTF-8 and is kept in a code page: a database, an editor or the \
                   default encoding of a platform converted it.",
        fix: HASH_FIRST,
        apply: |body| {
            if body.text().is_some() {
                return Vec::new();
            }
            convert(body.len(), |page| page.decode(body).map(String::into_bytes))
        },
    },
    Hypothesis {
        code: "decoded-as-code-page",
        condition: "the body is encoded as {} again",
        evidence: "The body is UTF-8 that was decoded as a code page and encoded as UTF-8 once more, as \
                   when `é` becomes `Ã©`.",
        fix: HASH_FIRST,
        apply: mojibake,
    },
    Hypothesis {
        code: "signed-in-code-page",
        condition: "the body is converted from UTF-8 to {}",
        evidence: "The signature covers the body in a code page: the default encoding of a platform was \
                   used to turn text into bytes.",
        fix: "name the encoding, or hash the received bytes: Java `getBytes(StandardCharsets.UTF_8)`, \
              C# `Encoding.UTF8`, PHP without `utf8_decode`",
        apply: |body| {
            let text = body.text().filter(|text| !text.is_ascii());
            let is_other = |bytes: &Vec<u8>| std::str::from_utf8(bytes).is_err();
            text.map_or_else(Vec::new, |text| {
                convert(text.len(), |page| page.encode(text).filter(is_other))
            })
        },
    },
    Hypothesis {
        code: "signed-in-utf16",
        condition: "the body is converted from UTF-8 to {}",
        evidence: "The signature covers the body in {}, which is how .NET (`Encoding.Unicode`), \
                   Java (`UTF_16`) and Windows keep text in memory.",
        fix: "use UTF-8: C# `Encoding.UTF8.GetBytes`, Java `getBytes(StandardCharsets.UTF_8)`",
        apply: to_wide,
    },
    Hypothesis {
        code: "signed-as-ascii",
        condition: "{}",
        evidence: "The signature covers the body in ASCII, or in another encoding that lacks some of \
                   its characters: it hashes `?`, U+FFFD or nothing in their place.",
        fix: "hash the received bytes, or name UTF-8: C# `Encoding.UTF8` instead of \
              `Encoding.ASCII`, Python `encode()` without `errors=`",
        apply: lossy,
    },
    Hypothesis {
        code: "not-composed",
        condition: "the characters of the body are composed (Unicode NFC)",
        evidence: "The body was signed in Unicode form NFC and is decomposed now, as macOS file \
                   names and some databases do.",
        fix: "do not normalise text before it is hashed",
        apply: |body| {
            let text = body.text().filter(|text| !text.is_ascii());
            let composed = text
                .map(|text| ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned());
            one(composed.map(String::into_bytes).filter(|composed| **composed != **body))
        },
    },
    Hypothesis {
        code: "composed",
        condition: "the characters of the body are decomposed (Unicode NFD)",
        evidence: "The body was signed in Unicode form NFD and is composed now, as most editors and \
                   databases keep text.",
        fix: "do not normalise text before it is hashed",
        apply: |body| {
            let text = body.text().filter(|text| !text.is_ascii());
            let decomposed = text
                .map(|text| DecomposingNormalizerBorrowed::new_nfd().normalize(text).into_owned());
            one(decomposed.map(String::into_bytes).filter(|decomposed| **decomposed != **body))
        },
    },
];

/// The maximum length of a body that is converted in every way: a longer one would take gigabytes.
const MAX_CONVERTED_LEN: usize = 1 << 20;

/// The number of code pages that a longer body is converted with.
const MOST_COMMON_PAGES: usize = 3;

/// Converts with every code page; those with the same result are one form that names them.
fn convert(length: usize, convert: impl Fn(&CodePage) -> Option<Vec<u8>>) -> Vec<Form> {
    let count = if length > MAX_CONVERTED_LEN { MOST_COMMON_PAGES } else { CODE_PAGES.len() };
    let pages = CODE_PAGES.iter().take(count);
    merged(pages.filter_map(|page| Some((convert(page)?, page.name.to_owned()))))
}

/// Encodes UTF-8 that was decoded as a code page in that code page again, once and twice.
fn mojibake(body: &ReceivedBody<'_>) -> Vec<Form> {
    let encode_again = |text: &str| {
        let is_utf8 = |bytes: &Vec<u8>| std::str::from_utf8(bytes).is_ok();
        convert(text.len(), |page| page.encode(text).filter(is_utf8))
    };
    let Some(text) = body.text().filter(|text| !text.is_ascii()) else { return Vec::new() };
    let once = encode_again(text);
    // Each further round makes the text longer, and only the most likely code page is tried again.
    let twice = once.first().and_then(|(bytes, _)| std::str::from_utf8(bytes).ok());
    let twice = twice.filter(|text| !text.is_ascii()).map(encode_again).unwrap_or_default();
    let twice = twice.into_iter().map(|(bytes, names)| (bytes, format!("{names}, twice,")));
    once.into_iter().chain(twice).collect()
}

/// Decodes UTF-16 and UTF-32, with or without a byte order mark.
pub(super) fn from_wide(body: &[u8]) -> Vec<Form> {
    let form = |text: Option<String>, name: &str| {
        let text = text.filter(|text| !text.is_empty());
        text.map(|text| (text.into_bytes(), name.to_owned())).into_iter().collect()
    };
    match body {
        [0xff, 0xfe, 0, 0, rest @ ..] => form(decode_utf32(rest, u32::from_le_bytes), "UTF-32 LE"),
        [0, 0, 0xfe, 0xff, rest @ ..] => form(decode_utf32(rest, u32::from_be_bytes), "UTF-32 BE"),
        [0xff, 0xfe, rest @ ..] => form(decode_utf16(rest, u16::from_le_bytes), "UTF-16 LE"),
        [0xfe, 0xff, rest @ ..] => form(decode_utf16(rest, u16::from_be_bytes), "UTF-16 BE"),
        // Without a mark, the first character is ASCII.
        [1..=0x7f, 0, 0, 0, ..] => form(decode_utf32(body, u32::from_le_bytes), "UTF-32 LE"),
        [0, 0, 0, 1..=0x7f, ..] => form(decode_utf32(body, u32::from_be_bytes), "UTF-32 BE"),
        [1..=0x7f, 0, ..] => form(decode_utf16(body, u16::from_le_bytes), "UTF-16 LE"),
        [0, 1..=0x7f, ..] => form(decode_utf16(body, u16::from_be_bytes), "UTF-16 BE"),
        _ => Vec::new(),
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = bytes.as_chunks::<2>();
    // An editor that takes it for another encoding appends one byte as newline.
    if !matches!(rest, [] | [b'\n' | 0]) {
        return None;
    }
    char::decode_utf16(units.iter().map(|&bytes| unit(bytes))).collect::<Result<_, _>>().ok()
}

fn decode_utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> Option<String> {
    let (units, rest) = bytes.as_chunks::<4>();
    rest.is_empty().then_some(())?;
    units.iter().map(|&bytes| char::from_u32(unit(bytes))).collect()
}

/// Encodes the body as UTF-16, of both byte orders, without and with a byte order mark.
fn to_wide(body: &ReceivedBody<'_>) -> Vec<Form> {
    let is_converted = |text: &&str| (1..=MAX_CONVERTED_LEN).contains(&text.len());
    let Some(text) = body.text().filter(is_converted) else { return Vec::new() };
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked_little = [&[0xff, 0xfe], little.as_slice()].concat();
    let marked_big = [&[0xfe, 0xff], big.as_slice()].concat();
    [
        (little, "UTF-16 LE"),
        (marked_big, "UTF-16 BE with a byte order mark"),
        (big, "UTF-16 BE"),
        (marked_little, "UTF-16 LE with a byte order mark"),
    ]
    .into_iter()
    .map(|(bytes, name)| (bytes, name.to_owned()))
    .collect()
}

/// Appends what an encoder writes for a character outside ASCII.
type EncodeCharacter = fn(char, &mut Vec<u8>);

/// The ways in which encoders replace characters that they lack, as conditions.
static LOSSY: &[(EncodeCharacter, &str)] = &[
    (|_, out| out.push(b'?'), "each character outside ASCII is replaced by `?`"),
    (
        |character, out| repeat(b"?", character.len_utf16(), out),
        "each UTF-16 unit outside ASCII is replaced by `?`",
    ),
    (
        |character, out| repeat(b"?", character.len_utf8(), out),
        "each byte outside ASCII is replaced by `?`",
    ),
    (|_, _| {}, "the characters outside ASCII are removed"),
    (|_, out| repeat(REPLACEMENT, 1, out), "each character outside ASCII is replaced by U+FFFD"),
    (
        |character, out| repeat(REPLACEMENT, character.len_utf8(), out),
        "each byte outside ASCII is replaced by U+FFFD",
    ),
    (
        |character, out| replace_supplementary(character, b"?", 1, out),
        "each character beyond U+FFFF is replaced by `?`",
    ),
    (
        |character, out| replace_supplementary(character, b"?", 4, out),
        "each byte of a character beyond U+FFFF is replaced by `?`",
    ),
    (
        |character, out| replace_supplementary(character, REPLACEMENT, 1, out),
        "each character beyond U+FFFF is replaced by U+FFFD",
    ),
    (
        |character, out| encode_or_question_mark("Windows-1252", character, out),
        "it is converted to Windows-1252, with `?` for what that lacks",
    ),
    (
        |character, out| encode_or_question_mark("Latin-1", character, out),
        "it is converted to Latin-1, with `?` for what that lacks",
    ),
    (
        |character, out| {
            let mut units = [0; 2];
            let units = character.encode_utf16(&mut units).iter();
            out.extend(units.map(|unit| unit.to_le_bytes()[0]));
        },
        "only the low byte of each UTF-16 unit is hashed, as Node's `latin1` does",
    ),
];

/// U+FFFD in UTF-8.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// Returns the body as encoders write it that lack some of its characters.
fn lossy(body: &ReceivedBody<'_>) -> Vec<Form> {
    let Some(text) = body.text() else {
        let unmarked = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
        let replaced = String::from_utf8_lossy(unmarked).into_owned().into_bytes();
        return vec![(replaced, "each invalid byte of the body is replaced by U+FFFD".to_owned())];
    };
    if text.is_ascii() || text.len() > MAX_CONVERTED_LEN {
        return Vec::new();
    }
    let forms = LOSSY.iter().map(|(encode, condition)| {
        let mut bytes = Vec::with_capacity(text.len());
        for character in text.chars() {
            match u8::try_from(character) {
                Ok(byte) if byte.is_ascii() => bytes.push(byte),
                _ => encode(character, &mut bytes),
            }
        }
        (bytes, (*condition).to_owned())
    });
    merged(forms.filter(|(bytes, _)| **bytes != **body))
}

fn repeat(bytes: &[u8], count: usize, out: &mut Vec<u8>) {
    (0..count).for_each(|_| out.extend_from_slice(bytes));
}

/// Replaces a character beyond U+FFFF, and keeps the others.
fn replace_supplementary(character: char, by: &[u8], count: usize, out: &mut Vec<u8>) {
    if character.len_utf16() == 2 {
        repeat(by, count, out);
    } else {
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// Encodes a character in the code page with this name, or as `?` if it lacks it.
fn encode_or_question_mark(name: &str, character: char, out: &mut Vec<u8>) {
    let page = CODE_PAGES.iter().find(|page| page.name.starts_with(name));
    let encoded = page.and_then(|page| page.encode(character.encode_utf8(&mut [0; 4])));
    out.extend(encoded.unwrap_or_else(|| b"?".to_vec()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::explain::body_edits::received_body::BodyContext;
    use proptest::prelude::*;

    fn forms(apply: RestoreBody, body: &[u8]) -> Vec<Form> {
        apply(&ReceivedBody::new(body, BodyContext::default()))
    }

    #[test]
    fn every_kind_of_utf_16_is_decoded() {
        for (bytes, name) in [
            (b"\xff\xfe{\0}\0".as_slice(), "UTF-16 LE"),
            (b"\xfe\xff\0{\0}", "UTF-16 BE"),
            (b"{\0}\0", "UTF-16 LE"),
            (b"\0{\0}", "UTF-16 BE"),
            (b"{\0\0\0}\0\0\0", "UTF-32 LE"),
            (b"\0\0\xfe\xff\0\0\0{\0\0\0}", "UTF-32 BE"),
        ] {
            assert_eq!(from_wide(bytes), [(b"{}".to_vec(), name.to_owned())]);
        }
        for bytes in [b"{}".as_slice(), b"", b"{\0}", b"\xff\xfe\0\xd8", b"{\0\0\0}\0\0"] {
            assert!(from_wide(bytes).is_empty(), "{bytes:?}");
        }
    }

    #[test]
    fn mojibake_is_undone_with_the_bytes_that_windows_1252_lacks() {
        // `”` is E2 80 9D, and Windows-1252 does not define 9D.
        let body = "\"\u{e2}\u{20ac}\u{9d}\"".as_bytes();
        let undone = forms(mojibake, body);
        assert_eq!(undone[0].0, "\"\u{201d}\"".as_bytes());
        assert!(undone[0].1.starts_with("Windows-1252"));
        let twice = forms(mojibake, "Ã\u{192}Â©".as_bytes());
        assert!(twice.iter().any(|(bytes, _)| bytes == "é".as_bytes()), "{twice:?}");
        assert!(forms(mojibake, "é".as_bytes()).is_empty());
    }

    #[test]
    fn code_pages_that_agree_are_one_form() {
        let kept = forms(ROWS[1].apply, b"\xe9");
        assert!(kept[0].1.starts_with("Windows-1252, Latin-1 (ISO-8859-1), "), "{}", kept[0].1);
        assert_eq!(kept[0].0, "é".as_bytes());
        assert!(forms(ROWS[1].apply, b"e").is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_are_handled(bytes: Vec<u8>, text: String) {
            for row in ROWS {
                let _ = (forms(row.apply, &bytes), forms(row.apply, text.as_bytes()));
            }
        }
    }
}
