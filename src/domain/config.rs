//! Configuration file contents: the known keys, and the values of one file with their lines.

use crate::domain::route::Route;
use crate::domain::target::Target;
use crate::domain::time::parse_duration;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A key of a configuration file.
#[derive(Debug)]
pub struct ConfigKey {
    /// The name in the file. An option of the same name has the same meaning.
    pub name: &'static str,
    /// The type of its value.
    pub value_type: ValueType,
    /// Its purpose, for `leadhook config init`.
    pub about: &'static str,
    /// An example value for `leadhook config init`.
    pub example: &'static str,
}

/// The type of a key's value, which is always written as a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueType {
    /// The id of a provider.
    ProviderId,
    /// The address of an endpoint: a URL or a short form such as `:3000/hooks`.
    Target,
    /// A target of `listen --forward`: an address for all events, or `EVENT=` and an address.
    Route,
    /// A duration, or `0` for no limit.
    Duration,
    /// The name of an environment variable, in capitals. Most secrets have other characters, so
    /// that a secret in the wrong place is usually rejected.
    EnvVar,
    /// A path, relative to the folder of the configuration file.
    Path,
}

/// The keys that do not belong to one provider, at the top level of a file and of each profile.
pub const GENERAL_KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "provider",
        value_type: ValueType::ProviderId,
        about: "the provider to assume if none is named",
        example: "acme",
    },
    ConfigKey {
        name: "target",
        value_type: ValueType::Target,
        about: "the endpoint that `send` and `replay` send to",
        example: ":3000/hooks",
    },
    ConfigKey {
        name: "timeout",
        value_type: ValueType::Duration,
        about: "the time limit of one request and its response",
        example: "30s",
    },
    ConfigKey {
        name: "wait",
        value_type: ValueType::Duration,
        about: "the maximum time to wait for the endpoint to come up",
        example: "30s",
    },
    ConfigKey {
        name: "forward",
        value_type: ValueType::Route,
        about: "the endpoint that `listen` forwards to",
        example: ":3000/hooks",
    },
    ConfigKey {
        name: "forward-timeout",
        value_type: ValueType::Duration,
        about: "the time limit of a request that `listen` forwards",
        example: "30s",
    },
    ConfigKey {
        name: "idle-timeout",
        value_type: ValueType::Duration,
        about: "the maximum time `listen` waits for the first byte of a request",
        example: "15s",
    },
    ConfigKey {
        name: "read-timeout",
        value_type: ValueType::Duration,
        about: "the maximum time `listen` waits for the next byte",
        example: "10s",
    },
    ConfigKey {
        name: "request-timeout",
        value_type: ValueType::Duration,
        about: "the maximum time for a whole request to `listen`",
        example: "30s",
    },
    ConfigKey {
        name: "secret-env",
        value_type: ValueType::EnvVar,
        about: "the environment variable with the signing secret",
        example: "WEBHOOK_SECRET",
    },
    ConfigKey {
        name: "secret-file",
        value_type: ValueType::Path,
        about: "the file with the signing secret",
        example: ".secret",
    },
];

/// The keys of one provider, in `[providers.ID]`.
pub const PROVIDER_KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "pack",
        value_type: ValueType::Path,
        about: "the folder of your custom pack",
        example: "providers/acme",
    },
    ConfigKey {
        name: "target",
        value_type: ValueType::Target,
        about: "the endpoint that `send` sends its events to",
        example: ":3000/acme",
    },
    ConfigKey {
        name: "secret-env",
        value_type: ValueType::EnvVar,
        about: "the environment variable with its signing secret",
        example: "ACME_SECRET",
    },
    ConfigKey {
        name: "secret-file",
        value_type: ValueType::Path,
        about: "the file with its signing secret",
        example: ".acme-secret",
    },
];

impl ValueType {
    /// Returns `true` if `text` is a valid value.
    #[must_use]
    pub fn accepts(self, text: &str) -> bool {
        match self {
            Self::ProviderId => is_provider_id(text),
            Self::Target => Target::parse(text).is_ok(),
            Self::Route => Route::parse(text).is_ok(),
            Self::Duration => text == "0" || parse_duration(text).is_ok(),
            Self::EnvVar => {
                text.starts_with(|first: char| first.is_ascii_uppercase() || first == '_')
                    && text.bytes().all(|byte| {
                        byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'
                    })
            }
            // `-` means standard input for an option, and is not a file.
            Self::Path => !text.is_empty() && text != "-",
        }
    }

    /// Returns a description of the valid values, as the end of "expected …".
    #[must_use]
    pub fn expected(self) -> &'static str {
        match self {
            Self::ProviderId => "the id of a provider, such as `acme`",
            Self::Target => "a target, such as `:3000/hooks` or a URL",
            Self::Route => "a target, such as `:3000/hooks` or `created=:3000/hooks`",
            Self::Duration => "a duration, such as `500ms`, `30s` or `10m`",
            Self::EnvVar => "the name of a variable, in capitals: never the secret itself",
            Self::Path => "a path",
        }
    }
}

/// Returns `true` if `text` can be the id of a provider. An id is used as the name of a folder, and
/// in options and environment variables.
#[must_use]
pub fn is_provider_id(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
        })
}

/// The prefix of the variables that leadhook itself reads.
pub const OWN_VARIABLES: &str = "LEADHOOK_";

/// Returns the environment variable of the option with this clap id: `LEADHOOK_KEEP_SIZE` for
/// `keep_size`.
#[must_use]
pub fn option_env_var(arg_id: &str) -> String {
    format!("{OWN_VARIABLES}{}", arg_id.to_ascii_uppercase())
}

/// A value in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigValue {
    /// The value, not yet parsed as its type.
    pub value: String,
    /// Its line, counted from 1.
    pub line: usize,
}

/// Values by the name of their key.
pub type ConfigValues = BTreeMap<&'static str, ConfigValue>;

/// The values of the top level of a file, which apply always, or those of one profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// The values that do not belong to one provider.
    pub general: ConfigValues,
    /// The values of each provider, by its id.
    pub providers: BTreeMap<String, ConfigValues>,
}

/// The contents of a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFile {
    /// Its path, as it is displayed.
    pub path: PathBuf,
    /// The values outside its profiles.
    pub top_level: Section,
    /// The values of each profile, by its name. They take precedence over those of the top level.
    pub profiles: BTreeMap<String, Section>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_valid_for_its_key() {
        for key in GENERAL_KEYS.iter().chain(PROVIDER_KEYS) {
            assert!(key.value_type.accepts(key.example), "{}", key.name);
        }
    }

    #[test]
    fn variable_names_in_capitals_are_accepted_and_typical_secrets_are_not() {
        for (text, is_valid) in [
            ("WEBHOOK_SECRET", true),
            ("_A1", true),
            ("whsec_MfKQ9r8GKYqrTwjUPD8I", false),
            ("s3cret", false),
            ("0123ABCD", false),
            ("A B", false),
            ("", false),
        ] {
            assert_eq!(ValueType::EnvVar.accepts(text), is_valid, "{text}");
        }
    }

    #[test]
    fn provider_ids_are_lower_case_and_valid_as_folder_names() {
        for (text, is_valid) in [
            ("acme", true),
            ("acme-2", true),
            ("2acme", false),
            ("Acme", false),
            ("a/b", false),
            ("", false),
        ] {
            assert_eq!(is_provider_id(text), is_valid, "{text}");
        }
    }
}
