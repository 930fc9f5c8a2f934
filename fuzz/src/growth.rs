//! Inputs that repeat a part, for the target that measures time and the test that does not.

/// Builds an input: a beginning, a part repeated to about `size` bytes, and an end.
///
/// In `bytes`, NUL characters separate the three.
pub fn repeated(bytes: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut parts = bytes.splitn(3, |&byte| byte == 0);
    let (begin, part) = (parts.next()?, parts.next().filter(|part| !part.is_empty())?);
    let end = parts.next().unwrap_or_default();
    Some([begin, &part.repeat(size / part.len() + 1), end].concat())
}
