//! Send, sign, verify and receive lead-delivery webhooks, offline.
pub mod domain;
pub mod engine;
pub mod protocols;
pub mod providers;
