//! Fields of messages: what the schema of a channel has, held against the type that code sends.

use std::collections::{BTreeMap, BTreeSet};

use archwright_model::facts::FileFacts;
use archwright_scan::{Action, payload::PayloadField};
use archwright_schema::{Field, Language};
use smol_str::SmolStr;

use super::{is_named, parties::Parties};
use crate::{
    code::sent_type,
    impact::place_in,
    scan::answer::{DriftKind, ScannedDrift},
};

impl Parties<'_> {
    /// Types that lack what the schema of their channel demands, or have what it does not have.
    pub(super) fn fields(&self, drift: &mut Vec<ScannedDrift>) {
        let schemas = self.schemas();
        if schemas.is_empty() {
            return;
        }
        let mut told = BTreeSet::new();
        let sends = self.found.edges.iter().filter(|it| it.action == Action::Send && is_named(it));
        for edge in sends {
            let Some(schema) = schemas.get(edge.channel.name.as_str()) else { continue };
            let Some(sent) = sent_type(self.workspace, self.found, edge) else { continue };
            let Some(difference) = Difference::between(&sent.fields, &schema.fields) else { continue };
            if !told.insert((edge.channel.name.as_str(), sent.path.clone(), sent.line)) {
                continue;
            }
            let place = schema.fields.first().map_or(0, |it| it.name.span.start as usize);
            drift.push(ScannedDrift {
                kind: DriftKind::OtherFields,
                channel: edge.channel.name.to_string(),
                in_code: difference.of_code(edge.message.as_deref().unwrap_or_default()),
                file: sent.path,
                line: sent.line,
                in_document: difference.of_document(),
                document: schema.facts.path.clone(),
                document_line: place_in(schema.facts, place).line,
            });
        }
    }

    /// The schemas of channels that have all their fields in one file.
    fn schemas(&self) -> BTreeMap<SmolStr, Schema<'_>> {
        let mut found: BTreeMap<SmolStr, Option<Schema<'_>>> = BTreeMap::new();
        for facts in self.workspace.files().filter_map(|it| self.workspace.facts(it)) {
            let (Some(channel), Some(schema)) = (&facts.captures.channel, facts.schema()) else { continue };
            let shape = &schema.shape;
            let is_all = shape.is_whole && shape.unread == 0 && shape.left_out == 0;
            let own: Vec<&Field> = shape.fields.iter().filter(|it| !it.path.contains(['.', '[', '{'])).collect();
            let is_read = shape.language == Language::JsonSchema && is_all && !own.is_empty();
            let one = is_read.then_some(Schema { facts, fields: own });
            // Of two schemas of one channel it is not known which one holds.
            found.entry(channel.clone()).and_modify(|it| *it = None).or_insert(one);
        }
        found.into_iter().filter_map(|it| Some((it.0, it.1?))).collect()
    }
}

struct Schema<'w> {
    facts: &'w FileFacts,
    fields: Vec<&'w Field>,
}

/// What one side has and the other has not.
struct Difference {
    /// What the schema demands and the type has not.
    missing: Vec<SmolStr>,
    /// What the type has and the schema has not.
    added: Vec<SmolStr>,
}

impl Difference {
    /// `None` if there is none, or if the two have so little in common that the type may be sent inside of something,
    /// or hold it.
    fn between(sent: &[PayloadField], declared: &[&Field]) -> Option<Self> {
        let has = |name: &str| declared.iter().any(|it| it.name.text == name);
        let common = sent.iter().filter(|it| has(&it.name)).count();
        if common < 2 || common * 2 < sent.len() || common * 2 < declared.len() {
            return None;
        }
        let is_sent = |it: &&&Field| sent.iter().any(|sent| sent.name == it.name.text);
        let missing: Vec<SmolStr> =
            declared.iter().filter(|it| it.required && !is_sent(it)).map(|it| it.name.text.clone()).collect();
        let added: Vec<SmolStr> = sent.iter().filter(|it| !has(&it.name)).map(|it| it.name.clone()).collect();
        (!missing.is_empty() || !added.is_empty()).then_some(Self { missing, added })
    }

    fn of_code(&self, name: &str) -> String {
        match (self.missing.as_slice(), self.added.as_slice()) {
            (missing, []) => format!("{name} has no {}", listed(missing)),
            ([], added) => format!("{name} has {}", listed(added)),
            (missing, added) => format!("{name} has no {}, and has {}", listed(missing), listed(added)),
        }
    }

    fn of_document(&self) -> String {
        match (self.missing.is_empty(), self.added.is_empty()) {
            (false, true) => "required".to_owned(),
            (true, _) => "not declared".to_owned(),
            (false, false) => "required, and not declared".to_owned(),
        }
    }
}

fn listed(names: &[SmolStr]) -> String {
    names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}
