//! `reliability/incomplete-answer`: an answer without what makes it usable.

use archwright_knowledge::claim_words;
use archwright_model::facts::prose;
use smol_str::SmolStr;

use super::answer;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/incomplete-answer",
    severity: Severity::Hint,
    summary: "An answer names dead letters without who watches them, or a retry without its bound.",
    applies_to: &[Kind::Contract, Kind::Design],
    any_dialect: true,
    sources: &["A-144", "A-145", "H-049", "A-177", "A-252", "E-007"],
    page: include_str!("incomplete_answer.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

/// Whether a text says who watches dead letters, or where that is said.
fn is_watched(said: &str) -> bool {
    ["owned", "alerts"].iter().any(|it| claim_words(it).are_in(said))
        || said.split_whitespace().any(|it| it.trim_start_matches(['(', '`', '*']).starts_with("team-"))
        || said.contains(['@'])
        || said.contains("](")
}

/// The dead letters of a contract, of which nothing in their section says who watches them.
fn unwatched(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let Some(dlq) = document.field(Role::Dlq).filter(|it| it.text.contains('`')) else { return };
    let section = document.tree.section_at(dlq.span.start as usize);
    let around = document.tree.section(section).body.of(document.text);
    // Who starts a replay watches nothing.
    let replay = document.field(Role::Replay).map_or_else(SmolStr::default, |it| it.text);
    let around = if replay.is_empty() { around.to_owned() } else { around.replace(replay.as_str(), "") };
    // The owner of the channel answers for them where the contract has no more to say.
    let says_more = dlq.text.contains(',') || dlq.text.contains(';');
    if says_more && !is_watched(&around) && document.field(Role::DlqOwner).is_none() {
        reporter.report(dlq.span, UNWATCHED.to_owned());
    }
}

/// What is said of dead letters that nobody watches.
const UNWATCHED: &str = "Dead letters that nobody owns pile up unseen. Name the team and the alert.";

fn check(cx: &Context, reporter: &mut Reporter) {
    if cx.facts().kind == Kind::Contract {
        unwatched(cx, reporter);
        return;
    }
    if let Some(answer) = answer(cx, "bad-messages") {
        let said = answer.said(cx.facts());
        let names_one = prose::is_content(said) && said.contains('`') && claim_words("dead-letters").are_in(said);
        if names_one && !is_watched(said) {
            reporter.report(answer.value, UNWATCHED.to_owned());
        }
    }
    if let Some(answer) = answer(cx, "retry") {
        let said = answer.said(cx.facts());
        let bounded = said.contains(|it: char| it.is_ascii_digit())
            || prose::has_any(said, "bounds")
            || claim_words("unbounded").are_in(said);
        if prose::is_content(said) && claim_words("retry").are_in(said) && !bounded && !said.contains("](") {
            let message = "After how many attempts does a message go to the dead letters? Name the number.";
            reporter.report(answer.value, message.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use archwright_model::RelPath;

    use super::RULE;
    use crate::fixture::Fixture;

    /// Whether something is said of a contract with these dead letters.
    fn is_told(dlq: &str) -> bool {
        let path = "docs/features/shop/contracts/orders.placed.v1.md";
        let text = format!("//- /{path}\n# Contract: orders.placed.v1\n\n## DLQ and replay\n\n- **DLQ**: {dlq}\n");
        let workspace = Fixture::new(&text).open();
        let file = workspace.file(&RelPath::new(path)).unwrap();
        workspace.findings(file).iter().any(|it| it.rule.code == RULE.code)
    }

    #[test]
    fn dead_letters_of_a_contract_are_watched() {
        assert!(is_told("`orders.placed.v1.dlq`, kept 14 days"));
        for dlq in [
            "`orders.placed.v1.dlq`",
            "`orders.placed.v1.dlq`, kept 14 days, alert at 1 message",
            "`orders.placed.v1.dlq`, team-orders, kept 14 days",
            "`orders.placed.v1.dlq`, kept 14 days\n\nThe owner of the channel looks at it each day.",
        ] {
            assert!(!is_told(dlq), "{dlq}");
        }
    }
}
