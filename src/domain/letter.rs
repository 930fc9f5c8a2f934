//! Letters that are not what they seem.

/// Whether a letter drives a terminal or changes what is seen around it: controls of C0 and C1,
/// bidi marks, letters without width.
#[must_use]
pub fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_every_script_are_harmless() {
        assert!(!"aé\u{416}\u{5d0}\u{6f22}\u{1f3e0} ".chars().any(is_dangerous));
        assert!("\u{1b}\n\u{9b}\u{202e}\u{200b}".chars().all(is_dangerous));
    }
}
