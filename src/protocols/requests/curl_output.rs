//! Reader for what `curl` prints about a transfer: `--trace-ascii` and `--trace`; and the
//! recognition of `-v`, which prints no body.

use crate::protocols::requests::http_text;
use crate::protocols::requests::http_text::{first_line, lines};
use crate::protocols::requests::parsed::ReadResults;

/// The number of lines among which the request line of `curl -v` must be.
const MAX_LINES: usize = 1_000;

/// The prefix of a line in which `curl -v` or `--trace-ascii` says what it does.
const INFO: [&[u8]; 2] = [b"* ", b"== Info:"];

/// The number of bytes in a line of `--trace`.
const HEX_WIDTH: usize = 16;

/// Returns `true` if a text is the output of `curl --trace-ascii` or `--trace`.
pub(super) fn is_trace(text: &[u8]) -> bool {
    let mut lines = lines(text).filter(|line| !is_info(line)).take(MAX_LINES);
    lines.any(|line| without_time(line).starts_with(b"=> Send header"))
        && (is_info(first_line(text).0) || without_time(first_line(text).0).starts_with(b"=>"))
}

/// Returns `true` if a text is the output of `curl -v`, without the command.
pub(super) fn is_verbose(text: &[u8]) -> bool {
    let first = first_line(text).0;
    (first.starts_with(b"* ") || is_sent_request(first))
        && lines(text).take(MAX_LINES).any(is_sent_request)
}

/// Returns the error for the output of `curl -v`.
pub(super) fn read_verbose(_: &[u8]) -> ReadResults {
    Err("it is the output of `curl -v`, which does not contain the body, expected the `curl` \
         command, or the output of `curl --trace-ascii -`"
        .to_owned())
}

/// Parses every request of the output of `--trace-ascii` or `--trace`.
pub(super) fn read_trace(text: &[u8]) -> ReadResults {
    let mut sent = Vec::new();
    let mut block = Block::default();
    let first = lines(text).find_map(|line| data_of_line(without_time(line)));
    let is_hex = first.is_some_and(|(_, line)| hex_bytes(line).len() == HEX_WIDTH);
    for line in lines(text) {
        let line = without_time(line);
        if let Some(data) = data_of_line(line) {
            block.lines.push(data);
            continue;
        }
        block.append_to(&mut sent, is_hex);
        let is_sent = line.starts_with(b"=> Send header") || line.starts_with(b"=> Send data");
        block = Block { is_sent, size: size_of_block(line), lines: Vec::new() };
    }
    block.append_to(&mut sent, is_hex);
    http_text::read(&sent)
}

/// The bytes of one call of `send` or `recv`.
#[derive(Default)]
struct Block<'a> {
    is_sent: bool,
    size: usize,
    /// The lines, each with the offset of its first byte.
    lines: Vec<(usize, &'a [u8])>,
}

impl Block<'_> {
    fn append_to(&self, sent: &mut Vec<u8>, is_hex: bool) {
        if !self.is_sent {
            return;
        }
        if is_hex {
            sent.extend(self.lines.iter().flat_map(|(_, line)| hex_bytes(line)));
            return;
        }
        for (index, (offset, line)) in self.lines.iter().enumerate() {
            sent.extend_from_slice(line);
            // `--trace-ascii` does not show a newline: the next offset is two bytes ahead.
            let next = self.lines.get(index + 1).map_or(self.size, |(offset, _)| *offset);
            let ends_head = line.is_empty() && index + 1 == self.lines.len();
            if ends_head || next == offset + line.len() + 2 {
                sent.extend_from_slice(b"\r\n");
            }
        }
    }
}

/// Returns the size in `=> Send data, 90 bytes (0x5a)`.
fn size_of_block(line: &[u8]) -> usize {
    let mut words = std::str::from_utf8(line).unwrap_or_default().split(' ');
    words.find_map(|word| word.parse().ok()).unwrap_or_default()
}

fn is_info(line: &[u8]) -> bool {
    INFO.iter().any(|info| line.starts_with(info))
}

/// Returns `true` for `> POST / HTTP/1.1`.
pub(super) fn is_sent_request(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"> ");
    line.is_some_and(crate::protocols::http1::begins_saved_message)
}

/// Returns a line without the time that `--trace-time` adds.
fn without_time(line: &[u8]) -> &[u8] {
    let is_time = |byte: &u8| byte.is_ascii_digit() || b":.".contains(byte);
    match line.get(..16) {
        Some(time) if time[..15].iter().all(is_time) && time[2] == b':' && time[15] == b' ' => {
            &line[16..]
        }
        _ => line,
    }
}

/// Returns the offset and the data in a line such as `0040: Host: example.com`.
fn data_of_line(line: &[u8]) -> Option<(usize, &[u8])> {
    let colon = line.iter().take(9).position(|&byte| byte == b':').filter(|&colon| colon >= 4)?;
    let (offset, data) = line.split_at(colon);
    let offset = usize::from_str_radix(std::str::from_utf8(offset).ok()?, 16).ok()?;
    let data = data.strip_prefix(b": ").or_else(|| data.strip_prefix(b":"))?;
    Some((offset, data))
}

/// Decodes a line of `--trace`: up to 16 bytes in hex digits, then as characters.
fn hex_bytes(line: &[u8]) -> Vec<u8> {
    let pairs = line[..line.len().min(3 * HEX_WIDTH)].chunks(3);
    let byte = |pair: &[u8]| {
        let digits = pair.strip_suffix(b" ").filter(|digits| digits.len() == 2)?;
        u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    pairs.map_while(byte).collect()
}

#[cfg(test)]
mod tests;
