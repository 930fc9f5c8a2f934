//! A command line as bash has it while it completes: raw, up to the cursor and from there on.

/// The words of the line, as the shell would pass them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BashLine {
    /// The words before the cursor; the last one, which may be empty, is to be completed.
    pub(super) before: Vec<String>,
    /// The words after that one.
    pub(super) after: Vec<String>,
    /// `true` if the word to complete is no word of the program, but the file of a redirection.
    pub(super) is_redirection: bool,
    /// The part of the word to complete that bash does not replace: it splits words at the
    /// characters of `COMP_WORDBREAKS`, such as `:` and `=`, unless they are quoted.
    pub(super) kept: String,
}

/// The words of a part of the line.
#[derive(Debug, Default)]
struct Splitter {
    words: Vec<String>,
    current: String,
    /// `true` if `current` is a word, even an empty one: `""`.
    is_word: bool,
    /// `true` if `current` is the file of a redirection.
    is_redirection: bool,
    quote: Option<char>,
    /// The length of the part of `current` that bash does not replace.
    kept: usize,
}

impl BashLine {
    /// Splits a line at the cursor. `breaks` is the value of `COMP_WORDBREAKS`.
    pub(super) fn split(before: &str, after: &str, breaks: &str) -> Self {
        let is_break = |c: char| matches!(c, ':' | '=' | '@') && breaks.contains(c);
        let mut splitter = Splitter::default();
        splitter.read(before, is_break);
        let is_redirection = splitter.is_redirection;
        let kept = splitter.current.get(..splitter.kept).unwrap_or_default().to_owned();
        splitter.words.push(splitter.current);
        // The rest of the word at the cursor is not completed.
        let rest = after.find(char::is_whitespace).and_then(|end| after.get(end..));
        let mut following = Splitter::default();
        following.read(rest.unwrap_or_default(), is_break);
        following.end_word();
        Self { before: splitter.words, after: following.words, is_redirection, kept }
    }
}

impl Splitter {
    fn read(&mut self, text: &str, is_break: impl Fn(char) -> bool) {
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match (self.quote, c) {
                (None, ' ' | '\t' | '\n') => self.end_word(),
                (None, '\'' | '"') => {
                    (self.quote, self.is_word) = (Some(c), true);
                    // bash replaces what follows the quote.
                    self.kept = self.current.len();
                }
                (Some(quote), _) if c == quote => self.quote = None,
                (None | Some('"'), '\\') => self.push(chars.next()),
                (None, '<' | '>') => self.start_redirection(),
                (None, _) if is_break(c) => {
                    self.push(Some(c));
                    self.kept = self.current.len();
                }
                _ => self.push(Some(c)),
            }
        }
    }

    fn push(&mut self, c: Option<char>) {
        self.current.extend(c);
        self.is_word = true;
    }

    fn end_word(&mut self) {
        let word = std::mem::take(&mut self.current);
        if self.is_word {
            if !self.is_redirection {
                self.words.push(word);
            }
            self.is_redirection = false;
        }
        (self.is_word, self.kept) = (false, 0);
    }

    /// Reads the operator of a redirection, such as `2>`; after `>>`, it comes twice.
    fn start_redirection(&mut self) {
        // What is redirected belongs to the operator.
        if self.current.chars().all(|c| c.is_ascii_digit() || c == '&') {
            self.is_word = false;
        }
        self.end_word();
        self.is_redirection = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BREAKS: &str = " \t\n\"'><=;|&(:";

    fn split(before: &str, after: &str, breaks: &str) -> (Vec<String>, Vec<String>, String) {
        let BashLine { before, after, kept, .. } = BashLine::split(before, after, breaks);
        (before, after, kept)
    }

    #[test]
    fn words_are_rejoined_around_colons_and_equals_signs() {
        for (line, words, kept) in [
            ("leadhook ", &["leadhook", ""][..], ""),
            ("leadhook send cr", &["leadhook", "send", "cr"], ""),
            ("leadhook send acme:", &["leadhook", "send", "acme:"], "acme:"),
            ("leadhook send acme:lead.c", &["leadhook", "send", "acme:lead.c"], "acme:"),
            (
                "leadhook --until=event=acme:c",
                &["leadhook", "--until=event=acme:c"],
                "--until=event=acme:",
            ),
            ("leadhook  send\t'a b' \"c", &["leadhook", "send", "a b", "c"], ""),
            ("leadhook send \"acme:c", &["leadhook", "send", "acme:c"], ""),
            (r"leadhook send acme\:c\ d", &["leadhook", "send", "acme:c d"], ""),
            (r#"leadhook send 'a\' "" b"#, &["leadhook", "send", r"a\", "", "b"], ""),
            ("leadhook send \\", &["leadhook", "send", ""], ""),
            ("", &[""], ""),
        ] {
            let (found, _, found_kept) = split(line, "", BREAKS);
            assert_eq!(
                (found, found_kept.as_str()),
                (words.iter().map(ToString::to_string).collect(), kept),
                "{line}"
            );
        }
    }

    #[test]
    fn a_character_that_bash_does_not_split_at_is_replaced_with_the_word() {
        assert_eq!(split("leadhook send acme:c", "", " \t\n=").2, "");
        assert_eq!(split("leadhook --only=a", "", " \t\n:").2, "");
        assert_eq!(split("leadhook send a@b", "", BREAKS).2, "");
    }

    #[test]
    fn redirections_are_no_words_of_the_program() {
        for (line, words, is_redirection) in [
            ("leadhook send >x 2>>y <z 2>&1 cr", &["leadhook", "send", "cr"][..], false),
            ("leadhook send &> log cr", &["leadhook", "send", "cr"], false),
            ("leadhook send created>", &["leadhook", "send", "created", ""], true),
            ("leadhook send created 2> x", &["leadhook", "send", "created", "x"], true),
            ("leadhook send '>' \\> cr", &["leadhook", "send", ">", ">", "cr"], false),
        ] {
            let found = BashLine::split(line, "", BREAKS);
            let before: Vec<_> = found.before.iter().map(String::as_str).collect();
            assert_eq!((&before[..], found.is_redirection), (words, is_redirection), "{line}");
        }
    }

    #[test]
    fn the_rest_of_the_word_at_the_cursor_is_dropped() {
        let (before, after, _) = split("leadhook send cr", "eated -p acme", BREAKS);
        assert_eq!(before.last().map(String::as_str), Some("cr"));
        assert_eq!(after, ["-p", "acme"]);
        assert_eq!(split("leadhook ", "", BREAKS).1, [""; 0]);
    }
}
