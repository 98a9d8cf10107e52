//! The flow as a drawing in SVG, with the places of its arrows as their titles.

use std::fmt::Write as _;

use super::{
    answer::{EventFlow, FlowRelation, FlowSource},
    drawing::{Line, Node, Picture},
    label::Notation,
    layers::{self, Point, Size},
};

/// A sign of the type in which labels are set takes so much room, and one that is drawn twice as wide so much.
const NARROW: i64 = 8;
const WIDE: i64 = 14;

/// The height of a line of text, and the room around the text of a node.
const LINE: i64 = 18;
const PAD_X: i64 = 12;
const PAD_Y: i64 = 8;

/// Around all of it.
const MARGIN: i64 = 24;

/// So many signs of a name are shown; all of it is in the title.
const MAX_SIGNS: usize = 48;

/// What the lines mean.
const LEGEND: &str = "solid: found in code; dashed: declared by documents; thick: both";

impl EventFlow {
    /// The flow in SVG, with at most so many arrows.
    pub(super) fn svg(&self, most: usize) -> String {
        self.picture(most).svg(self.of.as_deref())
    }
}

impl Picture<'_> {
    fn svg(&self, of: Option<&str>) -> String {
        let sizes: Vec<Size> = self.nodes.iter().map(size).collect();
        let arrows: Vec<(usize, usize)> = self.lines.iter().map(|it| (it.from, it.to)).collect();
        let places = layers::places(&sizes, &arrows);
        let below: Vec<&str> = std::iter::once(LEGEND).chain(self.notes.iter().map(String::as_str)).collect();
        let text_width = below.iter().map(|it| width(it, usize::MAX)).max().unwrap_or_default();
        // An arrow from a node to itself stands out to the right of it.
        let width = places.size.width.max(text_width) + 2 * MARGIN + PAD_X;
        let text_top = places.size.height + 2 * MARGIN;
        let height = text_top + LINE * i64::try_from(below.len()).unwrap_or_default() + MARGIN;
        let title = of.map_or_else(|| "Flow of messages".to_owned(), |it| format!("Flow of messages around {it}"));
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n",
            Notation::Svg.label(&title)
        );
        svg.push_str(
            "<style>text{font:13px ui-monospace,Menlo,Consolas,monospace;fill:#1f2328}.n{fill:#fff;stroke:#57606a}\
             .c{fill:#ddf4ff;stroke:#0969da}.a{fill:none;stroke:#57606a;stroke-width:1.5}.d{stroke-dasharray:6 4}\
             .b{stroke-width:3}.w{fill:#57606a;font-size:11px}</style>\n\
             <defs><marker id=\"e\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
             markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#57606a\"/></marker>\
             </defs>\n",
        );
        let _ = writeln!(svg, "<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>");
        for (line, way) in self.lines.iter().zip(&places.ways) {
            let node = places.nodes.get(line.from).zip(sizes.get(line.from));
            self.arrow(&mut svg, line, way, node);
        }
        for ((node, at), size) in self.nodes.iter().zip(&places.nodes).zip(&sizes) {
            draw(&mut svg, node, *at, *size);
        }
        for (number, it) in (1..).zip(&below) {
            let y = text_top + LINE * number - LINE / 4;
            let _ = writeln!(svg, "<text class=\"w\" x=\"{MARGIN}\" y=\"{y}\">{}</text>", Notation::Svg.whole(it));
        }
        svg.push_str("</svg>\n");
        svg
    }

    /// An arrow along its way; around the corner of its node where it leads to the same.
    fn arrow(&self, svg: &mut String, line: &Line<'_>, way: &[Point], node: Option<(&Point, &Size)>) {
        let class = match line.source {
            FlowSource::Found => "a",
            FlowSource::Declared => "a d",
            FlowSource::Both => "a b",
        };
        let mut path = String::new();
        let mut label = None;
        if let ([first, .., _], false) = (way, line.from == line.to) {
            let _ = write!(path, "M{} {}", first.x + MARGIN, first.y + MARGIN);
            for pair in way.windows(2) {
                let [from, to] = pair else { continue };
                let (a, b) = (shifted(*from), shifted(*to));
                label.get_or_insert(Point { x: i64::midpoint(a.x, b.x), y: i64::midpoint(a.y, b.y) - 4 });
                if a.y == b.y {
                    let _ = write!(path, "H{}", b.x);
                } else {
                    let half = i64::midpoint(a.x, b.x);
                    let _ = write!(path, "C{half} {} {half} {} {} {}", a.y, b.y, b.x, b.y);
                }
            }
        } else if let Some((at, size)) = node.filter(|_| line.from == line.to) {
            let at = shifted(*at);
            let (right, top) = (at.x + size.width, at.y);
            let _ = write!(
                path,
                "M{} {top}C{} {} {} {} {right} {}",
                right - PAD_X,
                right - PAD_X,
                top - LINE,
                right + LINE,
                top,
                top + PAD_Y
            );
            label = Some(Point { x: right, y: top - PAD_Y });
        } else {
            return;
        }
        let _ = writeln!(
            svg,
            "<path class=\"{class}\" marker-end=\"url(#e)\" d=\"{path}\"><title>{}</title></path>",
            Notation::Svg.whole(&self.told(line))
        );
        if let Some(at) = label.filter(|_| !line.words.is_empty()) {
            let _ = writeln!(
                svg,
                "<text class=\"w\" text-anchor=\"middle\" x=\"{}\" y=\"{}\">{}</text>",
                at.x,
                at.y,
                Notation::Svg.label(line.words)
            );
        }
    }

    /// What an arrow says, with its first place.
    fn told(&self, line: &Line<'_>) -> String {
        let name = |at: usize| self.nodes.get(at).and_then(|it| it.lines.first()).map_or("?", String::as_str);
        match line.arrow {
            Some(it) => {
                let does = if it.relation == FlowRelation::Sends { "sends to" } else { "receives from" };
                let at = it.at.first().map_or_else(String::new, |it| format!(", {}:{}", it.file, it.line));
                format!("{} {does} {} ({}){at}", it.service, it.channel, it.source.name())
            }
            None => format!("{} {} to {}", name(line.from), line.words, name(line.to)),
        }
    }
}

