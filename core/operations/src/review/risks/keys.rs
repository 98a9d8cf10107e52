//! Keys of messages that are another's or gone: messages of one key lose their order.

use archwright_model::Severity;
use archwright_scan::flow::{Flow, KeyUse};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::{
    super::reviewed::{Mark, ReviewFinding, ReviewPlace},
    CodeChange,
    context::Service,
};

/// Messages that lose their order.
pub(in crate::review) const CODE: &str = "review/changed-key";

/// Keys by the function that gives them and how.
type Groups<'f> = Vec<((usize, SmolStr), Vec<&'f KeyUse>)>;

/// What became of the keys of messages.
pub(super) fn keys(change: &CodeChange<'_>, service: &Service<'_>) -> Vec<ReviewFinding> {
    let promised = service.ordering_keys();
    let (before, after) = (groups(&change.before), groups(&change.after));
    let mut found: Vec<ReviewFinding> = Vec::new();
    for ((function, by), now) in &after {
        let Some(was) = change.was(*function) else { continue };
        let Some((_, then)) = before.iter().find(|it| it.0 == (was, by.clone())) else { continue };
        let Some((old, new)) = changed(then, now) else { continue };
        let promise = promised.iter().find(|it| it.1 == old.value);
        let (message, against) = if new.value.is_empty() {
            let message = "The message has no key any more: what belonged together is spread over all partitions and \
                           overtakes each other."
                .to_owned();
            (message, promise.map(|it| it.2.clone()))
        } else {
            let is_promised_too = promised.iter().any(|it| it.1 == new.value);
            let Some((channel, key, place)) = promise.filter(|_| !is_promised_too) else { continue };
            let message = format!(
                "The key of the message is `{}` now and was `{key}`, by which {channel} is ordered: messages of one \
                 `{key}` overtake each other.",
                new.value
            );
            (message, Some(place.clone()))
        };
        let mut finding = change.finding(CODE, new.span.start, message);
        // One change of a key shows at several places.
        if found.iter().any(|it| it.message == finding.message) {
            continue;
        }
        // Where nobody promised an order, it may be meant so.
        if promised.is_empty() {
            (finding.mark, finding.severity) = (Mark::Lead, Severity::Warning);
        }
        finding.against = against.into_iter().collect::<Vec<ReviewPlace>>();
        if finding.against.is_empty() {
            finding.against.extend(promised.first().map(|it| it.2.clone()));
        }
        finding.against.extend(change.place_before(old.span.start));
        finding.advice =
            Some("Keep the key; a new one needs a new channel, or a pause in which nothing is in flight.".to_owned());
        found.push(finding);
    }
    found
}

fn groups(flow: &Flow) -> Groups<'_> {
    let mut groups: FxHashMap<(usize, SmolStr), Vec<&KeyUse>> = FxHashMap::default();
    for key in &flow.keys {
        groups.entry((key.function, key.by.clone())).or_default().push(key);
    }
    let mut groups: Groups<'_> = groups.into_iter().collect();
    groups.sort_by(|a, b| a.0.cmp(&b.0));
    groups
}

/// The first key that is another now, or gone. Where there are more or fewer places than before, only a loss is sure.
fn changed<'f>(then: &[&'f KeyUse], now: &[&'f KeyUse]) -> Option<(&'f KeyUse, &'f KeyUse)> {
    let is_known = |it: &KeyUse| !it.value.is_empty();
    if then.len() == now.len() {
        let mut pairs = then.iter().zip(now).map(|it| (*it.0, *it.1));
        return pairs.find(|(old, new)| is_known(old) && old.value != new.value && new.value != "?");
    }
    let without = |all: &[&KeyUse]| all.iter().filter(|it| !is_known(it)).count();
    let with = |all: &[&KeyUse]| all.len() - without(all);
    if without(now) <= without(then) || with(now) >= with(then) {
        return None;
    }
    Some((*then.iter().find(|it| is_known(it))?, *now.iter().find(|it| !is_known(it))?))
}
