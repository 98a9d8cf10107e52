//! `reliability/incomplete-answer`: an answer without what makes it usable.

use archwright_knowledge::{claim_words, mentions};
use archwright_model::{
    facts::{answers, prose},
    values::{answer::is_put_off, quantity::durations, value},
};
use smol_str::SmolStr;

use super::{answer, hollow_answer::is_hollow, unguarded_repetition::is_denied};
use crate::{
    claim::{has_other_script, is_withdrawn, near},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/incomplete-answer",
    severity: Severity::Hint,
    summary: "An answer names none of what makes it usable: a key, a bound, a mode, who watches.",
    applies_to: &[Kind::Contract, Kind::Design],
    any_dialect: true,
    sources: &[
        "A-142", "A-143", "A-144", "A-145", "A-146", "A-147", "A-148", "A-149", "A-177", "A-252", "E-007", "H-049",
    ],
    page: include_str!("incomplete_answer.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

/// Whether a text says who watches dead letters, or where that is said.
fn is_watched(said: &str) -> bool {
    // `Nobody gets notified`.
    if near(said, "nobodies", "told-of", 3).is_some() {
        return false;
    }
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

/// The words of which an answer to a question has one, whatever else it says.
fn signs(question: &str) -> Option<&'static str> {
    Some(match question {
        "delivery" => "signs-of-delivery",
        "idempotency" => "signs-of-idempotency",
        "bad-messages" => "signs-of-bad-messages",
        "retry" => "signs-of-retry",
        "ordering" => "signs-of-ordering",
        "schema-evolution" => "signs-of-schema-evolution",
        "observability" => "signs-of-observability",
        "failure-boundary" => "signs-of-failure-boundary",
        _ => return None,
    })
}

/// An answer of more bytes says something that no list of words knows.
const LONGEST: usize = 160;

/// Answers that speak of something, and of nothing that their question asks for.
fn unnamed(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    for answer in answers(document).iter().flatten() {
        let said = answer.said(cx.facts());
        let Some(signs) = signs(&answer.question.id).filter(|it| !says_more(said, it)) else { continue };
        let plain = value::plain(said);
        let denies = claim_words("none-here").begin(plain.trim_start_matches(|it: char| !it.is_alphanumeric()));
        // That nothing recognises a repetition is told elsewhere, unless it is said in other words.
        let is_denied = if answer.question.id == "idempotency" { is_denied(said) } else { denies };
        let other = match signs {
            "signs-of-delivery" => ["once", "exactly-once"].iter().any(|it| claim_words(it).are_in(&plain)),
            // That such an order is claimed is told as that.
            "signs-of-ordering" => claim_words("total-order").are_in(&plain),
            "signs-of-bad-messages" => claim_words("dead-letters").are_in(&plain),
            "signs-of-retry" => prose::has_any(&plain, "bounds") || claim_words("unbounded").are_in(&plain),
            _ => false,
        };
        if is_denied || other || claim_words(signs).are_in(&plain) || !mentions(&plain).is_empty() {
            continue;
        }
        let names = enumerate(&answer.question.names, "or");
        reporter.report(answer.value, format!("This names none of what the question asks for: {names}."));
    }
}

/// Whether an answer says what no list of words knows: it names code, links, counts, points elsewhere or is told by
/// other rules.
fn says_more(said: &str, signs: &str) -> bool {
    // A number is no part of what these ask for: `will be taken up in phase 2`.
    let counts = !matches!(signs, "signs-of-schema-evolution" | "signs-of-failure-boundary" | "signs-of-ordering");
    said.is_empty()
        || said.len() > LONGEST
        || said.contains(['`', '[', '<', '|', '?'])
        || counts && said.contains(|it: char| it.is_ascii_digit())
        || !prose::is_content(said)
        || is_put_off(said)
        || is_hollow(said)
        || is_withdrawn(said)
        || has_other_script(said)
        || claim_words("points-elsewhere").are_in(said)
}

fn check(cx: &Context, reporter: &mut Reporter) {
    if cx.facts().kind == Kind::Contract {
        unwatched(cx, reporter);
        return;
    }
    unnamed(cx, reporter);
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
        } else if is_unpaced(said) && !claim_words("unbounded").are_in(said) {
            let message = "Tried again at once, a failure that lasts for seconds uses up all attempts. Say how long \
                the pauses are, and how they grow.";
            reporter.report(answer.value, message.to_owned());
        }
    }
}

/// Whether an answer says that nothing waits between the attempts.
fn is_unpaced(said: &str) -> bool {
    let bare = prose::without_names(said);
    let denied = near(&bare, "nots", "pauses", 3).is_some() || claim_words("at-once").are_in(&bare);
    denied && durations(said).is_empty() && !said.contains("](") && prose::affirms(&claim_words("nots").without(&bare))
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
