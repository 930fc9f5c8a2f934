//! Lists of deliberate defects (tampers): those of every signature scheme, and those of one.

use crate::domain::message::Message;
use crate::domain::verdict::Proof;
use crate::protocols::schemes::mutate::{
    rewrite_signature, sign_another_body, sign_with_key, with_one_byte_changed,
};
use crate::protocols::schemes::scheme::{SigningContext, Tamper, TamperChange};
use crate::protocols::schemes::{KINDS, Scheme};
use std::collections::VecDeque;

/// The default values of a defect of a signature.
const FORGERY: Tamper =
    Tamper { applies: |scheme| scheme.proof() == Proof::Signature, ..Tamper::FORGERY };

/// The defects that a delivery of any scheme with a signature can have, in the order in which they
/// are listed.
static COMMON_TAMPERS: &[Tamper] = &[
    Tamper {
        name: "body",
        about: "one character of the body is changed after signing",
        change: TamperChange::AfterSigning(|_, message| {
            message.body = with_one_byte_changed(message);
        }),
        ..FORGERY
    },
    Tamper {
        name: "missing-signature",
        about: "the signature header is missing",
        change: TamperChange::AfterSigning(|signing, message| {
            signing.scheme.place().remove(message);
        }),
        ..FORGERY
    },
    Tamper {
        name: "empty",
        about: "the signature header is empty",
        change: TamperChange::AfterSigning(|signing, message| {
            signing.scheme.place().write("", message);
        }),
        ..FORGERY
    },
    Tamper {
        name: "wrong-secret",
        about: "signed with another secret",
        change: TamperChange::SignAgain(|signing, message| {
            let secret = [signing.secret.expose(), b"-spoiled"].concat();
            sign_with_key(signing, message, &secret)
        }),
        ..FORGERY
    },
    Tamper {
        name: "other-body",
        about: "the signature belongs to another body",
        change: TamperChange::SignAgain(sign_another_body),
        ..FORGERY
    },
    Tamper {
        name: "garbage",
        about: "the signature header contains garbage",
        change: TamperChange::AfterSigning(|signing, message| {
            signing.scheme.place().write("not a signature, not even hex", message);
        }),
        ..FORGERY
    },
    Tamper {
        name: "twice",
        about: "the signature header occurs twice, once with an invalid signature",
        change: TamperChange::AfterSigning(repeat_signature),
        ..FORGERY
    },
    Tamper {
        name: "truncated",
        about: "the last half of the signature is cut off",
        change: TamperChange::AfterSigning(truncate_signature),
        ..FORGERY
    },
];

/// Keeps the first half of the digest.
fn truncate_signature(signing: &SigningContext<'_>, message: &mut Message) {
    rewrite_signature(signing, message, |prefix, digest| {
        Some(format!("{prefix}{}", &digest[..digest.len() - digest.len() / 2]))
    });
}

/// Inserts an invalid signature header before the valid one.
fn repeat_signature(signing: &SigningContext<'_>, message: &mut Message) {
    let Some(header) = signing.scheme.header() else { return };
    let Some(value) = message.headers.get_str(header).map(str::to_owned) else { return };
    truncate_signature(signing, message);
    message.headers.push(header.to_owned(), value);
}

/// Returns every defect that a delivery of this scheme can have.
pub fn for_scheme(scheme: &Scheme) -> impl Iterator<Item = &'static Tamper> {
    COMMON_TAMPERS.iter().chain(scheme.kind().tampers).filter(|tamper| (tamper.applies)(&**scheme))
}

/// Returns the defect called `name`, if a delivery of this scheme can have it.
#[must_use]
pub fn find(scheme: &Scheme, name: &str) -> Option<&'static Tamper> {
    for_scheme(scheme).find(|tamper| tamper.name == name)
}

/// Returns one defect of every name, across all schemes.
///
/// The lists of the schemes are merged so that each keeps its order (a topological sort): a defect
/// that two schemes share comes after the defects that precede it in either.
#[must_use]
pub fn all() -> Vec<&'static Tamper> {
    let mut lists: Vec<VecDeque<_>> =
        KINDS.iter().map(|kind| kind.tampers.iter().collect()).collect();
    let mut merged: Vec<_> = COMMON_TAMPERS.iter().collect();
    loop {
        let heads = lists.iter().filter_map(|list| list.front().copied());
        // A defect is blocked while another list still has defects before it.
        let is_blocked = |name: &str| {
            lists.iter().any(|list| {
                // A list may begin with two rows of one name, for different keys of a pack.
                let mut rest = list.iter().skip_while(|tamper: &&&Tamper| tamper.name == name);
                rest.any(|tamper| tamper.name == name)
            })
        };
        let heads: Vec<&'static Tamper> = heads.collect();
        // If two lists contradict each other, the first head breaks the cycle.
        let unblocked = heads.iter().find(|tamper| !is_blocked(tamper.name)).or(heads.first());
        let Some(next) = unblocked.copied() else { return merged };
        merged.push(next);
        for list in &mut lists {
            list.retain(|tamper| tamper.name != next.name);
        }
    }
}

#[cfg(test)]
mod tests;
