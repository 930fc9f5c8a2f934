//! Asks the person at the terminal for a secret, without showing it.

use console::Term;
use std::io;
use std::io::Write;

/// Asks on standard error; what is typed is not shown.
pub fn secret(question: &str) -> io::Result<String> {
    let mut term = Term::stderr();
    write!(term, "{question}: ")?;
    term.flush()?;
    term.read_secure_line()
}
