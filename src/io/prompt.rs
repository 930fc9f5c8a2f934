//! Secret prompt: reads a secret from the terminal without echo.

use crate::io::environment::Environment;
use console::Term;
use std::io;
use std::io::Write;

/// Prompts on standard error and reads one line, without echo on a terminal.
pub fn read_secret(env: &Environment, question: &str) -> io::Result<String> {
    let mut err = env.stderr();
    write!(err, "{question}: ")?;
    err.flush()?;
    match env.stdin().supplied_line() {
        None => Term::stderr().read_secure_line(),
        Some(line) => {
            // The newline is not echoed either, so `read_secure_line` also writes one.
            writeln!(err)?;
            line
        }
    }
}
