//! The integration tests: one binary, sealed runs of `leadhook`, loopback and port 0 only.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test panics if it fails, and prints a note if it is skipped"
)]
#![expect(unreachable_pub, reason = "modules share items; no other crate links this one")]

// First: the modules below use its macro.
#[macro_use]
mod support;

mod book;
mod check;
mod ci_commands;
mod clock;
mod completions;
mod config;
mod connect;
mod console_blocks;
mod corpus;
mod curl;
mod custom_packs;
mod decode;
mod demo;
mod diff;
mod docs;
mod doctor;
mod durability;
mod events_check;
mod examples;
mod formats;
mod guards;
mod health;
mod hostile;
mod in_process;
mod json_style;
mod known_answers;
mod listen;
mod lost_bytes;
mod manual;
mod mine;
#[path = "../../fuzz/src/lib.rs"]
mod oracles;
mod packs;
mod parsers;
mod payload_generation;
mod payloads;
mod picture;
mod practice;
#[cfg(unix)]
mod progress;
mod properties;
mod provider_pages;
mod readme;
mod readme_contents;
mod receivers;
mod redact;
mod replay;
mod reserialisers;
mod screens;
mod select;
mod send;
mod senders;
mod shared_secret;
mod sign;
mod signature_page;
mod signature_questions;
mod simulate;
#[cfg(unix)]
mod special_files;
mod tampers;
mod testing;
mod torture;
mod trust;
mod truth;
mod usage;
mod verify;
mod wire;
