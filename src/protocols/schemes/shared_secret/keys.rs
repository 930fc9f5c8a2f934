//! The keys of a pack with a shared secret, with their checks.

use crate::domain::pointer;
use crate::protocols::http1;
use crate::protocols::schemes::place::SignaturePlace;
use serde::Deserialize;
use thiserror::Error;

/// The keys as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Keys {
    header: Option<String>,
    query: Option<String>,
    field: Option<String>,
    #[serde(default)]
    prefix: String,
}

/// A [`SignaturePlace`] with its name.
#[derive(Clone, Debug)]
pub(super) enum OwnedPlace {
    Header(String),
    Query(String),
    Field(String),
}

/// A key that is missing, contradicts another one or has an invalid value.
#[derive(Debug, Error)]
pub(super) enum KeyError {
    #[error("{found} places of the secret, expected exactly one of `header`, `query` and `field`")]
    Places { found: usize },
    #[error("`header` is `{0}`, expected the name of a header, such as `X-Api-Key`")]
    Header(String),
    #[error("`query` is `{0}`, expected the name of a query parameter, such as `key`")]
    Query(String),
    #[error("`field` is `{0}`, expected a JSON Pointer to a field, such as `/key`")]
    Field(String),
    #[error("`prefix` is only possible with `header`, expected none")]
    PrefixWithoutHeader,
    #[error("`prefix` is `{0}`, expected visible characters and spaces, such as `Bearer `")]
    Prefix(String),
}

impl OwnedPlace {
    pub(super) fn borrowed(&self) -> SignaturePlace<'_> {
        match self {
            Self::Header(name) => SignaturePlace::Header(name),
            Self::Query(name) => SignaturePlace::Query(name),
            Self::Field(pointer) => SignaturePlace::Field(pointer),
        }
    }
}

impl Keys {
    /// Returns the place of the secret and its prefix, if the keys are valid.
    pub(super) fn checked(self) -> Result<(OwnedPlace, String), KeyError> {
        let Self { header, query, field, prefix } = self;
        let found = [&header, &query, &field].into_iter().flatten().count();
        let place = match (header, query, field) {
            (Some(name), None, None) => OwnedPlace::Header(name),
            (None, Some(name), None) => OwnedPlace::Query(name),
            (None, None, Some(pointer)) => OwnedPlace::Field(pointer),
            _ => return Err(KeyError::Places { found }),
        };
        check_place(&place)?;
        if !prefix.is_empty() {
            if !matches!(place, OwnedPlace::Header(_)) {
                return Err(KeyError::PrefixWithoutHeader);
            }
            let is_visible = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
            if !prefix.bytes().all(is_visible) || prefix.starts_with(' ') {
                return Err(KeyError::Prefix(prefix.escape_debug().to_string()));
            }
        }
        Ok((place, prefix))
    }
}

/// Rejects a name that the place cannot have.
fn check_place(place: &OwnedPlace) -> Result<(), KeyError> {
    let escaped = |text: &String| text.escape_debug().to_string();
    match place {
        OwnedPlace::Header(name) if !http1::is_token(name) => Err(KeyError::Header(escaped(name))),
        OwnedPlace::Query(name) if name.is_empty() || name.chars().any(char::is_control) => {
            Err(KeyError::Query(escaped(name)))
        }
        OwnedPlace::Field(text) if !is_pointer(text) => Err(KeyError::Field(escaped(text))),
        OwnedPlace::Header(_) | OwnedPlace::Query(_) | OwnedPlace::Field(_) => Ok(()),
    }
}

/// Returns `true` for the pointer to a field with a name.
fn is_pointer(text: &str) -> bool {
    let is_name = |segment: &str| !segment.is_empty() && pointer::parse_name(segment).is_some();
    text.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_name))
}
