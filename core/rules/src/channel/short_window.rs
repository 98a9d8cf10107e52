//! `channel/short-window`: a document that keeps keys of duplicates or dead letters for a shorter time than messages.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{ChannelRole, answers},
    values::{
        quantity::durations,
        retention::{Kept, Retention, in_words},
    },
};
use archwright_syntax::Spanned;

use crate::{claim::is_claimed, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/short-window",
    severity: Severity::Warning,
    summary: "A document keeps the keys of duplicates, or dead letters, for a shorter time than the channel keeps \
        messages, or promises to replay older ones.",
    applies_to: &[
        Kind::Contract,
        Kind::Design,
        Kind::Adr,
        Kind::Rfc,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
        Kind::ReadinessReview,
    ],
    any_dialect: true,
    sources: &["A-143", "A-144", "A-303", "A-384", "H-051"],
    page: include_str!("short_window.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let has_fields = matches!(cx.facts().kind, Kind::Contract | Kind::Design) && cx.facts().opted_in();
    if !has_fields {
        super::told_windows::check(cx, reporter);
        return;
    }
    let Some(document) = cx.by_role() else { return };
    if cx.facts().kind == Kind::Design {
        forgotten(cx, document, reporter);
        return;
    }
    let Some(retention) = document.field(Role::Retention) else { return };
    let Some(messages) = Retention::of(&retention.text).exact() else { return };
    for (role, what, effect) in [
        (
            Role::IdempotencyKey,
            "The keys of duplicates",
            "a message that comes again after that is taken for a new one",
        ),
        (Role::Dlq, "The dead letters", "what failed is gone before the messages around it"),
    ] {
        let own = document.field(role).and_then(|it| window(&it));
        let Some((kept, span)) = own.or_else(|| asked(document, role)) else { continue };
        if kept.high >= messages {
            continue;
        }
        let message = format!(
            "{what} are kept for {} and messages for {}: {effect}. Keep them for {} at least.",
            in_words(kept.high),
            in_words(messages),
            in_words(messages)
        );
        let related = cx.related(cx.file(), retention.span, format!("messages are kept for {}", in_words(messages)));
        reporter.report(span, message).related.push(related);
    }
    // `Replay: by order within 45 days`, of what is kept for 7.
    let Some(replay) = document.field(Role::Replay) else { return };
    let in_digits = durations(&replay.text);
    if in_digits.is_empty() {
        replayed_in_words(cx, &replay, &retention, messages, reporter);
    }
    let [(place, _)] = &in_digits[..] else { return };
    let before = replay.text.get(..place.start).unwrap_or_default();
    let reaches = claim_words("reaches-back").ending(before.trim_end()).is_some();
    let start = replay.span.start as usize;
    let written = replay.text.get(place.clone()).unwrap_or_default();
    if !reaches || Retention::of(written).exact().is_none_or(|it| it <= messages) {
        return;
    }
    let message = format!(
        "A replay is promised for `{written}`, and messages are kept for {}: what is older is gone. Keep them for as \
         long, or say from where older ones are read.",
        in_words(messages)
    );
    let related = cx.related(cx.file(), retention.span, format!("messages are kept for {}", in_words(messages)));
    reporter.report(Span::new(start + place.start, start + place.end), message).related.push(related);
}

/// `Any basket of the past sixty days`, of what is kept for 7.
fn replayed_in_words(cx: &Context, replay: &Spanned, retention: &Spanned, messages: u64, reporter: &mut Reporter) {
    let promised = Retention::of(&replay.text);
    let [kept] = promised.kept.as_slice() else { return };
    let reaches = claim_words("reaches-back").are_in(&replay.text);
    if !reaches || promised.exact().is_none() || kept.high <= messages || !is_claimed(&replay.text) {
        return;
    }
    let message = format!(
        "A replay is promised for {}, and messages are kept for {}: what is older is gone. Keep them for as long, or \
         say from where older ones are read.",
        in_words(kept.high),
        in_words(messages)
    );
    let related = cx.related(cx.file(), retention.span, format!("messages are kept for {}", in_words(messages)));
    reporter.report(replay.span, message).related.push(related);
}

/// The answer of a design on repetitions that remembers keys for a shorter time than each of its channels keeps
/// messages.
fn forgotten(cx: &Context, document: &ByRole, reporter: &mut Reporter) {
    let all = answers(document).unwrap_or_default();
    let Some(answer) = all.iter().find(|it| it.question.id == "idempotency") else { return };
    let Some((kept, span)) = window(&Spanned::of(answer.value, document.text)) else { return };
    let kept_by = cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Design).map(|it| &it.retention);
    let times = kept_by.map(|it| Some((it.as_ref()?.span, Retention::of(&it.as_ref()?.text).exact()?)));
    let Some(times) = times.collect::<Option<Vec<_>>>() else { return };
    let Some((place, least)) = times.iter().min_by_key(|it| it.1).copied().filter(|it| kept.high < it.1) else {
        return;
    };
    let message = format!(
        "The keys of duplicates are kept for {} and messages for {}: a message that comes again after that is taken \
         for a new one. Keep them for {} at least.",
        in_words(kept.high),
        in_words(least),
        in_words(least)
    );
    let related = cx.related(cx.file(), place, format!("messages are kept for {}", in_words(least)));
    reporter.report(span, message).related.push(related);
}

