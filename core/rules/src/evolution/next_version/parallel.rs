//! The next version of a channel inside of an AsyncAPI document that describes other channels as well: a copy of the
//! channel, of its operations, and of those components that lead to what is new.

use std::collections::BTreeMap;

use archwright_model::{RelPath, facts::FileFacts};
use archwright_syntax::{
    TextEdit,
    data::{
        Entry, Kind, Node,
        write::{Addition, Pair, Printer, Style, Value, add},
    },
    pointer,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Plan;

impl Plan<'_> {
    /// The edits that put the next version of the channel beside the old one; none where the document does not describe
    /// the channel, or has something of the new names.
    pub(super) fn beside(&self, facts: &FileFacts, copies: &[&RelPath]) -> Vec<TextEdit> {
        let Some(tree) = facts.asyncapi().map(|it| &it.tree) else { return Vec::new() };
        let Some(root) = tree.root() else { return Vec::new() };
        let folder = facts.path.parent();
        let mut copy =
            Copy { plan: self, root, folder: &folder, copies, keys: FxHashMap::default(), edits: BTreeMap::new() };
        copy.plan_parts().unwrap_or_default()
    }

    /// A key or identifier for the new version: `orderPlacedV2`, `order-placed-v2`, `order_placed_v2`.
    fn next_key(&self, key: &str) -> String {
        if key.contains(self.channel) {
            return key.replace(self.channel, self.next);
        }
        let version = |name: &str| {
            name.rsplit('.').next().unwrap_or_default().trim_start_matches(|it: char| !it.is_ascii_digit()).to_owned()
        };
        let (old, new) = (version(self.channel), version(self.next));
        // A key that carries the old version gets the new one.
        if let Some(stem) = key.strip_suffix(&old).filter(|it| it.ends_with(['v', 'V'])) {
            return format!("{stem}{new}");
        }
        match key {
            _ if key.contains('_') => format!("{key}_v{new}"),
            _ if key.contains('-') => format!("{key}-v{new}"),
            _ if key.contains('.') => format!("{key}.v{new}"),
            _ => format!("{key}V{new}"),
        }
    }
}

/// What is copied within a document.
struct Copy<'p, 't> {
    plan: &'p Plan<'p>,
    root: Node<'t>,
    folder: &'p RelPath,
    copies: &'p [&'p RelPath],
    /// What is copied, by the reference to it, with the reference to the copy.
    keys: FxHashMap<String, String>,
    /// The changes inside of the copies, by where they start.
    edits: BTreeMap<u32, TextEdit>,
}

