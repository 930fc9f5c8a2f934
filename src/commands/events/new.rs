//! `leadhook events new`: writes a starter pack.

use crate::commands::context::Context;
use crate::domain::config::is_provider_id;
use crate::error::{Error, Exit};
use crate::io::error::Error as IoError;
use crate::output::printer::{Look, Report};
use crate::output::sanitize;
use crate::protocols::schemes::KINDS;
use crate::protocols::schemes::scheme::SchemeKind;
use crate::providers::starter;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::Serialize;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::{fs, io};

/// Write a commented starter pack
///
/// Its provider names its events in the body, and signs by the scheme of `--scheme`. The name of the
/// folder, which must be new or empty, becomes the id of the provider.
#[derive(Args, Debug)]
pub(super) struct New {
    /// Folder to write, such as `providers/acme`
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Signature scheme of the pack
    #[arg(long, value_name = "NAME", value_parser = scheme_parser(), default_value = KINDS[0].name)]
    scheme: &'static SchemeKind,
}

/// Returns the parser of the name of a scheme.
fn scheme_parser() -> impl TypedValueParser<Value = &'static SchemeKind> {
    PossibleValuesParser::new(KINDS.iter().map(|kind| kind.name)).try_map(|name| {
        let kind = KINDS.iter().find(|kind| kind.name == name).copied();
        kind.ok_or("expected the name of a scheme")
    })
}

/// The report on a pack that was written.
#[derive(Debug, Serialize)]
struct StarterPackReport {
    path: String,
    provider: String,
    files: Vec<&'static str>,
    /// An example of a secret, if the scheme has one.
    #[serde(skip)]
    secret: Option<&'static str>,
}

impl New {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let id = self.folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !is_provider_id(id) {
            return Err(Error::Option {
                message: format!(
                    "`{}` is not a valid provider id: expected lower-case letters, digits, `-` \
                     and `_`",
                    self.folder.display()
                ),
                hint: "the last part of the path is the id: `providers/acme`".to_owned(),
            });
        }
        if context.packs.find(id).is_ok() {
            return Err(Error::Option {
                message: format!("a provider `{id}` exists already"),
                hint: "choose another name for the folder".to_owned(),
            });
        }
        let error = |source| IoError::Write { what: "pack", path: self.folder.clone(), source };
        fs::create_dir_all(&self.folder).map_err(error)?;
        if fs::read_dir(&self.folder).map_err(error)?.next().is_some() {
            return Err(error(io::Error::other("the folder is not empty")).into());
        }
        let files = starter::files_of_scheme(id, self.scheme);
        for (name, text) in &files {
            let path = self.folder.join(name);
            let created = OpenOptions::new().write(true).create_new(true).open(&path);
            created
                .and_then(|mut file| file.write_all(text.as_bytes()))
                .map_err(|source| IoError::Write { what: "file of a pack", path, source })?;
        }
        context.printer.report(&StarterPackReport {
            path: self.folder.display().to_string(),
            provider: id.to_owned(),
            files: files.iter().map(|(name, _)| *name).collect(),
            secret: self.scheme.starter.secret,
        })?;
        Ok(Exit::Success)
    }
}

impl Report for StarterPackReport {
    const KIND: &'static str = "written";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let (path, id) = (sanitize::line(&self.path), &self.provider);
        for file in &self.files {
            writeln!(out, "wrote {path}/{file}")?;
        }
        writeln!(out, "\n{}", look.theme.strong("Next:"))?;
        writeln!(out, "  leadhook events check-pack {path}")?;
        let secret = self.secret.map(|secret| format!(" --secret {secret}")).unwrap_or_default();
        writeln!(out, "  leadhook send {id}:lead.created --pack {path}{secret}")?;
        writeln!(out, "or name it in `leadhook.toml`, from the folder of that file:")?;
        writeln!(out, "  [providers]\n  {id} = \"{path}\"")
    }
}
