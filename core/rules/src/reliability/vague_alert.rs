//! `reliability/vague-alert`: an alert without the number or state that fires it.

use std::borrow::Cow;

use archwright_knowledge::{Spotted, claim_words};
use archwright_model::{facts::prose, values::value};
use archwright_syntax::markdown::{Item, SectionId, Table};

use super::answer;
use crate::{
    claim::{Claim, claims, is_claimed, place_of, words},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/vague-alert",
    severity: Severity::Warning,
    summary: "An alert names what it watches, and not when it fires.",
    applies_to: &[
        Kind::Design,
        Kind::Contract,
        Kind::Runbook,
        Kind::Launch,
        Kind::Adr,
        Kind::Rfc,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
        Kind::ReadinessReview,
    ],
    any_dialect: true,
    sources: &["A-128", "A-148"],
    page: include_str!("vague_alert.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, alerts) = (words(cx), claim_words("alerts"));
    if !words.has(alerts) {
        return;
    }
    let kind = cx.facts().kind;
    // A design of another form answers no questions; it says in its sentences when somebody is alerted.
    let has_answers = matches!(kind, Kind::Contract | Kind::Launch) || kind == Kind::Design && cx.facts().opted_in();
    if !has_answers {
        in_lines(cx, &words, reporter);
    }
    if !has_answers && !matches!(kind, Kind::Runbook | Kind::Design) {
        return;
    }
    in_tables(cx, &words, reporter);
    let places: Vec<Span> = match kind {
        Kind::Runbook | Kind::Launch => return,
        Kind::Design => {
            ["bad-messages", "observability"].iter().filter_map(|it| answer(cx, it)).map(|it| it.value).collect()
        }
        _ => cx.by_role().and_then(|it| it.field(Role::Dlq)).map(|it| it.span).into_iter().collect(),
    };
    let places: Vec<Span> = places.into_iter().filter(|it| words.has_within(alerts, it.range())).collect();
    if places.is_empty() {
        return;
    }
    let all = claims(cx);
    for place in places {
        let inside = all.iter().filter(|it| is_in(place, it.span) && words.has_within(alerts, it.span.range()));
        let alerts: Vec<&Claim> = inside.filter(|it| alerts.are_in(&said_by(it))).collect();
        // What else the answer says of its alerts may be where the number stands.
        if alerts.iter().any(|it| fires(it)) {
            continue;
        }
        for claim in alerts {
            if claim_words("signals").are_in(&said_by(claim)) && is_claimed(claim.text) {
                reporter.report(place_of(claim, "alerts"), NO_VALUE.to_owned());
            }
        }
    }
}

/// The rows of a table of alerts whose condition measures nothing: `| Consumer lag | it is high |`.
fn in_tables(cx: &Context, words: &Spotted, reporter: &mut Reporter) {
    let facts = cx.facts();
    let vague = [claim_words("vague"), claim_words("unmeasured")];
    let speaks = |it: &Table| facts.opted_in() || vague.iter().any(|kind| words.has_within(kind, it.span.range()));
    let Some(tree) = facts.markdown() else { return };
    for table in tree.tables.iter().filter(|it| speaks(it)) {
        // The first column names the alert, whatever it is called.
        let mut header = tree.header(table).iter().enumerate().skip(1);
        let column = header.find(|it| claim_words("alert-columns").are_all_of(facts.slice(*it.1)));
        let Some((column, _)) = column else { continue };
        for row in tree.rows(table) {
            let cells = tree.cells(row);
            let (Some(name), Some(cell)) = (cells.first(), cells.get(column)) else { continue };
            let said = facts.slice(*cell);
            // In our own tables a condition has a value, whatever words stand in its place.
            let is_vague =
                facts.opted_in() && says_something(said) || vague.iter().any(|it| words.has_within(it, cell.range()));
            let is_measured = said.contains(|it: char| it.is_ascii_digit() || matches!(it, '`' | '['))
                || ["definite", "compared", "number-words"].iter().any(|it| claim_words(it).are_in(said));
            if is_vague && !is_measured && claim_words("signals").are_in(facts.slice(*name)) && is_claimed(said) {
                reporter.report(*cell, NO_VALUE.to_owned());
            }
        }
    }
}

/// Sentences that say on what somebody is alerted, and items of sections on alerts, that measure nothing and stand near
/// nothing that does: `Alert on high conflict rates`.
fn in_lines(cx: &Context, words: &Spotted, reporter: &mut Reporter) {
    let facts = cx.facts();
    let (Some(document), Some(tree)) = (cx.by_role(), facts.markdown()) else { return };
    // What is bad in another way than by its number may be a state that holds or does not.
    let vague = claim_words("unmeasured");
    let mut told: Vec<Span> = Vec::new();
    let mut tell = |span: Span, said: &str| {
        let is_new = !told.iter().any(|it| it.contains(span) || span.contains(*it));
        if is_new && is_unmeasured(said) && !is_measured_near(facts, tree.section_at(span.start as usize), said) {
            told.push(span);
            let finding = reporter.report(span, NO_VALUE.to_owned());
            // In documents of others a value may stand where nobody looks from here.
            if !facts.opted_in() && finding.severity == RULE.severity {
                finding.severity = Severity::Info;
            }
        }
    };
    let is_vague = |it: Span| words.has_within(vague, it.range());
    for claim in claims(cx).iter().filter(|it| is_vague(it.span) && is_claimed(it.text)) {
        let Some(fires) = claim_words("fires-on").first(claim.text) else { continue };
        let from = claim.span.start as usize;
        let said = claim.text.get(fires.start..).unwrap_or_default();
        // What is said behind a comma or in brackets is why.
        let clause = said.split([',', '(', ';', '\n']).next().unwrap_or_default().trim_end_matches(['.', ' ']);
        tell(Span::new(from + fires.start, from + fires.start + clause.len()), clause);
    }
    let is_for_alerts =
        |it: &Item| claim_words("titles-of-alerts").are_all_of(&tree.plain_title(it.section, &facts.text));
    let is_runbook = facts.kind == Kind::Runbook;
    for item in tree.items.iter().filter(|it| is_runbook && is_vague(it.content) && is_for_alerts(it)) {
        let said = item.content.of(document.text);
        if is_claimed(said) && claim_words("signals").are_in(said) {
            tell(item.content, said);
        }
    }
}

/// Whether what is said of an alert has something that can be measured, and nothing that measures it.
fn is_unmeasured(said: &str) -> bool {
    let bare = prose::without_names(said);
    // `High-fee transactions` are of a kind.
    let is_kind = |it: &std::ops::Range<usize>| bare.get(it.end..).is_some_and(|behind| behind.starts_with('-'));
    let is_vague = claim_words("unmeasured").all(&bare).any(|it| !is_kind(&it));
    let is_measured = said.contains(|it: char| it.is_ascii_digit() || matches!(it, '[' | '{' | '<' | '>'))
        || said.split('`').skip(1).step_by(2).any(|it| !is_bare_name(it))
        || ["definite", "compared", "number-words"].iter().any(|it| claim_words(it).are_in(&bare));
    let measures = ["signals", "measures-of-alerts"];
    is_vague && !is_measured && measures.iter().any(|it| claim_words(it).are_in(&bare))
}

/// Whether code is a name and nothing else: the lag of `billing` is high by no value.
fn is_bare_name(code: &str) -> bool {
    code.chars().all(|it| it.is_alphabetic() || matches!(it, '_' | '-'))
}

/// Whether a value stands in the section of an alert, or on a line elsewhere that speaks of the same thing.
fn is_measured_near(facts: &FileFacts, section: SectionId, said: &str) -> bool {
    let Some(tree) = facts.markdown() else { return true };
    let own = tree.section(section).body;
    let words = said.split(|it: char| !it.is_alphanumeric()).map(|it| it.trim_end_matches('s').to_lowercase());
    let things: Vec<String> =
        words.filter(|it| it.len() > 2 && !claim_words("words-of-alerts").are_all_of(it)).collect();
    let mut at = 0;
    facts.text.split_inclusive('\n').any(|line| {
        let start = at;
        at += line.len();
        let has_value = line.contains(|it: char| it.is_ascii_digit())
            && (line.contains(['>', '<', '≥', '≤', '%']) || claim_words("bounds-of-alerts").are_in(line));
        let lower = || line.to_lowercase();
        // Sections of runbooks are short; in one of a design a number may be of anything.
        let is_of_alert =
            || facts.kind == Kind::Runbook || ["alerts", "signals"].iter().any(|it| claim_words(it).are_in(line));
        let is_beside = || own.range().contains(&start) && is_of_alert();
        has_value && (is_beside() || things.iter().any(|it| lower().contains(it.as_str())))
    })
}

/// Whether a cell has words of its own: a dash, an open answer and a pointer to another place have none.
fn says_something(cell: &str) -> bool {
    cell.split_whitespace().count() > 1
        && !value::is_unknown(cell)
        && !claim_words("none-here").begin(cell)
        && !claim_words("points-elsewhere").are_in(cell)
}

/// What is said of an alert that nobody can set up.
const NO_VALUE: &str = "Nobody can set up or test an alert without the value that fires it. Say above which number, \
    for how long, and who is told.";

/// What a claim says behind the name of its field, without names.
fn said_by<'t>(claim: &Claim<'t>) -> Cow<'t, str> {
    prose::without_names(claim.text.split_once("**").map_or(claim.text, |it| it.1))
}

/// Whether a sentence stands in a value, which may have a name before it on the same line.
fn is_in(value: Span, sentence: Span) -> bool {
    sentence.start < value.end && value.start < sentence.end
}

/// Whether a sentence says when something fires, or where that is said: behind the alert, or right before it.
fn fires(claim: &Claim) -> bool {
    let said = claim.text.split_once("**").map_or(claim.text, |it| it.1);
    let Some(alert) = claim_words("alerts").first(said) else { return false };
    let before = said.get(..alert.start).unwrap_or_default();
    let clause = before.rsplit([',', ';', ':']).next().unwrap_or_default();
    let behind = said.get(alert.start..).unwrap_or_default();
    // What is linked behind a comma is another matter.
    let own = behind.split(',').next().unwrap_or_default();
    let value = format!("{} {}", prose::without_names(clause), prose::without_names(behind));
    value.contains(|it: char| it.is_ascii_digit()) || own.contains("](") || claim_words("definite").are_in(&value)
}
