//! `workspace/symbol`.

use archwright_analysis::features::MAX_SYMBOLS;
use tower_lsp::ls_types::{SymbolInformation, WorkspaceSymbolParams};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// The symbols of all workspaces that fit a query.
pub(crate) fn symbol(snapshots: &[Snapshot], params: &WorkspaceSymbolParams) -> Vec<SymbolInformation> {
    let of = |it: &Snapshot| convert::workspace_symbols(&mut Converter::new(it), &params.query);
    snapshots.iter().flat_map(of).take(MAX_SYMBOLS).collect()
}
