//! The resources that a receiver fetches after a delivery that holds ids only.

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// The placeholder for the id in the path of a resource.
pub const ID_PLACEHOLDER: &str = "{id}";

/// One kind of resource that a receiver fetches by its id.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "FetchKeys")]
pub struct FetchFacts {
    /// The path with an optional query, in which `{id}` stands for the id.
    pub path: String,
    /// A JSON Pointer into the delivery to an id, or to an array of ids.
    pub ids: String,
    /// The file of the pack with the response body.
    pub sample: String,
    /// A JSON Pointer into the sample to the value that the id replaces.
    pub sample_id: Option<String>,
    /// The status of the response.
    pub status: u16,
    /// The events whose deliveries hold such an id; empty for all of them.
    pub events: Vec<String>,
    /// The source of these facts, in a sentence that begins with a confidence mark.
    pub source: Option<String>,
}

/// The keys of `[fetch]`, or of one table of `[[fetch]]`.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct FetchKeys {
    path: String,
    ids: String,
    sample: String,
    sample_id: Option<String>,
    status: Option<u16>,
    #[serde(default)]
    events: Vec<String>,
    source: Option<String>,
}

impl TryFrom<FetchKeys> for FetchFacts {
    type Error = String;

    fn try_from(keys: FetchKeys) -> Result<Self, String> {
        let FetchKeys { path, ids, sample, sample_id, status, events, source } = keys;
        check_path(&path)?;
        check_pointer("ids", &ids)?;
        if let Some(pointer) = &sample_id {
            check_pointer("sample-id", pointer)?;
        }
        let is_sample = sample.strip_suffix(".json").is_some_and(|stem| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            stem.starts_with(|first: char| first.is_ascii_alphanumeric())
                && stem.bytes().all(is_plain)
                && !stem.ends_with(".schema")
        });
        if !is_sample {
            return Err(format!(
                "`sample` is `{sample}`: expected a JSON file of the pack, such as `fetched.json`"
            ));
        }
        let status = status.unwrap_or(200);
        if !(200..600).contains(&status) {
            return Err(format!("`status` is {status}: expected one from 200 to 599"));
        }
        Ok(Self { path, ids, sample, sample_id, status, events, source })
    }
}

/// Checks that a path is one of HTTP and contains the placeholder exactly once.
fn check_path(path: &str) -> Result<(), String> {
    let is_sendable = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    if path.starts_with('/') && is_sendable && path.matches(ID_PLACEHOLDER).count() == 1 {
        return Ok(());
    }
    Err(format!(
        "`path` is `{path}`: expected a path with `{ID_PLACEHOLDER}` once, such as \
         `/v1/people/{ID_PLACEHOLDER}`"
    ))
}

fn check_pointer(key: &str, pointer: &str) -> Result<(), String> {
    if pointer.starts_with('/') {
        return Ok(());
    }
    Err(format!("`{key}` is `{pointer}`: expected a JSON Pointer such as `/data/id`"))
}

impl FetchFacts {
    /// Returns `true` if the deliveries of an event hold ids of this resource.
    #[must_use]
    pub fn belongs_to(&self, event: Option<&str>) -> bool {
        self.events.is_empty()
            || event.is_some_and(|event| self.events.iter().any(|it| it == event))
    }
}

/// Deserializes `[fetch]`, a single table, or `[[fetch]]`, several of them.
pub(super) fn one_or_more<'de, D>(deserializer: D) -> Result<Vec<FetchFacts>, D::Error>
where
    D: Deserializer<'de>,
{
    struct OneOrMore;

    impl<'de> Visitor<'de> for OneOrMore {
        type Value = Vec<FetchFacts>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table `[fetch]`, or several `[[fetch]]`")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            FetchFacts::deserialize(MapAccessDeserializer::new(map)).map(|facts| vec![facts])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, tables: A) -> Result<Self::Value, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(tables))
        }
    }

    deserializer.deserialize_any(OneOrMore)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Tables {
        #[serde(default, deserialize_with = "one_or_more")]
        fetch: Vec<FetchFacts>,
    }

    const TABLE: &str = "path = \"/v1/people?id={id}\"\nids = \"/ids\"\nsample = \"person.json\"\n";

    fn read(text: &str) -> Result<Vec<FetchFacts>, String> {
        let tables: Tables = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        Ok(tables.fetch)
    }

    #[test]
    fn one_table_or_several_are_read() {
        assert_eq!(read("").unwrap(), []);
        assert_eq!(read(&format!("[fetch]\n{TABLE}")).unwrap()[0].status, 200);
        let two = read(&format!("[[fetch]]\n{TABLE}[[fetch]]\n{TABLE}events = [\"a\"]")).unwrap();
        assert!(two[0].belongs_to(None) && two[1].belongs_to(Some("a")));
        assert!(!two[1].belongs_to(Some("b")) && !two[1].belongs_to(None));
    }

    #[test]
    fn a_value_that_cannot_be_served_is_rejected() {
        for (from, to, part) in [
            ("{id}", "1", "expected a path with `{id}` once"),
            ("\"/v1", "\"v1", "expected a path with `{id}` once"),
            ("/people", "/{id}", "expected a path with `{id}` once"),
            ("\"/ids\"", "\"ids\"", "`ids` is `ids`: expected a JSON Pointer"),
            ("person.json", "../person.json", "expected a JSON file of the pack"),
            ("person.json", "person.schema.json", "expected a JSON file of the pack"),
            ("sample =", "status = 99\nsample =", "expected one from 200 to 599"),
            ("sample =", "sample-id = \"x\"\nsample =", "`sample-id` is `x`"),
            ("sample =", "colour = \"x\"\nsample =", "unknown field `colour`"),
            ("ids = \"/ids\"", "", "missing field `ids`"),
        ] {
            let error = read(&format!("[fetch]\n{}", TABLE.replace(from, to))).unwrap_err();
            assert!(error.contains(part), "{to}: {error}");
        }
    }
}
