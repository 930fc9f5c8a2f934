//! Secrets on the command line that begin with a hyphen, as options do.

use std::ffi::OsString;

/// Joins `--secret` and a value that begins with `-` to one argument.
///
/// A base64url secret may begin with a hyphen, and a PEM key does. The parser would mistake it for
/// an option and print it in its error.
#[must_use]
pub fn join_secret_values(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::new();
    for arg in args {
        match joined.last_mut() {
            Some(last)
                if *last == *"--secret"
                    && arg.to_str().is_some_and(|arg| arg.starts_with('-') && !is_option(arg)) =>
            {
                last.push("=");
                last.push(arg);
            }
            _ => joined.push(arg),
        }
    }
    joined
}

/// Returns `true` if an argument looks like an option: `-`, `--`, `-p`, `-vv`,
/// `--dry-run`, `--format=json`.
fn is_option(arg: &str) -> bool {
    let is_long = |name: &str| {
        let name = name.split_once('=').map_or(name, |(name, _)| name);
        !name.starts_with('-') && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    arg.len() <= 2
        || arg.strip_prefix("--").is_some_and(is_long)
        || arg[1..].bytes().all(|byte| byte == b'v')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_may_begin_with_a_hyphen_but_options_are_not_consumed() {
        let join = |args: &[&str]| super::join_secret_values(args.iter().map(OsString::from));
        for value in ["-----BEGIN PRIVATE KEY-----", "-pS3cr3t", "-Zq83kd", "--Zq8", "---"] {
            assert_eq!(
                join(&["send", "--secret", value]),
                ["send", format!("--secret={value}").as_str()],
                "{value}"
            );
        }
        for option in
            ["-", "--", "-p", "-v", "-vvv", "--format", "--format=json", "--dry-run", "s3cret", ""]
        {
            assert_eq!(
                join(&["send", "--secret", option]),
                ["send", "--secret", option],
                "{option}"
            );
        }
    }
}
