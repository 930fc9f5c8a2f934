//! The files of the built-in packs, as listed by `build.rs`.

/// The files of a pack, as names and contents.
pub(super) type Files = &'static [(&'static str, &'static str)];

/// One built-in pack: its id and its files by name.
pub(super) struct BuiltinFiles {
    pub(super) id: &'static str,
    pub(super) contents: Files,
}

// `PACKS`, in the order in which they are listed to users, and `STARTER`.
include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    #[test]
    fn every_file_of_a_pack_is_embedded() {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        for pack in PACKS {
            let listed: BTreeSet<_> =
                pack.contents.iter().map(|(name, _)| (*name).to_owned()).collect();
            let entries = fs::read_dir(fixtures.join(pack.id)).unwrap();
            let present: BTreeSet<_> =
                entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            assert_eq!(listed, present, "{}", pack.id);
        }
    }
}
