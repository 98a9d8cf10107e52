//! `reliability/unbounded-retry`: a retry that never ends.

use archwright_knowledge::{Words, claim_words};
use archwright_model::{
    facts::prose,
    values::quantity::{durations, measured},
};
use archwright_syntax::markdown::CodeBlock;

use super::answer;
use crate::{
    claim::{Claim, before_other_denial, claims, is_claimed, loses_nothing, near, place_of, without, words},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/unbounded-retry",
    severity: Severity::Warning,
    summary: "A message is tried again without end.",
    applies_to: &[
        Kind::Design,
        Kind::Contract,
        Kind::Adr,
        Kind::Rfc,
        Kind::Runbook,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
        Kind::ReadinessReview,
    ],
    any_dialect: true,
    sources: &["A-145", "A-306", "A-119", "A-177", "A-251", "A-274", "A-370", "H-027"],
    page: include_str!("unbounded_retry.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

/// Whether an answer on retries ends them with nothing but what they wait for: `until the other side recovers`.
fn goes_on_until(cx: &Context, claim: &Claim, said: &str) -> bool {
    let is_bounded = || said.contains(|it: char| it.is_ascii_digit()) || claim_words("ends").are_in(said);
    claim_words("until").are_in(said)
        && !is_bounded()
        && !prose::has_any(said, "bounds")
        && !claim.text.contains("](")
        && is_about_retries(cx, claim)
}

/// Whether a sentence answers how failures are tried again: its field or its section says so.
fn is_about_retries(cx: &Context, claim: &Claim) -> bool {
    let retry = claim_words("retry");
    let field = claim.text.split_once("**").and_then(|it| it.1.split_once("**")).map(|it| it.0);
    let is_in = |it: Span| claim.span.start < it.end && it.start < claim.span.end;
    // A numbered step of others is none: `6. **Repeat**: until all replies are there`.
    let is_step = !cx.facts().opted_in() && is_numbered(&cx.facts().text, claim);
    field.is_some_and(|it| retry.are_in(it) && !is_step)
        || answer(cx, "retry").is_some_and(|it| is_in(it.value))
        || cx.facts().markdown().is_some_and(|tree| {
            let section = tree.section_at(claim.span.start as usize);
            let title = tree.plain_title(section, &cx.facts().text);
            retry.are_in(&title) || claim_words("dead-letters").are_in(&title)
        })
}

/// Whether a sentence stands in the answer on retries, which names no number and no bound anywhere.
fn is_about_retries_only(cx: &Context, claim: &Claim) -> bool {
    answer(cx, "retry").is_some_and(|it| {
        // A limit that is denied is none, and reasons count nothing.
        let said = claim_words("unbounded").without(it.said(cx.facts()));
        let said = said.split(" because ").next().unwrap_or_default();
        let is_in = claim.span.start < it.value.end && it.value.start < claim.span.end;
        is_in && !said.contains(|it: char| it.is_ascii_digit()) && !prose::has_any(said, "bounds")
    })
}

/// Whether a sentence goes on until it succeeds, with no other end and no number but those of its pauses.
fn until_success(said: &str) -> bool {
    let Some(part) = near(said, "until", "succeeds", 6) else { return false };
    let (_, behind) = said.split_at_checked(part.end).unwrap_or((said, ""));
    let before = said.get(..part.start).unwrap_or_default();
    let counts = measured(before).len() > durations(before).len();
    let has_end = claim_words("ends").are_in(before) || claim_words("ends").are_in(behind);
    let is_bounded = counts || has_end || prose::has_any(said, "bounds") || claim_words("no-end-yet").are_in(behind);
    !is_bounded && !behind.contains(|it: char| it.is_ascii_digit())
}

/// What a sentence says before its reason, where it says there that something has no end.
fn reasoned<'t>(said: &'t str, unbounded: &Words) -> &'t str {
    let head = [" because ", ", since ", ", as "].iter().filter_map(|it| said.find(it)).min();
    head.and_then(|it| said.get(..it)).filter(|it| unbounded.are_in(it)).unwrap_or(said)
}

/// Whether the line of a sentence begins with a number: it is a step.
fn is_numbered(text: &str, claim: &Claim) -> bool {
    let start = text.get(..claim.span.start as usize).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    text.get(start..).is_some_and(|it| it.trim_start().starts_with(|it: char| it.is_ascii_digit()))
}

