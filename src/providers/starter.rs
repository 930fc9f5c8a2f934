//! The starter pack: complete, commented, and of a fictitious provider.

use crate::protocols::schemes::KINDS;
use crate::protocols::schemes::scheme::{SchemeKind, StarterKeys};
use crate::providers::builtin;
use crate::providers::pack::FACTS_FILE;

/// The id in the starter files.
const ID: &str = "acme";

/// The name in the starter files.
const NAME: &str = "Acme";

/// The line before the keys of the signature, and the line after them.
const SIGNATURE: [&str; 2] = ["[signature]\n", "\n# How its requests are recognised"];

/// The line before the keys of the time, and the line after them.
const TIMESTAMP: [&str; 2] = ["[timestamp]\n", "\n# How a delivery is signed"];

/// The headers by which the requests of the starter files are recognised.
const HEADERS: &str = "headers = [\"X-Acme-Signature\", ";

/// Returns the files of a pack called `id`, as names and contents.
#[must_use]
pub fn files(id: &str) -> Vec<(&'static str, String)> {
    files_of_scheme(id, KINDS[0])
}

/// Returns the files of a pack called `id` that signs by this scheme.
#[must_use]
pub fn files_of_scheme(id: &str, scheme: &SchemeKind) -> Vec<(&'static str, String)> {
    let name = capitalised(id);
    let files = builtin::STARTER.iter().map(|(file, text)| {
        let text = if *file == FACTS_FILE { with_scheme(text, scheme) } else { (*text).to_owned() };
        (*file, text.replace(ID, id).replace(NAME, &name))
    });
    files.collect()
}

/// Replaces the keys that depend on the scheme.
fn with_scheme(text: &str, scheme: &SchemeKind) -> String {
    let StarterKeys { signature, timestamp, header, .. } = scheme.starter;
    let keys = format!("scheme = \"{}\"\n{signature}", scheme.name);
    let mut text = replace_between(text, SIGNATURE, &keys);
    if let Some(keys) = timestamp {
        text = replace_between(&text, TIMESTAMP, keys);
    }
    let headers = match header {
        Some(header) => format!("headers = [\"{header}\", "),
        None => "headers = [".to_owned(),
    };
    text.replacen(HEADERS, &headers, 1)
}

/// Replaces what is between two lines.
fn replace_between(text: &str, [before, after]: [&str; 2], keys: &str) -> String {
    let parts = text.split_once(before).and_then(|(start, rest)| {
        let end = rest.find(after)?;
        Some(format!("{start}{before}{keys}{}", &rest[end..]))
    });
    parts.unwrap_or_else(|| text.to_owned())
}

/// Capitalizes `acme-leads` to `Acme-Leads`, because it becomes part of header names.
fn capitalised(id: &str) -> String {
    let part = |part: &str| match part.split_at_checked(1) {
        Some((first, rest)) => format!("{}{rest}", first.to_ascii_uppercase()),
        None => String::new(),
    };
    id.split(['-', '_']).map(part).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::pack::Pack;

    #[test]
    fn the_starter_pack_is_complete_under_any_id() {
        for id in ["acme", "lead-shark", "x2"] {
            let files = files(id);
            let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let pack = Pack::read(id, &files).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(
                pack.provider.signature.header(),
                Some(&*format!("X-{}-Signature", capitalised(id)))
            );
        }
    }

    #[test]
    fn the_starter_files_have_the_keys_of_the_first_scheme() {
        let written = files("acme");
        let written: Vec<_> = written.iter().map(|(name, text)| (*name, text.as_str())).collect();
        assert_eq!(written, builtin::STARTER);
    }

    #[test]
    fn the_starter_pack_of_every_scheme_is_complete() {
        for kind in KINDS {
            let files = files_of_scheme("lead-shark", kind);
            let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let pack = Pack::read("lead-shark", &files);
            let pack = pack.unwrap_or_else(|error| panic!("{}: {error}", kind.name));
            assert_eq!(pack.provider.signature.name(), kind.name);
            assert!(files.iter().all(|(_, text)| !text.contains(NAME)), "{}", kind.name);
        }
    }

    #[test]
    fn an_id_becomes_part_of_header_names() {
        assert_eq!(capitalised("lead-shark"), "Lead-Shark");
        assert_eq!(capitalised("a__b"), "A--B");
    }
}
