//! `reliability/overclaimed-delivery`: exactly-once, without the boundary inside which it holds.

use std::ops::Range;

use archwright_knowledge::claim_words;
use archwright_model::facts::prose;

use super::said_to;
use crate::{
    claim::{
        Claim, before_other_denial, claims, clause_behind, is_claimed, loses_nothing, mildly, near, place_of, without,
        words,
    },
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/overclaimed-delivery",
    severity: Severity::Warning,
    summary: "A delivery is claimed that no broker gives: exactly-once with no boundary, or at-most-once with no loss.",
    applies_to: &[
        Kind::Design,
        Kind::Contract,
        Kind::Adr,
        Kind::Rfc,
        Kind::Asyncapi,
        Kind::FeatureReadme,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
        Kind::ReadinessReview,
    ],
    any_dialect: true,
    sources: &["A-142", "T-013", "E-028", "A-270", "E-005", "H-017"],
    page: include_str!("overclaimed_delivery.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    match cx.facts().kind {
        Kind::Asyncapi => return in_descriptions(cx, reporter),
        Kind::FeatureReadme => return in_lead(cx, reporter),
        Kind::Adr | Kind::Rfc => return in_records(cx, reporter),
        Kind::ImplementationPlan | Kind::MigrationPlan | Kind::ReadinessReview => in_records(cx, reporter),
        // A design of another form promises in its sentences.
        Kind::Design if !cx.facts().opted_in() => in_records(cx, reporter),
        _ => {}
    }
    in_short(cx, reporter);
    in_patterns(cx, reporter);
    let Some(claim) = said_to(cx, "delivery", Role::Delivery) else { return };
    let said = prose::without_names(claim.text);
    let has = |kind: &str| claim_words(kind).are_in(&said);
    if has("at-most-once") && promises_all(&said) {
        let message = "At-most-once loses what is in flight when something fails. Claim at-least-once, or say why a \
            loss does no harm.";
        reporter.report(place_of(&claim, "no-loss"), message.to_owned());
    } else if has("at-least-once") && claim_words("unconfirmed").are_in(claim.text) && is_claimed(&said) {
        let message = "What is sent without a confirmation may be lost, and nobody notices: this is at-most-once. Wait \
            for all replicas (`acks=all`), or promise less.";
        reporter.report(claim.span, message.to_owned());
    } else if (has("exactly-once") || is_once(&said) || no_copies(&said).is_some()) && is_unbounded(claim.text) {
        let words = if has("exactly-once") { "exactly-once" } else { "once" };
        reporter.report(place_of(&claim, words), TWICE.to_owned());
    }
}

/// Descriptions of our own AsyncAPI documents, which readers take for the contract.
fn in_descriptions(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let text: &str = &facts.text;
    if !facts.opted_in() {
        return;
    }
    for line in claim_words("exactly-once").all(text).filter_map(|it| line_at(text, it.start)) {
        let claim = Claim { text: line.of(text), span: line };
        promised(&claim, false, reporter);
    }
}

/// The sentences of our own README before its sections.
fn in_lead(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role().filter(|_| cx.facts().opted_in()) else { return };
    let first = document.tree.sections.iter().find(|it| it.level >= 2).map_or(u32::MAX, |it| it.heading.start);
    for sentence in prose::sentences(cx.facts()).iter().take_while(|it| it.at < first as usize) {
        let span = Span::new(sentence.at, sentence.at + sentence.text.len());
        promised(&Claim { text: sentence.text, span }, false, reporter);
    }
}

/// What a record or a proposal promises of what it decides.
fn in_records(cx: &Context, reporter: &mut Reporter) {
    neither_lost_nor_twice(cx, reporter);
    let once = claim_words("exactly-once");
    let words = words(cx);
    if !words.has(once) {
        return;
    }
    for claim in claims(cx).iter().filter(|it| words.has_within(once, it.span.range())) {
        // Only who gives his word is held to it: records weigh and define what brokers have.
        let gives_word = claim_words("gives-word").are_in(claim.text);
        // A list of all guarantees that there are is a form.
        let lists = ["at-least-once", "at-most-once"].iter().any(|it| claim_words(it).are_in(claim.text));
        let claim = &Claim { text: before_no_care(before_other_denial(claim.text)), span: claim.span };
        let is_direct = !gives_word && is_decided(cx, claim) && is_told_of_delivery(claim.text);
        if (gives_word || is_direct) && !lists && is_claimed(claim.text) && !is_weighed(cx, claim) {
            promised(claim, is_direct, reporter);
        }
    }
}

