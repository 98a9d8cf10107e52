//! What documents call their parts stands in the profile only, and is understood everywhere alike (ADR-0012).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use archwright_analysis::{
    Kind,
    profile::{Name, Profile},
};

#[allow(dead_code)] // These tests need no cursor.
#[path = "../../rules/src/fixture.rs"]
mod fixture;
mod sources;

use fixture::Fixture;
use sources::{rust_files, without_tests};

/// Words that are names of the profile and something else as well, by the folders or files that use them so. Kinds of
/// documents are such words too.
const OTHER_WORDS: &[(&str, &[&str])] = &[
    // Keys of AsyncAPI documents, of path templates and of requests and answers.
    ("", &["channel", "channels", "feature", "message", "messages", "name", "tags"]),
    ("core/ide/src", &["security", "summary"]),
    // What a code lens counts.
    ("core/ide/src/code/lenses.rs", &["producer", "producers", "consumer", "consumers"]),
    // A field of a grammar, and types of languages.
    ("core/scan/src/payload/read.rs", &["pattern"]),
    ("core/scan/src/payload/holds.rs", &["date", "Date"]),
    ("core/model/src/conventions", &["date", "envelope", "index"]),
    (
        "core/operations/src",
        &[
            "context",
            "date",
            "decision",
            "delivery",
            "idempotency",
            "observability",
            "ordering",
            "summary",
            "supersedes",
        ],
    ),
    // Values of a request.
    ("core/operations/src/runbook/request.rs", &["replay"]),
    ("core/operations/src/architecture/request.rs", &["draft", "proposed", "accepted", "deferred", "rejected"]),
    ("core/operations/src/architecture/document/content.rs", &["alternatives", "chosen", "drivers"]),
    // Words of the names of fields, and a keyword of JSON Schema.
    ("core/rules/src/schema/undeclared_time.rs", &["date", "event", "updated", "published", "pattern"]),
    // The operation, and a word that is too frequent to tell records apart.
    ("core/operations/src/architecture", &["architecture"]),
    ("core/operations/src/explain/topics.rs", &["patterns", "reliability", "rules"]),
    ("core/operations/src/explain/nearest.rs", &["pattern", "patterns", "rule", "rules"]),
    ("core/operations/src/choice.rs", &["compatibility mode"]),
    // Words of Mermaid.
    ("core/syntax/src/mermaid", &["architecture", "links"]),
    // Parts of the names of services, and verbs of sentences on who sends and receives.
    (
        "core/operations/src/identity.rs",
        &["consumer", "producer", "publisher", "subscriber", "event", "replay", "migration"],
    ),
    ("core/operations/src/impact/listed.rs", &["published", "deprecated"]),
    // Names of files and folders.
    ("core/scan/src/discover/index.rs", &["index"]),
    ("core/scan/src/discover/homes.rs", &["go", "requirements", "services"]),
    // Keys of files of infrastructure, and what is said of their channels.
    ("core/scan/src/infrastructure/document.rs", &["services", "Rollout", "Events", "events", "partitions", "queue"]),
    ("core/scan/src/infrastructure/mod.rs", &["partitions", "retention", "dead letters"]),
    ("core/engine/src/store/git/sound.rs", &["index"]),
    ("core/model/src/facts/document/recognise.rs", &["index", "decision", "proposal"]),
    // Headings of the answer, the families of rules, and a question that stands in no checklist.
    (
        "core/operations/src/review/text.rs",
        &["ANTI-PATTERNS", "CONTRACTS", "OPEN QUESTIONS", "RELIABILITY", "WARNINGS", "question"],
    ),
    ("core/operations/src/review/risks/payloads.rs", &["personal data"]),
    ("core/operations/src/review/rows.rs", &["rollback"]),
    // Kinds of evidence, ids of blockers, arguments and values of the request, and headings of the answer.
    (
        "core/operations/src/prelaunch",
        &[
            "BLOCKERS",
            "GO",
            "NO-GO",
            "Production-ready",
            "audit",
            "dashboard",
            "escalation",
            "go",
            "go-with-risks",
            "launch decision",
            "no-go",
            "owner",
            "patterns",
            "recovery",
            "redrive",
            "reliability",
            "rollout",
            "slo",
            "steps",
            "tier",
            "trigger",
        ],
    ),
    // The operation, kinds of things, relations between them, and languages of code.
    ("core/model/src/language.rs", &["Go", "go"]),
    ("core/operations/src/impact", &["impact", "pattern", "superseded by", "team"]),
    ("mcp/src/tools/impact.rs", &["steps"]),
    ("mcp/src/resources.rs", &["rule"]),
    ("cli/src/output/sarif.rs", &["rules"]),
    // Keys of facts that a request is made of.
    ("cli/src/commands/architecture.rs", &["chosen", "context", "decision", "status", "verification"]),
    ("cli/src/commands/prelaunch.rs", &["date", "decision", "rollout", "tier"]),
    ("cli/src/commands/runbook.rs", &["approver", "escalation", "owner"]),
    (
        "cli/src",
        &[
            "compatibility",
            "problem",
            "question",
            "CHANNEL",
            "DATE",
            "DECISION",
            "FEATURE",
            "NAME",
            "STATUS",
            "TEAM",
            "TIER",
            "TOPIC",
        ],
    ),
    // Kinds of words, and identifiers of questions.
    ("core/model/src/facts/prose.rs", &["postponed"]),
    ("core/rules/src/reliability", &["delivery", "idempotency", "observability", "ordering"]),
    // Folders, and the names of files in them.
    ("core/operations/src/architecture/place.rs", &["index"]),
    ("core/rules/src/layout/malformed_adr_number.rs", &["adrs"]),
    ("core/operations/src/design/index_documents.rs", &["compliance", "dr", "glossary"]),
    // Words that are looked for in sentences and in names of channels and messages.
    (
        "core/model/src/facts/document/channels.rs",
        &["consumer", "instances", "partitions", "subscriber", "personal data"],
    ),
    ("core/rules/src/channel/dlq_name.rs", &["dlq"]),
    ("core/rules/src/channel/ordering_key_mismatch.rs", &["ordering"]),
    ("core/rules/src/channel/short_window.rs", &["idempotency"]),
    ("core/rules/src/channel/idempotency_mismatch.rs", &["idempotency"]),
    ("core/rules/src/channel/delivery_mismatch.rs", &["delivery"]),
    ("core/model/src/values/quantity.rs", &["rto"]),
    ("core/rules/src/document/vague_concern.rs", &["RTO"]),
    ("core/rules/src/drift/foreign_key.rs", &["event", "ordering"]),
    ("core/rules/src/channel/invalid_name.rs", &["event", "events", "queue", "topic"]),
    ("core/model/src/values/team.rs", &["team"]),
    ("core/rules/src/drift/retired_channel.rs", &["retired"]),
    ("core/rules/src/message/names.rs", &["envelope", "event", "events"]),
    // Headings of cards and rule pages.
    ("core/operations/src/explain/brief.rs", &["Failure modes", "References", "Related"]),
    ("core/knowledge/src/pattern.rs", &["Failure modes", "related", "rules", "summary"]),
    (
        "core/knowledge/src/kind.rs",
        &["Mitigation", "Rules", "Triage", "anti-patterns", "decision", "decisions", "readiness tier", "tier"],
    ),
    ("core/knowledge/src/derived.rs", &["tier"]),
    // Keys of the files of the knowledge base.
    ("core/knowledge/src/card.rs", &["related", "rules", "summary"]),
    ("core/knowledge/src/front.rs", &["references"]),
    ("core/knowledge/src/readiness.rs", &["evidence"]),
    ("core/knowledge/src/lexicon.rs", &["meaning"]),
    ("core/knowledge/src/lexicon/commitment.rs", &["decided"]),
    ("core/knowledge/src/lexicon/threshold.rs", &["question", "team"]),
    ("core/knowledge/src/recommendation.rs", &["options"]),
    ("core/knowledge/src/incident.rs", &["audit", "mitigation", "owner", "safety", "triage", "verification"]),
    ("core/knowledge/src/checklist.rs", &["patterns", "question", "reliability"]),
    // What queries of syntax trees capture.
    ("core/scan/src/facts.rs", &["scope"]),
    // Parts of syntax trees, files and names in code.
    ("core/scan/src/code/binding.rs", &["pattern"]),
    ("core/scan/src/code/call.rs", &["scope"]),
    ("core/scan/src/code/function.rs", &["pattern"]),
    ("core/scan/src/code/outline.rs", &["exceptions", "pattern"]),
    ("core/scan/src/code/reader.rs", &["pattern"]),
    ("core/scan/src/discover/files.rs", &["requirements"]),
    ("core/scan/src/discover/handlers.rs", &["event", "events", "topic"]),
    ("core/scan/src/discover/risks/transient.rs", &["queue"]),
    ("core/scan/src/discover/types.rs", &["index"]),
    ("core/scan/src/discover/values/calls.rs", &["Name"]),
    ("core/scan/src/language.rs", &["go"]),
    // How the name of a channel was found.
    ("core/operations/src/scan/answer.rs", &["external"]),
    // Keys of schemas and of AsyncAPI documents, and a folder of code.
    ("core/rules/src/schema/unasserted_format.rs", &["pattern"]),
    ("core/rules/src/channel/undeclared_security.rs", &["security"]),
    ("core/rules/src/evidence/mod.rs", &["services"]),
    // Pages of a repository.
    ("core/rules/src/link/github.rs", &["milestones", "security"]),
    // What links are called.
    ("core/operations/src/contract/channel.rs", &["Design", "Index"]),
    // A word that begins an answer.
    ("core/rules/src/document/overdue_question.rs", &["done"]),
    // An element of HTML.
    ("core/rules/src/document/open_placeholder.rs", &["summary"]),
    // What a reader is told that a name stands for, and the question that nothing may be an answer to.
    ("core/ide/src/named.rs", &["team"]),
    ("core/ide/src/completion/names.rs", &["team"]),
    ("core/ide/src/lenses.rs", &["ordering"]),
    // Tables that are known by the words of their columns, and what their rows are.
    (
        "core/rules/src/document/register.rs",
        &[
            "Impact",
            "impact",
            "Mitigation",
            "mitigation",
            "Owner",
            "owner",
            "outcome",
            "Evidence",
            "evidence",
            "problem",
            "Verification",
            "patterns",
            "features",
        ],
    ),
    // Names of patterns.
    ("core/rules/src/document/overcredited_tool.rs", &["Dead Letter Channel"]),
    // Words of a price, and headings that hold several options.
    ("core/rules/src/decision/one_sided_consequences.rs", &["cost", "drawback", "harder", "negative", "downside"]),
    ("core/rules/src/decision/single_option.rs", &["options", "alternatives", "rejected"]),
    // The label before the number of a record in running text.
    ("core/rules/src/decision/unknown_record.rs", &["ADR"]),
    // A type of messages that has no name.
    ("core/operations/src/contract/schema.rs", &["Message"]),
    // What stands at an arrow of a drawing, and how a saga ends.
    ("core/operations/src/graph/drawing.rs", &["dead letters"]),
    ("core/operations/src/graph/saga/machine.rs", &["completed"]),
];

