//! What a signature may be other than the scheme has it: spelled, digested or made up differently.

use crate::engine::explain::hypothesis::Form;
use crate::engine::explain::hypothesis::Hypothesis;
use crate::engine::explain::secret::BASE64;
use crate::engine::explain::secret::unquoted;
use base64::Engine;
use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use sha1::Sha1;
use sha2::Digest;
use sha2::Sha256;
use sha2::Sha384;
use sha2::Sha512;

/// A digest to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    /// The digest, or its beginning.
    pub(super) bytes: Vec<u8>,
    /// Which function makes digests of this length.
    pub(super) function: Function,
}

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// Least bytes of a digest that was cut, for its beginning to count as evidence: 2⁻¹²⁸.
const LEAST: usize = 16;

/// The functions, with the length of their digests in bytes.
const FUNCTIONS: [(Function, usize, &str); 4] = [
    (Function::Sha1, 20, "SHA-1"),
    (Function::Sha256, 32, "SHA-256"),
    (Function::Sha384, 48, "SHA-384"),
    (Function::Sha512, 64, "SHA-512"),
];

/// The codes of the explanations.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    let around = AROUND.iter().map(|row| row.code);
    let spellings = SPELLINGS.iter().map(|row| row.code);
    let constructions = CONSTRUCTIONS.iter().map(|row| row.code);
    let others = [OTHER_FUNCTION.code, CUT.code, OF_ANOTHER.code];
    around.chain(spellings).chain(constructions).chain(others)
}

/// Takes off what stands around the digits, and says what it was.
type Strip = fn(&str) -> Option<(String, String)>;

/// What may stand around a signature.
static AROUND: &[Hypothesis<Strip>] = &[
    Hypothesis {
        code: "folded-signature",
        when: "the header is unfolded",
        evidence: "The value of the header runs over several lines: the signer broke it as \
                   `base64` of a shell and MIME libraries do, or a proxy folded it.",
        fix: "send it on one line (RFC 9112, section 5.2); `base64 -w0` in a shell",
        apply: |text| {
            let whole: String =
                text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
            text.contains(['\r', '\n']).then_some((whole, String::new()))
        },
    },
    Hypothesis {
        code: "white-space-in-signature",
        when: "the white space is taken out of the signature",
        evidence: "White space stands in the signature.",
        fix: "send the digits alone",
        apply: |text| {
            let whole: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
            (whole.len() < text.len()).then_some((whole, String::new()))
        },
    },
    Hypothesis {
        code: "quoted-signature",
        when: "the quotes are taken off the signature",
        evidence: "The signature stands in quotes, as a value that was printed as JSON does.",
        fix: "send the digits alone",
        apply: |text| {
            let inside = std::str::from_utf8(unquoted(text.as_bytes())?).ok()?;
            Some((inside.to_owned(), String::new()))
        },
    },
    Hypothesis {
        code: "prefixed-signature",
        when: "`{}` is taken off the signature",
        evidence: "The digest stands behind `{}`, as other senders have it; this one sends the \
                   digits alone.",
        fix: "send the 64 hex digits alone",
        apply: prefixed,
    },
];

/// Reads digits in one spelling.
type Decode = fn(&str) -> Option<Vec<u8>>;

/// The spellings of a digest other than hex.
static SPELLINGS: &[Hypothesis<Decode>] = &[
    Hypothesis {
        code: "base64-signature",
        when: "the signature is read as base64",
        evidence: "The digest is spelled in base64 where this provider has hex.",
        fix: "print it in hex: Node `.digest(\"hex\")`, Python `.hexdigest()`, PHP `hash_hmac` \
              without its last argument",
        apply: |text| (!is_hex(text)).then(|| BASE64[0].decode(text).ok())?,
    },
    Hypothesis {
        code: "base64url-signature",
        when: "the signature is read as base64url",
        evidence: "The digest is spelled in base64url where this provider has hex.",
        fix: "print it in hex: Node `.digest(\"hex\")`, Python `.hexdigest()`",
        apply: |text| (!is_hex(text)).then(|| BASE64[1].decode(text).ok())?,
    },
    Hypothesis {
        code: "base64-of-hex",
        when: "the signature is read as the base64 of its hex digits",
        evidence: "The hex digits were encoded once more, in base64.",
        fix: "send the hex digits as they are",
        apply: |text| hex::decode(BASE64[0].decode(text).ok()?).ok(),
    },
];

