//! Bodies on which JSON libraries differ: genuine payloads with fields that they print in several
//! ways.

use crate::protocols::json_stringify;
use crate::protocols::schemes::scheme::SignedForm;

/// The body of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum QuestionBody {
    /// The body that every question is about.
    First,
    /// Another one, with which an answer is confirmed.
    Second,
    /// One with rarer values, on which further libraries differ.
    Rare,
}

/// Changes a body before it is signed.
pub(super) type RewriteBody = fn(Vec<u8>) -> Vec<u8>;

/// The fields of the first body: a slash, `&`, `<`, characters outside ASCII, one outside the basic
/// plane, a line separator, an escape, a number with a zero after its point, one beyond 2^53,
/// numeric keys out of order, and what is empty.
const FIRST: &str = "\"leadhook_question\" : {\"text\":\"Sales/lettings & <b>Zo\u{eb}</b> \u{1f600}\
                     \u{2028}\", \"escaped\":\"caf\\u00e9\",\"decimal\":1.0,\"large\":\
                     9007199254740993,\"keys\":{\"10\":\"ten\",\"2\":\"two\"},\"nothing\":null,\
                     \"list\":[],\"object\":{}}";

/// The same kinds of fields with other values.
const SECOND: &str = "\"leadhook_question\" : {\"text\":\"Flats/houses & <i>\u{c5}sa</i> \u{1f3e0}\
                      \u{2028}\", \"escaped\":\"na\\u00efve\",\"decimal\":25.0,\"large\":\
                      9007199254740995,\"keys\":{\"30\":\"thirty\",\"4\":\"four\"},\"nothing\":null,\
                      \"list\":[],\"object\":{}}";

/// The fields of the first body, and rarer ones: small and large numbers, quotes, control
/// characters.
const RARE: &str = "\"leadhook_question\" : {\"text\":\"Rent/buy & <u>\u{d8}re</u> \u{1f511}\u{2028}\
                    \", \"escaped\":\"\\u00fcber\",\"decimal\":3.0,\"large\":9007199254740997,\
                    \"keys\":{\"7\":\"seven\",\"5\":\"five\"},\"nothing\":null,\"list\":[],\"object\":\
                    {},\"small\":0.00001,\"hundred\":1e2,\"quotes\":\"it's `1+1=2`\",\"control\":\
                    \"\\b\\f\\u007f\\u2029\"}";

impl QuestionBody {
    /// The bodies, in the order of their message numbers.
    pub(super) const ALL: [Self; 3] = [Self::First, Self::Second, Self::Rare];

    /// Returns the function that turns a payload into this body, in a form that the scheme signs.
    pub(super) fn rewrite(self, form: SignedForm) -> RewriteBody {
        // A provider that signs the output of `JSON.stringify` sends nothing else.
        let is_stringified = form == SignedForm::JsonStringify;
        match (self, is_stringified) {
            (Self::First, false) => |body| add(body, FIRST),
            (Self::Second, false) => |body| add(body, SECOND),
            (Self::Rare, false) => |body| add(body, RARE),
            (Self::First, true) => |body| stringified(add(body, FIRST)),
            (Self::Second, true) => |body| stringified(add(body, SECOND)),
            (Self::Rare, true) => |body| stringified(add(body, RARE)),
        }
    }

    /// Returns the number of the message that carries it.
    pub(super) fn message_number(self) -> u64 {
        Self::ALL.iter().position(|body| *body == self).unwrap_or_default() as u64
    }
}

/// Adds fields to an object, in a layout that no library prints, with a newline at the end.
fn add(body: Vec<u8>, fields: &str) -> Vec<u8> {
    let Some(start) = body.trim_ascii_end().strip_suffix(b"}") else { return body };
    let comma: &[u8] = if start.trim_ascii_end().ends_with(b"{") { b"" } else { b", " };
    [start, comma, fields.as_bytes(), b" }\n"].concat()
}

fn stringified(body: Vec<u8>) -> Vec<u8> {
    json_stringify::restringify(&body).unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::json;
    use crate::protocols::json_print::{STYLES, matching_styles, print};
    use std::collections::BTreeSet;

    #[test]
    fn the_common_libraries_print_the_first_body_in_different_ways() {
        for body in QuestionBody::ALL {
            let bytes = body.rewrite(SignedForm::RawBody)(b"{\"id\":\"1\"}".to_vec());
            let json = json::read(&bytes).unwrap();
            assert!(matching_styles(&json, &bytes).is_empty(), "{body:?}");
            let common = ["javascript-stringify", "python-dumps", "php-array", "go-marshal-map"];
            let printed: BTreeSet<_> = STYLES
                .iter()
                .filter(|style| common.contains(&style.code))
                .map(|style| print(&json, style))
                .collect();
            assert_eq!(printed.len(), common.len(), "{body:?}");
        }
    }

    #[test]
    fn a_provider_of_stringified_bodies_sends_only_those() {
        for body in QuestionBody::ALL {
            let bytes = body.rewrite(SignedForm::JsonStringify)(b"{\"id\":\"1\"}".to_vec());
            assert_eq!(json_stringify::restringify(&bytes).unwrap(), bytes, "{body:?}");
        }
        assert_eq!(add(b"[]".to_vec(), FIRST), b"[]");
        assert!(json::read(&add(b"{}".to_vec(), FIRST)).is_ok());
    }
}
