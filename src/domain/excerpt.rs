//! Size limits of external strings in results.

/// The maximum number of bytes of a string that is shown.
pub const SHOWN: usize = 1024;

/// The maximum number of bytes of a string that a result keeps in order to show it.
///
/// It is more than [`SHOWN`], so that the code that shows the string can tell that it was
/// truncated.
pub const KEPT: usize = 2 * SHOWN;

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
    fn a_prefix_ends_between_two_characters() {
        for (bytes, expected) in [(0, ""), (1, "a"), (2, "a"), (3, "aé"), (4, "aéb"), (9, "aéb")]
        {
            assert_eq!(prefix("aéb", bytes), expected);
        }
    }
}
