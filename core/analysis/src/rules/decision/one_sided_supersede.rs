//! `decision/one-sided-supersede`: two decision records that disagree on which replaces which.

use archwright_syntax::markdown::FieldOrigin;

use crate::{
    facts::{AdrFacts, Supersession},
    model::key::FileId,
    rules::prelude::*,
    values::value,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "decision/one-sided-supersede",
    severity: Severity::Error,
    summary: "A decision record replaces another one, and the other one does not say so.",
    applies_to: &[Kind::Adr],
    any_dialect: false,
    sources: &["A-045", "A-136", "H-057"],
    page: include_str!("one_sided_supersede.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

/// A record that another one names.
struct Other<'a> {
    file: FileId,
    facts: &'a FileFacts,
    adr: &'a AdrFacts,
}

/// What became of the record that a claim names.
enum Named<'a> {
    One(Other<'a>),
    /// There is no record of this number.
    Missing(u32),
    /// It is no decision record, or it cannot be told which one it is. Other rules speak of that.
    Unclear,
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(adr) = cx.facts().document().and_then(|it| it.adr.as_ref()) else { return };
    // A decision that is not made yet replaces nothing, so the old record stays as it is.
    let state = adr.status.as_ref().and_then(|it| cx.config().vocabulary().state(&it.text));
    let is_made = state.is_none_or(State::is_decided);
    for claim in adr.supersedes.iter().filter(|it| is_made && !is_partial(cx, it)) {
        match named(cx, claim) {
            Named::Missing(number) => missing(cx, reporter, claim, number),
            Named::One(other) if !names(cx, other.facts, &other.adr.superseded_by) => {
                let (says, span) = match &other.adr.status {
                    Some(status) => (format!("its status is `{}`", value::plain(&status.text)), status.span),
                    None => ("it has no status".to_owned(), other.facts.title_span()),
                };
                let ours = reference(cx.facts(), &other.facts.path).0;
                let message = format!(
                    "This record supersedes `{}`, but {says}; set it to `Superseded by {ours}`.",
                    other.facts.path.name()
                );
                let related = cx.related(other.file, span, says);
                let finding = reporter.report(claim.span, message);
                finding.related.push(related);
                // A record that names a third one was perhaps replaced more than once; that is for people to sort out.
                finding.fixable = other.adr.status.is_some() && other.adr.superseded_by.is_empty();
                finding.data = format!("status {}", other.facts.path);
            }
            _ => {}
        }
    }
    for claim in &adr.superseded_by {
        match named(cx, claim) {
            Named::Missing(number) => missing(cx, reporter, claim, number),
            Named::One(other) if !names(cx, other.facts, &other.adr.supersedes) => {
                let ours = reference(cx.facts(), &other.facts.path).0;
                let message = format!(
                    "`{}` does not say that it supersedes this record; add `Supersedes: {ours}` there.",
                    other.facts.path.name()
                );
                let related = cx.related(
                    other.file,
                    other.facts.title_span(),
                    "this record does not name the one that it supersedes",
                );
                let finding = reporter.report(claim.span, message);
                finding.related.push(related);
                finding.data = format!("field {}", other.facts.path);
                finding.fixable = supersedes_edit(cx, other.facts, "").is_some();
            }
            _ => {}
        }
    }
}

/// Whether only a part of the other record is replaced, which leaves the rest of it in force.
fn is_partial(cx: &Context, claim: &Supersession) -> bool {
    let text = &cx.facts().text;
    let before = text.get(..claim.span.start as usize).and_then(|it| it.lines().last()).unwrap_or_default();
    let rest = text.get(claim.span.start as usize..).and_then(|it| it.lines().next()).unwrap_or_default();
    let line = format!("{before}{rest}").to_lowercase();
    ["partial", "partly", "in part", "section", "§"].iter().any(|it| line.contains(it))
}

fn missing(cx: &Context, reporter: &mut Reporter, claim: &Supersession, number: u32) {
    let folder = cx.facts().path.parent();
    let message = format!("There is no ADR-{number:04} in `{folder}`; name the record that is meant, or link to it.");
    reporter.report(claim.span, message).fixable = false;
}

/// The record that a claim names: by its link, else by its number in the same folder.
fn named<'a>(cx: &Context<'a>, claim: &Supersession) -> Named<'a> {
    let own = &cx.facts().path;
    if let Some(path) = &claim.path {
        let other = cx.decision(path).filter(|_| path != own).and_then(|(file, facts)| other(file, facts));
        return other.map_or(Named::Unclear, Named::One);
    }
    let Some(number) = claim.number else { return Named::Unclear };
    let records = cx.files(Key::Decisions(own.parent())).into_iter().filter_map(|(file, facts)| other(file, facts));
    let mut records: Vec<Other> = records.filter(|it| it.adr.number == Some(number)).collect();
    match records.pop() {
        None => Named::Missing(number),
        Some(other) if records.is_empty() && other.facts.path != *own => {
            // The number was read through the folder, what the record says is read now.
            cx.decision(&other.facts.path);
            Named::One(other)
        }
        Some(_) => Named::Unclear,
    }
}

