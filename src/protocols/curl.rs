//! A message as a `curl` command for a POSIX shell.

use crate::domain::message::Message;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Linux takes 128 KiB as one argument, and no more.
const LONGEST_WORD: usize = 100_000;

/// The command that sends exactly these bytes to `url`.
///
/// A body that a shell could not carry as an argument comes through a pipe in base64.
#[must_use]
pub fn command(message: &Message, url: &str) -> String {
    let printable = |text: &str| text.chars().all(|c| !c.is_control() || c == '\n' || c == '\t');
    let text = std::str::from_utf8(&message.body)
        .ok()
        .filter(|text| printable(text) && !text.starts_with('@') && text.len() <= LONGEST_WORD);
    let mut parts = vec![format!("curl -g -X {} {}", message.method, quote(url))];
    for (name, value) in message.headers.iter() {
        // `Name;` is how curl is told of an empty value.
        let line = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {}", String::from_utf8_lossy(value))
        };
        parts.push(format!("-H {}", quote(&line)));
    }
    if let Some(text) = text {
        parts.push(format!("--data-binary {}", quote(text)));
    } else {
        parts[0] =
            format!("printf %s {} | base64 -d | {}", STANDARD.encode(&message.body), parts[0]);
        parts.push("--data-binary @-".to_owned());
    }
    parts.join(" \\\n  ")
}

/// One word for a POSIX shell, whatever is in it.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;

    #[test]
    fn a_body_is_one_shell_word() {
        let message =
            Message::post("/", Headers::from_iter([("A", "1"), ("B", "")]), "it's $HOME\n");
        let expected = "curl -g -X POST 'http://x/' \\\n  -H 'A: 1' \\\n  -H 'B;' \\\n  --data-binary 'it'\\''s $HOME\n'";
        assert_eq!(command(&message, "http://x/"), expected);
    }

    #[test]
    fn bytes_that_a_shell_cannot_carry_come_through_a_pipe() {
        for body in [b"\0".as_slice(), b"\xff", b"@file"] {
            let made = command(&Message::post("/", Headers::new(), body), "http://x/");
            assert!(made.starts_with("printf %s ") && made.ends_with("--data-binary @-"), "{made}");
        }
    }
}
