//! `archwright eval`: counts what is found in labelled documents against what their labels say.

use std::io;

use archwright_analysis::{
    Base, OpenOptions, Root,
    operations::{Evaluation, ReadManifest, evaluate},
};

use super::{CommandError, Outcome};
use crate::{
    args::{EvalArguments, EvalFormat},
    output,
};

/// Runs the command.
///
/// # Errors
/// If the manifest is of no use, the workspace cannot be opened, or the output cannot be written.
pub fn run(arguments: &EvalArguments) -> Result<Outcome, CommandError> {
    let manifest = ReadManifest::read(&arguments.manifest)?;
    let root = Root::Folder(manifest.folder.clone());
    let options = OpenOptions { base: Base::None, ..OpenOptions::batch(root) };
    let workspace = archwright_analysis::open(options, &|_| {})?;
    let evaluation = evaluate(&workspace, &manifest)?;
    let mut out = output::stdout();
    match arguments.format {
        EvalFormat::Text => output::evaluation::write_text(&mut out, &evaluation)?,
        EvalFormat::Markdown => output::evaluation::write_markdown(&mut out, &evaluation)?,
        EvalFormat::Json => output::json::write(&mut out, &evaluation)?,
    }
    io::Write::flush(&mut out)?;
    Ok(if is_enough(&evaluation, arguments) { Outcome::Clean } else { Outcome::Errors })
}

/// Whether the shares are what was asked for. Where nothing was counted, nothing is too little.
fn is_enough(evaluation: &Evaluation, arguments: &EvalArguments) -> bool {
    let reaches = |share: Option<f64>, least: Option<u8>| {
        share.zip(least).is_none_or(|(share, least)| share * 100.0 + 1e-9 >= f64::from(least))
    };
    reaches(evaluation.overall.precision, arguments.min_precision)
        && reaches(evaluation.overall.recall, arguments.min_recall)
}
