//! The settings of one run: the values of the configuration files, with their origins.
//!
//! The order of precedence is: option, variable, profile of the project's file, profile of the
//! user's file, rest of the project's file, rest of the user's file.

use crate::domain::config::{ConfigFile, ConfigValue, ConfigValues, Section};
use crate::error::Error;
use crate::io::config;
use crate::io::environment::Environment;
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// The origin of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingOrigin {
    /// An option of the command line.
    Option(String),
    /// A variable of the environment.
    Variable(String),
    /// A line of a configuration file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The profile in the file, if the value is in one.
        profile: Option<String>,
    },
    /// The pack of a provider.
    Pack(String),
    /// The built-in default.
    Default,
}

impl fmt::Display for SettingOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option(name) | Self::Variable(name) => f.write_str(name),
            Self::File { path, line, profile: None } => write!(f, "{}:{line}", path.display()),
            Self::File { path, line, profile: Some(name) } => {
                write!(f, "{}:{line} (profile {name})", path.display())
            }
            Self::Pack(id) => write!(f, "pack {id}"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A value and its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveValue {
    /// The value.
    pub text: String,
    /// The origin of the value.
    pub origin: SettingOrigin,
}

impl EffectiveValue {
    /// Returns the value as a path. A path in a file is relative to the folder of that file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        match &self.origin {
            SettingOrigin::File { path, .. } => {
                path.parent().unwrap_or_else(|| Path::new("")).join(&self.text)
            }
            SettingOrigin::Option(_)
            | SettingOrigin::Variable(_)
            | SettingOrigin::Pack(_)
            | SettingOrigin::Default => PathBuf::from(&self.text),
        }
    }
}

/// The configuration files of one run, and the selected profile.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    files: Vec<ConfigFile>,
    /// The file of the project: `./leadhook.toml`, or that of `--config`.
    project: Option<PathBuf>,
    /// The file that may be written by someone else: `./leadhook.toml`.
    untrusted: Option<PathBuf>,
    profile: Option<String>,
}

/// A section of a file, with its path and profile.
#[derive(Clone, Copy)]
struct Layer<'s> {
    section: &'s Section,
    path: &'s Path,
    profile: Option<&'s str>,
}

impl Layer<'_> {
    fn effective(self, written: &ConfigValue) -> EffectiveValue {
        EffectiveValue {
            text: written.value.clone(),
            origin: SettingOrigin::File {
                path: self.path.to_owned(),
                line: written.line,
                profile: self.profile.map(str::to_owned),
            },
        }
    }
}

impl Settings {
    /// Reads the configuration files that are valid, and returns the errors of the others. That
    /// no file has the profile is an error too.
    #[must_use]
    pub fn read_valid(
        env: &Environment,
        file: Option<&Path>,
        profile: Option<&str>,
    ) -> (Self, Vec<Error>) {
        let (mut files, mut errors) = (Vec::new(), Vec::new());
        for read in config::read(env, file) {
            match read {
                Ok(file) => files.push(file),
                Err(error) => errors.push(error.into()),
            }
        }
        let project = file.unwrap_or(Path::new(config::PROJECT_FILE)).to_owned();
        let profile_name = profile.map(str::to_owned);
        let untrusted = config::is_project_file(&project).then(|| project.clone());
        let settings = Self { files, project: Some(project), untrusted, profile: profile_name };
        if let Some(name) = profile
            && !settings.profiles().contains(name)
        {
            errors.push(Error::UnknownName {
                what: "profile",
                name: name.to_owned(),
                known: settings.profiles().into_iter().map(str::to_owned).collect(),
            });
        }
        (settings, errors)
    }

    /// Returns the files that were read, the project's first.
    #[must_use]
    pub fn files(&self) -> &[ConfigFile] {
        &self.files
    }

    /// Returns the selected profile.
    #[must_use]
    pub fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    /// Returns the profiles of all files.
    #[must_use]
    pub fn profiles(&self) -> BTreeSet<&str> {
        self.files.iter().flat_map(|file| file.profiles.keys().map(String::as_str)).collect()
    }

