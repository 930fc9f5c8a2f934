//! Selection of one captured request: a file with one, or `FILE:3` and `FILE#2` of several.

use crate::commands::context::Context;
use crate::error::Error;
use crate::io::captures::{CapturedRequest, Captures};
use crate::io::error::Error as IoError;
use crate::protocols::requests::{FoundRequest, RequestError};
use std::path::{Path, PathBuf};

/// An argument that names one captured request.
#[derive(Debug)]
pub(super) struct RequestArgument {
    /// The file, `-` for standard input.
    pub(super) path: PathBuf,
    /// The number of the request, if the argument has one.
    number: Option<usize>,
}

impl RequestArgument {
    /// Parses an argument. A file of exactly this name takes precedence over a number.
    pub(super) fn parse(argument: &Path) -> Self {
        let whole = Self { path: argument.to_owned(), number: None };
        let Some(text) = argument.to_str().filter(|_| !argument.exists()) else { return whole };
        let Some((file, number)) = text.rsplit_once([':', '#']) else { return whole };
        match number.parse() {
            Ok(number) if file == "-" || Path::new(file).exists() => {
                Self { path: file.into(), number: Some(number) }
            }
            _ => whole,
        }
    }

    /// Reads the request.
    pub(super) fn read(&self, context: &Context<'_>) -> Result<CapturedRequest, Error> {
        self.choose(Captures::new(context.env.stdin(), [self.path.clone()]))
    }

    /// Returns the request among those of the file, which was read before.
    pub(super) fn pick(
        &self,
        found: Vec<Result<FoundRequest, RequestError>>,
    ) -> Result<CapturedRequest, Error> {
        self.choose(found.into_iter().map(|found| match found {
            Ok(found) => {
                Ok(CapturedRequest { source: found.source(&self.path), found, restored_as: None })
            }
            Err(source) => Err(IoError::NotARequest { path: self.path.clone(), source }),
        }))
    }

    /// Returns the request with the number of the argument, or else the only one.
    fn choose(
        &self,
        mut captures: impl Iterator<Item = Result<CapturedRequest, IoError>>,
    ) -> Result<CapturedRequest, Error> {
        if let Some(number) = self.number {
            return self.select(captures, number);
        }
        let first = captures.next().ok_or_else(|| self.empty())??;
        match captures.next() {
            None => Ok(first),
            Some(second) => Err(self.several(&first, second.ok().as_ref())),
        }
    }

    /// Returns the request with this number: of a line, or of an entry.
    fn select(
        &self,
        captures: impl Iterator<Item = Result<CapturedRequest, IoError>>,
        number: usize,
    ) -> Result<CapturedRequest, Error> {
        let file = self.path.display().to_string();
        let is_wanted = |source: &str| match source.strip_prefix(&file) {
            Some("") => number == 1,
            Some(rest) => {
                let digits = rest.trim_start_matches([':', '#']);
                digits.split_whitespace().next().and_then(|digits| digits.parse().ok())
                    == Some(number)
            }
            None => false,
        };
        let mut example = None;
        for read in captures {
            match read {
                Ok(found) if is_wanted(&found.source) => return Ok(found),
                Ok(found) => example = example.or(Some(found.source)),
                Err(error) => {
                    let is_selected = match &error {
                        IoError::NotARequest {
                            source: RequestError::Invalid { place, .. },
                            ..
                        } => is_wanted(&place.in_file(&file)),
                        _ => true,
                    };
                    if is_selected {
                        return Err(error.into());
                    }
                }
            }
        }
        let hint = match example {
            Some(example) => format!("name one that it has, such as `{example}`"),
            None => "it has no request that can be read".to_owned(),
        };
        Err(Error::Unreadable { message: format!("`{file}` has no request {number}"), hint })
    }

    fn empty(&self) -> Error {
        IoError::NotARequest { path: self.path.clone(), source: RequestError::Empty }.into()
    }

    fn several(&self, first: &CapturedRequest, second: Option<&CapturedRequest>) -> Error {
        let names: Vec<_> = [Some(first), second]
            .into_iter()
            .flatten()
            .map(|captured| format!("`{}`", captured.source))
            .collect();
        Error::Unreadable {
            message: format!("`{}` has more than one request, expected one", self.path.display()),
            hint: format!("select one of them, such as {}", names.join(" or ")),
        }
    }
}
