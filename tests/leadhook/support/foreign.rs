//! Receivers in other languages, from `tests/receivers`.

use super::ROOT;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

/// An interpreter.
#[derive(Clone, Copy)]
pub struct Interpreter {
    /// The environment variable that names another interpreter.
    variable: &'static str,
    name: &'static str,
}

/// Python.
pub const PYTHON3: Interpreter = Interpreter { variable: "LEADHOOK_TEST_PYTHON", name: "python3" };

/// Node.js.
pub const NODE_JS: Interpreter = Interpreter { variable: "LEADHOOK_TEST_NODE", name: "node" };

impl Interpreter {
    /// Returns the program that the environment variable names, or the one in the path.
    #[expect(
        clippy::disallowed_methods,
        reason = "the interpreter belongs to the tests, not to leadhook"
    )]
    pub fn program(self) -> String {
        std::env::var(self.variable).unwrap_or_else(|_| self.name.to_owned())
    }
}

/// A running receiver.
pub struct ForeignReceiver {
    child: Child,
    address: SocketAddr,
}

impl ForeignReceiver {
    /// Starts a program, or returns the reason why it cannot run.
    ///
    /// `needs` are arguments with which the interpreter succeeds if everything the program needs
    /// is installed; `args` are the program's file and its arguments. The program prints its port.
    pub fn start(
        interpreter: Interpreter,
        needs: [&str; 2],
        args: &[&str],
        secret: &str,
    ) -> Result<Self, String> {
        let name = interpreter.program();
        match Command::new(&name).args(needs).stdin(Stdio::null()).output() {
            Err(error) => return Err(format!("`{name}` does not run: {error}")),
            Ok(output) if !output.status.success() => {
                return Err(format!("`{name} {}` fails", needs.join(" ")));
            }
            Ok(_) => {}
        }
        let mut child = Command::new(&name)
            .current_dir(format!("{ROOT}/tests/receivers"))
            .args(args)
            .env("WEBHOOK_SECRET", secret)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port: u16 =
            line.trim_end().parse().unwrap_or_else(|_| panic!("{args:?}: no port but {line:?}"));
        Ok(Self { child, address: SocketAddr::from(([127, 0, 0, 1], port)) })
    }

    /// The address on which it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for ForeignReceiver {
    fn drop(&mut self) {
        // If it has already ended, the test has failed anyway.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