fn shifted(at: Point) -> Point {
    Point { x: at.x + MARGIN, y: at.y + MARGIN }
}

fn draw(svg: &mut String, node: &Node, at: Point, size: Size) {
    let (class, round) = if node.is_channel { ("c", size.height / 2) } else { ("n", 3) };
    let at = shifted(at);
    let name = node.lines.first().map_or("", String::as_str);
    let _ = write!(
        svg,
        "<g><title>{}</title><rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"/>",
        Notation::Svg.whole(name),
        at.x,
        at.y,
        size.width,
        size.height,
        round.min(PAD_X + PAD_Y)
    );
    for (number, line) in (1..).zip(&node.lines) {
        let y = at.y + PAD_Y + LINE * number - LINE / 3;
        let class = if number == 1 { "" } else { " class=\"w\"" };
        let _ = write!(
            svg,
            "<text{class} text-anchor=\"middle\" x=\"{}\" y=\"{y}\">{}</text>",
            at.x + size.width / 2,
            Notation::Svg.whole(&cut(line))
        );
    }
    svg.push_str("</g>\n");
}

fn size(node: &Node) -> Size {
    let lines = i64::try_from(node.lines.len()).unwrap_or(1);
    let text = node.lines.iter().map(|it| width(it, MAX_SIGNS)).max().unwrap_or_default();
    Size { width: text + 2 * PAD_X, height: lines * LINE + 2 * PAD_Y }
}

/// How wide a text is, as far as so many signs of it are shown.
fn width(text: &str, most: usize) -> i64 {
    text.chars().take(most).map(|it| if is_wide(it) { WIDE } else { NARROW }).sum()
}

/// Whether a sign is drawn as wide as two: those of China, Japan and Korea, and pictures.
fn is_wide(it: char) -> bool {
    matches!(u32::from(it), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f
        | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f000..=0x1faff | 0x20000..=0x3fffd)
}

/// What is shown of a name.
fn cut(name: &str) -> String {
    if name.chars().count() <= MAX_SIGNS {
        return name.to_owned();
    }
    name.chars().take(MAX_SIGNS - 1).chain(['…']).collect()
}