impl<'t> Copy<'_, 't> {
    fn plan_parts(&mut self) -> Option<Vec<TextEdit>> {
        let channels = self.root.get("channels")?;
        let channel = channels.entries().find(|it| self.is_channel(it))?;
        let mut parts = vec![(channels, channel)];
        self.keys
            .insert(format!("#/channels/{}", pointer::escape(channel.key)), self.reference("channels", channel.key));
        // Operations of 3.x name their channel; those of 2.x stand in it.
        let of_channel = format!("#/channels/{}", pointer::escape(channel.key));
        let operations = self.root.get("operations").filter(|it| it.kind() == Kind::Mapping);
        for operation in operations.iter().flat_map(|it| it.entries()) {
            let on = operation.value.get("channel").and_then(|it| it.get("$ref")).and_then(Node::as_str);
            if on == Some(&of_channel) {
                parts.extend(operations.map(|it| (it, operation)));
                self.keys.insert(
                    format!("#/operations/{}", pointer::escape(operation.key)),
                    self.reference("operations", operation.key),
                );
            }
        }
        self.components(&mut parts);
        for &(_, part) in &parts {
            self.rename_in(part.value);
        }
        self.additions(&parts)
    }

    fn is_channel(&self, entry: &Entry<'t>) -> bool {
        entry.value.get("address").and_then(Node::as_str).unwrap_or(entry.key) == self.plan.channel
    }

    /// The reference to the copy of an entry of a section.
    fn reference(&self, section: &str, key: &str) -> String {
        format!("#/{section}/{}", pointer::escape(&self.plan.next_key(key)))
    }

    /// Adds the components that the parts lead to, as far as they lead to something that is new.
    fn components(&mut self, parts: &mut Vec<(Node<'t>, Entry<'t>)>) {
        let reached = self.reached(parts);
        // What leads to a copy is copied as well, so this goes on until nothing more is.
        let mut users: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (at, component) in reached.iter().enumerate() {
            for name in component.refers_to.iter().filter_map(|it| component_of(it)) {
                users.entry(name).or_default().push(at);
            }
        }
        let is_new =
            |it: &Reached| self.changes(it.entry.value) || it.refers_to.iter().any(|it| self.copied(it).is_some());
        let mut open: Vec<usize> =
            reached.iter().enumerate().filter(|(_, it)| is_new(it)).map(|(at, _)| at).rev().collect();
        while let Some(component) = open.pop().and_then(|it| reached.get(it)) {
            if self.keys.contains_key(&component.name) {
                continue;
            }
            let section = component.section.as_entry().map(|it| it.key).unwrap_or_default();
            let copy = self.reference(&format!("components/{section}"), component.entry.key);
            self.keys.insert(component.name.clone(), copy);
            parts.push((component.section, component.entry));
            open.extend(users.get(component.name.as_str()).into_iter().flatten());
        }
    }

    /// The components that the parts lead to, by themselves or through others.
    fn reached(&self, parts: &[(Node<'t>, Entry<'t>)]) -> Vec<Reached<'t>> {
        let Some(components) = self.root.get("components") else { return Vec::new() };
        let (mut reached, mut seen) = (Vec::new(), FxHashSet::default());
        let mut open: Vec<String> = parts.iter().flat_map(|(_, part)| references(part.value)).collect();
        while let Some(reference) = open.pop() {
            let Some(name) = component_of(&reference).filter(|it| seen.insert((*it).to_owned())) else { continue };
            let mut keys = pointer::keys(name).skip(1);
            let (Some(section), Some(key)) = (keys.next(), keys.next()) else { continue };
            let Some(section) = components.get(&section) else { continue };
            let Some(entry) = section.entry(&key) else { continue };
            let refers_to = references(entry.value);
            open.extend(refers_to.iter().cloned());
            reached.push(Reached { name: name.to_owned(), section, entry, refers_to });
        }
        reached
    }

    /// Where a reference into something that is copied leads in the copy.
    fn copied(&self, reference: &str) -> Option<String> {
        let ends = reference.match_indices('/').map(|it| it.0).chain([reference.len()]);
        ends.into_iter().find_map(|end| {
            let (old, rest) = reference.split_at_checked(end)?;
            self.keys.get(old).map(|new| format!("{new}{rest}"))
        })
    }

    /// Whether something in a part speaks of the channel.
    fn changes(&self, node: Node<'t>) -> bool {
        scalars(node).iter().any(|it| self.plan.renamed(it.source(), self.folder, self.copies) != it.source())
    }

    /// The changes inside of a copy: the channel's name, what refers to what is copied, and identifiers that are there
    /// once.
    fn rename_in(&mut self, node: Node<'t>) {
        for scalar in scalars(node) {
            let (source, key) = (scalar.source(), scalar.as_entry().map(|it| it.key));
            let text = scalar.as_str().unwrap_or_default();
            let new = match (key, self.copied(text)) {
                (Some("$ref"), Some(new)) => source.replace(text, &new),
                (Some("operationId" | "messageId"), _) => source.replace(text, &self.plan.next_key(text)),
                _ => self.plan.renamed(source, self.folder, self.copies),
            };
            if new != source {
                self.edits.insert(scalar.span().start, TextEdit::replace(scalar.span(), new));
            }
        }
    }

    /// Each copy goes behind what it is a copy of.
    fn additions(&self, parts: &[(Node<'t>, Entry<'t>)]) -> Option<Vec<TextEdit>> {
        let style = Style::of(self.root.tree());
        let printer = Printer::new(&style, &self.edits);
        let mut sections: Vec<(Node<'t>, Vec<Addition<'t>>)> = Vec::new();
        for &(section, entry) in parts {
            let key = self.plan.next_key(entry.key);
            if section.get(&key).is_some() {
                return None;
            }
            let next = section.entries().skip_while(|it| it.key_span != entry.key_span).nth(1).map(|it| it.key);
            let addition = (Pair::new(key, Value::Node(entry.value)), next);
            match sections.iter_mut().find(|it| it.0.span() == section.span()) {
                Some(known) => known.1.push(addition),
                None => sections.push((section, vec![addition])),
            }
        }
        let mut edits = Vec::new();
        for (section, additions) in sections {
            edits.extend(add(&printer, section, &additions)?);
        }
        Some(edits)
    }
}

/// A component that a copied part leads to.
struct Reached<'t> {
    /// The reference to it.
    name: String,
    /// The section that it stands in, such as `schemas`.
    section: Node<'t>,
    entry: Entry<'t>,
    /// What it refers to in its document.
    refers_to: Vec<String>,
}

/// The component that a reference leads to or into: `#/components/schemas/order` of `#/components/schemas/order/items`.
fn component_of(reference: &str) -> Option<&str> {
    let (section, key) = reference.strip_prefix("#/components/")?.split_once('/')?;
    let key = key.split('/').next().unwrap_or_default();
    reference.get(.."#/components/".len() + section.len() + 1 + key.len())
}

/// The texts in a part of a document.
fn scalars(node: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match node.kind() {
            _ if node.is_alias() => {}
            Kind::Mapping => open.extend(node.written_entries().map(|it| it.value)),
            Kind::Sequence => open.extend(node.items()),
            Kind::String => found.push(node),
            _ => {}
        }
    }
    found
}

/// The references in a part that lead into the same document.
fn references(node: Node<'_>) -> Vec<String> {
    let of = scalars(node).into_iter().filter(|it| it.as_entry().is_some_and(|it| it.key == "$ref"));
    of.filter_map(Node::as_str).filter(|it| it.starts_with("#/")).map(str::to_owned).collect()
}
