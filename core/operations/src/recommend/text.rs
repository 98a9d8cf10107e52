//! The answer as a text, for terminals, editors and agents.

use std::fmt::Write as _;

use super::answer::{Because, Recommended, Rejected};

impl Recommended {
    /// The answer as a text; as Markdown, titles are headings and lines are items.
    pub fn text(&self, is_markdown: bool) -> String {
        let (title, item) = if is_markdown { ("## ", "- ") } else { ("", "  ") };
        let mut text = format!("Stated: {}.\n", self.signals.join(", "));
        if self.topics.is_empty() {
            text.push_str("That decides nothing by itself: state more of what is known.\n");
        }
        for it in &self.topics {
            if is_markdown {
                text.push('\n');
            }
            let chosen: Vec<&str> = it.chosen.iter().map(|it| it.name.as_str()).collect();
            let chosen = if chosen.is_empty() { "neutral".to_owned() } else { chosen.join("; ") };
            let _ = writeln!(text, "{title}{}: {chosen}", it.topic);
            if is_markdown {
                text.push('\n');
            }
            let several = it.chosen.len() > 1;
            for chosen in &it.chosen {
                let name = if several { format!("{}: ", chosen.name) } else { String::new() };
                let _ = writeln!(text, "{item}{name}because {}", reasons(&chosen.because));
                if !chosen.companions.is_empty() {
                    let _ = writeln!(text, "{item}with {}", chosen.companions.join(", "));
                }
            }
            if let Some(ask) = &it.ask {
                let _ = writeln!(text, "{item}ask: {ask}");
            }
            for rejected in &it.rejected {
                let _ = writeln!(text, "{item}{}", not_taken(rejected, it.is_neutral()));
            }
        }
        text
    }
}

fn not_taken(it: &Rejected, is_neutral: bool) -> String {
    let mut parts = Vec::new();
    if !it.speaks_for_it.is_empty() {
        parts.push(format!("for it: {}", reasons(&it.speaks_for_it)));
    }
    if !it.why.is_empty() {
        parts.push(format!("against it: {}", reasons(&it.why)));
    }
    if let Some(other) = &it.gives_way_to {
        parts.push(format!("gives way to {other}"));
    }
    if it.speaks_for_it.is_empty() {
        let lead = if it.why.is_empty() { "nothing stated speaks for it; right" } else { "right" };
        parts.push(format!("{lead} with {}", it.right_when.join(", or ")));
    }
    let word = if is_neutral { "" } else { "not " };
    format!("{word}{}: {}", it.name, parts.join("; "))
}

fn reasons(all: &[Because]) -> String {
    let said = all.iter().map(|it| format!("{} ({})", it.reason, it.signals.join(" + ")));
    said.collect::<Vec<_>>().join("; ")
}
