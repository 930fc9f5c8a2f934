//! Questions: signatures that a receiver with one mistake would accept. Mistakes that lead to the
//! same signature are one question.

use crate::engine::diagnosis::encodings::{ENCODINGS, FOREIGN_PREFIXES, describe_prefix};
use crate::engine::diagnosis::interview::NoClaim;
use crate::engine::diagnosis::question_body::QuestionBody;
use crate::engine::diagnosis::requests::Requests;
use crate::engine::explain::receiver_mistakes::{self, Combined, Description, Likelihood, Mistake};
use crate::protocols::schemes::digest::DigestFormat;
use crate::protocols::schemes::scheme::SignatureFormat;

/// A mistake, and how it is described.
#[derive(Clone, Debug)]
enum Finding {
    Mistake(Mistake),
    /// Two mistakes at once: with the body, and with the secret.
    Both(Mistake, Mistake),
    Described(Description),
}

/// A mistake that a receiver may make, with the signature that it would accept.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The name of the mistake, which is the same for every body.
    id: String,
    likelihood: Likelihood,
    value: String,
    finding: Finding,
}

/// A signature, and the mistakes under which it is accepted.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) value: String,
    /// `true` if the value has the form of a genuine signature.
    pub(super) is_well_formed: bool,
    candidates: Vec<Candidate>,
}

/// The fixes for the author of a receiver, by the code of the mistake: those of the hypotheses are
/// for both sides.
static RECEIVER_FIXES: &[(&str, &str)] = &[
    (
        "secret-with-newline",
        "strip the secret where your code reads it (Node `.trim()`, Python `.strip()`, PHP \
         `trim()`, Go `strings.TrimSpace`), or write its file with `printf %s` instead of `echo`",
    ),
    (
        "secret-with-space",
        "remove the space at the end of the secret of your code, or strip the secret where it is \
         read",
    ),
    (
        "secret-not-trimmed",
        "the secret that was given to `leadhook` begins or ends with whitespace, and that of your \
         code does not: write the file of `--secret-file` with `printf %s` instead of `echo`",
    ),
    (
        "secret-signed-with-quotes",
        "remove the quotes around the secret where your code reads it: `docker --env-file` and \
         `export $(cat .env)` keep those of a `.env` file",
    ),
    (
        "secret-in-quotes",
        "the secret that was given to `leadhook` is in quotes, and that of your code is not: remove \
         them",
    ),
    (
        "secret-is-hex",
        "pass the string of the secret to the MAC, without decoding it: no `Buffer.from(secret, \
         \"hex\")`, no `bytes.fromhex(secret)`",
    ),
    (
        "secret-is-base64",
        "pass the string of the secret to the MAC, without decoding it: no `Buffer.from(secret, \
         \"base64\")`, no `b64decode(secret)`",
    ),
    (
        "empty-secret",
        "set the secret of your receiver: it is empty, so that anyone can forge leads",
    ),
    (
        "unset-secret",
        "set the secret of your receiver: its variable is missing, so that anyone can forge leads",
    ),
    (
        "empty-body",
        "hash the raw body, and read it once: Express `express.raw({ type: \"*/*\" })` on this \
         route, before `express.json()`; Go `io.ReadAll` before any other reader",
    ),
    (
        "placeholder-secret",
        "replace the placeholder in your receiver by the secret: with it, anyone can forge leads",
    ),
];

/// Returns the questions about a body, the likeliest mistakes first. With `wanted`, returns only
/// those about these mistakes.
pub(super) fn questions(
    requests: &Requests<'_>,
    body: QuestionBody,
    wanted: Option<&Question>,
) -> Result<Vec<Question>, NoClaim> {
    let mut candidates = candidates(requests, body)?;
    if let Some(wanted) = wanted {
        candidates.retain(|candidate| wanted.candidates.iter().any(|own| own.id == candidate.id));
    }
    candidates.sort_by_key(|candidate| candidate.likelihood);
    let genuine = requests.genuine_signature(body)?;
    let mut questions: Vec<Question> = Vec::new();
    for candidate in candidates.into_iter().filter(|candidate| candidate.value != genuine) {
        match questions.iter_mut().find(|question| question.value == candidate.value) {
            Some(question) => question.candidates.push(candidate),
            None => questions.push(Question {
                value: candidate.value.clone(),
                is_well_formed: candidate.has_form_of(&genuine),
                candidates: vec![candidate],
            }),
        }
    }
    Ok(questions)
}

