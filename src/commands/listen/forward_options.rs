//! The options of `listen` that say where deliveries are forwarded to.

use crate::commands::context::Context;
use crate::commands::option_sources;
use crate::commands::values::span_argument;
use crate::domain::route::Route;
use crate::domain::target::Target;
use crate::error::Error;
use crate::io::forward::ForwardOptions;
use clap::Args;
use std::net::SocketAddr;
use std::time::Duration;

/// Where deliveries are forwarded to, and how.
#[derive(Args, Debug)]
pub(super) struct ForwardArgs {
    /// Pass every delivery on, byte for byte, or those of one event (can be repeated)
    ///
    /// What the first target answers is the answer; a target that does not answer makes it 502. Each
    /// gets its deliveries one by one, in the order in which they came.
    #[arg(long, value_name = "[EVENT=]URL")]
    forward: Vec<String>,

    /// Let targets see the `Host` that the sender asked for, in place of their own
    #[arg(long, requires = "forward")]
    keep_host: bool,

    /// Deadline of a delivery that is passed on; 0 waits for ever
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = span_argument)]
    forward_timeout: Duration,

    /// Allow a target on another machine that `./leadhook.toml` names
    #[arg(long)]
    allow_remote: bool,
}

impl ForwardArgs {
    /// Returns how deliveries are forwarded.
    pub(super) fn options(&self) -> ForwardOptions {
        let timeout = (!self.forward_timeout.is_zero()).then_some(self.forward_timeout);
        ForwardOptions { timeout, keep_host: self.keep_host }
    }

    /// Returns where deliveries are forwarded to, as it was asked for.
    pub(super) fn shown(&self) -> Option<String> {
        (!self.forward.is_empty()).then(|| self.forward.join(", "))
    }

    /// Returns the routes, if they are allowed and none leads back to the listener at `local`.
    pub(super) fn routes(
        &self,
        context: &mut Context<'_>,
        local: SocketAddr,
    ) -> Result<Vec<Route>, Error> {
        let routes = self.forward.iter().map(|text| Route::parse(text));
        let routes = routes.collect::<Result<Vec<_>, _>>()?;
        for event in routes.iter().filter_map(|route| route.event.as_ref()) {
            context.packs.of_event(event, context.provider())?;
        }
        let supplied = || option_sources::value("forward", &context.settings, context.env);
        let is_typed = context.typed.contains_key("forward");
        if let Some((_, origin)) = (!is_typed).then(supplied).flatten() {
            for route in &routes {
                context.check_target(&route.target, &origin, self.allow_remote)?;
            }
        }
        if routes.iter().any(|route| leads_to(&route.target, local)) {
            return Err(Error::Option {
                message: "`--forward` leads back to this listener".to_owned(),
                hint: "name the port of the app, such as `--forward :3000/hooks`".to_owned(),
            });
        }
        Ok(routes)
    }
}

/// Returns `true` if what is sent to the target comes back to the listener itself.
fn leads_to(target: &Target, local: SocketAddr) -> bool {
    target.is_loopback() && target.url().port_or_known_default() == Some(local.port())
}
