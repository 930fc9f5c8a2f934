//! The files of the built-in packs. A test compares this list with the folders.

/// One built-in pack: its id and its files by name.
pub(super) struct BuiltinFiles {
    pub(super) id: &'static str,
    pub(super) contents: &'static [(&'static str, &'static str)],
}

/// Embeds `provider.toml`, the files named, and the payload and schema of every event named.
macro_rules! pack {
    ($id:literal, files: [$($file:literal),* $(,)?], events: [$($event:literal),* $(,)?]) => {
        BuiltinFiles {
            id: $id,
            contents: &[
                ("provider.toml", include_str!(concat!("../../fixtures/", $id, "/provider.toml"))),
                $(($file, include_str!(concat!("../../fixtures/", $id, "/", $file))),)*
                $(
                    (concat!($event, ".json"), include_str!(concat!("../../fixtures/", $id, "/", $event, ".json"))),
                    (
                        concat!($event, ".schema.json"),
                        include_str!(concat!("../../fixtures/", $id, "/", $event, ".schema.json")),
                    ),
                )*
            ],
        }
    };
}

/// In the order in which they are listed to users.
pub(super) const PACKS: &[BuiltinFiles] = &[
    pack!(
        "realgeeks",
        files: [
            "activity_added.maximal.json",
            "activity_added.minimal.json",
            "activity_added.unicode.json",
            "created.bare-id.json",
            "created.maximal.json",
            "created.minimal.json",
            "created.potential-seller.json",
            "created.unicode.json",
            "definitions.schema.json",
            "updated.maximal.json",
            "updated.minimal.json",
            "updated.unicode.json",
            "updated.unset-phone.json",
            "user_updated.minimal.json",
            "user_updated.unicode.json",
        ],
        events: [
            "created",
            "updated",
            "activity_added",
            "user_updated",
            "integration_enabled",
            "integration_disabled",
        ]
    ),
    pack!(
        "leadpro",
        files: [
            "definitions.schema.json",
            "lead.created.landlord.json",
            "lead.created.let.json",
            "lead.created.maximal.json",
            "lead.created.minimal.json",
            "lead.created.mortgage-request.json",
            "lead.created.office.json",
            "lead.created.sale.json",
            "lead.created.unicode.json",
            "lead.created.vendor.json",
            "lead.updated.maximal.json",
            "lead.updated.minimal.json",
            "lead.updated.unicode.json",
        ],
        events: ["lead.created", "lead.updated"]
    ),
    pack!(
        "realtorbot",
        files: [
            "conversation.message.unicode.json",
            "definitions.schema.json",
            "lead.created.unicode.json",
        ],
        events: [
            "bot.created",
            "bot.updated",
            "bot.activated",
            "bot.deactivated",
            "conversation.started",
            "conversation.message",
            "conversation.ended",
            "lead.created",
            "lead.qualified",
            "lead.scored",
            "appointment.scheduled",
            "appointment.rescheduled",
            "appointment.cancelled",
            "appointment.completed",
            "email.received",
            "email.sent",
            "email.opened",
            "email.clicked",
            "test",
        ]
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    #[test]
    fn every_file_of_every_folder_is_embedded() {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        for pack in PACKS {
            let listed: BTreeSet<_> =
                pack.contents.iter().map(|(name, _)| (*name).to_owned()).collect();
            let entries = fs::read_dir(fixtures.join(pack.id)).unwrap();
            let there: BTreeSet<_> =
                entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            assert_eq!(listed, there, "{}", pack.id);
        }
    }
}
