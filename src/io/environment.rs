//! What the process is told from outside, as one value: variables, clock, chance, terminals.

use jiff::Timestamp;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{IsTerminal, stderr, stdin, stdout};

/// The surroundings of one run.
#[derive(Clone, Debug)]
pub struct Environment {
    vars: BTreeMap<OsString, OsString>,
    clock: fn() -> Timestamp,
    fixed: Option<Timestamp>,
    /// Standard input is a terminal.
    pub stdin_is_terminal: bool,
    /// Standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Standard error is a terminal.
    pub stderr_is_terminal: bool,
}

impl Environment {
    /// Captures the surroundings of this process.
    #[must_use]
    pub fn capture() -> Self {
        Self {
            vars: std::env::vars_os().collect(),
            clock: system_clock,
            fixed: None,
            stdin_is_terminal: stdin().is_terminal(),
            stdout_is_terminal: stdout().is_terminal(),
            stderr_is_terminal: stderr().is_terminal(),
        }
    }

    /// Surroundings with these variables, a clock that stands still, and no terminal.
    #[must_use]
    pub fn fixed(vars: &[(&str, &str)], now: Timestamp) -> Self {
        Self {
            vars: vars.iter().map(|(name, value)| (name.into(), value.into())).collect(),
            clock: system_clock,
            fixed: Some(now),
            stdin_is_terminal: false,
            stdout_is_terminal: false,
            stderr_is_terminal: false,
        }
    }

    /// The value of a variable; none where it is unset, empty or no text.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<&str> {
        self.bytes(name).and_then(|value| std::str::from_utf8(value).ok())
    }

    /// The value of a variable as the system has it; none where it is unset or empty.
    #[must_use]
    pub fn os(&self, name: &str) -> Option<&OsStr> {
        self.vars.get(OsStr::new(name)).map(OsString::as_os_str).filter(|value| !value.is_empty())
    }

    /// The bytes of a variable; none where it is unset or empty.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.os(name).map(OsStr::as_encoded_bytes)
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.fixed.unwrap_or_else(self.clock)
    }

    /// A seed that no other run has.
    #[must_use]
    pub fn chance(&self) -> u64 {
        u64::try_from(uuid::Uuid::new_v4().as_u128() & u128::from(u64::MAX)).unwrap_or_default()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one clock, which everything else is handed"
)]
fn system_clock() -> Timestamp {
    Timestamp::now()
}