    /// Returns the effective sections in order of precedence.
    fn layers(&self) -> impl Iterator<Item = Layer<'_>> {
        let in_profile = self.files.iter().filter_map(|file| {
            let (name, section) = file.profiles.get_key_value(self.profile.as_deref()?)?;
            Some(Layer { section, path: &file.path, profile: Some(name) })
        });
        let base = self.files.iter().map(|file| Layer {
            section: &file.top_level,
            path: &file.path,
            profile: None,
        });
        in_profile.chain(base)
    }

    /// Returns the value of a key outside of the providers.
    #[must_use]
    pub fn general(&self, key: &str) -> Option<EffectiveValue> {
        self.layers().find_map(|layer| {
            layer.section.general.get(key).map(|written| layer.effective(written))
        })
    }

    /// Returns the value of a key for one provider. Within a section, the provider's table takes
    /// precedence over the general keys.
    #[must_use]
    pub fn for_provider(&self, id: &str, key: &str) -> Option<EffectiveValue> {
        self.first_for_provider(id, &[key]).map(|(_, effective)| effective)
    }

    /// Returns the first of these keys that a section has for the provider, with its value.
    #[must_use]
    pub fn first_for_provider<'k>(
        &self,
        id: &str,
        keys: &[&'k str],
    ) -> Option<(&'k str, EffectiveValue)> {
        self.layers().find_map(|layer| {
            let provider_table = layer.section.providers.get(id);
            let tables = provider_table.into_iter().chain([&layer.section.general]);
            first_entry(tables, keys).map(|(key, written)| (key, layer.effective(written)))
        })
    }

    /// Returns the first of these keys that a section has outside of the providers, with its value.
    #[must_use]
    pub fn first_general<'k>(&self, keys: &[&'k str]) -> Option<(&'k str, EffectiveValue)> {
        self.layers().find_map(|layer| {
            first_entry([&layer.section.general], keys)
                .map(|(key, written)| (key, layer.effective(written)))
        })
    }

    /// Returns the folders of custom packs, by id.
    #[must_use]
    pub fn packs(&self) -> Vec<(String, EffectiveValue)> {
        let mut packs: Vec<(String, EffectiveValue)> = Vec::new();
        for layer in self.layers() {
            for (id, values) in &layer.section.providers {
                if let Some(written) = values.get("pack")
                    && !packs.iter().any(|(known, _)| known == id)
                {
                    packs.push((id.clone(), layer.effective(written)));
                }
            }
        }
        packs
    }

    /// Returns every provider that an effective section has values for, with the origin of the
    /// first.
    #[must_use]
    pub fn named_providers(&self) -> Vec<(String, SettingOrigin)> {
        let of_layer = |layer: Layer<'_>| {
            let tables = layer.section.providers.iter();
            let origins = tables.filter_map(|(id, values)| {
                let first = values.values().min_by_key(|written| written.line)?;
                Some((id.clone(), layer.effective(first).origin))
            });
            origins.collect::<Vec<_>>()
        };
        self.layers().flat_map(of_layer).collect()
    }

    /// Returns `true` if a value comes from the file of the project, or the one that replaces it.
    #[must_use]
    pub fn is_from_project_file(&self, origin: &SettingOrigin) -> bool {
        let SettingOrigin::File { path, .. } = origin else { return false };
        self.project.as_ref() == Some(path)
    }

    /// Returns `true` if a value comes from `./leadhook.toml`, which may be written by someone
    /// else. A file that is named by `--config` is trusted, unless it is that one.
    #[must_use]
    pub fn is_untrusted(&self, origin: &SettingOrigin) -> bool {
        let SettingOrigin::File { path, .. } = origin else { return false };
        self.untrusted.as_ref() == Some(path)
    }

    /// Returns every value of a key in all effective sections, even if another takes precedence.
    #[must_use]
    pub fn values_of_key(&self, key: &str) -> Vec<EffectiveValue> {
        let of_layer = |layer: Layer<'_>| {
            let tables =
                std::iter::once(&layer.section.general).chain(layer.section.providers.values());
            let written = tables.filter_map(|table| table.get(key));
            written.map(|written| layer.effective(written)).collect::<Vec<_>>()
        };
        self.layers().flat_map(of_layer).collect()
    }

    /// Returns every value of these keys in all sections, effective or not.
    #[must_use]
    pub fn values_in_all_profiles<'k>(&self, keys: &[&'k str]) -> Vec<(&'k str, EffectiveValue)> {
        let sections = self.files.iter().flat_map(|file| {
            let base = Layer { section: &file.top_level, path: &file.path, profile: None };
            let profiles = file.profiles.iter().map(|(name, section)| Layer {
                section,
                path: &file.path,
                profile: Some(name),
            });
            std::iter::once(base).chain(profiles)
        });
        let mut values = Vec::new();
        for layer in sections {
            let tables =
                std::iter::once(&layer.section.general).chain(layer.section.providers.values());
            for table in tables {
                for key in keys {
                    if let Some(written) = table.get(key) {
                        values.push((*key, layer.effective(written)));
                    }
                }
            }
        }
        values
    }
}

