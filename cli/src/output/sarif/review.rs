//! `archwright review --format sarif`: one result per finding of the change.

use std::{collections::BTreeMap, io};

use archwright_analysis::{Severity, operations::Reviewed};
use serde_json::{Value, json};

use super::{Message, SarifPlace, SarifResult, Seen, log_of, physical_location};
use crate::output::escape::visible;

/// Writes one run.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_review(out: &mut impl io::Write, review: &Reviewed) -> io::Result<()> {
    let codes: BTreeMap<&str, usize> = review.findings.iter().map(|it| (it.code, 0)).collect();
    let codes: BTreeMap<&str, usize> = codes.into_keys().enumerate().map(|(at, it)| (it, at)).collect();
    let rules: Vec<Value> = codes.keys().map(|it| json!({ "id": it, "properties": { "tags": ["review"] } })).collect();
    let mut seen = Seen::default();
    let found = review.findings.iter().map(|it| {
        let text = it.advice.as_ref().map_or_else(|| it.message.clone(), |advice| format!("{} {advice}", it.message));
        SarifResult {
            rule_id: it.code,
            rule_index: codes.get(it.code).copied(),
            level: if it.severity == Severity::Error { "error" } else { "warning" },
            partial_fingerprints: seen.fingerprint(&[it.code, it.file.as_str(), &it.message]),
            message: Message { text: visible(&text).into_owned().into() },
            locations: vec![SarifPlace {
                id: None,
                message: None,
                physical_location: physical_location(it.file.as_str(), it.start, it.end),
            }],
            related_locations: Vec::new(),
        }
    });
    let found = found.collect();
    super::json::write(out, &log_of(&rules, found))
}
