//! Domain types without I/O: messages, secrets, retry schedules, verdicts and the values that users
//! write.
//!
//! Nothing here accesses files, sockets, the clock or the environment.

pub mod capture;
pub mod cause;
pub mod ci_command;
pub mod config;
pub mod conformance;
pub mod delivery;
pub mod event_ref;
pub mod excerpt;
pub mod fault_options;
pub mod finding;
pub mod frequency;
pub mod interval;
pub mod latency;
pub mod message;
pub mod parse_error;
pub mod percentiles;
pub mod pointer;
pub mod response_scripts;
pub mod retry;
pub mod route;
pub mod secret;
pub mod similar_names;
pub mod speed;
pub mod status;
pub mod target;
pub mod time;
pub mod timeline;
pub mod unsafe_char;
pub mod variation;
pub mod verdict;
