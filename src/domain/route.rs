//! Forwarding routes: a target, for all deliveries or for those of one event.

use crate::domain::event_ref::EventRef;
use crate::domain::parse_error::ParseValueError;
use crate::domain::target::{Target, TargetError};
use thiserror::Error;

/// A forwarding target, written `:3000/hooks`, or `created=:3000/hooks` for one event.
#[derive(Clone, Debug)]
pub struct Route {
    /// The event, if only one is forwarded.
    pub event: Option<EventRef>,
    /// The target.
    pub target: Target,
}

/// An error in a route.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum RouteError {
    /// The part before the `=` is not an event.
    #[error(transparent)]
    Event(#[from] ParseValueError),
    /// The part after the `=` is not a target.
    #[error(transparent)]
    Target(#[from] TargetError),
}

impl Route {
    /// Parses a route.
    pub fn parse(text: &str) -> Result<Self, RouteError> {
        // An address may contain a `=` as well, but never before its first `/` or `?`.
        let event = text.split_once('=').filter(|(event, _)| !event.contains(['/', '?']));
        let (event, target) = match event {
            Some((event, target)) => (Some(event.parse()?), target),
            None => (None, text),
        };
        Ok(Self { event, target: Target::parse(target)? })
    }

    /// Returns `true` if a delivery of this event is forwarded to it.
    #[must_use]
    pub fn matches(&self, provider: Option<&str>, event: Option<&str>) -> bool {
        self.event.as_ref().is_none_or(|own| own.matches(provider, event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<String>, String) {
        let route = Route::parse(text).unwrap();
        (route.event.map(|event| event.to_string()), route.target.to_string())
    }

    #[test]
    fn an_event_may_precede_a_target() {
        let hooks = "http://127.0.0.1:3000/hooks";
        assert_eq!(read(":3000/hooks"), (None, hooks.to_owned()));
        assert_eq!(read("created=:3000/hooks"), (Some("created".to_owned()), hooks.to_owned()));
        let (event, _) = read("acme:lead.created=http://localhost:1/?a=b");
        assert_eq!(event.as_deref(), Some("acme:lead.created"));
        assert_eq!(read("http://localhost:1/?a=b"), (None, "http://localhost:1/?a=b".to_owned()));
        for wrong in ["=:3000", "created=", "acme:=:3000", "created=nonsense value"] {
            assert!(Route::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_route_accepts_only_its_event_and_provider() {
        let accepts = |route: &str, provider, event| {
            Route::parse(route).unwrap().matches(Some(provider), Some(event))
        };
        assert!(accepts(":1", "acme", "created") && accepts("created=:1", "acme", "created"));
        assert!(accepts("acme:created=:1", "acme", "created"));
        assert!(!accepts("other:created=:1", "acme", "created"));
        assert!(!accepts("updated=:1", "acme", "created"));
        assert!(!Route::parse("created=:1").unwrap().matches(None, None));
    }
}
