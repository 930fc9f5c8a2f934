//! Where a signature may stand when it is not where the provider puts it.

use crate::domain::message::Message;
use crate::engine::renamed::canonical;
use crate::protocols::schemes::hypothesis::{Edited, Hypothesis, shown};
use url::form_urlencoded;

/// Names in a query under which people pass signatures and tokens.
const IN_QUERY: [&str; 6] = ["signature", "sig", "hmac", "token", "jwt", "access-token"];

/// How many values are taken from one kind of place: each is held against every digest.
const MOST_VALUES: usize = 4;

/// Finds values, and says where each stands.
type Find = fn(&str, &Message) -> Vec<(String, String)>;

/// The places to look in, the likeliest first.
static ROWS: &[Hypothesis<Find>] = &[
    Hypothesis {
        code: "renamed-header",
        when: "it is taken from `{}`",
        evidence: "The header came under another name: a proxy or a CGI layer renamed it to `{}`.",
        fix: "let the proxy pass the header on as it is, or read it under the name it has there",
        apply: |header, message| {
            let wanted = canonical(header);
            headers(message, |name, _| {
                !name.eq_ignore_ascii_case(header) && canonical(name) == wanted
            })
        },
    },
    Hypothesis {
        code: "repeated-signature",
        when: "only the {} of its values is looked at",
        evidence: "The header has more than one value, and receivers differ on which one they take.",
        fix: "send it once; look for a proxy or a client that adds its own",
        apply: |header, message| {
            let values = message.headers.all(header).filter_map(text);
            let values: Vec<_> = values
                .flat_map(|value| value.split(", ").map(str::to_owned).collect::<Vec<_>>())
                .take(MOST_VALUES)
                .collect();
            let several = values.len() > 1;
            let numbered = ["first", "second", "third", "fourth"].map(str::to_owned);
            if several { values.into_iter().zip(numbered).collect() } else { Vec::new() }
        },
    },
    Hypothesis {
        code: "signature-in-query",
        when: "it is taken from `{}` in the query",
        evidence: "The signature came in the address, as `{}`: addresses are kept in logs.",
        fix: "send it in the header",
        apply: |header, message| {
            let wanted = canonical(header);
            let query = message.target.split_once('?').map_or("", |(_, query)| query);
            let fields = form_urlencoded::parse(query.as_bytes());
            let named = fields.filter(|(name, _)| {
                let name = canonical(name);
                name == wanted || IN_QUERY.contains(&name.as_str())
            });
            named
                .take(MOST_VALUES)
                .map(|(name, value)| (value.into_owned(), shown(&name)))
                .collect()
        },
    },
    Hypothesis {
        code: "signature-elsewhere",
        when: "it is taken from `{}`",
        evidence: "The signature came in the header `{}`, which is not this provider's.",
        fix: "send it under the name that the provider has",
        apply: |header, message| {
            let wanted = canonical(header);
            headers(message, |name, value| canonical(name) != wanted && looks_signed(value))
        },
    },
];

/// The codes of the explanations.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.code)
}

/// Every value that may be the signature: the one in its place first.
pub(super) fn values(header: &str, message: &Message) -> Vec<Edited<String>> {
    let mut own = message.headers.all(header);
    let in_place = match (own.next(), own.next()) {
        (Some(value), None) => text(value).map(Edited::received),
        _ => None,
    };
    let elsewhere = ROWS.iter().flat_map(|row| {
        let found = (row.apply)(header, message).into_iter();
        found.map(|(value, place)| Edited::then(&[], row.edit(&place), value))
    });
    in_place.into_iter().chain(elsewhere).collect()
}

/// The values of the headers that fit, each with its name.
fn headers(message: &Message, fits: impl Fn(&str, &[u8]) -> bool) -> Vec<(String, String)> {
    let fitting = message.headers.iter().filter(|(name, value)| fits(name, value));
    let texts = fitting.filter_map(|(name, value)| Some((text(value)?, shown(name))));
    texts.take(MOST_VALUES).collect()
}

/// Whether a value has the form of a digest or a token.
fn looks_signed(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    let token = value.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    let digits = value.iter().rev().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let begins = [b"sha256=".as_slice(), b"v1,"].iter().any(|start| value.starts_with(start));
    token.starts_with(b"eyJ") || digits >= 64 || begins
}

fn text(value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?;
    Some(text.trim_matches([' ', '\t']).to_owned())
}
