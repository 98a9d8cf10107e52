//! Designs: planned on the actor's thread, since the workspace holds the planned files as buffers while it checks them.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use archwright_analysis::operations;
use tower_lsp::jsonrpc::Error;

use super::{Design, State};
use crate::handlers::execute_command;

impl State {
    /// `archwright.design`.
    pub(super) fn design(&mut self, design: Design) {
        let Design { scope, request, reply } = design;
        if reply.is_closed() {
            return;
        }
        self.flush();
        let Some(at) = self.find(&scope) else {
            let _ = reply.send(Err(Error::invalid_params("no workspace is open")));
            return;
        };
        self.interrupt();
        let Some(root) = self.roots.get(at) else { return };
        let workspace = root.workspace.clone();
        let Ok(result) = catch_unwind(AssertUnwindSafe(|| operations::design(&mut workspace.write(), &request))) else {
            self.complain("Archwright failed on a design and reads the workspace again.");
            self.reopen(at);
            return;
        };
        let snapshot = self.snapshot(root, &Arc::default());
        let _ = reply.send(execute_command::designed(&snapshot, &request.feature, result));
    }
}
