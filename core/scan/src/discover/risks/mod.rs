//! Risks at the line: where a message can be lost, comes again for ever, or is handled without bounds.
//!
//! A risk is told where the handler's code and what the library does with it are known; anything else is silent.

mod acks;
pub(crate) mod facts;
mod failures;
mod handlers;
mod rules;
mod sends;
mod steps;
mod transient;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::edges::Joined;
use super::index::{Id, Index};
use facts::RiskWords;
use handlers::Handler;

pub(super) use rules::mentioned;

/// What can go wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RiskKind {
    /// The broker forgets a message when it hands it out.
    AutoAck,
    /// Positions are committed by the clock.
    AutoCommit,
    /// A message counts as handled before its work is done.
    AckBeforeProcessing,
    /// A failure is caught and the message counts as handled.
    AckOnFailure,
    /// A failure of a send is caught and nobody is told.
    SwallowedPublishError,
    /// Nobody looks at the outcome of a send.
    FireAndForgetPublish,
    /// The broker is not asked to confirm what is sent.
    UnconfirmedPublish,
    /// A producer does not wait for any broker.
    ProducerAcksNone,
    /// What cannot be handled has no place to go to.
    NoDeadLetter,
    /// A queue is gone when the broker restarts.
    NonDurableQueue,
    /// A message that always fails comes again for ever.
    UnboundedRetry,
    /// A failure that would pass is not tried again.
    NoRetryPolicy,
    /// Nothing bounds how many messages are handled at once.
    UnboundedConcurrency,
    /// A message that cannot be read is neither settled nor put aside.
    PoisonMessage,
}

impl RiskKind {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::AutoAck,
        Self::AutoCommit,
        Self::AckBeforeProcessing,
        Self::AckOnFailure,
        Self::SwallowedPublishError,
        Self::FireAndForgetPublish,
        Self::UnconfirmedPublish,
        Self::ProducerAcksNone,
        Self::NoDeadLetter,
        Self::NonDurableQueue,
        Self::UnboundedRetry,
        Self::NoRetryPolicy,
        Self::UnboundedConcurrency,
        Self::PoisonMessage,
    ];

    /// The name by which a comment allows it: `scan/auto-ack`.
    pub fn code(self) -> &'static str {
        match self {
            Self::AutoAck => "scan/auto-ack",
            Self::AutoCommit => "scan/auto-commit",
            Self::AckBeforeProcessing => "scan/ack-before-processing",
            Self::AckOnFailure => "scan/ack-on-failure",
            Self::SwallowedPublishError => "scan/swallowed-publish-error",
            Self::FireAndForgetPublish => "scan/fire-and-forget-publish",
            Self::UnconfirmedPublish => "scan/unconfirmed-publish",
            Self::ProducerAcksNone => "scan/producer-acks-none",
            Self::NoDeadLetter => "scan/no-dead-letter",
            Self::NonDurableQueue => "scan/non-durable-queue",
            Self::UnboundedRetry => "scan/unbounded-retry",
            Self::NoRetryPolicy => "scan/no-retry-policy",
            Self::UnboundedConcurrency => "scan/unbounded-concurrency",
            Self::PoisonMessage => "scan/poison-message",
        }
    }

    /// Its name in answers.
    pub fn name(self) -> &'static str {
        self.code().trim_start_matches("scan/")
    }
}

/// A place where code can lose or repeat messages.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Risk {
    /// The file, relative to the root, with forward slashes.
    pub path: SmolStr,
    /// Counts from 1.
    pub line: u32,
    /// What can go wrong.
    pub kind: RiskKind,
    /// Another line of the file that makes it one, such as that of the handler of the failure; counts from 1.
    pub because: Option<u32>,
    /// The client library whose behaviour makes it one.
    pub library: SmolStr,
    /// What is lost or repeated, in a sentence without its end.
    pub says: SmolStr,
    /// The pattern that solves it.
    pub pattern: SmolStr,
    /// How sure such a risk is and how much it weighs.
    pub level: RiskLevel,
}

/// How sure a kind of risk is, by what was counted on public repositories, and how much it weighs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RiskLevel {
    /// Nine of ten are right.
    Warning,
    /// To look at.
    Information,
    /// A habit that loses messages rarely.
    Hint,
}

/// What risks are looked for in.
struct Finder<'i, 'f> {
    index: &'i Index<'f>,
    joined: &'i Joined<'f>,
    words: &'static RiskWords,
    handlers: Vec<Handler<'f>>,
    found: Vec<Risk>,
    /// Where a library is told to leave settling to the code.
    switched_off: Vec<(Id, SmolStr)>,
    /// The words of the repository.
    mentioned: &'i FxHashSet<String>,
}

/// Finds all risks.
pub(super) fn find<'f>(index: &Index<'f>, joined: &Joined<'f>) -> Vec<Risk> {
    let Some(words) = RiskWords::load() else { return Vec::new() };
    if joined.libraries.iter().all(Vec::is_empty) {
        return Vec::new();
    }
    let mentioned = index.mentioned();
    let mut finder =
        Finder { index, joined, words, handlers: Vec::new(), found: Vec::new(), switched_off: Vec::new(), mentioned };
    finder.switched_off = finder.switched_off();
    finder.handlers = finder.handlers();
    finder.rules();
    finder.sends();
    for handler in std::mem::take(&mut finder.handlers) {
        finder.failures(&handler);
        finder.acks(&handler);
    }
    let mut found = finder.found;
    found.sort();
    found.dedup_by(|a, b| (&a.path, a.line, a.kind) == (&b.path, b.line, b.kind));
    // What the broker forgets when it hands it out comes to no harm by staying unread.
    let forgets: FxHashSet<SmolStr> =
        found.iter().filter(|it| it.kind == RiskKind::AutoAck).map(|it| it.path.clone()).collect();
    found.retain(|it| it.kind != RiskKind::PoisonMessage || !forgets.contains(&it.path));
    // The failure of a send in a handler is told once.
    let sends: FxHashSet<(SmolStr, u32)> = found
        .iter()
        .filter(|it| it.kind == RiskKind::SwallowedPublishError)
        .map(|it| (it.path.clone(), it.line))
        .collect();
    found.retain(|it| it.kind != RiskKind::AckOnFailure || !sends.contains(&(it.path.clone(), it.line)));
    found
}

impl Finder<'_, '_> {
    /// Keeps a risk in the file of a function.
    fn tell(&mut self, function: Id, kind: RiskKind, line: u32, because: Option<u32>, library: &SmolStr) {
        let Some(facts) = self.words.kind(kind) else { return };
        let is_harmless = match kind {
            RiskKind::AutoAck => self.has_transient_queue(function),
            RiskKind::AutoCommit | RiskKind::AckOnFailure => self.sets_position(function),
            _ => false,
        };
        if is_harmless {
            return;
        }
        let Some(file) = self.index.file(function) else { return };
        if file.unit.outline.allows(line, kind.code()) {
            return;
        }
        self.found.push(Risk {
            path: file.path.into(),
            line,
            kind,
            because: because.filter(|it| *it != line),
            library: library.clone(),
            says: facts.says.clone(),
            pattern: facts.pattern.clone(),
            level: facts.level,
        });
    }
}

#[cfg(test)]
mod tests;
