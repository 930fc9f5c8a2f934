//! Payload edits from the command line: six options, applied in the order of the command line.

use crate::engine::payload_edit::PayloadEdit;
use crate::error::Error;
use crate::io::environment::Environment;
use crate::io::input;
use crate::protocols::json;
use clap::{ArgMatches, Args, FromArgMatches};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The edits of the payload, in the order of the command line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::commands) struct EditArgs(Vec<EditArg>);

/// One edit, as given on the command line.
#[derive(Clone, Debug, PartialEq)]
enum EditArg {
    /// An edit in the value of the option itself.
    Inline(PayloadEdit),
    /// A merge patch in a file.
    MergeFile(PathBuf),
}

/// The options for edits.
#[derive(Args)]
struct EditOptions {
    /// Replace a field with a string (can be repeated)
    ///
    /// PATH is `a.b[0].c` or a JSON Pointer (RFC 6901) such as `/a/b/0/c`.
    #[arg(long, value_name = "PATH=TEXT")]
    set: Vec<String>,

    /// Replace a field with a JSON value (can be repeated)
    #[arg(long, value_name = "PATH=JSON")]
    set_json: Vec<String>,

    /// Remove a field or an array item (can be repeated)
    #[arg(long, value_name = "PATH")]
    unset: Vec<String>,

    /// Add a field with a string (can be repeated)
    #[arg(long, value_name = "PATH=TEXT")]
    add: Vec<String>,

    /// Add a field with a JSON value (can be repeated)
    #[arg(long, value_name = "PATH=JSON")]
    add_json: Vec<String>,

    /// Apply the JSON merge patch (RFC 7396) of this file, `-` for standard input (can be repeated)
    ///
    /// New fields are added, and null removes a field.
    #[arg(long, value_name = "FILE")]
    merge: Vec<PathBuf>,
}

impl Args for EditArgs {
    fn augment_args(command: clap::Command) -> clap::Command {
        EditOptions::augment_args(command)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        EditOptions::augment_args_for_update(command)
    }
}

impl FromArgMatches for EditArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut edits = Vec::new();
        for name in ["set", "set_json", "unset", "add", "add_json"] {
            let indices = matches.indices_of(name).into_iter().flatten();
            let values = matches.get_many::<String>(name).into_iter().flatten();
            for (index, text) in indices.zip(values) {
                edits.push((index, EditArg::Inline(parse_edit(name, text)?)));
            }
        }
        let indices = matches.indices_of("merge").into_iter().flatten();
        let files = matches.get_many::<PathBuf>("merge").into_iter().flatten();
        edits.extend(indices.zip(files.map(|file| EditArg::MergeFile(file.clone()))));
        // clap groups values by option; an edit may depend on the one before it.
        edits.sort_by_key(|(index, _)| *index);
        Ok(Self(edits.into_iter().map(|(_, edit)| edit).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Parses the value of an edit option; `option` is its clap id.
fn parse_edit(option: &str, argument: &str) -> Result<PayloadEdit, clap::Error> {
    let flag = option.replace('_', "-");
    let error = |expected: &str| {
        let message = format!("invalid value `{argument}` for `--{flag}`: expected {expected}\n");
        clap::Error::raw(clap::error::ErrorKind::ValueValidation, message)
    };
    if option == "unset" {
        return Ok(PayloadEdit::Unset { path: argument.to_owned() });
    }
    let (path, text) = argument.split_once('=').ok_or_else(|| error("PATH=VALUE"))?;
    let value = if option.ends_with("json") {
        serde_json::from_str(text)
            .map_err(|problem| error(&format!("JSON after `=` ({problem})")))?
    } else {
        Value::from(text)
    };
    let path = path.to_owned();
    Ok(if option.starts_with("set") {
        PayloadEdit::Set { path, value }
    } else {
        PayloadEdit::Add { path, value }
    })
}

impl EditArgs {
    /// Returns `true` if there are no edits.
    pub(in crate::commands) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over the files of merge patches.
    pub(in crate::commands) fn merge_files(&self) -> impl Iterator<Item = &PathBuf> {
        self.0.iter().filter_map(|change| match change {
            EditArg::Inline(_) => None,
            EditArg::MergeFile(file) => Some(file),
        })
    }

    /// Returns the edits, with the merge patches read from their files.
    pub(in crate::commands) fn read(&self, env: &Environment) -> Result<Vec<PayloadEdit>, Error> {
        self.0
            .iter()
            .map(|change| match change {
                EditArg::Inline(edit) => Ok(edit.clone()),
                EditArg::MergeFile(file) => {
                    Ok(PayloadEdit::Merge { patch: read_merge_patch(env, file)? })
                }
            })
            .collect()
    }
}

/// Reads a merge patch from a file.
fn read_merge_patch(env: &Environment, path: &Path) -> Result<Value, Error> {
    let bytes = input::read(env.stdin(), "merge patch", path, input::MAX_BODY)?;
    let json = json::read(&bytes);
    json.map(json::Json::into_value).map_err(|source| Error::NotJson {
        what: "merge patch",
        path: path.to_owned(),
        source,
    })
}
