//! Inputs that repeat a part, for the target that looks at time and for the test that does not.

/// A beginning, then a part so often that there are about `size` bytes of it, then an end.
///
/// A NUL stands between the three.
pub fn repeated(bytes: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut parts = bytes.splitn(3, |&byte| byte == 0);
    let (begin, part) = (parts.next()?, parts.next().filter(|part| !part.is_empty())?);
    let end = parts.next().unwrap_or_default();
    Some([begin, &part.repeat(size / part.len() + 1), end].concat())
}
