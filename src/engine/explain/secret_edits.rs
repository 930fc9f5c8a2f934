//! Secret hypotheses: mistakes made when a secret is copied, stored or decoded.

use crate::protocols::schemes::digest::{
    ANY_BASE64, WHSEC_PREFIX, decode_any_base64, decode_base64_leniently,
};
use crate::protocols::schemes::hypothesis::{Hypothesis, strip_quotes};
use crate::protocols::schemes::scheme::DeriveKey;
use base64::Engine;

/// The hypotheses, the likeliest first. None of their messages reveals a byte of the secret.
pub(super) static ROWS: &[Hypothesis<DeriveKey>] = &[
    Hypothesis {
        code: "secret-not-trimmed",
        condition: "the whitespace around the secret is stripped",
        evidence: "The configured secret begins or ends with a space or a newline.",
        fix: "strip the secret where it is read, or create the file with `printf %s` instead of \
              `echo`",
        apply: |secret| {
            let trimmed = secret.trim_ascii();
            (trimmed.len() < secret.len()).then(|| trimmed.to_vec())
        },
    },
    Hypothesis {
        code: "secret-with-newline",
        condition: "the secret ends in a newline",
        evidence: "The signer did not strip the newline of its secret file (`echo` adds one).",
        fix: "strip the secret on the signing side, or create the file with `printf %s`",
        apply: |secret| Some([secret, b"\n"].concat()),
    },
    Hypothesis {
        code: "secret-with-newline",
        condition: "the secret ends in CR LF",
        evidence: "The signer did not strip the Windows newline of its secret file.",
        fix: "strip the secret on the signing side, or save its file without a final newline",
        apply: |secret| Some([secret, b"\r\n"].concat()),
    },
    Hypothesis {
        code: "secret-with-space",
        condition: "the secret ends in a space",
        evidence: "The signer's secret has a space at its end: it was pasted with one.",
        fix: "remove the space on the signing side",
        apply: |secret| Some([secret, b" "].concat()),
    },
    Hypothesis {
        code: "secret-in-quotes",
        condition: "the quotes around the secret are removed",
        evidence: "The configured secret still has the quotes of its `.env` file: \
                   `docker --env-file` and `export $(cat .env)` keep them.",
        fix: "remove the quotes from the file, or use a loader that strips them",
        apply: |secret| strip_quotes(secret.trim_ascii()).map(<[u8]>::to_vec),
    },
    Hypothesis {
        code: "secret-signed-with-quotes",
        condition: "the secret is in double quotes",
        evidence: "The signer used the quotes of its `.env` file as part of the secret.",
        fix: "remove the quotes from the file on the signing side",
        apply: |secret| Some([b"\"", secret, b"\""].concat()),
    },
    Hypothesis {
        code: "secret-signed-with-quotes",
        condition: "the secret is in single quotes",
        evidence: "The signer used the quotes of its `.env` file as part of the secret.",
        fix: "remove the quotes from the file on the signing side",
        apply: |secret| Some([b"'", secret, b"'"].concat()),
    },
    Hypothesis {
        code: "secret-is-hex",
        condition: "the secret is decoded from hex",
        evidence: "The configured secret is the hex encoding of the signer's key: one side uses \
                   the string and the other the decoded bytes.",
        fix: "decode it here if it was copied as hex; otherwise pass the string to the MAC \
              unchanged on the signing side: no `Buffer.from(secret, \"hex\")`, no `bytes.fromhex`",
        apply: |secret| hex::decode(secret).ok().filter(|key| !key.is_empty()),
    },
    Hypothesis {
        code: "secret-is-base64",
        condition: "the secret is decoded from base64",
        evidence: "The configured secret is the base64 encoding of the signer's key: one side uses \
                   the string and the other the decoded bytes.",
        fix: "decode it here if it was copied from a store that encodes secrets in base64, such as \
              Kubernetes; otherwise pass the string to the MAC unchanged on the signing side: no \
              `Buffer.from(secret, \"base64\")`, no `b64decode`",
        apply: |secret| base64_decoded(secret),
    },
    Hypothesis {
        code: "secret-is-base64",
        condition: "the secret is decoded from base64 and its other characters are skipped",
        evidence: "The signer decoded the secret from base64, although it is no base64: Node skips \
                   the characters that do not belong to it.",
        fix: "pass the string to the MAC unchanged on the signing side: no `Buffer.from(secret, \
              \"base64\")`",
        apply: |secret| {
            let decoded = decode_base64_leniently(secret);
            (decode_any_base64(secret).is_none() && !decoded.is_empty()).then_some(decoded)
        },
    },
    Hypothesis {
        code: "secret-with-whsec",
        condition: "`whsec_` is removed from the secret",
        evidence: "The signer does not treat `whsec_` as part of the secret.",
        fix: "remove the prefix on this side",
        apply: |secret| secret.strip_prefix(WHSEC_PREFIX).map(<[u8]>::to_vec),
    },
    Hypothesis {
        code: "secret-with-whsec",
        condition: "`whsec_` is removed from the secret and the rest is decoded from base64",
        evidence: "The signer follows Standard Webhooks: the key follows `whsec_` in base64.",
        fix: "decode the part after the prefix, as libraries for Standard Webhooks do",
        apply: |secret| base64_decoded(secret.strip_prefix(WHSEC_PREFIX)?),
    },
    Hypothesis {
        code: "secret-as-hex",
        condition: "the secret is encoded as hex",
        evidence: "The signer encoded its secret as hex before using it.",
        fix: "pass the secret to the MAC unchanged on the signing side, without encoding it as hex",
        apply: |secret| Some(hex::encode(secret).into_bytes()),
    },
    Hypothesis {
        code: "secret-as-base64",
        condition: "the secret is encoded as base64",
        evidence: "The signer encoded its secret as base64 before using it.",
        fix: "pass the secret to the MAC unchanged on the signing side, without encoding it as \
              base64",
        apply: |secret| Some(ANY_BASE64[0].encode(secret).into_bytes()),
    },
    Hypothesis {
        code: "secret-in-lower-case",
        condition: "the secret is in lower case",
        evidence: "The configured secret has upper case where the signer's has lower case.",
        fix: "copy the secret again: secrets are case-sensitive",
        apply: |secret| if_changed(secret, secret.to_ascii_lowercase()),
    },
    Hypothesis {
        code: "secret-in-upper-case",
        condition: "the secret is in upper case",
        evidence: "The signer's secret has upper case where the configured one has lower case.",
        fix: "copy the secret again: secrets are case-sensitive",
        apply: |secret| if_changed(secret, secret.to_ascii_uppercase()),
    },
];

