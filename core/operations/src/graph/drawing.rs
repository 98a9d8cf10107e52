//! The flow as a drawing: services, channels, and arrows that tell what was declared from what was found.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use super::{
    answer::{EventFlow, FlowArrow, FlowChannel, FlowRelation, FlowSource, FlowView},
    label::Notation,
    text::count,
};

/// More arrows make no drawing that people can read; what is left out is told in the drawing.
const MAX_ARROWS: usize = 400;

/// What is shown where little is taken at once has at most so many bytes.
const SHORT_BYTES: usize = 14 * 1024;

/// So many messages are named in a channel.
const MESSAGES: usize = 3;

/// What a drawing shows, whatever language it is written in.
pub(super) struct Picture<'f> {
    /// The services, then the channels, each in the order of their names.
    pub nodes: Vec<Node>,
    /// Arrows between nodes.
    pub lines: Vec<Line<'f>>,
    /// What is not in it, a sentence each.
    pub notes: Vec<String>,
}

/// A service or a channel.
pub(super) struct Node {
    /// What it is called in the drawing's language.
    pub id: String,
    /// Whether it is a channel.
    pub is_channel: bool,
    /// Its name, and those of its messages below it.
    pub lines: Vec<String>,
}

/// An arrow.
pub(super) struct Line<'f> {
    /// Where it begins, and where it ends: places in the list of nodes.
    pub from: usize,
    /// See `from`.
    pub to: usize,
    /// How it is drawn.
    pub source: FlowSource,
    /// What stands at it.
    pub words: &'static str,
    /// The arrow that it draws, if it is a send or receive.
    pub arrow: Option<&'f FlowArrow>,
}

impl EventFlow {
    /// What is drawn of the flow, with at most so many arrows.
    pub(super) fn picture(&self, most: usize) -> Picture<'_> {
        let most = most.min(MAX_ARROWS);
        // Channels without an arrow say nothing in a drawing.
        let shown = self.arrows.get(..self.arrows.len().min(most)).unwrap_or_default();
        let services: BTreeSet<&str> = shown.iter().map(|it| it.service.as_str()).collect();
        let mut channels: BTreeSet<&str> = shown.iter().map(|it| it.channel.as_str()).collect();
        let has_arrows = channels.clone();
        for channel in self.channels.iter().filter(|it| has_arrows.contains(it.name.as_str())) {
            channels.extend(channel.dead_letters.iter().chain(&channel.delivers_to).map(|it| it.value.as_str()));
        }
        // What is delivered into a channel that is drawn comes from there.
        for channel in &self.channels {
            if channel.delivers_to.iter().any(|it| has_arrows.contains(it.value.as_str())) {
                channels.insert(&channel.name);
            }
        }
        let by_name: BTreeMap<&str, &FlowChannel> = self.channels.iter().map(|it| (it.name.as_str(), it)).collect();
        let mut nodes = Vec::with_capacity(services.len() + channels.len());
        let mut at_service: BTreeMap<&str, usize> = BTreeMap::new();
        let mut at_channel: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, name) in services.iter().enumerate() {
            at_service.insert(name, nodes.len());
            nodes.push(Node { id: format!("s{}", number + 1), is_channel: false, lines: vec![(*name).to_owned()] });
        }
        for (number, name) in channels.iter().enumerate() {
            at_channel.insert(name, nodes.len());
            let lines = lines_of(name, by_name.get(name).copied());
            nodes.push(Node { id: format!("c{}", number + 1), is_channel: true, lines });
        }
        let mut lines = Vec::new();
        for arrow in shown {
            let ends = (at_service.get(arrow.service.as_str()), at_channel.get(arrow.channel.as_str()));
            let (Some(&service), Some(&channel)) = ends else { continue };
            let is_sent = arrow.relation == FlowRelation::Sends;
            let (from, to) = if is_sent { (service, channel) } else { (channel, service) };
            lines.push(Line { from, to, source: arrow.source, words: "", arrow: Some(arrow) });
        }
        for channel in &self.channels {
            let kinds = [(&channel.dead_letters, "dead letters"), (&channel.delivers_to, "delivers")];
            for (fact, words) in kinds.into_iter().flat_map(|it| it.0.iter().map(move |fact| (fact, it.1))) {
                let ends = (at_channel.get(channel.name.as_str()), at_channel.get(fact.value.as_str()));
                let (Some(&from), Some(&to)) = ends else { continue };
                lines.push(Line { from, to, source: FlowSource::Declared, words, arrow: None });
            }
        }
        Picture { nodes, lines, notes: self.notes(most) }
    }

    /// The flow drawn as its view says, with at most so many arrows.
    pub(super) fn draw(&self, most: usize) -> String {
        match self.view {
            FlowView::Svg => self.svg(most),
            FlowView::Sequence => self.sequence(most),
            FlowView::States => self.states(most),
            FlowView::Dot => self.picture(most).dot(),
            FlowView::Mermaid | FlowView::Text | FlowView::Catalog => self.picture(most).mermaid(),
        }
    }

    /// The same as far as it fits where little is taken at once.
    pub(super) fn draw_short(&self) -> String {
        let mut most = MAX_ARROWS;
        loop {
            let drawn = self.draw(most);
            if drawn.len() <= SHORT_BYTES || most == 0 {
                return drawn;
            }
            most /= 2;
        }
    }

    /// What is not in the drawing.
    pub(super) fn notes(&self, most: usize) -> Vec<String> {
        let mut notes = Vec::new();
        if self.is_empty() {
            notes.push(self.nothing());
        }
        if self.arrows.len() > most {
            notes.push(format!(
                "{} are left out; ask for one name to see those around it",
                count(self.arrows.len() - most, "more arrow")
            ));
        }
        let unnamed = self.unnamed.len() + self.more_unnamed;
        if unnamed > 0 {
            let sends =
                if unnamed == 1 { "1 send or receive".to_owned() } else { format!("{unnamed} sends and receives") };
            notes.push(format!("{sends} not drawn: no known channel name"));
        }
        if self.beyond > 0 {
            notes.push(format!("{} further away", count(self.beyond, "more service or channel")));
        }
        notes
    }
}

