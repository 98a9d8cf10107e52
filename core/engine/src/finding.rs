//! What a rule reports: a place, a sentence, related places and fixes.

use archwright_model::{Severity, WorkspaceEdit, key::FileId};
use archwright_syntax::Span;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::Rule;

/// One finding in one file.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that speaks.
    pub rule: &'static Rule,
    /// How bad, after the configuration had its say.
    pub severity: Severity,
    /// Where in the file.
    pub span: Span,
    /// What is wrong here, with the values that disagree, in one sentence or two.
    pub message: SmolStr,
    /// The other places that belong to it.
    pub related: Vec<Related>,
    /// Whether a fix exists.
    pub fixable: bool,
    /// Whether the first fix, if one exists, is certain: `--fix` applies no others.
    pub certain: bool,
    /// What the fix needs to know beyond the span; its meaning is the rule's own.
    pub data: String,
}

impl Finding {
    /// What two findings share when they are the same finding: rule, place and message, but not the related places.
    pub fn key(&self) -> (Span, &'static str, &str) {
        (self.span, self.rule.code, &self.message)
    }

    /// Exchanges its messages for equal ones that are kept anyway, and gives back spare room. For findings that stay.
    pub(crate) fn share_messages(&mut self, known: &mut FxHashSet<SmolStr>) {
        self.data.shrink_to_fit();
        self.related.shrink_to_fit();
        let related = self.related.iter_mut().map(|it| &mut it.message);
        for text in std::iter::once(&mut self.message).chain(related).filter(|it| it.is_heap_allocated()) {
            match known.get(text) {
                Some(shared) => *text = shared.clone(),
                None => _ = known.insert(text.clone()),
            }
        }
    }
}

impl PartialEq for Finding {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
            && self.severity == other.severity
            && self.related == other.related
            && (self.fixable, self.certain) == (other.fixable, other.certain)
    }
}

impl Eq for Finding {}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Which file.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
    /// What stands there: `the contract says order_id`.
    pub message: SmolStr,
}

/// A way to make a finding go away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// The change.
    pub edit: WorkspaceEdit,
    /// Whether it is the one to take without thinking: `--fix` and fix-all apply only these.
    pub preferred: bool,
    /// Whether it writes questions for people to answer. Such a fix is never preferred (ADR-0017).
    pub asks: bool,
}
