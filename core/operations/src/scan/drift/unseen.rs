//! What documents say that services do, and no code of theirs was seen to.

use std::collections::BTreeSet;

use archwright_model::values::party::is_name;
use archwright_scan::{
    Action,
    discover::{Edge, Resolution},
};

use super::{is_named, parties::Parties};
use crate::{
    identity::Likeness,
    impact::{Said, Speaker},
    scan::answer::{DriftKind, ScannedDrift},
};

/// What was seen of something that a document says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sight {
    /// Code does it.
    Seen,
    /// The service is not here.
    Elsewhere,
    /// It may be there, under a name that is not known.
    Unknown,
    /// All that the service does is known, and this is nothing of it.
    Missing,
}

/// Brokers at which both ends of a channel call it by the same name.
pub(crate) fn has_one_name(broker: &str) -> bool {
    matches!(broker, "kafka" | "nats" | "redis" | "mqtt" | "pulsar" | "nsq" | "kinesis" | "rocketmq")
}

impl Parties<'_> {
    /// Tells what was not seen, and counts what could not be looked for.
    pub(super) fn unseen(&self, drift: &mut Vec<ScannedDrift>) -> usize {
        let mut unknown = 0;
        let mut told = BTreeSet::new();
        for said in self.said.iter().filter(|it| is_name(&it.party) || it.speaker == Speaker::AsyncApi) {
            let key = (said.channel.as_str(), said.action == Action::Send, said.party.as_str());
            match self.sight(said) {
                Sight::Seen | Sight::Elsewhere => {}
                Sight::Unknown => unknown += usize::from(told.insert(key)),
                Sight::Missing => {
                    let of = self.found.edges.iter().filter(|it| self.likeness(it, said) == Likeness::Same);
                    // Something of the same direction says more.
                    let example = of.min_by_key(|it| it.action != said.action);
                    if let Some(edge) = example.filter(|_| told.insert(key)) {
                        drift.push(self.missing(said, edge));
                    }
                }
            }
        }
        unknown
    }

    fn missing(&self, said: &Said, edge: &Edge) -> ScannedDrift {
        let kind = match said.action {
            Action::Send => DriftKind::ProducerNotSeen,
            Action::Receive => DriftKind::ConsumerNotSeen,
        };
        let does = if edge.action == Action::Send { "sends to" } else { "receives from" };
        let channel = if edge.channel.resolution == Resolution::Unresolved { "another" } else { &edge.channel.name };
        ScannedDrift {
            channel: said.channel.to_string(),
            in_code: format!("{does} {channel}"),
            ..self.difference(kind, edge, said, said.party.to_string())
        }
    }

    fn sight(&self, said: &Said) -> Sight {
        let projects = self.projects_of(said);
        if projects.is_empty() || !self.is_valid(said) {
            return Sight::Elsewhere;
        }
        let edges = || self.found.edges.iter().filter(|it| it.action == said.action);
        let is_it = |it: &Edge| it.channel.name == said.channel || it.message.as_ref() == Some(&said.channel);
        if edges().any(|it| is_it(it) && self.likeness(it, said) > Likeness::Other) {
            return Sight::Seen;
        }
        // Code that several services share may do it for this one.
        let may_be = |it: &Edge| self.is_shared(it) || !self.is_another(it, said);
        let is_same = |it: &Edge| self.likeness(it, said) == Likeness::Same;
        let is_known = self.found.edges.iter().any(|it| is_same(it) && is_named(it))
            && !edges()
                .any(|it| may_be(it) && (!is_named(it) || is_it(it) || is_near(&it.channel.name, &said.channel)))
            && edges()
                .filter(|it| may_be(it))
                .all(|it| has_one_name(&it.broker) || self.is_described(&it.channel.name))
            && self.found.edges.iter().filter(|it| is_same(it)).all(|it| has_one_name(&it.broker))
            && !self.found.skipped.iter().any(|it| {
                let project = self.found.project_of(&it.0);
                project.is_some_and(|it| projects.iter().any(|of| of.folder == it.folder))
            });
        if is_known { Sight::Missing } else { Sight::Unknown }
    }
}

/// Whether two names of channels may be one: a prefix, a version or the joints are different.
fn is_near(a: &str, b: &str) -> bool {
    let folded =
        |it: &str| it.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let (a, b) = (folded(a), folded(b));
    a.contains(&b) || b.contains(&a)
}