/// Returns the first of these keys that a table has, with its value.
fn first_entry<'v, 'k>(
    tables: impl IntoIterator<Item = &'v ConfigValues>,
    keys: &[&'k str],
) -> Option<(&'k str, &'v ConfigValue)> {
    tables.into_iter().find_map(|table| {
        keys.iter().find_map(|key| table.get(*key).map(|written| (*key, written)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::config_file;

    fn settings(profile: Option<&str>) -> Settings {
        let project = "target = \":1\"\ntimeout = \"1s\"\n[profile.ci]\ntarget = \":2\"\n\
                       [providers.acme]\nsecret-env = \"PROJECT\"\npack = \"packs/acme\"\n";
        let user = "timeout = \"9s\"\nwait = \"9s\"\nsecret-env = \"USER_ANY\"\n\
                    [providers.acme]\nsecret-env = \"USER_ACME\"\ntarget = \":3\"\n\
                    [profile.ci]\nwait = \"8s\"\n";
        let read = |path, text| config_file::read(Path::new(path), text).unwrap();
        Settings {
            files: vec![read("leadhook.toml", project), read("/home/jo/leadhook.toml", user)],
            project: None,
            untrusted: None,
            profile: profile.map(str::to_owned),
        }
    }

    fn display(effective: Option<EffectiveValue>) -> String {
        effective.map(|it| format!("{} from {}", it.text, it.origin)).unwrap_or_default()
    }

    #[test]
    fn a_profile_takes_precedence_then_the_project_then_the_user() {
        let plain = settings(None);
        assert_eq!(display(plain.general("timeout")), "1s from leadhook.toml:2");
        assert_eq!(display(plain.general("wait")), "9s from /home/jo/leadhook.toml:2");
        assert_eq!(display(plain.general("target")), ":1 from leadhook.toml:1");
        let ci = settings(Some("ci"));
        assert_eq!(display(ci.general("target")), ":2 from leadhook.toml:4 (profile ci)");
        assert_eq!(display(ci.general("wait")), "8s from /home/jo/leadhook.toml:8 (profile ci)");
    }

    #[test]
    fn a_provider_value_precedes_the_general_one_within_its_section_only() {
        let plain = settings(None);
        assert_eq!(
            display(plain.for_provider("acme", "secret-env")),
            "PROJECT from leadhook.toml:6"
        );
        assert_eq!(display(plain.for_provider("acme", "target")), ":1 from leadhook.toml:1");
        let of_another = plain.for_provider("other", "secret-env");
        assert_eq!(display(of_another), "USER_ANY from /home/jo/leadhook.toml:3");
    }

    #[test]
    fn a_path_is_relative_to_the_folder_of_its_file() {
        let (id, pack) = settings(None).packs().remove(0);
        assert_eq!((id.as_str(), pack.path()), ("acme", PathBuf::from("packs/acme")));
        let effective = settings(None).general("wait").unwrap();
        assert_eq!(effective.path(), PathBuf::from("/home/jo/9s"));
    }
}
