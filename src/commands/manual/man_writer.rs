//! A writer of manual pages: the `man` macros, over the crate that escapes text for roff.

use roff::{Inline, Roff, bold, italic, roman};

/// Request that keeps the characters which groff would replace by typographic ones: a copied
/// command line must stay the same.
const KEEP_ASCII: &str = r"~\(ti^\(ha`\(ga";

/// A manual page that is being written.
#[derive(Debug)]
pub(super) struct ManWriter {
    roff: Roff,
}

impl ManWriter {
    /// Begins a page. `title` is its name, `date` and `source` are in its footer.
    pub(super) fn new(title: &str, date: &str, source: &str) -> Self {
        let mut roff = Roff::new();
        roff.control("tr", [KEEP_ASCII]);
        roff.control("TH", [title.to_uppercase().as_str(), "1", date, source]);
        Self { roff }
    }

    /// Returns the page.
    pub(super) fn finish(&self) -> String {
        self.roff.render()
    }

    /// Begins a section.
    pub(super) fn section(&mut self, heading: &str) {
        self.roff.control("SH", [heading.to_uppercase().as_str()]);
    }

    /// Begins a part of a section.
    pub(super) fn subsection(&mut self, heading: &str) {
        self.roff.control("SS", [heading]);
    }

    /// Writes one line of formatted text.
    pub(super) fn formatted(&mut self, text: Vec<Inline>) {
        self.roff.text(text);
    }

    /// Writes paragraphs of prose. The heading of a section already separates the first one.
    pub(super) fn paragraphs<S: AsRef<str>>(&mut self, paragraphs: &[S]) {
        self.separated("PP", paragraphs);
    }

    /// Writes an indented explanation with a tag.
    pub(super) fn tagged<S: AsRef<str>>(&mut self, tag: Vec<Inline>, paragraphs: &[S]) {
        self.roff.control("TP", []).text(tag);
        self.separated("IP", paragraphs);
    }

    /// Writes more tagged explanations below the last one.
    pub(super) fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        self.roff.control("RS", []);
        write(self);
        self.roff.control("RE", []);
    }

    /// Separates the next paragraph from the last one.
    pub(super) fn separate(&mut self) {
        self.roff.control("PP", []);
    }

    /// Writes lines as they are, after a paragraph that says what they are.
    pub(super) fn example(&mut self, about: &str, lines: &[String]) {
        self.roff.text(prose(about));
        self.roff.control("PP", []).control("RS", ["4"]).control("nf", []);
        for line in lines {
            self.roff.text([roman(line)]);
        }
        self.roff.control("fi", []).control("RE", []);
    }

    fn separated<S: AsRef<str>>(&mut self, separator: &str, paragraphs: &[S]) {
        for (index, paragraph) in paragraphs.iter().enumerate() {
            if index > 0 {
                self.roff.control(separator, []);
            }
            self.roff.text(prose(paragraph.as_ref()));
        }
    }
}

/// Formats prose: words in backticks become bold.
pub(super) fn prose(text: &str) -> Vec<Inline> {
    let parts = text.split('`').enumerate().filter(|(_, part)| !part.is_empty());
    parts.map(|(index, part)| if index % 2 == 1 { bold(part) } else { roman(part) }).collect()
}

/// Formats a syntax: names in capitals become italic, and lose their angle brackets.
pub(super) fn syntax(text: &str) -> Vec<Inline> {
    let is_name = |c: char| c.is_ascii_uppercase() || matches!(c, '_' | '|');
    let (mut formatted, mut rest, mut last) = (Vec::new(), text, "");
    while !rest.is_empty() {
        let is_at_name = rest.starts_with(is_name);
        let end = rest.find(|c| is_name(c) != is_at_name).unwrap_or(rest.len());
        let (part, next) = rest.split_at(end);
        // A short option such as `-H` is no name.
        formatted.push(if is_at_name && !last.ends_with('-') {
            italic(part)
        } else {
            roman(part.replace(['<', '>'], ""))
        });
        (rest, last) = (next, part);
    }
    formatted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_roff_interprets_is_escaped() {
        let mut page = ManWriter::new("a-b", "2026-01-02", "a 1");
        page.section("exit status");
        page.paragraphs(&[".SH x", "'y"]);
        page.separate();
        page.example("run:", &["a \\".to_owned(), ".b".to_owned()]);
        let text = page.finish();
        let (_, text) = text.split_once("\n.TH").unwrap();
        assert_eq!(
            text,
            " A-B 1 2026-01-02 \"a 1\"\n.SH \"EXIT STATUS\"\n\\&.SH x\n.PP\n\\*(Aqy\n.PP\nrun:\n\
             .PP\n.RS 4\n.nf\na \\\\\n\\&.b\n.fi\n.RE\n"
        );
    }

    #[test]
    fn words_in_backticks_are_bold_and_names_in_a_syntax_italic() {
        assert_eq!(
            prose("see `--to` and `-p`"),
            [roman("see "), bold("--to"), roman(" and "), bold("-p")]
        );
        assert_eq!(
            syntax("[OPTIONS] <A|B>..."),
            [roman("["), italic("OPTIONS"), roman("] "), italic("A|B"), roman("...")]
        );
        assert_eq!(
            syntax("-H, --header <NAME>"),
            [roman("-"), roman("H"), roman(", --header "), italic("NAME"), roman("")]
        );
    }
}
