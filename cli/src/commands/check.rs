//! `archwright check`: opens the workspaces of the paths, fixes what is asked for, and prints what does not hold.

mod fixing;
mod meter;
mod targets;

use std::io;

use anstream::eprintln;
use archwright_analysis::{
    Base, OpenOptions, config,
    report::{self, ReportFilter},
};

use self::{meter::Meter, targets::Target};
use super::{CommandError, Outcome};
use crate::{
    args::{CheckArguments, CheckFormat},
    output::{self, Checked, Results},
};

/// Runs the command.
///
/// # Errors
/// If a path or a configuration is of no use, a fix cannot be written, or the output cannot be written.
pub fn run(arguments: &CheckArguments) -> Result<Outcome, CommandError> {
    let meter = Meter::new(arguments.quiet);
    let mut checked = Vec::new();
    for target in targets::targets(arguments)? {
        checked.push(open(target, arguments, &meter)?);
    }
    meter.finish();
    if !arguments.quiet {
        warn_about_unread_paths(&checked);
    }
    if arguments.dry_run {
        return dry_run(checked, arguments.quiet);
    }
    if arguments.fix {
        for one in &mut checked {
            let fixed = fixing::fix(one)?;
            if !arguments.quiet {
                tell_fixed(one, &fixed);
            }
        }
    }
    let results = Results::new(checked);
    let outcome = if results.summary().errors > 0 { Outcome::Errors } else { Outcome::Clean };
    let printed = print(&results, arguments);
    // The process ends now; taking thousands of parsed files apart first would only cost time.
    std::mem::forget(results);
    match printed {
        // The exit code still says what was found, also when the reader of the output has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(outcome),
    }
}

fn open(target: Target, arguments: &CheckArguments, meter: &Meter) -> Result<Checked, CommandError> {
    // Fixing applies changes to the open workspace, for which it must know what depends on what.
    let options = OpenOptions { root: target.root, track: arguments.fix, config: target.config, base: Base::None };
    let workspace = archwright_analysis::open(options, &|it| meter.show(it))?;
    let filter = ReportFilter { paths: target.paths, least: Some(arguments.severity.severity()) };
    Ok(Checked { workspace, filter })
}

fn print(results: &Results, arguments: &CheckArguments) -> io::Result<()> {
    let mut out = output::stdout();
    match arguments.format {
        CheckFormat::Text => output::text::write(&mut out, results, output::text::Options::for_stdout(arguments.quiet)),
        CheckFormat::Json => output::json::write(&mut out, results.report()),
        CheckFormat::Sarif => output::sarif::write(&mut out, results),
        CheckFormat::Github => output::github::write(&mut out, results),
    }?;
    io::Write::flush(&mut out)
}

fn dry_run(checked: Vec<Checked>, quiet: bool) -> Result<Outcome, CommandError> {
    let mut outcome = Outcome::Clean;
    let mut out = output::stdout();
    for mut one in checked {
        if report::summary(&one.workspace, &one.filter).errors > 0 {
            outcome = Outcome::Errors;
        }
        let preview = fixing::preview(&mut one)?;
        for file in &preview.files {
            output::diff::write(&mut out, file, &|it| {
                output::relative_to_cwd(&one.workspace.root().join(it.as_str()))
            })?;
        }
        io::Write::flush(&mut out)?;
        if !quiet {
            let (problems, files) = (preview.fixed, preview.files.len());
            tell(&format!(
                "{} would be fixed in {}.",
                output::count(problems, "problem"),
                output::count(files, "file")
            ));
        }
    }
    Ok(outcome)
}

fn tell_fixed(checked: &Checked, fixed: &fixing::Fixed) {
    if fixed.findings.is_empty() {
        return;
    }
    let problems = output::count(fixed.findings.len(), "problem");
    tell(&format!("Fixed {problems} in {}:", output::count(fixed.files.len(), "file")));
    for file in &fixed.files {
        let path = output::relative_to_cwd(&checked.workspace.root().join(file.as_str()));
        tell(&format!("  {}", output::escape::visible(&path)));
    }
}

/// A path that was asked for and of which nothing was read deserves a word, or a clean result would mislead.
fn warn_about_unread_paths(checked: &[Checked]) {
    for one in checked {
        for path in one.filter.paths.iter().filter(|it| it.as_str() != config::FILE_NAME) {
            let only = ReportFilter { paths: vec![path.clone()], least: None };
            if !one.workspace.files().any(|it| only.covers(one.workspace.path(it))) {
                let path = output::relative_to_cwd(&one.workspace.root().join(path.as_str()));
                tell(&format!(
                    "Nothing to check in {}: it is left out by .gitignore or the configuration, or holds no file that Archwright reads.",
                    output::escape::visible(&path)
                ));
            }
        }
    }
}

#[allow(clippy::print_stderr, reason = "stdout holds only the report")]
fn tell(text: &str) {
    eprintln!("{text}");
}
