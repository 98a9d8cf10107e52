//! `sync/unlisted-artifact`: an artifact of a feature that the feature's README does not list.

use archwright_syntax::markdown::{Document, Field, FieldOrigin, SectionId};

use crate::{
    facts::{FileFacts, is_listing},
    rules::prelude::*,
    values::value,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "sync/unlisted-artifact",
    severity: Severity::Warning,
    summary: "A feature's README does not list an artifact that exists.",
    applies_to: &[Kind::FeatureReadme],
    any_dialect: false,
    sources: &["A-095", "A-106"],
    page: include_str!("unlisted_artifact.md"),
    check,
    fix: Some(fix),
};

/// The fields of the list, in the order of the template: the first name is the one a fix writes.
const GROUPS: [(Kind, &[&str]); 5] = [
    (Kind::Design, &["Design", "Designs"]),
    (Kind::Adr, &["ADRs", "ADR", "Decisions"]),
    (Kind::Contract, &["Contracts", "Contract"]),
    (Kind::Runbook, &["Runbooks", "Runbook"]),
    (Kind::Launch, &["Launch decisions", "Launch decision", "Launches"]),
];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let (Some(document), Some(feature)) = (facts.document(), &facts.captures.feature) else { return };
    let Some((readme, section)) = document.readme.as_ref().and_then(|it| Some((it, it.artifacts?))) else { return };
    let folder = facts.path.parent();
    let listed: Vec<&RelPath> =
        document.links.iter().filter(|it| is_listing(&document.tree, readme, it)).map(|it| &it.path).collect();
    for (file, artifact) in cx.files(Key::Feature(feature.clone())) {
        let Some(group) = group(artifact.kind) else { continue };
        // A link to a folder lists all that is in it.
        let parent = artifact.path.parent();
        if listed.iter().any(|it| **it == artifact.path || **it == parent && parent != folder) {
            continue;
        }
        let path = artifact.path.relative_to(&folder);
        let field = field(&document.tree, &facts.text, section, group);
        let (span, place) = match field {
            Some(field) => (field.name, facts.slice(field.name)),
            None => (document.tree.section(section).title, facts.slice(document.tree.section(section).title)),
        };
        let related = cx.related(file, artifact.title_span(), "this artifact is not listed");
        let finding = reporter.report(span, format!("`{path}` exists, but {place} does not list it; add a link."));
        finding.related.push(related);
        finding.data = artifact.path.to_string();
    }
}

fn group(kind: Kind) -> Option<usize> {
    GROUPS.iter().position(|it| it.0 == kind)
}

fn field<'a>(tree: &'a Document, text: &str, section: SectionId, group: usize) -> Option<&'a Field> {
    let (_, names) = GROUPS.get(group)?;
    tree.fields_under(section).iter().find(|it| names.iter().any(|name| name.eq_ignore_ascii_case(it.name.of(text))))
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    edit(cx, finding).into_iter().collect()
}

fn edit(cx: &Context, finding: &Finding) -> Option<Fix> {
    let facts = cx.facts();
    let (tree, text) = (facts.markdown()?, &facts.text);
    let section = facts.document()?.readme.as_ref()?.artifacts?;
    let artifacts = cx.files(Key::Feature(facts.captures.feature.clone()?));
    let (_, artifact) = artifacts.into_iter().find(|it| it.1.path.as_str() == finding.data)?;
    let path = artifact.path.relative_to(&facts.path.parent());
    let link = format!("[{}]({path})", label(artifact));
    let edit = list(tree, text, section, artifact.kind, &link)?;
    edit_here(cx, format!("List `{path}`"), vec![edit])
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

/// What the link to an artifact says.
fn label(artifact: &FileFacts) -> String {
    let title = || {
        let tree = artifact.markdown();
        let title =
            tree.and_then(|it| it.section_ids().nth(1).map(|(id, _)| it.plain_title(id, &artifact.text).into_owned()));
        let title = title.unwrap_or_else(|| artifact.path.stem().to_owned());
        let title = title.strip_prefix("Runbook:").unwrap_or(&title).trim();
        title.replace(['[', ']'], "")
    };
    let number = artifact.document().and_then(|it| it.adr.as_ref()?.number);
    match (artifact.kind, number, &artifact.captures) {
        (Kind::Design, ..) => "design".to_owned(),
        (Kind::Adr, Some(number), _) => format!("ADR-{number:04}"),
        (Kind::Contract, _, captures) => captures.channel.as_ref().map_or_else(title, ToString::to_string),
        (Kind::Launch, _, captures) => captures.date.as_ref().map_or_else(title, ToString::to_string),
        _ => title(),
    }
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
