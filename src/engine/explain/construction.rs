//! What a digest may be made of, other than the scheme has it.

use crate::domain::message::Message;
use crate::engine::explain::signature_readings::{Function, hash, mac};
use crate::protocols::schemes::Scheme;
use crate::protocols::schemes::hypothesis::{Edited, Hypothesis, shown};

/// How many times and ids of a request are tried.
const MOST_VALUES: usize = 3;

/// A header and its value, both short enough for a sentence or a digest.
type Named = (String, String);

/// What else of a request may have gone into a digest.
#[derive(Clone, Debug, Default)]
pub(super) struct Circumstances {
    /// Times of the request as they are written in it.
    timestamps: Vec<Named>,
    /// Ids of the message.
    ids: Vec<Named>,
    /// What the scheme signs before the body, with the edits that lead to it: nothing for most.
    pub(super) before: Vec<Edited<Vec<u8>>>,
}

/// What one digest is made of besides the key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Material<'m> {
    /// What the scheme signs before the body, if that is known.
    pub(super) before: Option<&'m [u8]>,
    pub(super) body: &'m [u8],
    pub(super) around: &'m Circumstances,
}

/// Makes digests of a key and what there is beside it.
pub(super) type Make = fn(Function, &[u8], Material<'_>) -> Vec<Vec<u8>>;

impl Circumstances {
    /// What a request holds beside its body, and what of it this scheme signs.
    pub(super) fn of(scheme: &Scheme, message: &Message) -> Self {
        let named = |part: &str| {
            let headers = message.headers.iter();
            let those = headers.filter(|(name, _)| name.to_ascii_lowercase().ends_with(part));
            let texts =
                those.filter_map(|(name, value)| Some((name, std::str::from_utf8(value).ok()?)));
            texts
                .map(|(name, value)| (shown(name), value.trim().to_owned()))
                .take(MOST_VALUES)
                .collect()
        };
        let mut around =
            Self { timestamps: named("timestamp"), ids: named("id"), before: Vec::new() };
        around.before = match scheme.signed_before_body(message) {
            Some(before) => vec![Edited::received(before)],
            None => around.elsewhere(scheme),
        };
        around
    }

    /// Every id with every time.
    fn pairs(&self) -> impl Iterator<Item = (&Named, &Named)> {
        self.ids.iter().flat_map(|id| self.timestamps.iter().map(move |time| (id, time)))
    }

    /// Every pair, where they are not in the headers that the scheme has for them.
    fn elsewhere(&self, scheme: &Scheme) -> Vec<Edited<Vec<u8>>> {
        let form = |(id, time): (&Named, &Named)| {
            let edit = ELSEWHERE.edit(&format!("`{}` and `{}`", id.0, time.0));
            let before = scheme.signed_before_body_with(&id.1, &time.1)?;
            Some(Edited::then(&[], edit, before))
        };
        self.pairs().filter_map(form).collect()
    }

    /// What the scheme signs before the body, where nothing has to be assumed for it.
    pub(super) fn received(&self) -> Option<&[u8]> {
        self.before.first().filter(|form| form.edits.is_empty()).map(|form| form.value.as_slice())
    }
}

/// The codes of the explanations.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.code).chain([ELSEWHERE.code, OF_ANOTHER.code])
}

/// HMAC, as the schemes have it.
pub(super) static AS_DOCUMENTED: Make = |function, key, of| {
    of.before.map(|before| mac(function, key, &[before, of.body])).into_iter().collect()
};

/// Id and time in other headers than the scheme's. `{}` names them.
static ELSEWHERE: Hypothesis<()> = Hypothesis {
    code: "message-id-elsewhere",
    when: "id and time are taken from {}",
    evidence: "Id and time came under other names, in {}: a proxy renamed the headers, or the \
               sender has names of its own.",
    fix: "let the proxy pass the headers on as they are, or name them in the pack",
    apply: (),
};

/// The ways to make a digest that are not this provider's.
pub(super) static ROWS: &[Hypothesis<Make>] = &[
    Hypothesis {
        code: "body-alone-signed",
        when: "it is made over the body alone",
        evidence: "The signature covers the body alone; this provider signs {content}.",
        fix: "sign {content}",
        apply: |function, key, of| match of.before {
            Some([]) => Vec::new(),
            Some(_) | None => vec![mac(function, key, &[of.body])],
        },
    },
    Hypothesis {
        code: "timestamp-signed",
        when: "it is made over the timestamp, a dot and the body",
        evidence: "The signature covers `timestamp.body`, as Stripe has it; this provider signs \
                   {content}.",
        fix: "sign {content}",
        apply: |function, key, of| {
            let times = of.around.timestamps.iter();
            times.map(|(_, time)| mac(function, key, &[time.as_bytes(), b".", of.body])).collect()
        },
    },
    Hypothesis {
        code: "id-and-timestamp-signed",
        when: "it is made over the id, the timestamp and the body with dots between",
        evidence: "The signature covers `id.timestamp.body`, as Standard Webhooks has it; this \
                   provider signs {content}.",
        fix: "sign {content}",
        apply: |function, key, of| match of.before {
            Some([]) => {
                let made = |((_, id), (_, time)): (&Named, &Named)| {
                    mac(function, key, &[id.as_bytes(), b".", time.as_bytes(), b".", of.body])
                };
                of.around.pairs().map(made).collect()
            }
            Some(_) | None => Vec::new(),
        },
    },
    Hypothesis {
        code: "plain-hash",
        when: "it is a plain hash of the secret and then the body",
        evidence: "It is no HMAC: secret and body were hashed one after the other.",
        fix: "use HMAC: Node `createHmac`, Python `hmac.new`, PHP `hash_hmac`",
        apply: |function, key, of| {
            of.before.map(|before| hash(function, &[key, before, of.body])).into_iter().collect()
        },
    },
    Hypothesis {
        code: "plain-hash",
        when: "it is a plain hash of the body and then the secret",
        evidence: "It is no HMAC: body and secret were hashed one after the other.",
        fix: "use HMAC: Node `createHmac`, Python `hmac.new`, PHP `hash_hmac`",
        apply: |function, key, of| {
            of.before.map(|before| hash(function, &[before, of.body, key])).into_iter().collect()
        },
    },
    Hypothesis {
        code: "unkeyed-hash",
        when: "it is a hash of the body without any secret",
        evidence: "It is no HMAC: anyone can make it, for the secret is not in it.",
        fix: "use HMAC with the secret: Node `createHmac`, not `createHash`",
        apply: |function, _, of| {
            of.before.map(|before| hash(function, &[before, of.body])).into_iter().collect()
        },
    },
    Hypothesis {
        code: "swapped-key-and-body",
        when: "the body is taken for the key, and the secret for the message",
        evidence: "The arguments of the HMAC were given in the wrong order.",
        fix: "give them in order: PHP `hash_hmac(\"sha256\", $body, $secret)`, Python \
              `hmac.new(secret, body, hashlib.sha256)`",
        apply: |function, key, of| {
            let swapped = |before| mac(function, &[before, of.body].concat(), &[key]);
            of.before.map(swapped).into_iter().collect()
        },
    },
];

/// The digest of another request. `{}` names it.
pub(super) static OF_ANOTHER: Hypothesis<()> = Hypothesis {
    code: "signature-of-another",
    when: "it is compared with the body of {}",
    evidence: "This is the signature of {}: headers and bodies have been mixed up, or somebody sent \
               a copied signature with another body.",
    fix: "keep the headers and the body of one request together; look for a variable that is \
          shared between requests",
    apply: (),
};
