//! `decision/one-sided-supersede`: two decision records that disagree on which replaces which.

use archwright_model::{
    facts::{Supersession, number_like},
    values::value,
};

use super::relations::{Named, Record};
use crate::{
    authoring::record::relation::{self, Reference},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "decision/one-sided-supersede",
    severity: Severity::Error,
    summary: "A decision record does not say that it replaces another one or is replaced by it, as the other one says.",
    applies_to: &[Kind::Adr],
    any_dialect: true,
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
            let number = number_like(own.path().stem(), number);
            let message =
                format!("There is no ADR-{number} in `{folder}`; name the record that is meant, or link to it.");
            reporter.report(claim.span, message).fixable = false;
        }
    }
    for claim in own.adr.superseded_by.iter().filter(|it| it.binding) {
        let Named::One(other) = own.named(cx, claim) else { continue };
        let Some(status) = other.adr.status.as_ref().filter(|_| other.is_refused(cx)) else { continue };
        let message = format!(
            "`{}` supersedes this record and is `{}` itself, so that neither holds; say which one does.",
            other.path().name(),
            value::plain(&status.text)
        );
        let related = cx.related(other.file, status.span, "its status");
        let finding = reporter.report(claim.span, message);
        finding.related.push(related);
        finding.fixable = false;
    }
    for other in own.claimants(cx) {
        if let Some(said) = binding(&own, &other, &other.adr.supersedes).filter(|_| other.is_made(cx))
            && own.claim(&own.adr.superseded_by, &other).is_none()
            // Records that replace each other are told as what they are.
            && own.way_to(cx, &other).is_none()
        {
            let name = other.path().name();
            let ours = reference(&other, own.path()).name;
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
        // That the new record names the old one is a custom of ours; nobody follows the wrong one without it.
        if let Some(said) = binding(&own, &other, &other.adr.superseded_by).filter(|_| own.facts.opted_in())
            && own.claim(&own.adr.supersedes, &other).is_none()
            && other.way_to(cx, &own).is_none()
        {
            let name = other.path().name();
            let theirs = reference(&other, own.path()).name;
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

/// How a record is referred to in another one.
fn reference(record: &Record, from: &RelPath) -> Reference {
    let stem = record.path().stem();
    let name = record.adr.number.map_or_else(|| stem.to_owned(), |it| format!("ADR-{}", number_like(stem, it)));
    Reference::new(name, record.adr.number.is_some(), record.path(), from)
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    edit(cx, finding).into_iter().collect()
}

fn edit(cx: &Context, finding: &Finding) -> Option<Fix> {
    let own = Record::own(cx)?;
    let (what, path) = finding.data.split_once(' ')?;
    let other = cx.decision(&RelPath::new(path)).and_then(Record::of)?;
    let name = reference(&other, own.path()).name;
    match what {
        "field" => edit_here(cx, format!("Say that it supersedes {name}"), vec![supersedes_edit(cx, &own, &other)?]),
        _ => edit_here(cx, format!("Set the status to superseded by {name}"), vec![status_edit(cx, &own, &other)?]),
    }
}

/// Writes into the status that the other record replaces this one, unless the record names a third one: it was perhaps
/// replaced more than once.
fn status_edit(cx: &Context, own: &Record, other: &Record) -> Option<TextEdit> {
    let is_open = own.adr.superseded_by.is_empty() && relation::is_linkable(other.path());
    let status = own.adr.status.as_ref().filter(|_| is_open)?;
    relation::superseded_edit(cx.by_role()?, status, &reference(other, own.path()), cx.config())
}

/// Says that this record replaces another one.
fn supersedes_edit(cx: &Context, own: &Record, other: &Record) -> Option<TextEdit> {
    let document = cx.by_role().filter(|_| relation::is_linkable(other.path()))?;
    relation::supersedes_edit(document, own.adr.status.as_ref(), &reference(other, own.path()), cx.config())
}
