//! SVG plots of counts over time.
//!
//! The file is self-contained: no scripts, fonts or links. It follows the viewer's light or dark
//! scheme, and enlarges its text if it is shown at the width of a phone.

mod elements;
mod scale;

use crate::output::plot::elements::{
    Span, Svg, element_with_id, line, path, rectangle, spans, text,
};
use crate::output::plot::scale::{CountScale, TimeScale, bars, ceiling, steps, time_label};
use crate::output::sanitize;
use crate::output::wrap::{columns, wrap};
use indicatif::HumanCount;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;
use std::time::Duration;

/// The plot of one run.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// The heading, which states the result.
    pub title: String,
    /// The lines below the title, and the kind of band that each explains.
    pub lines: Vec<(Option<BandKind>, String)>,
    /// The whole result in words, for a reader who does not see the plot.
    pub description: String,
    /// The intervals that are marked in every panel.
    pub bands: Vec<Band>,
    /// The times at which the axis begins and ends.
    pub window: (Duration, Duration),
    /// A note on the times that are not shown.
    pub note: Option<String>,
    /// The meaning of the time axis.
    pub axis: String,
    /// The duration that each value covers.
    pub slice: Duration,
    /// The panels, which share the time axis.
    pub panels: Vec<Panel>,
}

/// The kind of a marked interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BandKind {
    /// The endpoint is down.
    Outage,
    /// The endpoint is impaired.
    BrownOut,
}

/// A marked interval.
#[derive(Clone, Copy, Debug)]
pub struct Band {
    /// Its kind.
    pub kind: BandKind,
    /// Its beginning.
    pub from: Duration,
    /// Its end.
    pub to: Duration,
}

/// Some series of counts over time.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The name of the panel.
    pub title: String,
    /// The form of its series.
    pub form: PanelForm,
    /// The series.
    pub series: Vec<Series>,
}

/// The form in which the series of a panel are drawn. Panels of the same form with bars share a
/// scale, so that they can be compared by eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PanelForm {
    /// Bars on top of each other, whose sum is a count as well.
    Stacked,
    /// Lines over each other.
    Lines,
}

/// One series of counts.
#[derive(Clone, Debug)]
pub struct Series {
    /// Its entry in the legend; none if that is empty.
    pub name: String,
    /// Its style.
    pub tone: Tone,
    /// The counts, one per slice, from time zero on.
    pub values: Vec<u64>,
}

/// The meaning of a style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tone {
    /// Delivered at the first attempt.
    First,
    /// Delivered late.
    Late,
    /// Lost.
    Lost,
    /// The retry schedule of this number. The fifth one looks like the first.
    Schedule(usize),
}

impl Tone {
    /// The styles of schedules, and their signs in a legend.
    const SCHEDULES: [(&'static str, &'static str); 4] =
        [("s0", "━"), ("s1", "╍"), ("s2", "┅"), ("s3", "┉")];

    /// Returns the class of the style, and its sign in a legend.
    fn class_and_sign(self) -> (&'static str, &'static str) {
        match self {
            Self::First => ("first", "■"),
            Self::Late => ("late", "■"),
            Self::Lost => ("lost", "■"),
            Self::Schedule(index) => Self::SCHEDULES[index % Self::SCHEDULES.len()],
        }
    }
}

impl BandKind {
    /// Returns the class of the style, which also is the name.
    fn name(self) -> &'static str {
        match self {
            Self::Outage => "outage",
            Self::BrownOut => "brown-out",
        }
    }
}

const STYLE: &str = include_str!("plot/style.css");

const WIDTH: f64 = 720.0;
const LEFT_MARGIN: f64 = 64.0;
const RIGHT_MARGIN: f64 = 24.0;
/// The minimum space between a label and the right end.
const LABEL_MARGIN: f64 = 8.0;
/// The left end of the title and the lines below it.
const TEXT_LEFT: f64 = 20.0;
const TITLE_HEIGHT: f64 = 32.0;
const LINE_HEIGHT: f64 = 24.0;
const PANEL_HEIGHT: f64 = 92.0;
const PANEL_GAP: f64 = 20.0;

/// The maximum number of characters of a line of the title, and of other text. They fit at the size
/// of a phone, where the text is largest.
const TITLE_COLUMNS: usize = 44;
const TEXT_COLUMNS: usize = 60;

/// The minimum width of a band that is labelled.
const MIN_LABELLED_BAND: f64 = 84.0;

