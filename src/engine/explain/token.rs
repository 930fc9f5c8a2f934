//! What a token may be other than the scheme has it: carried, spelled, signed or filled differently.

use crate::domain::message::Message;
use crate::domain::verdict::Explanation;
use crate::engine::explain::search::Searched;
use crate::engine::explain::secret::unquoted;
use crate::engine::explain::signature::{Function, mac};
use crate::engine::explain::transport;
use crate::protocols::json;
use crate::protocols::json::Json;
use crate::protocols::schemes::digest::{ANY_BASE64, base64_beginning};
use crate::protocols::schemes::hypothesis::{DEPTH, Edit, Form, Hypothesis};
use crate::protocols::schemes::jwt;
use crate::protocols::schemes::scheme::Key;
use crate::providers::provider::Provider;
use base64::Engine;
use jiff::Timestamp;
use serde_json::Value;

/// The longest token that is looked into: headers end at 256 KiB.
const LONGEST: usize = 256 << 10;

/// The most digests that are made for one token.
const MOST_TRIED: usize = 20_000;

/// Said of claims that cannot be the payload, and of nothing else here.
const MALFORMED: &str = "malformed-token";

/// The codes of the explanations.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    let around = AROUND.iter().map(|row| row.code);
    let claims = CLAIMS.iter().map(|row| row.code);
    let spelled = [PADDED.code, STANDARD.code, OTHER_SIZE.code, CUT.code, MALFORMED];
    around.chain(spelled).chain(claims)
}

/// Takes off what stands around a token, and says what it was.
type Strip = fn(&str) -> Option<(String, String)>;

/// What may stand around a token, or in it.
static AROUND: &[Hypothesis<Strip>] = &[
    Hypothesis {
        code: "doubled-bearer",
        when: "one `Bearer` is taken off",
        evidence: "`Bearer` stands there twice: the client adds it to a value that has it already.",
        fix: "give the client the token alone",
        apply: |text| {
            let rest = bearer(bearer(text)?)?;
            Some((rest.to_owned(), String::new()))
        },
    },
    Hypothesis {
        code: "bad-scheme",
        when: "`{}` before the token is taken off",
        evidence: "Before the token stands `{}`, where this provider has `Bearer` or nothing.",
        fix: "send the token alone, or after `Bearer `",
        apply: |text| {
            let start = text.find("eyJ").filter(|start| *start > 0 && *start <= 20)?;
            let before = text[..start].trim().trim_matches(['"', '\'']);
            let other = !before.is_empty() && bearer(text).is_none();
            other.then(|| (text[start..].to_owned(), before.to_owned()))
        },
    },
    Hypothesis {
        code: "quoted-token",
        when: "the quotes are taken off the token",
        evidence: "The token stands in quotes, as a value that was printed as JSON does.",
        fix: "send the token alone",
        apply: |text| {
            let inside = unquoted(bearer(text).unwrap_or(text).as_bytes())?;
            Some((std::str::from_utf8(inside).ok()?.to_owned(), String::new()))
        },
    },
    Hypothesis {
        code: "folded-token",
        when: "the white space is taken out of the token",
        evidence: "The token runs over several lines or has spaces in it: something broke it.",
        fix: "send it on one line",
        apply: |text| {
            let token = bearer(text).unwrap_or(text);
            let whole: String = token.chars().filter(|letter| !letter.is_whitespace()).collect();
            (whole.len() < token.len()).then_some((whole, String::new()))
        },
    },
];

/// Padding, which RFC 7515, section 2, leaves out.
static PADDED: Hypothesis<()> = Hypothesis {
    code: "padded-token",
    when: "the `=` at the ends of its parts are let pass",
    evidence: "The parts of the token keep the padding of base64, which tokens have not \
               (RFC 7515, section 2).",
    fix: "let a JWT library make it, or take the `=` off before it is signed",
    apply: (),
};

/// The alphabet of base64 that is not for addresses.
static STANDARD: Hypothesis<()> = Hypothesis {
    code: "standard-base64-token",
    when: "`+` and `/` are let pass",
    evidence: "The token is in standard base64, where tokens have `-` and `_` (RFC 7515, section 2).",
    fix: "let a JWT library make it, or encode it as base64url",
    apply: (),
};

