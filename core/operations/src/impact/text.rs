//! The answer as a text, for terminals, editors and agents.

use std::fmt::Write as _;

use super::{
    super::{ReviewPlace, choice::Closed},
    MOST,
    answer::Impact,
};

impl Impact {
    /// The answer as a text.
    pub fn text(&self) -> String {
        self.lines(&|it| format!("{}:{}", it.file, it.line), "", "  ")
    }

    /// The answer as Markdown; `place` words a place, with a link if it can.
    pub fn markdown(&self, place: &dyn Fn(&ReviewPlace) -> String) -> String {
        self.lines(place, "## ", "- ")
    }

    fn lines(&self, place: &dyn Fn(&ReviewPlace) -> String, title: &str, item: &str) -> String {
        let mut text = String::new();
        let name = if title.is_empty() { self.name.clone() } else { format!("`{}`", self.name) };
        let _ = write!(text, "{} {name}", self.kind.name());
        if let Some(at) = self.at.first() {
            let _ = write!(text, "  {}", place(at));
        }
        text.push('\n');
        for remark in &self.remarks {
            let _ = writeln!(text, "{}{remark}", if title.is_empty() { "" } else { "\n" });
        }
        let heading = |text: &mut String, words: &str| {
            let line = if title.is_empty() { format!("{words}\n") } else { format!("\n{title}{words}\n\n") };
            text.push_str(&line);
        };
        if let Some(to) = &self.to {
            self.write_ways(&mut text, place, &to.name, item, &heading);
        }
        for related in &self.relations {
            heading(&mut text, related.relation);
            for it in &related.things {
                let mut places: Vec<String> = it.at.iter().map(place).collect();
                if it.more_places > 0 {
                    places.push(format!("{} more", it.more_places));
                }
                // A document that says it itself is named by the place.
                let is_itself = it.at.first().is_some_and(|at| at.file.as_str() == it.name);
                let name = if is_itself { String::new() } else { format!("{}  ", it.name) };
                let sources: Vec<&str> = it.sources.iter().map(|it| it.name()).collect();
                let sources = if sources.is_empty() { String::new() } else { format!("  ({})", sources.join(", ")) };
                let _ = writeln!(text, "{item}{} {name}{}{sources}", it.kind.name(), places.join(", "));
            }
            if related.more > 0 {
                let _ = writeln!(text, "{item}{} more", related.more);
            }
        }
        if !self.reached.is_empty() {
            heading(&mut text, "a change reaches");
            for it in &self.reached {
                let at = it.at.as_ref().map_or_else(String::new, |it| format!("  {}", place(it)));
                let steps = if it.steps == 1 { "1 step".to_owned() } else { format!("{} steps", it.steps) };
                let _ = writeln!(text, "{item}{} {} ({steps}: {}){at}", it.kind.name(), it.name, it.because);
            }
            if self.more_reached > 0 {
                let _ = writeln!(text, "{item}{} more", self.more_reached);
            }
        }
        if self.to.is_none() && self.remarks.is_empty() && self.relations.is_empty() && self.reached.is_empty() {
            let gap = if title.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}Nothing that is read leads from it or to it.");
        }
        if self.more_reached > 0 || self.relations.iter().any(|it| it.more > 0) {
            let gap = if title.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}A higher `limit` lists more of each, up to {MOST}.");
        }
        if !self.not_read.is_empty() {
            heading(&mut text, "not read");
            self.not_read.iter().for_each(|it| _ = writeln!(text, "{item}{it}"));
        }
        text
    }

    fn write_ways(
        &self,
        text: &mut String,
        place: &dyn Fn(&ReviewPlace) -> String,
        to: &str,
        item: &str,
        heading: &dyn Fn(&mut String, &str),
    ) {
        if self.ways.is_empty() {
            let _ = writeln!(text, "Nothing here leads from {} to {to}.", self.name);
            return;
        }
        for (at, way) in self.ways.iter().enumerate() {
            let steps = if way.len() == 1 { "1 step".to_owned() } else { format!("{} steps", way.len()) };
            let number = if self.ways.len() > 1 { format!(" {}", at + 1) } else { String::new() };
            heading(text, &format!("way{number} to {to}, {steps}"));
            for step in way {
                let at = step.at.as_ref().map_or_else(String::new, |it| format!("  {}", place(it)));
                let _ = writeln!(text, "{item}{} {} {}{at}", step.from, step.relation, step.to);
            }
        }
        if self.more_ways {
            let way = if self.ways.len() < MOST {
                format!("a higher `limit` lists them, up to {MOST}")
            } else {
                "ask for what lies between to see them".to_owned()
            };
            let _ = writeln!(text, "There are more ways of this length: {way}.");
        }
    }
}
