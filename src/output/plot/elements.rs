//! SVG elements, written with coordinates of a tenth of a unit.

use quick_xml::Writer;
use quick_xml::events::BytesText;
use std::io;

/// A writer of SVG.
pub(super) type Svg = Writer<Vec<u8>>;

/// A part of a line of text, in the style of a class.
pub(super) struct Span<'t> {
    pub(super) class: &'t str,
    pub(super) text: &'t str,
}

/// Formats a coordinate to a tenth of a unit, without a trailing `.0`.
pub(super) fn rounded(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// Writes an element with an id and a text.
pub(super) fn element_with_id(
    svg: &mut Svg,
    element: &str,
    id: &str,
    content: &str,
) -> io::Result<()> {
    svg.create_element(element)
        .with_attribute(("id", id))
        .write_text_content(BytesText::new(content))
        .map(drop)
}

/// Writes a line of text. `anchor` is the part of it that is at `x`.
pub(super) fn text(
    svg: &mut Svg,
    class: &str,
    anchor: &str,
    [x, y]: [f64; 2],
    content: &str,
) -> io::Result<()> {
    svg.create_element("text")
        .with_attributes([
            ("class", class),
            ("text-anchor", anchor),
            ("x", rounded(x).as_str()),
            ("y", rounded(y).as_str()),
        ])
        .write_text_content(BytesText::new(content))
        .map(drop)
}

/// Writes a line of text with parts in different styles.
pub(super) fn spans(svg: &mut Svg, [x, y]: [f64; 2], parts: &[Span<'_>]) -> io::Result<()> {
    // Without indentation: it would be a part of the text.
    let mut line = Writer::new(Vec::new());
    for Span { class, text } in parts {
        line.create_element("tspan")
            .with_attribute(("class", *class))
            .write_text_content(BytesText::new(text))?;
    }
    let line = String::from_utf8(line.into_inner()).map_err(io::Error::other)?;
    svg.create_element("text")
        .with_attributes([("x", rounded(x).as_str()), ("y", rounded(y).as_str())])
        .write_text_content(BytesText::from_escaped(line))
        .map(drop)
}

/// Writes a rectangle: left, top, width and height.
pub(super) fn rectangle(svg: &mut Svg, class: &str, at: [f64; 4]) -> io::Result<()> {
    let [x, y, width, height] = at.map(rounded);
    svg.create_element("rect")
        .with_attributes([
            ("class", class),
            ("x", x.as_str()),
            ("y", y.as_str()),
            ("width", width.as_str()),
            ("height", height.as_str()),
        ])
        .write_empty()
        .map(drop)
}

/// Writes a path.
pub(super) fn path(svg: &mut Svg, class: &str, outline: &str) -> io::Result<()> {
    svg.create_element("path")
        .with_attributes([("class", class), ("d", outline)])
        .write_empty()
        .map(drop)
}

/// Writes a straight line from a point to another.
pub(super) fn line(svg: &mut Svg, class: &str, from: [f64; 2], to: [f64; 2]) -> io::Result<()> {
    let [[x1, y1], [x2, y2]] = [from, to].map(|point| point.map(rounded));
    path(svg, class, &format!("M{x1} {y1}L{x2} {y2}"))
}
