//! Lookup of the signature header and of the headers that are signed with the body.

use crate::domain::message::Message;
use crate::domain::verdict::{Explanation, SignatureStatus};
use crate::protocols::hidden_value;
use crate::protocols::http1::trim_field_value;
use crate::protocols::schemes::scheme::SignatureCheck;

/// The code of the explanation for a signature that a log hides.
pub const REDACTED_CODE: &str = "redacted-signature";

/// Returns the value of the signature header, trimmed, or a failed check if it is missing or
/// repeated.
pub(super) fn signature_value<'m>(
    header: &str,
    message: &'m Message,
) -> Result<&'m [u8], SignatureCheck> {
    let mut values = message.headers.get_all(header);
    let Some(value) = values.next() else {
        return Err(SignatureCheck::failed(
            SignatureStatus::Missing,
            Explanation::new(
                "missing-signature",
                format!("The `{header}` header is missing."),
                "set a signing secret at the provider, and check that no proxy drops the header",
            ),
        ));
    };
    if values.next().is_some() {
        return Err(repeated_header(header, "repeated-signature"));
    }
    Ok(trim_field_value(value))
}

/// Returns the check of a signature that a log hides, as missing: the value says nothing about the
/// one that was sent.
///
/// It is for signatures that failed: every delivery would pay for the look at the value, and a long
/// token may contain a word of a log by coincidence.
pub(super) fn redacted_signature(header: &str, message: &Message) -> Option<SignatureCheck> {
    let mut values = message.headers.get_all(header);
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let shown = hidden_value::redacted(trim_field_value(value))?;
    let message = format!(
        "The signature is redacted: `{header}` contains `{shown}`, as logs write it to hide a \
         value, so it cannot be verified."
    );
    Some(SignatureCheck::failed(
        SignatureStatus::Missing,
        Explanation::new(
            REDACTED_CODE,
            message,
            "capture the request where it arrives, such as with `leadhook listen --save`, or allow \
             this header in the log",
        ),
    ))
}

/// The names of the time in a signature header that is a list of named parts.
const TIME_LABELS: [&str; 3] = ["t", "ts", "timestamp"];

/// The maximum number of digits of a Unix time, in nanoseconds.
const MAX_TIME_LEN: usize = 20;

/// Returns the time that a signature header carries beside the digest, as in
/// `t=1700000000,v1=…`, with its name.
#[must_use]
pub fn timestamp_in_list<'m>(
    header: &str,
    message: &'m Message,
) -> Option<(&'static str, &'m str)> {
    let value = message.headers.get_str(header)?;
    let (label, time) = value.split(',').find_map(|part| {
        let (name, time) = part.trim().split_once('=')?;
        TIME_LABELS.into_iter().find(|label| *label == name).map(|label| (label, time))
    })?;
    let is_time = !time.is_empty() && time.len() <= MAX_TIME_LEN;
    (is_time && time.bytes().all(|byte| byte.is_ascii_digit())).then_some((label, time))
}

/// Returns the value of a header that is signed with the body. `missing` is the code of the error
/// if there is no value.
pub(super) fn signed_header_value<'m>(
    header: &str,
    missing: &'static str,
    message: &'m Message,
) -> Result<&'m [u8], SignatureCheck> {
    let mut values = message.headers.get_all(header);
    match (values.next().map(trim_field_value), values.next()) {
        (Some(_), Some(_)) => Err(repeated_header(header, "repeated-header")),
        (Some(value), None) if !value.is_empty() => Ok(value),
        (Some(_) | None, _) => Err(SignatureCheck::malformed(
            missing,
            format!("The `{header}` header is missing, and the signature covers it."),
            "check that no proxy drops the header, and that it is captured",
        )),
    }
}

fn repeated_header(header: &str, code: &'static str) -> SignatureCheck {
    SignatureCheck::malformed(
        code,
        format!("`{header}` is sent more than once."),
        "send it once: receivers differ on which one they use",
    )
}
