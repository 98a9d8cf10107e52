//! `archwright check`: opens the workspaces of the paths, fixes what is asked for, and prints what does not hold.

mod fixing;
mod meter;
mod targets;

use std::{collections::BTreeMap, io, path::Path};

use anstream::eprintln;
use archwright_analysis::{
    Base, FileId, OpenOptions, RelPath, cache, config,
    git::GitRepository,
    operations::{check_code, is_code_at},
    report::{self, ReportFilter},
    writer::WriteError,
};
use archwright_syntax::FileType;

use self::{meter::Meter, targets::Target};
use super::{CommandError, Outcome, recover};
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
    if !arguments.fix {
        for one in &mut checked {
            check_all_code(one, arguments);
        }
    }
    let unread = tell_unread_paths(&checked, arguments.quiet);
    let with_unread = |outcome| if unread.has_file { Outcome::Unread } else { outcome };
    if arguments.dry_run {
        return dry_run(checked, arguments.quiet).map(with_unread);
    }
    if arguments.fix {
        for one in &mut checked {
            let fixed = fixing::fix(one);
            one.is_fixed = true;
            check_all_code(one, arguments);
            if !arguments.quiet {
                tell_fixed(one, &fixed);
                tell_skipped(&fixed.skipped);
            }
            if let Some(error) = fixed.stopped {
                return Err(error.into());
            }
        }
    }
    let results = Results::new(checked);
    let outcome = if results.summary().errors > 0 { Outcome::Errors } else { Outcome::Clean };
    let printed = print(&results, arguments, arguments.quiet || unread.is_all);
    // The process ends now; taking thousands of parsed files apart first would only cost time.
    std::mem::forget(results);
    match printed {
        // The exit code still says what was found, also when the reader of the output has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(with_unread(outcome)),
    }
}

/// Holds all code against the documents, if that is asked for.
fn check_all_code(checked: &mut Checked, arguments: &CheckArguments) {
    if arguments.code || checked.workspace.config().checks_code() {
        check_code(&mut checked.workspace);
    }
}

fn open(target: Target, arguments: &CheckArguments, meter: &Meter) -> Result<Checked, CommandError> {
    // Fixing applies changes to the open workspace, for which it must know what depends on what.
    if arguments.fix && !arguments.dry_run {
        recover(target.root.folder())?;
    }
    let base = base(target.root.folder(), arguments)?;
    let options = OpenOptions {
        root: target.root,
        track: arguments.fix,
        config: target.config,
        base,
        checks: true,
        cache: cache::folder(),
    };
    let workspace = archwright_analysis::open(options, &|it| meter.show(it))?;
    let filter = ReportFilter { paths: target.paths, least: Some(arguments.severity.severity()) };
    Ok(Checked { workspace, filter, is_fixed: false })
}

/// What is compared with. A revision that was named must be there; everything else that git cannot tell is no failure.
fn base(root: &Path, arguments: &CheckArguments) -> Result<Base, CommandError> {
    if arguments.no_base {
        return Ok(Base::None);
    }
    let Some(revision) = &arguments.base else { return Ok(Base::Git { revision: None }) };
    let repository = GitRepository::discover(root)?;
    let repository = repository.ok_or_else(|| CommandError::NoRepository { folder: root.to_path_buf() })?;
    repository.base(Some(revision))?;
    Ok(Base::Git { revision: Some(revision.clone()) })
}

fn print(results: &Results, arguments: &CheckArguments, quiet: bool) -> io::Result<()> {
    let mut out = output::stdout();
    match arguments.format {
        CheckFormat::Text => output::text::write(&mut out, results, output::text::Options::for_stdout(quiet)),
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
            tell_skipped(&preview.skipped);
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

/// How many files that cannot be written are told one by one.
const MOST_SKIPPED: usize = 20;

fn tell_skipped(skipped: &BTreeMap<RelPath, WriteError>) {
    if skipped.is_empty() {
        return;
    }
    tell(&format!("{} cannot be fixed:", output::count(skipped.len(), "file")));
    for error in skipped.values().take(MOST_SKIPPED) {
        tell(&format!("  {}", output::escape::visible(&error.to_string())));
    }
    if let Some(more) = skipped.len().checked_sub(MOST_SKIPPED).filter(|it| *it > 0) {
        tell(&format!("  and {more} more"));
    }
}

/// What nothing was read of.
struct Unread {
    /// Whether a file is among it.
    has_file: bool,
    /// Whether it is all that was asked for.
    is_all: bool,
}

/// A path that was asked for and of which nothing was read deserves a word, or a clean result would mislead. A file is
/// an error.
fn tell_unread_paths(checked: &[Checked], quiet: bool) -> Unread {
    let mut unread = Unread { has_file: false, is_all: true };
    for one in checked {
        unread.is_all &= !one.filter.paths.is_empty();
        for path in one.filter.paths.iter().filter(|it| it.as_str() != config::FILE_NAME) {
            let only = ReportFilter { paths: vec![path.clone()], least: None };
            let full = one.workspace.root().join(path.as_str());
            let is_read = one.workspace.files().any(|it| only.covers(one.workspace.path(it)))
                || one.workspace.code().is_some() && is_code_at(&one.workspace, path);
            if let Some(why) = unreadable(one, path) {
                unread.has_file = true;
                let shown = output::relative_to_cwd(&full);
                tell(&format!("error: {} was not checked: it {why}.", output::escape::visible(&shown)));
            } else if is_read {
                unread.is_all = false;
            } else {
                let shown = output::relative_to_cwd(&full);
                let shown = output::escape::visible(&shown);
                if full.is_file() {
                    unread.has_file = true;
                    tell(&format!("error: {shown} was not checked: {}", why_not(one, path)));
                } else if !quiet {
                    tell(&format!(
                        "Nothing to check in {shown}: it is left out by .gitignore or the configuration, or holds no \
                        file that Archwright reads."
                    ));
                }
            }
        }
    }
    unread
}

/// Why nothing of a file could be read, where no finding says so.
fn unreadable(checked: &Checked, path: &RelPath) -> Option<String> {
    let file = checked.workspace.file(path)?;
    let why = checked.workspace.facts(file)?.unreadable.as_ref()?.to_string();
    (!is_told_unreadable(checked, file)).then_some(why)
}

/// Whether a finding says that nothing of a file could be read.
fn is_told_unreadable(checked: &Checked, file: FileId) -> bool {
    checked.workspace.findings(file).iter().any(|it| it.rule.code == "document/unreadable")
}

/// Why a file is none of those that are read, and what to do.
fn why_not(checked: &Checked, path: &RelPath) -> &'static str {
    if !checked.workspace.lists(path) {
        return "it is left out by .gitignore or the configuration.";
    }
    match path.file_type() {
        Some(FileType::Yaml | FileType::Json) => {
            "it is no AsyncAPI document (there is no `asyncapi` at its top) and no schema (there is no `$schema`), and \
             lies at no place of `[layout]`."
        }
        _ => "Archwright reads Markdown, AsyncAPI documents (YAML, JSON) and the files that `[layout]` names.",
    }
}

#[allow(clippy::print_stderr, reason = "stdout holds only the report")]
fn tell(text: &str) {
    eprintln!("{text}");
}
