//! The flow as a text, for terminals, editors and agents.

use std::fmt::Write as _;

use super::answer::{EventFlow, FlowArrow, FlowChannel, FlowFact, FlowPlace, FlowRelation, FlowSource, FlowView};
use crate::ReviewPlace;

/// So many places are told of an arrow.
const PLACES: usize = 3;

/// So many messages and files are told by name.
const FEW: usize = 3;

impl EventFlow {
    /// The flow as it was asked for, with at most so many channels and ends of each list in a text.
    pub fn show(&self, most: usize) -> String {
        match self.view {
            FlowView::Text => self.lines(&|it| format!("{}:{}", it.file, it.line), most, false),
            FlowView::Catalog => self.catalog(),
            _ if most == usize::MAX => self.draw(usize::MAX),
            _ => self.draw_short(),
        }
    }

    /// The flow as Markdown; `place` words a place, with a link if it can.
    pub fn markdown(&self, place: &dyn Fn(&ReviewPlace) -> String) -> String {
        match self.view {
            FlowView::Text => self.lines(place, usize::MAX, true),
            FlowView::Mermaid | FlowView::Sequence | FlowView::States => {
                format!("```mermaid\n{}```\n", self.draw(usize::MAX))
            }
            FlowView::Dot => format!("```dot\n{}```\n", self.draw(usize::MAX)),
            FlowView::Svg => format!("```svg\n{}```\n", self.draw(usize::MAX)),
            FlowView::Catalog => self.catalog(),
        }
    }

    fn lines(&self, place: &dyn Fn(&ReviewPlace) -> String, most: usize, is_markdown: bool) -> String {
        let mut text = String::new();
        let item = if is_markdown { "- " } else { "  " };
        let at = |it: &FlowPlace| place(&ReviewPlace { file: it.file.clone(), line: it.line });
        let heading = |text: &mut String, words: &str| {
            let line = if is_markdown { format!("\n## {words}\n\n") } else { format!("{words}\n") };
            text.push_str(&line);
        };
        for channel in self.channels.iter().take(most) {
            let name = if is_markdown { format!("`{}`", channel.name) } else { channel.name.clone() };
            heading(&mut text, &name);
            for fact in facts(channel, &at) {
                let _ = writeln!(text, "{item}{fact}");
            }
            for relation in [FlowRelation::Sends, FlowRelation::Receives] {
                let arrows = self.arrows_of(&channel.name, relation);
                for arrow in arrows {
                    let _ = writeln!(text, "{item}{}", line(arrow, &at));
                }
                if arrows.is_empty() && self.of.is_none() {
                    let words =
                        if relation == FlowRelation::Sends { "nobody seen to send" } else { "nobody seen to receive" };
                    let _ = writeln!(text, "{item}{words}");
                }
            }
        }
        let more = |text: &mut String, all: usize, what: &str| {
            if all > most {
                let _ = writeln!(text, "{item}{} more {what}", all - most);
            }
        };
        more(&mut text, self.channels.len(), "channels");
        if !self.cycles.is_empty() {
            heading(&mut text, "Services that send to each other in a circle");
            for it in self.cycles.iter().take(most) {
                let of = if it.services * 2 + 1 > it.path.len() {
                    format!(" (the shortest among {} services)", it.services)
                } else {
                    String::new()
                };
                let _ = writeln!(text, "{item}{}{of}", it.path.join(" -> "));
            }
            more(&mut text, self.cycles.len(), "circles");
        }
        if !self.herds.is_empty() {
            heading(&mut text, "Channels that send several receivers to one database");
            for it in self.herds.iter().take(most) {
                let services: Vec<String> =
                    it.services.iter().map(|it| format!("{} ({})", it.value, at(&it.at))).collect();
                let _ = writeln!(text, "{item}{}: {} to {}", it.channel, services.join(", "), it.store);
            }
            more(&mut text, self.herds.len(), "channels");
        }
        if !self.sagas.is_empty() {
            heading(&mut text, "Sagas and other state machines");
            for it in self.sagas.iter().take(most) {
                let has = if it.steps.is_empty() {
                    count(it.transitions.len(), "transition")
                } else {
                    count(it.steps.len(), "step")
                };
                let ends = if it.ends.is_empty() { String::new() } else { format!("; ends {}", it.ends.join(", ")) };
                let _ = writeln!(text, "{item}{} ({}): {has}{ends}", it.name, at(&it.at));
            }
            more(&mut text, self.sagas.len(), "sagas");
        }
        if !self.unnamed.is_empty() {
            heading(&mut text, "Sends and receives whose channel has no known name");
            for it in self.unnamed.iter().take(most) {
                let does = if it.relation == FlowRelation::Sends { "sends to" } else { "receives from" };
                let expression = it.expression.as_deref().unwrap_or("?");
                let _ = writeln!(text, "{item}{} {does} {expression}  {}  ({})", it.service, at(&it.at), it.resolution);
            }
            more(&mut text, self.unnamed.len(), "sends and receives");
        }
        if !self.apart.is_empty() {
            heading(&mut text, "Names that may be one service, kept apart");
            for it in self.apart.iter().take(most) {
                let _ = writeln!(text, "{item}{} in documents: {} in code", it.declared, it.found.join(", "));
            }
            more(&mut text, self.apart.len(), "names");
        }
        let longest = [
            self.channels.len(),
            self.cycles.len(),
            self.herds.len(),
            self.sagas.len(),
            self.unnamed.len(),
            self.apart.len(),
        ];
        if longest.iter().any(|it| *it > most) {
            let _ = writeln!(text, "Ask for one service or channel to see what is not shown of it.");
        }
        if is_markdown {
            text.push('\n');
        }
        for line in self.remarks.iter().cloned().chain(self.counts()) {
            let _ = writeln!(text, "{line}{}", if is_markdown { "  " } else { "" });
        }
        text
    }

