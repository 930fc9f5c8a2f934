//! Asks the person at the terminal for a secret, without showing it.

use crate::io::environment::Environment;
use console::Term;
use std::io;
use std::io::Write;

/// Asks on standard error and reads one line, which a terminal does not show.
pub fn secret(env: &Environment, question: &str) -> io::Result<String> {
    let mut err = env.stderr();
    write!(err, "{question}: ")?;
    err.flush()?;
    match env.stdin().supplied_line() {
        None => Term::stderr().read_secure_line(),
        Some(line) => {
            // The newline of a hidden line does not show either: `read_secure_line` adds one too.
            writeln!(err)?;
            line
        }
    }
}
