//! `curl` commands as browsers and people write them.

mod options;
mod pieces;
mod prompt;
mod request;
mod shell;

use crate::protocols::requests::Read;
use crate::protocols::requests::Reads;
use crate::protocols::requests::numbered;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The greatest number of words in one text: a command of a browser has some fifty.
const MAX_WORDS: usize = 2_000_000;

/// One word of a command, without its quotes.
type Word = Vec<u8>;

/// Commands that feed one another through pipes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Pipeline {
    /// The words of each command.
    stages: Vec<Vec<Word>>,
    /// What only a shell could have put there.
    problem: Option<String>,
}

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
    let is_curl_stage = |words: &Vec<Word>| words.iter().take(2).any(|word| is_curl(word));
    let Some(place) = stages.iter().position(is_curl_stage) else { return Vec::new() };
    if let Some(problem) = problem {
        return vec![Err(problem)];
    }
    let words = &stages[place];
    let name = words.iter().position(|word| is_curl(word)).unwrap_or(0);
    let piped = (place > 0).then(|| piped(&stages[..place])).flatten();
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
fn piped(stages: &[Vec<Word>]) -> Option<Vec<u8>> {
    let (first, filters) = stages.split_first()?;
    let words: Vec<_> = first.iter().map(Vec::as_slice).collect();
    let mut bytes = match words.as_slice() {
        [b"printf", b"%s", text] => text.to_vec(),
        [b"printf", b"%s\\n", text] => [text, b"\n".as_slice()].concat(),
        [b"echo", b"-n", texts @ ..] => texts.join(&b' '),
        [b"echo", texts @ ..] => [&texts.join(&b' '), b"\n".as_slice()].concat(),
        _ => return None,
    };
    for filter in filters {
        let words: Vec<_> = filter.iter().map(Vec::as_slice).collect();
        match words.as_slice() {
            [b"base64", b"-d" | b"-D" | b"--decode"] => {
                bytes.retain(|byte| !byte.is_ascii_whitespace());
                bytes = STANDARD.decode(&bytes).ok()?;
            }
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests;
