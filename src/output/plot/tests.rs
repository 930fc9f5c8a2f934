use super::*;
use quick_xml::Reader;
use std::fmt::Write as _;

fn drawing(name: &str, values: &[u64]) -> Drawing {
    let slice = Duration::from_secs(60);
    let panel = |form, tone| Panel {
        title: name.to_owned(),
        form,
        series: vec![Series { name: "3 late".to_owned(), tone, values: values.to_vec() }; 2],
    };
    Drawing {
        title: "Outage of 1 min: 3 leads are lost".to_owned(),
        lines: vec![(Some(BandKind::Outage), format!("{name}: all"))],
        description: "all".to_owned(),
        bands: vec![Band { kind: BandKind::Outage, from: slice, to: slice * 2 }],
        window: (Duration::ZERO, slice * 3),
        note: Some("the rest is calm".to_owned()),
        axis: "time since the first lead".to_owned(),
        slice,
        panels: vec![
            panel(PanelForm::Stacked, Tone::Late),
            panel(PanelForm::Lines, Tone::Schedule(5)),
        ],
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
    let bytes = svg(&drawing(hostile, &[0, 5, 3])).unwrap();
    assert!(!String::from_utf8(bytes.clone()).unwrap().contains("<script"));
    let content = read(&bytes);
    assert!(content.contains("&lt;script&gt;alert(1)"), "{content}");
}

#[test]
fn bands_are_in_every_panel_and_explained() {
    let document = String::from_utf8(svg(&drawing("x", &[0, 5, 3])).unwrap()).unwrap();
    assert_eq!(document.matches("<rect class=\"outage\"").count(), 2, "{document}");
    // Nothing is between the parts of a line: it would be drawn as spaces.
    let signed = "<tspan class=\"outage\">■ </tspan><tspan class=\"row\">x: all</tspan></text>";
    assert!(document.contains(signed), "{document}");
    assert!(document.contains(">outage</text>"), "{document}");
    assert!(document.contains("class=\"line s1\""), "{document}");
    assert!(document.contains("the rest is calm"), "{document}");
}

#[test]
fn a_long_title_is_broken_after_its_colon_and_a_long_legend_after_the_name() {
    let rows = |drawing: &Drawing| {
        let document = String::from_utf8(svg(drawing).unwrap()).unwrap();
        let rows = document.lines().filter(|line| line.contains("<text"));
        rows.filter_map(|row| {
            row.rsplit_once("</text>")?.0.split_once('>').map(|it| it.1.to_owned())
        })
        .collect::<Vec<_>>()
    };
    let mut long = drawing("x", &[0, 5, 3]);
    assert_eq!(rows(&long)[0], "Outage of 1 min: 3 leads are lost");
    long.title = format!("Outage of 1 min: one loses 0 of {} leads", "9".repeat(30));
    long.panels[0].title = "leads that arrive per minute, by their first attempt".to_owned();
    let rows = rows(&long);
    assert_eq!(rows[0], "Outage of 1 min:");
    let name = rows.iter().position(|row| row.contains("by their first attempt")).unwrap();
    assert!(!rows[name].contains("3 late") && rows[name + 1].contains("3 late"), "{rows:#?}");
}

#[test]
fn bars_on_top_of_each_other_share_the_scale_of_their_sum() {
    let drawing = drawing("x", &[0, 5, 3]);
    assert_eq!(drawing.panels.iter().map(Panel::max).collect::<Vec<_>>(), [10, 5]);
}

#[test]
fn empty_and_huge_values_can_be_drawn() {
    for values in [vec![], vec![0], vec![u64::MAX; 3]] {
        read(&svg(&drawing("x", &values)).unwrap());
    }
    let empty = Drawing { panels: vec![], window: Default::default(), ..drawing("x", &[]) };
    read(&svg(&empty).unwrap());
}