/// Sentences that promise in other words that each message comes once: `no request is ever lost or handled twice`.
fn neither_lost_nor_twice(cx: &Context, reporter: &mut Reporter) {
    let (words, loses_none, promise) = (words(cx), claim_words("no-loss"), claim_words("lost-nor-twice"));
    if !words.has(loses_none) {
        return;
    }
    for claim in claims(cx).iter().filter(|it| words.has_within(loses_none, it.span.range())) {
        let said = prose::without_names(claim.text);
        let is_bounded = claim_words("bounded-once").are_in(&promise.without(&said));
        let denied = near(&said, "nots", "lost-nor-twice", 6);
        let is_promised = denied.is_some_and(|it| is_claimed(&without(&said, &it)));
        if is_promised && !is_bounded && is_decided(cx, claim) && !is_weighed(cx, claim) {
            let finding = reporter.report(place_of(claim, "lost-nor-twice"), TWICE.to_owned());
            mildly(finding);
        }
    }
}

/// What a sentence says before a clause by which its promise spares somebody a check.
fn before_no_care(said: &str) -> &str {
    let spared = claim_words("needs-no-care").first(said);
    let comma = spared.and_then(|it| said.get(..it.start)?.rfind(", "));
    comma.and_then(|it| said.get(..it)).filter(|it| claim_words("exactly-once").are_in(it)).unwrap_or(said)
}

/// Whether a sentence stands where the document says what it does: a record in its decision.
fn is_decided(cx: &Context, claim: &Claim) -> bool {
    let is_record = cx.facts().kind == Kind::Adr;
    !is_record
        || cx.by_role().is_some_and(|document| {
            document.section(Role::Decision).is_some_and(|it| document.tree.section(it).body.contains(claim.span))
        })
}

/// Whether it is messages that come once: `the queue delivers each job exactly once`, but not what is put once.
fn is_told_of_delivery(said: &str) -> bool {
    near(said, "arrives", "exactly-once", 4).is_some() && claim_words("delivered").are_in(said)
}

/// Whether a sentence stands where a record weighs what it does not choose.
fn is_weighed(cx: &Context, claim: &Claim) -> bool {
    let Some(document) = cx.by_role() else { return true };
    let weighs = [Role::Alternatives, Role::Options, Role::Context, Role::AntiPatterns, Role::Problem, Role::Drivers];
    let section = document.tree.section_at(claim.span.start as usize);
    document.role_of(section).is_some_and(|it| weighs.contains(&it))
}

/// Tells of a text that promises exactly-once for what is delivered; less loudly where nobody gives his word.
fn promised(claim: &Claim, is_mild: bool, reporter: &mut Reporter) {
    let is_delivered = ["delivered", "message", "arrives"].iter().any(|it| claim_words(it).are_in(claim.text));
    let is_named = claim_words("exactly-once").are_in(&prose::without_names(claim.text));
    if is_delivered && is_named && is_unbounded(claim.text) {
        let finding = reporter.report(place_of(claim, "exactly-once"), TWICE.to_owned());
        if is_mild {
            mildly(finding);
        }
    }
}

/// The line around a place.
fn line_at(text: &str, at: usize) -> Option<Span> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |it| it + 1);
    let end = text.get(at..)?.find('\n').map_or(text.len(), |it| at + it);
    Some(Span::new(start, end))
}

/// A pattern that is said to bring exactly-once: `Guaranteed Delivery: every group gets each event exactly once`.
fn in_patterns(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role().filter(|_| cx.facts().opted_in()) else { return };
    let Some(section) = document.section(Role::Patterns) else { return };
    for item in document.tree.items.iter().filter(|it| it.section == section) {
        let claim = Claim { text: item.content.of(document.text), span: item.content };
        let is_delivered = ["delivered", "message", "arrives"].iter().any(|it| claim_words(it).are_in(claim.text));
        let is_named = claim_words("exactly-once").are_in(&prose::without_names(claim.text));
        if is_delivered && is_named && is_unbounded(claim.text) {
            reporter.report(place_of(&claim, "exactly-once"), TWICE.to_owned());
        }
    }
}

