//! The dates since when fields and headers of a sender exist.

use crate::domain::parse_error::ParseValueError;
use crate::domain::time::parse_date;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The additions to a sender's requests, by the date on which they began.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "BTreeMap<String, Additions>")]
pub struct Versions(BTreeMap<Date, Additions>);

impl TryFrom<BTreeMap<String, Additions>> for Versions {
    type Error = ParseValueError;

    fn try_from(tables: BTreeMap<String, Additions>) -> Result<Self, ParseValueError> {
        let dated = tables.into_iter().map(|(text, additions)| Ok((parse_date(&text)?, additions)));
        dated.collect::<Result<_, _>>().map(Self)
    }
}

/// What was added on one date.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Additions {
    /// JSON Pointers to the new fields; `*` matches every item of a list.
    #[serde(default)]
    pub fields: Vec<String>,
    /// The names of the new headers.
    #[serde(default)]
    pub headers: Vec<String>,
    /// The source of the date, in a sentence that begins with a confidence mark.
    pub source: Option<String>,
}

impl Versions {
    /// Returns every date with its additions, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (Date, &Additions)> {
        self.0.iter().map(|(date, additions)| (*date, additions))
    }

    /// Returns the additions that did not exist on a date.
    fn after(&self, date: Date) -> impl Iterator<Item = &Additions> {
        self.iter().filter(move |(since, _)| *since > date).map(|(_, additions)| additions)
    }

    /// Returns the patterns of the fields that did not exist on a date.
    pub fn fields_after(&self, date: Date) -> impl Iterator<Item = &str> {
        self.after(date).flat_map(|additions| &additions.fields).map(String::as_str)
    }

    /// Returns the names of the headers that did not exist on a date.
    pub fn headers_after(&self, date: Date) -> impl Iterator<Item = &str> {
        self.after(date).flat_map(|additions| &additions.headers).map(String::as_str)
    }

    /// Returns the last date of the version before the newest, if there are several versions.
    #[must_use]
    pub fn before_newest(&self) -> Option<Date> {
        self.0.last_key_value()?.0.yesterday().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(text: &str) -> Result<Versions, String> {
        #[derive(Deserialize)]
        struct Tables {
            versions: Versions,
        }
        let tables: Tables = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        Ok(tables.versions)
    }

    #[test]
    fn a_version_begins_on_its_date() {
        let found = versions(
            "[versions]\n\"2025-08-15\" = { fields = [\"/a\"] }\n\"2024-01-01\" = { headers = \
             [\"X\"], source = \"C\" }\n",
        )
        .unwrap();
        let date = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(found.after(date("2025-08-15")).count(), 0);
        assert_eq!(found.after(date("2025-08-14")).count(), 1);
        assert_eq!(found.after(date("2023-12-31")).count(), 2);
        assert_eq!(found.before_newest(), Some(date("2025-08-14")));
        assert_eq!(Versions::default().before_newest(), None);
    }

    #[test]
    fn a_date_that_does_not_exist_is_rejected() {
        for (wrong, reason) in [
            ("\"2025-02-30\" = {}", "`2025-02-30` is not a date: expected a day that exists"),
            ("\"2025-13-01\" = {}", "`2025-13-01` is not a date"),
            ("\"20250815\" = {}", "`20250815` is not a date"),
            ("\"2025-08-15T10:00\" = {}", "`2025-08-15T10:00` is not a date"),
            ("soon = {}", "`soon` is not a date"),
            ("\"2025-08-15\" = { field = [] }", "unknown field `field`"),
        ] {
            let error = versions(&format!("[versions]\n{wrong}\n")).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
