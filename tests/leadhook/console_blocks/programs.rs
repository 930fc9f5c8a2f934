//! The programs that the console blocks find: leadhook, the interpreters of the tests, the system's.

use crate::support::{NODE_JS, PYTHON3};
use std::path::Path;

/// Returns the search path of the sessions.
pub fn path() -> String {
    let folder = |program: &str| {
        let folder = Path::new(program).parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.map(|folder| folder.display().to_string())
    };
    let own = [env!("CARGO_BIN_EXE_leadhook"), &PYTHON3.program(), &NODE_JS.program()];
    let system = ["/usr/local/bin", "/usr/bin", "/bin"].map(|folder| Some(folder.to_owned()));
    own.into_iter().map(folder).chain(system).flatten().collect::<Vec<_>>().join(":")
}

/// Returns `true` if the sessions find the program.
pub fn is_installed(program: &str) -> bool {
    path().split(':').any(|folder| Path::new(folder).join(program).is_file())
}

#[test]
fn a_program_is_found_in_the_path_of_the_sessions() {
    assert!(is_installed("leadhook") && is_installed("sh"));
    assert!(!is_installed("no-such-program"));
}
