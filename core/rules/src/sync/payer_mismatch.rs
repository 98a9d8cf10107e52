//! `sync/payer-mismatch`: a README that lets one team pay for channels for which another pays.

use archwright_knowledge::claim_words;

use crate::{prelude::*, stated::stated};
use archwright_model::{facts::Topic, values::value};

/// The rule.
pub static RULE: Rule = Rule {
    code: "sync/payer-mismatch",
    severity: Severity::Warning,
    summary: "A README or a design lets one team pay for the channels, and a contract says that another does.",
    applies_to: &[Kind::FeatureReadme, Kind::Design],
    any_dialect: false,
    sources: &["A-066", "A-383"],
    page: include_str!("payer_mismatch.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some((_, payers)) = cx.by_role().and_then(|it| it.concerns().into_iter().find(|it| it.0 == Role::CostOwner))
    else {
        return;
    };
    let shares: Vec<(String, &str)> = shares(&payers.text).collect();
    let is_of_channels = |it: &&(String, &str)| claim_words("channel-things").are_in(it.1) && !it.1.contains("its ");
    // Whoever pays for the channels is said once, and the others pay for something else.
    let channels: Vec<&(String, &str)> = shares.iter().filter(is_of_channels).collect();
    let [(team, _)] = channels.as_slice() else { return };
    for said in stated(cx, Topic::CostOwner) {
        let payer = said.statement.subject.trim_end_matches('.');
        if payer.eq_ignore_ascii_case(team) || !shares.iter().any(|it| it.0.eq_ignore_ascii_case(payer)) {
            continue;
        }
        let channel = said.facts.captures.channel.as_deref().unwrap_or_default();
        let message = format!(
            "`{team}` pays for the channels here, and `{payer}` for `{channel}` in its contract; make the two agree."
        );
        let related = cx.related(said.file, said.statement.span, "the contract says so here");
        reporter.report(payers.span, message).related.push(related);
    }
}

/// Who pays for what: `Growth (channels), Payments (fees)`.
fn shares(text: &str) -> impl Iterator<Item = (String, &str)> {
    text.split(')').filter_map(|it| {
        let (team, what) = it.split_once('(')?;
        Some((value::plain(team.trim_start_matches([',', ';', ' ']).trim_start_matches("and ")), what))
    })
}