#[test]
fn no_source_knows_what_documents_call_their_parts() {
    let names = names(Profile::default_profile());
    assert!(names.len() > 200, "only {} names were found", names.len());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut unused: BTreeSet<(&str, &str)> =
        OTHER_WORDS.iter().flat_map(|(place, words)| words.iter().map(|it| (*place, *it))).collect();
    let (mut files, mut found) = (0, Vec::new());
    for folder in [
        "core/model/src",
        "core/engine/src",
        "core/rules/src",
        "core/operations/src",
        "core/ide/src",
        "core/writer/src",
        "core/syntax/src",
        "core/scan/src",
        "core/knowledge/src",
        "lsp/src",
        "mcp/src",
        "cli/src",
    ] {
        for file in rust_files(&root.join(folder)) {
            let path = file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            files += 1;
            for literal in literals(&without_tests(&fs::read_to_string(&file).unwrap())) {
                // A kind of document as the configuration writes it is no name.
                let is_kind = Kind::ALL.iter().any(|it| it.name() == literal);
                if is_kind || !names.contains(&literal.to_lowercase()) {
                    continue;
                }
                let excuse = OTHER_WORDS.iter().find_map(|(place, words)| {
                    Some((*place, *words.iter().find(|it| **it == literal && path.starts_with(place))?))
                });
                match excuse {
                    Some(excuse) => _ = unused.remove(&excuse),
                    None => found.push(format!("{path}: {literal:?}")),
                }
            }
        }
    }
    assert!(files > 200, "only {files} files were read");
    assert_eq!(found, [] as [String; 0], "these are names of the profile; ask by role instead");
    assert_eq!(unused, BTreeSet::new(), "nothing needs these exceptions any more");
}

