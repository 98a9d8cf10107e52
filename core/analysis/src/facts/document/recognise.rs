//! What a document outside the layout is, by what it says of itself or by its looks.

use archwright_syntax::markdown::Document;

use super::{ByRole, adr::number_of};
use crate::{
    Kind,
    conventions::{config::Config, role::Role},
    facts::{FileFacts, OptIn},
};

/// Recognises a file outside the layout: by `archwright: <kind>` in its front matter, which opts in, or by its looks.
pub(super) fn by_content(facts: &mut FileFacts, tree: &Document, text: &str, config: &Config) {
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
    if let Some(kind) = looks_like(facts, tree, text, config) {
        facts.kind = kind;
    }
}

/// Folders in which teams keep decision records, whatever the dialect (X4, ADR folder).
const DECISION_FOLDERS: [&str; 6] = ["adr", "adrs", "decisions", "adl", "decision-records", "architecture-decisions"];

/// The kinds that a document is told to be by its looks, the most telling first.
const KINDS: [Kind; 9] = [
    Kind::Contract,
    Kind::Launch,
    Kind::Runbook,
    Kind::Adr,
    Kind::Standard,
    Kind::Rfc,
    Kind::Design,
    Kind::Catalog,
    Kind::FeatureReadme,
];

/// The kind that a document has by its title, its sections and its fields together. One of them alone proves nothing:
/// `Design` and `RFC` are everyday words.
fn looks_like(facts: &FileFacts, tree: &Document, text: &str, config: &Config) -> Option<Kind> {
    let title = tree.section_ids().nth(1).map(|(id, _)| tree.title(id, text)).unwrap_or_default();
    let mut it = Looks { facts, title, config, document: ByRole::new(tree, text, facts.kind, config) };
    // A template is about a kind, but none of it.
    if it.is_template() {
        return None;
    }
    KINDS.into_iter().find(|kind| it.looks_like(*kind))
}

struct Looks<'a> {
    facts: &'a FileFacts,
    title: &'a str,
    config: &'a Config,
    document: ByRole<'a>,
}

impl Looks<'_> {
    fn looks_like(&mut self, kind: Kind) -> bool {
        self.document.read_as(kind);
        match kind {
            Kind::Contract => self.contract(),
            Kind::Launch => self.launch(),
            Kind::Runbook => self.runbook(),
            Kind::Adr => self.adr(),
            Kind::Standard => self.standard(),
            Kind::Rfc => self.rfc(),
            Kind::Design => self.design(),
            Kind::Catalog => self.catalog(),
            Kind::FeatureReadme => self.feature_readme(),
            _ => false,
        }
    }

    fn has(&self, roles: &[Role]) -> bool {
        roles.iter().any(|it| self.document.has_section(*it))
    }

    /// What the title says behind the beginning that is usual for a kind.
    fn titled(&self, kind: Kind) -> Option<&str> {
        let beginnings = self.config.template(kind).into_iter().flat_map(|it| &it.titles);
        let rest = |it: &String| {
            let (head, rest) = self.title.split_at_checked(it.len())?;
            head.eq_ignore_ascii_case(it).then_some(rest)
        };
        beginnings.into_iter().find_map(rest)
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
        let decides = self.has(&[Role::Decision]) && self.has(&[Role::Context, Role::Consequences]);
        let placed = self.titled(Kind::Adr).is_some()
            || self.in_folder(&DECISION_FOLDERS)
            || number_of(self.facts.path.stem()).is_some();
        // Title and place, or name and place, say it whatever the sections are.
        let says = |it: &str| it.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("adr")) && number_of(it).is_some();
        let named = (says(self.title) || says(self.facts.path.stem())) && self.in_folder(&DECISION_FOLDERS);
        (decides && placed || named) && self.titled(Kind::Rfc).is_none()
    }

    fn runbook(&self) -> bool {
        let heals = self.has(&[Role::Triage]) && self.has(&[Role::Mitigation]);
        heals && (self.titled(Kind::Runbook).is_some() || self.in_folder(&["runbooks", "runbook", "playbooks"]))
    }

    fn contract(&self) -> bool {
        let Some(channel) = self.titled(Kind::Contract).map(|it| it.trim_matches(['`', ' '])) else { return false };
        let promises =
            || [Role::OrderingKey, Role::Producer].iter().any(|it| self.document.fields(*it).next().is_some());
        channel.contains('.') && !channel.contains(' ') && promises()
    }

    fn design(&self) -> bool {
        self.titled(Kind::Design).is_some()
            && self.has(&[Role::Summary])
            && self.has(&[Role::SystemConcerns, Role::BoundaryContracts])
    }

    fn rfc(&self) -> bool {
        // `RFC: x`, `RFC-12 x`, `RFC 12: x`; but not `RFC process`.
        let Some(rest) = self.titled(Kind::Rfc).map(|it| it.trim_start_matches([' ', '-', '#'])) else { return false };
        rest.starts_with(|it: char| it == ':' || it.is_ascii_digit())
            && self.has(&[Role::Problem])
            && self.has(&[Role::Options, Role::Recommendation, Role::DecisionLog])
    }

    fn launch(&self) -> bool {
        let is_verdict = |value: &str| {
            let value = value.trim_matches(['*', '`', ' ']);
            self.config.status(Kind::Launch).iter().any(|it| it.name == value)
        };
        let text = self.document.text;
        self.titled(Kind::Launch).is_some()
            && self.document.fields(Role::Status).any(|it| is_verdict(it.value.of(text)))
    }

    fn standard(&self) -> bool {
        self.titled(Kind::Standard).is_some()
            && self.has(&[Role::Rule, Role::Requirements])
            && self.has(&[Role::Enforcement, Role::Exceptions])
    }

    fn catalog(&self) -> bool {
        let column = |table, role| self.document.column(table, role);
        let lists_features = |table| {
            column(table, Role::Feature) == Some(0)
                && [Role::OwnerTeam, Role::Tier, Role::Slo].iter().all(|it| column(table, *it).is_some())
        };
        self.document.tree.tables.iter().any(lists_features)
    }

    fn feature_readme(&self) -> bool {
        self.has(&[Role::ServiceInfo]) && self.has(&[Role::ChannelsOwned])
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
