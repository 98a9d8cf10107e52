//! `reliability/overclaimed-keeping`: nothing is said to be lost of what a consumer lets go when it is old.

use archwright_knowledge::claim_words;
use archwright_model::facts::Topic;

use crate::{
    claim::{claims, loses_nothing, place_of, words},
    prelude::*,
    stated::{named, stated, within},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/overclaimed-keeping",
    severity: Severity::Warning,
    summary: "A delay is said to lose nothing, and the service named there lets old messages go.",
    applies_to: &[Kind::Design, Kind::Contract, Kind::Adr],
    any_dialect: false,
    sources: &["A-142", "A-306"],
    page: include_str!("overclaimed_keeping.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, kept) = (words(cx), claim_words("nothing-lost"));
    if stated(cx, Topic::LetsGo).is_empty() {
        return;
    }
    let text = &cx.facts().text;
    for claim in claims(cx) {
        let is_kept = words.has_within(kept, claim.span.range());
        let place = match loses_nothing(claim.text).filter(|_| !claim_words("hedged").are_in(claim.text)) {
            _ if is_kept => place_of(&claim, "nothing-lost"),
            Some(part) => within(&claim, &part),
            None => continue,
        };
        // Of whom it is said may stand in the part before a semicolon.
        let start = claim.span.start as usize;
        let from = text.get(..start).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
        let line = text.get(from..claim.span.end as usize).unwrap_or_default();
        let services: Vec<&str> = named(line).iter().map(|it| it.name).collect();
        let all = stated(cx, Topic::LetsGo);
        let first = services.first().copied().unwrap_or_default();
        let Some(said) = all.iter().find(|it| it.statement.subject == first) else { continue };
        let message = format!(
            "`{first}` lets messages go that are too old, so a long delay does lose them. Say after how long, and what \
             becomes of them."
        );
        let related = cx.related(said.file, said.statement.span, "old messages are let go here");
        reporter.report(place, message).related.push(related);
    }
}
