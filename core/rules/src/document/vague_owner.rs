//! `document/vague-owner`: an owner that is nobody in particular.

use std::{borrow::Cow, ops::Range};

use archwright_knowledge::claim_words;
use archwright_model::values::{answer::is_put_off, value};

use crate::{
    claim::{claims, is_claimed, words},
    prelude::*,
    stated::within,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/vague-owner",
    severity: Severity::Warning,
    summary: "An owner is nobody in particular.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: true,
    sources: &["A-128", "A-134", "A-137"],
    page: include_str!("vague_owner.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

/// What is told of an owner who is nobody.
fn message(said: &str) -> String {
    format!("What `{said}` owns, nobody does. Name one team or person who answers for it.")
}

/// Whether a name consists of words for everybody and nobody in particular: `every department`, `all teams involved`.
fn is_nobody(owner: &str) -> bool {
    let owner = owner.trim_matches(|it: char| !(it.is_alphanumeric() || it == '\''));
    // Behind the first word a capital letter begins the name of somebody.
    let names_somebody = owner.contains(['-', '_', '@', '#', '/', '`', '[', '<'])
        || owner.split(' ').skip(1).any(|it| it.starts_with(char::is_uppercase));
    let is_anyone = owner.len() < LONGEST && claim_words("anyone-at-all").begin(owner);
    if !names_somebody && (is_anyone || is_every_group(owner)) {
        return true;
    }
    let mut words = owner.split(|it: char| !(it.is_alphanumeric() || it == '\'')).filter(|it| !it.is_empty());
    let (crowds, nobodys) = (claim_words("crowds"), claim_words("nobodys"));
    let is_slug = owner.contains(['-', '_', '@', '#', '/']);
    // The first word of most owners is of none of the two.
    !is_slug && words.clone().all(|it| nobodys.are_all_of(it)) && words.any(|it| crowds.are_all_of(it))
}

/// Who says more of an owner than so many bytes describes somebody.
const LONGEST: usize = 60;

/// Whether a name means all groups of a kind: `all backend teams`.
fn is_every_group(owner: &str) -> bool {
    let mut words = owner.split(' ').filter(|it| !it.is_empty());
    let is = |kind: &str, word: Option<&str>| word.is_some_and(|it| claim_words(kind).are_all_of(it));
    is("crowds", words.next()) && (1..=3).contains(&words.clone().count()) && is("groups", words.next_back())
}

/// Where a sentence calls an owner behind the name of a field that is about something else: `owner: whoever is on call`
/// of a dead letter channel, `Accepted by: everyone` of a risk, `shared by all squads`.
fn named_in_passing(text: &str, may_be_dead: bool) -> Vec<Range<usize>> {
    /// Behind these somebody is described, and not named: `the owner of each service`.
    const GOES_ON: [&str; 8] = ["of", "and", "or", "who", "in", "on", "at", "to"];
    // A sentence goes on over the ends of its lines.
    let text = &if text.contains('\n') { Cow::Owned(text.replace('\n', " ")) } else { Cow::Borrowed(text) };
    let mut places: Vec<Range<usize>> = claim_words("owner-is").all(text).collect();
    if may_be_dead && claim_words("dead-letters").are_in(text) {
        places.extend(claim_words("shared-by").all(text));
    }
    places.retain(|it| !is_possible(text, it.start) && !is_any(text, it) && !is_opinion(text, it));
    let named = places.into_iter().filter_map(|it| {
        let behind = text.get(it.end..)?;
        let said = behind.trim_start_matches([':', '*', ' ', '=']);
        let start = it.end + behind.len() - said.len();
        let clause = said.split([',', ';', '.', '|', '(', ')', '?']).next()?.trim_end();
        let first = clause.split(' ').next().unwrap_or_default();
        (!GOES_ON.contains(&first)).then_some(start..start + clause.len())
    });
    named.filter(|it| !it.is_empty()).collect()
}

/// Whether what is accepted in the midst of a sentence is no risk: `knowledge that is accepted by everyone`.
fn is_opinion(text: &str, place: &Range<usize>) -> bool {
    let said = text.get(place.clone()).unwrap_or_default();
    let is_field = text.get(place.end..).is_some_and(|it| it.starts_with([':', '*']));
    said.eq_ignore_ascii_case("accepted by") && !is_field && !text.to_lowercase().contains("risk")
}

/// Whether a clause speaks of whomsoever, and names nobody: `checked before they are accepted by anyone`.
fn is_any(text: &str, place: &Range<usize>) -> bool {
    const OPENS: [&str; 6] = ["before", "until", "unless", "without", "if", "once"];
    let first = text.get(place.end..).and_then(|it| it.split_whitespace().next()).unwrap_or_default();
    let before = text.get(..place.start).unwrap_or_default();
    let clause = before.rsplit([',', ';', '.', ':']).next().unwrap_or_default();
    let is_any = ["anyone", "anybody"].iter().any(|it| first.to_lowercase().starts_with(it));
    is_any && clause.split(' ').any(|it| OPENS.iter().any(|word| it.eq_ignore_ascii_case(word)))
}

/// Whether what stands before a place says what is possible only: `features can be owned by different teams`.
fn is_possible(text: &str, at: usize) -> bool {
    const MAY: [&str; 4] = ["can", "could", "may", "might"];
    let before = text.get(..at).unwrap_or_default().trim_end();
    let before = before.strip_suffix("be").unwrap_or(before).trim_end();
    before.rsplit(' ').next().is_some_and(|it| MAY.iter().any(|may| it.eq_ignore_ascii_case(may)))
}

/// An escalation that names neither a person, a role nor a team: `escalation: if need be`.
fn escalates_to_nobody(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown().filter(|_| facts.opted_in()) else { return };
    let escalations = claim_words("escalations");
    for field in &tree.fields {
        let text = facts.slice(field.value);
        // Behind the word in a value stands a colon.
        let first = text.contains(':').then(|| escalations.first(text)).flatten();
        let named = first.filter(|it| text.get(it.end..).is_some_and(|it| it.starts_with(':')));
        let said = match named {
            Some(it) => it.end + 1..text.len(),
            None if escalations.are_all_of(facts.slice(field.name)) => 0..text.len(),
            None => continue,
        };
        let Some(rest) = text.get(said.clone()) else { continue };
        let clause = rest.split([';', '.']).next().unwrap_or_default();
        let bare = clause.trim();
        let is_somebody = bare.is_empty()
            || bare.contains(['`', '[', '<', '@', '#', '-', '('])
            || bare.contains(|it: char| it.is_ascii_digit())
            || names_somebody(bare)
            || claim_words("roles-of-people").are_in(bare);
        if is_somebody || value::is_none(bare) || value::is_unknown(bare) {
            continue;
        }
        let start = field.value.start as usize + said.start + (clause.len() - clause.trim_start().len());
        reporter.report(Span::new(start, start + bare.len()), message(bare));
    }
}

/// Whether a capital letter begins the name of somebody behind the first word. A mark such as `TBC` is nobody.
fn names_somebody(clause: &str) -> bool {
    let mut rest = clause.split(' ').skip(1);
    rest.any(|it| it.starts_with(char::is_uppercase) && !is_put_off(it))
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown() else { return };
    let (owners, nobody) = (claim_words("owner-names"), claim_words("anybody"));
    let fields = tree.fields.iter().filter(|it| owners.are_all_of(facts.slice(it.name))).map(|it| it.value);
    let cells = tree.tables.iter().flat_map(|table| {
        let at = tree.header(table).iter().position(|it| owners.are_all_of(facts.slice(*it)));
        let rows = tree.rows(table).iter();
        rows.filter_map(move |row| tree.cells(row).get(at?).copied())
    });
    // In a column a dash may stand for a row that has none.
    let is_dash = |it: &str| !it.is_empty() && it.chars().all(|it| matches!(it, '-' | '–' | '—'));
    for owner in fields.clone().filter(|it| is_dash(facts.slice(*it).trim())) {
        reporter.report(owner, "Nobody is named here. Name one team or person who answers for it.");
    }
    let mut told: Vec<Span> = Vec::new();
    for owner in fields.chain(cells) {
        let said = value::shown(facts.slice(owner));
        // What stands in brackets is a template.
        if said.starts_with(['[', '<']) {
            continue;
        }
        if nobody.are_all_of(&said) || is_nobody(&said) {
            told.push(owner);
            reporter.report(owner, message(&said));
        }
    }
    escalates_to_nobody(cx, reporter);
    let words = words(cx);
    if !words.has(nobody) && !words.has(claim_words("owned")) {
        return;
    }
    for claim in claims(cx).iter().filter(|it| words.has_within(claim_words("owned"), it.span.range())) {
        let may_be_dead = words.has_within(claim_words("dead-letters"), claim.span.range());
        for part in named_in_passing(claim.text, may_be_dead) {
            let place = within(claim, &part);
            let said = claim.text.get(part).unwrap_or_default();
            let is_told = told.iter().any(|it| it.start < place.end && place.start < it.end);
            // Who is meant by `the team` is known where one is named above.
            if !is_told && (is_nobody(said) || is_put_off(said)) && is_claimed(claim.text) {
                reporter.report(place, message(said));
            }
        }
    }
}
