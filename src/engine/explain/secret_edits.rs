//! What might have happened to a secret on its way from the provider's page to the code.

use crate::protocols::schemes::digest::{ANY_BASE64, WHSEC};
use crate::protocols::schemes::hypothesis::{Hypothesis, unquoted};
use crate::protocols::schemes::scheme::DeriveKey;
use base64::Engine;

/// The rows, the likeliest first. No word of them shows a byte of the secret.
pub(super) static ROWS: &[Hypothesis<DeriveKey>] = &[
    Hypothesis {
        code: "secret-not-trimmed",
        when: "the white space around the secret is taken off",
        evidence: "The secret at hand has a newline or a space at its edge, which was copied along.",
        fix: "trim it where it is read: `printf %s` in place of `echo` when you write the file",
        apply: |secret| {
            let trimmed = secret.trim_ascii();
            (trimmed.len() < secret.len()).then(|| trimmed.to_vec())
        },
    },
    Hypothesis {
        code: "secret-with-newline",
        when: "the secret ends in a newline",
        evidence: "The signer kept the newline at the end of its secret, as a file made with `echo` \
                   has it.",
        fix: "trim the secret on the side that signs, and set it again with `printf %s`",
        apply: |secret| Some([secret, b"\n"].concat()),
    },
    Hypothesis {
        code: "secret-with-newline",
        when: "the secret ends in CR LF",
        evidence: "The signer kept the line end of Windows at the end of its secret.",
        fix: "trim the secret on the side that signs, and save its file without a line end",
        apply: |secret| Some([secret, b"\r\n"].concat()),
    },
    Hypothesis {
        code: "secret-in-quotes",
        when: "the quotes are taken off the secret",
        evidence: "The secret at hand stands in quotes, as an `.env` file has it, and they were \
                   kept: `docker --env-file` and `export $(cat .env)` do that.",
        fix: "take the quotes out of the file, or read it with a loader that takes them off",
        apply: |secret| unquoted(secret.trim_ascii()).map(<[u8]>::to_vec),
    },
    Hypothesis {
        code: "secret-signed-with-quotes",
        when: "the secret stands in double quotes",
        evidence: "The signer kept the quotes of its `.env` file as a part of the secret.",
        fix: "take the quotes out of the file on the side that signs",
        apply: |secret| Some([b"\"", secret, b"\""].concat()),
    },
    Hypothesis {
        code: "secret-signed-with-quotes",
        when: "the secret stands in single quotes",
        evidence: "The signer kept the quotes of its `.env` file as a part of the secret.",
        fix: "take the quotes out of the file on the side that signs",
        apply: |secret| Some([b"'", secret, b"'"].concat()),
    },
    Hypothesis {
        code: "secret-is-hex",
        when: "the secret is decoded from hex",
        evidence: "The secret at hand is the signer's, spelled as hex digits: one side has the text \
                   and the other the bytes.",
        fix: "decode it here if it was copied in hex; else give the text to the MAC as it is on the \
              side that signs: no `Buffer.from(secret, \"hex\")`, no `bytes.fromhex`",
        apply: |secret| hex::decode(secret).ok().filter(|key| !key.is_empty()),
    },
    Hypothesis {
        code: "secret-is-base64",
        when: "the secret is decoded from base64",
        evidence: "The secret at hand is the signer's, spelled in base64: one side has the text and \
                   the other the bytes.",
        fix: "decode it here if it was copied from where secrets are kept in base64, as Kubernetes \
              does; else give the text to the MAC as it is on the side that signs: no \
              `Buffer.from(secret, \"base64\")`, no `b64decode`",
        apply: |secret| base64_decoded(secret),
    },
    Hypothesis {
        code: "secret-with-whsec",
        when: "`whsec_` is taken off the secret",
        evidence: "The signer does not count `whsec_` as a part of the secret.",
        fix: "take the prefix off on this side",
        apply: |secret| secret.strip_prefix(WHSEC).map(<[u8]>::to_vec),
    },
    Hypothesis {
        code: "secret-with-whsec",
        when: "`whsec_` is taken off the secret and the rest is decoded from base64",
        evidence: "The signer follows Standard Webhooks: behind `whsec_` stand the bytes in base64.",
        fix: "decode what stands behind the prefix, as libraries for Standard Webhooks do",
        apply: |secret| base64_decoded(secret.strip_prefix(WHSEC)?),
    },
    Hypothesis {
        code: "secret-as-hex",
        when: "the secret is written as hex",
        evidence: "The signer wrote its secret as hex digits before it used it.",
        fix: "give the secret to the MAC as it is on the side that signs, without writing it as \
              hex",
        apply: |secret| Some(hex::encode(secret).into_bytes()),
    },
    Hypothesis {
        code: "secret-as-base64",
        when: "the secret is written as base64",
        evidence: "The signer wrote its secret as base64 before it used it.",
        fix: "give the secret to the MAC as it is on the side that signs, without writing it as \
              base64",
        apply: |secret| Some(ANY_BASE64[0].encode(secret).into_bytes()),
    },
    Hypothesis {
        code: "secret-in-lower-case",
        when: "the secret is in lower case",
        evidence: "The secret at hand has capitals that the signer's has not.",
        fix: "copy the secret again; upper and lower case count",
        apply: |secret| changed(secret, secret.to_ascii_lowercase()),
    },
    Hypothesis {
        code: "secret-in-upper-case",
        when: "the secret is in upper case",
        evidence: "The signer's secret has capitals that the one at hand has not.",
        fix: "copy the secret again; upper and lower case count",
        apply: |secret| changed(secret, secret.to_ascii_uppercase()),
    },
];

/// Whether two edits only undo each other, give or take what the spelling allows.
pub(super) fn is_round_trip(first: &str, second: &str) -> bool {
    const BACK: [(&str, &str); 3] = [
        ("secret-is-hex", "secret-as-hex"),
        ("secret-is-base64", "secret-as-base64"),
        ("secret-in-lower-case", "secret-in-upper-case"),
    ];
    BACK.iter().any(|pair| *pair == (first, second) || *pair == (second, first))
}

/// A secret that signed in place of the one at hand. `{}` says which.
pub(super) static OTHER: Hypothesis<()> = Hypothesis {
    code: "other-secret",
    when: "{} is used",
    evidence: "The two have been confused: it was signed with {}.",
    fix: "set the secret of this provider on the side that signs, or correct the one at hand",
    apply: (),
};

/// A line of the candidates that signed. `{}` says which.
pub(super) static CANDIDATE: Hypothesis<()> = Hypothesis {
    code: "candidate-secret",
    when: "the secret is the one in {}",
    evidence: "It was signed with that candidate.",
    fix: "use this secret on both sides",
    apply: (),
};

fn base64_decoded(text: &[u8]) -> Option<Vec<u8>> {
    let decoded = ANY_BASE64.iter().find_map(|engine| engine.decode(text).ok());
    decoded.filter(|bytes| !bytes.is_empty())
}

fn changed(from: &[u8], to: Vec<u8>) -> Option<Vec<u8>> {
    (from != to).then_some(to)
}
