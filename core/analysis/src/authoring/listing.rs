//! The list of artifacts in a feature's README: which field an artifact belongs to, and the edit that adds it.

use archwright_syntax::{
    TextEdit,
    markdown::{Document, Field, FieldOrigin, SectionId},
};

use crate::{Kind, values::value};

/// The fields of the list, in the order of the template: the first name is the one a fix writes.
const GROUPS: [(Kind, &[&str]); 5] = [
    (Kind::Design, &["Design", "Designs"]),
    (Kind::Adr, &["ADRs", "ADR", "Decisions"]),
    (Kind::Contract, &["Contracts", "Contract"]),
    (Kind::Runbook, &["Runbooks", "Runbook"]),
    (Kind::Launch, &["Launch decisions", "Launch decision", "Launches"]),
];

/// The place of a kind in the list, if the list has one for it.
pub(crate) fn group(kind: Kind) -> Option<usize> {
    GROUPS.iter().position(|it| it.0 == kind)
}

/// The field that lists the artifacts of a group.
pub(crate) fn field<'a>(tree: &'a Document, text: &str, section: SectionId, group: usize) -> Option<&'a Field> {
    let (_, names) = GROUPS.get(group)?;
    tree.fields_under(section).iter().find(|it| names.iter().any(|name| name.eq_ignore_ascii_case(it.name.of(text))))
}

/// The edit that adds a link to the list of artifacts, in the field of its kind.
pub(crate) fn list(tree: &Document, text: &str, section: SectionId, kind: Kind, link: &str) -> Option<TextEdit> {
    let group = group(kind)?;
    Some(if let Some(field) = field(tree, text, section, group) {
        match nested_end(tree, text, field) {
            Some((end, start)) => TextEdit::insert(end, format!("{}{start}{link}", value::newline(text))),
            None => add_to_value(text, field, link),
        }
    } else {
        let name = GROUPS.get(group)?.1.first()?;
        let (at, line_breaks) = place_of_field(tree, text, section, group);
        TextEdit::insert(at, format!("{}- **{name}**: {link}", value::newline(text).repeat(line_breaks)))
    })
}

/// Appends the link to a value, or puts it in the place of one that says nothing.
fn add_to_value(text: &str, field: &Field, link: &str) -> TextEdit {
    let said = field.value.of(text);
    if value::is_unknown(said) || value::is_none(said) {
        let before = text.get(..field.value.start as usize).unwrap_or_default();
        let space = if before.ends_with([' ', '\t']) { "" } else { " " };
        return TextEdit::replace(field.value, format!("{space}{link}"));
    }
    let comma = if said.ends_with(',') { " " } else { ", " };
    TextEdit::insert(field.value.end as usize, format!("{comma}{link}"))
}

/// Where the list below a field's item ends, and how its lines start.
fn nested_end<'t>(tree: &Document, text: &'t str, field: &Field) -> Option<(usize, String)> {
    if field.origin != FieldOrigin::ListItem {
        return None;
    }
    let after = tree.items.iter().skip_while(|it| it.span.start <= field.item.start);
    let last = after.take_while(|it| it.depth > 0 && it.section == field.section).last()?;
    let start = last.span.start as usize;
    let line: &'t str = text.get(..start)?.rsplit('\n').next()?;
    let marker = last.span.of(text).chars().next().filter(|it| matches!(it, '-' | '*' | '+')).unwrap_or('-');
    Some((start + last.span.of(text).trim_end().len(), format!("{line}{marker} ")))
}

/// Where a new field goes, and how many line breaks come before it: behind the groups that the template puts before it.
fn place_of_field(tree: &Document, text: &str, section: SectionId, group: usize) -> (usize, usize) {
    let before = (0..group).rev().find_map(|it| field(tree, text, section, it));
    let last = tree.fields_under(section).iter().rev().find(|it| it.origin == FieldOrigin::ListItem);
    if let Some(field) = before.filter(|it| it.origin == FieldOrigin::ListItem).or(last) {
        let own = field.item.start as usize + field.item.of(text).trim_end().len();
        return (nested_end(tree, text, field).map_or(own, |it| it.0.max(own)), 1);
    }
    let heading = tree.section(section).heading;
    (heading.start as usize + heading.of(text).trim_end().len(), 2)
}
