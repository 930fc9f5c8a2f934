//! The completion scripts of the shells.

use clap_complete::Shell;
use clap_complete::env::Shells;
use std::io;

/// The name by which the scripts call `leadhook`, and for which they complete.
const PROGRAM: &str = "leadhook";

/// The variable with which a script asks for completions; its value is the name of the shell.
pub(super) const VARIABLE: &str = "LEADHOOK_COMPLETE";

/// The script for bash, which splits words at `:`; the one of the engine would complete
/// `provider:event` wrongly.
const BASH: &str = include_str!("leadhook.bash");

/// The script for zsh. That of the engine would insert a space after `junit=`.
const ZSH: &str = include_str!("leadhook.zsh");

/// Returns the completion script for one shell. A test compares it with the one in `completions/`.
pub fn script(shell: Shell) -> io::Result<Vec<u8>> {
    match shell {
        Shell::Bash => Ok(BASH.into()),
        Shell::Zsh => Ok(ZSH.into()),
        _ => registration(&shell.to_string()),
    }
}

/// Returns the script of the engine for a shell.
fn registration(shell: &str) -> io::Result<Vec<u8>> {
    let shells = Shells::builtins();
    let completer = shells.completer(shell).ok_or(io::ErrorKind::Unsupported)?;
    let mut script = Vec::new();
    completer.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script)?;
    Ok(script)
}
