//! The endpoints that captures are sent to, with the connection options of each.

use crate::commands::connection::ConnectionArgs;
use crate::commands::context::Context;
use crate::domain::message::Message;
use crate::domain::retry::RetryPolicy;
use crate::domain::target::{Target, without_userinfo};
use crate::engine::replay::ReplayError;
use crate::error::Error;
use crate::io::client::{Client, ConnectOptions};
use crate::output::sanitize;
use crate::protocols::requests::address;
use std::collections::{BTreeMap, BTreeSet};

/// The endpoints of one run.
#[derive(Debug)]
pub(super) struct Endpoints<'a> {
    connection: &'a ConnectionArgs,
    /// `true` if nothing is sent.
    is_dry_run: bool,
    /// The target of `--to`.
    explicit: Option<Target>,
    /// The targets from variables and configuration files that were checked.
    checked: BTreeSet<String>,
    /// The connection options of each target used so far.
    options: BTreeMap<String, ConnectOptions>,
    /// The URL that was printed last.
    printed: Option<String>,
}

impl<'a> Endpoints<'a> {
    /// Prepares the target of `--to`; other targets are prepared when they are used first.
    pub(super) fn new(
        context: &mut Context<'_>,
        explicit: Option<&str>,
        connection: &'a ConnectionArgs,
        is_dry_run: bool,
    ) -> Result<Self, Error> {
        let explicit = explicit.map(Target::parse).transpose()?;
        let mut endpoints = Self {
            connection,
            is_dry_run,
            explicit,
            checked: BTreeSet::new(),
            options: BTreeMap::new(),
            printed: None,
        };
        if let Some(target) = endpoints.explicit.clone() {
            endpoints.options(context, &target)?;
        }
        Ok(endpoints)
    }

    /// Returns the target for requests of a provider, without the path of a request.
    pub(super) fn base(
        &mut self,
        context: &mut Context<'_>,
        provider: Option<&str>,
    ) -> Result<Target, Error> {
        if let Some(target) = &self.explicit {
            return Ok(target.clone());
        }
        let (target, origin) = context.target_or_configured(None, provider)?;
        if !self.checked.contains(target.url().as_str()) {
            let is_allowed = self.is_dry_run || self.connection.allow_remote;
            context.check_target(&target, &origin, is_allowed)?;
            self.checked.insert(target.to_string());
        }
        Ok(target)
    }

    /// Creates the client that sends `message` to `address`, which is a URL of the target `base`.
    ///
    /// Each request uses a new client and connection: an endpoint may close a reused connection
    /// just as the request arrives, and it would be unknown if it was delivered.
    pub(super) fn client(
        &mut self,
        context: &mut Context<'_>,
        base: &Target,
        address: &Target,
        message: &Message,
        retry: Option<&RetryPolicy>,
    ) -> Result<Client, Error> {
        let mut options = self.options(context, base)?;
        options.timeout = self.connection.timeout(retry);
        Ok(Client::new(address, &options, message)?)
    }

    /// Prints the URL of the next request, unless the one before was sent there as well.
    pub(super) fn print_url(
        &mut self,
        context: &mut Context<'_>,
        address: &Target,
    ) -> Result<(), Error> {
        let url = without_userinfo(&address.to_string());
        if self.printed.as_ref() == Some(&url) {
            return Ok(());
        }
        context.printer.text(|out, look| {
            writeln!(out, "{}", look.theme.dim(&format!("target {}", sanitize::line(&url))))
        })?;
        self.printed = Some(url);
        Ok(())
    }

    /// Returns the connection options for a target, which is prepared at its first use unless
    /// nothing is sent.
    pub(super) fn options(
        &mut self,
        context: &mut Context<'_>,
        target: &Target,
    ) -> Result<ConnectOptions, Error> {
        let key = target.to_string();
        if let Some(options) = self.options.get(&key) {
            return Ok(options.clone());
        }
        let options = self.connection.options(context.env, target, None)?;
        if !self.is_dry_run {
            self.connection.prepare(target, &options, context.printer)?;
        }
        self.options.insert(key, options.clone());
        Ok(options)
    }
}

/// Returns the URL for a captured request: with its path and query, unless `base` names a path.
pub(super) fn address(base: &Target, captured: &str) -> Result<Target, ReplayError> {
    if base.has_path() {
        return Ok(base.clone());
    }
    let (_, path) = address::split_url(captured);
    if path.starts_with('/') { Ok(base.with_path(&path)) } else { Err(ReplayError::NoPath(path)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_keeps_its_path_unless_the_target_names_one() {
        let to = |target: &str, captured: &str| {
            address(&Target::parse(target).unwrap(), captured).map(|target| target.to_string())
        };
        for (target, captured, url) in [
            (":3000", "/hooks?a=1", "http://127.0.0.1:3000/hooks?a=1"),
            (":3000/", "//example.com/", "http://127.0.0.1:3000//example.com/"),
            (":3000", "http://example.com/x?y", "http://127.0.0.1:3000/x?y"),
            (":3000/in", "/hooks?a=1", "http://127.0.0.1:3000/in"),
            (":3000/in?b=2", "*", "http://127.0.0.1:3000/in?b=2"),
        ] {
            assert_eq!(to(target, captured), Ok(url.to_owned()), "{target} {captured}");
        }
        assert_eq!(to(":3000", "*"), Err(ReplayError::NoPath("*".to_owned())));
    }
}
