//! Parser for configuration files, which keeps the line of each value.
//!
//! Errors name the line and the key, and never the value: people put secrets under the wrong key.

use crate::domain::config::{
    ConfigFile, ConfigKey, ConfigValue, ConfigValues, GENERAL_KEYS, PROVIDER_KEYS, Section,
    ValueType, is_provider_id,
};
use std::path::{Path, PathBuf};
use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A configuration file that cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{}` line {line}: {problem}", path.display())]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
    /// The error.
    pub problem: ConfigProblem,
}

/// An error in a line of a configuration file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigProblem {
    /// The file is not TOML.
    #[error("it is not TOML: {0}")]
    Syntax(String),
    /// The key does not exist.
    #[error("unknown key `{key}`")]
    UnknownKey {
        /// The full key, with its tables.
        key: String,
        /// The keys that are valid in this table.
        known: Vec<String>,
    },
    /// The key would contain a secret, but other people can read a configuration file.
    #[error("`{key}` contains a secret, but a configuration file may only refer to one")]
    LiteralSecret {
        /// The full key, with its tables.
        key: String,
    },
    /// Two keys set the same secret.
    #[error("`{key}` conflicts with `{other}`: set only one of them")]
    Conflict {
        /// The full key, with its tables.
        key: String,
        /// The earlier key.
        other: String,
    },
    /// The value has the wrong type.
    #[error("`{key}` is {found}, expected {expected}")]
    WrongType {
        /// The full key, with its tables.
        key: String,
        /// The type of the value.
        found: &'static str,
        /// The expected value.
        expected: &'static str,
    },
    /// The string has the wrong format.
    #[error("`{key}` is invalid: expected {expected}")]
    InvalidValue {
        /// The full key, with its tables.
        key: String,
        /// The expected value.
        expected: &'static str,
    },
}

/// Keys under which people tend to put secrets.
const SECRET_KEYS: &[&str] = &["secret", "secrets", "signing-secret", "password", "token", "key"];

type TableEntry<'e, 't> = (&'e str, usize, &'e Spanned<DeValue<'t>>);

/// Parses the content of the file at `path`.
pub fn read(path: &Path, text: &str) -> Result<ConfigFile, ConfigError> {
    let reader = Reader { path, text };
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        reader.error(at, ConfigProblem::Syntax(error.message().trim().to_owned()))
    })?;
    let mut file = ConfigFile {
        path: path.to_owned(),
        top_level: Section::default(),
        profiles: std::collections::BTreeMap::new(),
    };
    let (profiles, others): (Vec<_>, Vec<_>) =
        entries(table.get_ref()).into_iter().partition(|(name, ..)| *name == "profile");
    file.top_level = reader.parse_section(others, "", &["providers", "profile"])?;
    for (_, _, value) in profiles {
        let table = reader.expect_table(
            "profile",
            value,
            "a table for each profile: `[profile.staging]`",
        )?;
        for (name, at, value) in entries(table) {
            let key = format!("profile.{name}");
            if !is_provider_id(name) {
                let expected = "a name of lower-case letters, digits, `-` and `_`";
                return Err(reader.error(at, ConfigProblem::InvalidValue { key, expected }));
            }
            let table = reader.expect_table(&key, value, "a table")?;
            let section =
                reader.parse_section(entries(table), &format!("{key}."), &["providers"])?;
            file.profiles.insert(name.to_owned(), section);
        }
    }
    Ok(file)
}

/// Returns the entries of a table in the order of the file.
fn entries<'e, 't>(table: &'e DeTable<'t>) -> Vec<TableEntry<'e, 't>> {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| (key.get_ref().as_ref(), key.span().start, value))
        .collect();
    entries.sort_by_key(|(_, at, _)| *at);
    entries
}

struct Reader<'r> {
    path: &'r Path,
    text: &'r str,
}

impl Reader<'_> {
    fn error(&self, at: usize, problem: ConfigProblem) -> ConfigError {
        ConfigError { path: self.path.to_owned(), line: self.line(at), problem }
    }

    fn line(&self, at: usize) -> usize {
        1 + self.text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count()
    }

    /// Parses the top level of a file, or a profile. `tables` are the tables that it may contain in
    /// addition to the keys, and `prefix` is that of its keys in messages.
    fn parse_section(
        &self,
        entries: Vec<TableEntry<'_, '_>>,
        prefix: &str,
        tables: &[&str],
    ) -> Result<Section, ConfigError> {
        let mut section = Section::default();
        for (name, at, value) in entries {
            if name == "providers" {
                let key = format!("{prefix}providers");
                let table = self.expect_table(&key, value, "a table of providers")?;
                for (id, at, value) in self::entries(table) {
                    let values = self.parse_provider(&format!("{key}.{id}"), id, at, value)?;
                    section.providers.insert(id.to_owned(), values);
                }
            } else {
                let (key, written) =
                    self.parse_entry(GENERAL_KEYS, tables, prefix, (name, at, value))?;
                section.general.insert(key, written);
            }
        }
        self.reject_two_secrets(prefix, &section.general)?;
        Ok(section)
    }

    /// Rejects a variable and a file for the same secret, as one of them would be ignored.
    fn reject_two_secrets(&self, prefix: &str, values: &ConfigValues) -> Result<(), ConfigError> {
        let (Some(variable), Some(file)) = (values.get("secret-env"), values.get("secret-file"))
        else {
            return Ok(());
        };
        let (first, second) = if variable.line <= file.line {
            ("secret-env", "secret-file")
        } else {
            ("secret-file", "secret-env")
        };
        let problem = ConfigProblem::Conflict {
            key: format!("{prefix}{second}"),
            other: format!("{prefix}{first}"),
        };
        let line = variable.line.max(file.line);
        Err(ConfigError { path: self.path.to_owned(), line, problem })
    }

    /// Parses `acme = "providers/acme"` or a table.
    fn parse_provider(
        &self,
        key: &str,
        id: &str,
        at: usize,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<ConfigValues, ConfigError> {
        if !is_provider_id(id) {
            let (key, expected) = (key.to_owned(), ValueType::ProviderId.expected());
            return Err(self.error(at, ConfigProblem::InvalidValue { key, expected }));
        }
        if let DeValue::String(_) = value.get_ref() {
            return Ok([("pack", self.parse_value(key, ValueType::Path, at, value)?)].into());
        }
        let table = self.expect_table(key, value, "the folder of a pack, or a table")?;
        let prefix = format!("{key}.");
        let values = entries(table)
            .into_iter()
            .map(|entry| self.parse_entry(PROVIDER_KEYS, &[], &prefix, entry))
            .collect::<Result<ConfigValues, _>>()?;
        self.reject_two_secrets(&prefix, &values)?;
        Ok(values)
    }

    fn parse_entry(
        &self,
        keys: &'static [ConfigKey],
        tables: &[&str],
        prefix: &str,
        (name, at, value): TableEntry<'_, '_>,
    ) -> Result<(&'static str, ConfigValue), ConfigError> {
        let key = format!("{prefix}{name}");
        let Some(known) = keys.iter().find(|known| known.name == name) else {
            let problem = if SECRET_KEYS.contains(&name.to_ascii_lowercase().as_str()) {
                ConfigProblem::LiteralSecret { key }
            } else {
                let names = keys.iter().map(|key| key.name).chain(tables.iter().copied());
                ConfigProblem::UnknownKey { key, known: names.map(str::to_owned).collect() }
            };
            return Err(self.error(at, problem));
        };
        Ok((known.name, self.parse_value(&key, known.value_type, at, value)?))
    }

    fn parse_value(
        &self,
        key: &str,
        form: ValueType,
        at: usize,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<ConfigValue, ConfigError> {
        let DeValue::String(text) = value.get_ref() else {
            return Err(self.error(at, wrong_type(key, value.get_ref(), form.expected())));
        };
        if !form.accepts(text) {
            let problem =
                ConfigProblem::InvalidValue { key: key.to_owned(), expected: form.expected() };
            return Err(self.error(at, problem));
        }
        Ok(ConfigValue { value: text.to_string(), line: self.line(at) })
    }

    fn expect_table<'v, 't>(
        &self,
        key: &str,
        value: &'v Spanned<DeValue<'t>>,
        expected: &'static str,
    ) -> Result<&'v DeTable<'t>, ConfigError> {
        let invalid = || self.error(value.span().start, wrong_type(key, value.get_ref(), expected));
        value.get_ref().as_table().ok_or_else(invalid)
    }
}

fn wrong_type(key: &str, value: &DeValue<'_>, expected: &'static str) -> ConfigProblem {
    let found = match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    ConfigProblem::WrongType { key: key.to_owned(), found, expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<ConfigFile, String> {
        read(Path::new("leadhook.toml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn values_keep_their_lines() {
        let text = "provider = \"acme\"\n\n[providers]\nacme = \"providers/acme\"\n\n\
                    [profile.staging]\ntimeout = \"5s\"\n\
                    [profile.staging.providers.acme]\nsecret-env = \"STAGING\"\n";
        let file = parsed(text).unwrap();
        let written = |text: &str, line| ConfigValue { value: text.to_owned(), line };
        assert_eq!(file.top_level.general["provider"], written("acme", 1));
        assert_eq!(file.top_level.providers["acme"]["pack"], written("providers/acme", 4));
        let staging = &file.profiles["staging"];
        assert_eq!(staging.general["timeout"], written("5s", 7));
        assert_eq!(staging.providers["acme"]["secret-env"], written("STAGING", 9));
    }

    #[test]
    fn an_error_names_the_file_the_line_and_the_key() {
        for (text, expected) in [
            ("a = 1\n", "line 1: unknown key `a`"),
            (
                "\ntimeout = 30\n",
                "line 2: `timeout` is a number, expected a duration, such as `500ms`, `30s` or `10m`",
            ),
            (
                "timeout = \"soon\"\n",
                "line 1: `timeout` is invalid: expected a duration, such as `500ms`, `30s` or `10m`",
            ),
            (
                "[profile.a]\n[profile.b]\nporvider = \"x\"\n",
                "line 3: unknown key `profile.b.porvider`",
            ),
            (
                "profile = 1\n",
                "line 1: `profile` is a number, expected a table for each profile: `[profile.staging]`",
            ),
            ("[profile.a.profile.b]\n", "line 1: unknown key `profile.a.profile`"),
            (
                "[providers]\nacme = 3\n",
                "line 2: `providers.acme` is a number, expected the folder of a pack, or a table",
            ),
            ("[providers.acme]\npacks = \"x\"\n", "line 2: unknown key `providers.acme.packs`"),
            (
                "[providers]\n\"../x\" = \"y\"\n",
                "line 2: `providers.../x` is invalid: expected the id of a provider, such as `acme`",
            ),
        ] {
            assert_eq!(parsed(text), Err(format!("`leadhook.toml` {expected}")), "{text}");
        }
    }

    #[test]
    fn two_keys_for_one_secret_are_an_error() {
        for (text, expected) in [
            (
                "secret-file = \"x\"\nsecret-env = \"X\"\n",
                "line 2: `secret-env` conflicts with `secret-file`",
            ),
            (
                "[providers.acme]\nsecret-env = \"X\"\nsecret-file = \"x\"\n",
                "line 3: `providers.acme.secret-file` conflicts with `providers.acme.secret-env`",
            ),
        ] {
            let expected = format!("`leadhook.toml` {expected}: set only one of them");
            assert_eq!(parsed(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn a_secret_is_rejected_and_never_printed() {
        for (text, line) in [
            ("secret = \"hunter2\"\n", 1),
            ("\n[providers.acme]\nsecret = \"hunter2\"\n", 3),
            ("[profile.a]\ntoken = \"hunter2\"\n", 2),
            ("secret-env = \"hunter2\"\n", 1),
            ("[secrets]\nacme = \"hunter2\"\n", 1),
            ("timeout = \"hunter2\"\n", 1),
            ("hunter2\n", 1),
            ("secret = \"hunter2\n", 1),
            ("secret-env = [\"hunter2\"]\n", 1),
        ] {
            let error = read(Path::new("x"), text).unwrap_err();
            assert_eq!(error.line, line, "{text}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn unusual_content_never_panics() {
        for text in [
            "",
            "\u{feff}",
            "[",
            "[[profile]]",
            "=",
            "a = \"\u{0}\"",
            "[providers]\r\nx = 1979-05-27",
        ] {
            drop(parsed(text));
        }
    }
}
