//! The plan of an operation, for people.

use std::io::{self, Write};

use archwright_analysis::{
    RelPath, Workspace,
    operations::{FileState, NextStep, Plan, PlanNote},
    report::ReportedFinding,
};

use super::{count, diff, escape::visible, relative_to_cwd};
use crate::commands::CommandError;

/// Prints the change as a diff.
///
/// # Errors
/// If the files are not as the plan knows them, or the output cannot be written.
pub fn write_diff(out: &mut impl Write, workspace: &Workspace, plan: &Plan) -> Result<(), CommandError> {
    let text = |path: &RelPath| workspace.file(path).and_then(|it| workspace.text(it)).map(|it| it.to_string());
    for file in plan.edit.preview(text)? {
        diff::write(out, &file, &|it| shown(workspace, it))?;
    }
    writeln!(out)?;
    Ok(())
}

/// Prints what was planned and what is left to do.
///
/// # Errors
/// If the output cannot be written.
pub fn write_text(out: &mut impl Write, workspace: &Workspace, operation: &str, plan: &Plan) -> io::Result<()> {
    if let Some(declined) = &plan.declined {
        match &declined.question {
            Some(question) => writeln!(out, "Whether a {operation} is due is open. {}\n{question}", declined.reason)?,
            None => writeln!(out, "No {operation} is due. {}", declined.reason)?,
        }
        for step in &plan.next_steps {
            writeln!(out, "{}", words(operation, step))?;
        }
        return Ok(());
    }
    if let Some(launch) = &plan.launch {
        for line in launch.text().lines() {
            writeln!(out, "{}", visible(line))?;
        }
        writeln!(out)?;
    }
    for file in &plan.files {
        let state = match file.state {
            FileState::Created => "created",
            FileState::Changed => "changed",
            FileState::Unchanged => "unchanged",
        };
        writeln!(out, "{state:9}  {}", visible(&shown(workspace, &file.path)))?;
    }
    if !plan.findings.is_empty() {
        writeln!(out, "\n{}:", count(plan.findings.len(), "finding"))?;
        for ReportedFinding { severity, rule, file, start, message, .. } in &plan.findings {
            let place = format!("{}:{}:{}", shown(workspace, file), start.line, start.column);
            writeln!(out, "  {}: {severity}[{rule}]: {}", visible(&place), visible(message))?;
        }
    }
    if !plan.questions.is_empty() {
        writeln!(out, "\n{} to answer:", count(plan.questions.len(), "question"))?;
        for question in &plan.questions {
            let place = format!("{}:{}", shown(workspace, &question.file), question.line);
            let field = question.field.as_ref().map_or_else(String::new, |it| format!("{it}: "));
            writeln!(out, "  {}: {}", visible(&place), visible(&format!("{field}{}", question.question)))?;
        }
    }
    for note in &plan.notes {
        let PlanNote { file, at, message } = note;
        writeln!(out, "{}:{}:{}: {}", visible(file), at.line, at.column, visible(message))?;
    }
    if !plan.next_steps.is_empty() {
        writeln!(out, "\nNext:")?;
        for step in &plan.next_steps {
            writeln!(out, "  - {}", visible(&words(operation, step)))?;
        }
    }
    Ok(())
}

fn shown(workspace: &Workspace, path: &RelPath) -> String {
    relative_to_cwd(&workspace.root().join(path.as_str()))
}

/// A step in the words of the command line.
fn words(operation: &str, step: &NextStep) -> String {
    match step {
        NextStep::FixErrors { .. } => format!("{step} `archwright explain` says why each fires."),
        NextStep::AnswerQuestions { .. } if matches!(operation, "design" | "prelaunch") => {
            format!("{step} Write the answers in their places, or give them by `--facts`: existing text stays.")
        }
        NextStep::AnswerQuestions { .. } => format!("{step} Write the answers in their places."),
        NextStep::WriteContract { channel } => {
            format!("{step} `archwright contract {channel}` does; `--field` names the fields of its payload.")
        }
        NextStep::SettleDifferences { .. } => step.to_string().replace("`update`", "`--update`"),
        NextStep::DoWithout | NextStep::AskUser => "`--force` writes it all the same.".to_owned(),
        other => other.to_string(),
    }
}
