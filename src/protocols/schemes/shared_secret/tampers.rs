//! The defects of a secret that is sent as it is.

use crate::domain::message::Message;
use crate::domain::pointer;
use crate::protocols::http1;
use crate::protocols::schemes::mutate::{rewrite_signature, sign_with_key};
use crate::protocols::schemes::place::SignaturePlace;
use crate::protocols::schemes::scheme::{
    Impact, SignatureFormat, SignatureScheme, SigningContext, Tamper, TamperChange,
};

/// The default values of a defect of this scheme.
const FORGERY: Tamper = Tamper {
    advice: "Compare the secret in constant time; treat a missing, empty or repeated one as wrong.",
    ..Tamper::FORGERY
};

/// The defects, in the order in which they are listed.
pub(super) static TAMPERS: &[Tamper] = &[
    Tamper {
        name: "missing-secret",
        about: "the secret is missing",
        change: TamperChange::AfterSigning(|signing, message| {
            signing.scheme.place().remove(message);
        }),
        ..FORGERY
    },
    Tamper {
        name: "empty-secret",
        about: "the secret is empty",
        change: TamperChange::AfterSigning(|signing, message| {
            rewrite_signature(signing, message, |prefix, _| Some(prefix.trim_end().to_owned()));
        }),
        ..FORGERY
    },
    Tamper {
        name: "another-secret",
        about: "another secret is sent",
        change: TamperChange::SignAgain(|signing, message| {
            let secret = [signing.secret.expose(), b"-spoiled"].concat();
            sign_with_key(signing, message, &secret)
        }),
        ..FORGERY
    },
    Tamper {
        name: "truncated-secret",
        about: "the last character of the secret is cut off",
        change: TamperChange::AfterSigning(|signing, message| {
            rewrite_signature(signing, message, |prefix, secret| {
                let mut secret = secret.to_owned();
                secret.pop();
                Some(format!("{prefix}{secret}"))
            });
        }),
        ..FORGERY
    },
    Tamper {
        name: "repeated-secret",
        about: "the secret occurs twice, first a wrong one",
        applies: |scheme| !scheme.place().is_in_body(),
        change: TamperChange::AfterSigning(repeat_secret),
        ..FORGERY
    },
    Tamper {
        name: "secret-elsewhere",
        about: "the secret is in another place, such as the query instead of a header",
        change: TamperChange::AfterSigning(move_secret),
        impact: Impact::Harmless,
        advice: "Read the secret only from its documented place: a query ends up in logs.",
        ..FORGERY
    },
    Tamper {
        name: "no-prefix",
        about: "the prefix before the secret is missing",
        applies: |scheme| !prefix_of(scheme).is_empty(),
        change: TamperChange::AfterSigning(|signing, message| {
            rewrite_signature(signing, message, |_, secret| Some(secret.to_owned()));
        }),
        impact: Impact::Harmless,
        ..FORGERY
    },
    Tamper {
        name: "quoted-secret",
        about: "the secret is in double quotes, as in a `.env` file",
        change: TamperChange::AfterSigning(|signing, message| {
            rewrite_signature(signing, message, |prefix, secret| {
                Some(format!("{prefix}\"{secret}\""))
            });
        }),
        impact: Impact::Harmless,
        ..FORGERY
    },
];

fn prefix_of(scheme: &dyn SignatureScheme) -> &str {
    match scheme.signature_format() {
        SignatureFormat::Secret(format) => format.prefix,
        SignatureFormat::Digest(_) | SignatureFormat::Token(_) | SignatureFormat::Unsigned => "",
    }
}

/// Inserts a wrong secret before the right one.
fn repeat_secret(signing: &SigningContext<'_>, message: &mut Message) {
    let place = signing.scheme.place();
    let Some(value) = place.text(message) else { return };
    rewrite_signature(signing, message, |prefix, _| Some(format!("{prefix}another-secret")));
    match place {
        SignaturePlace::Header(name) => message.headers.push(name, value),
        SignaturePlace::Query(_) => {
            let mut second = Message { target: "/".to_owned(), ..message.clone() };
            place.write(&value, &mut second);
            let pair = second.target.trim_start_matches("/?").to_owned();
            message.target = format!("{}&{pair}", message.target);
        }
        SignaturePlace::Field(_) | SignaturePlace::Nowhere => {}
    }
}

/// Moves the secret from a header to the query, and from elsewhere to a header.
fn move_secret(signing: &SigningContext<'_>, message: &mut Message) {
    let place = signing.scheme.place();
    let Some(value) = place.text(message) else { return };
    place.remove(message);
    match place {
        SignaturePlace::Header(name) => {
            let secret = value.strip_prefix(prefix_of(signing.scheme)).unwrap_or(&value);
            SignaturePlace::Query(name).write(secret, message);
        }
        SignaturePlace::Query(name) => {
            SignaturePlace::Header(header_name(name)).write(&value, message);
        }
        SignaturePlace::Field(pointer) => {
            let name = pointer::segments(pointer).last().unwrap_or_default();
            SignaturePlace::Header(header_name(&name)).write(&value, message);
        }
        SignaturePlace::Nowhere => {}
    }
}

/// Returns the name if a header can have it.
fn header_name(name: &str) -> &str {
    if http1::is_token(name) { name } else { "X-Secret" }
}
