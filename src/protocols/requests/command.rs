//! Parser for `curl` commands, as browsers copy them and people write them.

mod body_builder;
mod cmd_exe;
mod options;
mod pipeline;
mod request_builder;
mod shell;
mod transcript;

use crate::protocols::requests::command::pipeline::{Pipeline, ShellWord};
use crate::protocols::requests::parsed::{
    ReadRequest, ReadResults, with_locations, without_bodiless,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Returns `true` if a text begins with `curl`, or with a command that is piped into one.
pub(super) fn is_command(text: &[u8]) -> bool {
    let mut lines = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let Some(line) = lines.find(|line| !line.is_empty() && !line.starts_with(b"#")) else {
        return false;
    };
    let line = transcript::without_prompt(line);
    let end = line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len());
    is_curl(&line[..end])
        || is_output_command(&line[..end]) && text.windows(5).any(|part| part == b"curl ")
}

fn is_curl(word: &[u8]) -> bool {
    let name = word.rsplit(|&byte| matches!(byte, b'/' | b'\\')).next().unwrap_or_default();
    matches!(name, b"curl" | b"curl.exe")
}

fn is_output_command(word: &[u8]) -> bool {
    matches!(word, b"printf" | b"echo")
}

/// Parses every `curl` command of a text and skips other commands.
pub(super) fn read(text: &[u8]) -> ReadResults {
    let pipelines = if cmd_exe::is_cmd_exe(text) {
        cmd_exe::split(text)?
    } else {
        shell::split(&transcript::without_output(text))?
    };
    let reads: Vec<ReadRequest> = pipelines.into_iter().flat_map(read_pipeline).collect();
    if reads.is_empty() {
        return Err("expected a `curl` command".to_owned());
    }
    Ok(without_bodiless(with_locations(reads)))
}

/// Parses the requests of one pipeline, which `--next` separates.
fn read_pipeline(pipeline: Pipeline) -> Vec<ReadRequest> {
    let Pipeline { stages, problem } = pipeline;
    let is_curl_stage = |words: &Vec<ShellWord>| words.iter().take(2).any(|word| is_curl(word));
    let Some(index) = stages.iter().position(is_curl_stage) else { return Vec::new() };
    if let Some(problem) = problem {
        return vec![Err(problem)];
    }
    let words = &stages[index];
    let name = words.iter().position(|word| is_curl(word)).unwrap_or(0);
    let stdin = match pipe_output(&stages[..index]) {
        Ok(stdin) => stdin,
        Err(problem) => return vec![Err(problem)],
    };
    // All requests of a command share its standard input.
    let mut unread = stdin.as_deref();
    let mut rest = words[name + 1..].iter();
    let mut reads = Vec::new();
    while !rest.as_slice().is_empty() {
        reads.extend(request_builder::read(&mut rest, &mut unread));
    }
    reads
}

/// Returns the output of `printf %s TEXT` or `echo TEXT`, optionally piped through `base64 -d`.
///
/// Returns `None` if no command precedes `curl` or its output is not known, and an error for an
/// `echo` whose output depends on the shell.
fn pipe_output(stages: &[Vec<ShellWord>]) -> Result<Option<Vec<u8>>, String> {
    let Some((first, filters)) = stages.split_first() else { return Ok(None) };
    let words: Vec<_> = first.iter().map(Vec::as_slice).collect();
    let mut bytes = match words.as_slice() {
        [b"printf", b"%s", text] => text.to_vec(),
        [b"printf", b"%s\\n", text] => [text, b"\n".as_slice()].concat(),
        [b"echo", words @ ..] => echo_output(words)?,
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

/// Returns the output of `echo` for these words, if every shell prints the same.
///
/// POSIX leaves the rest to the shell: bash accepts any word of `n`, `e` and `E` after a `-` as
/// flags, dash only one `-n`; dash and zsh interpret backslashes, bash only with `-e`.
fn echo_output(words: &[&[u8]]) -> Result<Vec<u8>, String> {
    let (strings, end) = match words {
        [b"-n", strings @ ..] => (strings, b"".as_slice()),
        strings => (strings, b"\n".as_slice()),
    };
    let ambiguous = |what: &str| {
        Err(format!("it has {what}, which shells print differently, expected `printf %s TEXT`"))
    };
    if let Some(flag) = strings.first().filter(|word| is_echo_flag(word)) {
        let flag = String::from_utf8_lossy(flag);
        let before = if end.is_empty() { "-n " } else { "" };
        return ambiguous(&format!("`echo {before}{flag}`"));
    }
    if strings.iter().any(|string| string.contains(&b'\\')) {
        return ambiguous("an `echo` of a string with `\\`");
    }
    Ok([&strings.join(&b' '), end].concat())
}

fn is_echo_flag(word: &[u8]) -> bool {
    let flags = word.strip_prefix(b"-").unwrap_or_default();
    !flags.is_empty() && flags.iter().all(|flag| b"neE".contains(flag))
}

#[cfg(test)]
mod tests;
