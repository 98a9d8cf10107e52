//! `archwright graph`: the flow of messages between services.

use std::{
    io::{self, Write as _},
    path::Path,
};

use archwright_analysis::{
    OpenOptions, Root, discover,
    operations::{Choice, FlowView, Graph, GraphRequest, Operation},
};

use super::{CommandError, Outcome};
use crate::{
    args::{GraphArguments, GraphFormat},
    output,
};

/// Runs the command.
///
/// # Errors
/// If the workspace cannot be opened, nothing or several things have the name, or the output cannot be written.
pub fn run(arguments: &GraphArguments) -> Result<Outcome, CommandError> {
    let start = dunce::canonicalize(arguments.root.as_deref().unwrap_or(Path::new(".")))
        .map_err(|error| CommandError::Path { path: arguments.root.clone().unwrap_or_default(), error })?;
    let root = if arguments.root.is_some() { Root::Folder(start) } else { discover(&start) };
    let mut workspace = archwright_analysis::open(OpenOptions::question(root).cached(), &|_| {})?;
    let view = match arguments.format {
        GraphFormat::Text | GraphFormat::Json => FlowView::Text,
        GraphFormat::Mermaid => FlowView::Mermaid,
        GraphFormat::Dot => FlowView::Dot,
        GraphFormat::Svg => FlowView::Svg,
        GraphFormat::Sequence => FlowView::Sequence,
        GraphFormat::States => FlowView::States,
        GraphFormat::Catalog => FlowView::Catalog,
    };
    let request = GraphRequest {
        of: arguments.of.clone(),
        kind: arguments.kind.map(Choice),
        depth: arguments.depth,
        view: Some(Choice(view)),
    };
    let flow = Graph::plan(&mut workspace, &request)?.flow.unwrap_or_default();
    let mut out = output::stdout();
    if arguments.format == GraphFormat::Json {
        output::json::write(&mut out, &flow)?;
    } else {
        for line in flow.show(usize::MAX).lines() {
            writeln!(out, "{}", output::escape::visible(line))?;
        }
    }
    io::Write::flush(&mut out)?;
    Ok(Outcome::Clean)
}
