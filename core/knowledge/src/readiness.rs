//! Readiness: the tiers, the gates in front of each, and the words by which evidence is told from talk (A-349..A-360).

use std::sync::OnceLock;

use smol_str::SmolStr;

use crate::{
    claim::Words,
    files,
    source::{self, Node},
};

/// A readiness tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadinessTier {
    /// Stable identifier: `service-ready`. What a workspace calls it stands in its conventions, in the same order.
    pub id: SmolStr,
    /// What must hold to stand on it, besides the gates of the tiers below.
    pub gates: Vec<Gate>,
    /// Catalogue rows.
    pub sources: Vec<SmolStr>,
}

/// Something that must be shown for a tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Stable identifier: `dead-letters`.
    pub id: SmolStr,
    /// What holds when it is met, as a phrase.
    pub name: SmolStr,
    /// What is looked for; `claim` where no file can show it.
    pub evidence: SmolStr,
    /// What is asked when nothing shows it.
    pub ask: SmolStr,
    /// The next move.
    pub next: SmolStr,
    /// Catalogue rows.
    pub sources: Vec<SmolStr>,
}

struct Readiness {
    tiers: Vec<ReadinessTier>,
    words: Vec<Words>,
}

/// The tiers, from the lowest.
pub fn readiness_tiers() -> &'static [ReadinessTier] {
    &load().tiers
}

/// The gate with this identifier.
pub fn gate(id: &str) -> Option<&'static Gate> {
    readiness_tiers().iter().flat_map(|it| &it.gates).find(|it| it.id == id)
}

/// The words by which a kind of evidence is recognised, such as `drill`; none for an unknown kind.
pub fn evidence_words(kind: &str) -> &'static [SmolStr] {
    evidence(kind).map_or(&[], Words::list)
}

/// The words of a kind of evidence, to look for in texts.
pub fn evidence(kind: &str) -> Option<&'static Words> {
    load().words.iter().find(|it| it.kind() == kind)
}

fn load() -> &'static Readiness {
    static READINESS: OnceLock<Readiness> = OnceLock::new();
    READINESS.get_or_init(|| {
        let tree = source::yaml(files::skill_file("knowledge/readiness.yaml").unwrap_or_default());
        let root = tree.root();
        let tiers = root.map(|it| source::nodes(it, "tiers")).unwrap_or_default();
        let words = root.and_then(|it| it.get("words"));
        let words = words.into_iter().flat_map(|node| {
            let keys: Vec<SmolStr> = node.entries().map(|it| it.key.into()).collect();
            keys.into_iter().map(|key| Words::new(key.clone(), source::texts(node, &key))).collect::<Vec<_>>()
        });
        Readiness { tiers: tiers.into_iter().filter_map(tier_of).collect(), words: words.collect() }
    })
}

fn tier_of(node: Node<'_>) -> Option<ReadinessTier> {
    Some(ReadinessTier {
        id: source::text(node, "id")?,
        gates: source::nodes(node, "gates").into_iter().filter_map(gate_of).collect(),
        sources: source::texts(node, "sources"),
    })
}

fn gate_of(node: Node<'_>) -> Option<Gate> {
    Some(Gate {
        id: source::text(node, "id")?,
        name: source::text(node, "name")?,
        evidence: source::text(node, "evidence")?,
        ask: source::text(node, "ask")?,
        next: source::text(node, "do")?,
        sources: source::texts(node, "sources"),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_tier_has_gates_and_every_gate_its_source() {
        let ids: Vec<_> = readiness_tiers().iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, ["prototype", "service-ready", "production-ready", "enterprise-critical"]);
        let text = files::skill_file("knowledge/readiness.yaml").unwrap();
        let gates: Vec<&Gate> = readiness_tiers().iter().flat_map(|it| &it.gates).collect();
        assert_eq!(gates.len(), text.lines().filter(|it| it.starts_with("      - id: ")).count());
        let names: BTreeSet<&str> = gates.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(names.len(), gates.len());
        for it in gates {
            assert!(!it.sources.is_empty() && it.ask.ends_with('?') && it.next.ends_with('.'), "{}", it.id);
            assert_eq!(gate(&it.id), Some(it));
        }
    }

    #[test]
    fn words_are_read() {
        assert!(evidence_words("absent").iter().any(|it| it == "not"));
        assert!(evidence_words("broker").iter().any(|it| it == "KafkaContainer"));
        assert!(evidence_words("no such kind").is_empty());
    }
}
