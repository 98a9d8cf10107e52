//! `runbook/anonymous-command`: a command that does not log in to a broker that asks for it.

use archwright_knowledge::claim_words;
use archwright_model::facts::Topic;
use smol_str::SmolStr;

use crate::{
    claim::{claims, words},
    prelude::*,
    stated::stated,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "runbook/anonymous-command",
    severity: Severity::Warning,
    summary: "A command of a runbook does not log in to a broker that asks for it.",
    applies_to: &[Kind::Runbook],
    any_dialect: true,
    sources: &["A-093", "A-337"],
    page: include_str!("anonymous_command.md"),
    check,
    ..Rule::OURS
};

/// How the tools of Kafka are given a login, on the line or around it.
const LOGINS: [&str; 9] = [
    "--command-config",
    "--consumer.config",
    "--producer.config",
    "--consumer-property",
    "--producer-property",
    "--reader-config",
    "KAFKA_OPTS",
    "client.properties",
    "security.protocol",
];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown().filter(|_| facts.text.contains("--bootstrap-server")) else { return };
    // One setting may stand for all commands, and a wrapper may have it.
    if LOGINS.iter().any(|it| facts.text.contains(it)) {
        return;
    }
    for block in &tree.code_blocks {
        let text = facts.slice(block.content);
        let Some(at) = text.find("--bootstrap-server") else { continue };
        let from = text.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
        let line = text.get(from..).and_then(|it| it.lines().next()).unwrap_or_default();
        // A tool inside of the broker's own container speaks to it from there.
        if !line.trim_start().starts_with("kafka-") || line.contains("localhost") {
            continue;
        }
        let Some((how, related)) = login(cx) else { return };
        let start = block.content.start as usize + from;
        let message = format!(
            "The broker asks for {how}, and this command brings nothing to log in with: at night it ends in a timeout. \
             Add `--command-config` with the file, and say whose account it is."
        );
        let tool = line.split_whitespace().next().map_or(0, str::len);
        let finding = reporter.report(Span::new(start, start + tool.max(1)), message);
        finding.related.extend(related);
        return;
    }
}

/// How the broker is logged in to, by the documents of the feature or by this one.
fn login(cx: &Context) -> Option<(SmolStr, Option<archwright_engine::Related>)> {
    let stated = stated(cx, Topic::BrokerLogin);
    if let Some(said) = stated.first() {
        return Some((said.statement.subject.clone(), Some(cx.related(said.file, said.statement.span, "said here"))));
    }
    let (words, logins) = (words(cx), claim_words("broker-login"));
    let all = claims(cx);
    let claim = all.iter().find(|it| {
        words.has_within(logins, it.span.range())
            && claim_words("broker-things").are_in(it.text)
            && !claim_words("denies").are_in(it.text)
    })?;
    Some((logins.first(claim.text).and_then(|it| claim.text.get(it)).unwrap_or_default().into(), None))
}