/// Another size of HMAC. `{}` names it.
static OTHER_SIZE: Hypothesis<()> = Hypothesis {
    code: "other-hmac-size",
    when: "{} is taken for HS256",
    evidence: "The token is signed with {}; this provider signs with HS256 and nothing else.",
    fix: "sign with HS256",
    apply: (),
};

/// A token of which the end is missing. `{}` says how many letters of the signature are there.
static CUT: Hypothesis<()> = Hypothesis {
    code: "truncated-token",
    when: "the {} letters of its signature are taken for the beginning of it",
    evidence: "The letters that are there are right, and the end of the token is missing: a column, \
               a log or a header limit was too narrow.",
    fix: "keep the whole token: HS256 has 43 letters behind the second dot",
    apply: (),
};

/// Least bytes of a signature that was cut, for its beginning to count as evidence: 2⁻¹²⁸.
const LEAST: usize = 16;

/// A token of three parts whose letters could be read.
struct Token {
    header: Vec<u8>,
    /// What may have been signed: as it stands, and without padding.
    signed: Vec<String>,
    signature: Vec<u8>,
    function: Function,
    claims: Vec<u8>,
}

/// What holds, and what there is to say of the claims then.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) searched: Searched,
    pub(super) objections: Vec<Explanation>,
}

/// The token that is explained, and what its provider documents.
pub(super) struct Asked<'a> {
    pub(super) message: &'a Message,
    pub(super) at: Timestamp,
    pub(super) provider: &'a Provider,
    /// The sample payload of the event, if the request names one.
    pub(super) sample: Option<&'a Value>,
}

/// Looks for the fewest edits under which the token holds, then at its times and claims.
///
/// `keys` are those at hand, those of one edit and those of two; `candidates` of them are the
/// user's own.
pub(super) fn search(
    header: &str,
    keys: [&Vec<Form<Key>>; 3],
    candidates: usize,
    asked: &Asked<'_>,
) -> Found {
    let mut tokens: Vec<_> = texts(header, asked.message).into_iter().filter_map(token).collect();
    tokens.sort_by_key(|token| token.edits.len());
    let mut searched = Searched::default();
    for keys in keys {
        for token in &tokens {
            for key in keys {
                if token.edits.len() + key.edits.len() > DEPTH {
                    continue;
                }
                if searched.tried >= MOST_TRIED + candidates {
                    searched.cut_short = true;
                    return Found { searched, objections: Vec::new() };
                }
                searched.tried += token.value.signed.len();
                if holds(&token.value, &key.value) {
                    let edits = token.edits.iter().chain(&key.edits).cloned().collect();
                    searched.edits = Some(edits);
                    let objections = objections(&token.value, asked);
                    return Found { searched, objections };
                }
            }
        }
    }
    Found { searched, objections: Vec::new() }
}

fn holds(token: &Token, key: &[u8]) -> bool {
    let made = |signed: &String| mac(token.function, key, &[signed.as_bytes()]);
    token.signed.iter().any(|signed| made(signed).starts_with(&token.signature))
}

/// Every text that may be the token, with up to two edits.
fn texts(header: &str, message: &Message) -> Vec<Form<String>> {
    let mut texts = transport::values(header, message);
    texts.retain(|text| text.value.len() <= LONGEST);
    let mut next = 0;
    while let Some(text) = texts.get(next).cloned() {
        next += 1;
        if text.edits.len() < DEPTH {
            texts.extend(AROUND.iter().filter_map(|row| {
                let (stripped, what) = (row.apply)(&text.value)?;
                Some(Form::then(&text.edits, row.edit(&what), stripped))
            }));
        }
    }
    texts
}

