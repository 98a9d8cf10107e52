//! `archwright design`: writes the design of a feature, its README and its row in the catalog.

use std::{
    fs,
    io::{self, Read, Write},
    path::Path,
};

use archwright_analysis::{
    OpenOptions, RelPath, Root, Workspace, discover,
    operations::{self, DesignOutcome, DesignRequest, FileState},
    report::ReportedFinding,
    writer,
};

use super::{CommandError, Outcome};
use crate::{
    args::{DesignArguments, ListFormat},
    output::{self, count, escape::visible},
};

/// Runs the command. A design that is not due is no error: nothing is written, and the answer says why.
///
/// # Errors
/// If the facts are of no use or a file cannot be written.
pub fn run(arguments: &DesignArguments) -> Result<Outcome, CommandError> {
    let request = request(arguments)?;
    let start = dunce::canonicalize(arguments.root.as_deref().unwrap_or(Path::new(".")))
        .map_err(|error| CommandError::Path { path: arguments.root.clone().unwrap_or_default(), error })?;
    let root = if arguments.root.is_some() { Root::Folder(start) } else { discover(&start) };
    // Planning tries its edits out in the open workspace, for which it must know what depends on what.
    let mut workspace = archwright_analysis::open(OpenOptions::server(root), &|_| {})?;
    let outcome = operations::design(&mut workspace, &request)?;
    let mut out = output::stdout();
    if !arguments.dry_run {
        writer::apply(workspace.root(), &outcome.edit)?;
    } else if arguments.format == ListFormat::Text {
        write_diff(&mut out, &workspace, &outcome)?;
    }
    match arguments.format {
        ListFormat::Text => write_text(&mut out, &workspace, &outcome)?,
        ListFormat::Json => output::json::write(&mut out, &outcome)?,
    }
    io::Write::flush(&mut out)?;
    Ok(Outcome::Clean)
}

/// The facts of the file, overridden by what the command line says.
fn request(arguments: &DesignArguments) -> Result<DesignRequest, CommandError> {
    let mut request = match arguments.facts.as_deref() {
        None => DesignRequest::default(),
        Some(path) => {
            let text = read(path).map_err(|error| CommandError::Path { path: path.to_path_buf(), error })?;
            serde_json::from_str(&text).map_err(|error| CommandError::Facts { path: path.to_path_buf(), error })?
        }
    };
    request.feature.clone_from(&arguments.feature);
    if let Some(description) = &arguments.description {
        request.description.clone_from(description);
    }
    if arguments.title.is_some() {
        request.title.clone_from(&arguments.title);
    }
    if arguments.owner_team.is_some() {
        request.concerns.owner_team.clone_from(&arguments.owner_team);
    }
    request.force |= arguments.force;
    Ok(request)
}

fn read(path: &Path) -> io::Result<String> {
    if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        Ok(text)
    } else {
        fs::read_to_string(path)
    }
}

fn write_diff(out: &mut impl Write, workspace: &Workspace, outcome: &DesignOutcome) -> Result<(), CommandError> {
    let text = |path: &RelPath| workspace.file(path).and_then(|it| workspace.text(it)).map(|it| it.to_string());
    for file in outcome.edit.preview(text)? {
        output::diff::write(out, &file, &|it| shown(workspace, it))?;
    }
    writeln!(out)?;
    Ok(())
}

fn write_text(out: &mut impl Write, workspace: &Workspace, outcome: &DesignOutcome) -> io::Result<()> {
    if let Some(declined) = &outcome.declined {
        writeln!(out, "No design is due. {}", declined.reason)?;
        if let Some(question) = &declined.question {
            writeln!(out, "{question}")?;
        }
        return writeln!(out, "--force writes it all the same.");
    }
    for file in &outcome.files {
        let state = match file.state {
            FileState::Created => "created",
            FileState::Changed => "changed",
            FileState::Unchanged => "unchanged",
        };
        writeln!(out, "{state:9}  {}", visible(&shown(workspace, &file.path)))?;
    }
    if !outcome.findings.is_empty() {
        writeln!(out, "\n{}:", count(outcome.findings.len(), "finding"))?;
        for ReportedFinding { severity, rule, file, start, message, .. } in &outcome.findings {
            let place = format!("{}:{}:{}", shown(workspace, file), start.line, start.column);
            writeln!(out, "  {}: {severity}[{rule}]: {}", visible(&place), visible(message))?;
        }
    }
    if !outcome.questions.is_empty() {
        writeln!(out, "\n{} to answer:", count(outcome.questions.len(), "question"))?;
        for question in &outcome.questions {
            let place = format!("{}:{}", shown(workspace, &question.file), question.line);
            let field = question.field.as_ref().map_or_else(String::new, |it| format!("{it}: "));
            writeln!(out, "  {}: {}", visible(&place), visible(&format!("{field}{}", question.question)))?;
        }
    }
    if !outcome.next_steps.is_empty() {
        writeln!(out, "\nNext:")?;
        for step in &outcome.next_steps {
            writeln!(out, "  - {}", visible(step))?;
        }
    }
    Ok(())
}

fn shown(workspace: &Workspace, path: &RelPath) -> String {
    output::relative_to_cwd(&workspace.root().join(path.as_str()))
}