/// Whether the paragraph of a sentence tells how messages are consumed or delivered, so that what is tried again in it
/// is one of them, whatever it is called.
fn stands_among_messages(text: &str, claim: &Claim) -> bool {
    let (start, end) = (claim.span.start as usize, claim.span.end as usize);
    let from = text.get(..start).and_then(|it| it.rfind("\n\n")).map_or(0, |it| it + 2);
    let to = text.get(end..).and_then(|it| it.find("\n\n")).map_or(text.len(), |it| end + it);
    let paragraph = text.get(from..to).unwrap_or_default();
    let has = |kind: &str| claim_words(kind).are_in(paragraph);
    (has("at-least-once") || has("message") && (has("consumes") || has("messaging"))) && is_tried_so(claim.text)
}

/// Whether a sentence says of the tries themselves that they have no end: `is retried forever, with a second between`,
/// but not `is run again without stopping the others`.
fn is_tried_so(sentence: &str) -> bool {
    // `Failed changes have unlimited retries.`
    if let Some(part) = near(sentence, "unbounded", "retries-of-messages", 1) {
        return sentence.get(part.end..).is_some_and(|it| !it.starts_with([' ', '-']));
    }
    let Some(part) = near(sentence, "retry", "unbounded", 3) else { return false };
    let behind = sentence.get(part.end..).unwrap_or_default();
    let goes_on = behind.trim_start().split(' ').next().unwrap_or_default();
    !behind.starts_with(' ') || claim_words("ends-of-tries").are_all_of(goes_on)
}

/// Whether a text says only in the title of a link that something has no end, and only in that of another what is
/// tried again.
fn stand_in_links(text: &str, unbounded: &Words, retry: &Words) -> bool {
    let links = text.split('[').skip(1).filter_map(|it| it.split_once("]("));
    let links: Vec<(&str, &str)> =
        links.map(|(title, rest)| (title, rest.split_once(')').map_or(rest, |it| it.0))).collect();
    let in_one = links.iter().any(|it| unbounded.are_in(it.0) && !retry.are_in(it.0));
    let mut bare = text.to_owned();
    for (title, target) in &links {
        bare = bare.replace(&format!("[{title}]({target})"), "");
    }
    in_one && !unbounded.are_in(&bare) && !retry.are_in(&bare)
}

/// What is told of a message that is tried again without end.
const ENDLESS: &str = "Tried again without end, a message that can never succeed holds up all behind it. Say after how \
    many attempts it goes to the dead letters, and with what pauses between them.";

/// Cells under a heading such as `Max deliveries` that have no end.
fn in_tables(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role().filter(|_| cx.facts().opted_in()) else { return };
    for table in &document.tree.tables {
        let heads = document.tree.header(table).iter().map(|it| it.of(document.text));
        let columns = heads.enumerate().filter(|it| claim_words("tries-columns").are_all_of(it.1)).map(|it| it.0);
        let columns: Vec<usize> = columns.collect();
        for row in document.tree.rows(table).iter().filter(|_| !columns.is_empty()) {
            let cells = columns.iter().filter_map(|it| document.tree.cells(row).get(*it));
            for cell in cells {
                let said = cell.of(document.text).trim().trim_matches(['`', '*', ' ']);
                // Behind a condition or a reason it says more.
                let is_endless = claim_words("unbounded").are_all_of(said) || matches!(said, "∞" | "-1");
                let role = document.role_of(document.tree.section_at(cell.start as usize));
                let weighs = [Role::Alternatives, Role::Options, Role::Context, Role::AntiPatterns];
                if is_endless && !role.is_some_and(|it| weighs.contains(&it)) {
                    reporter.report(*cell, ENDLESS.to_owned());
                }
            }
        }
    }
}

