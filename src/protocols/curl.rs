//! Writer for messages as `curl` commands for a POSIX shell.

use crate::domain::ci_command;
use crate::domain::message::Message;
use crate::domain::unsafe_char::is_unsafe;
use crate::protocols::http1;
use crate::protocols::http1::EncodeError;
use crate::protocols::requests::BODILESS_METHODS;
use crate::protocols::requests::address;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The maximum length of one argument, below the limit of 128 KiB on Linux.
const MAX_WORD_BYTES: usize = 100_000;

/// Returns a command that sends exactly these bytes to `url`, or by default to the URL of its
/// `Host` and target.
///
/// A body that cannot be a shell argument is piped in as base64. A header that is not UTF-8 is
/// quoted in the syntax of bash, zsh and ksh.
///
/// # Errors
///
/// Returns the first part that is not valid in HTTP: `curl` would send another request.
pub fn command(message: &Message, url: Option<&str>) -> Result<String, EncodeError> {
    http1::check_encodable(message)?;
    let url = url.map_or_else(|| address::url(message), str::to_owned);
    let has_data = !message.body.is_empty()
        || message.headers.contains("Transfer-Encoding")
        || !BODILESS_METHODS.contains(&message.method.as_str());
    // With `-X HEAD`, `curl` would wait for a body.
    let method = match message.method.as_str() {
        "HEAD" if !has_data => "-I".to_owned(),
        method if method.bytes().all(|byte| byte.is_ascii_alphanumeric()) => format!("-X {method}"),
        method => format!("-X {}", quote(method.as_bytes())),
    };
    let mut parts = vec![format!("curl -g {method} {}", quote(url.as_bytes()))];
    if message.http_version == "HTTP/1.0" {
        parts.push("--http1.0".to_owned());
    }
    if !keeps_target(&url, &message.target) {
        parts.push(format!("--request-target {}", quote(message.target.as_bytes())));
    }
    for (name, value) in http1::with_correct_length(message) {
        // `Name;` is the syntax of curl for an empty value.
        let separator = if value.trim_ascii().is_empty() { ";" } else { ": " };
        let line = [name.as_bytes(), separator.as_bytes(), value.trim_ascii()].concat();
        parts.push(format!("-H {}", quote(&line)));
    }
    if !has_data {
        return Ok(parts.join(SEPARATOR));
    }
    if !message.headers.contains("Content-Type") {
        // Without this, curl would declare the body as a form.
        parts.push("-H 'Content-Type:'".to_owned());
    }
    let printable = |text: &str| text.chars().all(is_printable);
    let text = std::str::from_utf8(&message.body)
        .ok()
        .filter(|text| printable(text) && !text.starts_with('@') && text.len() <= MAX_WORD_BYTES);
    if let Some(text) = text {
        parts.push(format!("--data-binary {}", quote(text.as_bytes())));
    } else {
        parts[0] =
            format!("printf %s {} | base64 -d | {}", STANDARD.encode(&message.body), parts[0]);
        parts.push("--data-binary @-".to_owned());
    }
    Ok(parts.join(SEPARATOR))
}

/// The separator between the parts of a command.
const SEPARATOR: &str = " \\\n  ";

/// Returns `true` if `curl` requests exactly this target for the URL.
///
/// `curl` removes `/../` and an empty query from a path, and percent-encodes some characters.
fn keeps_target(url: &str, target: &str) -> bool {
    address::split_url(url).1 == target
        && target.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && !target.contains("/.")
        && !target.ends_with('?')
}

/// Returns `true` if a character can be quoted literally. Others could control the terminal on
/// which the command is printed, or disguise its meaning.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | '\t') || !is_unsafe(c)
}

