//! Signature wrappers: characters around or inside a signature that the signer, a proxy or a log
//! added.

use crate::protocols::schemes::digest::{DigestFormat, StripExtra};
use crate::protocols::schemes::hypothesis::{
    Edited, Hypothesis, HypothesisKind, HypothesisText, MAX_EDITS, strip_quotes,
};
use crate::protocols::secret_text;
use percent_encoding::percent_decode_str;

/// The minimum number of separators between the hex digits of a digest.
const MIN_SEPARATORS: usize = 7;

/// The maximum length of a value that is read in more than one way.
const MAX_LEN: usize = 4096;

/// Characters that may surround or interrupt a signature.
static ROWS: &[Hypothesis<StripExtra>] = &[
    Hypothesis {
        code: "folded-signature",
        condition: "the header is unfolded",
        evidence: "The header value spans several lines: the signer wrapped it, as the `base64` \
                   command and MIME libraries do, or a proxy folded it.",
        fix: "send it on one line (RFC 9112, section 5.2); `base64 -w0` in a shell",
        apply: |text| {
            let joined: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            text.contains(['\r', '\n']).then_some((joined, String::new()))
        },
    },
    Hypothesis {
        code: "white-space-in-signature",
        condition: "the whitespace is removed from the signature",
        evidence: "The signature contains whitespace.",
        fix: "send {digest}",
        apply: |text| {
            let joined: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            (joined.len() < text.len()).then_some((joined, String::new()))
        },
    },
    Hypothesis {
        code: "quoted-signature",
        condition: "the quotes around the signature are removed",
        evidence: "The signature is in quotes, like a value that was serialized as JSON.",
        fix: "send {digest}",
        apply: |text| {
            let inside = std::str::from_utf8(strip_quotes(text.as_bytes())?).ok()?;
            Some((inside.to_owned(), String::new()))
        },
    },
    Hypothesis {
        code: "quoted-signature",
        condition: "the quotes around the signature are removed",
        evidence: "The signature is in quotes of another kind: curly, escaped, backticks, or those of \
                   Python's `b'…'`.",
        fix: "send {digest}",
        apply: |text| {
            let text =
                text.strip_prefix('b').filter(|rest| rest.starts_with(['"', '\''])).unwrap_or(text);
            Some((secret_text::strip_quotes(text)?.to_owned(), String::new()))
        },
    },
    Hypothesis {
        code: "punctuated-signature",
        condition: "{} at the ends of the signature is removed",
        evidence: "The signature has {} before or after it, as if it was cut out of a list or a \
                   line of text.",
        fix: "send {digest}, without the punctuation",
        apply: |text| {
            let inside = text.trim_matches(|c: char| is_punctuation(c) || c.is_whitespace());
            let removed: String = text.chars().filter(|c| is_punctuation(*c)).take(4).collect();
            let is_outside = inside.len() < text.len() && !inside.contains(is_punctuation);
            let name = match removed.as_str() {
                "," => "a comma".to_owned(),
                ";" => "a semicolon".to_owned(),
                "." => "a dot".to_owned(),
                ":" => "a colon".to_owned(),
                "\"" | "'" => "one quote".to_owned(),
                other => format!("`{other}`"),
            };
            (is_outside && !inside.is_empty() && !removed.is_empty())
                .then(|| (inside.to_owned(), name))
        },
    },
    Hypothesis {
        code: "bracketed-signature",
        condition: "the brackets around the signature are removed",
        evidence: "The signature is in brackets, like a list that was serialized as JSON or \
                   printed by a program.",
        fix: "send {digest}: the first element of the list, not the list",
        apply: |text| {
            let pairs = [('[', ']'), ('<', '>'), ('(', ')'), ('{', '}')];
            let inside = pairs
                .into_iter()
                .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close))?;
            let inside = inside.trim();
            let value = secret_text::strip_quotes(inside).unwrap_or(inside);
            // An object such as `{"signature":"…"}` has one string that is not a name.
            let field = secret_text::split_assignment(inside).map_or(value, |(_, field)| {
                let field = field.trim();
                secret_text::strip_quotes(field).unwrap_or(field)
            });
            let field = if text.starts_with('{') { field } else { value };
            (!field.is_empty()).then(|| (field.to_owned(), String::new()))
        },
    },
    Hypothesis {
        code: "plus-to-space",
        condition: "each space in the signature is read as `+`",
        evidence: "A `+` of the base64 became a space: the signature was decoded as part of a URL \
                   or a form without having been percent-encoded.",
        fix: "percent-encode the signature where it is put into a URL or form (`%2B`), or keep it \
              in a header",
        apply: |text| {
            let spaces = text.contains(' ') && !text.contains(['+', '\r', '\n']);
            let restored = text.replace(' ', "+");
            // The space at the beginning of a header value is lost.
            let lost_first = !text.contains(' ') && text.ends_with('=') && text.len() % 4 == 3;
            let restored = if restored.ends_with('=') && restored.len() % 4 == 3 {
                format!("+{restored}")
            } else {
                restored
            };
            (spaces || lost_first).then_some((restored, String::new()))
        },
    },
    Hypothesis {
        code: "percent-encoded-signature",
        condition: "the percent-encoding of the signature is decoded",
        evidence: "The signature is percent-encoded as in a URL (`%2B` for `+`, `%3D` for `=`).",
        fix: "decode it where it is taken from the URL, or send {digest} in the header unencoded",
        apply: |text| {
            let decoded = percent_decode_str(text).decode_utf8().ok()?;
            (decoded != text).then(|| (decoded.into_owned(), String::new()))
        },
    },
    Hypothesis {
        code: "html-escaped-signature",
        condition: "the HTML entities in the signature are decoded",
        evidence: "The signature contains HTML entities, such as `&#x3D;` for `=`: a template \
                   escaped it.",
        fix: "send {digest}, without escaping it for HTML",
        apply: |text| {
            let entities = [
                ("&#x3D;", "="),
                ("&#x3d;", "="),
                ("&#61;", "="),
                ("&equals;", "="),
                ("&#43;", "+"),
                ("&#x2B;", "+"),
                ("&#x2b;", "+"),
                ("&plus;", "+"),
                ("&#47;", "/"),
                ("&#x2F;", "/"),
                ("&#x2f;", "/"),
                ("&quot;", "\""),
                ("&#34;", "\""),
                ("&#39;", "'"),
                ("&amp;", "&"),
            ];
            let decoded =
                entities.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
            (decoded != text).then_some((decoded, String::new()))
        },
    },
    Hypothesis {
        code: "signature-with-file-name",
        condition: "`{}` after the signature is removed",
        evidence: "A command such as `sha256sum` or `openssl dgst -r` prints `{}` after the digest, \
                   and its whole output was sent.",
        fix: "send only the first word of the output: `cut -d' ' -f1`",
        apply: |text| {
            let (digits, rest) = text.split_once(' ')?;
            let is_digest =
                digits.len() >= 40 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            let is_name = rest.trim().chars().count() <= 40 && !rest.trim().is_empty();
            (is_digest && is_name).then(|| (digits.to_owned(), rest.trim().to_owned()))
        },
    },
    Hypothesis {
        code: "separated-signature",
        condition: "the `{}` between the hex digits are removed",
        evidence: "The hex digits have `{}` between them, as fingerprints and some debug output do.",
        fix: "send {digest}: Java and .NET need a format without separators",
        apply: |text| {
            let separator = [':', '-', '.', '_', ',']
                .into_iter()
                .find(|c| text.matches(*c).count() >= MIN_SEPARATORS)?;
            let digits: String = text.chars().filter(|c| *c != separator).collect();
            let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_hex.then(|| (digits, separator.to_string()))
        },
    },
    Hypothesis {
        code: "separated-signature",
        condition: "the `{}` before each pair of hex digits is removed",
        evidence: "Each byte is written with `{}`, as a language prints an array of bytes.",
        fix: "send {digest}",
        apply: |text| {
            let mark = ["\\x", "0x"]
                .into_iter()
                .find(|mark| text.matches(mark).count() >= MIN_SEPARATORS)?;
            let digits: String =
                text.replace(mark, "").chars().filter(char::is_ascii_hexdigit).collect();
            Some((digits, mark.to_owned()))
        },
    },
    Hypothesis {
        code: "doubled-signature",
        condition: "only the first half of the signature is read",
        evidence: "The signature is the same string twice.",
        fix: "send {digest}, once",
        apply: |text| {
            let (first, second) = text.split_at_checked(text.len() / 2)?;
            let is_digest = first == second && first.len() >= 40;
            is_digest.then(|| (first.to_owned(), String::new()))
        },
    },
    Hypothesis {
        code: "embedded-signature",
        condition: "only the {} hex digits inside the signature are read",
        evidence: "There is other text around the {} hex digits of the digest, such as the name of \
                   a function or a parameter.",
        fix: "send {digest}",
        apply: |text| {
            let runs = text.split(|c: char| !c.is_ascii_hexdigit());
            let mut digests = runs.filter(|run| [40, 64, 96, 128].contains(&run.len()));
            let digits = digests.next()?;
            // Several are joined values, of which the position is named.
            let is_only = digests.next().is_none() && digits.len() < text.len();
            is_only.then(|| (digits.to_owned(), digits.len().to_string()))
        },
    },
];

/// Returns `true` for a character that ends a value in a list or a line, and no digest has.
fn is_punctuation(c: char) -> bool {
    matches!(c, ',' | ';' | '.' | ':' | '"' | '\'' | '!' | '|' | '*' | '#' | '$')
}

/// Returns the messages of the hypotheses, for the documentation.
pub(super) fn texts() -> impl Iterator<Item = HypothesisText> {
    ROWS.iter().map(|row| row.text(HypothesisKind::Signature))
}

/// Returns the value as it is, then without one wrapper, then without two.
pub(super) fn unwrap(text: Edited<String>, format: &DigestFormat<'_>) -> Vec<Edited<String>> {
    let mut values = vec![text];
    let mut next = 0;
    // Values that are appended are visited as well, until they have as many edits as allowed.
    while let Some(value) = values.get(next).cloned() {
        next += 1;
        if value.edits.len() >= MAX_EDITS || value.value.len() > MAX_LEN {
            continue;
        }
        for row in ROWS {
            let Some((inside, detail)) = (row.apply)(&value.value) else { continue };
            if values.iter().all(|known| known.value != inside) {
                values.push(Edited::with_edit(&value.edits, format.edit(row, &detail), inside));
            }
        }
    }
    values
}
