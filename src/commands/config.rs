//! `leadhook config`: shows the effective configuration with its origins, and writes a template.

use crate::commands::connection::DEFAULT_TIMEOUT;
use crate::commands::context::Context;
use crate::commands::option_sources::effective_values;
use crate::commands::secrets::{FoundSecret, StdinUse};
use crate::commands::settings::{EffectiveValue, SettingOrigin};
use crate::domain::config::{ConfigKey, GENERAL_KEYS, PROVIDER_KEYS, ValueType};
use crate::domain::retry::RetryPolicy;
use crate::domain::target::without_userinfo;
use crate::error::{Error, Exit};
use crate::io::config;
use crate::io::error::Error as IoError;
use crate::output::printer::{Look, Printer, Report};
use crate::output::sanitize;
use crate::output::wrap::join_parts;
use crate::providers::pack::Pack;
use clap::{Args, Subcommand};
use console::measure_text_width;
use serde::Serialize;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Show the effective configuration and its origins, or write a template file
///
/// Options take precedence, then variables, `./leadhook.toml`, the user's configuration file, the
/// provider's pack, and built-in defaults. The selected profile takes precedence over the rest of
/// the files.
#[derive(Args, Debug)]
pub struct Config {
    #[command(subcommand)]
    action: ConfigAction,
}

#[derive(Debug, Subcommand)]
enum ConfigAction {
    /// Show every effective value with its origin; never a secret
    Show,
    /// Write a commented `leadhook.toml`, in which nothing is set yet
    Init {
        /// File to write
        #[arg(value_name = "FILE", default_value = config::PROJECT_FILE)]
        file: PathBuf,
    },
}

/// The maximum width of the value column. The origin of a wider value is not aligned.
const MAX_VALUE_WIDTH: usize = 32;

/// An effective value and its origin, as text.
#[derive(Debug, Serialize)]
struct ValueReport {
    name: String,
    value: Option<String>,
    origin: Option<String>,
}

/// The report on all effective values.
#[derive(Debug, Serialize)]
struct ConfigReport {
    files: Vec<String>,
    profile: Option<String>,
    values: Vec<ValueReport>,
}

/// The report on a file that was written.
#[derive(Debug, Serialize)]
struct TemplateReport {
    path: String,
}

impl Config {
    /// Returns `true` if the command reads the configuration files.
    #[must_use]
    pub(super) fn reads_files(&self) -> bool {
        matches!(self.action, ConfigAction::Show)
    }

    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        match self.action {
            ConfigAction::Show => show(context),
            ConfigAction::Init { file } => write_template(&file, context.printer),
        }
    }

    pub(super) fn init(&self, printer: &mut Printer) -> Result<Exit, Error> {
        match &self.action {
            ConfigAction::Show => Ok(Exit::Success),
            ConfigAction::Init { file } => write_template(file, printer),
        }
    }
}

