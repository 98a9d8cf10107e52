//! `schema/unasserted-format`: a schema relies on `format`, which its dialect does not check.

use archwright_model::facts::Topic;
use archwright_syntax::data::{self, Kind as NodeKind, Node};

use crate::{
    prelude::*,
    stated::{is_stated, stated},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/unasserted-format",
    severity: Severity::Info,
    summary: "A schema says `format` in a dialect that does not check it, and messages are to be checked by it.",
    applies_to: &[Kind::Schema],
    any_dialect: false,
    sources: &["A-147", "A-203"],
    page: include_str!("unasserted_format.md"),
    check,
    ..Rule::OURS
};

/// The dialects in which `format` is a remark.
const DIALECTS: [&str; 2] = ["/draft/2019-09/", "/draft/2020-12/"];
/// Deeper than schemas of people go.
const MAX_DEPTH: usize = 40;

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    if !facts.opted_in() || !facts.text.contains("format") || !DIALECTS.iter().any(|it| facts.text.contains(it)) {
        return;
    }
    let Some(format) = data::Format::of_path(facts.path.as_str()) else { return };
    let checked = stated(cx, Topic::SchemaChecked);
    let Some(said) = checked.first().filter(|_| !is_stated(cx, Topic::FormatsAsserted)) else { return };
    let tree = data::parse(facts.text.clone(), format);
    let Some(span) = tree.root().and_then(|it| first_format(it, 0)) else { return };
    let message = "In this dialect `format` is a remark: a validator accepts any text unless it is told to check \
        formats, and no document of the feature says that it is. Say so, or add a `pattern`.";
    reporter.report(span, message).related.push(cx.related(
        said.file,
        said.statement.span,
        "messages are checked here",
    ));
}

/// The first `format` of a property without a `pattern` beside it.
fn first_format(node: Node<'_>, depth: usize) -> Option<Span> {
    if depth > MAX_DEPTH {
        return None;
    }
    if let Some(format) = node.get("format").filter(|it| it.as_str().is_some())
        && node.get("pattern").is_none()
        && node.get("type").is_some()
    {
        return Some(format.span());
    }
    let inner = node.entries().filter(|it| {
        matches!(it.value.kind(), NodeKind::Mapping) && !matches!(it.key, "examples" | "example" | "default" | "const")
    });
    inner.into_iter().find_map(|it| first_format(it.value, depth + 1))
}
