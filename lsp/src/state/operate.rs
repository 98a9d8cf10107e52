//! Operations: planned on the actor's thread, since the workspace holds the planned files as buffers while it checks
//! them.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use tower_lsp::jsonrpc::Error;

use super::{Operate, State};
use crate::handlers::execute_command;

impl State {
    /// The command of an operation.
    pub(super) fn operate(&mut self, operate: Operate) {
        let Operate { scope, operation, request, only_preview, reply } = operate;
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
        let plan = || operation.plan(&mut workspace.write(), request);
        let Ok(plan) = catch_unwind(AssertUnwindSafe(plan)) else {
            self.complain(&format!("Archwright failed on `{}` and reads the workspace again.", operation.name));
            self.reopen(at);
            return;
        };
        let snapshot = self.snapshot(root, &Arc::default());
        let _ = reply.send(execute_command::planned(&snapshot, operation, plan, only_preview));
    }
}
