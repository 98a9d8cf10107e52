//! `runbook/lossy-step`: a step that throws messages away.

use archwright_knowledge::claim_words;

use super::steps::steps;
use crate::{
    claim::{Claim, is_claimed, words},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "runbook/lossy-step",
    severity: Severity::Warning,
    summary: "A step deletes dead letters or empties a queue, and keeps no copy.",
    applies_to: &[Kind::Runbook],
    any_dialect: true,
    sources: &["A-093", "A-144"],
    page: include_str!("lossy_step.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let words = words(cx);
    let Some(document) = cx.by_role().filter(|_| words.has(claim_words("dead-letters"))) else { return };
    for block in &document.tree.code_blocks {
        if let Some(line) = taken_before_put(block.content.of(document.text)) {
            let start = block.content.start as usize;
            let message = "What is taken out here is in neither list until the next command, and gone if that fails. \
                Move it in one command, such as `LMOVE`, or in a script that runs as a whole.";
            reporter.report(Span::new(start + line.start, start + line.end), message);
            break;
        }
    }
    let steps = steps(cx);
    let mut is_kept = false;
    let mut section = None;
    for step in steps.0.iter().filter(|it| matches!(it.role, Some(Role::Triage | Role::Mitigation))) {
        let text = step.content.of(document.text);
        // What a step before this one has copied is not lost.
        is_kept &= section == Some(step.section);
        section = Some(step.section);
        is_kept |= claim_words("copies-first").are_in(step.span.of(document.text));
        if is_lossy(text) && !is_kept {
            let claim = Claim { text, span: step.content };
            let message = "What is deleted here cannot be mended and sent again. Copy the messages away first and \
                say where to, or say who decides that they are worth nothing and by what.";
            reporter.report(claim.span, message.to_owned());
        }
    }
}

/// The line of a block that takes something out of a list of Redis which a later one puts into another.
fn taken_before_put(block: &str) -> Option<std::ops::Range<usize>> {
    /// What takes out, what puts in, and what does both as one.
    const TAKES: [&str; 4] = ["LPOP", "RPOP", "BLPOP", "BRPOP"];
    const PUTS: [&str; 5] = ["ZADD", "LPUSH", "RPUSH", "SADD", "XADD"];
    const BOTH: [&str; 6] = ["LMOVE", "BLMOVE", "RPOPLPUSH", "BRPOPLPUSH", "MULTI", "EVAL"];
    let has = |line: &str, all: &[&str]| {
        let mut words = line.split(|it: char| !it.is_alphanumeric());
        words.any(|word| all.iter().any(|it| word.eq_ignore_ascii_case(it)))
    };
    if !block.contains("redis-cli") || has(block, &BOTH) {
        return None;
    }
    let mut at = 0;
    let mut taken = None;
    for line in block.split_inclusive('\n') {
        let said = line.trim();
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        if said.starts_with('#') {
            continue;
        }
        if taken.is_some() && has(said, &PUTS) {
            return taken;
        }
        if has(said, &TAKES) {
            taken = Some(start..start + said.len());
        }
    }
    None
}

/// Whether a step tells its reader to throw dead letters away, with nothing that keeps them or says which.
fn is_lossy(step: &str) -> bool {
    let is = |kind: &str, word: &str| claim_words(kind).are_all_of(word);
    let clauses = step.split(". ").flat_map(|it| it.split([';', ':', ','])).map(str::trim_start);
    let mut all = clauses.filter(|it| !it.is_empty());
    all.any(|clause| {
        let mut words = clause.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
        let first = words.find(|it| !is("leads-on", it)).unwrap_or_default();
        is("throws-away", first) && claim_words("dead-letters").are_in(&clause.replace('.', " ")) && is_claimed(clause)
    }) && !claim_words("keeps-a-copy").are_in(step)
}

#[cfg(test)]
mod tests {
    use super::is_lossy;

    #[test]
    fn what_is_moved_by_two_commands_is_told() {
        let two = "item=$(redis-cli RPOP orders:dead)\nredis-cli LPUSH orders \"$item\"\n";
        assert_eq!(super::taken_before_put(two), Some(0..34));
        assert_eq!(super::taken_before_put("redis-cli RPOPLPUSH orders:dead orders\n"), None);
        assert_eq!(super::taken_before_put("redis-cli LPUSH a b\nredis-cli LPOP a\n"), None);
    }

    #[test]
    fn what_is_thrown_away_is_told_from_what_is_kept() {
        for step in [
            "Purge `baskets.submitted.v1.dlq` to silence the alarm.",
            "Delete all dead letters.",
            "Fix the consumer, then empty the DLQ.",
            "Drop the parking lot.",
        ] {
            assert!(is_lossy(step), "{step}");
        }
        for step in [
            "Copy the dead letters to the bucket, then purge `x.dlq`.",
            "Delete the dead letters that are older than 30 days, after team-orders agreed.",
            "Open the DLQ and note its depth.",
            "Empty the cache.",
        ] {
            assert!(!is_lossy(step), "{step}");
        }
    }
}
