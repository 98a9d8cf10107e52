//! Retries that lost their end, their growing pauses, or what spreads them.

use archwright_model::Severity;
use archwright_scan::flow::{Attempts, Bound, Flow, Function, folded};

use super::{super::reviewed::ReviewFinding, CodeChange, context::Service};

/// What can never succeed is tried for ever.
pub(super) const UNBOUNDED: &str = "review/unbounded-retry";

/// What fails is tried again too soon, or by all at once.
pub(super) const HASTY: &str = "review/hasty-retry";

/// Another number of attempts than was promised.
pub(super) const OTHER_LIMIT: &str = "review/other-limit";

/// What retries lost.
pub(super) fn retries(change: &CodeChange<'_>, service: &Service<'_>) -> Vec<ReviewFinding> {
    let mut found = Vec::new();
    for (then, now, was, is) in change.functions() {
        let name = if is.name.is_empty() { "The file" } else { is.name.as_str() };
        let count = |function: &Function, bound: Bound| function.loops.iter().filter(|it| it.bound == bound).count();
        let is_endless =
            count(was, Bound::Counted) > count(is, Bound::Counted) && count(is, Bound::None) > count(was, Bound::None);
        let gone = lost_pauses(change, (then, was), (now, is));
        let endless = is.loops.iter().find(|it| it.bound == Bound::None).filter(|_| is_endless);
        let (code, at, message, advice) = match (endless, gone.is_empty()) {
            (None, true) => continue,
            (Some(endless), _) => {
                let limit = change.before.attempts.first().map(|it| format!(" (`{}` was {})", it.name, it.value.text));
                let also = if gone.is_empty() { String::new() } else { format!(", nor {}", gone.join(" and ")) };
                let message = format!(
                    "The attempts in `{name}` have no end any more{}{also}: a message that can never succeed stops all \
                     behind it.",
                    limit.unwrap_or_default()
                );
                (
                    UNBOUNDED,
                    endless.span.start,
                    message,
                    "Count the attempts, and set the message aside after the last.",
                )
            }
            (None, false) => {
                let what = match gone.as_slice() {
                    ["pause"] => "it is tried again at once",
                    ["jitter"] => "all that failed together try again together",
                    _ => "what is overloaded gets no time to recover",
                };
                let at = is.loops.first().map_or(is.span.start, |it| it.span.start);
                let message = format!("The retry in `{name}` lost its {}: {what}.", gone.join(" and its "));
                (HASTY, at, message, "Wait longer from time to time, spread by chance.")
            }
        };
        let mut finding = change.finding(code, at, message);
        if code == HASTY {
            finding.severity = Severity::Warning;
        }
        finding.against = promises(service);
        finding.against.extend(was.loops.first().and_then(|it| change.place_before(it.span.start)));
        finding.advice = Some(advice.to_owned());
        found.push(finding);
    }
    found.extend(limits(change, service));
    found
}

/// What the pauses between attempts lost: all of them, their growth, or what spreads them.
fn lost_pauses(
    change: &CodeChange<'_>,
    (then, was): (usize, &Function),
    (now, is): (usize, &Function),
) -> Vec<&'static str> {
    if was.loops.is_empty() || is.loops.is_empty() || change.calls_something_new(now) {
        return Vec::new();
    }
    let has = |flow: &Flow, function: usize, what: fn(&Function) -> bool| {
        flow.reach(function).iter().filter_map(|it| flow.functions.get(*it)).any(what)
    };
    let waits =
        |flow: &Flow, function: &Function| function.loops.iter().any(|it| it.calls.iter().any(|it| flow.waits(it)));
    let lost = |what| has(&change.before, then, what) && !has(&change.after, now, what);
    match () {
        () if !waits(&change.before, was) => Vec::new(),
        () if !waits(&change.after, is) => vec!["pause"],
        () => {
            let backoff = lost(|it| it.is_growing).then_some("backoff");
            backoff.into_iter().chain(lost(|it| it.is_random).then_some("jitter")).collect()
        }
    }
}

/// Constants that say how often something is tried, and say "without end" or another number than is promised.
fn limits(change: &CodeChange<'_>, service: &Service<'_>) -> Vec<ReviewFinding> {
    let mut found = Vec::new();
    for now in &change.after.attempts {
        let same = |it: &&Attempts| folded(&it.name) == folded(&now.name);
        let Some(then) = change.before.attempts.iter().find(same) else { continue };
        if then.value.text == now.value.text || then.is_endless {
            continue;
        }
        let mut finding = if now.is_endless {
            let message =
                format!("`{}` is `{}` now: what can never succeed is tried for ever.", now.name, now.value.text);
            change.finding(UNBOUNDED, now.value.span.start, message)
        } else {
            let promised = service.attempts(&then.value.text);
            if promised.is_empty() || !service.attempts(&now.value.text).is_empty() {
                continue;
            }
            let message = format!(
                "`{}` is {} now and was {}, the number of attempts that is promised.",
                now.name, now.value.text, then.value.text
            );
            let mut finding = change.finding(OTHER_LIMIT, now.value.span.start, message);
            finding.severity = Severity::Warning;
            finding.against = promised;
            finding
        };
        finding.against.extend(change.place_before(then.value.span.start));
        finding.advice = Some("Keep to the number that is promised, or change the promise first.".to_owned());
        found.push(finding);
    }
    found
}

/// Where it is promised how failures are tried again.
fn promises(service: &Service<'_>) -> Vec<super::ReviewPlace> {
    service.retry_promises().into_iter().take(2).collect()
}
