//! Cases in which an update empties a field of the person: an empty string unsets it.

use crate::domain::conformance::{CaseGroup, RequirementLevel};
use crate::engine::conformance::case::{Action, ConformanceCase, single_request};
use crate::engine::conformance::expect::ExpectedResponse;
use crate::engine::conformance::payload_builder::{creating_event, later_events};
use crate::engine::judge::compile_schema;
use crate::engine::payload_edit;
use crate::protocols::schema::Schema;
use crate::providers::pack::Pack;
use crate::providers::provider::{EventFacts, PersonFacts};
use serde_json::Value;

/// A detail of a person that an update can empty.
struct Detail {
    id: &'static str,
    about: &'static str,
    advice: &'static str,
    /// Returns the pointers of its fields.
    pointers: fn(&PersonFacts) -> &[String],
}

const DETAILS: &[Detail] = &[
    Detail {
        id: "unset-by-update",
        about: "an email that is an empty string",
        advice: "An empty string unsets a field: do not treat it as an address, and do not reject \
                 it.",
        pointers: |person| person.email.as_slice(),
    },
    Detail {
        id: "unset-by-update-phone",
        about: "a phone number that is an empty string",
        advice: "An empty string unsets a field: do not parse it as a number, and do not reject it.",
        pointers: |person| person.phone.as_slice(),
    },
    Detail {
        id: "unset-by-update-name",
        about: "a name that is an empty string",
        advice: "An empty string unsets a field: keep the lead without a name, and do not reject \
                 it.",
        pointers: |person| &person.name,
    },
];

/// Returns one case for each detail that the schema of the update allows to be empty.
pub(super) fn cases(pack: &Pack) -> Vec<ConformanceCase> {
    let Some(event) = later_events(pack).into_iter().next() else { return Vec::new() };
    let (Ok(schema), Ok(sample)) = (compile_schema(pack, &event.name), pack.sample(event, None))
    else {
        return Vec::new();
    };
    let details = DETAILS.iter().filter(|detail| {
        let pointers = (detail.pointers)(&pack.provider.person);
        !pointers.is_empty() && allows_empty(&schema, sample, pointers)
    });
    details.map(|detail| detail.case(event)).collect()
}

/// Returns `true` if the schema has no objection to empty strings at the pointers.
fn allows_empty(schema: &Schema, sample: &Value, pointers: &[String]) -> bool {
    let mut emptied = sample.clone();
    if !pointers.iter().all(|pointer| payload_edit::put(&mut emptied, pointer, "".into())) {
        return false;
    }
    let findings = schema.findings(&emptied);
    !findings.iter().any(|finding| pointers.contains(&finding.pointer))
}

impl Detail {
    fn case(&'static self, event: &EventFacts) -> ConformanceCase {
        ConformanceCase {
            id: self.id.to_owned(),
            group: CaseGroup::Accepts,
            level: RequirementLevel::Should,
            about: format!("`{}` with {}", event.name, self.about),
            advice: self.advice,
            source: "the provider's documentation",
            action: Action::Trial(Box::new(|context| {
                let update = later_events(context.pack).into_iter().next();
                let mut builder = context.builder(update.unwrap_or(creating_event(context.pack)));
                let pointers = (self.pointers)(&context.pack.provider.person);
                builder.values =
                    pointers.iter().map(|pointer| (pointer.clone(), "".into())).collect();
                Ok(single_request(builder.build()?, ExpectedResponse::Accepted))
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::Secret;
    use crate::engine::conformance::payload_builder::CaseContext;
    use crate::providers::Packs;
    use jiff::Timestamp;

    #[test]
    fn an_update_of_real_geeks_can_empty_each_detail() {
        let packs = Packs::builtin().unwrap();
        let secrets = [Secret::new("an-example-of-a-signing-secret-32").unwrap()];
        let pack = packs.find("realgeeks").unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let context = CaseContext {
            pack,
            secrets: &secrets,
            path: "/",
            now,
            seed: 7,
            captured: None,
            handshake_token: None,
        };
        let found: Vec<_> = cases(pack)
            .iter()
            .map(|case| {
                let Action::Trial(build) = &case.action else { panic!("{}", case.id) };
                let trial = build(&context).unwrap();
                let body: Value = serde_json::from_slice(&trial.steps[0].messages[0].body).unwrap();
                let is_empty = |name: &&str| body[*name] == "";
                let names = ["email", "phone", "first_name", "last_name"];
                (case.id.clone(), names.iter().copied().filter(is_empty).collect::<Vec<_>>())
            })
            .collect();
        let expected = [
            ("unset-by-update", vec!["email"]),
            ("unset-by-update-phone", vec!["phone"]),
            ("unset-by-update-name", vec!["first_name", "last_name"]),
        ];
        assert_eq!(found, expected.map(|(id, names)| (id.to_owned(), names)));
    }

    #[test]
    fn a_schema_that_forbids_an_empty_string_excludes_the_case() {
        let documents = [(
            "x.schema.json".to_owned(),
            serde_json::json!({"properties": {"phone": {"minLength": 1}, "name": {}}}),
        )];
        let schema = Schema::compile("x.schema.json", documents.into()).unwrap();
        let sample = serde_json::json!({"id": "1"});
        assert!(!allows_empty(&schema, &sample, &["/phone".to_owned()]));
        assert!(allows_empty(&schema, &sample, &["/name".to_owned()]));
        assert!(!allows_empty(&schema, &sample, &["/no/such/object".to_owned()]));
    }
}