/// Renders a plot.
///
/// # Errors
///
/// Never: writing to a buffer cannot fail.
pub fn svg(drawing: &Drawing) -> io::Result<Vec<u8>> {
    let mut body = Writer::new_with_indent(Vec::new(), b' ', 1);
    let (from, to) = drawing.window;
    let scale = TimeScale {
        from,
        to: to.max(from + Duration::from_secs(1)),
        left: LEFT_MARGIN,
        right: WIDTH - RIGHT_MARGIN,
    };
    // The height is known once everything is written.
    let top = write_heading(&mut body, drawing)?;
    let bottom = drawing.write_panels(&mut body, scale, top)?;
    let height = drawing.write_axis(&mut body, scale, bottom)?;
    let view = format!("0 0 {WIDTH} {height}");
    let mut svg = Writer::new_with_indent(Vec::new(), b' ', 1);
    svg.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    svg.create_element("svg")
        .with_attributes([
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("viewBox", view.as_str()),
            ("width", "100%"),
            ("role", "img"),
            ("aria-labelledby", "title desc"),
        ])
        .write_inner_content(|svg| {
            element_with_id(svg, "title", "title", &drawing.title)?;
            element_with_id(svg, "desc", "desc", &drawing.description)?;
            svg.create_element("style").write_text_content(BytesText::from_escaped(STYLE))?;
            rectangle(svg, "paper", [0.5, 0.5, WIDTH - 1.0, height - 1.0])?;
            let inner = std::mem::replace(&mut body, Writer::new(Vec::new())).into_inner();
            svg.get_mut().push(b'\n');
            svg.get_mut().extend(inner);
            Ok(())
        })?;
    let mut document = String::from_utf8(svg.into_inner()).map_err(io::Error::other)?;
    document.push('\n');
    Ok(sanitize::markup_without_ci_commands(document).into_bytes())
}

/// Writes the title and the lines below it. Returns the position below them.
fn write_heading(svg: &mut Svg, drawing: &Drawing) -> io::Result<f64> {
    let mut y = 6.0;
    // A title that is too long is broken after its colon.
    let is_long = columns(&drawing.title) > TITLE_COLUMNS;
    let (subject, result) = drawing.title.split_at(match drawing.title.find(": ") {
        Some(colon) if is_long => colon + 2,
        _ => 0,
    });
    for row in [subject, result].iter().flat_map(|part| wrap(part, TITLE_COLUMNS)) {
        y += TITLE_HEIGHT;
        text(svg, "title", "start", [TEXT_LEFT, y], &row)?;
    }
    y += 4.0;
    for (band, row) in &drawing.lines {
        let mut sign = band.map(|band| Span { class: band.name(), text: "■ " });
        for row in wrap(row, TEXT_COLUMNS) {
            y += LINE_HEIGHT;
            let parts: Vec<_> =
                sign.take().into_iter().chain([Span { class: "row", text: &row }]).collect();
            spans(svg, [TEXT_LEFT, y], &parts)?;
        }
    }
    Ok(y)
}

impl Drawing {
    /// Writes the panels below `y`. Returns the position of the bottom of the last one.
    fn write_panels(&self, svg: &mut Svg, scale: TimeScale, mut y: f64) -> io::Result<f64> {
        for (index, panel) in self.panels.iter().enumerate() {
            y = panel.write_legend(svg, y + PANEL_GAP)?;
            if index == 0 {
                y = self.write_band_labels(svg, scale, y)?;
            }
            y += 10.0;
            self.write_panel(svg, scale, panel, y)?;
            y += PANEL_HEIGHT;
        }
        Ok(y)
    }

    /// Writes the name of each band that is wide enough, in a row. Returns the position below it.
    fn write_band_labels(&self, svg: &mut Svg, scale: TimeScale, y: f64) -> io::Result<f64> {
        let spans = self.bands.iter().map(|band| (band, scale.x(band.from), scale.x(band.to)));
        let labelled: Vec<_> =
            spans.filter(|(_, from, to)| to - from >= MIN_LABELLED_BAND).collect();
        if labelled.is_empty() {
            return Ok(y);
        }
        let y = y + LINE_HEIGHT;
        for (band, from, to) in labelled {
            text(svg, "dim", "middle", [f64::midpoint(from, to), y], band.kind.name())?;
        }
        Ok(y)
    }

    /// Writes the bands, the grid and the series of a panel.
    fn write_panel(
        &self,
        svg: &mut Svg,
        scale: TimeScale,
        panel: &Panel,
        top: f64,
    ) -> io::Result<()> {
        let bottom = top + PANEL_HEIGHT;
        for band in &self.bands {
            let (from, to) = (scale.x(band.from), scale.x(band.to));
            rectangle(svg, band.kind.name(), [from, top, to - from, PANEL_HEIGHT])?;
        }
        let has_same_scale = |other: &&Panel| {
            panel.form == PanelForm::Stacked && other.form == panel.form
                || panel.title == other.title
        };
        let max = self.panels.iter().filter(has_same_scale).map(Panel::max).max().unwrap_or(0);
        let counts = CountScale { ceiling: ceiling(max), bottom, height: PANEL_HEIGHT };
        for at in scale.ticks() {
            let x = scale.x(at);
            line(svg, "grid", [x, top], [x, bottom])?;
        }
        for count in counts.ticks() {
            let y = counts.y(count);
            line(svg, "grid", [scale.left, y], [scale.right, y])?;
            let number = HumanCount(count).to_string();
            text(svg, "dim", "end", [scale.left - 8.0, y + 5.0], &number)?;
        }
        match panel.form {
            PanelForm::Lines => self.write_lines(svg, scale, counts, panel),
            PanelForm::Stacked => self.write_stack(svg, scale, counts, panel),
        }
    }

