//! The manual: what the help, the manual pages and `help --format json` say about every command.
//!
//! clap's tree of commands is the source of names, options and descriptions. What it cannot hold is
//! in tables: the examples, the options that the short help shows, variables and files.

pub mod command_names;
pub mod command_reference;
mod command_text;
pub mod examples;
mod help_document;
mod help_text;
mod man_page;
mod man_writer;
pub mod other_names;
pub mod short_help;
pub mod surroundings;

pub use help_document::HelpDocument;
pub use help_text::with_examples;
pub use man_page::{file_name, man_page};
