//! `curl` commands as browsers and people write them.

mod options;
mod pieces;
mod pipeline;
mod prompt;
mod request;
mod shell;

use crate::protocols::requests::command::pipeline::{Pipeline, ShellWord};
use crate::protocols::requests::parsed::{Read, Reads, numbered};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Whether a text begins with `curl`, or with what feeds one.
pub(super) fn is_command(text: &[u8]) -> bool {
    let mut lines = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let Some(line) = lines.find(|line| !line.is_empty() && !line.starts_with(b"#")) else {
        return false;
    };
    let line = line.strip_prefix(b"$ ").unwrap_or(line).trim_ascii_start();
    let end = line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len());
    is_curl(&line[..end])
        || is_producer(&line[..end]) && text.windows(5).any(|part| part == b"curl ")
}

fn is_curl(word: &[u8]) -> bool {
    let name = word.rsplit(|&byte| matches!(byte, b'/' | b'\\')).next().unwrap_or_default();
    matches!(name, b"curl" | b"curl.exe")
}

fn is_producer(word: &[u8]) -> bool {
    matches!(word, b"printf" | b"echo")
}

/// Reads every command of a text; what is no `curl` is passed over.
pub(super) fn read(text: &[u8]) -> Reads {
    let pipelines = if prompt::is_it(text) { prompt::split(text)? } else { shell::split(text)? };
    let reads: Vec<Read> = pipelines.into_iter().flat_map(requests).collect();
    if reads.is_empty() {
        return Err("expected a `curl` command".to_owned());
    }
    Ok(numbered(reads))
}

/// The requests of one pipeline: `--next` begins another.
fn requests(pipeline: Pipeline) -> Vec<Read> {
    let Pipeline { stages, problem } = pipeline;
    let is_curl_stage = |words: &Vec<ShellWord>| words.iter().take(2).any(|word| is_curl(word));
    let Some(place) = stages.iter().position(is_curl_stage) else { return Vec::new() };
    if let Some(problem) = problem {
        return vec![Err(problem)];
    }
    let words = &stages[place];
    let name = words.iter().position(|word| is_curl(word)).unwrap_or(0);
    let piped = match piped(&stages[..place]) {
        Ok(piped) => piped,
        Err(problem) => return vec![Err(problem)],
    };
    // All of them read the same pipe.
    let mut unread = piped.as_deref();
    let mut rest = words[name + 1..].iter();
    let mut reads = Vec::new();
    while !rest.as_slice().is_empty() {
        reads.extend(request::read(&mut rest, &mut unread));
    }
    reads
}

/// What comes out of `printf %s TEXT`, of `echo TEXT`, or of either through `base64 -d`.
///
/// There is nothing where no stage is before the `curl`, or where what they print is not known;
/// the error is that of an `echo` whose output depends on the shell.
fn piped(stages: &[Vec<ShellWord>]) -> Result<Option<Vec<u8>>, String> {
    let Some((first, filters)) = stages.split_first() else { return Ok(None) };
    let words: Vec<_> = first.iter().map(Vec::as_slice).collect();
    let mut bytes = match words.as_slice() {
        [b"printf", b"%s", text] => text.to_vec(),
        [b"printf", b"%s\\n", text] => [text, b"\n".as_slice()].concat(),
        [b"echo", words @ ..] => echoed(words)?,
        _ => return Ok(None),
    };
    for filter in filters {
        let words: Vec<_> = filter.iter().map(Vec::as_slice).collect();
        match words.as_slice() {
            [b"base64", b"-d" | b"-D" | b"--decode"] => {
                bytes.retain(|byte| !byte.is_ascii_whitespace());
                let Ok(decoded) = STANDARD.decode(&bytes) else { return Ok(None) };
                bytes = decoded;
            }
            _ => return Ok(None),
        }
    }
    Ok(Some(bytes))
}

/// What `echo` prints of the words after it, where every shell prints the same.
///
/// POSIX leaves the rest to the shell: bash takes any word of `n`, `e` and `E` after a `-` for
/// flags, dash `-n` alone and once; dash and zsh resolve a backslash, bash only with `-e`.
fn echoed(words: &[&[u8]]) -> Result<Vec<u8>, String> {
    let (texts, end) = match words {
        [b"-n", texts @ ..] => (texts, b"".as_slice()),
        texts => (texts, b"\n".as_slice()),
    };
    let refused = |what: &str| {
        Err(format!("it has {what}, which shells print differently, expected `printf %s TEXT`"))
    };
    if let Some(flag) = texts.first().filter(|word| is_echo_flag(word)) {
        let flag = String::from_utf8_lossy(flag);
        let before = if end.is_empty() { "-n " } else { "" };
        return refused(&format!("`echo {before}{flag}`"));
    }
    if texts.iter().any(|text| text.contains(&b'\\')) {
        return refused("an `echo` of a text with `\\`");
    }
    Ok([&texts.join(&b' '), end].concat())
}

fn is_echo_flag(word: &[u8]) -> bool {
    let letters = word.strip_prefix(b"-").unwrap_or_default();
    !letters.is_empty() && letters.iter().all(|letter| b"neE".contains(letter))
}

#[cfg(test)]
mod tests;
