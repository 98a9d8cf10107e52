//! Checklists of the knowledge base, and the lists of what can be explained.

use std::fmt::Write as _;

use archwright_knowledge::{
    CARD_KINDS, CardKind, ReliabilityQuestion, cards_of, distributed_questions, pattern, patterns,
    reliability_questions, system_concerns,
};
use archwright_rules::{self as rules, Rule};

use super::ExplanationKind;

/// The checklists, the lists of all patterns and rules, and what each is. [`topics()`] has the lists of cards too.
const TOPICS: [(&str, &str); 6] = [
    ("reliability", "the eight reliability questions of a design"),
    ("distributed", "the six questions of a design that crosses processes, regions or teams"),
    ("concerns", "the seven system concerns"),
    ("patterns", "the names of all patterns"),
    ("rules", "the codes of all rules"),
    ("cards", "the kinds of cards beside patterns, each with its list"),
];

/// Those that are not a list of one kind of card.
pub(super) fn general() -> impl Iterator<Item = (&'static str, &'static str)> {
    TOPICS.into_iter()
}

/// The checklists and lists, and what each is.
pub fn topics() -> impl Iterator<Item = (&'static str, &'static str)> {
    TOPICS.into_iter().chain(CARD_KINDS.iter().map(|it| (it.folder, it.about)))
}

/// A list or a checklist by its name.
pub(super) fn topic(name: &str) -> Option<(ExplanationKind, String)> {
    Some(match name.to_lowercase().as_str() {
        "reliability" => (ExplanationKind::Checklist, questions("Reliability questions", reliability_questions())),
        "distributed" => {
            (ExplanationKind::Checklist, questions("Distributed-systems questions", distributed_questions()))
        }
        "concerns" => (ExplanationKind::Checklist, concerns()),
        "patterns" => {
            let names: Vec<&str> = patterns().iter().map(|it| it.name.as_str()).collect();
            (ExplanationKind::List, format!("# Patterns\n\n{}.\n", names.join(", ")))
        }
        "rules" => (ExplanationKind::List, rule_names()),
        "cards" => (ExplanationKind::List, kinds()),
        name => match CARD_KINDS.iter().find(|it| it.folder == name) {
            Some(kind) => (ExplanationKind::List, names_of(kind)),
            None => (ExplanationKind::List, family(name.strip_suffix("/*")?)?),
        },
    })
}

/// The kinds of cards, with the names of their lists.
fn kinds() -> String {
    let mut page = "# Cards\n\n`explain` with the name of a list has the names of its cards.\n\n".to_owned();
    for kind in &CARD_KINDS {
        let _ = writeln!(page, "- `{}` ({}): {}.", kind.folder, cards_of(kind).count(), kind.about);
    }
    page
}

/// The names of the cards of a kind.
fn names_of(kind: &CardKind) -> String {
    let capitalized = |text: &str| {
        let mut letters = text.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    let names: Vec<&str> = cards_of(kind).map(|it| it.name.as_str()).collect();
    let title = capitalized(&kind.folder.replace('-', " "));
    format!("# {title}\n\n{}.\n\n{}.\n", capitalized(kind.about), names.join("; "))
}

/// The names of all rules: they say what is found, and their summaries would fill a page for each family.
fn rule_names() -> String {
    let mut page =
        "# Rules\n\n`explain` with `FAMILY/*` says what the rules of a family find, with a code everything about one.\n\
        \n".to_owned();
    for family in rules::rules().chunk_by(|a, b| a.family() == b.family()) {
        let names: Vec<&str> = family.iter().map(|it| it.name()).collect();
        let _ = writeln!(page, "- **{}/**: {}", family.first().map_or("", |it| it.family()), names.join(", "));
    }
    page
}

/// What the rules of a family find; `None` if there is none of that name.
fn family(name: &str) -> Option<String> {
    let rules: Vec<&&Rule> = rules::rules().iter().filter(|it| it.family() == name).collect();
    let lines: Vec<String> = rules.iter().map(|it| format!("- {}: {}", it.name(), it.summary)).collect();
    (!lines.is_empty()).then(|| format!("# Rules of `{name}`\n\n{}\n", lines.join("\n")))
}

fn questions(title: &str, questions: &[ReliabilityQuestion]) -> String {
    let mut page = format!("# {title}\n");
    for (number, it) in (1..).zip(questions) {
        let patterns: Vec<&str> = it.patterns.iter().filter_map(|it| pattern(it)).map(|it| it.name.as_str()).collect();
        let _ = write!(
            page,
            "\n{number}. **{}** {}\n   Names: {}.\n   Default: {}\n",
            it.name,
            it.question,
            it.names.join("; "),
            it.default
        );
        if !patterns.is_empty() {
            let _ = writeln!(page, "   Patterns: {}.", patterns.join(", "));
        }
    }
    page
}

fn concerns() -> String {
    let mut page = "# System concerns\n".to_owned();
    for it in system_concerns() {
        let _ = write!(page, "\n- **{}** {}\n  Examples: {}.\n", it.name, it.question, it.examples.join("; "));
    }
    page
}
