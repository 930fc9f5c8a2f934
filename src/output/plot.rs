//! What happens over time, drawn as SVG.
//!
//! One file without a script, a font or a link. It follows the light or dark scheme of whoever
//! looks at it.

use crate::domain::time::Wait;
use crate::output::sanitize;
use indicatif::HumanCount;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::fmt::Write as _;
use std::io;
use std::time::Duration;

/// A drawing of one run.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// What it is about.
    pub title: String,
    /// What else is to be said, a line each.
    pub lines: Vec<String>,
    /// When nobody was there.
    pub outages: Vec<(Duration, Duration)>,
    /// The rows, all over the same time.
    pub panels: Vec<Panel>,
}

/// One kind of number over time.
#[derive(Clone, Debug)]
pub struct Panel {
    /// What is counted.
    pub name: String,
    /// What the numbers are of: `in 5 min`, `at once`.
    pub unit: String,
    /// Its colour.
    pub tone: Tone,
    /// How long each of the values is for.
    pub slice: Duration,
    /// The numbers, from the beginning on.
    pub values: Vec<u64>,
}

/// What a colour means, the same as in a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tone {
    /// Nothing in particular.
    Plain,
    /// To be looked at.
    Warn,
    /// Wrong.
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
const LEFT: u32 = 72;
const RIGHT: u32 = 24;
const PANEL: u32 = 96;
const GAP: u32 = 44;
const LINE: u32 = 20;
const TOP: u32 = 34;
const FOOT: u32 = 36;

/// Lengths of time between the labels of the axis, in seconds.
const TICKS: [u64; 19] = [
    1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800,
    604_800, 2_419_200, 14_515_200, 31_536_000,
];

/// Most labels of the axis.
const MOST_TICKS: u64 = 10;

type Svg = Writer<Vec<u8>>;

/// The file.
///
/// # Errors
///
/// Never: a buffer takes everything.
pub fn svg(drawing: &Drawing) -> io::Result<Vec<u8>> {
    let mut svg = Writer::new_with_indent(Vec::new(), b' ', 1);
    svg.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let top = TOP + LINE * u32::try_from(drawing.lines.len()).unwrap_or(0) + GAP;
    let panels = u32::try_from(drawing.panels.len()).unwrap_or(0);
    let bottom = top + panels * (PANEL + GAP) - GAP.min(panels * GAP);
    let height = bottom + FOOT;
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
            named(svg, "title", "title", &drawing.title)?;
            named(svg, "desc", "desc", &drawing.lines.join(". "))?;
            svg.create_element("style").write_text_content(BytesText::from_escaped(STYLE))?;
            rectangle(svg, "paper", [0.0, 0.0, f64::from(WIDTH), f64::from(height)])?;
            text(svg, "title", "start", f64::from(LEFT), f64::from(TOP), &drawing.title)?;
            for (line, row) in drawing.lines.iter().zip(1..) {
                let y = f64::from(TOP + LINE * row) + 2.0;
                text(svg, "dim", "start", f64::from(LEFT), y, line)?;
            }
            for (panel, row) in drawing.panels.iter().zip(0..) {
                panel.draw(svg, drawing, scale, top + row * (PANEL + GAP))?;
            }
            scale.axis(svg, bottom)
        })?;
    let mut document = String::from_utf8(svg.into_inner()).map_err(io::Error::other)?;
    document.push('\n');
    Ok(sanitize::markup_without_ci_commands(document).into_bytes())
}

/// From time to the width of a panel.
#[derive(Clone, Copy)]
struct Scale {
    length: Duration,
}

impl Scale {
    fn x(self, at: Duration) -> f64 {
        let part = at.min(self.length).as_secs_f64() / self.length.as_secs_f64();
        f64::from(LEFT) + part * f64::from(WIDTH - LEFT - RIGHT)
    }

    fn axis(self, svg: &mut Svg, bottom: u32) -> io::Result<()> {
        let seconds = self.length.as_secs();
        let few = |tick: &u64| seconds / tick <= MOST_TICKS;
        let tick = TICKS.iter().copied().find(few).unwrap_or_else(|| (seconds / MOST_TICKS).max(1));
        for at in (0..=seconds / tick).map(|label| label * tick) {
            let label = if at == 0 { "0".to_owned() } else { Wait(at).to_string() };
            let x = self.x(Duration::from_secs(at));
            text(svg, "dim", "middle", x, f64::from(bottom) + 20.0, &label)?;
        }
        Ok(())
    }
}

impl Panel {
    fn most(&self) -> u64 {
        self.values.iter().copied().max().unwrap_or(0)
    }

