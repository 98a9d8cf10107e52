//! `decision/one-sided-supersede`: two decision records that disagree on which replaces which.

use archwright_syntax::markdown::{FieldOrigin, SectionId};

use super::relations::{Named, Record};
use crate::{
    conventions::profile::Name,
    facts::{Spanned, Supersession},
    rules::prelude::*,
    values::value,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "decision/one-sided-supersede",
    severity: Severity::Error,
    summary: "A decision record does not say that it replaces another one or is replaced by it, as the other one says.",
    applies_to: &[Kind::Adr],
    any_dialect: false,
    sources: &["A-045", "A-136", "H-057"],
    page: include_str!("one_sided_supersede.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(own) = Record::own(cx) else { return };
    let claims = own.adr.supersedes.iter().filter(|_| own.is_made(cx)).chain(&own.adr.superseded_by);
    for claim in claims.filter(|it| it.binding) {
        if let Named::Missing(number) = own.named(cx, claim) {
            let folder = own.path().parent();
            let message =
                format!("There is no ADR-{number:04} in `{folder}`; name the record that is meant, or link to it.");
            reporter.report(claim.span, message).fixable = false;
        }
    }
    for other in own.claimants(cx) {
        if let Some(said) = binding(&own, &other, &other.adr.supersedes).filter(|_| other.is_made(cx))
            && own.claim(&own.adr.superseded_by, &other).is_none()
            // Records that replace each other are told as what they are.
            && own.way_to(cx, &other).is_none()
        {
            let name = other.path().name();
            let ours = reference(&other, own.path()).0;
            let (says, span) = match &own.adr.status {
                Some(status) => (format!("the status here is `{}`", value::plain(&status.text)), status.span),
                None => ("there is no status here".to_owned(), own.facts.title_span()),
            };
            let message = format!("`{name}` supersedes this record, but {says}; write `Superseded by {ours}`.");
            let related = cx.related(other.file, said.span, "it says so here");
            let finding = reporter.report(span, message);
            finding.related.push(related);
            finding.data = format!("status {}", other.path());
            finding.fixable = status_edit(cx, &own, &other).is_some();
            // What a draft says it replaces would begin to count with that status.
            finding.certain = own.is_made(cx) || own.adr.supersedes.is_empty();
        }
        if let Some(said) = binding(&own, &other, &other.adr.superseded_by)
            && own.claim(&own.adr.supersedes, &other).is_none()
            && other.way_to(cx, &own).is_none()
        {
            let name = other.path().name();
            let theirs = reference(&other, own.path()).0;
            let message = format!("`{name}` says that this record supersedes it; write `Supersedes {theirs}`.");
            let related = cx.related(other.file, said.span, "it says so here");
            let finding = reporter.report(own.facts.title_span(), message);
            finding.related.push(related);
            finding.data = format!("field {}", other.path());
            finding.fixable = supersedes_edit(cx, &own, &other).is_some();
        }
    }
}

/// What another record says of this one, if this one has to say the same.
fn binding<'a>(own: &Record, other: &Record<'a>, claims: &'a [Supersession]) -> Option<&'a Supersession> {
    other.claim(claims, own).filter(|it| it.binding)
}

/// How a record is referred to in another one: its short name, and the link.
fn reference(record: &Record, from: &RelPath) -> (String, String) {
    let name = record.adr.number.map_or_else(|| record.path().stem().to_owned(), |it| format!("ADR-{it:04}"));
    let link = format!("[{name}]({})", record.path().relative_to(&from.parent()));
    (name, link)
}

/// Whether a link to a record can be written as its path stands.
fn is_linkable(record: &Record) -> bool {
    record.path().as_str().bytes().all(|it| it.is_ascii_alphanumeric() || b"-_./".contains(&it))
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    edit(cx, finding).into_iter().collect()
}

fn edit(cx: &Context, finding: &Finding) -> Option<Fix> {
    let own = Record::own(cx)?;
    let (what, path) = finding.data.split_once(' ')?;
    let other = cx.decision(&RelPath::new(path)).and_then(Record::of)?;
    let name = reference(&other, own.path()).0;
    match what {
        "field" => edit_here(cx, format!("Say that it supersedes {name}"), vec![supersedes_edit(cx, &own, &other)?]),
        _ => edit_here(cx, format!("Set the status to superseded by {name}"), vec![status_edit(cx, &own, &other)?]),
    }
}

/// Writes into the status that the other record replaces this one. A status that says more than one word is left to
/// people, and so is a record that names a third one: it was perhaps replaced more than once.
fn status_edit(cx: &Context, own: &Record, other: &Record) -> Option<TextEdit> {
    let is_open = own.adr.superseded_by.is_empty() && is_linkable(other);
    let status = own.adr.status.as_ref().filter(|it| is_open && is_one_word(cx, it))?;
    let in_front_matter = own.facts.markdown()?.front_matter.as_ref().is_some_and(|it| it.span.contains(status.span));
    let by = cx.config().profile().name(Role::SupersededBy);
    let (name, link) = reference(other, own.path());
    // A number names a record of the same folder only.
    let is_named = other.adr.number.is_some() && other.path().parent() == own.path().parent();
    let value = match in_front_matter {
        true if is_named => format!("{} {name}", by.to_lowercase()),
        true => format!("{} {link}", by.to_lowercase()),
        false => format!("{by} {link}"),
    };
    Some(TextEdit::replace(status.span, value))
}

/// Whether a status is the word for a state and nothing else.
fn is_one_word(cx: &Context, status: &Spanned) -> bool {
    let plain = value::plain(&status.text);
    let word = plain.trim_matches(|it: char| !it.is_alphanumeric());
    let mut states = cx.config().profile().states.values().flat_map(Name::names);
    states.any(|it| it.eq_ignore_ascii_case(word))
}

/// Says that this record replaces another one: behind what is there, else below the status, in the status's form.
fn supersedes_edit(cx: &Context, own: &Record, other: &Record) -> Option<TextEdit> {
    let document = cx.by_role().filter(|_| is_linkable(other))?;
    let (text, tree) = (document.text, document.tree);
    let newline = archwright_syntax::newline(text);
    let find = |role| document.field_among(&tree.fields, role);
    let name = cx.config().profile().name(Role::Supersedes);
    let (short, link) = reference(other, own.path());
    if let Some(field) = find(Role::Supersedes) {
        if value::is_unknown(field.value.of(text)) || value::is_none(field.value.of(text)) {
            return Some(TextEdit::replace(field.value, link));
        }
        return Some(TextEdit::insert(field.value.end as usize, format!(", {link}")));
    }
    if let Some(status) = find(Role::Status) {
        let item = status.item.of(text).trim_end();
        let end = status.item.start as usize + item.len();
        let line = match status.origin {
            FieldOrigin::ListItem => {
                let marker = item.chars().next().filter(|it| matches!(it, '-' | '*' | '+'))?;
                format!("{newline}{marker} **{name}**: {link}")
            }
            FieldOrigin::TableRow => format!("{newline}| {name} | {link} |"),
            // Lines of one paragraph run together, so it gets one of its own.
            FieldOrigin::Line => {
                let rest = text.get(end..)?;
                let is_alone = rest.lines().nth(1).is_none_or(|it| it.trim().is_empty());
                is_alone.then(|| format!("{newline}{newline}**{name}**: {link}"))?
            }
        };
        return Some(TextEdit::insert(end, line));
    }
    let status = own.adr.status.as_ref()?;
    if let Some(front_matter) = tree.front_matter.as_ref().filter(|it| it.body.contains(status.span)) {
        let keys = crate::facts::front_matter(tree, text);
        let is_free = !keys.iter().any(|it| document.is_named(it.0, Role::Supersedes));
        let is_named = other.adr.number.is_some() && other.path().parent() == own.path().parent();
        let is_yaml = front_matter.format == archwright_syntax::markdown::FrontMatterFormat::Yaml;
        let line_end = text.get(status.span.end as usize..)?.find('\n').map(|it| status.span.end as usize + it + 1)?;
        let key = name.to_lowercase();
        return (is_free && is_named && is_yaml)
            .then(|| TextEdit::insert(line_end, format!("{key}: {short}{newline}")));
    }
    // A paragraph below that of the status, as the records of Nygard have it.
    let section: SectionId = tree.section_at(status.span.start as usize);
    let paragraph = tree.paragraphs.iter().find(|it| it.section == section && it.span.contains(status.span))?;
    Some(TextEdit::insert(paragraph.span.end as usize, format!("{newline}{newline}{name} {link}")))
}
