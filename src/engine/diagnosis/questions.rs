//! Questions: signatures that a receiver with one mistake would accept. Mistakes that lead to the
//! same signature are one question.

use crate::engine::diagnosis::encodings::{ENCODINGS, FOREIGN_PREFIXES, describe_prefix};
use crate::engine::diagnosis::interview::NoClaim;
use crate::engine::diagnosis::question_body::QuestionBody;
use crate::engine::diagnosis::requests::Requests;
use crate::engine::explain::receiver_mistakes::{self, Description, Likelihood, Mistake};
use crate::protocols::schemes::digest::DigestFormat;
use crate::protocols::schemes::scheme::SignatureFormat;

/// A mistake, and how it is described.
#[derive(Clone, Debug)]
enum Finding {
    Mistake(Mistake),
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
    candidates: Vec<Candidate>,
}

/// The fixes for a receiver that uses another spelling of the secret, by the code of the mistake.
static SECRET_FIXES: &[(&str, &str)] = &[
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
            None => questions
                .push(Question { value: candidate.value.clone(), candidates: vec![candidate] }),
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
    let digest = (format.encoding.decode)(digits).ok_or(NoClaim)?;
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
    let others = FOREIGN_PREFIXES.into_iter().chain([""]).filter(|other| *other != prefix);
    let prefixes = others.map(|other| {
        let value = format!("{other}{digits}");
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
}

impl Question {
    /// Returns `true` if several mistakes lead to this signature.
    pub(super) fn is_ambiguous(&self) -> bool {
        self.candidates.len() > 1
    }

    /// Describes the likeliest of the mistakes, for the author of the receiver; of libraries that
    /// print the body alike, all languages.
    pub(super) fn describe(&self, body: &[u8], is_token: bool) -> Option<Description> {
        let described = match &self.candidates.first()?.finding {
            Finding::Described(description) => description.clone(),
            Finding::Mistake(mistake) => mistake.describe(body, is_token)?,
        };
        let fix = SECRET_FIXES.iter().find(|(code, _)| *code == described.code);
        Some(match fix {
            Some((_, fix)) => Description { fix: (*fix).to_owned(), ..described },
            None => described,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::explain;

    #[test]
    fn every_fix_belongs_to_a_hypothesis_about_the_secret() {
        let codes = explain::codes();
        for (code, _) in SECRET_FIXES {
            assert!(codes.contains(code), "{code}");
        }
    }
}
