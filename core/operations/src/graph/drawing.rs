//! The flow as a drawing: services, channels, and arrows that tell what was declared from what was found.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use super::{
    answer::{EventFlow, FlowChannel, FlowRelation, FlowSource, FlowView},
    text::count,
};

/// More arrows make no drawing that people can read; what is left out is told in the drawing.
const MAX_ARROWS: usize = 400;

/// So many messages are named in a channel, and so many bytes of a name are drawn.
const MESSAGES: usize = 3;
const MAX_NAME: usize = 120;

impl EventFlow {
    /// The flow in the language of its view.
    pub(super) fn draw(&self) -> String {
        let is_dot = self.view == FlowView::Dot;
        // Channels without an arrow say nothing in a drawing.
        let shown = self.arrows.get(..self.arrows.len().min(MAX_ARROWS)).unwrap_or_default();
        let services: BTreeSet<&str> = shown.iter().map(|it| it.service.as_str()).collect();
        let mut channels: BTreeSet<&str> = shown.iter().map(|it| it.channel.as_str()).collect();
        let dead = |it: &FlowChannel| !it.dead_letters.is_empty();
        for channel in self
            .channels
            .iter()
            .filter(|it| dead(it))
            .filter(|it| channels.contains(it.name.as_str()))
            .collect::<Vec<_>>()
        {
            channels.extend(channel.dead_letters.iter().map(|it| it.value.as_str()));
        }
        let service_ids: BTreeMap<&str, usize> = services.iter().enumerate().map(|(at, it)| (*it, at + 1)).collect();
        let by_name: BTreeMap<&str, &FlowChannel> = self.channels.iter().map(|it| (it.name.as_str(), it)).collect();
        let channel_ids: BTreeMap<&str, usize> = channels.iter().enumerate().map(|(at, it)| (*it, at + 1)).collect();
        let mut text = String::from(if is_dot {
            "digraph flow {\n  rankdir=LR;\n  // solid: found in code, dashed: declared by documents, bold: both\n"
        } else {
            "flowchart LR\n  %% -- found in code, -. declared by documents, == both\n"
        });
        for (name, id) in &service_ids {
            let label = label(name, is_dot);
            let _ = if is_dot {
                writeln!(text, "  s{id} [shape=box, label=\"{label}\"];")
            } else {
                writeln!(text, "  s{id}[\"{label}\"]")
            };
        }
        for (name, id) in &channel_ids {
            let channel = by_name.get(name).copied();
            let label = channel_label(name, channel, is_dot);
            let _ = if is_dot {
                writeln!(text, "  c{id} [shape=ellipse, label=\"{label}\"];")
            } else {
                writeln!(text, "  c{id}([\"{label}\"])")
            };
        }
        for arrow in shown {
            let ids = (service_ids.get(arrow.service.as_str()), channel_ids.get(arrow.channel.as_str()));
            let (Some(service), Some(channel)) = ids else { continue };
            let (service, channel) = (format!("s{service}"), format!("c{channel}"));
            let (from, to) =
                if arrow.relation == FlowRelation::Sends { (service, channel) } else { (channel, service) };
            let _ = match (is_dot, arrow.source) {
                (false, FlowSource::Found) => writeln!(text, "  {from} --> {to}"),
                (false, FlowSource::Declared) => writeln!(text, "  {from} -.-> {to}"),
                (false, FlowSource::Both) => writeln!(text, "  {from} ==> {to}"),
                (true, FlowSource::Found) => writeln!(text, "  {from} -> {to};"),
                (true, FlowSource::Declared) => writeln!(text, "  {from} -> {to} [style=dashed];"),
                (true, FlowSource::Both) => writeln!(text, "  {from} -> {to} [style=bold];"),
            };
        }
        for channel in &self.channels {
            for dead in &channel.dead_letters {
                let ids = (channel_ids.get(channel.name.as_str()), channel_ids.get(dead.value.as_str()));
                let (Some(from), Some(to)) = ids else { continue };
                let _ = if is_dot {
                    writeln!(text, "  c{from} -> c{to} [style=dashed, label=\"dead letters\"];")
                } else {
                    writeln!(text, "  c{from} -. dead letters .-> c{to}")
                };
            }
        }
        for (at, note) in self.notes().iter().enumerate() {
            let label = label(note, is_dot);
            let _ = if is_dot {
                writeln!(text, "  note{} [shape=note, label=\"{label}\"];", at + 1)
            } else {
                writeln!(text, "  note{}>\"{label}\"]", at + 1)
            };
        }
        if is_dot {
            text.push_str("}\n");
        }
        text
    }

    /// What is not in the drawing.
    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.is_empty() {
            notes.push(self.nothing());
        }
        if self.arrows.len() > MAX_ARROWS {
            notes.push(format!(
                "{} are left out; ask for one name to see those around it",
                count(self.arrows.len() - MAX_ARROWS, "more arrow")
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

/// The name of a channel with those of its messages below it.
fn channel_label(name: &str, channel: Option<&FlowChannel>, is_dot: bool) -> String {
    let messages = channel.map(|it| it.messages.as_slice()).unwrap_or_default();
    let mut lines = vec![label(name, is_dot)];
    lines.extend(messages.iter().take(MESSAGES).map(|it| label(&it.value, is_dot)));
    if messages.len() > MESSAGES {
        lines.push(format!("and {} more", messages.len() - MESSAGES));
    }
    lines.join(if is_dot { "\\n" } else { "<br/>" })
}

/// A name as a label can have it: what the language reads itself is written by its number or left out.
fn label(name: &str, is_dot: bool) -> String {
    let cut = name.floor_char_boundary(MAX_NAME);
    let (shown, more) = name.split_at(cut);
    let mut text = String::with_capacity(shown.len());
    for it in shown.chars() {
        match it {
            it if it.is_control() => text.push(' '),
            '"' | '\\' if is_dot => {
                text.push('\\');
                text.push(it);
            }
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' if !is_dot => _ = write!(text, "#{};", u32::from(it)),
            it => text.push(it),
        }
    }
    if !more.is_empty() {
        text.push('…');
    }
    text
}
