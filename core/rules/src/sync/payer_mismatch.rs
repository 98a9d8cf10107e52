//! `sync/payer-mismatch`: a README that lets one team pay for channels for which another pays.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::Topic,
    values::{team::Team, value},
};

use crate::{prelude::*, stated::stated};

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
    let Some(payers) = cx.by_role().and_then(|it| it.concern(Role::CostOwner)) else { return };
    let mut shares: Vec<(String, &str)> = shares(&payers.text).collect();
    // `Growth pays for the channels` says it in a sentence.
    let in_sentence = shares.is_empty();
    shares.extend(pays(&payers.text));
    let is_of_channels = |it: &&(String, &str)| claim_words("channel-things").are_in(it.1) && !it.1.contains("its ");
    // Whoever pays for the channels is said once, and the others pay for something else.
    let channels: Vec<&(String, &str)> = shares.iter().filter(is_of_channels).collect();
    let [(team, _)] = channels.as_slice() else { return };
    for said in stated(cx, Topic::CostOwner) {
        let stated = said.statement.subject.trim_end_matches('.');
        let in_contract = pays(stated).map(|it| it.0);
        let payer = in_contract.as_deref().unwrap_or(stated);
        let is_share = shares.iter().any(|it| it.0.eq_ignore_ascii_case(payer));
        // Two sentences of who pays for the channels are held against each other, if both name a team.
        let differs = || {
            let teams = Team::of(team).zip(Team::of(payer));
            in_sentence && in_contract.is_some() && teams.is_some_and(|(one, other)| !one.agrees(&other))
        };
        if payer.eq_ignore_ascii_case(team) || !(is_share && !in_sentence || differs()) {
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

/// Who pays, by a sentence, and for what.
fn pays(text: &str) -> Option<(String, &str)> {
    let at = claim_words("pays").first(text)?;
    let team = value::plain(text.get(..at.start)?);
    let is_name = !team.is_empty() && team.split_whitespace().count() <= 4;
    Some((team.trim_start_matches("the ").to_owned(), text.get(at.end..)?)).filter(|_| is_name)
}

/// Who pays for what: `Growth (channels), Payments (fees)`.
fn shares(text: &str) -> impl Iterator<Item = (String, &str)> {
    text.split(')').filter_map(|it| {
        let (team, what) = it.split_once('(')?;
        Some((value::plain(team.trim_start_matches([',', ';', ' ']).trim_start_matches("and ")), what))
    })
}
