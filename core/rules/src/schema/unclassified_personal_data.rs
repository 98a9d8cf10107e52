//! `schema/unclassified-personal-data`: a field whose name says that it holds personal data, and nobody says how it is
//! classified.

use archwright_knowledge::lexicon::Sensitivity;
use archwright_model::values::value;
use archwright_schema::Language;
use archwright_syntax::data::{self, Kind as NodeKind, Node};

use super::{
    Contract,
    sensitive::{SensitiveField, fields},
};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/unclassified-personal-data",
    severity: Severity::Warning,
    summary: "A field's name says that it holds personal data, and neither the schema nor the contract classifies it.",
    applies_to: &[Kind::Schema, Kind::Asyncapi],
    any_dialect: false,
    sources: &["A-076", "A-206", "A-239", "A-405"],
    page: include_str!("unclassified_personal_data.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let has_fix = cx.facts().schema().is_none_or(|it| it.shape.language != Language::Protobuf);
    // The fields of a message follow each other, and their contracts are the same.
    let mut known: Option<(Option<usize>, Vec<Contract>)> = None;
    for field in fields(cx, Sensitivity::Personal).into_iter().filter(|it| !it.classified) {
        let SensitiveField { path, span, term, message, .. } = field;
        let contracts = match known.take_if(|it| it.0 == message) {
            Some((_, contracts)) => contracts,
            None => message.map_or_else(|| Contract::all(cx), |it| Contract::of_message(cx, it)),
        };
        let (_, contracts) = known.insert((message, contracts));
        let said: Vec<_> = contracts.iter().filter_map(|it| Some((it, it.mention.classification.as_ref()?))).collect();
        if said.iter().any(|it| !says_none(&it.1.text)) {
            continue;
        }
        let nobody = match said.first() {
            Some((_, said)) => format!("the contract says that there is none (`{}`)", said.text),
            None if contracts.is_empty() => "the schema does not classify it".to_owned(),
            None => "neither the schema nor the contract classifies it".to_owned(),
        };
        let how = match (has_fix, message) {
            (false, _) => "Mark it with an option or in its comment",
            (true, None) => "Mark it with `\"x-pii\": true`",
            (true, Some(_)) => "Mark it with `x-pii: true`",
        };
        let message = format!(
            "`{path}` is personal data by its name ({term}), and {nobody}. {how}, or state the PII class in the \
            contract."
        );
        let finding = reporter.report(span, message);
        finding.fixable = has_fix && mark(cx, span).is_some();
        if let Some((contract, said)) = said.first() {
            finding.related.push(cx.related(contract.file, said.span, "the contract says so here"));
        }
    }
}

/// `none`, and `none beyond the order number`.
fn says_none(text: &str) -> bool {
    value::is_none(text) || value::plain(text).to_lowercase().starts_with("none ")
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = mark(cx, finding.span).map(|it| vec![it]);
    edit.and_then(|it| edit_here(cx, "Mark it as personal data", it)).into_iter().collect()
}

/// Adds the mark to what declares the field whose name stands here.
fn mark(cx: &Context, name: Span) -> Option<TextEdit> {
    let facts = cx.facts();
    let format = data::Format::of_path(facts.path.as_str())?;
    let tree = data::parse(facts.text.clone(), format);
    let located = tree.node_at(name.start as usize)?;
    // A property is declared by the value of its key; an Avro field by the object that has the name.
    let declaration = located
        .key
        .map(|it| it.value)
        .or_else(|| located.node.parent())
        .filter(|it| it.kind() == NodeKind::Mapping && !it.is_alias())?;
    add_mark(declaration, &facts.text)
}

fn add_mark(mapping: Node<'_>, text: &str) -> Option<TextEdit> {
    let source = mapping.source();
    let (first, last) = (mapping.written_entries().next()?, mapping.written_entries().last()?);
    if !source.starts_with('{') {
        // In a block, the mark comes first, at the column of the first key.
        let before = text.get(..first.key_span.start as usize)?;
        let indent = before.get(before.rfind('\n').map_or(0, |it| it + 1)..).filter(|it| it.trim().is_empty())?;
        return Some(TextEdit::insert(first.key_span.start as usize, format!("x-pii: true\n{indent}")));
    }
    let before = source.get(1..first.key_span.start.checked_sub(mapping.span().start)? as usize)?;
    let joint = if before.contains('\n') { before } else { " " };
    let key = if first.key_span.of(text).starts_with('"') { "\"x-pii\"" } else { "x-pii" };
    Some(TextEdit::insert(last.value.span().end as usize, format!(",{joint}{key}: true")))
}
