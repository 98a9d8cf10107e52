//! The flow of messages as a drawing: services, channels, and who sends what where.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use super::answer::{Drawing, Scanned, ScannedWay};
use crate::graph::label::Notation;

/// More arrows make no drawing that people can read; what is left out is told.
const MAX_ARROWS: usize = 500;

impl Scanned {
    /// Draws who sends to and receives from which channel. Channels without a name are left out.
    pub fn draw(&self, drawing: Drawing) -> String {
        let mut nodes: BTreeMap<(bool, &str), usize> = BTreeMap::new();
        let mut arrows: Vec<(usize, usize)> = Vec::new();
        let mut drawn: BTreeSet<(bool, &str, &str)> = BTreeSet::new();
        let mut left_out = 0_usize;
        for edge in &self.edges {
            let Some(channel) = &edge.channel else { continue };
            if !drawn.insert((edge.dir == ScannedWay::Produce, &edge.service, channel)) {
                continue;
            }
            if arrows.len() == MAX_ARROWS {
                left_out += 1;
                continue;
            }
            let mut node = |key| {
                let next = nodes.len();
                *nodes.entry(key).or_insert(next)
            };
            let (service, channel) = (node((true, edge.service.as_str())), node((false, channel.as_str())));
            arrows.push(match edge.dir {
                ScannedWay::Produce => (service, channel),
                ScannedWay::Consume => (channel, service),
            });
        }
        let unnamed = self.edges.iter().filter(|it| it.channel.is_none()).count();
        let mut text = String::from(match drawing {
            Drawing::Mermaid => "flowchart LR\n",
            Drawing::Dot => "digraph messages {\n  rankdir=LR;\n",
        });
        for ((is_service, name), id) in &nodes {
            let notation = if drawing == Drawing::Dot { Notation::Dot } else { Notation::Mermaid };
            let name = notation.label(name);
            let _ = match (drawing, is_service) {
                (Drawing::Mermaid, true) => writeln!(text, "  n{id}[\"{name}\"]"),
                (Drawing::Mermaid, false) => writeln!(text, "  n{id}([\"{name}\"])"),
                (Drawing::Dot, true) => writeln!(text, "  n{id} [shape=box, label=\"{name}\"];"),
                (Drawing::Dot, false) => writeln!(text, "  n{id} [shape=ellipse, label=\"{name}\"];"),
            };
        }
        for (from, to) in arrows {
            let _ = match drawing {
                Drawing::Mermaid => writeln!(text, "  n{from} --> n{to}"),
                Drawing::Dot => writeln!(text, "  n{from} -> n{to};"),
            };
        }
        let comment = if drawing == Drawing::Mermaid { "%%" } else { "//" };
        if left_out > 0 {
            let _ = writeln!(text, "  {comment} {left_out} more arrows are left out; a `path` draws the code below it");
        }
        if unnamed > 0 {
            let (places, them) = if unnamed == 1 {
                ("1 send or receive is".to_owned(), "it")
            } else {
                (format!("{unnamed} sends and receives are"), "them")
            };
            let _ = writeln!(text, "  {comment} {places} not drawn: no known channel name; `unresolved` lists {them}");
        }
        if drawing == Drawing::Dot {
            text.push_str("}\n");
        }
        text
    }
}
