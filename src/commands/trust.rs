//! Trust in configuration files.
//!
//! `./leadhook.toml` may come with a repository that somebody else wrote. So whatever a file decides
//! about targets, packs and secrets is said, and of what can do harm `./leadhook.toml` decides
//! nothing: not that data leaves this machine, and not which of the user's secrets signs it.

use crate::commands::context::Context;
use crate::commands::option_sources;
use crate::commands::secrets::{SECRET_KEYS, variable};
use crate::commands::settings::{Effective, Origin};
use crate::domain::event::EventRef;
use crate::domain::target::{Target, without_userinfo};
use crate::error::Error;
use std::path::Path;

/// The beginning of the names of the variables that leadhook itself reads.
const OWN_VARIABLES: &str = "LEADHOOK_";

impl Context<'_> {
    /// Says where a target comes from if a file names it, and refuses one of `./leadhook.toml` that
    /// is not this machine unless `allow_remote` is set.
    pub(super) fn check_target(
        &mut self,
        target: &Target,
        origin: &Origin,
        allow_remote: bool,
    ) -> Result<(), Error> {
        self.tell_target(target, origin);
        if allow_remote || target.is_loopback() || !self.settings.is_untrusted(origin) {
            return Ok(());
        }
        Err(Error::Untrusted {
            message: format!(
                "`{}` is not this machine, and {origin} names it as target",
                without_userinfo(&target.to_string())
            ),
            hint: "add `--allow-remote` if data may go there, or type the target".to_owned(),
        })
    }

    /// Says where a target comes from if a file names it.
    pub(super) fn tell_target(&mut self, target: &Target, origin: &Origin) {
        if let Origin::File { .. } = origin {
            self.printer
                .note(&format!("target {} from {origin}", without_userinfo(&target.to_string())));
        }
    }

    /// Says where a secret comes from if a file names it.
    pub(super) fn tell_secret(&mut self, provider: Option<&str>, origin: &Origin) {
        if let Origin::File { .. } = origin {
            let of = provider.map(|id| format!(" of {id}")).unwrap_or_default();
            self.printer.note(&format!("secret{of} from {origin}"));
        }
    }

    /// Returns `true` if the secrets that serve every provider may serve this one.
    ///
    /// A pack of `./leadhook.toml` decides what is signed with them: it could describe the scheme of
    /// another provider. So the command has to name its provider, by `-p` or in the event.
    pub(super) fn may_use_general_secrets(&self, id: &str, event: Option<&EventRef>) -> bool {
        let is_untrusted =
            self.pack_origins.get(id).is_some_and(|origin| self.settings.is_untrusted(origin));
        !is_untrusted || self.is_named(id, event)
    }

    /// Returns `true` if the user named this provider, and not only a file of somebody else.
    fn is_named(&self, id: &str, event: Option<&EventRef>) -> bool {
        if event.is_some_and(|event| event.provider.as_deref() == Some(id)) {
            return true;
        }
        let origin = || option_sources::value("provider", &self.settings, self.env);
        let is_of_user =
            || origin().is_some_and(|(_, origin)| !self.settings.is_untrusted(&origin));
        self.provider() == Some(id) && (self.typed.contains_key("provider") || is_of_user())
    }

    /// Refuses what `./leadhook.toml` may not name as a secret: a file outside its own folder, and a
    /// variable of leadhook's that holds the secret of something else.
    ///
    /// `provider` is that of the table the key is in, if it is in one.
    pub(super) fn check_secret_source(
        &self,
        key: &str,
        provider: Option<&str>,
        place: &Effective,
    ) -> Result<(), Error> {
        if !self.settings.is_untrusted(&place.origin) {
            return Ok(());
        }
        let Effective { text, origin } = place;
        if key == SECRET_KEYS[0] {
            let own = provider.map(variable);
            if !text.starts_with(OWN_VARIABLES) || own.as_ref() == Some(text) {
                return Ok(());
            }
            return Err(Error::Untrusted {
                message: format!(
                    "{origin} names `{text}`, expected a variable that holds no other secret"
                ),
                hint:
                    "leadhook reads its own variables unasked: take the line out, or name another"
                        .to_owned(),
            });
        }
        if is_inside(place) {
            return Ok(());
        }
        Err(Error::Untrusted {
            message: format!("{origin} names a secret file outside its folder"),
            hint: "name it with `--secret-file`, or in your own configuration file".to_owned(),
        })
    }

    /// The error for a pack of `./leadhook.toml` for which there are only secrets that it may not use.
    pub(super) fn secret_needs_name(&self, id: &str) -> Option<Error> {
        let origin = self.pack_origins.get(id)?;
        Some(Error::Untrusted {
            message: format!(
                "the secret is for any provider, and is not used for `{id}`, a pack of {origin}"
            ),
            hint: format!("name the provider: `-p {id}`, or set {}", variable(id)),
        })
    }
}

/// Returns `true` if the file is in the folder of the configuration file, with every link
/// followed.
fn is_inside(place: &Effective) -> bool {
    let Origin::File { path, .. } = &place.origin else { return false };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let Ok(folder) = folder.unwrap_or(Path::new(".")).canonicalize() else { return false };
    // What does not exist is refused when it is read.
    place.path().canonicalize().map_or(true, |file| file.starts_with(folder))
}
