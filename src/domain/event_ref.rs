//! References to events, with or without their provider, parsed from options.

use crate::domain::parse_error::ParseValueError;
use std::fmt;
use std::str::FromStr;

/// An event name, optionally qualified by its provider: `lead.created` or `leadpro:lead.created`.
///
/// The name may contain `:` only if it is qualified, since the part before the first `:` is the
/// provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRef {
    /// The id of the provider, if it is given.
    pub provider: Option<String>,
    /// The name of the event.
    pub name: String,
}

impl EventRef {
    /// Returns `true` if `event` is this event, and `provider` is this provider unless it is not
    /// given.
    ///
    /// `None` is a message whose provider or event was not recognised.
    #[must_use]
    pub fn matches(&self, provider: Option<&str>, event: Option<&str>) -> bool {
        event == Some(&self.name)
            && self.provider.as_deref().is_none_or(|expected| provider == Some(expected))
    }
}

impl FromStr for EventRef {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (provider, name) = match text.split_once(':') {
            Some((provider, name)) => (Some(provider), name),
            None => (None, text),
        };
        if name.is_empty() || provider.is_some_and(str::is_empty) {
            return Err(ParseValueError::Event(text.to_owned()));
        }
        Ok(Self { provider: provider.map(str::to_owned), name: name.to_owned() })
    }
}

impl fmt::Display for EventRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.provider {
            Some(provider) => write!(f, "{provider}:{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}
