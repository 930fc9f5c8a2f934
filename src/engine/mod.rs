//! The engine: recognises, verifies, explains, generates and simulates webhook requests.
//!
//! It is pure: time, randomness and bytes are arguments, and nothing here does I/O or waits.

pub mod awaited;
pub mod body_edit;
pub mod compose;
pub mod conformance;
pub mod decode;
pub mod delivery_notes;
pub mod diagnosis;
pub mod difference;
pub mod doctor;
pub mod explain;
pub mod fault_injection;
pub mod fetch;
pub mod generate;
pub mod handshake;
pub mod judge;
pub mod ledger;
pub mod pack_check;
pub mod payload_edit;
pub mod persona;
pub mod provider_page;
pub mod receiver;
pub mod recognise;
pub mod redaction;
mod renamed_headers;
pub mod replay;
pub mod request_filter;
pub mod seeded_rng;
pub mod signature_page;
pub mod simulate;
pub mod status_causes;
pub mod status_hints;
pub mod tamper;
