//! Lexer for commands in the syntax of `cmd.exe`, as browsers copy them on Windows.
//!
//! There are two stages, as on Windows: `cmd.exe` removes the carets, then the program removes the
//! quotes.

use crate::protocols::requests::command::pipeline::{MAX_WORDS, Pipeline, ShellWord};

/// Returns `true` if a text uses the syntax of `cmd.exe`: `^"` around words, or `^` at a newline.
pub(super) fn is_cmd_exe(text: &[u8]) -> bool {
    let line = text.trim_ascii().split(|&byte| byte == b'\n').next().unwrap_or_default();
    let words = line.splitn(2, |&byte| byte == b' ').nth(1).unwrap_or_default();
    words.trim_ascii().starts_with(b"^\"")
        || line.trim_ascii_end().ends_with(b" ^")
        || has_doubled_quotes(text)
}

/// Returns `true` if a word in quotes contains `""`, which only programs of Windows read as a quote.
///
/// Firefox copies a command like that. A shell would remove both quotes.
fn has_doubled_quotes(text: &[u8]) -> bool {
    let mut is_quoted = false;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\'' | b'#' if !is_quoted => return false,
            b'\\' => at += 1,
            b'"' if is_quoted => {
                let is_doubled = text.get(at + 1) == Some(&b'"');
                if is_doubled && text.get(at + 2).is_some_and(|byte| !byte.is_ascii_whitespace()) {
                    return true;
                }
                is_quoted = false;
            }
            b'"' => is_quoted = true,
            _ => {}
        }
        at += 1;
    }
    false
}

/// Removes the backquotes that Firefox adds for `PowerShell` before `$` and another one.
fn remove_backquotes(word: &mut ShellWord) {
    let mut is_second = false;
    let mut all_are_escapes = true;
    for (at, byte) in word.iter().enumerate() {
        let is_escape = *byte == b'`' && !is_second;
        all_are_escapes &= !is_escape || matches!(word.get(at + 1), Some(b'`' | b'$'));
        is_second = is_escape;
    }
    if all_are_escapes && word.contains(&b'`') {
        let mut is_second = false;
        word.retain(|&byte| {
            is_second = byte == b'`' && !is_second;
            !is_second
        });
    }
}

/// Splits a text into commands.
pub(super) fn split(text: &[u8]) -> Result<Vec<Pipeline>, String> {
    // A browser doubles every backslash, even where the C runtime would not unescape it.
    let is_firefox = has_doubled_quotes(text)
        && [b"--data-raw".as_slice(), b"--data-binary", b"--compressed"]
            .iter()
            .any(|option| memchr::memmem::find(text, option).is_some());
    let is_copied = is_firefox || memchr::memmem::find(text, b"^\"").is_some();
    let mut pipelines = Vec::new();
    let mut max_words = MAX_WORDS;
    for command in remove_carets(text) {
        let mut words = split_words(&command, is_copied, max_words)?;
        if is_firefox {
            words.iter_mut().for_each(remove_backquotes);
        }
        max_words -= words.len();
        if !words.is_empty() {
            pipelines.push(Pipeline { stages: vec![words], problem: None });
        }
    }
    Ok(pipelines)
}

/// Removes the carets, and splits commands at newlines and at `&` outside of quotes.
fn remove_carets(text: &[u8]) -> Vec<Vec<u8>> {
    let mut commands = vec![Vec::new()];
    let mut is_quoted = false;
    let mut bytes = text.iter().copied().filter(|&byte| byte != b'\r');
    while let Some(byte) = bytes.next() {
        let literal = match byte {
            b'^' if !is_quoted => match bytes.next() {
                // The next line continues this one, and its first byte is literal.
                Some(b'\n') => bytes.next(),
                other => other,
            },
            b'\n' | b'&' if !is_quoted || byte == b'\n' => {
                is_quoted = false;
                // Consecutive newlines separate commands once.
                if commands.last().is_some_and(|command| !command.is_empty()) {
                    commands.push(Vec::new());
                }
                None
            }
            b'"' => {
                is_quoted = !is_quoted;
                Some(byte)
            }
            byte => Some(byte),
        };
        if let (Some(byte), Some(command)) = (literal, commands.last_mut()) {
            command.push(byte);
        }
    }
    commands
}

/// Splits a command line into at most `max_words` words, by the rules of the C runtime: backslashes
/// are literal, except that two before a quote stand for one, and one before a quote escapes it.
fn split_words(
    command: &[u8],
    is_copied: bool,
    max_words: usize,
) -> Result<Vec<ShellWord>, String> {
    let mut words = Vec::new();
    let mut word: Option<ShellWord> = None;
    let mut is_quoted = false;
    let mut at = 0;
    while let Some(&byte) = command.get(at) {
        at += 1;
        if words.len() >= max_words {
            return Err(format!("expected at most {MAX_WORDS} words"));
        }
        match byte {
            b' ' | b'\t' if !is_quoted => words.extend(word.take()),
            b'\\' => {
                let run = 1 + command[at..].iter().take_while(|&&byte| byte == b'\\').count();
                at += run - 1;
                let before_quote = command.get(at) == Some(&b'"');
                let is_escaping = before_quote || (is_copied && is_quoted);
                let kept = if is_escaping { run / 2 } else { run };
                let word = word.get_or_insert_default();
                word.resize(word.len() + kept, b'\\');
                if is_escaping && run % 2 == 1 {
                    word.push(if before_quote { b'"' } else { b'\\' });
                    at += usize::from(before_quote);
                }
            }
            b'"' if is_quoted && command.get(at) == Some(&b'"') => {
                at += 1;
                word.get_or_insert_default().push(b'"');
            }
            b'"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            byte => word.get_or_insert_default().push(byte),
        }
    }
    if is_quoted {
        return Err("expected a closing `\"`".to_owned());
    }
    words.extend(word);
    Ok(words)
}
