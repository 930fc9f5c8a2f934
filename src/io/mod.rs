//! I/O layer: files, sockets, clock and environment.
//!
//! Only this layer uses tokio, hyper, reqwest and `tiny_http`.

pub mod append_file;
pub mod background_output;
pub mod captures;
mod child;
pub mod client;
pub mod config;
pub mod environment;
pub mod error;
pub mod failure_folder;
pub mod forward;
pub mod input;
pub mod journal;
pub mod lines;
pub mod listen_port;
pub mod listener;
pub mod memory;
pub mod output_file;
mod output_tail;
pub mod pack_folder;
mod port_owner;
pub mod practice;
mod private_file;
pub mod probe;
mod process_group;
pub mod prompt;
pub mod receiver_process;
pub mod signals;
mod special_file;
mod started_command;
pub mod store;
mod streams;
pub mod task;
pub mod tunnel;
pub mod wire_client;
