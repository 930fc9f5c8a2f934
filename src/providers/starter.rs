//! The starter pack: complete, commented, and of a fictitious provider.

use crate::providers::builtin;

/// The id in the starter files.
const ID: &str = "acme";

/// The name in the starter files.
const NAME: &str = "Acme";

/// Returns the files of a pack called `id`, as names and contents.
#[must_use]
pub fn files(id: &str) -> Vec<(&'static str, String)> {
    let name = capitalised(id);
    let files = builtin::STARTER.iter();
    files.map(|(file, text)| (*file, text.replace(ID, id).replace(NAME, &name))).collect()
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
    fn an_id_becomes_part_of_header_names() {
        assert_eq!(capitalised("lead-shark"), "Lead-Shark");
        assert_eq!(capitalised("a__b"), "A--B");
    }
}