/// Collects and prints the effective values.
fn show(context: &mut Context<'_>) -> Result<Exit, Error> {
    let (mut values, mut secrets) = (Vec::new(), Vec::new());
    let mut add = |name: String, found: Option<(String, SettingOrigin)>| {
        let (value, origin) = found.unzip();
        let value = value.map(|text| without_userinfo(&text));
        values.push(ValueReport { name, value, origin: origin.map(|origin| origin.to_string()) });
    };
    let into_pair = |effective: EffectiveValue| (effective.text, effective.origin);
    let pack = context.provider().and_then(|id| context.packs.find(id).ok());
    let root = (context.root)();
    for (option, effective) in
        effective_values(root, &context.explicit, &context.settings, context.env)
    {
        let found = effective.map(into_pair);
        // The timeout is the only option whose default comes from the provider.
        let found = found.or_else(|| (option == "timeout").then(|| default_timeout(pack)));
        add(option, found);
    }
    if let Some(pack) = pack {
        for (name, text) in retry_values(&pack.provider.retry) {
            add(
                name.to_owned(),
                text.map(|text| (text, SettingOrigin::Pack(pack.provider.id.clone()))),
            );
        }
    }
    let general = context.configured_target(None);
    add("target".to_owned(), Some(into_pair(general.clone())));
    let ids: Vec<_> = context.packs.iter().map(|pack| pack.provider.id.clone()).collect();
    for id in &ids {
        let own = context.configured_target(Some(id));
        if own != general {
            add(format!("target of {id}"), Some(into_pair(own)));
        }
    }
    for (id, folder) in context.settings.packs() {
        add(format!("pack of {id}"), Some(into_pair(folder)));
    }
    let explicit = ["secret", "secret_file"].iter().find(|id| context.explicit.contains_key(**id));
    let explicit = explicit.map(|id| SettingOrigin::Option(format!("--{}", id.replace('_', "-"))));
    let explicit = explicit.map(|origin| ("set".to_owned(), Some(origin)));
    let mut add_secret = |name: String, found: Option<(String, Option<SettingOrigin>)>| {
        let (value, origin) = found.unzip();
        let origin = origin.flatten().map(|origin| origin.to_string());
        secrets.push(ValueReport { name, value, origin });
    };
    let general_secret =
        explicit.clone().or_else(|| secret_status(context.general_secret(StdinUse::Skip)));
    add_secret("secret".to_owned(), general_secret.clone());
    for id in &ids {
        let own = explicit.clone().or_else(|| secret_status(context.provider_secret(id)));
        add_secret(format!("secret of {id}"), own.or_else(|| general_secret.clone()));
    }
    values.extend(secrets);
    let files = context.settings.files().iter().map(|file| file.path.display().to_string());
    let profile = context.settings.profile().map(str::to_owned);
    let files = files.collect();
    context.printer.report(&ConfigReport { files, profile, values })?;
    Ok(Exit::Success)
}

/// Returns the deadline of an exchange if the user sets none.
fn default_timeout(pack: Option<&Arc<Pack>>) -> (String, SettingOrigin) {
    let from_pack = pack.and_then(|pack| Some((pack.provider.retry.timeout?, pack)));
    let (timeout, origin) = match from_pack {
        Some((timeout, pack)) => {
            (timeout.duration(), SettingOrigin::Pack(pack.provider.id.clone()))
        }
        None => (DEFAULT_TIMEOUT, SettingOrigin::Default),
    };
    (humantime::format_duration(timeout).to_string(), origin)
}