impl Picture<'_> {
    fn mermaid(&self) -> String {
        let mut text = String::from("flowchart LR\n  %% -- found in code, -. declared by documents, == both\n");
        let id = |at: usize| self.nodes.get(at).map_or("", |it| it.id.as_str());
        for Node { id, is_channel, lines } in &self.nodes {
            let lines: Vec<String> = lines.iter().map(|it| Notation::Mermaid.label(it)).collect();
            let label = lines.join("<br/>");
            let _ = if *is_channel {
                writeln!(text, "  {id}([\"{label}\"])")
            } else {
                writeln!(text, "  {id}[\"{label}\"]")
            };
        }
        for line in &self.lines {
            let arrow = match (line.words, line.source) {
                ("", FlowSource::Found) => "-->".to_owned(),
                ("", FlowSource::Declared) => "-.->".to_owned(),
                ("", FlowSource::Both) => "==>".to_owned(),
                (words, _) => format!("-. {words} .->"),
            };
            let _ = writeln!(text, "  {} {arrow} {}", id(line.from), id(line.to));
        }
        for (at, note) in self.notes.iter().enumerate() {
            let _ = writeln!(text, "  note{}>\"{}\"]", at + 1, Notation::Mermaid.whole(note));
        }
        text
    }

    fn dot(&self) -> String {
        let mut text = String::from(
            "digraph flow {\n  rankdir=LR;\n  // solid: found in code, dashed: declared by documents, bold: both\n",
        );
        let id = |at: usize| self.nodes.get(at).map_or("", |it| it.id.as_str());
        for Node { id, is_channel, lines } in &self.nodes {
            let lines: Vec<String> = lines.iter().map(|it| Notation::Dot.label(it)).collect();
            let shape = if *is_channel { "ellipse" } else { "box" };
            let _ = writeln!(text, "  {id} [shape={shape}, label=\"{}\"];", lines.join("\\n"));
        }
        for line in &self.lines {
            let style = match (line.words, line.source) {
                ("", FlowSource::Found) => String::new(),
                ("", FlowSource::Declared) => " [style=dashed]".to_owned(),
                ("", FlowSource::Both) => " [style=bold]".to_owned(),
                (words, _) => format!(" [style=dashed, label=\"{words}\"]"),
            };
            let _ = writeln!(text, "  {} -> {}{style};", id(line.from), id(line.to));
        }
        for (at, note) in self.notes.iter().enumerate() {
            let _ = writeln!(text, "  note{} [shape=note, label=\"{}\"];", at + 1, Notation::Dot.whole(note));
        }
        text.push_str("}\n");
        text
    }
}

/// The name of a channel with those of its messages.
fn lines_of(name: &str, channel: Option<&FlowChannel>) -> Vec<String> {
    let messages = channel.map(|it| it.messages.as_slice()).unwrap_or_default();
    let mut lines = vec![name.to_owned()];
    lines.extend(messages.iter().take(MESSAGES).map(|it| it.value.clone()));
    if messages.len() > MESSAGES {
        lines.push(format!("and {} more", messages.len() - MESSAGES));
    }
    lines
}
