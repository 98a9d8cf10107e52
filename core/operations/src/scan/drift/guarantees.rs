//! What documents promise of delivery, held against code that loses messages.

use std::collections::BTreeSet;

use archwright_knowledge::claim_words;
use archwright_model::{
    RelPath,
    facts::{ChannelRole, FileFacts},
    values::value,
};
use archwright_scan::{
    Action,
    discover::{Edge, Risk, RiskKind},
};
use archwright_syntax::Spanned;

use super::{
    bindings, is_named,
    parties::{Parties, is_idle},
};
use crate::{
    identity::Likeness,
    impact::{Speaker, place_in},
    scan::answer::{DriftKind, ScannedDrift},
};

impl Parties<'_> {
    /// Code that loses messages of channels whose documents promise to deliver them.
    pub(super) fn guarantees(&self, drift: &mut Vec<ScannedDrift>) {
        let mut told = BTreeSet::new();
        for risk in &self.found.risks {
            let Some(action) = loses(risk.kind) else { continue };
            let Some(edge) = self.edge_of(risk, action) else { continue };
            let Some((facts, promise)) = self.promise(edge, risk.kind) else { continue };
            if told.insert((risk.path.as_str(), risk.line, edge.channel.name.as_str())) {
                drift.push(ScannedDrift {
                    kind: DriftKind::BrokenPromise,
                    channel: edge.channel.name.to_string(),
                    in_code: risk.says.to_string(),
                    file: RelPath::new(&risk.path),
                    line: risk.line,
                    in_document: value::plain(&promise.text),
                    document: facts.path.clone(),
                    document_line: place_in(facts, promise.span.start as usize).line,
                });
            }
        }
    }

    /// The send or receive that a risk is about: the one of its line, or the only channel of the file.
    fn edge_of(&self, risk: &Risk, action: Action) -> Option<&Edge> {
        let of_file = || self.found.edges.iter().filter(|it| it.path == risk.path && it.action == action);
        let at_line = of_file().filter(|it| it.line == risk.line || Some(it.line) == risk.because);
        let edges: Vec<&Edge> = at_line.collect();
        let edges = if edges.is_empty() { of_file().collect() } else { edges };
        let first = *edges.first()?;
        let is_one = edges.iter().all(|it| it.channel == first.channel);
        (is_one && is_named(first) && !first.outbox).then_some(first)
    }

    /// Where a document promises to deliver, at least once.
    fn promise(&self, edge: &Edge, kind: RiskKind) -> Option<(&FileFacts, Spanned)> {
        let channel = edge.channel.name.as_str();
        for facts in self.workspace.files().filter_map(|it| self.workspace.facts(it)) {
            let contract = facts.channel(channel, ChannelRole::Contract).filter(|it| !is_idle(self.workspace, it));
            let delivery = contract.and_then(|it| it.delivery.as_deref());
            if let Some(delivery) = delivery.filter(|it| claim_words("at-least-once").are_in(&it.text)) {
                return Some((facts, delivery.clone()));
            }
        }
        // What an AsyncAPI document says of acknowledgements it says of its own service.
        if kind != RiskKind::AutoAck {
            return None;
        }
        let about = self.about(channel, Action::Receive).into_iter();
        let mut own = about.filter(|it| it.speaker == Speaker::AsyncApi && self.is_valid(it));
        let said = own.find(|it| self.likeness(edge, it) == Likeness::Same)?;
        let facts = self.facts(said)?;
        let stated = bindings::of_receivers(bindings::document(facts)?, channel, "amqp/ack");
        match stated.as_slice() {
            [only] if only.text == "true" => Some((facts, Spanned { text: "ack: true".into(), span: only.span })),
            _ => None,
        }
    }
}

/// At which end a risk that is sure loses messages.
fn loses(kind: RiskKind) -> Option<Action> {
    match kind {
        RiskKind::AutoAck | RiskKind::AutoCommit | RiskKind::AckOnFailure => Some(Action::Receive),
        RiskKind::ProducerAcksNone => Some(Action::Send),
        _ => None,
    }
}
