//! `runbook/unpaced-command`: a limit stands beside a command that knows nothing of it.

use std::ops::Range;

use archwright_knowledge::claim_words;
use archwright_model::values::quantity::measured;

use crate::{
    claim::{claims, number_in_words, words},
    prelude::*,
    stated::within,
};

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
            let number = numbers(it.text).into_iter().find(|number| {
                let behind = it.text.get(number.1.end..).unwrap_or_default();
                claim_words("per-time")
                    .first(behind)
                    .is_some_and(|at| behind.get(..at.start).is_some_and(|it| it.len() < 24))
            })?;
            (paced && !text.contains(it.text.get(number.1.clone())?)).then_some((it, number))
        });
        let Some((claim, (amount, digits))) = limit else { continue };
        let message = format!(
            "This command sends as fast as it can, and nothing in it holds it to {amount} as the text does. Put the \
             limit into the command."
        );
        let related = cx.related(cx.file(), within(&claim, &digits), "the limit");
        reporter.report(sender(text, block.content), message).related.push(related);
    }
}

/// The numbers of a sentence, in digits or in words, and where they stand.
fn numbers(sentence: &str) -> Vec<(f64, Range<usize>)> {
    let in_words = claim_words("number-words").all(sentence).filter_map(|it| {
        let number = number_in_words(sentence.get(it.clone())?)?;
        Some((number, it))
    });
    measured(sentence).into_iter().map(|it| (it.amount, it.digits)).chain(in_words).collect()
}

/// The first line of a block that sends.
fn sender(text: &str, block: Span) -> Span {
    let mut start = block.start as usize;
    let mut reads = None;
    for line in text.split_inclusive('\n') {
        if SENDERS.iter().any(|it| line.contains(it)) {
            let said = line.trim();
            let at = start + line.find(said).unwrap_or(0);
            let place = Span::new(at, at + said.len());
            // A pipe over several lines begins with what reads.
            if sends(line) {
                return place;
            }
            reads = reads.or(Some(place));
        }
        start += line.len();
    }
    reads.unwrap_or(block)
}

/// Whether a block sends messages; `kcat` does so in one of its modes only.
fn sends(text: &str) -> bool {
    SENDERS.iter().any(|it| text.contains(it))
        && (!text.contains("kcat ") && !text.contains("kafkacat ") || text.contains(" -P"))
}
