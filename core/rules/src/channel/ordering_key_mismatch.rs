//! `channel/ordering-key-mismatch`: a design or an AsyncAPI document that orders a channel otherwise than its contract.

use archwright_knowledge::claim_words;
use archwright_model::facts::{ChannelRole, Spanned, answers};

use super::{claims, described, key_parts};
use crate::{prelude::*, stated::named};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/ordering-key-mismatch",
    severity: Severity::Error,
    summary: "A design or an AsyncAPI document and the channel's contract name different ordering keys.",
    applies_to: &[Kind::Design, Kind::Asyncapi],
    any_dialect: true,
    sources: &["A-120", "A-139", "A-172"],
    page: include_str!("ordering_key_mismatch.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    answered_otherwise(cx, reporter);
    for mention in described(cx) {
        let Some(ours) = &mention.ordering_key else { continue };
        let Some(our_parts) = parts(ours) else { continue };
        let in_asyncapi = mention.role == ChannelRole::AsyncApi;
        let stated = claims(cx, &mention.name.text, |_, it| {
            Some((it.ordering_key.as_ref()?, parts(it.ordering_key.as_ref()?)?))
        });
        let agrees = |theirs: &[String]| {
            // The value of an envelope attribute is a field of the payload, and which one nobody says. A broker's key
            // may serve another purpose than order.
            let open = in_asyncapi
                && (theirs.is_empty() || theirs.iter().chain(&our_parts).any(|it| cx.config().is_carried_beside(it)));
            open || theirs == our_parts.as_slice()
        };
        let Some(claim) = stated.first().filter(|_| !stated.iter().any(|it| agrees(&it.value))) else { continue };
        let (here, there) = (shown(&our_parts), shown(&claim.value));
        let message = format!(
            "`{}` is ordered by `{here}` here and by `{there}` in its contract; make the two agree.",
            mention.name.text
        );
        let related = cx.related(claim.file, claim.at.span, format!("the contract says `{there}`"));
        let finding = reporter.report(ours.span, message);
        finding.related.push(related);
        // A key that is read from a reference or from several properties is no word that can be replaced.
        finding.fixable = !in_asyncapi || claim.value.len() == 1 && cx.facts().slice(ours.span) == ours.text;
        finding.data = there;
    }
}

/// The answer of a design on order, which names a key that none of its channels has.
fn answered_otherwise(cx: &Context, reporter: &mut Reporter) {
    let answers = cx.by_role().filter(|_| cx.facts().kind == Kind::Design).and_then(answers).unwrap_or_default();
    let Some(answer) = answers.iter().find(|it| it.question.id == "ordering") else { return };
    let said = answer.said(cx.facts());
    let names = named(said);
    let [name] = names.as_slice() else { return };
    let is_field = name.name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    let before = name.before.trim_end_matches(['(', ' ', ',', ':']);
    let behind = name.behind.trim_start();
    let is_key = claim_words("keyed-by").ending(before).is_some() || claim_words("is-the-key").begin(behind);
    let mentions = || cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Design);
    let keys: Option<Vec<(&Spanned, Vec<String>)>> =
        mentions().map(|it| Some((it.ordering_key.as_ref()?, parts(it.ordering_key.as_ref()?)?))).collect();
    let Some(keys) = keys.filter(|_| is_field && is_key) else { return };
    let Some((first, theirs)) = keys.first().filter(|it| !it.1.is_empty()) else { return };
    if keys.iter().any(|it| it.1.is_empty() || it.1.iter().any(|it| it == name.name)) {
        return;
    }
    let message = format!(
        "Messages are ordered by `{}` here and by `{}` in the table of channels; make the two agree.",
        name.name,
        shown(theirs)
    );
    let start = answer.value.start as usize;
    let related = cx.related(cx.file(), first.span, "the key of the channel");
    let finding = reporter.report(Span::new(start + name.at.start, start + name.at.end), message);
    finding.related.push(related);
    finding.fixable = false;
}

/// The fields of a key. Where in the message they are looked for (`data.order_id`, `$message.payload#/order_id`) is
/// left out.
fn parts(key: &Spanned) -> Option<Vec<String>> {
    let text = match key.text.split_once("#/") {
        Some((place, pointer)) if place.trim_start_matches('`').starts_with("$message.") => pointer.replace('/', "."),
        _ => key.text.to_string(),
    };
    let bare = |it: String| {
        ["data.", "payload.", "body.", "value."]
            .iter()
            .find_map(|place| it.strip_prefix(place))
            .map(str::to_owned)
            .unwrap_or(it)
    };
    let mut parts: Vec<String> = key_parts(&text)?.into_iter().map(bare).collect();
    parts.sort_unstable();
    Some(parts)
}

/// A key as people write it.
fn shown(parts: &[String]) -> String {
    if parts.is_empty() { "none".to_owned() } else { parts.join(" + ") }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    either_side(cx, finding, edit_here(cx, format!("Take `{}` from the contract", finding.data), vec![edit]))
}
