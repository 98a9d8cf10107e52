//! `channel/unknown-field`: a contract that describes a field which the schema of its channel does not have.

use archwright_model::{facts::ChannelRole, values::value};

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/unknown-field",
    severity: Severity::Warning,
    summary: "A table of fields in a contract has one that the schema of the channel does not have.",
    applies_to: &[Kind::Contract],
    sources: &["E-026"],
    page: include_str!("unknown_field.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let (Some(tree), Some(channel)) = (facts.markdown(), &facts.captures.channel) else { return };
    let title = |at: &Span| at.of(&facts.text).trim_matches([' ', '*', '`']).to_lowercase();
    let is_of_fields = |it: &&archwright_syntax::markdown::Table| {
        let titles: Vec<String> = tree.header(it).iter().map(title).collect();
        let first = titles.first().map_or("", String::as_str);
        matches!(first, "field" | "fields" | "property" | "field name") && titles.iter().any(|it| it == "type")
    };
    let mut tables = tree.tables.iter().filter(is_of_fields).peekable();
    if tables.peek().is_none() {
        return;
    }
    let said = cx.files(Key::Channel(channel.clone()));
    let of_schema = |it: &FileRef| it.facts.channel(channel, ChannelRole::Schema).is_some();
    let mut schemas = said.into_iter().filter(of_schema);
    let (Some(schema), None) = (schemas.next(), schemas.next()) else { return };
    let Some(shape) = schema.facts.schema().filter(|it| it.complete).map(|it| &it.shape) else { return };
    if !shape.is_whole || shape.left_out > 0 || shape.fields.is_empty() {
        return;
    }
    let plain = |path: &str| path.replace("[]", "").replace("{}", "");
    for row in tables.flat_map(|it| tree.rows(it)) {
        let Some(cell) = tree.cells(row).first() else { continue };
        let name = value::plain(cell.of(&facts.text));
        let is_name = name.starts_with(|it: char| it.is_ascii_alphabetic())
            && name.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '.' | '-' | '[' | ']'));
        let name = plain(&name);
        let is_it = |it: &archwright_schema::Field| plain(&it.path) == name || it.name.text == name;
        if !is_name || shape.fields.iter().any(is_it) || cx.config().is_carried_beside(&name) {
            continue;
        }
        let near = nearest(&name, shape.fields.iter().map(|it| it.name.text.as_str()));
        let advice = near.map_or_else(|| "make the two agree.".to_owned(), |it| format!("it has `{it}`."));
        let path = schema.facts.path.relative_to(&facts.path.parent());
        reporter.report(*cell, format!("`{path}` has no field `{name}`; {advice}"));
    }
}
