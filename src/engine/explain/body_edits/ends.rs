//! Hypotheses about the ends of the body and of its lines.

use crate::engine::explain::body_edits::received_body::{RestoreBody, one};
use crate::protocols::byte_order_mark::BYTE_ORDER_MARK;
use crate::protocols::schemes::hypothesis::Hypothesis;

/// The buffer sizes to try, as powers of two: 1 KiB to 1 MiB.
const BUFFER_POWERS: std::ops::RangeInclusive<u32> = 10..=20;

/// The hypotheses, the likeliest first.
pub(super) static ROWS: &[Hypothesis<RestoreBody>] = &[
    Hypothesis {
        code: "final-newline-added",
        condition: "the final newline is removed from the body",
        evidence: "The body ends in a newline that was not there when it was signed: an editor, \
                   `echo` or a log added it.",
        fix: "keep the body as received: `printf %s` instead of `echo`, `curl --data-binary`",
        apply: |body| {
            let rest = body.strip_suffix(b"\r\n").or_else(|| body.strip_suffix(b"\n"));
            one(rest.map(<[u8]>::to_vec))
        },
    },
    Hypothesis {
        code: "final-newline-removed",
        condition: "a newline is appended to the body",
        evidence: "The body was signed with a final newline that was removed since: the shell's \
                   `$(…)`, `curl -d @file` and `trim` do that.",
        fix: "keep the signed bytes: do not trim them, and send a file with \
              `curl --data-binary @FILE`",
        apply: |body| one(Some([body.bytes, b"\n"].concat())),
    },
    Hypothesis {
        code: "final-newline-removed",
        condition: "CR LF is appended to the body",
        evidence: "The body was signed with a final Windows newline that was removed since.",
        fix: "keep the signed bytes: do not trim them, and send a file with \
              `curl --data-binary @FILE`",
        apply: |body| one(Some([body.bytes, b"\r\n"].concat())),
    },
    Hypothesis {
        code: "crlf-to-lf",
        condition: "every LF in the body is changed back to CR LF",
        evidence: "The body was signed with Windows newlines and has Unix newlines now: git, an \
                   editor or a text mode changed them.",
        fix: "read and write the body as bytes, never as text; in git, mark fixtures `-text`",
        apply: |body| one(body.contains(&b'\n').then(|| with_crlf(body))),
    },
    Hypothesis {
        code: "lf-to-crlf",
        condition: "every CR LF in the body is changed back to LF",
        evidence: "The body was signed with Unix newlines and has Windows newlines now: git, an \
                   editor or a text mode changed them.",
        fix: "read and write the body as bytes, never as text; in git, mark fixtures `-text`",
        apply: |body| one(replace_all(body, b"\r\n", b"\n")),
    },
    Hypothesis {
        code: "bom-added",
        condition: "the byte order mark is removed from the body",
        evidence: "The body begins with a byte order mark (EF BB BF) that was not there when it \
                   was signed: an editor or PowerShell added it.",
        fix: "save it as UTF-8 without the mark",
        apply: |body| one(body.strip_prefix(BYTE_ORDER_MARK).map(<[u8]>::to_vec)),
    },
    Hypothesis {
        code: "bom-added",
        condition: "the byte order mark and the whitespace around the body are removed",
        evidence: "The body begins with a byte order mark (EF BB BF) and has whitespace around it \
                   that were not there when it was signed: PowerShell's `Out-File` adds the mark \
                   and a newline.",
        fix: "save it as UTF-8 without the mark and without a final newline: in PowerShell, \
              `[IO.File]::WriteAllText`",
        apply: |body| {
            let unmarked = body.strip_prefix(BYTE_ORDER_MARK);
            let trimmed =
                unmarked.map(<[u8]>::trim_ascii).filter(|trimmed| Some(*trimmed) != unmarked);
            one(trimmed.map(<[u8]>::to_vec))
        },
    },
    Hypothesis {
        code: "bom-removed",
        condition: "a byte order mark is put before the body",
        evidence: "The body was signed with a byte order mark (EF BB BF) that was removed since, \
                   as Python's `utf-8-sig` and many JSON readers do.",
        fix: "hash the bytes before anything decodes them",
        apply: |body| {
            one((!body.starts_with(BYTE_ORDER_MARK))
                .then(|| [BYTE_ORDER_MARK, body.bytes].concat()))
        },
    },
    Hypothesis {
        code: "outer-white-space",
        condition: "the whitespace around the body is removed",
        evidence: "The body has whitespace around it that was not there when it was signed.",
        fix: "keep the body as received, without a template or a log line around it",
        apply: |body| {
            let trimmed = body.trim_ascii();
            one((trimmed.len() < body.len()).then(|| trimmed.to_vec()))
        },
    },
    Hypothesis {
        code: "empty-body",
        condition: "the body is empty",
        evidence: "The signature covers an empty body: the body had already been read, or \
                   `mac.Write(body)` is missing (Go).",
        fix: "hash the body; if a framework reads it first, keep a copy: Go `io.ReadAll` once, \
              Express `express.raw`",
        apply: |body| one((!body.is_empty()).then(Vec::new)),
    },
    Hypothesis {
        code: "nul-added",
        condition: "the NUL at the end of the body is removed",
        evidence: "The body ends in a zero byte that was not there when it was signed: a C string \
                   was sent with its terminator.",
        fix: "send the string without its terminator",
        apply: |body| one(body.strip_suffix(b"\0").map(<[u8]>::to_vec)),
    },
    Hypothesis {
        code: "signed-in-part",
        condition: "only the first {} bytes of the body are hashed",
        evidence: "The signature covers only the start of the body: a buffer of {} bytes was read \
                   once.",
        fix: "read until the end: Go `io.ReadAll`, Node collect every chunk, Python \
              `request.get_data()`",
        apply: |body| {
            let lengths = BUFFER_POWERS.map(|power| 1_usize << power);
            let shorter = lengths.take_while(|length| *length < body.len());
            shorter.map(|length| (body[..length].to_vec(), length.to_string())).collect()
        },
    },
];

/// Returns the bytes with each `from` replaced, or `None` if `from` does not occur.
fn replace_all(bytes: &[u8], from: &[u8], to: &[u8]) -> Option<Vec<u8>> {
    let mut result = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(&first) = rest.first() {
        if rest.starts_with(from) {
            result.extend_from_slice(to);
            rest = &rest[from.len()..];
        } else {
            result.push(first);
            rest = &rest[1..];
        }
    }
    (result != bytes).then_some(result)
}

/// Returns the bytes with every newline as CR LF.
fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let unix = replace_all(bytes, b"\r\n", b"\n");
    replace_all(unix.as_deref().unwrap_or(bytes), b"\n", b"\r\n").unwrap_or_else(|| bytes.to_vec())
}
