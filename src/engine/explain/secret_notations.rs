//! Secret notations: what surrounds or escapes a secret where people copy it from.
//!
//! These rows may derive several keys, such as one for each string of a JSON document.

use crate::protocols::byte_order_mark::BYTE_ORDER_MARK;
use crate::protocols::schemes::digest::{WHSEC_PREFIX, decode_any_base64};
use crate::protocols::schemes::hypothesis::Hypothesis;
use crate::protocols::secret_surroundings::{to_ascii, url_values, without_punctuation};
use crate::protocols::secret_text::{
    after_scheme, basic_password, before_comment, escaped_dollars, is_invisible, is_unicode_space,
    json_strings, plain_value, single_dollars, split_assignment, strip_lone_quote, strip_quotes,
    unescape, without_variables,
};
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};

/// Returns the keys that a secret in this notation stands for.
pub(super) type DeriveKeys = fn(&[u8]) -> Vec<Vec<u8>>;

/// The maximum number of lines of a secret that is a whole file.
const MAX_LINES: usize = 32;

/// The prefix that Supabase shows before a secret of Standard Webhooks.
const VERSIONED_WHSEC_PREFIX: &str = "v1,";

/// The hypotheses, the likeliest first. None of their messages reveals a byte of the secret.
pub(super) static ROWS: &[Hypothesis<DeriveKeys>] = &[
    Hypothesis {
        code: "secret-with-bom",
        condition: "the byte order mark is removed from the secret",
        evidence: "The configured secret begins with a byte order mark, which editors on Windows \
                   and PowerShell write.",
        fix: "save the file as UTF-8 without a byte order mark, or pass it with `--secret-file`",
        apply: |secret| {
            secret
                .strip_prefix(BYTE_ORDER_MARK)
                .map(|rest| rest.trim_ascii().to_vec())
                .into_iter()
                .collect()
        },
    },
    Hypothesis {
        code: "secret-with-no-break-space",
        condition: "the no-break space around the secret is removed",
        evidence: "The configured secret begins or ends with a no-break space or another Unicode \
                   space, as text that is copied from a web page or a chat does.",
        fix: "type the ends of the secret again, or copy it with the copy button of the page",
        apply: |secret| {
            from_text(secret, |text| {
                let trimmed = text.trim();
                let ends = [text.chars().next(), text.chars().next_back()];
                ends.into_iter().flatten().any(is_unicode_space).then(|| trimmed.to_owned())
            })
        },
    },
    Hypothesis {
        code: "secret-with-zero-width-character",
        condition: "the zero-width characters are removed from the secret",
        evidence: "The configured secret contains an invisible zero-width character, as text that \
                   is copied from a web page or a chat does.",
        fix: "copy the secret again with the copy button of the page, or type it",
        apply: |secret| {
            from_text(secret, |text| {
                let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
                (visible.len() < text.len()).then(|| visible.trim().to_owned())
            })
        },
    },
    Hypothesis {
        code: "secret-with-name",
        condition: "only the value after the name is used as the secret",
        evidence: "The configured secret is a whole line of a `.env` or YAML file: the name of a \
                   variable precedes the value, as in `NAME=value`, `export NAME=value` or \
                   `name: value`.",
        fix: "pass only the value; for a file of several lines use `--candidates FILE`",
        apply: |secret| {
            let text = std::str::from_utf8(secret).unwrap_or_default();
            let values = text.lines().take(MAX_LINES).filter_map(split_assignment);
            distinct(values.flat_map(|(_, value)| {
                let plain = plain_value(value).map(str::to_owned);
                let escaped = plain.as_deref().and_then(unescape);
                [Some(value.to_owned()), Some(value.trim().to_owned()), plain, escaped]
                    .into_iter()
                    .flatten()
            }))
        },
    },
    Hypothesis {
        code: "secret-with-scheme",
        condition: "the word before the secret is removed",
        evidence: "The configured secret has a word such as `Bearer`, `Basic` or `Token` before \
                   it, which belongs to an `Authorization` header and not to the secret.",
        fix: "pass only what follows the word",
        apply: |secret| {
            let text = std::str::from_utf8(secret).unwrap_or_default();
            let bare = after_scheme(text);
            let decoded = bare.and_then(basic_password);
            distinct(bare.map(str::to_owned).into_iter().chain(decoded))
        },
    },
    Hypothesis {
        code: "secret-in-url",
        condition: "only a value in the URL is used as the secret",
        evidence: "The configured secret is a URL or its query, and the signer uses a value of it.",
        fix: "pass only the value",
        apply: |secret| distinct(url_values(std::str::from_utf8(secret).unwrap_or_default())),
    },
    Hypothesis {
        code: "secret-with-punctuation",
        condition: "the brackets, tags or punctuation around the secret are removed",
        evidence: "The configured secret has brackets, a tag or punctuation around it, which the \
                   signer's lacks: it was copied with the characters next to it.",
        fix: "copy the secret again, without what stands around it",
        apply: |secret| {
            let text = std::str::from_utf8(secret).unwrap_or_default().trim();
            let inside = without_punctuation(text);
            distinct(inside.filter(|inside| *inside != text).map(str::to_owned))
        },
    },
    Hypothesis {
        code: "secret-with-lookalikes",
        condition: "the typographic characters of the secret are changed to ASCII",
        evidence: "The configured secret has hyphens, quotes or full-width characters that only \
                   look like those of ASCII, as a word processor or a chat writes them.",
        fix: "copy the secret from the provider's own page",
        apply: |secret| {
            from_text(secret, |text| {
                (!text.is_ascii()).then(|| text.chars().map(to_ascii).collect())
            })
        },
    },
    Hypothesis {
        code: "secret-with-comment",
        condition: "the comment after the secret is removed",
        evidence: "The configured secret includes a comment (` # …`) that the signer's lacks: \
                   `docker --env-file` and other loaders keep it, and most remove it.",
        fix: "put the comment on a line of its own; if the text is part of the secret, put quotes \
              around it on the signing side",
        apply: |secret| {
            from_text(secret, |text| {
                let value = before_comment(text)?;
                Some(strip_quotes(value).unwrap_or(value).to_owned())
            })
        },
    },
    Hypothesis {
        code: "secret-in-quotes",
        condition: "the quotes around the secret are removed",
        evidence: "The configured secret is in quotes, such as the curly ones that a word \
                   processor or a chat makes of straight ones.",
        fix: "remove the quotes, and copy the secret from the provider's own page",
        apply: |secret| {
            from_text(secret, |text| {
                let trimmed = text.trim();
                strip_quotes(trimmed).or_else(|| strip_lone_quote(trimmed)).map(str::to_owned)
            })
        },
    },
    Hypothesis {
        code: "secret-with-escaped-newline",
        condition: "the characters `\\n` at the end of the secret are removed",
        evidence: "The configured secret ends in a backslash and an `n`: an escaped newline that \
                   was never decoded, as `echo -e` or a JSON file has it.",
        fix: "remove the two characters where the secret is stored",
        apply: |secret| {
            from_text(secret, |text| {
                let rest = text.strip_suffix("\\r\\n").or_else(|| text.strip_suffix("\\n"))?;
                Some(rest.to_owned())
            })
        },
    },
    Hypothesis {
        code: "secret-with-dollar",
        condition: "`\\$` and `$$` in the secret are each read as one `$`",
        evidence: "The signer's secret has a single dollar sign where the configured one has `\\$` or \
                   `$$`, the escapes of a shell, of `make` and of Docker Compose.",
        fix: "write `$` without the escape where nothing expands it, or in single quotes",
        apply: |secret| from_text(secret, single_dollars),
    },
    Hypothesis {
        code: "secret-signed-with-dollar",
        condition: "each `$` of the secret is written as `$$`",
        evidence: "The signer uses `$$`, the escaped dollar sign of `make` and Docker Compose, \
                   where the configured secret has `$`.",
        fix: "compare the secret with the one the provider shows: one of the two has a `$` too many \
              or too few",
        apply: |secret| from_text(secret, |text| escaped_dollars(text, "$$")),
    },
    Hypothesis {
        code: "secret-signed-with-dollar",
        condition: "each `$` of the secret is written as `\\$`",
        evidence: "The signer uses `\\$`, the escaped dollar sign of a shell, where the configured \
                   secret has `$`.",
        fix: "remove the backslash on the signing side, or put the value in single quotes",
        apply: |secret| from_text(secret, |text| escaped_dollars(text, "\\$")),
    },
    Hypothesis {
        code: "secret-expanded",
        condition: "`$` and the name after it are removed from the secret",
        evidence: "The signer's secret lacks a part that begins with `$`, as if a shell or a `.env` \
                   loader had expanded it as a variable that is not set.",
        fix: "put the secret in single quotes on the signing side, or write `\\$` for `$`",
        apply: |secret| from_text(secret, without_variables),
    },
    Hypothesis {
        code: "secret-with-backslash",
        condition: "the backslash escapes of the secret are decoded",
        evidence: "The configured secret has backslashes that escape the next character, as in a \
                   quoted string of JSON, YAML or a shell.",
        fix: "decode the string with the parser of its file instead of copying it",
        apply: |secret| from_text(secret, unescape),
    },
    Hypothesis {
        code: "secret-with-whsec",
        condition: "`v1,whsec_` is removed from the secret",
        evidence: "The configured secret has the prefix `v1,whsec_`, which is not part of the \
                   signer's key.",
        fix: "remove the prefix on this side",
        apply: |secret| {
            from_text(secret, |text| {
                let rest = text.trim().strip_prefix(VERSIONED_WHSEC_PREFIX)?;
                Some(rest.strip_prefix(whsec()).unwrap_or(rest).to_owned())
            })
        },
    },
    Hypothesis {
        code: "secret-with-whsec",
        condition: "`v1,` is removed from the secret",
        evidence: "The configured secret has `v1,` before `whsec_`, and the signer uses the string \
                   without it.",
        fix: "remove `v1,` on this side",
        apply: |secret| {
            from_text(secret, |text| {
                let rest = text.trim().strip_prefix(VERSIONED_WHSEC_PREFIX)?;
                rest.starts_with(whsec()).then(|| rest.to_owned())
            })
        },
    },
    Hypothesis {
        code: "secret-with-whsec",
        condition: "`v1,whsec_` is removed from the secret and the rest is decoded from base64",
        evidence: "The signer follows Standard Webhooks: the key follows the prefix `v1,whsec_` in \
                   base64.",
        fix: "decode the part after the prefix, as libraries for Standard Webhooks do",
        apply: |secret| {
            let text = std::str::from_utf8(secret).unwrap_or_default().trim();
            let rest = text.strip_prefix(VERSIONED_WHSEC_PREFIX);
            let rest = rest.and_then(|rest| rest.strip_prefix(whsec()));
            let decoded = rest.and_then(decode_any_base64);
            decoded.filter(|key| !key.is_empty()).into_iter().collect()
        },
    },
    Hypothesis {
        code: "secret-in-json",
        condition: "only a string inside the JSON is used as the secret",
        evidence: "The configured secret is JSON, as a secrets manager stores it, and the signer \
                   uses one of its values.",
        fix: "read the field of the JSON, such as with `jq -r .secret`, and use its value",
        apply: |secret| {
            let text = std::str::from_utf8(secret).unwrap_or_default();
            distinct(json_strings(text).into_iter())
        },
    },
    Hypothesis {
        code: "secret-of-several-lines",
        condition: "only one line of the secret is used",
        evidence: "The configured secret has several lines, and the signer uses one of them.",
        fix: "keep only the secret in its file; for a file of several lines use `--candidates FILE`",
        apply: |secret| {
            let text = std::str::from_utf8(secret).unwrap_or_default().trim();
            let lines = text.lines().take(MAX_LINES).map(|line| line.trim().to_owned());
            if text.contains('\n') { distinct(lines) } else { Vec::new() }
        },
    },
    Hypothesis {
        code: "secret-cut-off",
        condition: "the secret ends before its first `#`, space, `=`, `&`, `$`, quote or backslash",
        evidence: "The signer's secret ends where the configured one has a character that `.env` \
                   files, shells or URLs treat specially: what follows was cut off.",
        fix: "put the secret in single quotes on the signing side, or encode it where it is part of \
              a URL",
        apply: |secret| {
            let text = std::str::from_utf8(secret).unwrap_or_default();
            let marks = ['#', ' ', '=', '&', '$', '"', '\'', '\\', ';', '%', ','];
            let cut = marks.into_iter().filter_map(|mark| text.split_once(mark));
            distinct(cut.map(|(before, _)| before.to_owned()).filter(|before| before.len() >= 4))
        },
    },
    Hypothesis {
        code: "secret-without-padding",
        condition: "the missing `=` is added at the end of the secret",
        evidence: "The configured secret lacks the `=` at its end, which `cut -d= -f2` and some \
                   `.env` loaders remove.",
        fix: "copy the secret again with the `=` at its end",
        apply: |secret| {
            let is_base64 = secret.len() % 4 != 0 && decode_any_base64(secret).is_some();
            let missing = secret.len().wrapping_neg() % 4;
            let padded = [secret, "=".repeat(missing).as_bytes()].concat();
            is_base64.then_some(padded).into_iter().collect()
        },
    },
    Hypothesis {
        code: "secret-without-whsec",
        condition: "`whsec_` is put before the secret",
        evidence: "The signer treats `whsec_` as part of the secret, and the configured one lacks \
                   it.",
        fix: "copy the secret with its prefix",
        apply: |secret| {
            let is_bare = !secret.starts_with(WHSEC_PREFIX);
            is_bare.then(|| [WHSEC_PREFIX, secret].concat()).into_iter().collect()
        },
    },
    Hypothesis {
        code: "secret-percent-encoded",
        condition: "the percent-encoding of the secret is decoded",
        evidence: "The configured secret is percent-encoded (`%2B` for `+`), as in a URL.",
        fix: "decode the value where it is taken from the URL",
        apply: |secret| {
            from_text(secret, |text| {
                let decoded = percent_decode_str(text).decode_utf8().ok()?;
                (decoded != text).then(|| decoded.into_owned())
            })
        },
    },
    Hypothesis {
        code: "secret-html-escaped",
        condition: "the HTML entities in the secret are decoded",
        evidence: "The configured secret contains HTML entities such as `&amp;`: it was copied \
                   from the source of a page.",
        fix: "copy the secret from the page as it is displayed",
        apply: |secret| {
            from_text(secret, |text| {
                let entities = [
                    ("&lt;", "<"),
                    ("&gt;", ">"),
                    ("&quot;", "\""),
                    ("&#39;", "'"),
                    ("&amp;", "&"),
                ];
                let decoded = entities
                    .iter()
                    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
                (decoded != text).then_some(decoded)
            })
        },
    },
    Hypothesis {
        code: "secret-pasted-twice",
        condition: "only the first half of the secret is used",
        evidence: "The configured secret is the same string twice: it was pasted twice.",
        fix: "remove the second copy",
        apply: |secret| {
            let (first, second) = secret.split_at(secret.len() / 2);
            let is_repeated = first == second && first.len() >= 4;
            is_repeated.then(|| first.to_vec()).into_iter().collect()
        },
    },
    Hypothesis {
        code: "secret-with-inner-whitespace",
        condition: "the whitespace inside the secret is removed",
        evidence: "The configured secret contains spaces or newlines: it was wrapped where it was \
                   copied from.",
        fix: "copy the secret again, on one line",
        apply: |secret| {
            from_text(secret, |text| {
                let is_inside = text.trim().contains(char::is_whitespace);
                is_inside.then(|| text.chars().filter(|c| !c.is_whitespace()).collect())
            })
        },
    },
    Hypothesis {
        code: "secret-as-utf16",
        condition: "the secret is encoded as UTF-16",
        evidence: "The signer encoded its secret as UTF-16, as `Encoding.Unicode` of .NET does.",
        fix: "encode the secret as UTF-8 on the signing side: `Encoding.UTF8.GetBytes(secret)`",
        apply: |secret| {
            let text = std::str::from_utf8(secret).unwrap_or_default();
            let units = text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
            (!units.is_empty()).then_some(units).into_iter().collect()
        },
    },
    Hypothesis {
        code: "secret-as-latin1",
        condition: "the secret is encoded as Latin-1",
        evidence: "The signer encoded its secret as Latin-1 or Windows-1252 instead of UTF-8.",
        fix: "encode the secret as UTF-8 on the signing side",
        apply: |secret| {
            let text = std::str::from_utf8(secret).unwrap_or_default();
            let (bytes, _, has_unmappable) = encoding_rs::WINDOWS_1252.encode(text);
            let is_other = !text.is_ascii() && !has_unmappable;
            is_other.then(|| bytes.into_owned()).into_iter().collect()
        },
    },
    Hypothesis {
        code: "secret-hashed",
        condition: "the SHA-256 digest of the secret is used as the key",
        evidence: "The signer hashed its secret and used the digest as the key.",
        fix: "pass the secret to the MAC unchanged on the signing side",
        apply: |secret| {
            let digest = Sha256::digest(secret).to_vec();
            vec![hex::encode(&digest).into_bytes(), digest]
        },
    },
];

/// Returns the key of a function that changes a text, without the unchanged one.
fn from_text(secret: &[u8], change: impl Fn(&str) -> Option<String>) -> Vec<Vec<u8>> {
    let text = std::str::from_utf8(secret).ok();
    let changed = text.and_then(|text| change(text).filter(|changed| changed != text));
    changed.filter(|changed| !changed.is_empty()).map(String::into_bytes).into_iter().collect()
}

fn distinct(values: impl Iterator<Item = String>) -> Vec<Vec<u8>> {
    let mut keys: Vec<Vec<u8>> = Vec::new();
    for value in values.map(String::into_bytes) {
        if !value.is_empty() && !keys.contains(&value) {
            keys.push(value);
        }
    }
    keys
}

/// Returns the prefix `whsec_` as a string.
fn whsec() -> &'static str {
    std::str::from_utf8(WHSEC_PREFIX).unwrap_or_default()
}
