//! `leadhook completions`: prints the completion script of a shell, and answers the calls of such a
//! script.

mod answer;
mod arguments;
mod bash_line;
mod candidates;
mod given;
mod scripts;
mod shell_call;
mod sources;

pub use answer::answer;
pub use scripts::script;

use crate::error::{Error, Exit};
use crate::output::error::Error as OutputError;
use crate::output::printer::Printer;
use clap::Args;
use clap_complete::Shell;

/// Print the completions of a shell
///
/// The output is a script that calls `leadhook`, which must be in PATH, at each completion. It
/// completes events, providers, variants, defects, faults, cases and profiles, including those of
/// your packs and of `leadhook.toml`. A broken `leadhook.toml` only hides its own names.
///
/// bash, in `~/.bashrc`: `source <(leadhook completions bash)`; for bash 3.2 `eval "$(leadhook
/// completions bash)"`. With the package bash-completion, the script can be saved as
/// `~/.local/share/bash-completion/completions/leadhook` instead.
///
/// zsh, in `~/.zshrc` after `compinit`: `source <(leadhook completions zsh)`; or save it as
/// `_leadhook` in a folder of `$fpath`.
///
/// fish: `leadhook completions fish > ~/.config/fish/completions/leadhook.fish`
///
/// PowerShell, in `$PROFILE`: `leadhook completions powershell | Out-String | Invoke-Expression`
///
/// elvish, in `rc.elv`: `eval (leadhook completions elvish | slurp)`
#[derive(Args, Debug)]
pub struct Completions {
    /// Shell to complete in
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Exit, Error> {
        printer.raw(&script(self.shell).map_err(OutputError::Write)?)?;
        Ok(Exit::Success)
    }
}