fn token(Form { value: text, mut edits }: Form<String>) -> Option<Form<Token>> {
    let text = bearer(&text).unwrap_or(&text);
    let (signed, signature) = text.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.').filter(|(_, claims)| !claims.contains('.'))?;
    let decoded = |part: &str| ANY_BASE64.iter().find_map(|engine| engine.decode(part).ok());
    let letters = signature.len();
    let signature = if letters < 43 { base64_beginning(signature)? } else { decoded(signature)? };
    let (header, claims) = (decoded(header)?, decoded(claims)?);
    let (function, edit) = match signature.len() {
        32 => (Function::Sha256, None),
        48 => (Function::Sha384, Some(OTHER_SIZE.edit("HS384"))),
        64 => (Function::Sha512, Some(OTHER_SIZE.edit("HS512"))),
        LEAST..32 => (Function::Sha256, Some(CUT.edit(&letters.to_string()))),
        _ => return None,
    };
    let plain: String = signed.replace('=', "").replace('+', "-").replace('/', "_");
    let padded = text.contains('=');
    edits.extend(padded.then(|| PADDED.edit("")));
    edits.extend(text.contains(['+', '/']).then(|| STANDARD.edit("")));
    edits.extend(edit);
    let mut signed = vec![signed.to_owned()];
    signed.extend((plain != signed[0]).then_some(plain));
    let token = Token { header, signed, signature, function, claims };
    (edits.len() <= DEPTH).then_some(Form { value: token, edits })
}

/// What stands after `Bearer`.
fn bearer(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| rest.trim_start_matches(' '))
}

/// Tells in which way claims and body differ, and where.
type Compare = fn(&Compared<'_>) -> Option<String>;

/// The claims and the body of one token, and what its provider documents.
struct Compared<'c> {
    claims: &'c Json,
    body: &'c Json,
    provider: &'c Provider,
    sample: Option<&'c Value>,
}

/// What the claims, or the body, may be other than the payload as it is documented.
///
/// The same inequality has two causes: the signer put something else into the claims, or the
/// receiver kept something else of the body. Only the documented shape of a payload tells the two
/// apart, so every row that blames one side asks for it.
static CLAIMS: &[Hypothesis<Compare>] = &[
    Hypothesis {
        code: "claims-are-a-string",
        when: "",
        evidence: "The claims are one text that holds the payload: it was printed as JSON before \
                   it was given to the library, which printed it again.",
        fix: "give the library the object: `jwt.encode(payload, …)`, without `json.dumps` or \
              `JSON.stringify`",
        apply: |of| {
            let inside = json::read(of.claims.as_str()?.as_bytes()).ok()?;
            let is_payload = same(&jwt::payload(&inside, of.body), of.body);
            (is_payload && is_telling(of.body)).then(String::new)
        },
    },
    Hypothesis {
        code: "claims-are-a-part",
        when: "",
        evidence: "The claims are the `/{}` of the body alone.",
        fix: "sign the whole payload, with the name of the event in it",
        apply: |of| of.part_of_body().filter(|_| of.shape(of.body) > of.shape(of.claims)),
    },
    Hypothesis {
        code: "body-is-wrapped",
        when: "",
        evidence: "The body holds the signed payload one level down, as `/{}`: whatever received or \
                   captured it put something around it.",
        fix: "keep the body as it arrives, without an envelope around it",
        apply: |of| of.part_of_body().filter(|_| of.shape(of.claims) > of.shape(of.body)),
    },
    Hypothesis {
        code: "claims-are-wrapped",
        when: "",
        evidence: "The claims hold the payload one level down, as `/{}`.",
        fix: "make the payload itself the claims",
        apply: |of| of.part_of_claims().filter(|_| of.shape(of.body) > of.shape(of.claims)),
    },
    Hypothesis {
        code: "body-is-a-part",
        when: "",
        evidence: "The body is the `/{}` of the signed payload alone: whatever received or captured \
                   it kept that part and dropped the rest. The claims are as the provider documents \
                   them.",
        fix: "keep the whole body, such as `req.body` and not a member of it, or let `leadhook \
              listen --save` capture the request",
        apply: |of| of.part_of_claims().filter(|_| of.shape(of.claims) > of.shape(of.body)),
    },
];

