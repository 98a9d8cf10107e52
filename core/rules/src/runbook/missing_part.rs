//! `runbook/missing-part`: somebody is paged about a part of which no runbook speaks.

use archwright_knowledge::claim_words;
use archwright_model::facts::Topic;

use crate::{prelude::*, stated::stated};

/// The rule.
pub static RULE: Rule = Rule {
    code: "runbook/missing-part",
    severity: Severity::Info,
    summary: "An alert pages about a part of the system of which no runbook of the feature speaks.",
    applies_to: &[Kind::Contract, Kind::Design],
    any_dialect: false,
    sources: &["A-226", "A-347"],
    page: include_str!("missing_part.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let parts = claim_words("alerted-parts");
    let own = cx.facts().document().into_iter().flat_map(|it| &it.statements);
    for page in own.filter(|it| it.topic == Topic::Page) {
        let Some(part) = parts.first(&page.subject).and_then(|it| page.subject.get(it)) else { continue };
        let known = stated(cx, Topic::PartInRunbook);
        // A feature without a runbook lacks more than this.
        // What takes messages out of an outbox has several names.
        let relays = claim_words("relays");
        let is_it = |it: &str| it.eq_ignore_ascii_case(part) || relays.are_all_of(part) && relays.are_all_of(it);
        if known.is_empty() || known.iter().any(|it| is_it(&it.statement.subject)) {
            continue;
        }
        let message = format!(
            "Whoever is paged here finds no runbook of the feature that speaks of the `{}`. Write the steps, and say \
             who takes them.",
            part.to_lowercase()
        );
        reporter.report(page.span, message);
    }
}