/// The digest of another function. `{}` names it.
static OTHER_FUNCTION: Hypothesis<()> = Hypothesis {
    code: "other-digest",
    when: "it is a digest of {}",
    evidence: "The digest has the length of {}; this provider uses SHA-256.",
    fix: "use SHA-256",
    apply: (),
};

/// A digest of which the end is missing. `{}` says how many digits are there.
static CUT: Hypothesis<()> = Hypothesis {
    code: "truncated-signature",
    when: "the first {} hex digits are taken for the beginning of it",
    evidence: "The digits that are there are right, and the rest of them is missing: a column or a \
               log was too narrow.",
    fix: "keep all 64 of them",
    apply: (),
};

/// Every way to read `text` as a digest, with up to two edits each.
pub(super) fn readings(found: &Form<String>) -> Vec<Form<Given>> {
    let mut readings = Vec::new();
    let mut texts = vec![found.clone()];
    texts.extend(AROUND.iter().filter_map(|row| {
        let (text, what) = (row.apply)(&found.value)?;
        Some(Form::then(&found.edits, row.edit(&what), text))
    }));
    for Form { value: text, edits } in texts {
        if let Some(bytes) = hex_digits(&text) {
            readings.extend(as_digest(Form { value: bytes, edits: edits.clone() }));
        }
        for row in SPELLINGS {
            if let Some(bytes) = (row.apply)(&text) {
                readings.extend(as_digest(Form::then(&edits, row.edit(""), bytes)));
            }
        }
    }
    readings
}

