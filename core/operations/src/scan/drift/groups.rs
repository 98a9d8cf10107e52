//! Groups of consumers: what contracts and AsyncAPI documents call them, held against code.

use std::collections::BTreeSet;

use archwright_model::{Kind, conventions::role::Role, facts::ByRole};
use archwright_scan::{
    Action,
    discover::{Channel, Edge, Resolution},
};
use archwright_syntax::Spanned;

use super::{bindings, is_named, parties::Parties};
use crate::{
    identity::Likeness,
    impact::{Said, folded, place_in},
    scan::answer::{DriftKind, ScannedDrift},
};

impl Parties<'_> {
    /// Code that receives under another group than all documents say.
    pub(super) fn groups(&self, drift: &mut Vec<ScannedDrift>) {
        let mut told = BTreeSet::new();
        let receives = |it: &&Edge| it.action == Action::Receive && is_named(it);
        for edge in self.found.edges.iter().filter(receives) {
            let Some(group) = edge.group.as_ref().filter(|_| !self.is_shared(edge)) else { continue };
            let own = self.of_same_project(edge).filter(|it| it.channel.name == edge.channel.name && receives(it));
            let own: Vec<&Edge> = own.collect();
            let about = self.about(&edge.channel.name, Action::Receive).into_iter();
            let of_service = about.filter(|it| self.is_valid(it) && self.likeness(edge, it) == Likeness::Same);
            let stated: Vec<(&Said, Spanned)> =
                of_service.flat_map(|it| self.stated_groups(it).into_iter().map(move |group| (it, group))).collect();
            let is_other = |it: &(&Said, Spanned)| {
                is_name(&it.1.text)
                    && own.iter().all(|own| own.group.as_ref().is_some_and(|own| differ(own, &it.1.text)))
            };
            let Some((said, first)) = stated.first().filter(|_| stated.iter().all(is_other)) else { continue };
            if !told.insert((edge.channel.name.as_str(), self.project(edge))) {
                continue;
            }
            let names: BTreeSet<&str> = stated.iter().map(|it| it.1.text.as_str()).collect();
            let line = self.facts(said).map_or(said.at.line, |it| place_in(it, first.span.start as usize).line);
            drift.push(ScannedDrift {
                document_line: line,
                in_code: group.name.to_string(),
                ..self.difference(DriftKind::OtherGroup, edge, said, names.into_iter().collect::<Vec<_>>().join(", "))
            });
        }
    }

    /// The groups that a document gives to a service which it says to receive.
    fn stated_groups(&self, said: &Said) -> Vec<Spanned> {
        let Some(facts) = self.facts(said) else { return Vec::new() };
        if let Some(document) = bindings::document(facts) {
            return bindings::of_receivers(document, &said.channel, "kafka/groupId");
        }
        let Some(document) = ByRole::of(facts, self.workspace.config()).filter(|_| facts.kind == Kind::Contract) else {
            return Vec::new();
        };
        let (tree, text) = (document.tree, document.text);
        let bare = |span: archwright_syntax::Span| {
            let written = span.of(text);
            let inner = written.trim_matches(['`', '*', ' ']);
            let start = span.start as usize + written.find(inner).unwrap_or_default();
            Spanned { text: inner.into(), span: archwright_syntax::Span::new(start, start + inner.len()) }
        };
        // A row of a table says it of its service.
        let mut found = Vec::new();
        for table in &tree.tables {
            let column = |role| document.column(table, role);
            let (Some(party), Some(group)) = (column(Role::Consumers), column(Role::ConsumerGroup)) else { continue };
            for cells in tree.rows(table).iter().map(|it| tree.cells(it)) {
                let (Some(party), Some(group)) = (cells.get(party), cells.get(group)) else { continue };
                if folded(&bare(*party).text) == folded(&said.party) {
                    found.push(bare(*group));
                }
            }
        }
        // A field says it of the only one that receives.
        let of_file = |it: &&Said| it.file() == said.file() && it.action == Action::Receive;
        let parties: BTreeSet<&str> = self.said.iter().filter(of_file).map(|it| it.party.as_str()).collect();
        if found.is_empty() && parties.len() == 1 {
            found.extend(
                document.fields(Role::ConsumerGroup).filter(|it| !it.value.is_empty()).map(|it| bare(it.value)),
            );
        }
        found
    }
}

/// Whether a text can only be the name of a group, as it is everywhere.
fn is_name(text: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.' | ':');
    !text.is_empty() && text.chars().all(is_part) && text.chars().any(char::is_alphanumeric) && text != "none"
}

/// Whether a group of code is surely another one: what settings say may have something of its environment in it.
fn differ(own: &Channel, said: &str) -> bool {
    let name = own.name.as_str();
    let is_written = matches!(own.resolution, Resolution::Literal | Resolution::Constant);
    name != said && (is_written || !name.contains(said) && !said.contains(name))
}
