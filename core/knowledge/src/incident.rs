//! The usual incidents, and what their runbooks say (A-092, A-337..A-346).

use std::sync::OnceLock;

use smol_str::SmolStr;

use crate::{
    files,
    source::{self, Node},
};

/// A kind of incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Stable identifier, and the name of a runbook's file: `dlq-triage`.
    pub id: SmolStr,
    /// What people call it: `DLQ triage`.
    pub name: SmolStr,
    /// Whether it happens to one channel.
    pub is_of_channel: bool,
    /// Whose it is: `sender`, `reader` or `platform`.
    pub owner: SmolStr,
    /// What is told of the systems concerned, in order, by the names of roles.
    pub facts: Vec<SmolStr>,
    /// The whole in a sentence.
    pub tldr: SmolStr,
    /// What nobody may do.
    pub safety: Vec<SmolStr>,
    /// Where to look first, in order.
    pub triage: Vec<SmolStr>,
    /// What to do, in order.
    pub mitigation: Vec<SmolStr>,
    /// What shows that it is over.
    pub verification: Vec<SmolStr>,
    /// When to stop, and who decides.
    pub stop: Vec<SmolStr>,
    /// What is written down.
    pub audit: Vec<SmolStr>,
    /// What follows.
    pub after: Vec<SmolStr>,
    /// Catalogue rows.
    pub sources: Vec<SmolStr>,
}

struct Incidents {
    all: Vec<Incident>,
    unknown: Vec<(SmolStr, SmolStr)>,
}

/// The kinds of incidents, in order.
pub fn incidents() -> &'static [Incident] {
    &load().all
}

/// The kind of incident with this identifier.
pub fn incident(id: &str) -> Option<&'static Incident> {
    incidents().iter().find(|it| it.id == id)
}

/// The words for something that nobody has said: `the dead letter channel` for `dlq`.
pub fn words_for_unknown(name: &str) -> Option<&'static str> {
    load().unknown.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
}

fn load() -> &'static Incidents {
    static INCIDENTS: OnceLock<Incidents> = OnceLock::new();
    INCIDENTS.get_or_init(|| {
        let tree = source::yaml(files::skill_file("knowledge/runbooks.yaml").unwrap_or_default());
        let root = tree.root();
        let every = |key| root.and_then(|it| it.get("every")).map(|it| source::texts(it, key)).unwrap_or_default();
        let all = root.map(|it| source::nodes(it, "incidents")).unwrap_or_default();
        let all = all.into_iter().filter_map(|it| incident_of(it, every)).collect();
        let unknown = root.and_then(|it| it.get("unknown"));
        let entries = unknown.into_iter().flat_map(|it| {
            it.entries().filter_map(|it| Some((it.key.into(), it.value.as_str()?.into()))).collect::<Vec<_>>()
        });
        Incidents { all, unknown: entries.collect() }
    })
}

fn incident_of(node: Node<'_>, every: impl Fn(&'static str) -> Vec<SmolStr>) -> Option<Incident> {
    let lines = |key: &'static str| [source::texts(node, key), every(key)].concat();
    Some(Incident {
        id: source::text(node, "id")?,
        name: source::text(node, "name")?,
        is_of_channel: source::text(node, "channel")? == "yes",
        owner: source::text(node, "owner")?,
        facts: source::texts(node, "facts"),
        tldr: source::text(node, "tldr")?,
        safety: lines("safety"),
        triage: lines("triage"),
        mitigation: lines("mitigation"),
        verification: lines("verification"),
        stop: lines("stop"),
        audit: lines("audit"),
        after: lines("after"),
        sources: source::texts(node, "sources"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_file_is_a_text() {
        // A colon makes a mapping of a line without quotes, and nobody would miss it.
        let text = files::skill_file("knowledge/runbooks.yaml").unwrap();
        let tree = source::yaml(text);
        let lines =
            text.lines().filter(|it| it.trim_start().starts_with("- ") && !it.trim_start().starts_with("- id:"));
        let root = tree.root().unwrap();
        let of = |node: Node<'_>| -> usize {
            let keys = ["safety", "triage", "mitigation", "verification", "stop", "audit", "after"];
            keys.iter().map(|it| source::texts(node, it).len()).sum()
        };
        let read: usize = source::nodes(root, "incidents").into_iter().map(of).sum();
        assert_eq!(read + of(root.get("every").unwrap()), lines.count());
    }

    #[test]
    fn every_incident_says_what_a_runbook_needs() {
        let ids: Vec<_> = incidents().iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids.len(), 8, "{ids:?}");
        for it in incidents() {
            let lists = [&it.safety, &it.triage, &it.verification, &it.stop, &it.audit, &it.after];
            assert!(lists.iter().all(|list| !list.is_empty()), "{}", it.id);
            assert_eq!(it.mitigation.iter().filter(|it| *it == "{causes}").count(), 1, "{}", it.id);
            // A criterion has a number, or names what it is compared with, and says who decides.
            assert!(it.stop.iter().any(|it| it.contains("{approver}")), "{}", it.id);
            let all = lists.into_iter().flatten().chain(&it.mitigation).chain([&it.tldr]);
            for line in all {
                let names = line.split('{').skip(1).filter_map(|it| it.split('}').next());
                for name in names {
                    assert!(words_for_unknown(name).is_some(), "{}: {{{name}}}", it.id);
                }
            }
        }
    }
}