/// Returns the retry values that the pack of the provider sets.
fn retry_values(policy: &RetryPolicy) -> [(&'static str, Option<String>); 4] {
    fn list<T: ToString>(items: &[T], separator: &str) -> Option<String> {
        let items: Vec<_> = items.iter().map(ToString::to_string).collect();
        (!items.is_empty()).then(|| items.join(separator))
    }
    [
        ("schedule", list(&policy.waits, ", ")),
        ("success", list(&policy.success, ", ")),
        ("stop", list(&policy.stop, ", ")),
        ("retry-on", list(&policy.retry_on, ", ")),
    ]
}

/// Returns `set` and the origin of a secret, or the reason why it cannot be used.
fn secret_status(
    found: Result<Option<FoundSecret>, Error>,
) -> Option<(String, Option<SettingOrigin>)> {
    match found {
        Ok(Some(found)) => Some(("set".to_owned(), Some(found.origin))),
        Ok(None) => None,
        // The message contains the origin.
        Err(error) => Some((format!("unusable: {}", error.message_with_causes()), None)),
    }
}

/// Writes the template to a new file.
fn write_template(path: &Path, printer: &mut Printer) -> Result<Exit, Error> {
    let error = |source| IoError::Write { what: "configuration", path: path.to_owned(), source };
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(error)?;
    file.write_all(template().as_bytes()).map_err(error)?;
    printer.report(&TemplateReport { path: path.display().to_string() })?;
    Ok(Exit::Success)
}

/// Returns a configuration file with every key commented out.
fn template() -> String {
    let mut text = "# Configuration of leadhook. Remove the `#` before a line to set it.\n\
                    # Never put a secret here: name the variable or the file that contains it.\n\n"
        .to_owned();
    let mut section = |keys: &[ConfigKey], header: &str| {
        if !header.is_empty() {
            let _ = writeln!(text, "{header}");
        }
        for key in keys {
            let line = format!("# {} = \"{}\"", key.name, key.example);
            let prefix = if key.name == "secret-file" { "or " } else { "" };
            let base = if key.value_type == ValueType::Path {
                ", from the folder of this file"
            } else {
                ""
            };
            let _ = writeln!(text, "{line:<36}# {prefix}{}{base}", key.about);
        }
        text.push('\n');
    };
    section(GENERAL_KEYS, "");
    section(
        PROVIDER_KEYS,
        "# Values for one provider. `[providers]` `acme = \"providers/acme\"` is short for its pack.\n# [providers.acme]",
    );
    section(
        &GENERAL_KEYS[1..3],
        "# Values that apply with `--profile staging`. It may contain every key, and providers.\n# [profile.staging]",
    );
    text
}

impl Report for ConfigReport {
    const KIND: &'static str = "config";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        if self.files.is_empty() {
            writeln!(
                out,
                "{}",
                theme.dim("no configuration file: `leadhook config init` writes one")
            )?;
        }
        for file in &self.files {
            writeln!(out, "{}", theme.dim(&format!("read {}", sanitize::line(file))))?;
        }
        if let Some(profile) = &self.profile {
            writeln!(out, "{}", theme.dim(&format!("profile {}", sanitize::line(profile))))?;
        }
        writeln!(out)?;
        let is_shown = |value: &&ValueReport| {
            value.value.is_some() || look.verbose > 0 || value.name.starts_with("secret")
        };
        let values: Vec<_> = self.values.iter().filter(is_shown).collect();
        let width = values.iter().map(|value| value.name.len()).max().unwrap_or(0);
        let cells: Vec<_> = values.iter().map(|value| value.value_text()).collect();
        let column = cells.iter().map(|cell| measure_text_width(cell)).max().unwrap_or(0);
        let column = column.min(MAX_VALUE_WIDTH);
        for (value, text) in values.iter().zip(&cells) {
            let gap = column.saturating_sub(measure_text_width(text));
            let origin = sanitize::line(value.origin.as_deref().unwrap_or_default());
            let value = format!("{:<width$}  {text}{:gap$}", value.name, "");
            let parts = match theme.dim(&origin) {
                _ if origin.is_empty() => vec![value.trim_end().to_owned()],
                origin => vec![value, origin],
            };
            // An origin that does not fit stands below its value.
            writeln!(out, "{}", join_parts(&parts, "  ", look.fold_columns(), width + 4))?;
        }
        Ok(())
    }
}

impl ValueReport {
    fn value_text(&self) -> String {
        sanitize::line(self.value.as_deref().unwrap_or("not set"))
    }
}

impl Report for TemplateReport {
    const KIND: &'static str = "written";

    fn human(&self, out: &mut dyn Write, _look: Look) -> io::Result<()> {
        writeln!(out, "wrote {}", sanitize::line(&self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::config_file;

    #[test]
    fn the_template_is_valid_with_and_without_its_comment_marks() {
        let text = template();
        let file = config_file::read(Path::new("x"), &text).unwrap();
        assert!(file.top_level.general.is_empty() && file.profiles.is_empty());
        let is_setting = |line: &str| {
            // Only one of the keys of a secret can be set, and the variable comes first.
            let mut keys =
                GENERAL_KEYS.iter().chain(PROVIDER_KEYS).filter(|key| key.name != "secret-file");
            line.starts_with('[') || keys.any(|key| line.starts_with(&format!("{} = ", key.name)))
        };
        let set: String = text
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest) if is_setting(rest) => format!("{rest}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let file = config_file::read(Path::new("x"), &set)
            .unwrap_or_else(|error| panic!("{error}\n{set}"));
        assert_eq!(file.top_level.general.len(), GENERAL_KEYS.len() - 1);
        assert_eq!(file.top_level.providers["acme"].len(), PROVIDER_KEYS.len() - 1);
        assert_eq!(file.profiles["staging"].general.len(), 2);
    }
}
