//! What a document outside the layout is, by what it says of itself or by its looks.

use archwright_syntax::markdown::Document;

use super::adr::number_of;
use crate::{
    Kind,
    facts::{FileFacts, OptIn},
};

/// Recognises a file outside the layout: by `archwright: <kind>` in its front matter, which opts in, or by its looks.
pub(super) fn by_content(facts: &mut FileFacts, tree: &Document, text: &str) {
    if let Some(front_matter) = &tree.front_matter {
        let body = front_matter.body.of(text);
        let named =
            body.lines().find_map(|it| it.strip_prefix("archwright:").or_else(|| it.strip_prefix("archwright =")));
        if let Some(kind) = named.and_then(|it| it.trim().trim_matches(['"', '\'']).parse().ok()) {
            facts.kind = kind;
            facts.opt_in = OptIn::Yes;
            return;
        }
    }
    if let Some(kind) = looks_like(facts, tree, text) {
        facts.kind = kind;
    }
}

/// Folders in which teams keep decision records, whatever the dialect (X4, ADR folder).
const DECISION_FOLDERS: [&str; 6] = ["adr", "adrs", "decisions", "adl", "decision-records", "architecture-decisions"];

/// The kind that a document has by its title, its sections and its fields together. One of them alone proves nothing:
/// `Design` and `RFC` are everyday words.
fn looks_like(facts: &FileFacts, tree: &Document, text: &str) -> Option<Kind> {
    let it = Looks {
        facts,
        tree,
        text,
        title: tree.section_ids().nth(1).map(|(id, _)| tree.title(id, text)).unwrap_or_default(),
    };
    // A template is about a kind, but none of it.
    if it.is_template() {
        return None;
    }
    // The most telling first.
    let kinds = [
        (Kind::Contract, it.contract()),
        (Kind::Launch, it.launch()),
        (Kind::Runbook, it.runbook()),
        (Kind::Adr, it.adr()),
        (Kind::Standard, it.standard()),
        (Kind::Rfc, it.rfc()),
        (Kind::Design, it.design()),
        (Kind::Catalog, it.catalog()),
        (Kind::FeatureReadme, it.feature_readme()),
    ];
    kinds.into_iter().find(|it| it.1).map(|it| it.0)
}

struct Looks<'a> {
    facts: &'a FileFacts,
    tree: &'a Document,
    text: &'a str,
    title: &'a str,
}