/// The labels of our own diagrams that have no end: `Waiting --> Received: again after 10 s, without upper limit`.
fn in_diagrams(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(document) = cx.by_role().filter(|_| facts.opted_in() && facts.text.contains("mermaid")) else { return };
    let weighs = [Role::Alternatives, Role::Options, Role::Context, Role::AntiPatterns];
    let is_drawn = |it: &&CodeBlock| {
        it.language.of(&facts.text).eq_ignore_ascii_case("mermaid")
            && !document.role_of(it.section).is_some_and(|it| weighs.contains(&it))
    };
    for block in document.tree.code_blocks.iter().filter(is_drawn) {
        let mut at = block.content.start as usize;
        for line in block.content.of(&facts.text).split_inclusive('\n') {
            let start = at + line.len() - line.trim_start().len();
            at += line.len();
            let line = line.trim();
            let label = line.split_once(": ").or_else(|| line.split_once('|')).map_or("", |it| it.1);
            let again = claim_words("retry").are_in(label) || claim_words("once-more").are_in(label);
            if again && claim_words("unbounded").are_in(label) && is_claimed(&claim_words("unbounded").without(label)) {
                reporter.report(Span::new(start, start + line.len()), ENDLESS.to_owned());
            }
        }
    }
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, unbounded, retry) = (words(cx), claim_words("unbounded"), claim_words("retry"));
    let until = claim_words("until");
    let listens = |it: &Claim| {
        let part = it.span.range();
        [unbounded, until, retry].iter().any(|kind| words.has_within(kind, part.clone()))
    };
    if ![unbounded, until, retry].iter().any(|it| words.has(it)) {
        return;
    }
    in_tables(cx, reporter);
    in_diagrams(cx, reporter);
    // Steps of people are repeated too: of those only ours that speak of messages.
    if cx.facts().kind == Kind::Runbook && !(cx.facts().opted_in() && words.has(unbounded)) {
        return;
    }
    for claim in claims(cx).into_iter().filter(listens) {
        let said = prose::without_names(claim.text);
        // A reason denies nothing of what it is for: `without any limit, because none may be lost`.
        let said = before_other_denial(reasoned(&said, unbounded)).to_owned();
        if cx.facts().kind == Kind::Runbook && !(unbounded.are_in(&said) && claim_words("message").are_in(&said)) {
            continue;
        }
        // What is done over and over is tried again, whatever it is called.
        let tries = retry.are_in(&said) || claim_words("perseveres").are_in(&said);
        // In an answer on retries without any number, a bound that is denied is that of the tries.
        let tries = tries || unbounded.are_in(&said) && is_about_retries_only(cx, &claim);
        let waits = goes_on_until(cx, &claim, &said) || tries && until_success(&said);
        if !waits && !tries {
            continue;
        }
        // `Without limit` denies nothing of the retry.
        let rest = unbounded.without(&said);
        // `With no cut-off` denies the bound, and nothing else; with a number it may be the pauses that have none.
        let has_number = said.contains(|it: char| it.is_ascii_digit());
        let denied = near(&rest, "nots", "limits", 2).filter(|_| !has_number);
        let rest = denied.map_or(rest.clone(), |it| without(&rest, &it).into());
        if !waits && rest.len() == said.len() {
            continue;
        }
        // `Does not commit, and so sees it again until` promises what stands behind the last comma.
        let goes_on = rest.rfind(", ").and_then(|it| rest.get(it..)).filter(|it| waits && until.are_in(it));
        let rest = goes_on.map_or(rest.clone(), |it| it.to_owned().into());
        // `Leaves nothing behind` promises, and denies nothing.
        let rest = loses_nothing(&rest).map_or(rest.clone(), |it| without(&rest, &it).into());
        // The titles of two links are about two things.
        let is_endless =
            is_claimed(&claim_words("perseveres").without(&rest)) && !stand_in_links(claim.text, unbounded, retry);
        // `Until it succeeds, five times at most` has an end.
        let counts = near(&said, "number-words", "tries", 1).is_some() || said.contains(" times at most");
        if !is_endless
            || counts
            || claim_words("may-wait").are_in(&unbounded.without(&said))
            || claim_words("told-harm").are_in(&claim_words("at-once").without(&said))
            || claim_words("ruled-out").are_in(&said)
        {
            continue;
        }
        // Nodes, locks and downloads are tried again too.
        let among = || stands_among_messages(&cx.facts().text, &claim);
        if !claim_words("delivered").are_in(claim.text) && !is_about_retries(cx, &claim) && !among() {
            continue;
        }
        reporter.report(place_of(&claim, "unbounded"), ENDLESS.to_owned());
    }
}
