//! Characters that control a terminal or hide part of a string.

/// Returns `true` for C0 and C1 control characters, bidirectional controls and zero-width
/// characters.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_all_scripts_are_safe() {
        assert!(!"aé\u{416}\u{5d0}\u{6f22}\u{1f3e0} ".chars().any(is_unsafe));
        assert!("\u{1b}\n\u{9b}\u{202e}\u{200b}".chars().all(is_unsafe));
    }
}
