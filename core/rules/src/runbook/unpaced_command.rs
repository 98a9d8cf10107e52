//! `runbook/unpaced-command`: a limit stands beside a command that knows nothing of it.

use archwright_knowledge::claim_words;

use crate::{
    claim::{claims, words},
    prelude::*,
};
use archwright_model::values::quantity::measured;

/// The rule.
pub static RULE: Rule = Rule {
    code: "runbook/unpaced-command",
    severity: Severity::Warning,
    summary: "A step limits how fast messages are sent again, and its command sends them at full speed.",
    applies_to: &[Kind::Runbook],
    any_dialect: true,
    sources: &["A-144", "A-334"],
    page: include_str!("unpaced_command.md"),
    check,
    ..Rule::OURS
};

/// What sends what it reads, as fast as it can.
const SENDERS: [&str; 6] =
    ["kcat ", "kafkacat ", "kafka-console-producer", "rabbitmqadmin publish", "nats pub", "aws kinesis put-record"];
/// What slows a command down.
const BRAKES: [&str; 9] =
    ["pv ", "sleep", "throttle", "--throughput", "rate", "--max-messages", "-L ", "batch", "delay"];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown().filter(|_| SENDERS.iter().any(|it| facts.text.contains(it))) else { return };
    let words = words(cx);
    for block in &tree.code_blocks {
        let text = facts.slice(block.content);
        if !sends(text) || BRAKES.iter().any(|it| text.contains(it)) {
            continue;
        }
        let own = tree.section(block.section).body;
        let limit = claims(cx).into_iter().filter(|it| own.contains(it.span)).find_map(|it| {
            let paced = words.has_within(claim_words("paced"), it.span.range());
            let number = measured(it.text).into_iter().find(|it_| {
                let behind = it.text.get(it_.digits.end..).unwrap_or_default();
                claim_words("per-time")
                    .first(behind)
                    .is_some_and(|at| behind.get(..at.start).is_some_and(|it| it.len() < 24))
            })?;
            (paced && !text.contains(it.text.get(number.digits.clone())?)).then_some((it, number))
        });
        let Some((claim, number)) = limit else { continue };
        let start = claim.span.start as usize;
        let message = format!(
            "The command beside this sends as fast as it can: nothing in it holds {} back. Put the limit into \
             the command.",
            number.amount
        );
        let place = Span::new(start + number.digits.start, start + number.digits.end);
        reporter.report(place, message).related.push(cx.related(cx.file(), block.content, "the command"));
    }
}

/// Whether a block sends messages; `kcat` does so in one of its modes only.
fn sends(text: &str) -> bool {
    SENDERS.iter().any(|it| text.contains(it))
        && (!text.contains("kcat ") && !text.contains("kafkacat ") || text.contains(" -P"))
}