    fn write_lines(
        &self,
        svg: &mut Svg,
        scale: TimeScale,
        counts: CountScale,
        panel: &Panel,
    ) -> io::Result<()> {
        for series in &panel.series {
            let (class, _) = series.tone.class_and_sign();
            let slices: Vec<_> = self
                .shown_slices()
                .map(|(index, from, to)| (from, to, series.value(index)))
                .collect();
            path(svg, &format!("line {class}"), &steps(&slices, scale, counts))?;
        }
        Ok(())
    }

    fn write_stack(
        &self,
        svg: &mut Svg,
        scale: TimeScale,
        counts: CountScale,
        panel: &Panel,
    ) -> io::Result<()> {
        for (index, series) in panel.series.iter().enumerate() {
            let (below, _) = panel.series.split_at(index);
            let slices: Vec<_> = self
                .shown_slices()
                .map(|(index, from, to)| {
                    let lower =
                        below.iter().map(|series| series.value(index)).fold(0, u64::saturating_add);
                    (from, to, lower, lower.saturating_add(series.value(index)))
                })
                .collect();
            let outline = bars(&slices, scale, counts);
            if !outline.is_empty() {
                path(svg, series.tone.class_and_sign().0, &outline)?;
            }
        }
        Ok(())
    }

    /// Iterates over the slices in the window: index, beginning and end.
    fn shown_slices(&self) -> impl Iterator<Item = (usize, Duration, Duration)> {
        let slice = self.slice.max(Duration::from_secs(1));
        let (from, to) = self.window;
        let length = self.panels.iter().flat_map(|panel| &panel.series);
        let length = length.map(|series| series.values.len()).max().unwrap_or(0);
        let times = (0..length).scan(Duration::ZERO, move |end, index| {
            let start = *end;
            *end = start.saturating_add(slice);
            Some((index, start, *end))
        });
        times.filter(move |(_, start, end)| *end > from && *start < to)
    }

    /// Writes the labels of the time axis, its meaning and the note. Returns the height of the plot.
    fn write_axis(&self, svg: &mut Svg, scale: TimeScale, bottom: f64) -> io::Result<f64> {
        for at in scale.ticks() {
            let x = scale.label_x(at, WIDTH - LABEL_MARGIN);
            text(svg, "dim", "middle", [x, bottom + LINE_HEIGHT], &time_label(at))?;
        }
        let mut y = bottom + 2.0 * LINE_HEIGHT;
        text(svg, "dim", "middle", [f64::midpoint(scale.left, scale.right), y], &self.axis)?;
        for row in self.note.iter().flat_map(|note| wrap(note, TEXT_COLUMNS)) {
            y += LINE_HEIGHT;
            text(svg, "dim", "start", [TEXT_LEFT, y], &row)?;
        }
        Ok(y + 16.0)
    }
}

impl Panel {
    /// Returns the highest position of any series.
    fn max(&self) -> u64 {
        let values = |series: &Series| series.values.iter().copied().max().unwrap_or(0);
        match self.form {
            PanelForm::Lines => self.series.iter().map(values).max().unwrap_or(0),
            PanelForm::Stacked => {
                let length = self.series.iter().map(|series| series.values.len()).max();
                let sum = |index: usize| {
                    self.series
                        .iter()
                        .map(|series| series.value(index))
                        .fold(0, u64::saturating_add)
                };
                (0..length.unwrap_or(0)).map(sum).max().unwrap_or(0)
            }
        }
    }

    /// Writes the title and the legend below `y`, beside each other if they fit into one row.
    /// Returns the position of the last row.
    fn write_legend(&self, svg: &mut Svg, mut y: f64) -> io::Result<f64> {
        let key_width = |series: &Series| columns(&series.name) + 5;
        let series: Vec<_> = self.series.iter().filter(|it| !it.name.is_empty()).collect();
        let mut row = vec![Span { class: "name", text: &self.title }];
        let mut used = columns(&self.title);
        let total = used + series.iter().map(|series| key_width(series)).sum::<usize>();
        for (index, series) in series.into_iter().enumerate() {
            let (class, sign) = series.tone.class_and_sign();
            let is_full = used + key_width(series) > TEXT_COLUMNS;
            if is_full || index == 0 && total > TEXT_COLUMNS {
                y += LINE_HEIGHT;
                spans(svg, [LEFT_MARGIN, y], &std::mem::take(&mut row))?;
                used = 0;
            } else {
                row.push(Span { class: "gap", text: "   " });
            }
            used += key_width(series);
            row.extend([
                Span { class, text: sign },
                Span { class: "gap", text: " " },
                Span { class: "key", text: &series.name },
            ]);
        }
        y += LINE_HEIGHT;
        spans(svg, [LEFT_MARGIN, y], &row)?;
        Ok(y)
    }
}

impl Series {
    fn value(&self, index: usize) -> u64 {
        self.values.get(index).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests;
