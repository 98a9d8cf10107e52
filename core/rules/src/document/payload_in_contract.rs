//! `document/payload-in-contract`: a contract that repeats what its schema says.

use archwright_model::facts::ChannelRole;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/payload-in-contract",
    severity: Severity::Info,
    summary: "A contract repeats a message or its schema in a block of code, although both have files of their own.",
    applies_to: &[Kind::Contract],
    sources: &["A-042"],
    page: include_str!("payload_in_contract.md"),
    check,
    ..Rule::OURS
};

/// Languages in which messages and their schemas are written.
const LANGUAGES: [&str; 9] = ["json", "jsonc", "json5", "avro", "avsc", "proto", "protobuf", "yaml", "yml"];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let (Some(tree), Some(channel)) = (facts.markdown(), &facts.captures.channel) else { return };
    let is_payload = |language: &str| LANGUAGES.iter().any(|it| it.eq_ignore_ascii_case(language));
    let mut blocks = tree.code_blocks.iter().filter(|it| it.fenced && is_payload(facts.slice(it.language))).peekable();
    if blocks.peek().is_none() {
        return;
    }
    let said = cx.files(Key::Channel(channel.clone()));
    let Some(schema) = said.iter().find(|it| it.facts.channel(channel, ChannelRole::Schema).is_some()) else { return };
    let path = schema.facts.path.relative_to(&facts.path.parent());
    for block in blocks {
        let message = format!(
            "What stands here stands in `{path}` as well, and one of the two will be out of date. Link the schema, and \
             put examples into the AsyncAPI document, where they are checked."
        );
        reporter.report(block.language, message);
    }
}