    fn length(&self) -> Duration {
        self.slice.saturating_mul(u32::try_from(self.values.len()).unwrap_or(u32::MAX))
    }

    fn draw(&self, svg: &mut Svg, drawing: &Drawing, scale: Scale, top: u32) -> io::Result<()> {
        let (top, height) = (f64::from(top), f64::from(PANEL));
        let bottom = top + height;
        let most = self.most();
        for (from, to) in &drawing.outages {
            let (from, to) = (scale.x(*from), scale.x(*to));
            rectangle(svg, "outage", [from, top, to - from, height])?;
        }
        // What is counted alike has the same height.
        let alike = drawing.panels.iter().filter(|panel| panel.tone == self.tone);
        let roof = roof(alike.map(Panel::most).max().unwrap_or(0));
        for (value, y) in [(roof, top), (0, bottom)] {
            let [left, right] = [f64::from(LEFT), f64::from(WIDTH - RIGHT)].map(rounded);
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
            text(svg, "dim", "end", f64::from(LEFT) - 8.0, y + 4.0, &number)?;
        }
        svg.create_element("path")
            .with_attributes([
                ("class", self.tone.class()),
                ("d", self.outline(scale, bottom, height, roof).as_str()),
            ])
            .write_empty()?;
        let heading = format!("{}, {} {} at most", self.name, HumanCount(most), self.unit);
        text(svg, "name", "start", f64::from(LEFT), top - 8.0, &heading)
    }

    /// The outline of all bars, as one path.
    fn outline(&self, scale: Scale, bottom: f64, height: f64, roof: u64) -> String {
        let mut path = format!("M{} {}", rounded(scale.x(Duration::ZERO)), rounded(bottom));
        let mut end = Duration::ZERO;
        for value in &self.values {
            end += self.slice;
            #[expect(clippy::cast_precision_loss, reason = "a pixel is coarser")]
            let part = *value as f64 / roof as f64;
            // A string takes everything.
            let _ = write!(path, "V{}H{}", rounded(bottom - part * height), rounded(scale.x(end)));
        }
        // A string takes everything.
        let _ = write!(path, "V{}Z", rounded(bottom));
        path
    }
}

/// A round number that is not below `most`.
fn roof(most: u64) -> u64 {
    let mut unit = 1_u64;
    loop {
        for step in [1, 2, 3, 4, 5, 6, 8] {
            match unit.checked_mul(step) {
                Some(roof) if roof >= most => return roof,
                Some(_) => {}
                None => return most,
            }
        }
        unit = match unit.checked_mul(10) {
            Some(unit) => unit,
            None => return most,
        };
    }
}

/// A tenth of a pixel is enough.
fn rounded(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

fn named(svg: &mut Svg, element: &str, id: &str, content: &str) -> io::Result<()> {
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

    /// Every element is closed, and what the text says.
    fn read(bytes: &[u8]) -> String {
        let mut reader = Reader::from_reader(bytes);
        let mut said = String::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => return said,
                Event::Text(text) => said.push_str(&text.decode().unwrap()),
                Event::GeneralRef(reference) => {
                    write!(said, "&{};", reference.decode().unwrap()).unwrap();
                }
                _ => {}
            }
        }
    }

    #[test]
    fn a_drawing_is_xml_whatever_its_names_are() {
        let hostile = "</text><script>alert(1)</script>&\"'";
        let bytes = svg(&drawing(hostile, vec![0, 5, 3])).unwrap();
        assert!(!String::from_utf8(bytes.clone()).unwrap().contains("<script"));
        let said = read(&bytes);
        assert!(said.contains("&lt;script&gt;alert(1)"), "{said}");
    }

    #[test]
    fn the_bars_stand_on_the_ground_and_reach_their_part_of_the_roof() {
        let panel = &drawing("x", vec![0, 5, 2]).panels[0];
        let scale = Scale { length: panel.length() };
        let path = panel.outline(scale, 200.0, 100.0, 5);
        assert_eq!(path, "M72 200V200H326.7V100H581.3V160H836V200Z");
    }

    #[test]
    fn nothing_and_everything_can_be_drawn() {
        for values in [vec![], vec![0], vec![u64::MAX; 3]] {
            read(&svg(&drawing("x", values)).unwrap());
        }
        let empty = Drawing { panels: vec![], ..drawing("x", vec![]) };
        read(&svg(&empty).unwrap());
    }

    #[test]
    fn a_roof_is_round_and_high_enough() {
        assert_eq!([0, 1, 7, 9, 22, 99, 101].map(roof), [1, 1, 8, 10, 30, 100, 200]);
        assert_eq!(roof(u64::MAX), u64::MAX);
    }
}
