//! Fields of messages: which there are, and which code reads one.

use std::collections::BTreeSet;

use archwright_engine::Workspace;
use archwright_model::{
    FileId, Kind, RelPath,
    facts::{ChannelRole, FileFacts},
};
use archwright_syntax::Spanned;
use smol_str::{SmolStr, format_smolstr};

use super::{
    super::{
        ReviewPlace,
        readers::{self, Uses},
    },
    graph::{Graph, NodeId, NodeKind, Relation},
    read::place_in,
};

/// A field of a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct MessageField<'w> {
    /// The file that declares it.
    pub facts: &'w FileFacts,
    /// The channel that carries it, if that is known.
    pub channel: Option<&'w SmolStr>,
    message: Option<&'w SmolStr>,
    path: &'w SmolStr,
    /// Its own name, where it is declared.
    pub own_name: &'w Spanned,
    ty: &'w SmolStr,
    is_required: Option<bool>,
}

impl MessageField<'_> {
    /// The name by which it is told: `orders.placed.v1#lines[].sku`.
    pub(super) fn name(&self) -> SmolStr {
        match self.channel {
            Some(channel) => format_smolstr!("{channel}#{}", self.path),
            None => format_smolstr!("{}#{}", self.facts.path, self.path),
        }
    }
}

/// The fields of all messages: those of schemas, then those that AsyncAPI documents declare themselves.
pub(super) fn all(workspace: &Workspace) -> impl Iterator<Item = MessageField<'_>> {
    let files = || workspace.files().filter_map(|it| workspace.facts(it));
    let of_schemas = files().flat_map(|facts| {
        let shape = facts.schema().map(|it| &it.shape);
        let fields = shape.map(|it| it.fields.as_slice()).unwrap_or_default();
        let message = shape.and_then(|it| it.name.as_ref()).map(|it| &it.text);
        fields.iter().map(move |it| MessageField {
            facts,
            channel: facts.captures.channel.as_ref(),
            message,
            path: &it.path,
            own_name: &it.name,
            ty: &it.ty,
            is_required: Some(it.required),
        })
    });
    let of_documents = files().filter_map(|it| Some((it, it.asyncapi()?))).flat_map(|(facts, document)| {
        document.terms.channels.iter().flat_map(move |channel| {
            let name = channel.address.as_ref().or(channel.topic.as_ref()).map(|it| &it.text);
            let messages = channel.messages.iter().filter_map(|it| document.terms.messages.get(*it));
            messages.flat_map(move |message| {
                message.payload.properties.iter().map(move |it| MessageField {
                    facts,
                    channel: name,
                    message: Some(&message.name.text),
                    path: &it.path,
                    own_name: &it.name,
                    ty: &it.ty,
                    is_required: None,
                })
            })
        })
    });
    of_schemas.chain(of_documents)
}

/// The way to a field without the marks of lists and maps, which not every language of schemas has.
fn bare(path: &str) -> String {
    path.replace("[]", "").replace("{}", "")
}

/// The fields that a name means: `orders.placed.v1#lines[].sku`, `OrderPlaced.sku`, or `sku` alone.
pub(super) fn named<'w>(workspace: &'w Workspace, name: &str) -> Vec<MessageField<'w>> {
    let is_of = |it: &MessageField<'_>, owner: &str| {
        it.channel.is_some_and(|it| it == owner)
            || it.facts.path.as_str() == owner
            || it.message.is_some_and(|it| it == owner || it.rsplit('.').next() == Some(owner))
    };
    let is_path = |it: &MessageField<'_>, path: &str| bare(it.path) == bare(path);
    let mut found: Vec<MessageField<'w>> = match name.split_once('#') {
        Some((owner, path)) => all(workspace).filter(|it| is_of(it, owner) && is_path(it, path)).collect(),
        None => {
            // A channel has points in its name, and so has the way to a field.
            let splits: Vec<(&str, &str)> = name.match_indices('.').filter_map(|(at, _)| split(name, at)).collect();
            let is_meant = |it: &MessageField<'_>| {
                is_path(it, name) || splits.iter().any(|(owner, path)| is_of(it, owner) && is_path(it, path))
            };
            let exact: Vec<MessageField<'w>> = all(workspace).filter(is_meant).collect();
            if exact.is_empty() { all(workspace).filter(|it| it.own_name.text == name).collect() } else { exact }
        }
    };
    // A schema and an AsyncAPI document may both declare it, and several fields may share a part.
    let mut seen = BTreeSet::new();
    found.retain(|it| seen.insert(bare(&it.name())));
    found
}

