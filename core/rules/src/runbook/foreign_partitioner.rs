//! `runbook/foreign-partitioner`: a tool sends keyed messages by another hash than the producers.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "runbook/foreign-partitioner",
    severity: Severity::Info,
    summary: "A command sends keyed messages with a partitioner that Java producers do not use.",
    applies_to: &[Kind::Runbook],
    any_dialect: true,
    sources: &["A-337", "A-397"],
    page: include_str!("foreign_partitioner.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown().filter(|_| facts.text.contains("kcat ") || facts.text.contains("kafkacat "))
    else {
        return;
    };
    if facts.text.contains("partitioner") || facts.text.contains("murmur2") || facts.text.contains("librdkafka") {
        return;
    }
    for block in &tree.code_blocks {
        let mut at = block.content.start as usize;
        for line in facts.slice(block.content).split_inclusive('\n') {
            let start = at;
            at += line.len();
            let tool = ["kcat ", "kafkacat "].iter().filter_map(|it| line.rfind(it)).max();
            let Some(tool) = tool else { continue };
            let command = line.get(tool..).unwrap_or_default();
            if command.contains(" -P") && command.contains(" -K") && !command.contains(" -p ") {
                let message = "This tool spreads keys by another hash than Java producers: a message that is sent \
                    again lands on another partition than those with its key, and their order is lost. Add \
                    `-X partitioner=murmur2_random`, or say that no producer is Java.";
                reporter.report(Span::new(start + tool, start + line.trim_end().len()), message);
            }
        }
    }
}
