//! The ways to read the secret of a request, which explain a secret that is not the expected one.

use crate::domain::message::Message;
use crate::protocols::schemes::hypothesis::{
    Edited, Hypothesis, HypothesisKind, HypothesisText, truncate_name,
};
use crate::protocols::schemes::place::SignaturePlace;
use url::form_urlencoded;

/// The maximum number of values of a request that are compared.
const MAX_VALUES: usize = 200;

/// The place and the prefix of a secret that is sent as it is.
#[derive(Clone, Copy, Debug)]
pub struct SecretFormat<'s> {
    /// The place.
    pub place: SignaturePlace<'s>,
    /// The string before the secret.
    pub prefix: &'s str,
}

/// Reads another value from the value at the place, which is given with the prefix of the pack.
type ReadSecret = fn(&[u8], &str) -> Option<Vec<u8>>;

/// The hypotheses about the value at its place, the likeliest first.
static ROWS: &[Hypothesis<ReadSecret>] = &[
    Hypothesis {
        code: "secret-without-prefix",
        condition: "the prefix before the secret is not required",
        evidence: "The secret was sent without its prefix.",
        fix: "send the prefix before the secret",
        apply: |value, prefix| (!prefix.is_empty()).then(|| value.to_vec()),
    },
    Hypothesis {
        code: "secret-with-prefix",
        condition: "the word before the secret is removed",
        evidence: "The secret was sent after a prefix that the provider does not send.",
        fix: "send the secret as the provider documents it, with no other prefix",
        apply: |value, _| {
            let start = value.iter().position(|byte| b" =:".contains(byte))?;
            Some(value.get(start + 1..)?.trim_ascii().to_vec())
        },
    },
    Hypothesis {
        code: "secret-percent-encoded",
        condition: "the percent-encoding of the secret is decoded",
        evidence: "The secret was percent-encoded once too often.",
        fix: "encode the secret once, and only in a query",
        apply: |value, prefix| {
            let value = value.strip_prefix(prefix.as_bytes())?;
            let decoded = percent_encoding::percent_decode(value).collect::<Vec<u8>>();
            (decoded != value).then_some(decoded)
        },
    },
];

/// The secret is in another part of the request. `{}` names it.
static OTHER_PLACE: Hypothesis<()> = Hypothesis {
    code: "secret-elsewhere",
    condition: "the secret is read from {}",
    evidence: "The secret was sent in {}, where the provider does not send it.",
    fix: "send the secret where the provider documents it",
    apply: (),
};

/// Returns the messages of the hypotheses of the scheme.
pub(super) fn texts() -> Vec<HypothesisText> {
    let rows = ROWS.iter().map(|row| row.text(HypothesisKind::Signature));
    rows.chain([OTHER_PLACE.text(HypothesisKind::Signature)]).collect()
}

impl SecretFormat<'_> {
    /// Returns the secrets that a request may contain, those at the documented place first.
    #[must_use]
    pub fn readings(
        &self,
        message: &Message,
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> Vec<Edited<Vec<u8>>> {
        let mut readings = Vec::new();
        for value in self.place.values(message).into_iter().take(MAX_VALUES) {
            let rows = ROWS.iter().filter(|row| is_wanted(row.code));
            let edited = rows.filter_map(|row| {
                let read = (row.apply)(&value, self.prefix)?;
                Some(Edited::with_edit(&[], row.edit(""), read))
            });
            let edited: Vec<_> = edited.collect();
            let secret = value.strip_prefix(self.prefix.as_bytes()).map(<[u8]>::to_vec);
            readings.extend(secret.map(Edited::unedited));
            readings.extend(edited);
        }
        if is_wanted(OTHER_PLACE.code) {
            readings.extend(self.elsewhere(message));
        }
        readings
    }

    /// Returns the other values of a request, with and without the prefix.
    fn elsewhere(&self, message: &Message) -> Vec<Edited<Vec<u8>>> {
        let mut found = Vec::new();
        let mut add = |place: SignaturePlace<'_>, value: &[u8]| {
            let edit = OTHER_PLACE.edit(&place.to_string());
            let bare = value.strip_prefix(self.prefix.as_bytes()).unwrap_or(value);
            found.push(Edited::with_edit(&[], edit.clone(), bare.to_vec()));
            if let Some((_, rest)) = str::from_utf8(value).ok().and_then(|it| it.split_once(' ')) {
                found.push(Edited::with_edit(&[], edit, rest.as_bytes().to_vec()));
            }
        };
        for (name, value) in message.headers.iter().take(MAX_VALUES) {
            let is_own = self.place.header().is_some_and(|own| own.eq_ignore_ascii_case(name));
            if !is_own {
                add(SignaturePlace::Header(&truncate_name(name)), value.trim_ascii());
            }
        }
        let query = message.target.split_once('?').map_or("", |(_, query)| query);
        for (name, value) in form_urlencoded::parse(query.as_bytes()).take(MAX_VALUES) {
            if self.place != SignaturePlace::Query(&name) {
                add(SignaturePlace::Query(&truncate_name(&name)), value.as_bytes());
            }
        }
        let body = serde_json::from_slice::<serde_json::Map<_, _>>(&message.body);
        for (name, value) in body.unwrap_or_default().iter().take(MAX_VALUES) {
            let pointer = crate::domain::pointer::join(&[name]);
            if let Some(value) = value.as_str()
                && self.place != SignaturePlace::Field(&pointer)
            {
                add(SignaturePlace::Field(&truncate_name(&pointer)), value.as_bytes());
            }
        }
        found
    }
}
