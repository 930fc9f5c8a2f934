//! SVG plots of counts over time.
//!
//! The file is self-contained: no scripts, fonts or links. It follows the viewer's light or dark
//! scheme.

use crate::domain::time::Wait;
use crate::output::sanitize;
use indicatif::HumanCount;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::fmt::Write as _;
use std::io;
use std::time::Duration;

/// The plot of one run.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// The heading.
    pub title: String,
    /// The lines below the title.
    pub lines: Vec<String>,
    /// The intervals in which the endpoint is down.
    pub outages: Vec<(Duration, Duration)>,
    /// The panels, which share one time axis.
    pub panels: Vec<Panel>,
}

/// One series of counts over time.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The name of the series.
    pub name: String,
    /// The unit of the counts: `in 5 min`, `at once`.
    pub unit: String,
    /// The colour.
    pub tone: Tone,
    /// The duration that each value covers.
    pub slice: Duration,
    /// The counts, one per slice.
    pub values: Vec<u64>,
}

/// The meaning of a colour, the same as in the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tone {
    /// Neutral.
    Plain,
    /// Needs attention.
    Warn,
    /// A failure.
    Bad,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

const STYLE: &str = "
text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; fill: #1f2328 }
.title { font-size: 18px; font-weight: 600 }
.dim { fill: #59636e; font-size: 12px }
.paper { fill: #ffffff }
.grid { stroke: #d1d9e0; stroke-width: 1 }
.outage { fill: #cf222e; fill-opacity: 0.10 }
.plain { fill: #4078c0 } .warn { fill: #bf8700 } .bad { fill: #cf222e }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .dim { fill: #9198a1 } .paper { fill: #0d1117 } .grid { stroke: #30363d }
  .outage { fill: #f85149; fill-opacity: 0.18 }
  .plain { fill: #58a6ff } .warn { fill: #d29922 } .bad { fill: #f85149 }
}
";

const WIDTH: u32 = 860;
const LEFT_MARGIN: u32 = 72;
const RIGHT_MARGIN: u32 = 24;
const PANEL_HEIGHT: u32 = 96;
const PANEL_GAP: u32 = 44;
const LINE_HEIGHT: u32 = 20;
const TITLE_BASELINE: u32 = 34;
const FOOTER_HEIGHT: u32 = 36;

/// The round durations between labels of the axis, in seconds.
const TICK_SECONDS: [u64; 19] = [
    1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800,
    604_800, 2_419_200, 14_515_200, 31_536_000,
];

/// The maximum number of labels of the axis.
const MAX_TICKS: u64 = 10;

type Svg = Writer<Vec<u8>>;

/// Renders a plot.
///
/// # Errors
///
/// Never: writing to a buffer cannot fail.
pub fn svg(drawing: &Drawing) -> io::Result<Vec<u8>> {
    let mut svg = Writer::new_with_indent(Vec::new(), b' ', 1);
    svg.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let top =
        TITLE_BASELINE + LINE_HEIGHT * u32::try_from(drawing.lines.len()).unwrap_or(0) + PANEL_GAP;
    let panels = u32::try_from(drawing.panels.len()).unwrap_or(0);
    let bottom = top + panels * (PANEL_HEIGHT + PANEL_GAP) - PANEL_GAP.min(panels * PANEL_GAP);
    let height = bottom + FOOTER_HEIGHT;
    let length = drawing.panels.iter().map(Panel::length).max().unwrap_or_default();
    let scale = Scale { length: length.max(Duration::from_secs(1)) };
    let view = format!("0 0 {WIDTH} {height}");
    svg.create_element("svg")
        .with_attributes([
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("viewBox", view.as_str()),
            ("width", WIDTH.to_string().as_str()),
            ("height", height.to_string().as_str()),
            ("role", "img"),
            ("aria-labelledby", "title desc"),
        ])
        .write_inner_content(|svg| {
            element_with_id(svg, "title", "title", &drawing.title)?;
            element_with_id(svg, "desc", "desc", &drawing.lines.join(". "))?;
            svg.create_element("style").write_text_content(BytesText::from_escaped(STYLE))?;
            rectangle(svg, "paper", [0.0, 0.0, f64::from(WIDTH), f64::from(height)])?;
            text(
                svg,
                "title",
                "start",
                f64::from(LEFT_MARGIN),
                f64::from(TITLE_BASELINE),
                &drawing.title,
            )?;
            for (line, row) in drawing.lines.iter().zip(1..) {
                let y = f64::from(TITLE_BASELINE + LINE_HEIGHT * row) + 2.0;
                text(svg, "dim", "start", f64::from(LEFT_MARGIN), y, line)?;
            }
            for (panel, row) in drawing.panels.iter().zip(0..) {
                panel.draw(svg, drawing, scale, top + row * (PANEL_HEIGHT + PANEL_GAP))?;
            }
            scale.axis(svg, bottom)
        })?;
    let mut document = String::from_utf8(svg.into_inner()).map_err(io::Error::other)?;
    document.push('\n');
    Ok(sanitize::markup_without_ci_commands(document).into_bytes())
}

/// Maps time to horizontal positions.
#[derive(Clone, Copy)]
struct Scale {
    length: Duration,
}

impl Scale {
    fn x(self, at: Duration) -> f64 {
        let fraction = at.min(self.length).as_secs_f64() / self.length.as_secs_f64();
        f64::from(LEFT_MARGIN) + fraction * f64::from(WIDTH - LEFT_MARGIN - RIGHT_MARGIN)
    }

    fn axis(self, svg: &mut Svg, bottom: u32) -> io::Result<()> {
        let seconds = self.length.as_secs();
        let fits = |tick: &u64| seconds / tick <= MAX_TICKS;
        let tick =
            TICK_SECONDS.iter().copied().find(fits).unwrap_or_else(|| (seconds / MAX_TICKS).max(1));
        for at in (0..=seconds / tick).map(|label| label * tick) {
            let label = if at == 0 { "0".to_owned() } else { Wait(at).to_string() };
            let x = self.x(Duration::from_secs(at));
            text(svg, "dim", "middle", x, f64::from(bottom) + 20.0, &label)?;
        }
        Ok(())
    }
}

impl Panel {
    fn max(&self) -> u64 {
        self.values.iter().copied().max().unwrap_or(0)
    }

    fn length(&self) -> Duration {
        self.slice.saturating_mul(u32::try_from(self.values.len()).unwrap_or(u32::MAX))
    }

    fn draw(&self, svg: &mut Svg, drawing: &Drawing, scale: Scale, top: u32) -> io::Result<()> {
        let (top, height) = (f64::from(top), f64::from(PANEL_HEIGHT));
        let bottom = top + height;
        let max = self.max();
        for (from, to) in &drawing.outages {
            let (from, to) = (scale.x(*from), scale.x(*to));
            rectangle(svg, "outage", [from, top, to - from, height])?;
        }
        // Panels of the same kind share a scale, so that schedules can be compared by eye.
        let same_kind = drawing.panels.iter().filter(|panel| panel.tone == self.tone);
        let ceiling = ceiling(same_kind.map(Panel::max).max().unwrap_or(0));
        for (value, y) in [(ceiling, top), (0, bottom)] {
            let [left, right] =
                [f64::from(LEFT_MARGIN), f64::from(WIDTH - RIGHT_MARGIN)].map(rounded);
            let y_text = rounded(y);
            svg.create_element("line")
                .with_attributes([
                    ("class", "grid"),
                    ("x1", left.as_str()),
                    ("x2", right.as_str()),
                    ("y1", y_text.as_str()),
                    ("y2", y_text.as_str()),
                ])
                .write_empty()?;
            let number = HumanCount(value).to_string();
            text(svg, "dim", "end", f64::from(LEFT_MARGIN) - 8.0, y + 4.0, &number)?;
        }
        svg.create_element("path")
            .with_attributes([
                ("class", self.tone.class()),
                ("d", self.outline(scale, bottom, height, ceiling).as_str()),
            ])
            .write_empty()?;
        let heading = format!("{}, max {} {}", self.name, HumanCount(max), self.unit);
        text(svg, "name", "start", f64::from(LEFT_MARGIN), top - 8.0, &heading)
    }

    /// Returns the outline of all bars, as one path.
    fn outline(&self, scale: Scale, bottom: f64, height: f64, ceiling: u64) -> String {
        let mut path = format!("M{} {}", rounded(scale.x(Duration::ZERO)), rounded(bottom));
        let mut end = Duration::ZERO;
        for value in &self.values {
            end += self.slice;
            #[expect(clippy::cast_precision_loss, reason = "a pixel is coarser")]
            let fraction = *value as f64 / ceiling as f64;
            // Writing to a string cannot fail.
            let _ =
                write!(path, "V{}H{}", rounded(bottom - fraction * height), rounded(scale.x(end)));
        }
        let _ = write!(path, "V{}Z", rounded(bottom));
        path
    }
}

/// Returns the smallest round number that is at least `max`.
fn ceiling(max: u64) -> u64 {
    let mut unit = 1_u64;
    loop {
        for step in [1, 2, 3, 4, 5, 6, 8] {
            match unit.checked_mul(step) {
                Some(ceiling) if ceiling >= max => return ceiling,
                Some(_) => {}
                None => return max,
            }
        }
        unit = match unit.checked_mul(10) {
            Some(unit) => unit,
            None => return max,
        };
    }
}

/// Formats a coordinate to a tenth of a pixel, without a trailing `.0`.
fn rounded(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

fn element_with_id(svg: &mut Svg, element: &str, id: &str, content: &str) -> io::Result<()> {
    svg.create_element(element)
        .with_attribute(("id", id))
        .write_text_content(BytesText::new(content))
        .map(drop)
}

fn text(svg: &mut Svg, class: &str, anchor: &str, x: f64, y: f64, content: &str) -> io::Result<()> {
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

fn rectangle(svg: &mut Svg, class: &str, at: [f64; 4]) -> io::Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use quick_xml::Reader;

    fn drawing(name: &str, values: Vec<u64>) -> Drawing {
        let slice = Duration::from_secs(60);
        let panel = Panel {
            name: name.to_owned(),
            unit: "in 1 min".to_owned(),
            tone: Tone::Bad,
            slice,
            values,
        };
        Drawing {
            title: "3 leads".to_owned(),
            lines: vec![format!("{name}: all")],
            outages: vec![(slice, slice * 2)],
            panels: vec![panel.clone(), panel],
        }
    }

    /// Parses the XML, and returns its text.
    fn read(bytes: &[u8]) -> String {
        let mut reader = Reader::from_reader(bytes);
        let mut content = String::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => return content,
                Event::Text(text) => content.push_str(&text.decode().unwrap()),
                Event::GeneralRef(reference) => {
                    write!(content, "&{};", reference.decode().unwrap()).unwrap();
                }
                _ => {}
            }
        }
    }

    #[test]
    fn names_are_escaped_in_a_drawing() {
        let hostile = "</text><script>alert(1)</script>&\"'";
        let bytes = svg(&drawing(hostile, vec![0, 5, 3])).unwrap();
        assert!(!String::from_utf8(bytes.clone()).unwrap().contains("<script"));
        let content = read(&bytes);
        assert!(content.contains("&lt;script&gt;alert(1)"), "{content}");
    }

    #[test]
    fn bars_are_scaled_to_the_ceiling() {
        let panel = &drawing("x", vec![0, 5, 2]).panels[0];
        let scale = Scale { length: panel.length() };
        let path = panel.outline(scale, 200.0, 100.0, 5);
        assert_eq!(path, "M72 200V200H326.7V100H581.3V160H836V200Z");
    }

    #[test]
    fn empty_and_huge_values_can_be_drawn() {
        for values in [vec![], vec![0], vec![u64::MAX; 3]] {
            read(&svg(&drawing("x", values)).unwrap());
        }
        let empty = Drawing { panels: vec![], ..drawing("x", vec![]) };
        read(&svg(&empty).unwrap());
    }

    #[test]
    fn a_ceiling_is_a_round_number_that_is_not_exceeded() {
        assert_eq!([0, 1, 7, 9, 22, 99, 101].map(ceiling), [1, 1, 8, 10, 30, 100, 200]);
        assert_eq!(ceiling(u64::MAX), u64::MAX);
    }
}