/// Everything that the profile gives a name to, in lower case.
fn names(profile: &Profile) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut add = |it: &str| names.insert(it.to_lowercase());
    let named = profile.fields.values().chain(profile.sections.values()).chain(profile.states.values());
    for name in named.flat_map(Name::names) {
        add(name);
    }
    let sections = profile.templates.values().flat_map(|it| &it.sections).chain([&profile.catalog.features]);
    for section in sections {
        add(&section.name);
        section.aliases.iter().for_each(|it| _ = add(it));
        for column in &section.columns {
            add(&column.name);
            column.aliases.iter().for_each(|it| _ = add(it));
        }
    }
    profile.tiers.names.iter().for_each(|it| _ = add(it));
    names
}

/// The string literals of a Rust file, without their escapes; comments and characters hold none.
fn literals(text: &str) -> Vec<String> {
    let (bytes, mut found, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        match bytes[at] {
            b'/' if text[at..].starts_with("//") => at += text[at..].find('\n').unwrap_or(text.len() - at),
            b'\'' if text[at + 1..].starts_with(['"', '\\']) => at += text[at + 2..].find('\'').map_or(1, |it| it + 3),
            b'"' => {
                let start = at + 1;
                at = start;
                while bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                found.push(text[start..at].to_owned());
                at += 1;
            }
            _ => at += 1,
        }
    }
    found
}

