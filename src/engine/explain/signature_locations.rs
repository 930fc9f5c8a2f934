//! Signature locations: the headers and query fields to search if the provider's header has none.

use crate::domain::message::Message;
use crate::engine::renamed_headers::canonical_name;
use crate::protocols::schemes::Scheme;
use crate::protocols::schemes::hypothesis::{
    Edited, Hypothesis, HypothesisKind, HypothesisText, truncate_name,
};
use crate::protocols::secret_text::strip_quotes;
use url::form_urlencoded;

/// The names of query fields that commonly carry signatures and tokens.
const QUERY_FIELDS: [&str; 6] = ["signature", "sig", "hmac", "token", "jwt", "access-token"];

/// The maximum number of values from one kind of location: each is compared with every digest.
const MAX_VALUES: usize = 4;

/// The minimum length of a value among several: a truncated digest in base64.
const MIN_JOINED_LEN: usize = 22;

/// Finds values, each with the name of its location.
type FindValues = fn(&str, &Message) -> Vec<(String, String)>;

/// The kinds of locations to search, the likeliest first.
static ROWS: &[Hypothesis<FindValues>] = &[
    Hypothesis {
        code: "renamed-header",
        condition: "it is read from `{}`",
        evidence: "A proxy or a CGI layer renamed the header to `{}`.",
        fix: "configure the proxy to keep the header name, or read it under the new name",
        apply: |header, message| {
            let expected = canonical_name(header);
            matching_headers(message, |name, _| {
                !name.eq_ignore_ascii_case(header) && canonical_name(name) == expected
            })
        },
    },
    Hypothesis {
        code: "repeated-signature",
        condition: "only the {} of its values is read",
        evidence: "The header has more than one value, and receivers differ on which one they use.",
        fix: "send it once; look for a proxy or a client that adds its own",
        apply: |header, message| {
            let values = message.headers.get_all(header).filter_map(to_trimmed_string);
            let values: Vec<_> = values
                .flat_map(|value| value.split(", ").map(str::to_owned).collect::<Vec<_>>())
                .take(MAX_VALUES)
                .collect();
            let is_repeated = values.len() > 1;
            let ordinals = ["first", "second", "third", "fourth"].map(str::to_owned);
            if is_repeated { values.into_iter().zip(ordinals).collect() } else { Vec::new() }
        },
    },
    Hypothesis {
        code: "joined-signatures",
        condition: "only {} is read",
        evidence: "The header contains several values that are joined by a comma, a semicolon, a \
                   space or brackets: a proxy or a framework joined a repeated header, or the sender sends \
                   one signature for each of its secrets.",
        fix: "compare each value with the expected signature, or have the header sent once with \
              one value",
        apply: |header, message| {
            let mut values = message.headers.get_all(header);
            let (Some(value), None) = (values.next().and_then(to_trimmed_string), values.next())
            else {
                return Vec::new();
            };
            let list = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
            let list = list.unwrap_or(&value);
            let is_spaced = !list.contains([',', ';', '|']);
            let is_end = |c: char| if is_spaced { c == ' ' } else { ",;|".contains(c) };
            let parts = joined_parts(list, is_end);
            let is_joined = parts.len() > 1;
            let names = ["first", "second", "third", "fourth"];
            let named = parts.into_iter().zip(names).filter(|_| is_joined);
            named.map(|(part, name)| (part, format!("the {name} of the joined values"))).collect()
        },
    },
    Hypothesis {
        code: "signature-in-query",
        condition: "it is read from `{}` in the query",
        evidence: "The signature was sent in the URL, as `{}`, and URLs end up in logs.",
        fix: "send it in the header",
        apply: |header, message| {
            let expected = canonical_name(header);
            let query = message.target.split_once('?').map_or("", |(_, query)| query);
            let fields = form_urlencoded::parse(query.as_bytes());
            let matching = fields.filter(|(name, _)| {
                let name = canonical_name(name);
                name == expected || QUERY_FIELDS.contains(&name.as_str())
            });
            matching
                .take(MAX_VALUES)
                .map(|(name, value)| (value.into_owned(), truncate_name(&name)))
                .collect()
        },
    },
    Hypothesis {
        code: "signature-elsewhere",
        condition: "it is read from `{}`",
        evidence: "The signature was sent in the header `{}`, which is not this provider's.",
        fix: "send it in the provider's header",
        apply: |header, message| {
            let expected = canonical_name(header);
            matching_headers(message, |name, value| {
                canonical_name(name) != expected && looks_like_signature(value)
            })
        },
    },
];

/// Returns the messages of the hypotheses, for the documentation.
pub(super) fn texts() -> Vec<HypothesisText> {
    ROWS.iter().map(|row| row.text(HypothesisKind::Signature)).collect()
}

/// Returns every value that may be the signature of a request, if the scheme has a header for it.
pub(super) fn of_scheme(scheme: &Scheme, message: &Message) -> Vec<Edited<String>> {
    scheme.header().map_or_else(Vec::new, |header| values(header, message))
}

/// Returns every value that may be the signature, the one in the provider's header first.
pub(super) fn values(header: &str, message: &Message) -> Vec<Edited<String>> {
    let mut own = message.headers.get_all(header);
    let documented = match (own.next(), own.next()) {
        (Some(value), None) => to_trimmed_string(value).map(Edited::unedited),
        _ => None,
    };
    let others = ROWS.iter().flat_map(|row| {
        let found = (row.apply)(header, message).into_iter();
        found.map(|(value, location)| Edited::with_edit(&[], row.edit(&location), value))
    });
    documented.into_iter().chain(others).collect()
}

/// Returns the values of the headers that match, each with its name.
fn matching_headers(
    message: &Message,
    matches: impl Fn(&str, &[u8]) -> bool,
) -> Vec<(String, String)> {
    let matching = message.headers.iter().filter(|(name, value)| matches(name, value));
    let values =
        matching.filter_map(|(name, value)| Some((to_trimmed_string(value)?, truncate_name(name))));
    values.take(MAX_VALUES).collect()
}

/// Splits values that are joined. What is too short for a digest, such as a version or a timestamp,
/// stays before the value that follows it.
fn joined_parts(list: &str, is_end: impl Fn(char) -> bool + Copy) -> Vec<String> {
    let (mut parts, mut before) = (Vec::new(), String::new());
    for piece in list.split_inclusive(is_end) {
        let part = piece.strip_suffix(is_end).unwrap_or(piece).trim();
        if part.len() < MIN_JOINED_LEN {
            before.push_str(piece.trim_start());
            continue;
        }
        parts.push(format!("{before}{}", strip_quotes(part).unwrap_or(part)));
        before.clear();
    }
    parts.truncate(MAX_VALUES);
    parts
}

/// Returns `true` if a value looks like a digest or a token.
fn looks_like_signature(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    let token = value.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    let digits = value.iter().rev().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let has_prefix = [b"sha256=".as_slice(), b"v1,"].iter().any(|start| value.starts_with(start));
    token.starts_with(b"eyJ") || digits >= 64 || has_prefix
}

/// Returns a header value as a string without surrounding whitespace, if it is UTF-8.
fn to_trimmed_string(value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?;
    Some(text.trim_matches([' ', '\t']).to_owned())
}
