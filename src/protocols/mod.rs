//! Parsers and writers of all formats, and the signature schemes. Nothing here does I/O.
//!
//! Each scheme is one file in [`schemes`] and one entry of its registry.

pub mod byte_order_mark;
pub mod capture_file;
mod capture_line;
pub(crate) mod code_pages;
pub mod config_file;
pub mod curl;
pub(crate) mod decompress;
pub mod hidden_value;
pub mod http1;
pub mod journal_file;
pub mod json;
pub(crate) mod json_layout;
pub mod json_print;
pub mod json_stringify;
pub mod json_style;
pub mod json_text;
pub(crate) mod literal_printer;
pub mod meta_schema;
pub mod policy_file;
pub(crate) mod printed_literals;
pub mod requests;
pub mod safe_json;
pub mod schema;
pub mod schema_bundle;
pub mod schema_outline;
pub mod schemes;
pub mod secret_list;
pub mod secret_surroundings;
pub mod secret_text;
pub mod shell_word;