/// Returns every mistake with its signature of this body.
fn candidates(requests: &Requests<'_>, body: QuestionBody) -> Result<Vec<Candidate>, NoClaim> {
    let scheme = requests.scheme();
    let mut all = Vec::new();
    for (mistake, secret) in receiver_mistakes::secrets(scheme, requests.secret()) {
        // A scheme that decodes its secrets cannot sign with every one.
        if let Ok(value) = requests.signature_with(body, &secret) {
            all.push(Candidate::of_mistake(mistake, value));
        }
    }
    let SignatureFormat::Digest(format) = scheme.signature_format() else { return Ok(all) };
    let message = requests.genuine(body)?;
    let value = requests.genuine_signature(body)?;
    let (prefix, digits) = scheme.split_signature(&value);
    let digests = receiver_mistakes::digests(scheme, &format, requests.secret(), &message);
    all.extend(digests.into_iter().map(|(mistake, digest)| {
        Candidate::of_mistake(mistake, format!("{prefix}{}", (format.encoding.encode)(&digest)))
    }));
    let combined = receiver_mistakes::combined(scheme, &format, requests.secret(), &message);
    all.extend(combined.into_iter().map(|Combined { body, secret, digest }| Candidate {
        id: format!("{} and {}", body.id, secret.id),
        likelihood: Likelihood::Combined,
        value: format!("{prefix}{}", (format.encoding.encode)(&digest)),
        finding: Finding::Both(body, secret),
    }));
    let digest = (format.encoding.decode)(digits, format.function.digest_len()).ok_or(NoClaim)?;
    all.extend(encoded(&format, prefix, digits, &digest));
    Ok(all)
}

/// Returns the genuine digest in every other encoding, and after every other prefix.
fn encoded(format: &DigestFormat<'_>, prefix: &str, digits: &str, digest: &[u8]) -> Vec<Candidate> {
    let candidate = |id: String, value: String, description| Candidate {
        id,
        likelihood: Likelihood::Encoding,
        value,
        finding: Finding::Described(description),
    };
    let encodings = ENCODINGS.iter().zip(0..).map(|(row, number)| {
        let value = format!("{prefix}{}", (row.encode)(digest));
        candidate(format!("{}#{number}", row.code), value, row.describe(format))
    });
    // The header may have more before the prefix, such as the time, which stays.
    let before = prefix.strip_suffix(format.prefix).unwrap_or_default();
    let others = FOREIGN_PREFIXES.into_iter().chain([""]).filter(|other| *other != format.prefix);
    let prefixes = others.map(|other| {
        let value = format!("{before}{other}{digits}");
        candidate(format!("prefix {other}"), value, describe_prefix(other, format))
    });
    encodings.chain(prefixes).collect()
}

impl Candidate {
    fn of_mistake(mistake: Mistake, value: String) -> Self {
        Self {
            id: mistake.id.clone(),
            likelihood: mistake.likelihood,
            value,
            finding: Finding::Mistake(mistake),
        }
    }

    /// Returns `true` if the value has the form of this genuine signature. The mistakes only change
    /// the digest, and another hash function its length.
    fn has_form_of(&self, genuine: &str) -> bool {
        let is_digest = !matches!(self.finding, Finding::Described(_));
        is_digest && self.value.len() == genuine.len()
    }
}

impl Question {
    /// Returns `true` if several mistakes lead to this signature.
    pub(super) fn is_ambiguous(&self) -> bool {
        self.candidates.len() > 1
    }

    /// Describes the likeliest of the mistakes, for the author of the receiver; of libraries that
    /// print the body alike, all languages.
    pub(super) fn describe(&self, body: &[u8], is_token: bool) -> Option<Description> {
        match &self.candidates.first()?.finding {
            Finding::Described(description) => Some(description.clone()),
            Finding::Mistake(mistake) => mistake.describe(body, is_token).map(with_receiver_fix),
            Finding::Both(of_body, of_secret) => {
                let described = of_body.with(of_secret).describe(body, is_token)?;
                let of_body = of_body.describe(body, is_token)?;
                let of_secret = with_receiver_fix(of_secret.describe(body, is_token)?);
                let fix = format!("{}; {}", of_body.fix, of_secret.fix);
                Some(Description { fix, ..described })
            }
        }
    }
}

/// Replaces the fix of a mistake by the one for the author of the receiver, if there is one.
fn with_receiver_fix(described: Description) -> Description {
    let fix = RECEIVER_FIXES.iter().find(|(code, _)| *code == described.code);
    match fix {
        Some((_, fix)) => Description { fix: (*fix).to_owned(), ..described },
        None => described,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::explain;

    #[test]
    fn every_fix_belongs_to_a_hypothesis() {
        let codes = explain::codes();
        for (code, _) in RECEIVER_FIXES {
            assert!(codes.contains(code), "{code}");
        }
    }
}
