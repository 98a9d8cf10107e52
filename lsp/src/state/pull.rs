//! Workspace pulls that wait for news, and requests to pull again.

use std::sync::Arc;

use tower_lsp::ls_types::request::WorkspaceDiagnosticRefresh;

use super::{Message, Pull, Refresh, State};
use crate::{handlers::workspace_diagnostic, snapshot::Snapshot};

impl State {
    /// `workspace/diagnostic`.
    pub(super) fn pull(&mut self, pull: Pull) {
        if pull.cancel.is_dropped() {
            return;
        }
        self.flush();
        // A pull that waited has been told to stop by the edit that it waited for.
        let cancel = Arc::clone(&pull.cancel);
        cancel.renew();
        self.track(&cancel);
        let snapshots: Vec<Snapshot> = self.roots.iter().map(|it| self.snapshot(it, &cancel)).collect();
        let (sender, revision) = (self.sender.clone(), self.revision);
        self.outbox.runtime().spawn_blocking(move || {
            let answer = workspace_diagnostic::workspace_diagnostic(&snapshots, &pull.params);
            drop(snapshots);
            match answer.transpose() {
                Some(answer) => drop(pull.reply.send(answer)),
                None => drop(sender.send(Message::Park(pull, revision))),
            }
        });
    }

    /// Lets a pull wait that found no news at `revision`.
    pub(super) fn park(&mut self, pull: Pull, revision: u64) {
        self.parked.retain(|it| !it.0.cancel.is_dropped());
        self.parked.push((pull, revision));
    }

    /// Whether something happened since a waiting pull has looked.
    pub(super) fn pulls_are_due(&self) -> bool {
        self.parked.iter().any(|it| it.1 != self.revision)
    }

    /// Repeats the pulls that wait for what happened.
    pub(super) fn wake_pulls(&mut self) {
        let revision = self.revision;
        for (pull, _) in self.parked.extract_if(.., |it| it.1 != revision).collect::<Vec<_>>() {
            self.pull(pull);
        }
    }

    /// Notes that a pulling client has to pull again.
    pub(super) fn refresh_later(&mut self) {
        if self.session.pull {
            self.refresh = match self.refresh {
                Refresh::Idle | Refresh::Due => Refresh::Due,
                Refresh::Sent | Refresh::SentAndDue => Refresh::SentAndDue,
            };
        }
    }

    /// Asks the client to pull again, if that is due.
    pub(super) fn send_refresh(&mut self) -> bool {
        if self.refresh != Refresh::Due {
            return false;
        }
        self.refresh = Refresh::Sent;
        let sender = self.sender.clone();
        self.outbox.ask::<WorkspaceDiagnosticRefresh>((), move |_| drop(sender.send(Message::Refreshed)));
        true
    }

    /// The client has answered.
    pub(super) fn refreshed(&mut self) {
        self.refresh = if self.refresh == Refresh::SentAndDue { Refresh::Due } else { Refresh::Idle };
    }

    /// Answers whatever waits.
    pub(super) fn shutdown(&mut self) {
        for at in 0..self.roots.len() {
            self.answer_waiting(at);
        }
        self.interrupt();
        for (pull, _) in self.parked.drain(..) {
            let _ = pull.reply.send(Ok(workspace_diagnostic::nothing()));
        }
    }
}