/// Quotes any bytes as one word for a shell.
fn quote(word: &[u8]) -> String {
    let text = std::str::from_utf8(word).ok();
    if let Some(text) = text.filter(|text| text.chars().all(is_printable)) {
        let quoted = format!("'{}'", text.replace('\'', r"'\''"));
        // Closing and reopening the quotes does not change the word for a shell, but a CI system
        // that logs the command no longer recognises one of its own commands in it.
        return ci_command::escape(quoted, |c| if c == '#' { "#''" } else { "'':" });
    }
    let escaped = word.iter().map(|&byte| match byte {
        b'\'' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        byte => format!("\\x{byte:02x}"),
    });
    let quoted = format!("$'{}'", escaped.collect::<String>());
    ci_command::escape(quoted, |_| r"\x23")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;
    use crate::protocols::requests;

    fn curl(message: &Message) -> String {
        command(message, Some("http://x/")).unwrap()
    }

    #[test]
    fn a_body_is_one_shell_word() {
        let headers = Headers::from_iter([("A", "1"), ("B", ""), ("Content-Type", "text/plain")]);
        let message = Message::post("/", headers, "it's $HOME\n");
        let expected = "curl -g -X POST 'http://x/' \\\n  -H 'A: 1' \\\n  -H 'B;' \\\n  -H 'Content-Type: text/plain' \\\n  --data-binary 'it'\\''s $HOME\n'";
        assert_eq!(curl(&message), expected);
    }

    #[test]
    fn a_body_that_cannot_be_a_word_is_piped() {
        for body in [b"\0".as_slice(), b"\xff", b"@file"] {
            let command_line = curl(&Message::post("/", Headers::new(), body));
            assert!(
                command_line.starts_with("printf %s ")
                    && command_line.ends_with("--data-binary @-"),
                "{command_line}"
            );
        }
    }

    #[test]
    fn options_prevent_curl_from_changing_the_request() {
        let get = Message { method: "GET".to_owned(), ..Message::post("/", Headers::new(), "") };
        let cases = [
            (Message::post("/", Headers::new(), ""), "-H 'Content-Type:'"),
            (Message::post("/a/../b", Headers::new(), ""), "--request-target '/a/../b'"),
            (Message::post("*", Headers::new(), ""), "--request-target '*'"),
            (Message { method: "M&M".to_owned(), ..get.clone() }, "-X 'M&M'"),
            (Message { method: "HEAD".to_owned(), ..get.clone() }, "curl -g -I "),
            (Message { http_version: "HTTP/1.0".to_owned(), ..get.clone() }, "--http1.0"),
            (Message::post("/", Headers::from_iter([("A", b"\xe9'")]), ""), r"-H $'A: \xe9\''"),
            (
                Message::post("/", Headers::from_iter([("A", "\u{202e}é")]), ""),
                r"-H $'A: \xe2\x80\xae\xc3\xa9'",
            ),
            (Message::post("/", Headers::new(), "\u{202e}"), "--data-binary @-"),
            (
                Message::post("/", Headers::from_iter([("Content-Length", "9")]), "ab"),
                "-H 'Content-Length: 2'",
            ),
        ];
        for (message, part) in cases {
            let command_line = curl(&message);
            assert!(command_line.contains(part), "{command_line}: {part}");
        }
        assert_eq!(curl(&get), "curl -g -X GET 'http://x/'");
    }

    #[test]
    fn ci_commands_are_split_without_changing_the_words() {
        let message = Message::post("/", Headers::from_iter([("A", b"\xff##[x]")]), "");
        assert!(curl(&message).contains(r"-H $'A: \xff\x23#[x]'"), "{}", curl(&message));
        let headers = || Headers::from_iter([("Content-Type", "text/plain"), ("A", "##[x]")]);
        for body in ["a\n  ::error::x", "###[x] ##vso[y]", "::error::x", "it's ##[x]\n::x::"] {
            let message = Message::post("/", headers(), body);
            let command_line = curl(&message);
            assert!(ci_command::command_offsets(&command_line).next().is_none(), "{command_line}");
            let read = requests::read(command_line.as_bytes()).unwrap().pop().unwrap().unwrap();
            assert_eq!(read.capture.message.body, message.body, "{command_line}");
            let header = read.capture.message.headers.get_all("A").next();
            assert_eq!(header, Some(b"##[x]".as_slice()), "{command_line}");
        }
    }

    #[test]
    fn the_default_url_is_built_from_the_request() {
        let message = Message::post("/a?b", Headers::from_iter([("host", "example.com:81")]), "");
        let command_line = command(&message, None).unwrap();
        assert!(
            command_line.starts_with("curl -g -X POST 'http://example.com:81/a?b'"),
            "{command_line}"
        );
        let message = Message::post("/", Headers::from_iter([("A", "\n")]), "");
        assert_eq!(command(&message, None), Err(EncodeError::Value("A".to_owned())));
    }
}