fn split(name: &str, at: usize) -> Option<(&str, &str)> {
    Some((name.get(..at)?, name.get(at + 1..)?))
}

/// What was found out about the readers of a field.
#[derive(Debug, Default)]
pub(super) struct Readers {
    pub remarks: Vec<String>,
    pub not_read: Vec<String>,
}

/// Adds a field to the graph, with the code that reads it.
pub(super) fn add(workspace: &Workspace, graph: &mut Graph, it: MessageField<'_>) -> (NodeId, Readers) {
    let node = graph.node(NodeKind::Field, &it.name());
    let at = place_in(it.facts, it.own_name.span.start as usize);
    graph.define(node, at.clone(), true);
    let document = graph.node(NodeKind::Document, it.facts.path.as_str());
    graph.lead(document, Relation::Describes, node, at.clone());
    let mut readers = Readers::default();
    readers.remarks.extend(it.is_required.map(|is| if is { "Required." } else { "Optional." }.to_owned()));
    if !it.ty.is_empty() {
        readers.remarks.push(format!("Type: {}.", it.ty));
    }
    let Some(channel) = it.channel else {
        readers.remarks.push("Which channel carries it, its file does not say; so no code is searched.".to_owned());
        return (node, readers);
    };
    let of_channel = graph.node(NodeKind::Channel, channel);
    graph.lead(of_channel, Relation::HasField, node, at);
    for (other, mention) in super::super::channels::mentions(workspace, channel) {
        let key = mention.ordering_key.as_ref();
        if let Some(key) = key.filter(|key| key.text == *it.path || key.text == it.own_name.text) {
            graph.lead(of_channel, Relation::OrderedBy, node, place_in(other, key.span.start as usize));
        }
    }
    if it.own_name.text.len() < 3 {
        readers.remarks.push(format!("`{}` is too short to be searched for in code.", it.own_name.text));
        return (node, readers);
    }
    Search { workspace, it, channel, node }.run(graph, &mut readers);
    (node, readers)
}

/// The search for the code that reads a field.
struct Search<'w, 'f> {
    workspace: &'w Workspace,
    it: MessageField<'f>,
    channel: &'f SmolStr,
    node: NodeId,
}

impl Search<'_, '_> {
    /// The services whose code sends to or receives from a channel.
    fn services(&self, channel: &str, role: ChannelRole) -> BTreeSet<RelPath> {
        let code = self.workspace.files().filter_map(|it| self.workspace.facts(it));
        let files = code.filter(|it| it.kind == Kind::Code && it.channel(channel, role).is_some());
        files.map(|it| readers::service_of(self.workspace, &it.path)).collect()
    }

    /// The channels of other messages with a field of this name.
    fn rivals(&self) -> BTreeSet<&SmolStr> {
        let same = all(self.workspace).filter(|other| other.own_name.text == self.it.own_name.text);
        same.filter_map(|other| other.channel).filter(|other| *other != self.channel).collect()
    }

