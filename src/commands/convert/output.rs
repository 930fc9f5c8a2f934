//! The output of `convert`: standard output, or a private file.

use crate::commands::context::Context;
use crate::commands::trust::overwrites_input_error;
use crate::error::Error;
use crate::io::output_file::stream::OutputWriter;
use crate::io::output_file::{OutputFile, leads_to_same_file};
use std::path::{Path, PathBuf};

/// The option that names the file.
const OPTION: &str = "--output";

/// The destination of the converted requests.
pub(super) enum ConvertOutput {
    /// Standard output.
    Stdout,
    /// A file to which nothing has been written: it still has its previous content.
    Unwritten(Option<OutputFile>),
    /// A file that is being written.
    File(OutputWriter),
}

impl ConvertOutput {
    /// Opens the output, and rejects one that is also an input.
    pub(super) fn open(
        context: &Context<'_>,
        path: Option<&Path>,
        inputs: &[PathBuf],
    ) -> Result<Self, Error> {
        let Some(path) = path.filter(|path| path.as_os_str() != "-") else {
            return Ok(Self::Stdout);
        };
        context.check_output(OPTION, path)?;
        if inputs.iter().any(|input| is_read_from(input, path)) {
            return Err(overwrites_input_error(OPTION, path));
        }
        Ok(Self::Unwritten(Some(OutputFile::create("requests", path)?)))
    }

    /// Writes the exact bytes of a request.
    pub(super) fn write(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Result<(), Error> {
        if let Self::Unwritten(file) = self
            && let Some(file) = file.take()
        {
            *self = Self::File(file.into_private_writer()?);
        }
        match self {
            Self::Stdout => Ok(context.printer.exact(bytes)?),
            Self::File(file) => Ok(file.write(bytes)?),
            Self::Unwritten(_) => Ok(()),
        }
    }

    /// Puts a file in place.
    pub(super) fn finish(self) -> Result<(), Error> {
        match self {
            Self::File(file) => Ok(file.finish()?),
            Self::Stdout | Self::Unwritten(_) => Ok(()),
        }
    }
}

/// Returns `true` if the output is the input, or an existing file of a folder that is an input.
fn is_read_from(input: &Path, output: &Path) -> bool {
    if !input.is_dir() {
        return leads_to_same_file(input, output);
    }
    let name = output.file_name().map(|name| input.join(name));
    name.is_some_and(|file| file.exists() && leads_to_same_file(&file, output))
}
