//! `sync/overclaimed-readiness`: a document that calls a feature readier than its README.

use archwright_model::values::value;

use crate::{
    claim::{claims, is_claimed, is_withdrawn},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "sync/overclaimed-readiness",
    severity: Severity::Info,
    summary: "A document says that the feature is production-ready, and the tier in its README is lower.",
    applies_to: &[
        Kind::Design,
        Kind::Contract,
        Kind::Runbook,
        Kind::Launch,
        Kind::Rfc,
        Kind::Overview,
        Kind::FeatureReadme,
    ],
    sources: &["A-357", "A-359"],
    page: include_str!("overclaimed_readiness.md"),
    check,
    ..Rule::OURS
};

/// Words by which a sentence says what is so.
const SAYS: [&str; 5] = ["is ", "are ", "is now ", "is already ", "has been "];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(feature) = &facts.captures.feature else { return };
    let names = &cx.config().profile().tiers.names;
    // Few documents speak of it at all.
    let higher = || names.iter().skip(2);
    if !higher().any(|it| may_say(&facts.text, it)) {
        return;
    }
    let text = facts.text.to_lowercase();
    if !higher().any(|it| says(&text, it).is_some()) {
        return;
    }
    let rank = |said: &str| {
        let said = value::plain(said).to_lowercase();
        names.iter().position(|it| said.starts_with(&it.to_lowercase()))
    };
    let readmes = cx.files(Key::Readme(feature.clone()));
    let tier = readmes.iter().find_map(|it| {
        let said = it.facts.document()?.readme.as_ref()?.field(Role::Tier)?;
        Some((it.id, said, rank(&said.text)?))
    });
    let Some((file, said, has)) = tier else { return };
    for claim in &claims(cx) {
        let lower = claim.text.to_lowercase();
        let above = names.iter().enumerate().skip(has + 1).find_map(|it| Some((it.1, says(&lower, it.1)?)));
        let Some((name, at)) = above else { continue };
        let before = lower.get(..at).unwrap_or_default();
        let depends = ["until", "once", "when", "if ", "before", "after", "will", "shall", "would", "not", "next"];
        if depends.iter().any(|it| before.contains(it)) || !is_claimed(claim.text) || is_withdrawn(claim.text) {
            continue;
        }
        let message = format!(
            "This is called {} here, and the README of the feature says `{}`. Take the word back, or show what it \
             needs with `prelaunch`.",
            name.to_lowercase(),
            value::plain(&said.text)
        );
        let related = cx.related(file, said.span, "the tier of the feature");
        reporter.report(claim.span, message).related.push(related);
    }
}

/// Whether a tier stands behind a blank in a text, in whatever case and with or without its hyphens.
fn may_say(text: &str, tier: &str) -> bool {
    let (text, tier) = (text.as_bytes(), tier.as_bytes());
    // A letter of which texts have few.
    let rare = tier.iter().position(|it| !b"aehilnorst".contains(&it.to_ascii_lowercase()));
    let Some((at, letter)) = rare.and_then(|it| Some((it, *tier.get(it)?))) else { return true };
    if !tier.is_ascii() {
        return true;
    }
    let same =
        |(written, letter): (&u8, &u8)| written.eq_ignore_ascii_case(letter) || *letter == b'-' && *written == b' ';
    let is_it = |place: usize| {
        let start = place.checked_sub(at + 1)?;
        let (before, written) = text.get(start..=start + tier.len())?.split_first()?;
        Some(*before == b' ' && written.iter().zip(tier).all(same))
    };
    memchr::memchr2_iter(letter.to_ascii_lowercase(), letter.to_ascii_uppercase(), text)
        .any(|it| is_it(it).unwrap_or_default())
}

/// Where a text says that something is of a tier: `is production-ready`.
fn says(lower: &str, tier: &str) -> Option<usize> {
    let tier = tier.to_lowercase();
    let spaced = tier.replace('-', " ");
    [tier, spaced].iter().find_map(|tier| SAYS.iter().find_map(|it| lower.find(&format!("{it}{tier}"))))
}
