//! `document/code-in-design`: implementation code in a design document.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/code-in-design",
    severity: Severity::Warning,
    summary: "A design document holds a block of code.",
    applies_to: &[Kind::Design],
    any_dialect: false,
    sources: &["A-072"],
    page: include_str!("code_in_design.md"),
    check,
    fix: None,
    ..Rule::OURS
};

/// Languages of diagrams and plain text, which a design may well hold.
const NOT_CODE: [&str; 12] =
    ["mermaid", "text", "txt", "plain", "plaintext", "ascii", "plantuml", "puml", "dot", "graphviz", "d2", "ditaa"];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown() else { return };
    for block in tree.code_blocks.iter().filter(|it| it.fenced && !it.language.is_empty()) {
        let language = facts.slice(block.language);
        let name = language.trim_matches(['{', '}', '.']);
        if name.is_empty() || NOT_CODE.iter().any(|it| it.eq_ignore_ascii_case(name)) {
            continue;
        }
        let message = format!(
            "A design decides without code, and this block is `{name}`. Move it to the contract, schema or AsyncAPI \
            file, or draw it with `mermaid`."
        );
        reporter.report(block.language, message);
    }
}
