//! The programs, one per language, and their requirements.

use crate::support::ROOT;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use leadhook::protocols::json_print::Style;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// One program in one language.
pub(crate) struct Program {
    pub(crate) test: &'static str,
    /// The start of the codes of its styles.
    pub(crate) styles: &'static str,
    /// The environment variable that names another interpreter.
    variable: &'static str,
    interpreter: &'static str,
    /// The arguments before the codes: the file in `tests/reserialisers`, or options.
    arguments: &'static [&'static str],
    /// Arguments with which it succeeds if all requirements are installed, and prints the version
    /// of its encoder.
    probe: &'static [&'static str],
    /// Returns `true` if that version cannot show a style or a document.
    pub(crate) is_unsupported: fn(version: &str, code: &str, document: &str) -> bool,
}

impl Program {
    fn command(&self) -> Command {
        #[expect(
            clippy::disallowed_methods,
            reason = "the interpreter belongs to the tests, not to leadhook"
        )]
        let interpreter =
            std::env::var(self.variable).unwrap_or_else(|_| self.interpreter.to_owned());
        let mut command = Command::new(interpreter);
        command.current_dir(Path::new(ROOT).join("tests/reserialisers"));
        command.env("PYTHONDONTWRITEBYTECODE", "1").stderr(Stdio::inherit());
        // Only installed modules: no downloads, and no file in the home folder.
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-cache");
        command.env("GO111MODULE", "off").env("GOFLAGS", "").env("GOCACHE", cache);
        command
    }

    /// Returns the version of the encoder, or the reason why it is unavailable.
    pub(crate) fn version(&self) -> Result<String, String> {
        if let Some(jar) = self.jars().find(|jar| !Path::new(jar).exists()) {
            return Err(format!("`{jar}` is not there"));
        }
        let mut probe = self.command();
        let output = probe.args(self.probe).stdin(Stdio::null()).stderr(Stdio::null()).output();
        match output {
            Err(error) => Err(format!("`{}` does not run: {error}", self.interpreter)),
            Ok(output) if !output.status.success() => {
                Err(format!("`{} {}` fails", self.interpreter, self.probe.join(" ")))
            }
            Ok(output) => Ok(String::from_utf8(output.stdout).unwrap().trim().to_owned()),
        }
    }

    /// The requirements beside the interpreter.
    fn jars(&self) -> impl Iterator<Item = &str> {
        self.arguments
            .iter()
            .filter(|argument| argument.starts_with("/usr/share/java"))
            .flat_map(|jars| jars.split(':'))
    }

    /// Prints every document in every style; `None` if the program rejects it.
    pub(crate) fn run(&self, styles: &[&Style], documents: &[String]) -> Vec<Option<Vec<u8>>> {
        let codes = styles.iter().map(|style| style.code);
        let mut command = self.command();
        command.args(self.arguments).args(codes).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let lines = documents.join("\n") + "\n";
        let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()).unwrap());
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        assert!(output.status.success(), "{}: {}", self.test, output.status);
        let printed = String::from_utf8(output.stdout).unwrap();
        let printed: Vec<_> = printed
            .lines()
            .map(|line| (line != "!").then(|| STANDARD.decode(line).unwrap()))
            .collect();
        assert_eq!(printed.len(), styles.len() * documents.len(), "{}", self.test);
        printed
    }
}

fn never(_: &str, _: &str, _: &str) -> bool {
    false
}

/// Returns the numbers of a version, so that `2.10` is greater than `2.8`.
fn numbers(version: &str) -> Vec<u32> {
    let numbers = version.split(|char: char| !char.is_ascii_digit());
    numbers.filter_map(|number| number.parse().ok()).collect()
}

/// Returns `true` if a document has a number of many digits, or one that may need an exponent.
fn has_large_numbers(text: &str) -> bool {
    let mut literals = text.split(|char: char| !char.is_ascii_digit() && !"+-.eE".contains(char));
    literals.any(|literal| {
        let number = literal.starts_with(|char: char| char.is_ascii_digit() || char == '-');
        number && (literal.len() > 15 || literal.contains(['e', 'E']) || literal.contains(".0000"))
    })
}

pub(crate) const JAVASCRIPT: Program = Program {
    test: "reserialisers_javascript",
    styles: "javascript-",
    variable: "LEADHOOK_TEST_NODE",
    interpreter: "node",
    arguments: &["node.mjs"],
    probe: &["--version"],
    is_unsupported: never,
};

pub(crate) const PYTHON: Program = Program {
    test: "reserialisers_python",
    styles: "python-",
    variable: "LEADHOOK_TEST_PYTHON",
    interpreter: "python3",
    arguments: &["python.py"],
    probe: &["--version"],
    is_unsupported: never,
};

pub(crate) const RUBY: Program = Program {
    test: "reserialisers_ruby",
    styles: "ruby-",
    variable: "LEADHOOK_TEST_RUBY",
    interpreter: "ruby",
    arguments: &["ruby.rb"],
    probe: &["-rjson", "-e", "puts JSON::VERSION"],
    is_unsupported: |version, code, text| {
        let old = numbers(version) < vec![2, 8];
        let other_floats = numbers(version) >= vec![2, 10] && has_large_numbers(text);
        code == "ruby-rails"
            || code == "ruby-pretty-generate" && old
            || code == "ruby-pretty-generate-before-2-8" && !old
            || other_floats
    },
};

pub(crate) const RAILS: Program = Program {
    test: "reserialisers_rails",
    styles: "ruby-rails",
    variable: "LEADHOOK_TEST_RUBY",
    interpreter: "ruby",
    arguments: &["ruby.rb"],
    probe: &["-ractive_support", "-e", "puts ActiveSupport::VERSION::STRING"],
    is_unsupported: never,
};

pub(crate) const PHP: Program = Program {
    test: "reserialisers_php",
    styles: "php-",
    variable: "LEADHOOK_TEST_PHP",
    interpreter: "php",
    arguments: &["-n", "php.php"],
    probe: &["-n", "-r", "json_encode(0); echo PHP_VERSION;"],
    is_unsupported: never,
};

pub(crate) const GO: Program = Program {
    test: "reserialisers_go",
    styles: "go-",
    variable: "LEADHOOK_TEST_GO",
    interpreter: "go",
    arguments: &["run", "go/main.go"],
    probe: &["version"],
    // Before 1.22, U+0008 and U+000C had no short escape.
    is_unsupported: |version, _, text| {
        let short = [r"\b", r"\f", r"\u0008", r"\u000c"].iter().any(|escape| text.contains(escape));
        numbers(version) < vec![1, 22] && short
    },
};

pub(crate) const JAVA: Program = Program {
    test: "reserialisers_java",
    styles: "java-",
    variable: "LEADHOOK_TEST_JAVA",
    interpreter: "java",
    arguments: &["-cp", JARS, "java/Reserialise.java"],
    probe: &["--version"],
    // Before 19, a double may have a digit too many.
    is_unsupported: |version, code, text| {
        let old = version.split_whitespace().nth(1).is_some_and(|java| numbers(java) < vec![19]);
        old && code.starts_with("java-jackson") && has_large_numbers(text)
    },
};

/// The path of Debian's packages.
const JARS: &str = "/usr/share/java/jackson-core.jar:/usr/share/java/jackson-databind.jar:\
                    /usr/share/java/jackson-annotations.jar:/usr/share/java/gson.jar";
