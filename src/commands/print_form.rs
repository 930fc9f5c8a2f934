//! The output forms of requests, for `send`, `sign` and `convert`.

use crate::domain::capture::Capture;
use crate::domain::message::Message;
use crate::domain::target::Target;
use crate::error::Error;
use crate::protocols::requests::{address, har};
use crate::protocols::schemes::masking::{MarkedMessage, Masking};
use crate::protocols::{capture_file, curl, http1};
use clap::ValueEnum;
use jiff::Timestamp;

/// An output form of a request. `verify` reads all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum PrintForm {
    /// A command for a shell.
    Curl,
    /// The bytes of HTTP/1.1.
    Http,
    /// An HTTP archive.
    Har,
    /// A capture.
    Json,
}

impl PrintForm {
    /// Rejects a form that is not JSON if the output format is JSON.
    pub(super) fn check(self, is_json: bool) -> Result<(), Error> {
        match self {
            Self::Curl | Self::Http if is_json => Err(Error::Option {
                message: "with `--format json` a request can only be printed as JSON".to_owned(),
                hint: "use `--print json` or `--print har`, or omit `--format json`".to_owned(),
            }),
            Self::Curl | Self::Http | Self::Har | Self::Json => Ok(()),
        }
    }

    /// Renders a request that is sent to `target` at the time `at`.
    pub(super) fn render_request(
        self,
        message: &Message,
        target: &Target,
        at: Timestamp,
        masking: Option<Masking<'_>>,
    ) -> Result<Vec<u8>, Error> {
        let capture = Capture::new(Some(at), None, message.clone());
        self.render("the request", &capture, Some(target), masking)
    }

    /// Renders a request, with a final newline unless the form is the bytes of HTTP.
    ///
    /// `what` names the request in an error. Without a target, the URL is that of the request.
    pub(super) fn render(
        self,
        what: &str,
        capture: &Capture,
        target: Option<&Target>,
        masking: Option<Masking<'_>>,
    ) -> Result<Vec<u8>, Error> {
        let message = &capture.message;
        let url = target.map(|target| target.url().as_str());
        let error = |source| Error::Print { what: what.to_owned(), form: self.name(), source };
        let text = match self {
            Self::Http => {
                let host =
                    target.map_or_else(|| address::host(message).to_owned(), Target::authority);
                return http1::write_request(message, &host).map_err(error);
            }
            Self::Curl => match masking.and_then(|masking| masking.marked(message)) {
                Some(MarkedMessage { message, placeholder }) => {
                    let target = target.map(|target| target.at_path(&message.target));
                    let url = target.as_ref().map(|target| target.url().as_str());
                    curl::command(&message, url, Some(&placeholder)).map_err(error)?
                }
                None => curl::command(message, url, None).map_err(error)?,
            },
            Self::Har => har::write([(capture, url)], env!("CARGO_PKG_VERSION")),
            Self::Json => capture_file::write(capture),
        };
        Ok(format!("{text}\n").into_bytes())
    }

    /// Returns the note on a form that keeps the secret of a request, if the request has one.
    pub(super) fn secret_note(self, masking: Option<Masking<'_>>) -> Option<&'static str> {
        masking.filter(Masking::applies)?;
        Some(match self {
            Self::Curl => "the command reads the secret from the variable `LEADHOOK_SECRET`",
            Self::Http | Self::Har | Self::Json => {
                "the output contains the secret: the requests of this provider carry it"
            }
        })
    }

    /// Returns the name of the form on the command line.
    fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Http => "http",
            Self::Har => "har",
            Self::Json => "json",
        }
    }
}