/// What function made it, by its length, and what was cut if it is the beginning of one.
fn as_digest(Form { value: bytes, edits }: Form<Vec<u8>>) -> Vec<Form<Given>> {
    let mut readings = Vec::new();
    let given = |function| Given { bytes: bytes.clone(), function };
    for (function, _, name) in FUNCTIONS.into_iter().filter(|row| row.1 == bytes.len()) {
        readings.push(if function == Function::Sha256 {
            Form { value: given(function), edits: edits.clone() }
        } else {
            Form::then(&edits, OTHER_FUNCTION.edit(name), given(function))
        });
    }
    if (LEAST..32).contains(&bytes.len()) {
        let edit = CUT.edit(&(2 * bytes.len()).to_string());
        readings.push(Form::then(&edits, edit, given(Function::Sha256)));
    }
    readings
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The bytes of hex digits; where the end is missing, of an odd number of them, all but the last.
fn hex_digits(text: &str) -> Option<Vec<u8>> {
    let even = if text.len() < 64 { text.len() & !1 } else { text.len() };
    if is_hex(text) { hex::decode(&text[..even]).ok() } else { None }
}

/// What stands before a run of hex digits of a digest's length, or before the first of the
/// separators that no digest has.
fn prefixed(text: &str) -> Option<(String, String)> {
    let digits = text.bytes().rev().take_while(u8::is_ascii_hexdigit).count();
    let is_length = |length: usize| FUNCTIONS.iter().any(|(_, bytes, _)| 2 * bytes == length);
    // `+` and `/` are letters of base64, `=` is one at its end alone.
    let separator = text.find([',', ':', ' ']).or_else(|| text.find('='));
    let start = if is_length(digits) { text.len() - digits } else { separator? + 1 };
    let (prefix, rest) = (text.get(..start)?, text.get(start..)?);
    let worth = !prefix.is_empty() && prefix.len() <= 40 && !rest.is_empty();
    worth.then(|| (rest.to_owned(), prefix.to_owned()))
}

/// What a digest may be made of besides the key and the body.
#[derive(Clone, Debug, Default)]
pub(super) struct Circumstances {
    /// Times of the request as they are written in it.
    pub(super) timestamps: Vec<String>,
    /// Ids of the message.
    pub(super) ids: Vec<String>,
}

/// Makes digests of a key and a body.
pub(super) type Make = fn(Function, &[u8], &[u8], &Circumstances) -> Vec<Vec<u8>>;

/// HMAC, as the schemes have it.
pub(super) static AS_DOCUMENTED: Make = |function, key, body, _| vec![mac(function, key, &[body])];

/// The ways to make a digest that are not this provider's.
pub(super) static CONSTRUCTIONS: &[Hypothesis<Make>] = &[
    Hypothesis {
        code: "timestamp-signed",
        when: "it is made over the timestamp, a dot and the body",
        evidence: "The signature covers `timestamp.body`, as Stripe has it; this provider signs \
                   the body alone.",
        fix: "sign the body alone",
        apply: |function, key, body, around| {
            let times = around.timestamps.iter();
            times.map(|time| mac(function, key, &[time.as_bytes(), b".", body])).collect()
        },
    },
    Hypothesis {
        code: "id-and-timestamp-signed",
        when: "it is made over the id, the timestamp and the body with dots between",
        evidence: "The signature covers `id.timestamp.body`, as Standard Webhooks has it; this \
                   provider signs the body alone.",
        fix: "sign the body alone",
        apply: |function, key, body, around| {
            let pairs = around.ids.iter().flat_map(|id| {
                around.timestamps.iter().map(move |time| (id.as_bytes(), time.as_bytes()))
            });
            pairs.map(|(id, time)| mac(function, key, &[id, b".", time, b".", body])).collect()
        },
    },
    Hypothesis {
        code: "plain-hash",
        when: "it is a plain hash of the secret and then the body",
        evidence: "It is no HMAC: secret and body were hashed one after the other.",
        fix: "use HMAC: Node `createHmac`, Python `hmac.new`, PHP `hash_hmac`",
        apply: |function, key, body, _| vec![hash(function, &[key, body])],
    },
    Hypothesis {
        code: "plain-hash",
        when: "it is a plain hash of the body and then the secret",
        evidence: "It is no HMAC: body and secret were hashed one after the other.",
        fix: "use HMAC: Node `createHmac`, Python `hmac.new`, PHP `hash_hmac`",
        apply: |function, key, body, _| vec![hash(function, &[body, key])],
    },
    Hypothesis {
        code: "unkeyed-hash",
        when: "it is a hash of the body without any secret",
        evidence: "It is no HMAC: anyone can make it, for the secret is not in it.",
        fix: "use HMAC with the secret: Node `createHmac`, not `createHash`",
        apply: |function, _, body, _| vec![hash(function, &[body])],
    },
    Hypothesis {
        code: "swapped-key-and-body",
        when: "the body is taken for the key, and the secret for the message",
        evidence: "The arguments of the HMAC were given in the wrong order.",
        fix: "give them in order: PHP `hash_hmac(\"sha256\", $body, $secret)`, Python \
              `hmac.new(secret, body, hashlib.sha256)`",
        apply: |function, key, body, _| vec![mac(function, body, &[key])],
    },
];

/// The digest of another request. `{}` names it.
pub(super) static OF_ANOTHER: Hypothesis<()> = Hypothesis {
    code: "signature-of-another",
    when: "it is compared with the body of {}",
    evidence: "This is the signature of {}: headers and bodies have been mixed up.",
    fix: "keep the headers and the body of one request together; look for a variable that is \
          shared between requests",
    apply: (),
};

impl Given {
    /// Whether this digest of that function is the one, or begins like it where it was cut.
    pub(super) fn is(&self, function: Function, digest: &[u8]) -> bool {
        self.function == function && digest.starts_with(&self.bytes)
    }
}

/// HMAC (RFC 2104) of the parts, one after the other.
pub(super) fn mac(function: Function, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    fn of<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else { return Vec::new() };
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().to_vec()
    }
    match function {
        Function::Sha1 => of::<Hmac<Sha1>>(key, parts),
        Function::Sha256 => of::<Hmac<Sha256>>(key, parts),
        Function::Sha384 => of::<Hmac<Sha384>>(key, parts),
        Function::Sha512 => of::<Hmac<Sha512>>(key, parts),
    }
}

fn hash(function: Function, parts: &[&[u8]]) -> Vec<u8> {
    fn of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
        let mut digest = D::new();
        for part in parts {
            digest.update(part);
        }
        digest.finalize().to_vec()
    }
    match function {
        Function::Sha1 => of::<Sha1>(parts),
        Function::Sha256 => of::<Sha256>(parts),
        Function::Sha384 => of::<Sha384>(parts),
        Function::Sha512 => of::<Sha512>(parts),
    }
}
