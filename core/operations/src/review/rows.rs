//! The questions of the reliability checklist: which the change answers, leaves open, or takes an answer from.

use archwright_engine::Workspace;
use archwright_knowledge::reliability_questions;
use archwright_model::{
    Kind, Severity,
    conventions::{config::Config, role::Role},
    facts::{ByRole, FileFacts},
    values::value,
};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{
    change::Diff,
    lexicon::Lexicon,
    reviewed::{AntiPatterns, ReliabilityRow, ReviewFinding, RowState},
};

/// A question that stands in no checklist and is lost all the same.
const ROLLBACK: &str = "rollback";

/// The rows of the change.
pub(super) fn rows(workspace: &Workspace, diff: &Diff, findings: &[ReviewFinding]) -> Vec<ReliabilityRow> {
    let config = workspace.config();
    let changed = || diff.files.iter().filter(|it| it.kind() == Kind::Design);
    let before: Vec<&FileFacts> = changed().filter_map(|it| it.before.as_ref()).map(|it| &it.facts).collect();
    let after: Vec<&FileFacts> = changed().filter_map(|it| it.after.as_ref()).map(|it| &it.facts).collect();
    let others: Vec<&FileFacts> = workspace
        .files()
        .filter_map(|it| workspace.facts(it))
        .filter(|it| it.kind == Kind::Design && !diff.paths.contains(&it.path))
        .collect();
    let was_answered = |id: &str| before.iter().chain(&others).any(|it| is_answered(it, id, config) == Some(true));
    let mut rows = Vec::new();
    let ids = reliability_questions().iter().map(|it| (it.id.as_str(), it.name.to_lowercase()));
    for (id, name) in ids.chain([(ROLLBACK, ROLLBACK.to_owned())]) {
        let lost: Vec<String> = findings
            .iter()
            .filter(|it| it.row == Some(id) && it.severity <= Severity::Warning)
            .map(|it| it.id.clone())
            .collect();
        let state = match () {
            () if !lost.is_empty() && (id == ROLLBACK || was_answered(id)) => RowState::Regressed,
            () if after.iter().any(|it| is_answered(it, id, config) == Some(false)) => RowState::Open,
            () if is_news(&before, &after, id, config) => RowState::Answered,
            () => continue,
        };
        rows.push(ReliabilityRow { name, state, findings: lost });
    }
    rows.sort_by_key(|it| it.state);
    rows
}

/// Whether a design that left a question open answers it now.
fn is_news(before: &[&FileFacts], after: &[&FileFacts], id: &str, config: &Config) -> bool {
    before.iter().any(|old| {
        is_answered(old, id, config) == Some(false)
            && after.iter().any(|new| new.path == old.path && is_answered(new, id, config) == Some(true))
    })
}

/// Whether a design answers a question; nothing if it has no checklist.
fn is_answered(facts: &FileFacts, id: &str, config: &Config) -> Option<bool> {
    let document = ByRole::of(facts, config)?;
    let section = document.section(Role::ReliabilityChecklist)?;
    let question = reliability_questions().iter().find(|it| it.id == id)?;
    let fields = document.tree.fields_under(section).iter();
    let field = fields.into_iter().find(|it| it.name.of(&facts.text).eq_ignore_ascii_case(&question.name))?;
    let answer = field.value.of(&facts.text);
    Some(!value::is_unknown(answer) && !value::waits(answer))
}

/// The shortcuts that come and go with findings.
pub(super) fn anti_patterns(
    new: &[ReviewFinding],
    gone: impl Iterator<Item = &'static str>,
    lexicon: &'static Lexicon,
) -> AntiPatterns {
    let mut introduced: Vec<(&str, Vec<&str>)> = Vec::new();
    for finding in new.iter().filter(|it| it.severity <= Severity::Warning) {
        let Some(name) = lexicon.anti_pattern(finding.code) else { continue };
        match introduced.iter_mut().find(|it| it.0 == name) {
            Some(known) => known.1.push(&finding.id),
            None => introduced.push((name, vec![&finding.id])),
        }
    }
    let names: FxHashSet<&str> = introduced.iter().map(|it| it.0).collect();
    let mut removed: Vec<SmolStr> =
        gone.filter_map(|it| lexicon.anti_pattern(it)).filter(|it| !names.contains(it)).map(SmolStr::new).collect();
    removed.sort();
    removed.dedup();
    AntiPatterns {
        introduced: introduced.into_iter().map(|(name, ids)| format!("{name} {}", ids.join(" "))).collect(),
        removed: removed.into_iter().map(|it| it.to_string()).collect(),
    }
}
