//! Elements of the HTML report: text, code, links and lists, escaped and bounded.

use crate::domain::excerpt::prefix;
use crate::output::report::spans::Span;
use crate::output::sanitize;
use quick_xml::Writer;
use quick_xml::events::{BytesText, Event};
use std::io;

/// The maximum number of bytes of a text, which may come from the receiver.
const MAX_TEXT: usize = 8 * 1024;

/// The attribute of a link whose text is not its URL.
const TITLED: (&str, &str) = ("class", "titled");

/// The writer of a report.
pub(super) type Html = Writer<Vec<u8>>;

/// The attributes of an element.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// Adds an element.
pub(super) fn element(
    html: &mut Html,
    name: &str,
    attributes: Attributes<'_>,
    content: impl FnOnce(&mut Html) -> io::Result<()>,
) -> io::Result<()> {
    html.create_element(name)
        .with_attributes(attributes.iter().copied())
        .write_inner_content(content)
        .map(drop)
}

/// Adds an element without content.
pub(super) fn empty(html: &mut Html, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
    html.create_element(name).with_attributes(attributes.iter().copied()).write_empty().map(drop)
}

/// Adds an element with text.
pub(super) fn text(
    html: &mut Html,
    name: &str,
    attributes: Attributes<'_>,
    content: &str,
) -> io::Result<()> {
    element(html, name, attributes, |html| plain(html, content))
}

/// Adds text.
pub(super) fn plain(html: &mut Html, content: &str) -> io::Result<()> {
    html.write_event(Event::Text(BytesText::new(&shown(content))))
}

/// Adds a command or a document that one click selects. It is not cut: its size is limited where it
/// is made.
pub(super) fn copyable(html: &mut Html, label: &str, content: &str) -> io::Result<()> {
    let attributes = [("tabindex", "0"), ("role", "group"), ("aria-label", label)];
    let content = sanitize::lines(content);
    element(html, "pre", &attributes, |html| {
        html.write_event(Event::Text(BytesText::new(&content)))
    })
}

/// Adds an element with text, code and links.
pub(super) fn spans(
    html: &mut Html,
    name: &str,
    attributes: Attributes<'_>,
    content: &[Span<'_>],
) -> io::Result<()> {
    element(html, name, attributes, |html| {
        content.iter().try_for_each(|span| match span {
            Span::Text(content) => plain(html, content),
            Span::Code(code) => text(html, "code", &[], code),
            Span::Link(name, url) => {
                let href = shown(url);
                let attributes = [("href", href.as_str()), ("rel", "noreferrer"), TITLED];
                // In print, the URL follows a link that does not consist of it.
                let count = if name == url { 2 } else { 3 };
                text(html, "a", &attributes[..count], name)
            }
        })
    })
}

/// Adds a link to an element of the report.
pub(super) fn anchor_link(html: &mut Html, anchor: &str, name: &str) -> io::Result<()> {
    text(html, "a", &[("href", format!("#{anchor}").as_str())], name)
}

/// Adds a name and its content to a list, unless the content is empty.
pub(super) fn row(html: &mut Html, name: &str, content: &[Span<'_>]) -> io::Result<()> {
    if content.iter().all(|span| *span == Span::Text("")) {
        return Ok(());
    }
    text(html, "dt", &[], name)?;
    spans(html, "dd", &[], content)
}

/// Adds a symbol that only repeats what the text beside it says.
pub(super) fn symbol(html: &mut Html, symbol: &str) -> io::Result<()> {
    text(html, "span", &[("class", "symbol"), ("aria-hidden", "true")], symbol)
}

/// Ends a line of the file: its elements are not indented, because white space between inline
/// elements would be shown.
pub(super) fn line_break(html: &mut Html) -> io::Result<()> {
    html.write_event(Event::Text(BytesText::from_escaped("\n")))
}

/// Returns a number with a noun.
pub(super) fn counted(count: usize, singular: &str, plural: &str) -> String {
    format!("{count} {}", if count == 1 { singular } else { plural })
}

/// Escapes a text and cuts it to [`MAX_TEXT`] bytes.
fn shown(text: &str) -> String {
    let kept = prefix(text, MAX_TEXT);
    let cut = if kept.len() < text.len() { "…" } else { "" };
    sanitize::lines(kept) + cut
}
