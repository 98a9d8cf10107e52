//! The JSON report of `archwright check`.

use std::{collections::BTreeSet, path::Path, time::Duration};

use serde_json::Value;

use crate::{archwright, run};

/// Where a finding stands: file, line (from 1) and rule.
pub type Place = (String, u64, String);

/// Checks a whole workspace and returns the report. Panics unless the exit code fits the findings.
#[track_caller]
pub fn report(workspace: &Path) -> Value {
    let mut check = archwright(["check", ".", "--format", "json"]);
    let finished = run(check.current_dir(workspace), Duration::from_secs(60));
    let report = finished.json();
    assert_eq!(report["version"], 1, "{finished}");
    let code = i32::from(!findings(&report).is_empty());
    finished.expect_code(code);
    report
}

/// The findings of a report.
#[track_caller]
pub fn findings(report: &Value) -> &[Value] {
    report["findings"].as_array().expect("a report has findings")
}

/// The places of all findings.
pub fn places(report: &Value) -> BTreeSet<Place> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let place = |it: &Value| (text(&it["file"]), it["start"]["line"].as_u64().expect("a line"), text(&it["rule"]));
    findings(report).iter().map(place).collect()
}
