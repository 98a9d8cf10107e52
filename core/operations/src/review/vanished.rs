//! Facts that vanished: alerts, numbers, owners, keys and triggers that documents had at the base and have no longer,
//! neither in their place nor anywhere in what the change adds. A reworded line that still has the number is no loss.

use archwright_engine::Workspace;
use archwright_model::{
    Kind, Severity,
    conventions::{config::Config, role::Role},
    values::value,
};

use super::{
    change::{Diff, FileChange},
    lexicon::Lexicon,
    reviewed::{ReviewFinding, ReviewPlace},
    statement::{Statement, pair, statements},
    tokens::{self, Number, numbers},
};

/// The code of the findings.
pub(super) const CODE: &str = "review/vanished";

/// The kinds of documents in which others rely on single facts.
const KINDS: [Kind; 9] = [
    Kind::Design,
    Kind::Contract,
    Kind::Runbook,
    Kind::Launch,
    Kind::Adr,
    Kind::Standard,
    Kind::FeatureReadme,
    Kind::Shared,
    Kind::ReadinessReview,
];

/// The sections whose bullets are promises or instructions, so that one that is gone is missed.
const GUARDED: [Role; 14] = [
    Role::ReliabilityChecklist,
    Role::DlqAndReplay,
    Role::Ordering,
    Role::Compatibility,
    Role::StopCriteria,
    Role::Safety,
    Role::Triage,
    Role::Verification,
    Role::RollbackPlan,
    Role::Escalation,
    Role::Observability,
    Role::Resilience,
    Role::Rule,
    Role::Enforcement,
];

/// What is lost in all documents of a change.
pub(super) fn vanished(workspace: &Workspace, diff: &Diff, lexicon: &'static Lexicon) -> Vec<ReviewFinding> {
    let added = Added::of(diff);
    let documents = diff.files.iter().filter(|it| KINDS.contains(&it.kind()));
    documents.flat_map(|it| of_document(it, &added, workspace.config(), lexicon)).collect()
}

/// What the change says anew, anywhere: what moved there is not lost.
struct Added {
    text: String,
    numbers: Vec<Number>,
}

impl Added {
    fn of(diff: &Diff) -> Self {
        let mut text = String::new();
        for file in &diff.files {
            for (_, line) in file.added_lines() {
                text.push_str(line);
                text.push('\n');
            }
        }
        Self { numbers: numbers(&text), text }
    }
}

fn of_document(file: &FileChange, added: &Added, config: &Config, lexicon: &'static Lexicon) -> Vec<ReviewFinding> {
    let (Some(before), Some(after)) = (&file.before, &file.after) else { return Vec::new() };
    if !before.facts.opted_in() || !after.facts.opted_in() {
        return Vec::new();
    }
    let (then, now) = (statements(&before.facts, config), statements(&after.facts, config));
    let pairs = pair(&then, &now);
    let kept = pairs.iter().filter(|it| it.is_some()).count();
    // A document that was written anew says other things; nobody lost them by accident.
    if kept * 2 < then.len() {
        return Vec::new();
    }
    let numbers_now = numbers(&after.text);
    let still = |it: &Number| numbers_now.iter().chain(&added.numbers).any(|other| other.says(it));
    let is_said = |text: &str| after.text.contains(text) || added.text.contains(text);
    let mut found = Vec::new();
    for (at, (statement, to)) in then.iter().zip(&pairs).enumerate() {
        let became = to.and_then(|it| now.get(it));
        let loss = match became {
            Some(it) if it.text == statement.text => None,
            Some(it) => lost_in(statement, it, lexicon, &still, &is_said),
            None => lost_with(statement, lexicon, &still, &is_said).filter(|_| {
                let role = statement.section.0;
                let of_section = |it: &&(&Statement, &Option<usize>)| it.0.section == statement.section;
                let all = then.iter().zip(&pairs).filter(|it| of_section(&it)).count();
                let left = then.iter().zip(&pairs).filter(|it| of_section(&it) && it.1.is_some()).count();
                let is_guarded = statement.label.is_some() || role.is_some_and(|it| GUARDED.contains(&it));
                // Of a list that was written anew no single line is missed.
                is_guarded && (left * 2 >= all || all <= 2 && role.is_some_and(|it| has_section(&now, it)))
            }),
        };
        let Some(loss) = loss else { continue };
        let line = match became {
            Some(it) => tokens::line_of(&after.text, it.span.start as usize),
            None => line_after(&then, &pairs, &now, at, &after.text),
        };
        let role = statement.role.or(statement.section.0);
        found.push(ReviewFinding {
            severity: Severity::Warning,
            row: role.and_then(|it| lexicon.row_of_role(it)),
            against: vec![ReviewPlace {
                file: before.facts.path.clone(),
                line: tokens::line_of(&before.text, statement.span.start as usize),
            }],
            ..ReviewFinding::at(CODE, &file.path, line, loss)
        });
    }
    found
}

