//! `channel/lossy-binding`: an AsyncAPI document whose bindings lose messages that the contract promises to deliver.

use archwright_asyncapi::terms::LossKind;
use archwright_model::values::value;

use super::{claims, described, terms_by_name};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/lossy-binding",
    severity: Severity::Warning,
    summary: "A binding loses messages that the channel's contract promises to deliver.",
    applies_to: &[Kind::Asyncapi],
    any_dialect: true,
    sources: &["A-142", "A-215"],
    page: include_str!("lossy_binding.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(terms) = cx.facts().asyncapi().map(|it| &it.terms) else { return };
    if terms.channels.iter().all(|it| it.losses.is_empty()) {
        return;
    }
    let by_name = terms_by_name(terms);
    for mention in described(cx) {
        let Some(channel) = by_name.get(&mention.name.span).copied().filter(|it| !it.losses.is_empty()) else {
            continue;
        };
        let promised = claims(cx, &mention.name.text, |_, it| {
            Some((it.delivery.as_ref()?, promise(&it.delivery.as_ref()?.text)?))
        });
        let Some(claim) = promised.first() else { continue };
        for loss in &channel.losses {
            let (what, instead) = match loss.kind {
                LossKind::OneReplica => ("one replica is gone with its broker", "take three replicas"),
                LossKind::FireAndForget => ("`qos: 0` sends once and forgets", "take `qos: 1`"),
                LossKind::NoAcknowledgement => {
                    ("without acknowledgement a message is gone when its receiver fails", "acknowledge")
                }
                LossKind::Transient => {
                    ("transient messages are gone when the broker restarts", "take `deliveryMode: 2`")
                }
                LossKind::Direct => {
                    ("direct messages are dropped when a receiver is slow", "take `deliveryMode: persistent`")
                }
            };
            let text = format!(
                "The contract of `{}` promises {} delivery, but {what}; {instead}, or promise less.",
                mention.name.text, claim.value
            );
            let related =
                cx.related(claim.file, claim.at.span, format!("the contract says `{}`", value::plain(&claim.at.text)));
            reporter.report(loss.value.span, text).related.push(related);
        }
    }
}

/// The guarantee that a value begins with, if it is one that no message is lost.
fn promise(text: &str) -> Option<&'static str> {
    let text = value::plain(text).to_lowercase().replace(['-', '_'], " ");
    let guarantees = [
        ("at least once", "at-least-once"),
        ("exactly once", "exactly-once"),
        ("effectively once", "effectively-once"),
    ];
    guarantees.into_iter().find(|it| text.starts_with(it.0)).map(|it| it.1)
}
