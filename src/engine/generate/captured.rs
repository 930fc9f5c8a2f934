//! Payloads from captured bodies: the bytes that the sender printed, with the identity of another
//! lead.

use crate::engine::generate::sent_values::sent_values;
use crate::engine::generate::vary::{self, Rules};
use crate::protocols::json;
use crate::protocols::json_text::JsonText;
use crate::providers::pack::Pack;
use crate::providers::provider::{EventFacts, Provider};
use jiff::Timestamp;
use serde_json::Value;

/// The minimum length of an identifying value that is replaced within other strings as well. A
/// shorter one can be a part of any text.
const MIN_REPEATED: usize = 8;

/// The maximum number of identifying values of a body.
const MAX_IDENTITIES: usize = 100;

/// The body of a captured delivery: a JSON object, as it was printed.
#[derive(Clone, Debug)]
pub struct CapturedBody(JsonText);

impl CapturedBody {
    /// Reads a body, or returns `None` if it is not a JSON object.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        let is_object = json::read(body).is_ok_and(|json| json.as_object().is_some());
        JsonText::read(body).filter(|_| is_object).map(Self)
    }

    /// Returns its length in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.text().len()
    }

    /// Returns `true` if it has few enough identifying values to be sent: each of them is searched
    /// in the whole body, and the body of a delivery is about one lead.
    #[must_use]
    pub fn has_few_identities(&self, provider: &Provider, event: &EventFacts) -> bool {
        let Ok(body) = json::read(self.0.text().as_bytes()) else { return false };
        let rules = Rules::for_payload(provider, event, None);
        let time = Timestamp::UNIX_EPOCH;
        let identity = vary::other_identity(&body.into_value(), provider, &rules, 0, time);
        identity.len() <= MAX_IDENTITIES
    }

    /// Returns the payload of a new message about the lead of `seed`.
    ///
    /// Only the values that identify the message and the lead are replaced, and the time of sending;
    /// where a replaced value occurs within another string, it is replaced there too. Everything
    /// else keeps its bytes.
    #[must_use]
    pub fn payload(
        &self,
        pack: &Pack,
        event: &EventFacts,
        message_id: Option<&str>,
        seed: u64,
        now: Timestamp,
    ) -> JsonText {
        let provider = &pack.provider;
        let mut text = self.0.clone();
        let Ok(body) = json::read(text.text().as_bytes()) else { return text };
        let value = body.into_value();
        let rules = Rules::for_payload(provider, event, None);
        let print = |value: Value| provider.body_style().print_text(value);
        let mut repeated = Vec::new();
        for (pointer, other) in vary::other_identity(&value, provider, &rules, seed, now) {
            let printed = print(other);
            let within = |literal: &str| {
                let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
                Some(inner.to_owned())
            };
            if let (Some(old), Some(new)) =
                (text.literal(&pointer).and_then(within), within(&printed))
                && old.len() >= MIN_REPEATED
            {
                repeated.push((old, new));
            }
            text.replace(&pointer, &printed);
        }
        // The longest first: it may contain a shorter one.
        repeated.sort_by_key(|(old, _)| std::cmp::Reverse(old.len()));
        text.replace_within_strings(&repeated);
        for (pointer, sent) in sent_values(&value, provider, message_id, now) {
            text.replace(pointer, &print(sent));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::Packs;

    const NOW: &str = "2026-01-02T03:04:05Z";

    fn payload(provider: &str, event: &str, body: &str, seed: u64) -> String {
        let packs = Packs::builtin().unwrap();
        let pack = packs.find(provider).unwrap();
        let facts = pack.provider.event(event).unwrap();
        let captured = CapturedBody::read(body.as_bytes()).unwrap();
        let id = Some("evt_0123456789abcdef01234567");
        captured.payload(pack, facts, id, seed, NOW.parse().unwrap()).text().to_owned()
    }

    #[test]
    fn only_the_identity_of_the_lead_is_replaced() {
        let body = "{ \"last_name\":\"M\\u00fcller \\/ S\u{f6}hne\",\"price\":75.0,\n\"id\":\
                    \"5ead6dd1-2cb9-4f80-80fc-5716b05c90ba\",\"site_uuid\":\
                    \"5ead6dd1-2cb9-4f80-80fc-5716b05c90bb\",\"email\":\"max@mustermann.test\",\
                    \"phone\":\"\",\"site_login_url\":\
                    \"http://a.test/5ead6dd1-2cb9-4f80-80fc-5716b05c90ba/\",\"notes\":\
                    \"write to max@mustermann.test\",\"big\":9007199254740993 }\n";
        let changed = payload("realgeeks", "created", body, 7);
        let value: Value = serde_json::from_str(&changed).unwrap();
        let [id, email] = ["id", "email"].map(|name| value[name].as_str().unwrap());
        assert!(uuid::Uuid::try_parse(id).is_ok() && email.contains("@example."), "{changed}");
        let restored = changed
            .replace(id, "5ead6dd1-2cb9-4f80-80fc-5716b05c90ba")
            .replace(email, "max@mustermann.test");
        assert_eq!(restored, body);
        let other = payload("realgeeks", "created", body, 8);
        assert!(!other.contains(id) && !other.contains(email), "{other}");
        assert_eq!(payload("realgeeks", "created", body, 7), changed);
    }

    #[test]
    fn a_body_of_many_leads_is_not_sent() {
        let packs = Packs::builtin().unwrap();
        let mut provider = packs.find("realgeeks").unwrap().provider.clone();
        let event = provider.event("created").unwrap().clone();
        for (count, is_sent) in [(1, true), (MAX_IDENTITIES, true), (MAX_IDENTITIES + 1, false)] {
            provider.message_identity = (0..count).map(|index| format!("/tags/{index}")).collect();
            let body = serde_json::json!({ "tags": vec!["cash"; count] }).to_string();
            let captured = CapturedBody::read(body.as_bytes()).unwrap();
            assert_eq!(captured.has_few_identities(&provider, &event), is_sent, "{count}");
        }
    }

    #[test]
    fn events_of_one_seed_are_about_one_lead() {
        let body = r#"{"id":"5ead6dd1-2cb9-4f80-80fc-5716b05c90ba"}"#;
        let [created, updated] =
            ["created", "updated"].map(|event| payload("realgeeks", event, body, 7));
        assert_eq!(created, updated);
    }

    #[test]
    fn the_message_id_and_the_time_are_those_of_the_new_message() {
        let body = r#"{"type":"lead.created","timestamp":"2024-05-06T07:08:09Z","id":"evt_1","data":{"leadId":"lead_00000000","score":6.20,"botId":"bot_1"}}"#;
        let changed = payload("realtorbot", "lead.created", body, 7);
        let value: Value = serde_json::from_str(&changed).unwrap();
        assert_eq!(value["id"], "evt_0123456789abcdef01234567");
        assert_eq!(value["timestamp"], NOW);
        assert_ne!(value["data"]["leadId"], "lead_00000000");
        assert!(changed.contains(r#""score":6.20,"botId":"bot_1"}"#), "{changed}");
    }

    #[test]
    fn an_id_of_32_digits_keeps_its_form() {
        let body = r#"{"id":"5ead6dd12cb94f8080fc5716b05c90ba"}"#;
        let changed = payload("realgeeks", "created", body, 7);
        assert!(changed.len() == body.len() && changed != body, "{changed}");
    }

    #[test]
    fn contact_details_without_a_rule_are_replaced() {
        let packs = Packs::builtin().unwrap();
        let mut pack = packs.find("realgeeks").unwrap().as_ref().clone();
        pack.provider.vary.clear();
        let event = EventFacts {
            vary: std::collections::BTreeMap::new(),
            ..pack.provider.event("created").unwrap().clone()
        };
        let body = br#"{"id":"1","email":"max@mustermann.test","phone":"+49 170 1234567"}"#;
        let captured = CapturedBody::read(body).unwrap();
        let changed = captured.payload(&pack, &event, None, 7, NOW.parse().unwrap());
        let value: Value = serde_json::from_str(changed.text()).unwrap();
        assert!(value["email"].as_str().unwrap().contains("@example."), "{value}");
        assert!(value["phone"].as_str().unwrap().contains("555-01"), "{value}");
        assert_eq!(value["id"], "1");
    }

    #[test]
    fn an_id_keeps_its_type() {
        for (id, is_number) in [("482913", true), ("\"482913\"", false)] {
            let body = format!(r#"{{"event":"lead.created","data":{{"id":{id},"phone":null}}}}"#);
            let changed = payload("leadpro", "lead.created", &body, 7);
            let value: Value = serde_json::from_str(&changed).unwrap();
            assert_eq!(value["data"]["id"].is_number(), is_number, "{changed}");
            assert!(!changed.contains("482913"), "{changed}");
        }
    }

    #[test]
    fn only_an_object_is_a_body() {
        for body in ["", "x", "[1]", "\"a\"", "{\"a\":1", "\u{feff}{}"] {
            assert!(CapturedBody::read(body.as_bytes()).is_none(), "{body}");
        }
        assert_eq!(CapturedBody::read(b" {}").unwrap().size(), 3);
    }
}
