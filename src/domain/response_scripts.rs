//! Scripted responses, for all events or for one of them.

use crate::domain::event_ref::EventRef;
use crate::domain::parse_error::ParseValueError;
use crate::domain::status::ResponseScript;
use std::fmt;
use std::str::FromStr;

/// A response script for all events, `503x2,200`, or for one event, `created=406`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventScript {
    /// The event, if the script is for one only.
    pub event: Option<EventRef>,
    /// The statuses, in order.
    pub script: ResponseScript,
}

impl FromStr for EventScript {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (event, script) = match text.split_once('=') {
            Some((event, script)) => (Some(event.parse()?), script),
            None => (None, text),
        };
        Ok(Self { event, script: script.parse()? })
    }
}

impl fmt::Display for EventScript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.event {
            Some(event) => write!(f, "{event}={}", self.script),
            None => self.script.fmt(f),
        }
    }
}

/// All scripts, each with the number of responses already given.
#[derive(Clone, Debug, Default)]
pub struct ResponseScripts(Vec<(EventScript, u64)>);

impl ResponseScripts {
    /// Creates the set of scripts. The error is the event of two scripts, the second of which would
    /// never be used.
    pub fn new(scripts: Vec<EventScript>) -> Result<Self, Option<EventRef>> {
        for (index, script) in scripts.iter().enumerate() {
            if scripts[..index].iter().any(|other| other.event == script.event) {
                return Err(script.event.clone());
            }
        }
        Ok(Self(scripts.into_iter().map(|script| (script, 0)).collect()))
    }

    /// Creates one script for all events.
    #[must_use]
    pub fn for_all_events(script: ResponseScript) -> Self {
        Self(vec![(EventScript { event: None, script }, 0)])
    }

    /// Returns the scripts, in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = &EventScript> {
        self.0.iter().map(|(script, _)| script)
    }

    /// Returns the next status for a delivery of this event. A script for the event takes
    /// precedence over the one for all events; each counts its own responses.
    pub fn next_status(&mut self, provider: Option<&str>, event: Option<&str>) -> Option<u16> {
        let rank = |scripted: &EventScript| match &scripted.event {
            Some(own) if !own.matches(provider, event) => None,
            Some(EventRef { provider: Some(_), .. }) => Some(2),
            Some(_) => Some(1),
            None => Some(0),
        };
        let matching = self.0.iter_mut().filter_map(|entry| Some((rank(&entry.0)?, entry)));
        let (_, (scripted, count)) = matching.max_by_key(|(rank, _)| *rank)?;
        let status = scripted.script.status(*count);
        *count += 1;
        Some(status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scripts(scripts: &[&str]) -> ResponseScripts {
        let scripts = scripts.iter().map(|text| text.parse().unwrap()).collect();
        ResponseScripts::new(scripts).unwrap()
    }

    #[test]
    fn an_event_without_a_script_gets_the_one_for_all() {
        let mut all = scripts(&["503x2,200", "created=406", "acme:updated=500,200"]);
        let mut next = |event| all.next_status(Some("acme"), Some(event));
        assert_eq!([next("deleted"), next("created")], [Some(503), Some(406)]);
        assert_eq!([next("created"), next("deleted")], [Some(406), Some(503)]);
        assert_eq!([next("updated"), next("updated")], [Some(500), Some(200)]);
        assert_eq!(next("deleted"), Some(200));
        assert_eq!(scripts(&["created=406"]).next_status(None, None), None);
        assert_eq!(
            scripts(&["other:created=406"]).next_status(Some("acme"), Some("created")),
            None
        );
    }

    #[test]
    fn scripts_are_formatted_as_they_are_parsed() {
        let texts = ["503x2,200", "created=406", "acme:updated=500,200"];
        let formatted: Vec<_> = scripts(&texts).iter().map(ToString::to_string).collect();
        assert_eq!(formatted, texts);
    }

    #[test]
    fn the_more_specific_script_takes_precedence() {
        let mut all = scripts(&["created=406", "acme:created=500"]);
        assert_eq!(all.next_status(Some("acme"), Some("created")), Some(500));
        assert_eq!(all.next_status(Some("other"), Some("created")), Some(406));
    }

    #[test]
    fn an_invalid_or_repeated_script_is_rejected() {
        let two = |texts: [&str; 2]| {
            ResponseScripts::new(texts.map(|text| text.parse().unwrap()).to_vec())
        };
        assert_eq!(two(["200", "406"]).unwrap_err(), None);
        assert!(two(["created=200", "created=406"]).unwrap_err().is_some());
        for wrong in ["=200", "created=", "created=x", "a:=200"] {
            assert!(wrong.parse::<EventScript>().is_err(), "{wrong}");
        }
    }
}
