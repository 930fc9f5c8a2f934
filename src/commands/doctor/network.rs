//! Checks of the network: the targets, the port of `listen`, and proxies.

use super::check_result::CheckResult;
use crate::commands::context::Context;
use crate::commands::settings::{EffectiveValue, SettingOrigin};
use crate::domain::config::option_env_var;
use crate::domain::target::{DEFAULT_TARGET, Target, without_userinfo};
use crate::engine::doctor::PROXY_VARIABLES;
use crate::error::Error;
use crate::io::client;
use crate::io::environment::Environment;
use crate::io::listen_port::{PortState, port_state};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use url::Url;

/// The maximum time to connect to a target.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Checks the given target, or else every configured one.
pub(super) fn check_targets(context: &Context<'_>, given: Option<&str>) -> Vec<CheckResult> {
    let mut targets = Vec::new();
    if let Some(text) = given {
        let origin = SettingOrigin::Option("URL".to_owned());
        targets.push(EffectiveValue { text: text.to_owned(), origin });
    } else {
        targets.push(context.configured_target(context.provider()));
        if context.provider().is_none() {
            for pack in context.packs.iter() {
                let own = context.configured_target(Some(&pack.provider.id));
                if !targets.contains(&own) {
                    targets.push(own);
                }
            }
        }
    }
    targets.iter().map(|target| check_target(context, target)).collect()
}

/// Connects to a target, unless it is not to be trusted.
fn check_target(
    context: &Context<'_>,
    EffectiveValue { text, origin }: &EffectiveValue,
) -> CheckResult {
    let target = match Target::parse(text) {
        Ok(target) => target,
        Err(error) => {
            let failed = CheckResult::failed("target", &Error::from(error));
            return CheckResult { message: format!("{origin}: {}", failed.message), ..failed };
        }
    };
    let url = without_userinfo(&target.to_string());
    let name = match origin {
        SettingOrigin::Option(_) => url.clone(),
        SettingOrigin::Default => format!("{url} (the default)"),
        _ => format!("{url} (from {origin})"),
    };
    let result = if context.settings.is_untrusted(origin) && !target.is_loopback() {
        let message = format!("{name} is not this machine: it is refused, and was not contacted");
        let hint =
            format!("`leadhook doctor {url}` contacts it; other commands need `--allow-remote`");
        CheckResult::note("target", message).with_hint(hint)
    } else if target.is_link_local() {
        let message = format!("{name} is a link-local address, to which nothing is sent");
        CheckResult::problem("target", message, "use the address that the app itself listens on")
    } else if configured_proxy(context.env).is_some() {
        CheckResult::ok("target", format!("{name} is reached by the proxy, and was not contacted"))
    } else {
        match client::try_connect(&target, CONNECT_TIMEOUT) {
            Ok(()) => CheckResult::ok("target", format!("{name} accepts connections")),
            Err(reason) => unreachable_target(&name, origin, &reason),
        }
    };
    result.about(url)
}

fn unreachable_target(name: &str, origin: &SettingOrigin, reason: &str) -> CheckResult {
    let message = format!("{name} is not reachable: {reason}");
    // The default is only a guess: no app needs to listen there.
    if *origin == SettingOrigin::Default {
        return CheckResult::note("target", message)
            .with_hint("name your app, as in `leadhook doctor :3000`");
    }
    CheckResult::problem("target", message, "start your app; or is it another port?")
}

/// Checks the default port of `listen`.
pub(super) fn check_port() -> CheckResult {
    let port = Target::parse(DEFAULT_TARGET).ok().and_then(|target| target.url().port());
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.unwrap_or_default()));
    let result = match port_state(address) {
        PortState::Free => {
            CheckResult::ok("port", format!("{address} is free for `leadhook listen`"))
        }
        PortState::InUse { owner } => {
            let owner = owner.unwrap_or_else(|| "another process".to_owned());
            CheckResult::note("port", format!("{address} is in use by {owner}"))
                .with_hint("`leadhook listen :0` listens on a free port")
        }
        PortState::Unavailable(error) => {
            CheckResult::note("port", format!("{address} is not available: {error}"))
                .with_hint("`leadhook listen :0` listens on a free port")
        }
    };
    result.about(address.to_string())
}

/// Checks the proxy, and the variables that name one to other programs. Their values may contain
/// passwords.
pub(super) fn check_proxy(env: &Environment) -> CheckResult {
    if let Some((name, proxy)) = configured_proxy(env) {
        let message = format!("{name} sends every request through {}", without_userinfo(proxy));
        // A proxy of another scheme, such as SOCKS, is not contacted.
        let connected = proxy_address(proxy).map(|to| client::try_connect(&to, CONNECT_TIMEOUT));
        return match connected {
            Some(Err(reason)) => CheckResult::problem(
                "proxy",
                format!("{message}, which is not reachable: {reason}"),
                format!("unset {name}, or correct its port"),
            ),
            Some(Ok(())) | None => {
                CheckResult::note("proxy", format!("{message}, those to this machine included"))
            }
        };
    }
    let is_set = |name: &&&str| env.var_os(name).is_some();
    let set: Vec<_> = PROXY_VARIABLES.iter().filter(is_set).copied().collect();
    if set.is_empty() {
        return CheckResult::ok("proxy", "no proxy variable is set; connections are direct");
    }
    let verb = if set.len() == 1 { "is" } else { "are" };
    let message = format!("{} {verb} set and ignored: connections are direct", set.join(", "));
    CheckResult::note("proxy", message).with_hint("name a proxy with `--proxy URL`")
}

/// Returns the variable that names the proxy of every request, and its value.
fn configured_proxy(env: &Environment) -> Option<(String, &str)> {
    let name = option_env_var("proxy");
    let proxy = env.var(&name)?;
    Some((name, proxy))
}

/// Returns the address of a proxy, without its user and password, which a target may not have.
fn proxy_address(proxy: &str) -> Option<Target> {
    let mut url = Url::parse(proxy).ok()?;
    url.set_username("").and_then(|()| url.set_password(None)).ok()?;
    Target::parse(url.as_str()).ok()
}