/// The findings of each rule by the code of the rule: the texts they stand at.
fn findings(text: &str) -> BTreeMap<&'static str, Vec<String>> {
    let workspace = Fixture::new(text).open();
    let mut found: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for file in workspace.files() {
        let text = workspace.text(file).unwrap_or_default();
        for finding in workspace.findings(file) {
            found.entry(finding.rule.code).or_default().push(finding.span.of(&text).to_owned());
        }
    }
    found
}

/// A design that orders by the customer, and a contract.
fn ordered(design: &str, contract: &str) -> String {
    format!(
        "//- /docs/features/shop/design.md\n# Design\n\n{design}\n\
        //- /docs/features/shop/contracts/orders.placed.v1.md\n# Contract\n\n{contract}\n"
    )
}

const ROWS: &str = "| --- | --- |\n| orders.placed.v1 | customer_id |\n";

#[test]
fn a_field_is_read_by_whatever_name_the_profile_knows() {
    let design = format!("## Boundary contracts\n\n| Channel | Ordering key |\n{ROWS}");
    for name in ["Ordering key", "Ordering", "ordering  Key", "Partition key"] {
        let found = findings(&ordered(&design, &format!("- **{name}**: order_id")));
        assert_eq!(found["channel/ordering-key-mismatch"], ["customer_id"], "{name}");
    }
}

#[test]
fn sections_and_columns_are_read_by_their_aliases_and_numbers() {
    for (section, columns) in [
        ("## 3. Boundary contracts", "| Channel | Ordering key |"),
        ("## Channels", "| Topic | Partition key |"),
        ("### Contracts:", "| **Name** | **Ordering** |"),
        ("## Boundary contracts (not code)", "| channel | ordering-key |"),
    ] {
        let found = findings(&ordered(&format!("{section}\n\n{columns}\n{ROWS}"), "- **Ordering key**: order_id"));
        assert_eq!(found["channel/ordering-key-mismatch"], ["customer_id"], "{section}");
    }
}

#[test]
fn a_title_of_the_workspace_counts_for_all_who_read_the_section() {
    let design = format!("## Who talks to whom\n\n| Channel | Ordering key |\n{ROWS}");
    let text = ordered(&design, "- **Ordering key**: order_id");
    let rule = "channel/ordering-key-mismatch";
    assert!(!findings(&text).contains_key(rule));
    let settings =
        "//- /archwright.toml\n[sections.design.\"Boundary contracts\"]\naliases = [\"Who talks to whom\"]\n";
    assert_eq!(findings(&(settings.to_owned() + &text))[rule], ["customer_id"]);
}

#[test]
fn the_canonical_name_wins_over_an_alias_before_it() {
    let rule = "channel/ordering-key-mismatch";
    let other = "## Channels\n\n| Channel | Ordering key |\n| --- | --- |\n| orders.placed.v1 | order_id |\n\n";
    let design = format!("{other}## Boundary contracts\n\n| Channel | Ordering key |\n{ROWS}");
    let found = findings(&ordered(&design, "- **Ordering**: by customer_id\n- **Ordering key**: order_id"));
    assert_eq!(found[rule], ["customer_id"]);
    let found = findings(&ordered(&design, "- **Ordering**: order_id\n- **Ordering key**: customer_id"));
    assert!(!found.contains_key(rule), "{found:?}");
}

#[test]
fn an_owner_among_the_concerns_is_that_of_the_feature() {
    let text = "//- /docs/features/shop/README.md\n# Shop\n\n## Service info\n\n- **Team**: team-shop\n\
        //- /docs/features/shop/contracts/orders.placed.v1.md\n# Contract\n\n## System concerns\n\n\
        - **Owner**: team-payments\n";
    assert!(!findings(text).contains_key("channel/owner-mismatch"));
    let text = text.replace("## System concerns", "## Summary");
    assert_eq!(findings(&text)["channel/owner-mismatch"], ["team-payments"]);
}

#[test]
fn a_status_is_understood_by_its_word_in_whatever_dress() {
    let text = |status: &str| {
        format!(
            "//- /docs/features/shop/README.md\n# Shop\n\n## Channels owned\n\n- orders.placed.v1: produced\n\
            //- /docs/features/shop/contracts/orders.placed.v1.md\n# Contract\n\n- **Status**: {status}\n"
        )
    };
    for status in ["Retired", "**Retired**, 2026-01-01", "retired since May"] {
        assert_eq!(findings(&text(status))["drift/retired-channel"], ["orders.placed.v1"], "{status}");
    }
    assert!(!findings(&text("Retirement planned")).contains_key("drift/retired-channel"));
}
