//! The token of a handshake, from its option or the environment.

use crate::commands::context::Context;
use crate::domain::secret::{Keyring, Secret};
use crate::error::Error;
use clap::Args;

/// The option for the token.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct HandshakeArgs {
    /// Token of the GET with which a sender confirms the URL
    ///
    /// Every user of the machine can read it in the process list: the environment is safer, with
    /// `LEADHOOK_<PROVIDER>_HANDSHAKE_TOKEN` for a provider.
    #[arg(long, value_name = "TEXT", value_parser = token_argument)]
    handshake_token: Option<Secret>,
}

impl HandshakeArgs {
    /// Returns the tokens of all providers that have a handshake: that of the option for every one,
    /// or else those of the environment. If providers are named, only they have one.
    pub(super) fn tokens(&self, context: &Context<'_>) -> Result<Keyring, Error> {
        let named = context.providers();
        let mut tokens = Keyring::default();
        for pack in context.packs.iter().filter(|pack| pack.provider.handshake.is_some()) {
            let id = &pack.provider.id;
            if !named.is_empty() && !named.contains(id) {
                continue;
            }
            if let Some(token) = self.token(context, id)? {
                tokens.insert(id, token);
            }
        }
        Ok(tokens)
    }

    /// Returns the token of one provider, if there is one.
    pub(super) fn token(&self, context: &Context<'_>, id: &str) -> Result<Option<Secret>, Error> {
        if let Some(token) = &self.handshake_token {
            return Ok(Some(token.clone()));
        }
        let name = handshake_variable(id);
        let Some(value) = context.env.var_bytes(&name) else { return Ok(None) };
        let token = std::str::from_utf8(value).map_err(|_| "it is not UTF-8".to_owned());
        let token = token.and_then(token_argument);
        token.map(Some).map_err(|problem| Error::Option {
            message: format!("`{name}` is not a token: {problem}"),
            hint: "it is the text that the vendor's page asks for beside the URL".to_owned(),
        })
    }
}

/// Parses a token. An error does not repeat it.
fn token_argument(text: &str) -> Result<Secret, String> {
    if text.len() > 1024 || text.chars().any(char::is_control) {
        return Err("expected up to 1024 characters without control characters".to_owned());
    }
    Secret::new(text).map_err(|_| "expected some text".to_owned())
}

/// Returns the name of the variable with the token of a provider.
pub(super) fn handshake_variable(id: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric();
    let id: String =
        id.chars().map(|c| if is_plain(c) { c.to_ascii_uppercase() } else { '_' }).collect();
    format!("LEADHOOK_{id}_HANDSHAKE_TOKEN")
}
