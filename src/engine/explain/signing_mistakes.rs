//! Signing mistakes: digests over other content than the scheme signs, or by another function.

use crate::domain::message::Message;
use crate::engine::explain::signed_templates::TemplateParts;
use crate::protocols::schemes::Scheme;
use crate::protocols::schemes::headers;
use crate::protocols::schemes::hypothesis::{
    Edited, Hypothesis, HypothesisKind, HypothesisText, truncate_name,
};
use crate::protocols::schemes::mac::{HashFunction, hash, mac};

/// The maximum number of timestamps, and of ids, of a request that are tried.
const MAX_VALUES: usize = 3;

/// The name and the value of a header.
type NamedValue = (String, String);

/// The parts of a request, besides the body, that may have been signed.
#[derive(Clone, Debug, Default)]
pub(super) struct SignedParts {
    /// The timestamps in its headers, as written.
    timestamps: Vec<NamedValue>,
    /// The message ids in its headers.
    ids: Vec<NamedValue>,
    /// The prefixes that the scheme signs before the body, with their edits: empty for most.
    pub(super) prefixes: Vec<Edited<Vec<u8>>>,
}

/// The input of one digest besides the key.
#[derive(Clone, Copy, Debug)]
pub(super) struct DigestInput<'m> {
    /// The prefix that the scheme signs before the body, if it is known.
    pub(super) prefix: Option<&'m [u8]>,
    /// The body, encoded as the scheme signs it.
    pub(super) body: &'m [u8],
    /// The body itself.
    pub(super) raw_body: &'m [u8],
    pub(super) parts: &'m SignedParts,
}

