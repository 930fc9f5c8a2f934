//! Length limits of external strings in results and messages.

/// The maximum number of bytes of an external string in a message.
pub const MAX_MESSAGE_BYTES: usize = 1024;

/// The maximum number of bytes of an external string that a result stores for a message.
///
/// It is more than [`MAX_MESSAGE_BYTES`], so that the code that formats the message can detect that the string
/// was truncated.
pub const MAX_STORED_BYTES: usize = 2 * MAX_MESSAGE_BYTES;

/// Returns the longest prefix of whole characters that has at most `bytes` bytes.
#[must_use]
pub fn prefix(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_consists_of_whole_characters() {
        for (bytes, expected) in [(0, ""), (1, "a"), (2, "a"), (3, "aé"), (4, "aéb"), (9, "aéb")]
        {
            assert_eq!(prefix("aéb", bytes), expected);
        }
    }
}
