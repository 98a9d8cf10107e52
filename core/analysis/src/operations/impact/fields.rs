//! Fields of messages: which there are, and which code reads one.

use std::collections::BTreeSet;

use archwright_schema::Field;
use smol_str::{SmolStr, format_smolstr};

use super::{
    super::{
        ReviewPlace,
        readers::{self, Uses},
    },
    graph::{Graph, NodeId, NodeKind, Relation},
    read::place_in,
};
use crate::{
    Kind, RelPath, Workspace,
    facts::{ChannelRole, FileFacts},
};

/// A field of a schema.
#[derive(Clone, Copy, Debug)]
pub(super) struct SchemaField<'w> {
    pub facts: &'w FileFacts,
    pub field: &'w Field,
}

impl SchemaField<'_> {
    /// The name by which it is told: `orders.placed.v1#lines[].sku`.
    pub(super) fn name(&self) -> SmolStr {
        match &self.facts.captures.channel {
            Some(channel) => format_smolstr!("{channel}#{}", self.field.path),
            None => format_smolstr!("{}#{}", self.facts.path, self.field.path),
        }
    }
}

/// The fields of all schemas.
pub(super) fn all(workspace: &Workspace) -> impl Iterator<Item = SchemaField<'_>> {
    let files = workspace.files().filter_map(|it| workspace.facts(it));
    files.flat_map(|facts| {
        let fields = facts.schema().map(|it| it.shape.fields.as_slice()).unwrap_or_default();
        fields.iter().map(move |field| SchemaField { facts, field })
    })
}

/// The fields that a name means: `orders.placed.v1#lines[].sku`, `OrderPlaced.sku`, or `sku` alone.
pub(super) fn named<'w>(workspace: &'w Workspace, name: &str) -> Vec<SchemaField<'w>> {
    let is_of = |it: &SchemaField<'_>, owner: &str| {
        let message = it.facts.schema().and_then(|it| it.shape.name.as_ref());
        it.facts.captures.channel.as_deref() == Some(owner)
            || it.facts.path.as_str() == owner
            || message.is_some_and(|it| it.text == owner || it.text.rsplit('.').next() == Some(owner))
    };
    let bare = |it: &str| it.replace("[]", "").replace("{}", "");
    let is_path = |it: &SchemaField<'_>, path: &str| it.field.path == path || bare(&it.field.path) == bare(path);
    let mut found: Vec<SchemaField<'w>> = match name.split_once('#') {
        Some((owner, path)) => all(workspace).filter(|it| is_of(it, owner) && is_path(it, path)).collect(),
        None => {
            // A channel has points in its name, and so has the way to a field.
            let splits: Vec<(&str, &str)> = name.match_indices('.').filter_map(|(at, _)| split(name, at)).collect();
            let whole = all(workspace).filter(|it| is_path(it, name));
            let parted =
                all(workspace).filter(|it| splits.iter().any(|(owner, path)| is_of(it, owner) && is_path(it, path)));
            let exact: Vec<SchemaField<'w>> = whole.chain(parted).collect();
            if exact.is_empty() { all(workspace).filter(|it| it.field.name.text == name).collect() } else { exact }
        }
    };
    // Parts that several fields share are listed once for each.
    let mut seen = BTreeSet::new();
    found.retain(|it| seen.insert(it.name()));
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
pub(super) fn add(workspace: &Workspace, graph: &mut Graph, it: SchemaField<'_>) -> (NodeId, Readers) {
    let SchemaField { facts, field } = it;
    let node = graph.node(NodeKind::Field, &it.name());
    let at = place_in(facts, field.name.span.start as usize);
    graph.define(node, at.clone(), true);
    let document = graph.node(NodeKind::Document, facts.path.as_str());
    graph.lead(document, Relation::Describes, node, at.clone());
    let mut readers = Readers::default();
    let need = if field.required { "required" } else { "optional" };
    readers.remarks.push(format!("{need}, {}", field.ty));
    let Some(channel) = &facts.captures.channel else {
        readers.remarks.push("Which channel carries it, its file does not say; so no code is searched.".to_owned());
        return (node, readers);
    };
    let of_channel = graph.node(NodeKind::Channel, channel);
    graph.lead(of_channel, Relation::HasField, node, at);
    for (other, mention) in super::super::channels::mentions(workspace, channel) {
        if let Some(key) =
            mention.ordering_key.as_ref().filter(|it| it.text == field.path || it.text == field.name.text)
        {
            graph.lead(of_channel, Relation::OrderedBy, node, place_in(other, key.span.start as usize));
        }
    }
    search(workspace, graph, it, node, channel, &mut readers);
    (node, readers)
}

/// Searches the code that receives the channel.
fn search(
    workspace: &Workspace,
    graph: &mut Graph,
    it: SchemaField<'_>,
    node: NodeId,
    channel: &SmolStr,
    readers: &mut Readers,
) {
    let name = &it.field.name.text;
    if name.len() < 3 {
        readers.remarks.push(format!("`{name}` is too short to be searched for in code."));
        return;
    }
    let code = || workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.kind == Kind::Code);
    let folders = |channel: &str, role: ChannelRole| -> BTreeSet<RelPath> {
        let files = code().filter(|it| it.channel(channel, role).is_some());
        files.map(|it| readers::service_of(workspace, &it.path)).collect()
    };
    let receiving = folders(channel, ChannelRole::Receive);
    // Messages of other channels with a field of this name: where one service has both, nobody can tell whose it is.
    let rivals: BTreeSet<&SmolStr> = all(workspace)
        .filter(|other| other.field.name.text == *name && other.facts.path != it.facts.path)
        .filter_map(|other| other.facts.captures.channel.as_ref())
        .filter(|other| *other != channel)
        .collect();
    let mut nobody = !receiving.is_empty();
    for folder in &receiving {
        let has = |rival: &&&SmolStr| {
            [ChannelRole::Receive, ChannelRole::Send].into_iter().any(|role| folders(rival, role).contains(folder))
        };
        let rival = rivals.iter().find(has);
        let mut found = readers::uses(workspace, folder, name);
        for other in spellings(name) {
            let Uses { reads, names, .. } = readers::uses(workspace, folder, &other);
            found.names.extend(reads.into_iter().chain(names));
        }
        nobody &= found.reads.is_empty() && found.names.is_empty() && !found.is_cut;
        let code = graph.node(NodeKind::Code, if folder.as_str().is_empty() { "." } else { folder.as_str() });
        let mut lead = |places: Vec<ReviewPlace>, relation| {
            places.into_iter().for_each(|at| graph.lead(code, relation, node, at));
        };
        match rival {
            Some(rival) => {
                if !found.reads.is_empty() {
                    let text =
                        format!("{folder} has `{rival}` too, which has a field `{name}` as well; it may be that one.");
                    readers.remarks.push(text);
                }
                lead(found.reads, Relation::MayRead);
            }
            None if found.reads.is_empty() => lead(found.names, Relation::MayRead),
            None => lead(found.reads, Relation::Reads),
        }
        if found.is_cut {
            readers.not_read.push(format!("{folder} has more files of code than are searched"));
        }
    }
    let shown: Vec<&str> = receiving.iter().map(RelPath::as_str).collect();
    if receiving.is_empty() {
        readers
            .remarks
            .push(format!("No code that is read here receives `{channel}`, so nobody can tell who reads it."));
    } else if nobody {
        readers.remarks.push(format!(
            "Nobody reads it in the code that is read: {} receives `{channel}` and does not name it.",
            shown.join(", ")
        ));
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
            camel.extend(it.to_uppercase())
        } else {
            camel.push(it)
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
