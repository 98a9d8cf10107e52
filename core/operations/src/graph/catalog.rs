//! The flow as a catalog of events: a table in Markdown, for people to read and to keep (H-043).

use std::{collections::BTreeMap, fmt::Write as _};

use super::answer::{EventFlow, FlowChannel, FlowFact, FlowRelation, FlowSource};

/// What stands where nobody says anything.
const NOT_STATED: &str = "not stated";

impl EventFlow {
    /// All events with their channel, version, parties, owner, guarantee, contract and schema.
    pub(super) fn catalog(&self) -> String {
        if self.is_empty() {
            return format!("# Event catalog\n\n{}\n", self.counts().join("  \n"));
        }
        let mut text = String::from(
            "# Event catalog\n\n\
            Names marked *code* are seen in code and stated by no document; those marked *documents* are stated and \
            not seen in code.\n\n\
            | Event | Channel | Version | Producers | Consumers | Owner | Delivery | Contract | Schema |\n\
            | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
        );
        for channel in self.channels.iter().filter(|it| !it.is_dead_letters) {
            let version = channel.version.map_or_else(|| NOT_STATED.to_owned(), |it| it.to_string());
            let cells = [
                values(&channel.messages),
                code(&channel.name),
                version,
                self.parties(channel, FlowRelation::Sends),
                self.parties(channel, FlowRelation::Receives),
                values(&channel.owners),
                values(&channel.guarantees),
                links(channel, &["contract"]),
                links(channel, &["schema", "asyncapi"]),
            ];
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        let dead: Vec<&FlowChannel> = self.channels.iter().filter(|it| it.is_dead_letters).collect();
        if !dead.is_empty() {
            text.push_str("\n## Dead letters\n\n| Channel | Takes what failed on | Sent by | Received by | Owner |\n");
            text.push_str("| --- | --- | --- | --- | --- |\n");
            let mut failed: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for (from, to) in self.channels.iter().flat_map(|it| it.dead_letters.iter().map(move |to| (it, to))) {
                failed.entry(&to.value).or_default().push(code(&from.name));
            }
            for channel in dead {
                let of = failed.get(channel.name.as_str()).cloned().unwrap_or_default();
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {} | {} |",
                    code(&channel.name),
                    if of.is_empty() { NOT_STATED.to_owned() } else { of.join(", ") },
                    self.parties(channel, FlowRelation::Sends),
                    self.parties(channel, FlowRelation::Receives),
                    values(&channel.owners),
                );
            }
        }
        if !self.unnamed.is_empty() {
            text.push_str("\n## Not in the table\n\nThe name of the channel is not known:\n\n");
            for it in &self.unnamed {
                let does = if it.relation == FlowRelation::Sends { "sends to" } else { "receives from" };
                let expression = it.expression.as_deref().unwrap_or("?");
                let at = format!("{}:{}", it.at.file, it.at.line);
                let _ = writeln!(text, "- {} {does} {}, {}", cell(&it.service), code(expression), code(&at));
            }
        }
        text.push('\n');
        for line in self.remarks.iter().cloned().chain(self.counts()) {
            let _ = writeln!(text, "{}  ", cell(&line));
        }
        text
    }

    fn parties(&self, channel: &FlowChannel, relation: FlowRelation) -> String {
        let arrows = self.arrows_of(&channel.name, relation).iter();
        let named = arrows.map(|it| {
            let mark = match it.source {
                FlowSource::Both => "",
                FlowSource::Found => " *code*",
                FlowSource::Declared => " *documents*",
            };
            format!("{}{mark}", cell(&it.service))
        });
        let named: Vec<String> = named.collect();
        if named.is_empty() { "none seen".to_owned() } else { named.join(", ") }
    }
}

fn values(facts: &[FlowFact]) -> String {
    let values: Vec<String> = facts.iter().map(|it| cell(&it.value)).collect();
    if values.is_empty() { NOT_STATED.to_owned() } else { values.join(", ") }
}

fn links(channel: &FlowChannel, kinds: &[&str]) -> String {
    let places = channel.defined.iter().filter(|it| kinds.contains(&it.what));
    let linked: Vec<String> = places
        .map(|it| {
            let target = it.file.as_str().replace(' ', "%20").replace('(', "%28").replace(')', "%29");
            format!("[{}]({target})", cell(it.file.name()))
        })
        .collect();
    if linked.is_empty() { NOT_STATED.to_owned() } else { linked.join(", ") }
}

/// A text that is no part of the table's own form.
fn cell(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            it if it.is_control() => plain.push(' '),
            '|' | '*' | '_' | '[' | ']' | '<' | '`' | '\\' => {
                plain.push('\\');
                plain.push(it);
            }
            it => plain.push(it),
        }
    }
    plain
}

/// A name in code marks.
fn code(text: &str) -> String {
    let is_plain = !text.contains(['`', '|']) && !text.chars().any(char::is_control);
    if is_plain { format!("`{text}`") } else { cell(text) }
}
