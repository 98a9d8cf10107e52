//! `archwright diff --format sarif`: one result per change, one rule per kind of change.

use std::{borrow::Cow, collections::BTreeMap, io};

use archwright_analysis::{
    operations::{Compared, ComparedChange, ComparedPlace},
    report::Point,
};
use serde_json::{Value, json};

use super::{Message, PhysicalLocation, SarifPlace, SarifResult, Seen, log_of, physical_location};
use crate::output::escape::visible;

/// Writes one run.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_changes(out: &mut impl io::Write, compared: &Compared) -> io::Result<()> {
    let changes = &compared.comparison.changes;
    let kinds: BTreeMap<&str, usize> = changes.iter().map(|it| (it.kind, 0)).collect();
    let kinds: BTreeMap<&str, usize> = kinds.into_keys().enumerate().map(|(at, it)| (it, at)).collect();
    let mut seen = Seen::default();
    let found = changes.iter().map(|it| result(it, kinds.get(it.kind).copied(), compared, &mut seen)).collect();
    let rules: Vec<Value> = kinds.keys().map(|it| rule(it)).collect();
    super::json::write(out, &log_of(&rules, found))
}

fn rule(kind: &str) -> Value {
    let words = kind.to_lowercase().replace('_', " ");
    json!({ "id": kind, "shortDescription": { "text": words }, "properties": { "tags": ["compatibility"] } })
}

fn result<'a>(
    change: &'a ComparedChange,
    rule_index: Option<usize>,
    compared: &Compared,
    seen: &mut Seen,
) -> SarifResult<'a> {
    let text = change.advice.as_ref().map_or_else(|| change.message.clone(), |it| format!("{} {it}", change.message));
    let (primary, other) = match (&change.new, &change.old) {
        (Some(new), old) => (Some(new), old.as_ref()),
        (None, old) => (old.as_ref(), None),
    };
    // A text out of git is no file that a reader could open.
    let on_disk = |it: &&ComparedPlace| compared.against.is_none() || Some(*it) == change.new.as_ref();
    let related = other.filter(on_disk).map(|it| SarifPlace {
        id: Some(0),
        message: Some(Message { text: Cow::Borrowed("before") }),
        physical_location: location(it),
    });
    let users = change.related.iter().enumerate().map(|(at, it)| SarifPlace {
        id: Some(at + 1),
        message: Some(Message { text: Cow::Borrowed("refers to it") }),
        physical_location: location(it),
    });
    let file = primary.map_or("", |it| it.file.as_str());
    SarifResult {
        rule_id: change.kind,
        rule_index,
        level: match change.class {
            "breaking" => "error",
            "unclassified" => "warning",
            _ => "note",
        },
        partial_fingerprints: seen.fingerprint(&[change.kind, file, &change.path]),
        message: Message { text: visible(&text).into_owned().into() },
        locations: primary
            .map(|it| SarifPlace {
                id: None,
                message: None,
                physical_location: nearest(it, compared, change.new.is_none()),
            })
            .into_iter()
            .collect(),
        related_locations: related.into_iter().chain(users).collect(),
    }
}

/// Where a change is shown. What only the old text of a file in git has is shown at the top of the file as it is now: a
/// scanner knows no other revision, and drops results that stand nowhere.
fn nearest(place: &ComparedPlace, compared: &Compared, is_old: bool) -> PhysicalLocation {
    let revision = compared.against.as_ref().filter(|_| is_old).map(|it| format!("@{it}"));
    match revision.and_then(|it| place.file.strip_suffix(&it)) {
        Some(file) => physical_location(file, Point { line: 1, column: 1 }, Point { line: 1, column: 1 }),
        None => location(place),
    }
}

fn location(place: &ComparedPlace) -> PhysicalLocation {
    physical_location(&place.file, place.start, place.end)
}