/// Returns `true` if the second edit undoes the first, even if the result differs in letter case.
pub(super) fn is_round_trip(first: &str, second: &str) -> bool {
    const INVERSES: [(&str, &str); 3] = [
        ("secret-is-hex", "secret-as-hex"),
        ("secret-is-base64", "secret-as-base64"),
        ("secret-in-lower-case", "secret-in-upper-case"),
    ];
    INVERSES.iter().any(|pair| *pair == (first, second) || *pair == (second, first))
}

/// The signature was made with another configured secret. `{}` names it.
pub(super) static OTHER_SECRET: Hypothesis<()> = Hypothesis {
    code: "other-secret",
    condition: "{} is used",
    evidence: "The two secrets were confused: the request was signed with {}.",
    fix: "set this provider's secret on the signing side, or correct the configured one",
    apply: (),
};

/// The signature was made with a candidate. `{}` names its line.
pub(super) static CANDIDATE: Hypothesis<()> = Hypothesis {
    code: "candidate-secret",
    condition: "the secret is the one in {}",
    evidence: "The request was signed with that candidate.",
    fix: "use this secret on both sides",
    apply: (),
};

fn base64_decoded(text: &[u8]) -> Option<Vec<u8>> {
    decode_any_base64(text).filter(|bytes| !bytes.is_empty())
}

fn if_changed(from: &[u8], to: Vec<u8>) -> Option<Vec<u8>> {
    (from != to).then_some(to)
}