fn other(file: FileId, facts: &FileFacts) -> Option<Other<'_>> {
    Some(Other { file, facts, adr: facts.document()?.adr.as_ref()? })
}

/// Whether one of the claims of the record `facts` names this file.
fn names(cx: &Context, facts: &FileFacts, claims: &[Supersession]) -> bool {
    let own = &cx.facts().path;
    let number = cx.facts().document().and_then(|it| it.adr.as_ref()?.number);
    let same_folder = facts.path.parent() == own.parent();
    claims.iter().any(|it| match &it.path {
        Some(path) => path == own,
        None => same_folder && it.number.is_some() && it.number == number,
    })
}

/// How another record refers to this one: its short name, and the link.
fn reference(facts: &FileFacts, from: &RelPath) -> (String, String) {
    let number = facts.document().and_then(|it| it.adr.as_ref()?.number);
    let name = number.map_or_else(|| facts.path.stem().to_owned(), |it| format!("ADR-{it:04}"));
    let link = format!("[{name}]({})", facts.path.relative_to(&from.parent()));
    (name, link)
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    edit(cx, finding).into_iter().collect()
}

fn edit(cx: &Context, finding: &Finding) -> Option<Fix> {
    let (what, path) = finding.data.split_once(' ')?;
    let (_, other) = cx.decision(&RelPath::new(path))?;
    let (name, link) = reference(cx.facts(), &other.path);
    if what == "field" {
        let edit = supersedes_edit(cx, other, &link)?;
        return edit_file(other, format!("Say in `{}` that it supersedes {name}", other.path.name()), vec![edit]);
    }
    let status = other.document()?.adr.as_ref()?.status.as_ref()?;
    let in_front_matter = other.markdown()?.front_matter.as_ref().is_some_and(|it| it.span.contains(status.span));
    let by = cx.config().profile().name(Role::SupersededBy);
    let value = if in_front_matter { format!("{} {name}", by.to_lowercase()) } else { format!("{by} {link}") };
    let edit = TextEdit::replace(status.span, value);
    edit_file(other, format!("Set the status of `{}` to superseded", other.path.name()), vec![edit])
}

/// Names `link` in the record's field Supersedes: behind what is there, else in a new field below Status.
fn supersedes_edit(cx: &Context, facts: &FileFacts, link: &str) -> Option<TextEdit> {
    let document = ByRole::of(facts, cx.config())?;
    let text = document.text;
    let find = |role| document.field_among(&document.tree.fields, role);
    let name = cx.config().profile().name(Role::Supersedes);
    if let Some(field) = find(Role::Supersedes) {
        if value::is_unknown(field.value.of(text)) || value::is_none(field.value.of(text)) {
            return Some(TextEdit::replace(field.value, link));
        }
        return Some(TextEdit::insert(field.value.end as usize, format!(", {link}")));
    }
    let status = find(Role::Status)?;
    let item = status.item.of(text).trim_end();
    let line = match status.origin {
        FieldOrigin::ListItem => {
            let marker = item.chars().next().filter(|it| matches!(it, '-' | '*' | '+'))?;
            format!("{marker} **{name}**: {link}")
        }
        FieldOrigin::TableRow => format!("| {name} | {link} |"),
        // Lines of one paragraph run together unless the first one ends in a hard break.
        FieldOrigin::Line => return None,
    };
    Some(TextEdit::insert(
        status.item.start as usize + item.len(),
        format!("{}{line}", archwright_syntax::newline(text)),
    ))
}
