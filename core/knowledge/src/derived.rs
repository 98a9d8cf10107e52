//! Cards made from data that stands elsewhere: incidents, readiness tiers, terms, and how a failure is proved.

use std::{borrow::Cow, fmt::Write as _};

use smol_str::{SmolStr, format_smolstr};

use crate::{
    card::Card,
    failure,
    incident::{self, Incident},
    kind::CardKind,
    lexicon, name,
    pattern::Prose,
    readiness::{self, ReadinessTier},
};

/// The cards of `runbooks.yaml`.
pub(crate) fn incidents() -> impl Iterator<Item = Card> {
    incident::incidents().iter().filter_map(of_incident)
}

/// The cards of `readiness.yaml`.
pub(crate) fn tiers() -> impl Iterator<Item = Card> {
    readiness::readiness_tiers().iter().filter_map(of_tier)
}

/// A card for each concept of `lexicon.yaml`.
pub(crate) fn terms() -> impl Iterator<Item = Card> {
    lexicon::concepts().iter().filter_map(|it| {
        let mut card = empty("term", &name::slug(&it.name), it.name.clone(), it.meaning.clone())?;
        card.aliases.clone_from(&it.aliases);
        card.prose = Prose::Any;
        Some(card)
    })
}

/// The section that says how to prove that a finding of this kind loses something, from `failures.yaml`.
pub(crate) fn proof(code: &str) -> Option<String> {
    let found = failure::failure(code)?;
    Some(format!("\n## Prove it\n\n- {}\n- It holds when: {}\n", found.action, found.holds))
}

fn of_incident(it: &Incident) -> Option<Card> {
    let mut card = empty("incident", &it.id, it.name.clone(), filled(&it.tldr).into())?;
    card.sources.clone_from(&it.sources);
    let lists = [&it.safety, &it.triage, &it.mitigation, &it.verification, &it.stop, &it.audit, &it.after].into_iter();
    let mut body = String::new();
    for (heading, lines) in card.kind.sections.iter().zip(lists) {
        let lines = lines.iter().map(|it| format!("- {}\n", filled(it)));
        let _ = write!(body, "## {heading}\n\n{}\n", lines.collect::<String>());
    }
    body += "The operation `runbook` writes these steps with the names and numbers of your contract and design.\n";
    card.body = Cow::Owned(body);
    Some(card)
}

/// A line with the words for what nobody has said yet.
fn filled(line: &str) -> String {
    if line == "{causes}" {
        return "Mend the cause, where it is known.".to_owned();
    }
    let mut parts = line.split('{');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or(("", part));
        filled += match incident::words_for_unknown(name) {
            // What a runbook asks for, its readers decide.
            Some(words) if words.starts_with('[') => "the agreed rate",
            words => words.unwrap_or(name),
        };
        filled += rest;
    }
    let mut letters = filled.chars();
    letters.next().map(|it| it.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn of_tier(tier: &ReadinessTier) -> Option<Card> {
    let before = readiness::readiness_tiers().iter().take_while(|it| it.id != tier.id).last();
    let summary = match before {
        Some(before) => {
            format_smolstr!("All that {} demands holds, and {} more gates.", words(&before.id), tier.gates.len())
        }
        None => format_smolstr!("The first of the readiness tiers, with {} gates.", tier.gates.len()),
    };
    let mut card = empty("tier", &tier.id, words(&tier.id), summary)?;
    card.sources.clone_from(&tier.sources);
    let holds: Vec<String> = tier.gates.iter().map(|it| format!("- {}: {}", capitalized(&it.name), it.next)).collect();
    let asked: Vec<String> = tier.gates.iter().map(|it| format!("- {}", it.ask)).collect();
    card.body = Cow::Owned(format!("## What must hold\n\n{}\n\n## Ask\n\n{}\n", holds.join("\n"), asked.join("\n")));
    Some(card)
}

/// `Service-ready` for `service-ready`.
fn words(id: &str) -> SmolStr {
    capitalized(id).into()
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|it| it.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn empty(kind: &str, slug: &str, name: SmolStr, summary: SmolStr) -> Option<Card> {
    Some(Card {
        slug: slug.into(),
        name,
        kind: CardKind::from_id(kind)?,
        aliases: Vec::new(),
        summary,
        body: Cow::Borrowed(""),
        companions: Vec::new(),
        related: Vec::new(),
        sources: Vec::new(),
        references: Vec::new(),
        authorities: Vec::new(),
        not_to_confuse: Vec::new(),
        rules: Vec::new(),
        prose: Prose::Never,
    })
}
