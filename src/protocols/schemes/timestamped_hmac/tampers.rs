//! The defects of a signature over the time and the body, both in one header.

use crate::domain::message::Message;
use crate::protocols::schemes::mac::mac;
use crate::protocols::schemes::mutate::{
    self, Direction, outside_tolerance, replace_digest, rewrite_signature,
};
use crate::protocols::schemes::scheme::{
    Envelope, Impact, SignError, SigningContext, Tamper, TamperChange,
};

/// The defects, in the order in which they are listed.
pub(super) static TAMPERS: &[Tamper] = &[
    mutate::UPPERCASE,
    mutate::BASE64_DIGEST,
    mutate::SHA1,
    Tamper {
        name: "other-version",
        about: "the version before the signature is another one",
        change: TamperChange::AfterSigning(|signing, message| {
            rewrite_signature(signing, message, |before, digest| {
                let (start, name) = before.rsplit_once(',')?;
                let other = if name == "v1=" { "v0=" } else { "v1=" };
                Some(format!("{start},{other}{digest}"))
            });
        }),
        ..Tamper::FORGERY
    },
    Tamper {
        name: "space",
        about: "a space follows the comma in the signature header",
        change: TamperChange::AfterSigning(|signing, message| {
            rewrite_header(signing, message, |value| value.replacen(',', ", ", 1));
        }),
        impact: Impact::EncodingOnly,
        ..Tamper::FORGERY
    },
    Tamper {
        change: TamperChange::SignAgain(|signing, message| {
            sign_at_another_time(signing, message, Direction::Past)
        }),
        ..mutate::STALE
    },
    Tamper {
        applies: |scheme| scheme.limits_future(),
        change: TamperChange::SignAgain(|signing, message| {
            sign_at_another_time(signing, message, Direction::Future)
        }),
        ..mutate::FUTURE
    },
    Tamper {
        applies: |scheme| !scheme.limits_future(),
        change: TamperChange::SignAgain(|signing, message| {
            sign_at_another_time(signing, message, Direction::Future)
        }),
        impact: Impact::AcceptedByVendor,
        advice: "Reject a timestamp that is ahead of your clock by more than the tolerance: the \
                 vendor's code accepts it, so that a captured request would be valid for longer.",
        ..mutate::FUTURE
    },
    Tamper { applies: |scheme| scheme.limits_future(), ..MILLISECONDS },
    Tamper {
        applies: |scheme| !scheme.limits_future(),
        impact: Impact::AcceptedByVendor,
        ..MILLISECONDS
    },
    Tamper {
        name: "text-timestamp",
        about: "the signed timestamp is not a number",
        change: TamperChange::AfterSigning(|signing, message| {
            with_time_text(signing, message, |_| "yesterday".to_owned());
        }),
        ..Tamper::FORGERY
    },
    Tamper {
        name: "separator",
        about: "the timestamp and the body are signed without the dot between them",
        change: TamperChange::AfterSigning(|signing, message| {
            replace_digest(signing, message, |format, key, before, body| {
                mac(format.function, key, &[before.strip_suffix(b".").unwrap_or(before), body])
            });
        }),
        impact: Impact::Harmless,
        ..Tamper::FORGERY
    },
    Tamper {
        name: "body-alone",
        about: "the body is signed without the id and the timestamp",
        change: TamperChange::AfterSigning(|signing, message| {
            replace_digest(signing, message, |format, key, _, body| {
                mac(format.function, key, &[body])
            });
        }),
        ..Tamper::FORGERY
    },
    mutate::DECODED_SECRET,
    Tamper {
        name: "timestamp",
        about: "the signed timestamp is changed after signing",
        change: TamperChange::AfterSigning(|signing, message| {
            rewrite_time(signing, message, |time| Some(next_second(time)));
        }),
        ..Tamper::FORGERY
    },
    Tamper {
        name: "missing-timestamp",
        about: "the signed timestamp is missing",
        change: TamperChange::AfterSigning(|signing, message| {
            rewrite_time(signing, message, |_| None);
        }),
        ..Tamper::FORGERY
    },
];

/// A time in another unit, which is far in the future if it is read as seconds.
const MILLISECONDS: Tamper = Tamper {
    name: "milliseconds",
    about: "the signed timestamp is in milliseconds, not in seconds",
    change: TamperChange::AfterSigning(|signing, message| {
        with_time_text(signing, message, |time| format!("{time}000"));
    }),
    impact: Impact::Harmless,
    ..Tamper::FORGERY
};

/// Replaces the value of the signature header.
fn rewrite_header(
    signing: &SigningContext<'_>,
    message: &mut Message,
    rewrite: impl FnOnce(&str) -> String,
) {
    let place = signing.scheme.place();
    if let Some(value) = place.text(message) {
        place.write(&rewrite(&value), message);
    }
}

/// Replaces the part with the time, or removes it.
fn rewrite_time(
    signing: &SigningContext<'_>,
    message: &mut Message,
    rewrite: impl FnOnce(&str) -> Option<String>,
) {
    rewrite_header(signing, message, |value| {
        // The time is the first part of what the scheme signs.
        let Some((part, rest)) = value.split_once(',') else { return value.to_owned() };
        let Some((name, time)) = part.split_once('=') else { return value.to_owned() };
        match rewrite(time) {
            Some(time) => format!("{name}={time},{rest}"),
            None => rest.to_owned(),
        }
    });
}

/// Replaces the time by another text, which is then signed.
fn with_time_text(
    signing: &SigningContext<'_>,
    message: &mut Message,
    rewrite: impl FnOnce(&str) -> String,
) {
    rewrite_time(signing, message, |time| Some(rewrite(time)));
    replace_digest(signing, message, |format, key, before, body| {
        mac(format.function, key, &[before, body])
    });
}

/// Signs with a time outside the tolerance.
fn sign_at_another_time(
    signing: &SigningContext<'_>,
    message: &mut Message,
    direction: Direction,
) -> Result<(), SignError> {
    let at = outside_tolerance(signing.envelope.at, direction, signing.scheme.tolerance());
    let envelope = Envelope { at, ..signing.envelope };
    SigningContext { envelope, ..*signing }.sign_again(&message.body.clone(), message)
}

/// Returns the number after a number of seconds, or the text with another digit if it is none.
fn next_second(time: &str) -> String {
    match time.parse::<i64>() {
        Ok(seconds) => seconds.wrapping_add(1).to_string(),
        Err(_) => format!("{time}1"),
    }
}
