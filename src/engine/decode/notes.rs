//! Remarks on the header of a token: algorithms, extensions and references that receivers must not
//! trust.

use crate::engine::decode::result::Note;
use crate::protocols::json;
use crate::protocols::json::Json;
use crate::protocols::schemes::mac::HashFunction;

/// The maximum number of characters of a name from the token.
const MAX_CHARACTERS: usize = 60;

/// An algorithm of RFC 7518, section 3.1, or RFC 8037.
pub(super) struct Algorithm {
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
    /// The number of bytes of a signature; 0 if it depends on the key.
    pub(super) signature_bytes: usize,
    /// The hash function of an HMAC, which a shared secret verifies.
    pub(super) hmac: Option<HashFunction>,
}

const fn hmac(
    name: &'static str,
    meaning: &'static str,
    signature_bytes: usize,
    function: HashFunction,
) -> Algorithm {
    Algorithm { name, meaning, signature_bytes, hmac: Some(function) }
}

const fn public_key(
    name: &'static str,
    meaning: &'static str,
    signature_bytes: usize,
) -> Algorithm {
    Algorithm { name, meaning, signature_bytes, hmac: None }
}

static ALGORITHMS: &[Algorithm] = &[
    hmac("HS256", "HMAC-SHA256, with a shared secret", 32, HashFunction::Sha256),
    hmac("HS384", "HMAC-SHA384, with a shared secret", 48, HashFunction::Sha384),
    hmac("HS512", "HMAC-SHA512, with a shared secret", 64, HashFunction::Sha512),
    public_key("RS256", "RSA and SHA-256, verified with a public key", 0),
    public_key("RS384", "RSA and SHA-384, verified with a public key", 0),
    public_key("RS512", "RSA and SHA-512, verified with a public key", 0),
    public_key("PS256", "RSA-PSS and SHA-256, verified with a public key", 0),
    public_key("PS384", "RSA-PSS and SHA-384, verified with a public key", 0),
    public_key("PS512", "RSA-PSS and SHA-512, verified with a public key", 0),
    public_key("ES256", "ECDSA on P-256, verified with a public key", 64),
    public_key("ES384", "ECDSA on P-384, verified with a public key", 96),
    public_key("ES512", "ECDSA on P-521, verified with a public key", 132),
    public_key("EdDSA", "Ed25519 or Ed448, verified with a public key", 0),
];

/// Returns the algorithm with this name.
pub(super) fn algorithm(name: &str) -> Option<&'static Algorithm> {
    ALGORITHMS.iter().find(|algorithm| algorithm.name == name)
}

/// Returns the remark on a header, if it applies.
type Remark = fn(&Json) -> Option<String>;

static ROWS: &[(&str, Remark)] = &[
    ("alg-missing", |header| {
        let text = "`alg` is missing: the token does not say how it is signed";
        header.get("alg").is_none().then(|| text.to_owned())
    }),
    ("alg-none", |header| {
        let name = header.get("alg")?.as_str()?;
        name.eq_ignore_ascii_case("none").then(|| {
            "`alg` is `none`: the token is not signed, and anyone can write such a token".to_owned()
        })
    }),
    ("alg-unknown", |header| {
        let value = header.get("alg")?;
        let Some(name) = value.as_str() else {
            return Some("`alg` is not a string".to_owned());
        };
        let is_known = algorithm(name).is_some() || name.eq_ignore_ascii_case("none");
        (!is_known).then(|| format!("`alg` is `{}`, which is no known algorithm", cut(name)))
    }),
    ("crit", |header| {
        let names = match header.get("crit")? {
            Json::Array(names) => names.iter().filter_map(Json::as_str).take(4).map(cut),
            _ => return Some("`crit` is not an array of names".to_owned()),
        };
        let names = names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        Some(format!(
            "`crit` requires that the receiver understands {names}: others must reject the token \
             (RFC 7515, section 4.1.11)"
        ))
    }),
    ("zip", |header| {
        let name = header.get("zip")?.as_str().map_or_else(|| "not a string".to_owned(), cut);
        Some(format!(
            "`zip` is `{name}`: the claims are compressed, which most libraries do not support in \
             a signed token"
        ))
    }),
    ("b64", |header| {
        header.get("b64").map(|_| {
            "`b64` is set: libraries differ on the bytes that are signed (RFC 7797)".to_owned()
        })
    }),
    ("typ", |header| {
        let typ = header.get("typ")?;
        let name = typ.as_str().map_or_else(|| "not a string".to_owned(), cut);
        let is_usual = ["jwt", "at+jwt", "jose"].contains(&name.to_ascii_lowercase().as_str());
        (!is_usual).then(|| format!("`typ` is `{name}`, expected `JWT`"))
    }),
    ("key-in-token", |header| {
        let names = ["jwk", "jku", "x5u", "x5c"].into_iter();
        let name = names.into_iter().find(|name| header.get(name).is_some())?;
        Some(format!(
            "`{name}` names a key in the token itself: a receiver must not trust it, because \
             anyone can write it"
        ))
    }),
];

/// Returns the remarks on the header of a token.
pub(super) fn of_header(header: &Json) -> Vec<Note> {
    ROWS.iter().filter_map(|(code, remark)| Some(Note::new(code, remark(header)?))).collect()
}

/// Returns a remark if a name is repeated in a part of a token.
pub(super) fn of_repeated_names(part: &str, json: &Json) -> Option<Note> {
    let pointer = json::first_duplicate_key(json)?;
    let message = format!(
        "`{}` occurs more than once in the {part}: receivers differ on which value they use",
        cut(&pointer)
    );
    Some(Note::new("repeated-name", message))
}

/// Cuts a string from the token so that it fits into a sentence.
pub(super) fn cut(text: &str) -> String {
    text.chars().take(MAX_CHARACTERS).collect()
}
