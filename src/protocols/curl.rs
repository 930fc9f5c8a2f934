//! Writer for messages as `curl` commands for a POSIX shell.

use crate::domain::message::Message;
use crate::protocols::http1;
use crate::protocols::http1::EncodeError;
use crate::protocols::requests::BODILESS_METHODS;
use crate::protocols::requests::address;
use crate::protocols::shell_word::quote;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The maximum length of one argument, below the limit of 128 KiB on Linux.
const MAX_WORD_BYTES: usize = 100_000;

/// The size of a body from which `curl` asks with `Expect: 100-continue` before it sends it.
const MIN_EXPECT_BYTES: usize = 1_000;

/// The headers that `curl` adds if they are neither given nor suppressed.
const ADDED_BY_CURL: [&str; 2] = ["User-Agent", "Accept"];

/// Returns a command that sends exactly these bytes to `url`, or by default to the URL of its
/// `Host` and target.
///
/// A body that cannot be a shell argument is piped in as base64. Invisible characters and bytes
/// that are not UTF-8 are quoted in the syntax of bash, zsh and ksh. `curl` adds its own
/// `User-Agent` and `Accept` to a message without them. The shell expands `LEADHOOK_SECRET` where the
/// message has the placeholder.
///
/// # Errors
///
/// Returns the first part that is not valid in HTTP: `curl` would send another request.
pub fn command(
    message: &Message,
    url: Option<&str>,
    placeholder: Option<&str>,
) -> Result<String, EncodeError> {
    http1::check_encodable(message)?;
    let url = url.map_or_else(|| address::url(message), str::to_owned);
    let quote = Quote { placeholder };
    let mut parts = request_parts(message, &url, quote);
    if has_data(message) {
        add_body(&mut parts, message, quote);
    }
    Ok(parts.join(SEPARATOR))
}

/// Returns a command that sends the message to `url` with no other header than its own, `Host` and
/// `Content-Length`.
///
/// The body is read from `body_file` if there is one. `connection` has further options, which are
/// quoted already.
///
/// # Errors
///
/// Returns the first part that is not valid in HTTP: `curl` would send another request.
pub fn exact_command(
    message: &Message,
    url: &str,
    body_file: Option<&str>,
    connection: &[String],
    placeholder: Option<&str>,
) -> Result<String, EncodeError> {
    http1::check_encodable(message)?;
    let quote = Quote { placeholder };
    let mut parts = request_parts(message, url, quote);
    parts.splice(1..1, connection.iter().cloned());
    let is_large = message.body.len() >= MIN_EXPECT_BYTES;
    let added = ADDED_BY_CURL.into_iter().chain(is_large.then_some("Expect"));
    for name in added.filter(|name| !message.headers.contains(name)) {
        parts.push(format!("-H '{name}:'"));
    }
    match body_file {
        Some(file) => {
            parts.push(format!("--data-binary {}", quote.word(format!("@{file}").as_bytes())));
        }
        // Without data, `curl` sends no `Content-Length`, like the client of the check.
        None if message.body.is_empty() && !message.headers.contains("Transfer-Encoding") => {}
        None => add_body(&mut parts, message, quote),
    }
    Ok(parts.join(SEPARATOR))
}

/// Returns `true` if `curl` has to be told the body, even if it is empty.
fn has_data(message: &Message) -> bool {
    !message.body.is_empty()
        || message.headers.contains("Transfer-Encoding")
        || !BODILESS_METHODS.contains(&message.method.as_str())
}

/// Returns the parts of a command up to the headers.
fn request_parts(message: &Message, url: &str, quote: Quote<'_>) -> Vec<String> {
    let has_data = has_data(message);
    // With `-X HEAD`, `curl` would wait for a body.
    let method = match message.method.as_str() {
        "HEAD" if !has_data => "-I".to_owned(),
        method if method.bytes().all(|byte| byte.is_ascii_alphanumeric()) => format!("-X {method}"),
        method => format!("-X {}", quote.word(method.as_bytes())),
    };
    let mut parts = vec![format!("curl -g {method} {}", quote.word(url.as_bytes()))];
    if message.http_version == "HTTP/1.0" {
        parts.push("--http1.0".to_owned());
    }
    if !keeps_target(url, &message.target) {
        parts.push(format!("--request-target {}", quote.word(message.target.as_bytes())));
    }
    for (name, value) in http1::with_correct_length(message) {
        // `Name;` is the syntax of curl for an empty value.
        let separator = if value.trim_ascii().is_empty() { ";" } else { ": " };
        let line = [name.as_bytes(), separator.as_bytes(), value.trim_ascii()].concat();
        parts.push(format!("-H {}", quote.word(&line)));
    }
    if has_data && !message.headers.contains("Content-Type") {
        // Without this, curl would declare the body as a form.
        parts.push("-H 'Content-Type:'".to_owned());
    }
    parts
}