    /// Whether there is nothing to show.
    pub(super) fn is_empty(&self) -> bool {
        self.channels.is_empty() && self.arrows.is_empty() && self.unnamed.is_empty() && self.of.is_none()
    }

    /// What was looked at where nothing was found.
    pub(super) fn nothing(&self) -> String {
        let code = count(self.files, "file");
        format!(
            "No flow of messages: no document declares a channel, and no send or receive was found in {code} of code."
        )
    }

    /// What was seen in numbers, what was left out, and what was not read: a sentence each.
    pub(super) fn counts(&self) -> Vec<String> {
        let of = |source| self.arrows.iter().filter(|it| it.source == source).count();
        let sums = format!(
            "{} and {}: {} found in code, {} declared by documents, {} by both; {} of code read.",
            count(self.channels.len(), "channel"),
            count(self.services.len(), "service"),
            count(of(FlowSource::Found), "send or receive").replace("send or receives", "sends and receives"),
            of(FlowSource::Declared),
            of(FlowSource::Both),
            count(self.files, "file"),
        );
        let mut lines = vec![if self.is_empty() { self.nothing() } else { sums }];
        if self.beyond > 0 {
            lines.push(format!("{} more services and channels are further away than that.", self.beyond));
        }
        if self.more_unnamed > 0 {
            lines.push(format!(
                "{} of services that are not shown have no known name; each may belong here.",
                count(self.more_unnamed, "send or receive").replace("send or receives", "sends and receives"),
            ));
        }
        if !self.not_read.is_empty() {
            let few: Vec<&str> = self.not_read.iter().take(FEW).map(String::as_str).collect();
            let more = self.not_read.len().saturating_sub(FEW);
            let more = if more > 0 { format!("; {more} more, which `--format json` names") } else { String::new() };
            lines.push(format!("Not read: {}{more}.", few.join("; ")));
        }
        lines
    }
}

/// A number of things.
pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// What is said of a channel, a line each.
fn facts(channel: &FlowChannel, at: &dyn Fn(&FlowPlace) -> String) -> Vec<String> {
    let told = |facts: &[FlowFact], words: &str| {
        let named: Vec<String> = facts.iter().take(FEW).map(|it| format!("{} ({})", it.value, at(&it.at))).collect();
        let more = facts.len().saturating_sub(FEW);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!facts.is_empty()).then(|| format!("{words} {}{more}", named.join(", ")))
    };
    let lists = [
        told(&channel.messages, "carries"),
        told(&channel.owners, "owned by"),
        told(&channel.dead_letters, "dead letters to"),
        told(&channel.attempts, "attempts before that"),
        told(&channel.delivers_to, "delivers to"),
        told(&channel.provisioned, "declared by"),
    ];
    let mut lines: Vec<String> = lists.into_iter().flatten().collect();
    if let Some(first) = channel.defined.first() {
        lines.push(format!("defined in {} ({})", at(first), first.what));
    }
    lines
}

fn line(arrow: &FlowArrow, at: &dyn Fn(&FlowPlace) -> String) -> String {
    let words = if arrow.relation == FlowRelation::Sends { "sent by" } else { "received by" };
    let mut places: Vec<String> = arrow.at.iter().take(PLACES).map(at).collect();
    let more = arrow.at.len().saturating_sub(PLACES);
    if more > 0 {
        places.push(format!("{more} more"));
    }
    format!("{words} {}  ({})  {}", arrow.service, arrow.source.name(), places.join(", "))
}
