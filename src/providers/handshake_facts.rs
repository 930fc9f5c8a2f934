//! The handshake of a provider: the GET with which it confirms the URL of a receiver.

use serde::Deserialize;

/// The names of the query parameters of a handshake.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "HandshakeKeys")]
pub struct HandshakeFacts {
    /// The parameter that says that the request is a handshake, with its value.
    pub mode: Option<HandshakeMode>,
    /// The parameter that the body of the response repeats.
    pub challenge: String,
    /// The parameter with the token that both sides know.
    pub token: String,
    /// The source of these facts, in a sentence that begins with a confidence mark.
    pub source: Option<String>,
}

/// A query parameter with a fixed value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HandshakeMode {
    /// The name of the parameter.
    pub parameter: String,
    /// Its value.
    pub value: String,
}

/// The keys of `[handshake]`.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct HandshakeKeys {
    mode: Option<HandshakeMode>,
    challenge: Option<String>,
    token: Option<String>,
    source: Option<String>,
}

impl TryFrom<HandshakeKeys> for HandshakeFacts {
    type Error = String;

    fn try_from(keys: HandshakeKeys) -> Result<Self, String> {
        let HandshakeKeys { mode, challenge, token, source } = keys;
        let challenge = required("challenge", "hub.challenge", challenge)?;
        let token = required("token", "hub.verify_token", token)?;
        let mode_name = mode.as_ref().map(|mode| mode.parameter.as_str());
        if let Some(HandshakeMode { parameter, value }) = &mode {
            required("mode.parameter", "hub.mode", Some(parameter.clone()))?;
            required("mode.value", "subscribe", Some(value.clone()))?;
        }
        if challenge == token || mode_name.is_some_and(|name| name == challenge || name == token) {
            return Err(
                "expected a different query parameter for each of `mode`, `challenge` and \
                        `token`"
                    .to_owned(),
            );
        }
        Ok(Self { mode, challenge, token, source })
    }
}

/// Returns the name of a query parameter or a fixed value, or an error if it is missing or cannot be
/// sent as it is.
fn required(key: &str, example: &str, name: Option<String>) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    match name {
        Some(name) if !name.is_empty() && name.len() <= 100 && name.bytes().all(is_plain) => {
            Ok(name)
        }
        Some(_) => Err(format!(
            "`{key}` of the handshake cannot be part of a query as it is: expected letters, digits, \
             `.`, `_` and `-`, such as `{example}`"
        )),
        None => Err(format!(
            "the handshake has no `{key}`: expected the name of a query parameter, such as \
             `{example}`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<HandshakeFacts, String> {
        toml::from_str(text).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn a_handshake_needs_a_challenge_and_a_token_of_different_names() {
        let whole = "mode = { parameter = \"m\", value = \"v\" }\nchallenge = \"c\"\ntoken = \"t\"";
        assert_eq!(read(whole).unwrap().mode.unwrap().value, "v");
        assert!(read("challenge = \"c\"\ntoken = \"t\"").unwrap().mode.is_none());
        for (text, part) in [
            ("challenge = \"c\"", "the handshake has no `token`"),
            ("token = \"t\"", "the handshake has no `challenge`"),
            ("challenge = \"\"\ntoken = \"t\"", "`challenge` of the handshake cannot be part"),
            ("challenge = \"c\"\ntoken = \"t&u\"", "`token` of the handshake cannot be part"),
            ("challenge = \"c\"\ntoken = \"c\"", "expected a different query parameter"),
            ("colour = \"c\"", "unknown field `colour`"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