/// Adds the body to the parts of a command: as a word, or piped in.
fn add_body(parts: &mut Vec<String>, message: &Message, quote: Quote<'_>) {
    let is_word = |text: &&str| {
        !text.contains('\0') && !text.starts_with('@') && text.len() <= MAX_WORD_BYTES
    };
    if let Some(text) = std::str::from_utf8(&message.body).ok().filter(is_word) {
        parts.push(format!("--data-binary {}", quote.word(text.as_bytes())));
        return;
    }
    if let Some(first) = parts.first_mut() {
        *first = format!("{} | {first}", quote.piped(&message.body));
    }
    parts.push("--data-binary @-".to_owned());
}

/// Quotes words, in which a placeholder becomes the variable with the secret.
#[derive(Clone, Copy)]
struct Quote<'p> {
    placeholder: Option<&'p str>,
}

impl Quote<'_> {
    /// Quotes a word.
    fn word(self, text: &[u8]) -> String {
        let pieces = self.pieces(text);
        if pieces.len() == 1 {
            return quote(text);
        }
        let quoted =
            pieces.iter().map(|piece| if piece.is_empty() { String::new() } else { quote(piece) });
        quoted.collect::<Vec<_>>().join(SECRET_WORD)
    }

    /// Returns the commands that print the bytes.
    fn piped(self, bytes: &[u8]) -> String {
        let printed = |piece: &&[u8]| format!("printf %s {} | base64 -d", STANDARD.encode(piece));
        let pieces = self.pieces(bytes);
        match pieces.as_slice() {
            [only] => printed(only),
            several => {
                let commands: Vec<_> = several.iter().map(printed).collect();
                let secret = format!("; printf %s {SECRET_WORD}; ");
                format!("{{ {}; }}", commands.join(&secret))
            }
        }
    }

    /// Returns the parts before, between and after the placeholders.
    fn pieces(self, text: &[u8]) -> Vec<&[u8]> {
        let Some(placeholder) = self.placeholder else { return vec![text] };
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(start) = memchr::memmem::find(rest, placeholder.as_bytes()) {
            let (before, after) = rest.split_at(start);
            pieces.push(before);
            rest = after.get(placeholder.len()..).unwrap_or_default();
        }
        pieces.push(rest);
        pieces
    }
}

/// The word that the shell replaces by the secret.
const SECRET_WORD: &str = "\"$LEADHOOK_SECRET\"";

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ci_command;
    use crate::domain::message::Headers;
    use crate::protocols::requests;

    fn curl(message: &Message) -> String {
        command(message, Some("http://x/"), None).unwrap()
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
            (Message::post("/", Headers::new(), "\u{202e}"), r"--data-binary $'\xe2\x80\xae'"),
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
    fn an_exact_command_suppresses_the_headers_of_curl() {
        let exact = |message: &Message, file| {
            exact_command(message, "http://x/", file, &["--insecure".to_owned()], None).unwrap()
        };
        let headers = || Headers::from_iter([("Content-Type", "a/b"), ("accept", "*/*")]);
        let expected = "curl -g -X POST 'http://x/' \\\n  --insecure \\\n  \
                        -H 'Content-Type: a/b' \\\n  -H 'accept: */*' \\\n  -H 'User-Agent:' \
                        \\\n  --data-binary '{}'";
        assert_eq!(exact(&Message::post("/", headers(), "{}"), None), expected);
        let empty = exact(&Message::post("/", headers(), ""), None);
        assert!(!empty.contains("--data"), "{empty}");
        let large = exact(&Message::post("/", headers(), vec![0; 2_000]), Some("a b/x.body"));
        assert!(large.contains("-H 'Expect:'"), "{large}");
        assert!(large.ends_with("--data-binary '@a b/x.body'"), "{large}");
    }

    #[test]
    fn the_default_url_is_built_from_the_request() {
        let message = Message::post("/a?b", Headers::from_iter([("host", "example.com:81")]), "");
        let command_line = command(&message, None, None).unwrap();
        assert!(
            command_line.starts_with("curl -g -X POST 'http://example.com:81/a?b'"),
            "{command_line}"
        );
        let message = Message::post("/", Headers::from_iter([("A", "\n")]), "");
        assert_eq!(command(&message, None, None), Err(EncodeError::Value("A".to_owned())));
    }
}