    fn run(&self, graph: &mut Graph, readers: &mut Readers) {
        let receiving = self.services(self.channel, ChannelRole::Receive);
        if receiving.is_empty() {
            let text =
                format!("No code that is read here receives `{}`, so nobody can tell who reads it.", self.channel);
            readers.remarks.push(text);
            return;
        }
        // Where a service has another message with such a field, nobody can tell whose it is.
        let handles = |rival: &str, folder: &RelPath| {
            [ChannelRole::Receive, ChannelRole::Send]
                .into_iter()
                .any(|role| self.services(rival, role).contains(folder))
        };
        let rivals = self.rivals();
        let mut is_named = false;
        for folder in &receiving {
            let found = self.uses(&readers::code_below(self.workspace, folder));
            is_named |= found.is_anywhere();
            let rival = rivals.iter().find(|it| handles(it, folder));
            if let Some(rival) = rival.filter(|_| !found.reads.is_empty()) {
                let name = &self.it.own_name.text;
                let text =
                    format!("{folder} has `{rival}` too, which has a field `{name}` as well; it may be that one.");
                readers.remarks.push(text);
            }
            match rival {
                None if !found.reads.is_empty() => self.lead(graph, folder, found.reads, Relation::Reads),
                None => self.lead(graph, folder, found.names, Relation::MayRead),
                Some(_) => self.lead(graph, folder, found.reads, Relation::MayRead),
            }
        }
        // What a service shares with others lies beside it, and what its repository has no manifest for, anywhere.
        let sending = self.services(self.channel, ChannelRole::Send);
        let is_beside = |it: &FileId| {
            let path = self.workspace.path(*it);
            let lies_in = |folder: &&RelPath| path.as_str().starts_with(&format!("{folder}/"));
            !receiving.iter().chain(&sending).any(|it| lies_in(&it))
        };
        let beside: Vec<FileId> =
            readers::code_below(self.workspace, &RelPath::default()).into_iter().filter(is_beside).collect();
        let found = self.uses(&beside);
        is_named |= found.is_anywhere();
        for place in found.reads.into_iter().chain(found.names) {
            let folder = readers::service_of(self.workspace, &place.file);
            self.lead(graph, &folder, vec![place], Relation::MayRead);
        }
        if found.is_cut {
            readers.not_read.push("more files of code than are searched for one field".to_owned());
        } else if !is_named {
            let shown: Vec<&str> = receiving.iter().map(RelPath::as_str).collect();
            readers.remarks.push(format!(
                "Nobody reads it in the code that is read: {} receives `{}`, and at most code that sends it names it.",
                shown.join(", "),
                self.channel
            ));
        }
    }

    /// Where files of code have the field, in any of its spellings.
    fn uses(&self, files: &[FileId]) -> Uses {
        let mut found = readers::uses(self.workspace, files, &self.it.own_name.text);
        for other in spellings(&self.it.own_name.text) {
            let Uses { reads, names, .. } = readers::uses(self.workspace, files, &other);
            found.names.extend(reads.into_iter().chain(names));
        }
        found
    }

    fn lead(&self, graph: &mut Graph, folder: &RelPath, places: Vec<ReviewPlace>, relation: Relation) {
        let code = graph.node(NodeKind::Code, if folder.as_str().is_empty() { "." } else { folder.as_str() });
        for at in places {
            graph.lead(code, relation, self.node, at);
        }
    }
}

/// How else code may write the name of a field: `total_minor` is `totalMinor` where objects are mapped.
fn spellings(name: &str) -> Vec<String> {
    let mut camel = String::new();
    let mut snake = String::new();
    let mut after_break = false;
    for it in name.chars() {
        if matches!(it, '_' | '-') {
            after_break = !camel.is_empty();
            snake.push('_');
            continue;
        }
        if it.is_uppercase() && snake.ends_with(|it: char| it.is_lowercase() || it.is_ascii_digit()) {
            snake.push('_');
        }
        snake.extend(it.to_lowercase());
        if after_break {
            camel.extend(it.to_uppercase());
        } else {
            camel.push(it);
        }
        after_break = false;
    }
    let mut found = vec![camel, snake];
    found.retain(|it| it != name && it.len() >= 3);
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_has_the_spellings_of_both_worlds() {
        assert_eq!(spellings("total_minor"), ["totalMinor"]);
        assert_eq!(spellings("totalMinor"), ["total_minor"]);
        assert_eq!(spellings("currency"), [""; 0]);
    }
}