impl Compared<'_> {
    /// The name of a member of the body that the claims are.
    fn part_of_body(&self) -> Option<String> {
        member(self.body, |value| same(value, &jwt::payload(self.claims, value)))
    }

    /// The name of a member of the claims that the body is.
    fn part_of_claims(&self) -> Option<String> {
        member(self.claims, |value| same(value, self.body))
    }

    /// Ranks how much a value looks like a payload of the provider: the event that it names counts
    /// more than the names it shares with the sample.
    fn shape(&self, json: &Json) -> (u8, usize) {
        let pointer = self.provider.event.pointer.as_deref();
        let name = pointer.and_then(|pointer| json.pointer(pointer)).and_then(Json::as_str);
        let event = match name {
            Some(name) if self.provider.event(name).is_some() => 2,
            Some(_) => 1,
            None => 0,
        };
        let names = self.sample.and_then(Value::as_object).into_iter().flat_map(|it| it.keys());
        (event, names.filter(|name| json.get(name).is_some()).count())
    }
}

/// The name of a member that has these properties, and says enough not to do so by coincidence.
fn member(whole: &Json, fits: impl Fn(&Json) -> bool) -> Option<String> {
    let mut members = whole.as_object()?.iter();
    let (name, _) = members.find(|(_, value)| is_telling(value) && fits(value))?;
    Some(name.to_string_lossy().chars().take(40).collect())
}

/// The least characters of names and values for the equality of two objects to count as evidence.
const LEAST_CONTENT: usize = 8;

/// Returns `true` if a value is an object that says something of its own: `null`, `true`, `{}`, a
/// string or registered claims alone are equal by coincidence.
fn is_telling(json: &Json) -> bool {
    let own = json
        .as_object()
        .unwrap_or_default()
        .iter()
        .filter(|(name, _)| !name.as_str().is_some_and(jwt::is_registered));
    let (names, values) = own.fold((0, 0), |(names, values), (name, value)| {
        (names + name.to_string_lossy().chars().count(), values + content(value))
    });
    values > 0 && names + values >= LEAST_CONTENT
}

/// The characters of the strings and numbers in a value.
fn content(json: &Json) -> usize {
    match json {
        Json::Null | Json::Bool(_) => 0,
        Json::Number(literal) => literal.len(),
        Json::Text(text) => text.to_string_lossy().chars().count(),
        Json::Array(items) => items.iter().map(content).sum(),
        Json::Object(members) => members.iter().map(|(_, value)| content(value)).sum(),
    }
}

/// Returns `true` if two values mean the same to every reader: one that repeats a name never does.
fn same(one: &Json, other: &Json) -> bool {
    json::differences(one, other).is_empty()
}

/// What is wrong with a token whose signature holds: its header, its times, or that its claims are
/// not the body.
fn objections(token: &Token, asked: &Asked<'_>) -> Vec<Explanation> {
    // Another size of HMAC is an edit, and has been said.
    let header = jwt::header_objection(&token.header);
    if let Some(objection) = header.filter(|_| token.function == Function::Sha256) {
        return vec![objection];
    }
    let Ok(claims) = json::read(&token.claims) else {
        return vec![not_claims("JSON")];
    };
    let body = &asked.message.body;
    // Claims that repeat a name are malformed, whatever else they are.
    let read = json::read(body).ok().filter(|_| json::repeated_name(&claims).is_none());
    let odd = read.and_then(|body| {
        let Asked { provider, sample, .. } = *asked;
        let compared = Compared { claims: &claims, body: &body, provider, sample };
        CLAIMS.iter().find_map(|row| Some(row.edit(&(row.apply)(&compared)?)))
    });
    match odd {
        Some(Edit { code, evidence, fix, .. }) => vec![Explanation::new(code, evidence, fix)],
        None if claims.as_object().is_none() => vec![not_claims("an object")],
        None => jwt::objection(&token.claims, body, asked.at).into_iter().collect(),
    }
}

fn not_claims(expected: &str) -> Explanation {
    let text = format!("The signature of the token holds, and its claims are not {expected}.");
    Explanation::new(MALFORMED, text, "let a JWT library make the token")
}
