//! Transcripts of a terminal: prompts before commands, and the output of `curl -v` after them.

use crate::protocols::requests::curl_output::is_sent_request;
use crate::protocols::requests::http_text::first_line;
use std::borrow::Cow;

/// The maximum length of a prompt.
const MAX_PROMPT: usize = 100;

/// The beginnings of lines that `curl` prints: with `-v`, with `--trace-ascii`, with `-i`, and the
/// progress of the transfer.
const OUTPUT: [&[u8]; 6] = [b"* ", b"== Info:", b"=> Send ", b"HTTP/1.", b"HTTP/2 ", b"  % Total"];

/// Returns a line without the prompt before `curl`.
pub(super) fn without_prompt(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii_start();
    let head = &line[..line.len().min(MAX_PROMPT)];
    let Some(at) = memchr::memmem::find(head, b"curl") else { return line };
    let prompt = line[..at].trim_ascii_end();
    if prompt.last().is_some_and(|byte| b"$%#>".contains(byte)) { &line[at..] } else { line }
}

/// Returns a text without prompts and without the output of its commands.
pub(super) fn without_output(text: &[u8]) -> Cow<'_, [u8]> {
    let Some(start) = output_start(text) else { return without_first_prompt(text) };
    let mut commands = without_first_prompt(&text[..start]).into_owned();
    let mut rest = &text[start..];
    while !rest.is_empty() {
        let (line, after) = first_line(rest);
        if without_prompt(line).starts_with(b"curl ") {
            let end = output_start(rest).unwrap_or(rest.len()).max(1);
            commands.extend_from_slice(&without_first_prompt(&rest[..end]));
            commands.push(b'\n');
            rest = &rest[end..];
        } else {
            rest = after;
        }
    }
    commands.into()
}

/// Removes the prompt in front of the first command.
fn without_first_prompt(text: &[u8]) -> Cow<'_, [u8]> {
    let start = text.trim_ascii_start();
    let line = first_line(start).0;
    let prompt = line.len() - without_prompt(line).len();
    Cow::Borrowed(&start[prompt..])
}

/// Returns the offset of the first line outside of quotes that `curl` printed.
fn output_start(text: &[u8]) -> Option<usize> {
    let mut quote = None;
    let mut is_line_start = true;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if is_line_start && quote.is_none() && at > 0 && is_output(&text[at..]) {
            return Some(at);
        }
        is_line_start = byte == b'\n';
        match (quote, byte) {
            (None, b'#') if at == 0 || text[at - 1].is_ascii_whitespace() => {
                at += memchr::memchr(b'\n', &text[at..]).unwrap_or(text.len() - at);
                continue;
            }
            (None | Some(b'"' | b'$'), b'\\') => at += 1,
            (None, b'\'') => quote = Some(if text[..at].ends_with(b"$") { b'$' } else { b'\'' }),
            (None, b'"') => quote = Some(b'"'),
            (Some(b'$'), b'\'') => quote = None,
            (Some(open), byte) if open == byte && open != b'$' => quote = None,
            _ => {}
        }
        at += 1;
    }
    None
}

fn is_output(text: &[u8]) -> bool {
    OUTPUT.iter().any(|start| text.starts_with(start)) || is_sent_request(first_line(text).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_and_output_are_removed() {
        let verbose =
            "*   Trying 127.0.0.1...\n> POST / HTTP/1.1\n> A: it's\n>\n< HTTP/1.1 200 OK\nok\n";
        for (text, commands) in [
            (format!("$ curl a -d b -v\n{verbose}"), "curl a -d b -v\n"),
            (format!("me@host:~$ curl a\n{verbose}"), "curl a\n"),
            (format!("PS C:\\> curl.exe a\n{verbose}"), "curl.exe a\n"),
            (format!("curl a\n{verbose}$ curl b\n{verbose}"), "curl a\ncurl b\n\n"),
            ("curl a -d 'x\n* y\n' # it's\n".to_owned(), "curl a -d 'x\n* y\n' # it's\n"),
            ("curl a -d $'x\\'\n* y\n'".to_owned(), "curl a -d $'x\\'\n* y\n'"),
        ] {
            let found = without_output(text.as_bytes());
            assert_eq!(String::from_utf8_lossy(&found), commands, "{text}");
        }
    }
}