fn has_section(statements: &[Statement], role: Role) -> bool {
    statements.iter().any(|it| it.section.0 == Some(role))
}

/// Where a statement stood that is gone: behind the one before it that is left.
fn line_after(then: &[Statement], pairs: &[Option<usize>], now: &[Statement], at: usize, text: &str) -> u32 {
    let earlier = then.iter().zip(pairs).take(at).rev();
    let section = then.get(at).map(|it| &it.section);
    let before = earlier.filter(|it| Some(&it.0.section) == section).find_map(|it| now.get((*it.1)?));
    let first = || now.iter().find(|it| Some(&it.section) == section);
    before.or_else(first).map_or(1, |it| tokens::line_of(text, it.span.start as usize))
}

/// What a statement that is still there no longer says.
fn lost_in(
    then: &Statement,
    now: &Statement,
    lexicon: &'static Lexicon,
    still: &dyn Fn(&Number) -> bool,
    is_said: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let name = name_of(then);
    if value::is_unknown(&now.text) && !value::is_unknown(&then.text) && then.role.is_some() {
        return Some(format!("{name} lost its value, which was \"{}\".", brief(&then.text)));
    }
    let (before, after) = (numbers(&then.text), numbers(&now.text));
    let lost: Vec<&Number> =
        before.iter().filter(|it| !after.iter().any(|other| other.unit == it.unit) && !still(it)).collect();
    let alert = lexicon.alert_clause(&then.text).filter(|clause| {
        let names = tokens::code_names(clause).any(is_said);
        !lexicon.says_alert(&now.text) && !names && !is_said(clause)
    });
    let owner = lexicon.owner_clause(&then.text).filter(|clause| !lexicon.says_owner(&now.text) && !is_said(clause));
    if let Some(clause) = alert {
        return Some(format!("{name} lost its alert, which was \"{}\".", brief(clause)));
    }
    if let Some(clause) = owner {
        return Some(format!("{name} no longer names an owner, as \"{}\" did.", brief(clause)));
    }
    if lost.is_empty() || !is_relied_on(then) {
        return None;
    }
    let shown: Vec<&str> = lost.iter().map(|it| it.shown.as_str()).collect();
    let what = if shown.len() == 1 { "its number" } else { "its numbers" };
    Some(format!("{name} lost {what}: {}.", shown.join(", ")))
}

/// Whether a number of the statement is a promise or an instruction: it is a field that others rely on, or it stands
/// in a section of such.
fn is_relied_on(it: &Statement) -> bool {
    it.role.is_some() || it.section.0.is_some_and(|it| GUARDED.contains(&it) || it == Role::SystemConcerns)
}

/// What is lost with a statement that is gone.
fn lost_with(
    then: &Statement,
    lexicon: &'static Lexicon,
    still: &dyn Fn(&Number) -> bool,
    is_said: &dyn Fn(&str) -> bool,
) -> Option<String> {
    if value::is_unknown(&then.text) || value::is_none(&then.text) || is_said(&then.text) {
        return None;
    }
    // A row of a table that is gone went with its subject.
    if then.label.as_deref().is_some_and(|it| it.contains('/')) {
        return None;
    }
    if then.role.is_some() {
        return Some(format!("{} is gone, which was \"{}\".", name_of(then), brief(&then.text)));
    }
    if then.label.is_some() && !then.section.0.is_some_and(|it| GUARDED.contains(&it)) {
        return None;
    }
    if let Some(clause) = lexicon.alert_clause(&then.text)
        && !tokens::code_names(clause).any(is_said)
    {
        return Some(format!("The alert \"{}\" is gone.", brief(clause)));
    }
    let numbers = numbers(&then.text);
    let lost = !numbers.is_empty() && !numbers.iter().any(still);
    lost.then(|| format!("\"{}\" is gone.", brief(&then.text)))
}

/// What a statement is called in a sentence.
fn name_of(it: &Statement) -> String {
    match &it.shown {
        Some(name) => format!("{name}:").trim_end_matches(':').to_owned(),
        None => format!("\"{}\"", brief(&it.text)),
    }
}

/// The beginning of a text, on one line.
fn brief(text: &str) -> String {
    const MOST: usize = 90;
    let line = value::line(text);
    let text = line.trim_end_matches(['.', ';', ',']);
    if text.len() <= MOST {
        return text.to_owned();
    }
    let cut = text.get(..text.floor_char_boundary(MOST)).unwrap_or_default();
    format!("{}…", cut.rsplit_once(' ').map_or(cut, |it| it.0))
}
