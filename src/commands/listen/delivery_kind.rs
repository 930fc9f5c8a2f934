//! The kinds of deliveries that `--until` counts if they were not the awaited ones.

use crate::domain::verdict::is_unchecked;
use crate::engine::judge::Judgement;

/// Describes a delivery by its provider, its event and its verdict. The names are those of the pack,
/// because the sender of a forgery chooses any others.
pub(super) fn delivery_kind(judgement: &Judgement, is_rejected: bool) -> String {
    let Judgement { verdict, pack, .. } = judgement;
    let of = match pack {
        None => "of an unknown provider".to_owned(),
        Some(pack) => {
            let event = verdict.event.as_deref().and_then(|name| pack.provider.event(name));
            let id = &pack.provider.id;
            event.map_or_else(
                || format!("{id} with an unknown event"),
                |event| format!("{id} {}", event.name),
            )
        }
    };
    let is_bad = !verdict.valid && !is_unchecked(&verdict.signature, &verdict.payload);
    match (is_rejected, is_bad) {
        (true, _) => format!("{of} (rejected)"),
        (false, true) => format!("{of} (invalid)"),
        (false, false) => of,
    }
}
