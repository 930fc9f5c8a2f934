//! Suggestions for a name that is not known: the similar names, or else those that are available.

/// The maximum number of similar names in a suggestion.
const MAX_SIMILAR: usize = 3;

/// The maximum number of names in a suggestion if none is similar.
const MAX_LISTED: usize = 16;

/// Returns the names of `known` that are similar to `name`, or a list of `known` if none is.
#[must_use]
pub fn did_you_mean(name: &str, known: &[String]) -> String {
    similar_names(name, known).unwrap_or_else(|| match known {
        [] => "none is defined.".to_owned(),
        _ if known.len() <= MAX_LISTED => format!("available: {}.", quoted(known, ", ")),
        _ => {
            let more = known.len() - MAX_LISTED;
            format!("available: {} and {more} more.", quoted(&known[..MAX_LISTED], ", "))
        }
    })
}

/// Returns a suggestion of the names of `known` that are similar to `name`.
#[must_use]
pub fn similar_names(name: &str, known: &[String]) -> Option<String> {
    // `created` is similar to `leadpro:lead.created`, but less than to `created` itself.
    let score = |candidate: &String| {
        let last_part = candidate.rsplit([':', '.']).next().unwrap_or(candidate);
        strsim::jaro_winkler(name, candidate).max(strsim::jaro_winkler(name, last_part) - 0.09)
    };
    let mut scored: Vec<_> = known.iter().map(|candidate| (score(candidate), candidate)).collect();
    scored.retain(|(score, _)| *score > 0.75);
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    // If one name is much more similar than the others, only that one is suggested.
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    let similar: Vec<_> = scored
        .into_iter()
        .filter(|(score, _)| *score > best - 0.08)
        .map(|(_, candidate)| candidate.clone())
        .take(MAX_SIMILAR)
        .collect();
    let similar = if similar.is_empty() { with_common_part(name, known) } else { similar };
    (!similar.is_empty()).then(|| format!("did you mean {}?", quoted(&similar, " or ")))
}

/// The minimum length of a part that two names have in common.
const MIN_COMMON_PART: usize = 3;

/// The maximum length of a name that is searched for common parts.
const MAX_SEARCHED_NAME: usize = 40;

/// Returns the names that share most of `name`, such as `missing-signature` for `nosig`.
fn with_common_part(name: &str, known: &[String]) -> Vec<String> {
    let name = name.as_bytes();
    if name.len() > MAX_SEARCHED_NAME {
        return Vec::new();
    }
    // A part counts if it is more than half of the name.
    let shortest = MIN_COMMON_PART.max(name.len() / 2 + 1);
    let shares = |candidate: &&String| {
        name.windows(shortest).any(|part| {
            candidate.as_bytes().windows(shortest).any(|found| found.eq_ignore_ascii_case(part))
        })
    };
    known.iter().filter(shares).take(MAX_SIMILAR).cloned().collect()
}

/// Returns the names in backticks, separated by `between`.
#[must_use]
pub fn quoted(names: &[String], between: &str) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_similar_name_is_suggested() {
        let known: Vec<_> =
            ["created", "updated", "leadpro:lead.created"].map(str::to_owned).into();
        assert_eq!(did_you_mean("creatd", &known[..2]), "did you mean `created`?");
        assert_eq!(did_you_mean("xyz", &known[..2]), "available: `created`, `updated`.");
        assert_eq!(did_you_mean("xyz", &[]), "none is defined.");
        let tampers: Vec<_> =
            ["body", "missing-signature", "garbage", "base64"].map(str::to_owned).into();
        assert_eq!(did_you_mean("nosig", &tampers), "did you mean `missing-signature`?");
        assert_eq!(
            did_you_mean("bas-32", &tampers[..3]),
            "available: `body`, `missing-signature`, `garbage`."
        );
    }
}