impl Looks<'_> {
    fn has(&self, names: &[&str]) -> bool {
        names.iter().any(|it| self.tree.find_section(self.text, None, it).is_some())
    }

    fn has_field(&self, names: &[&str]) -> bool {
        self.tree.fields.iter().any(|it| names.iter().any(|name| name.eq_ignore_ascii_case(it.name.of(self.text))))
    }

    fn titled(&self, prefix: &str) -> bool {
        self.title.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix))
    }

    fn in_folder(&self, names: &[&str]) -> bool {
        self.facts.path.parent().as_str().rsplit('/').any(|it| names.iter().any(|name| name.eq_ignore_ascii_case(it)))
    }

    fn is_template(&self) -> bool {
        let stem = self.facts.path.stem().to_ascii_lowercase();
        stem.split(|it: char| !it.is_ascii_alphanumeric()).any(|it| it == "template")
            || ["[", "{", "<"]
                .iter()
                .any(|it| self.title.trim_start_matches("ADR-").contains(it) && !self.title.contains("]("))
                && !self.title.contains('`')
    }

    fn adr(&self) -> bool {
        let context = ["Context", "Context and Problem Statement", "Question", "Problem", "Problem statement"];
        let decides = self.has(&["Decision", "Decision Outcome"])
            && (self.has(&context) || self.has(&["Consequences"]))
            || self.has(&["Question"]) && self.has(&["Options"]) && self.has(&["Recommendation"]);
        let placed =
            self.titled("ADR") || self.in_folder(&DECISION_FOLDERS) || number_of(self.facts.path.stem()).is_some();
        // Title and place, or name and place, say it whatever the sections are.
        let says = |it: &str| it.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("adr")) && number_of(it).is_some();
        let named = (says(self.title) || says(self.facts.path.stem())) && self.in_folder(&DECISION_FOLDERS);
        (decides && placed || named) && !self.titled("RFC")
    }

    fn runbook(&self) -> bool {
        let heals = self.has(&["Triage", "Diagnosis", "Symptoms"])
            && self.has(&["Mitigation", "Recovery steps", "Remediation", "Resolution"]);
        heals && (self.titled("Runbook") || self.in_folder(&["runbooks", "runbook", "playbooks"]))
    }

    fn contract(&self) -> bool {
        let channel = self.title.get("Contract: ".len()..).unwrap_or_default().trim_matches(['`', ' ']);
        let names_channel = channel.contains('.') && !channel.contains(' ');
        self.titled("Contract: ") && names_channel && self.has_field(&["Ordering key", "Partition key", "Producer"])
    }

    fn design(&self) -> bool {
        self.titled("Design: ")
            && self.has(&["Summary", "TL;DR"])
            && self.has(&["System concerns", "Boundary contracts"])
    }

    fn rfc(&self) -> bool {
        let argues = self.has(&["Problem", "Motivation", "Context", "Background", "Problem statement"])
            && self.has(&[
                "Options",
                "Alternatives",
                "Alternatives considered",
                "Recommendation",
                "Proposal",
                "Unresolved questions",
            ]);
        // `RFC: x`, `RFC-12 x`, `RFC 12: x`; but not `RFC process`.
        let rest = self.title.get(3..).unwrap_or_default().trim_start_matches([' ', '-', '#']);
        self.titled("RFC") && rest.starts_with(|it: char| it == ':' || it.is_ascii_digit()) && argues
    }

    fn launch(&self) -> bool {
        let verdict = self.tree.fields.iter().any(|it| {
            let value = it.value.of(self.text).trim_matches(['*', '`', ' ']);
            it.name.of(self.text).eq_ignore_ascii_case("Status") && ["GO", "NO-GO", "GO-WITH-RISKS"].contains(&value)
        });
        (self.titled("Launch decision") || self.titled("Launch: ")) && verdict
    }

    fn standard(&self) -> bool {
        self.titled("Standard: ") && self.has(&["Rule", "Requirements"]) && self.has(&["Enforcement", "Exceptions"])
    }

    fn catalog(&self) -> bool {
        let columns = |it| self.tree.header(it).iter().map(|it| it.of(self.text)).collect::<Vec<_>>();
        let lists_features = |it: &[&str]| {
            let has = |name: &str| it.iter().any(|it| it.eq_ignore_ascii_case(name));
            it.first().is_some_and(|it| it.eq_ignore_ascii_case("Feature")) && has("Owner") && has("Tier") && has("SLO")
        };
        self.tree.tables.iter().any(|it| lists_features(&columns(it)))
    }

    fn feature_readme(&self) -> bool {
        self.has(&["Service info"]) && self.has(&["Channels owned"])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, RelPath, facts::Loaded};

    fn facts(path: &str, text: &str) -> FileFacts {
        crate::facts::extract(&RelPath::new(path), Loaded::Text(text.into()), &Config::default())
    }

    #[test]
    fn a_document_outside_the_layout_is_known_by_title_sections_and_fields_together() {
        let cases = [
            (Kind::Contract, "wiki/x.md", "# Contract: orders.placed.v1\n\n- **Producer**: orders\n"),
            (
                Kind::Contract,
                "wiki/x.md",
                "# Contract: `orders.placed.v1`\n\n| Ordering key | order_id |\n| --- | --- |\n| Producer | x |\n",
            ),
            (Kind::Document, "wiki/x.md", "# Contract: the work of Acme Ltd.\n\n- **Producer**: orders\n"),
            (Kind::Document, "wiki/x.md", "# Contract: orders.placed.v1\n\nText.\n"),
            (Kind::Design, "wiki/x.md", "# Design: orders\n\n## Summary\n\n## System concerns\n"),
            (Kind::Document, "wiki/x.md", "# Design: orders\n\n## Summary\n"),
            (Kind::Launch, "wiki/x.md", "# Launch decision: orders\n\n- **Status**: GO-WITH-RISKS\n"),
            (Kind::Document, "wiki/x.md", "# Launch decision: orders\n\n- **Status**: Draft\n"),
            (Kind::Rfc, "wiki/x.md", "# RFC-12: Queues\n\n## Motivation\n\n## Alternatives\n"),
            (Kind::Document, "wiki/x.md", "# RFC process\n\n## Motivation\n\n## Alternatives\n"),
            (Kind::Standard, "wiki/x.md", "# Standard: Names\n\n## Rule\n\n## Enforcement\n"),
            (Kind::Catalog, "wiki/x.md", "# Services\n\n| Feature | Owner | Tier | SLO |\n| --- | --- | --- | --- |\n"),
            (Kind::Document, "wiki/x.md", "# Plans\n\n| Feature | Free | Paid |\n| --- | --- | --- |\n"),
            (Kind::FeatureReadme, "orders/README.md", "# Orders\n\n## Service info\n\n## Channels owned\n"),
            (Kind::Adr, "adr/use-x.md", "# Use X\n\n## Context\n\n## Decision\n"),
            (Kind::Adr, "wiki/x.md", "# ADR: Use X\n\n## Question\n\n## Options\n\n## Recommendation\n"),
            (Kind::Adr, "adr/x.md", "# ADR 0005: Outbox\n\nWe use one.\n"),
            (Kind::Adr, "adr/ADR-5.md", "# Outbox\n\n## Design\n"),
            (Kind::Document, "wiki/ADR-5.md", "# Outbox\n\n## Design\n"),
            (Kind::Document, "wiki/x.md", "# Use X\n\n## Context\n\n## Decision\n"),
            (Kind::Document, "adr/template.md", "# Use X\n\n## Context\n\n## Decision\n"),
            (Kind::Document, "adr/0000-x.md", "# ADR-NNNN: [short title]\n\n## Context\n\n## Decision\n"),
            (Kind::Runbook, "wiki/x.md", "# Runbook: Lag\n\n## Symptoms\n\n## Mitigation\n"),
        ];
        for (kind, path, text) in cases {
            let facts = facts(path, text);
            assert_eq!((facts.kind, facts.opt_in), (kind, OptIn::No), "{path}\n{text}");
        }
    }

    #[test]
    fn the_front_matter_names_the_kind_and_opts_in() {
        let facts = facts("wiki/x.md", "---\narchwright: design\n---\n# Anything\n");
        assert_eq!((facts.kind, facts.opt_in), (Kind::Design, OptIn::Yes));
    }

    #[test]
    fn what_only_looks_like_an_artifact_says_nothing_of_features() {
        let catalog = facts(
            "wiki/x.md",
            "# Services\n\n| Feature | Owner | Tier | SLO |\n| --- | --- | --- | --- |\n| a | b | c | d |\n",
        );
        assert!(catalog.entries.iter().all(|it| it.key != crate::Key::Catalog));
    }
}