/// A document that promises in short what its answers may not: exactly-once, or of a contract that nothing is lost and
/// nothing comes twice.
fn in_short(cx: &Context, reporter: &mut Reporter) {
    let Some(said) = cx.by_role().and_then(|it| it.field(Role::Tldr)) else { return };
    let bare = prose::without_names(&said.text);
    let is_delivered = ["delivered", "message", "arrives"].iter().any(|it| claim_words(it).are_in(&said.text));
    if is_delivered && claim_words("exactly-once").are_in(&bare) && is_unbounded(&said.text) {
        let claim = Claim { text: &said.text, span: said.span };
        reporter.report(place_of(&claim, "exactly-once"), TWICE.to_owned());
        return;
    }
    if cx.facts().kind != Kind::Contract {
        return;
    }
    let Some(copies) = no_copies(&bare) else { return };
    let rest = without(&bare, &copies);
    let lost = loses_nothing(&rest).or_else(|| claim_words("no-loss").first(&rest));
    let Some(lost) = lost.filter(|it| is_claimed(&without(&rest, it))) else { return };
    if claim_words("bounded-once").are_in(&claim_words("copies").without(&without(&rest, &lost))) {
        return;
    }
    reporter.report(said.span, TWICE.to_owned());
}

/// What is said of a promise that no message comes twice.
const TWICE: &str = "Between services a message can always come twice: the acknowledgement may be lost. Claim \
    at-least-once with an Idempotent Receiver, or name the boundary inside which exactly-once holds.";

/// Whether an answer says `once` where others say exactly-once: nothing goes on behind it, as in `once a day`.
fn is_once(said: &str) -> bool {
    let ends = |it: Range<usize>| {
        let behind = said.get(it.end..).unwrap_or_default();
        let goes_on = claim_words("once-goes-on").begin(behind.trim_start());
        behind.trim().is_empty() || behind.trim_start().starts_with([',', '.', ';', ':', '|', '(', '—', '–']) || goes_on
    };
    claim_words("once").all(said).any(ends) && !claim_words("other-once").are_in(said)
}

/// Whether a promise of exactly-once is claimed, and names nothing inside which it holds. `No duplicates` denies
/// nothing of it.
fn is_unbounded(promise: &str) -> bool {
    let promise = no_copies(promise).map_or_else(|| promise.to_owned(), |it| without(promise, &it));
    let rest = claim_words("exactly-once").without(&promise);
    let rest = claim_words("once").without(&rest);
    let rest = loses_nothing(&rest).map_or_else(|| rest.clone(), |it| without(&rest, &it).into());
    is_claimed(&rest) && !claim_words("bounded-once").are_in(&rest)
}

/// Where an answer says that nothing comes a second time, and not what is done if it does.
fn no_copies(said: &str) -> Option<Range<usize>> {
    let part = near(said, "nots", "copies", 5)?;
    let clause = said.get(part.start..part.end + clause_behind(said, part.end).len())?;
    (!claim_words("handles-copies").are_in(clause)).then_some(part)
}

/// Whether an answer promises that nothing is lost. `Nothing is lost` denies nothing of it.
fn promises_all(said: &str) -> bool {
    let bare = claim_words("at-most-once").without(said);
    if let Some(part) = loses_nothing(&bare) {
        return is_claimed(&without(&bare, &part));
    }
    if claim_words("no-loss").are_in(&bare) {
        return is_claimed(&claim_words("no-loss").without(&bare));
    }
    near(&bare, "whole", "arrives", 5).is_some_and(|part| {
        let clause = bare.get(part.start..part.end + clause_behind(&bare, part.end).len()).unwrap_or_default();
        let bounded = ["once", "other-once", "bears-loss", "denies", "lost"];
        is_claimed(clause) && !bounded.iter().any(|it| claim_words(it).are_in(clause))
    })
}

#[cfg(test)]
mod tests {
    use archwright_model::RelPath;

    use super::RULE;
    use crate::fixture::Fixture;

    /// Whether something is said of a file with this text.
    fn is_told(path: &str, text: &str) -> bool {
        let workspace = Fixture::new(&format!("//- /{path}\n{text}")).open();
        let file = workspace.file(&RelPath::new(path)).unwrap();
        workspace.findings(file).iter().any(|it| it.rule.code == RULE.code)
    }

    #[test]
    fn descriptions_and_leads_promise_too() {
        let api = |said: &str| {
            let text = format!("asyncapi: 3.0.0\ninfo:\n  title: Orders\n  version: 1.0.0\n  description: {said}\n");
            is_told("docs/features/shop/asyncapi/orders.placed.v1.yaml", &text)
        };
        assert!(api("Each event reaches every subscriber exactly once."));
        assert!(!api("No event reaches a subscriber exactly once."));
        assert!(!api("Each event has exactly one order."));
        let readme =
            |said: &str| is_told("docs/features/shop/README.md", &format!("# shop\n\n{said}\n\n## Artifacts\n"));
        assert!(readme("Each message arrives once and once only."));
        assert!(!readme("Each message arrives at least once, and the inbox makes it effectively once."));
    }
}