/// How long something is kept, where a field of its own asks for it: `How long is a duplicate recognised?` with its
/// answer.
fn asked(document: &ByRole, role: Role) -> Option<(Kept, Span)> {
    let about: &[&str] = if role == Role::Dlq { &["dead-letters"] } else { &["copies", "message-ids"] };
    let is_about = |name: &str| about.iter().any(|it| claim_words(it).are_in(name));
    let asks = |name: &str| is_about(name) && ["keeps", "how-long"].iter().any(|it| claim_words(it).are_in(name));
    let (tree, text) = (document.tree, document.text);
    let fields = tree.fields.iter().map(|it| (it.name.of(text), it.value));
    // `**How long ...?** Six hours` has no colon.
    let questions = tree.items.iter().filter_map(|it| {
        let (question, answer) = it.content.of(text).split_once('?')?;
        let answer = answer.trim_start_matches(['*', '_', ' ', '\n']);
        let start = it.content.end as usize - answer.len();
        Some((question, Span::new(start, it.content.end as usize)))
    });
    let mut asked = fields.chain(questions).filter(|it| asks(it.0)).map(|it| it.1);
    let answer = asked.next().filter(|_| asked.next().is_none())?;
    let said = Retention::of(answer.of(text).split(['.', ';']).next().unwrap_or_default());
    let [kept] = said.kept.as_slice() else { return None };
    said.exact().is_some().then_some((*kept, answer))
}

/// How long a value says that something is kept, if it says so once: `kept 14 days` of `orders.dlq, kept 14 days`.
/// Other durations, such as those of alerts, are something else.
pub(super) fn window(value: &Spanned) -> Option<(Kept, Span)> {
    let keeps = claim_words("keeps");
    let mut found = None;
    let mut at = 0;
    for clause in value.text.split_inclusive([',', ';', '(', ')']) {
        let start = value.span.start as usize + at;
        at += clause.len();
        if !keeps.are_in(clause) {
            continue;
        }
        let said = Retention::of(clause);
        let [kept] = said.kept.as_slice() else { continue };
        if said.compacted || kept.high == u64::MAX || found.is_some() {
            // Two windows, or one that never ends, tell of more than one place.
            return None;
        }
        let trimmed = clause.trim_matches(|it: char| it.is_whitespace() || ",;()".contains(it));
        let begin = start + clause.find(trimmed).unwrap_or_default();
        found = Some((*kept, Span::new(begin, begin + trimmed.len())));
    }
    found
}