/// Computes the digests of one construction.
pub(super) type ComputeDigests = fn(HashFunction, &[u8], DigestInput<'_>) -> Vec<Vec<u8>>;

impl SignedParts {
    /// Collects the parts of a request that may have been signed, and the prefix of this scheme.
    pub(super) fn from_request(scheme: &Scheme, message: &Message) -> Self {
        let values_of = |suffixes: &[&str]| {
            let headers = message.headers.iter();
            let ends = |name: &str| suffixes.iter().any(|suffix| name.ends_with(suffix));
            let matching = headers.filter(|(name, _)| ends(&name.to_ascii_lowercase()));
            let values =
                matching.filter_map(|(name, value)| Some((name, std::str::from_utf8(value).ok()?)));
            values
                .map(|(name, value)| (truncate_name(name), value.trim().to_owned()))
                .take(MAX_VALUES)
                .collect()
        };
        let mut timestamps: Vec<NamedValue> = values_of(&["timestamp", "-time", "-ts"]);
        let header = scheme.header();
        let in_signature = header.and_then(|header| headers::timestamp_in_list(header, message));
        timestamps.extend(in_signature.map(|(label, time)| (label.to_owned(), time.to_owned())));
        let ids = values_of(&["id"]);
        let mut parts = Self { timestamps, ids, prefixes: Vec::new() };
        parts.prefixes = match scheme.signed_before_body(message) {
            Some(prefix) => vec![Edited::unedited(prefix)],
            None => parts.prefixes_from_pairs(scheme),
        };
        parts
    }

    /// Returns the timestamps and the ids, as the templates of signed strings need them.
    pub(super) fn template_parts(&self, message: &Message) -> TemplateParts {
        let values = |named: &[NamedValue]| -> Vec<String> {
            named.iter().map(|(_, value)| value.clone()).collect()
        };
        let (times, ids) = (values(&self.timestamps), values(&self.ids));
        TemplateParts::from_request(message, times.into_iter(), ids.into_iter())
    }

    /// Returns every combination of an id and a timestamp.
    fn id_timestamp_pairs(&self) -> impl Iterator<Item = (&NamedValue, &NamedValue)> {
        self.ids.iter().flat_map(|id| self.timestamps.iter().map(move |time| (id, time)))
    }

    /// Returns a prefix for every pair, for requests without the scheme's own headers.
    fn prefixes_from_pairs(&self, scheme: &Scheme) -> Vec<Edited<Vec<u8>>> {
        let prefix = |(id, time): (&NamedValue, &NamedValue)| {
            let edit = OTHER_HEADERS.edit(&format!("`{}` and `{}`", id.0, time.0));
            let bytes = scheme.signed_before_body_with(&id.1, &time.1)?;
            Some(Edited::with_edit(&[], edit, bytes))
        };
        self.id_timestamp_pairs().filter_map(prefix).collect()
    }

    /// Returns the prefix that the scheme signs before the body, if it needs no edit.
    pub(super) fn unedited_prefix(&self) -> Option<&[u8]> {
        self.prefixes.first().filter(|prefix| prefix.edits.is_empty()).map(|prefix| &*prefix.value)
    }
}

/// Returns the messages of the hypotheses, for the documentation.
pub(super) fn texts() -> Vec<HypothesisText> {
    let kind = HypothesisKind::SignedContent;
    let others = [&OTHER_HEADERS, &OTHER_REQUEST].map(|row| row.text(kind));
    ROWS.iter().map(|row| row.text(kind)).chain(others).collect()
}

/// The construction that the schemes document: an HMAC of the prefix and the body.
pub(super) static DOCUMENTED: ComputeDigests = |function, key, input| {
    input.prefix.map(|prefix| mac(function, key, &[prefix, input.body])).into_iter().collect()
};

/// The id and the timestamp are in other headers than the scheme's. `{}` names them.
static OTHER_HEADERS: Hypothesis<()> = Hypothesis {
    code: "message-id-elsewhere",
    condition: "the id and the timestamp are read from {}",
    evidence: "The id and the timestamp arrived in {}: a proxy renamed the headers, or the sender \
               uses custom names.",
    fix: "configure the proxy to keep the header names, or set these names in the pack",
    apply: (),
};

/// The body without the prefix that the scheme signs before it.
pub(super) const BODY_ALONE: Hypothesis<ComputeDigests> = Hypothesis {
    code: "body-alone-signed",
    condition: "only the body is signed",
    evidence: "The signature covers only the body; this provider signs {content}.",
    fix: "sign {content}",
    apply: |function, key, input| match input.prefix {
        Some([]) => Vec::new(),
        Some(_) | None => vec![mac(function, key, &[input.body])],
    },
};

/// The constructions that this provider does not document.
pub(super) static ROWS: &[Hypothesis<ComputeDigests>] = &[
    Hypothesis {
        code: "body-not-encoded",
        condition: "the body itself is signed, not its base64",
        evidence: "The signature covers the bytes of the body; this provider signs {content}.",
        fix: "encode the body in base64, with padding and without newlines, and sign that text: \
              Node `body.toString(\"base64\")`, Python `b64encode(body)`, PHP \
              `base64_encode($body)`",
        apply: |function, key, input| {
            let is_encoded = input.body != input.raw_body;
            let digest = |prefix| mac(function, key, &[prefix, input.raw_body]);
            input.prefix.filter(|_| is_encoded).map(digest).into_iter().collect()
        },
    },
    BODY_ALONE,
    Hypothesis {
        code: "timestamp-signed",
        condition: "the timestamp, a dot and the body are signed",
        evidence: "The signature covers `timestamp.body`, as with Stripe; this provider signs \
                   {content}.",
        fix: "sign {content}",
        apply: |function, key, input| {
            let times = input.parts.timestamps.iter();
            times
                .map(|(_, time)| mac(function, key, &[time.as_bytes(), b".", input.body]))
                .collect()
        },
    },
    Hypothesis {
        code: "id-and-timestamp-signed",
        condition: "the id, the timestamp and the body are signed, joined by dots",
        evidence: "The signature covers `id.timestamp.body`, as with Standard Webhooks; this \
                   provider signs {content}.",
        fix: "sign {content}",
        apply: |function, key, input| match input.prefix {
            Some([]) => {
                let digest = |((_, id), (_, time)): (&NamedValue, &NamedValue)| {
                    mac(function, key, &[id.as_bytes(), b".", time.as_bytes(), b".", input.body])
                };
                input.parts.id_timestamp_pairs().map(digest).collect()
            }
            Some(_) | None => Vec::new(),
        },
    },
    Hypothesis {
        code: "plain-hash",
        condition: "it is a plain hash of the secret followed by the body",
        evidence: "The signature is not an HMAC: the secret and the body were concatenated and \
                   hashed.",
        fix: "use HMAC: Node `createHmac`, Python `hmac.new`, PHP `hash_hmac`",
        apply: |function, key, input| {
            input
                .prefix
                .map(|prefix| hash(function, &[key, prefix, input.body]))
                .into_iter()
                .collect()
        },
    },
    Hypothesis {
        code: "plain-hash",
        condition: "it is a plain hash of the body followed by the secret",
        evidence: "The signature is not an HMAC: the body and the secret were concatenated and \
                   hashed.",
        fix: "use HMAC: Node `createHmac`, Python `hmac.new`, PHP `hash_hmac`",
        apply: |function, key, input| {
            input
                .prefix
                .map(|prefix| hash(function, &[prefix, input.body, key]))
                .into_iter()
                .collect()
        },
    },
    Hypothesis {
        code: "secret-signed",
        condition: "the secret is signed with the body, before or after it",
        evidence: "The signature covers the secret and the body: the secret is the key and also part \
                   of the signed string.",
        fix: "sign {content}, and use the secret only as the key",
        apply: |function, key, input| {
            let digests = |prefix: &[u8]| {
                [
                    mac(function, key, &[key, prefix, input.body]),
                    mac(function, key, &[prefix, input.body, key]),
                ]
            };
            input.prefix.into_iter().flat_map(digests).collect()
        },
    },
    Hypothesis {
        code: "unkeyed-hash",
        condition: "it is a hash of the body without a secret",
        evidence: "The signature is not an HMAC: it does not use the secret, so anyone can forge \
                   it.",
        fix: "use HMAC with the secret: Node `createHmac`, not `createHash`",
        apply: |function, _, input| {
            input.prefix.map(|prefix| hash(function, &[prefix, input.body])).into_iter().collect()
        },
    },
    Hypothesis {
        code: "signed-twice",
        condition: "the digest is signed once more with the same secret",
        evidence: "The MAC was computed twice: the second time over the digest of the first.",
        fix: "compute the MAC once, over {content}",
        apply: |function, key, input| {
            let first = input.prefix.map(|prefix| mac(function, key, &[prefix, input.body]));
            let second = |digest: Vec<u8>| {
                let digits = hex::encode(&digest);
                [mac(function, key, &[digits.as_bytes()]), mac(function, key, &[&digest])]
            };
            first.into_iter().flat_map(second).collect()
        },
    },
    Hypothesis {
        code: "swapped-key-and-body",
        condition: "the body is used as the key and the secret as the message",
        evidence: "The arguments of the HMAC were passed in the wrong order.",
        fix: "pass them in order: PHP `hash_hmac(\"sha256\", $body, $secret)`, Python \
              `hmac.new(secret, body, hashlib.sha256)`",
        apply: |function, key, input| {
            let swapped = |prefix| mac(function, &[prefix, input.body].concat(), &[key]);
            input.prefix.map(swapped).into_iter().collect()
        },
    },
];

/// The signature of another request. `{}` names it.
pub(super) static OTHER_REQUEST: Hypothesis<()> = Hypothesis {
    code: "signature-of-another",
    condition: "it is compared with the body of {}",
    evidence: "This is the signature of {}: headers and bodies were mixed up, or a copied \
               signature was sent with another body.",
    fix: "keep the headers and the body of one request together; look for a variable that is \
          shared between requests",
    apply: (),
};
