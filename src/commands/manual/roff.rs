//! A writer of manual pages in the `man` macros of roff.

use std::fmt::Write as _;

/// A manual page that is being written.
#[derive(Debug)]
pub(super) struct Roff {
    text: String,
}

impl Roff {
    /// Begins a page. `title` is its name, `date` and `source` are in its footer.
    pub(super) fn new(title: &str, date: &str, source: &str) -> Self {
        let mut page = Self { text: String::new() };
        let title = escape(&title.to_uppercase(), true);
        page.macro_line(&format!("TH \"{title}\" 1 \"{date}\" \"{}\"", escape(source, false)));
        page
    }

    /// Returns the page.
    pub(super) fn finish(self) -> String {
        self.text
    }

    /// Begins a section.
    pub(super) fn section(&mut self, heading: &str) {
        self.macro_line(&format!("SH \"{}\"", escape(&heading.to_uppercase(), false)));
    }

    /// Begins a part of a section.
    pub(super) fn subsection(&mut self, heading: &str) {
        self.macro_line(&format!("SS \"{}\"", escape(heading, false)));
    }

    /// Writes paragraphs. The heading of a section already separates the first one.
    pub(super) fn paragraphs<S: AsRef<str>>(&mut self, paragraphs: &[S]) {
        self.separated("PP", paragraphs);
    }

    /// Writes an indented explanation with a tag, which is already formatted.
    pub(super) fn tagged<S: AsRef<str>>(&mut self, tag: &str, paragraphs: &[S]) {
        self.macro_line("TP");
        self.text_line(tag);
        self.separated("IP", paragraphs);
    }

    /// Writes more tagged explanations below the last one.
    pub(super) fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        self.macro_line("RS");
        write(self);
        self.macro_line("RE");
    }

    /// Writes lines as they are, after a paragraph that says what they are.
    pub(super) fn example(&mut self, about: &str, lines: &[String]) {
        self.macro_line("PP");
        self.text_line(&inline(about));
        self.macro_line("PP");
        self.macro_line("RS 4");
        self.macro_line("nf");
        for line in lines {
            self.text_line(&escape(line, true));
        }
        self.macro_line("fi");
        self.macro_line("RE");
    }

    /// Writes formatted text.
    pub(super) fn formatted(&mut self, text: &str) {
        self.text_line(text);
    }

    fn separated<S: AsRef<str>>(&mut self, separator: &str, paragraphs: &[S]) {
        for (index, paragraph) in paragraphs.iter().enumerate() {
            if index > 0 {
                self.macro_line(separator);
            }
            self.text_line(&inline(paragraph.as_ref()));
        }
    }

    fn macro_line(&mut self, line: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, ".{line}");
    }

    fn text_line(&mut self, line: &str) {
        // A line that begins with one of these would be a macro.
        let guard = if line.starts_with(['.', '\'']) { "\\&" } else { "" };
        let _ = writeln!(self.text, "{guard}{line}");
    }
}

/// Formats text in bold.
pub(super) fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", escape(text, true))
}

/// Formats text in italics.
pub(super) fn italic(text: &str) -> String {
    format!("\\fI{}\\fR", escape(text, true))
}

/// Formats prose: words in backticks become bold.
pub(super) fn inline(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(index, part)| match part {
            "" => String::new(),
            _ if index % 2 == 1 => bold(part),
            _ => escape(part, false),
        })
        .collect()
}

/// Formats a syntax: names in capitals become italic, and lose their angle brackets.
pub(super) fn syntax(text: &str) -> String {
    let is_name = |c: char| c.is_ascii_uppercase() || matches!(c, '_' | '|');
    let (mut formatted, mut rest) = (String::new(), text);
    while !rest.is_empty() {
        let is_at_name = rest.starts_with(is_name);
        let end = rest.find(|c| is_name(c) != is_at_name).unwrap_or(rest.len());
        let (part, next) = rest.split_at(end);
        rest = next;
        // A short option such as `-H` is no name.
        if is_at_name && !formatted.ends_with("\\-") {
            formatted.push_str(&italic(part));
        } else {
            formatted.push_str(&escape(&part.replace(['<', '>'], ""), true));
        }
    }
    formatted
}

/// Escapes the characters that roff interprets. In code, a hyphen is one that can be copied.
fn escape(text: &str, is_code: bool) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\e"),
            '-' if is_code => escaped.push_str("\\-"),
            '\'' => escaped.push_str("\\(aq"),
            '"' => escaped.push_str("\\(dq"),
            '`' => escaped.push_str("\\(ga"),
            '^' => escaped.push_str("\\(ha"),
            '~' => escaped.push_str("\\(ti"),
            c if c.is_ascii() => escaped.push(c),
            c => {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\[u{:04X}]", u32::from(c));
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_roff_interprets_is_escaped() {
        assert_eq!(escape(r#"a\b'c"d`e^f~g…"#, false), r"a\eb\(aqc\(dqd\(gae\(haf\(tig\[u2026]");
        assert_eq!((escape("a-b", true), escape("a-b", false)), ("a\\-b".into(), "a-b".into()));
        assert_eq!(inline("see `--to` and `-p`"), r"see \fB\-\-to\fR and \fB\-p\fR");
        let mut page = Roff::new("a-b", "2026-01-02", "a 1");
        page.section("name");
        page.paragraphs(&[".SH x", "'y"]);
        page.example("run:", &["a \\".to_owned(), ".b".to_owned()]);
        assert_eq!(
            page.finish(),
            ".TH \"A\\-B\" 1 \"2026-01-02\" \"a 1\"\n.SH \"NAME\"\n\\&.SH x\n.PP\n\\(aqy\n.PP\nrun:\n\
             .PP\n.RS 4\n.nf\na \\e\n\\&.b\n.fi\n.RE\n"
        );
    }

    #[test]
    fn names_in_a_syntax_are_italic() {
        assert_eq!(syntax("[OPTIONS] <A|B>..."), r"[\fIOPTIONS\fR] \fIA|B\fR...");
        assert_eq!(syntax("-H, --header <NAME>"), r"\-H, \-\-header \fINAME\fR");
    }
}
