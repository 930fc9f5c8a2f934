//! Builder of the request body from the data options of `curl`.

use crate::protocols::requests::command::options::DataKind;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// The bytes that `--data-urlencode` percent-encodes; it writes a space as `+`.
const URLENCODE_SET: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b' ');

/// Builds the body of a request by the rules of `curl`: pieces are joined with `&`, except those of
/// `--json`.
#[derive(Debug, Default)]
pub(super) struct BodyBuilder {
    /// The bytes, or `None` without any piece.
    pub(super) bytes: Option<Vec<u8>>,
    /// `true` if `--json` was among them, which adds headers.
    pub(super) is_json: bool,
}

impl BodyBuilder {
    /// Appends a piece; `@-` in it means the rest of standard input.
    pub(super) fn push(
        &mut self,
        piece: DataKind,
        value: &[u8],
        stdin: &mut Option<&[u8]>,
    ) -> Result<(), String> {
        let bytes = match piece {
            DataKind::Raw => value.to_vec(),
            DataKind::Encoded => urlencode(value, stdin)?,
            DataKind::Ascii | DataKind::Binary | DataKind::Json => match value.strip_prefix(b"@") {
                None => value.to_vec(),
                Some(file) => {
                    let mut bytes = file_bytes(file, stdin)?.to_vec();
                    if piece == DataKind::Ascii {
                        bytes.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
                    }
                    bytes
                }
            },
        };
        self.is_json |= piece == DataKind::Json;
        match &mut self.bytes {
            None => self.bytes = Some(bytes),
            Some(body) => {
                if piece != DataKind::Json && !body.is_empty() {
                    body.push(b'&');
                }
                body.extend(bytes);
            }
        }
        Ok(())
    }
}

/// Returns the rest of standard input for `-`, or an error for any other file, whose content is not
/// part of the command.
fn file_bytes<'a>(file: &[u8], stdin: &mut Option<&'a [u8]>) -> Result<&'a [u8], String> {
    if file == b"-" {
        return stdin.as_mut().map(std::mem::take).ok_or_else(|| {
            "its body comes from a pipe, expected `printf %s BASE64 | base64 -d |` before `curl`"
                .to_owned()
        });
    }
    let file = String::from_utf8_lossy(file);
    Err(format!(
        "its body is in the file `{file}`, expected it in the text: pass it with `--body FILE -H 'Name: value'`"
    ))
}

/// Percent-encodes `content`, `=content`, `name=content`, `@-` or `name@-`.
pub(super) fn urlencode(value: &[u8], stdin: &mut Option<&[u8]>) -> Result<Vec<u8>, String> {
    let mark = value.iter().position(|&byte| byte == b'=');
    let mark = mark.or_else(|| value.iter().position(|&byte| byte == b'@'));
    let (name, content) = match mark {
        None => (b"".as_slice(), value),
        Some(at) if value[at] == b'=' => (&value[..at], &value[at + 1..]),
        // For an empty file, `curl` does not send the name either.
        Some(at) => match file_bytes(&value[at + 1..], stdin)? {
            b"" => return Ok(Vec::new()),
            content => (&value[..at], content),
        },
    };
    let mut bytes = name.to_vec();
    if !name.is_empty() {
        bytes.push(b'=');
    }
    let encoded = percent_encode(content, URLENCODE_SET).flat_map(str::bytes);
    bytes.extend(encoded.map(|byte| if byte == b' ' { b'+' } else { byte }));
    Ok(bytes)
}
