//! The defects of Standard Webhooks, whose id and time are signed with the body.

use crate::domain::message::Message;
use crate::protocols::schemes::mutate::{
    self, Direction, change_signed_header, drop_signed_header, rewrite_signature,
    sign_at_another_time, sign_with_key,
};
use crate::protocols::schemes::scheme::{
    EnvelopePart, SignError, SigningContext, Tamper, TamperChange,
};
use crate::protocols::schemes::standard_webhooks::signing::signature;

/// The defects, in the order in which they are listed.
pub(super) static TAMPERS: &[Tamper] = &[
    mutate::WRONG_PREFIX,
    mutate::HEX_DIGEST,
    Tamper {
        name: "other-version",
        about: "the version before the signature is another one",
        change: TamperChange::AfterSigning(|signing, message| {
            rewrite_signature(signing, message, |_, digest| Some(format!("v2,{digest}")));
        }),
        ..Tamper::FORGERY
    },
    Tamper {
        change: TamperChange::SignAgain(|signing, message| {
            sign_at_another_time(signing, message, Direction::Past)
        }),
        ..mutate::STALE
    },
    Tamper {
        change: TamperChange::SignAgain(|signing, message| {
            sign_at_another_time(signing, message, Direction::Future)
        }),
        ..mutate::FUTURE
    },
    Tamper {
        name: "body-alone",
        about: "the body is signed without the id and the timestamp",
        change: TamperChange::SignAgain(sign_body_alone),
        ..Tamper::FORGERY
    },
    Tamper {
        name: "undecoded-secret",
        about: "signed with the string of the secret, not with the key that it encodes",
        change: TamperChange::SignAgain(|signing, message| {
            sign_with_key(signing, message, signing.secret.expose())
        }),
        ..Tamper::FORGERY
    },
    Tamper {
        name: "message-id",
        about: "the signed message id is changed after signing",
        change: TamperChange::AfterSigning(|signing, message| {
            change_signed_header(signing, message, EnvelopePart::MessageId);
        }),
        ..Tamper::FORGERY
    },
    Tamper {
        name: "timestamp",
        about: "the signed timestamp is changed after signing",
        change: TamperChange::AfterSigning(|signing, message| {
            change_signed_header(signing, message, EnvelopePart::Timestamp);
        }),
        ..Tamper::FORGERY
    },
    Tamper {
        name: "missing-message-id",
        about: "the header with the signed message id is missing",
        change: TamperChange::AfterSigning(|signing, message| {
            drop_signed_header(signing, message, EnvelopePart::MessageId);
        }),
        ..Tamper::FORGERY
    },
    Tamper {
        name: "missing-timestamp",
        about: "the signed timestamp is missing",
        change: TamperChange::AfterSigning(|signing, message| {
            drop_signed_header(signing, message, EnvelopePart::Timestamp);
        }),
        ..Tamper::FORGERY
    },
];

fn sign_body_alone(signing: &SigningContext<'_>, message: &mut Message) -> Result<(), SignError> {
    let value = signature(signing.secret, &[&message.body])?;
    signing.scheme.place().write(&value, message);
    Ok(())
}
