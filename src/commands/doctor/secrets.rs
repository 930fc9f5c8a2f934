//! Checks of the secrets: their origins, lengths and flaws; never their contents.

use super::check_result::CheckResult;
use crate::commands::context::Context;
use crate::commands::secrets::{
    FoundSecret, GENERAL_VARIABLE, SECRET_KEYS, StdinUse, encoding_note,
};
use crate::error::Error;

/// Checks every secret that commands would use.
pub(super) fn check(context: &mut Context<'_>) -> Vec<CheckResult> {
    let ids: Vec<_> = context.packs.iter().map(|pack| pack.provider.id.clone()).collect();
    let explicit = context.find_explicit_secrets();
    if !explicit.is_empty() {
        // These take precedence over all others.
        return explicit.iter().flat_map(|found| describe(context, found, None, &ids)).collect();
    }
    let mut results = Vec::new();
    let mut covered = Vec::new();
    let general = context.general_secret(StdinUse::Skip).transpose();
    for id in &ids {
        let Some(own) = context.provider_secret(id).transpose() else { continue };
        // A general key of a file applies to every provider.
        let is_general = match (&own, &general) {
            (Ok(own), Some(Ok(general))) => own.origin == general.origin,
            (Err(own), Some(Err(general))) => {
                own.message_with_causes() == general.message_with_causes()
            }
            _ => false,
        };
        if !is_general {
            covered.push(id.clone());
            results.extend(describe(context, &own, Some(id), std::slice::from_ref(id)));
        }
    }
    let others: Vec<_> = ids.iter().filter(|id| !covered.contains(id)).cloned().collect();
    match &general {
        Some(found) => results.extend(describe(context, found, None, &others)),
        None if results.is_empty() || others.is_empty() => {}
        None => {
            let message = format!("no secret of {}", others.join(", "));
            results.push(CheckResult::note("secret", message));
        }
    }
    let unset = context.unset_secret_variables().into_iter();
    results.extend(
        unset.map(|text| CheckResult::note("secret", text).with_hint("set it, or remove the line")),
    );
    if results.is_empty() {
        let message = "none: nothing can be signed, and no signature can be verified";
        let hint = format!("pass `--secret-file FILE`, or set {GENERAL_VARIABLE}");
        results.push(CheckResult::note("secret", message).with_hint(hint));
    }
    results
}

/// Returns the origin of a secret: the option or variable, or the file or variable that a
/// configuration file names.
fn source(context: &Context<'_>, found: &FoundSecret) -> String {
    let settings = context.settings.values_in_all_profiles(&SECRET_KEYS);
    match settings.into_iter().find(|(_, setting)| setting.origin == found.origin) {
        Some((_, setting)) => format!("`{}` (named by {})", setting.text, found.origin),
        None => found.origin.to_string(),
    }
}

/// Describes a secret that is used for these providers; `owner` is the only one, if it is one.
fn describe(
    context: &Context<'_>,
    found: &Result<FoundSecret, Error>,
    owner: Option<&str>,
    ids: &[String],
) -> Vec<CheckResult> {
    let about = |result: CheckResult| match owner {
        Some(id) => result.about(id),
        None => result,
    };
    let found = match found {
        Ok(found) => found,
        Err(error) => return vec![about(CheckResult::failed("secret", error))],
    };
    let origin = &source(context, found);
    let count = found.secret.byte_count();
    let bytes = if count == 1 { "byte" } else { "bytes" };
    let user = if ids.len() == context.packs.iter().count() {
        "every provider".to_owned()
    } else {
        ids.join(", ")
    };
    let message = format!("{origin}: {count} {bytes}, for {user}");
    let mut results = vec![about(CheckResult::ok("secret", message).with_bytes(count))];
    results.extend(flaws(context, found, origin, ids).into_iter().map(about));
    if owner.is_none() {
        for id in ids {
            if let Err(error) = context.check_general_secret(id, None) {
                let withheld = CheckResult::note("secret", error.to_string()).about(id);
                results.push(CheckResult { hint: error.hint(), ..withheld });
            }
        }
    }
    results
}

/// Returns notes about a secret that may differ from the one that the provider has.
fn flaws(
    context: &Context<'_>,
    found: &FoundSecret,
    origin: &str,
    ids: &[String],
) -> Vec<CheckResult> {
    let mut notes = Vec::new();
    if let Some(encoding) = found.encoding {
        notes.push(CheckResult::note("secret", format!("{origin}: {}", encoding_note(encoding))));
    }
    let secret = &found.secret;
    if secret.ends_in_newline() {
        let message = format!("{origin} ends in a newline, which is part of the secret");
        let hint = "write it with `printf %s`, unless the provider's secret ends in one too";
        notes.push(CheckResult::note("secret", message).with_hint(hint));
    } else if secret.has_outer_whitespace() {
        let message =
            format!("{origin} begins or ends with white space, which is part of the secret");
        let hint = "remove it, unless the provider's secret has it too";
        notes.push(CheckResult::note("secret", message).with_hint(hint));
    }
    let providers = context.packs.iter().map(|pack| &pack.provider);
    let strict: Vec<_> = providers
        .filter(|provider| ids.contains(&provider.id) && provider.signature.requires_long_key())
        .map(|provider| provider.id.as_str())
        .collect();
    if secret.is_weak() && !strict.is_empty() {
        let ids = strict.join(", ");
        let message =
            format!("{origin} is shorter than the 32 bytes that RFC 7518 requires for {ids}");
        notes.push(CheckResult::note("secret", message));
    }
    notes
}
