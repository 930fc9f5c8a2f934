//! The defects of a signature that is the HMAC of the body.

use crate::protocols::schemes::mac::mac;
use crate::protocols::schemes::mutate::{self, replace_digest};
use crate::protocols::schemes::scheme::{Impact, SignedForm, Tamper, TamperChange};

/// The defects, in the order in which they are listed.
pub(super) static TAMPERS: &[Tamper] = &[
    mutate::WRONG_PREFIX,
    mutate::UPPERCASE,
    mutate::BASE64_DIGEST,
    mutate::HEX_DIGEST,
    mutate::SHA1,
    mutate::SHA256,
    Tamper {
        name: "unencoded-body",
        about: "the body itself is signed, not its base64",
        applies: |scheme| scheme.signed_form() == SignedForm::Base64OfBody,
        change: TamperChange::AfterSigning(|signing, message| {
            replace_digest(signing, message, |format, key, before, body| {
                mac(format.function, key, &[before, body])
            });
        }),
        impact: Impact::Harmless,
        ..Tamper::FORGERY
    },
    mutate::DECODED_SECRET,
];
