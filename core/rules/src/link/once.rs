//! What is found of links, told once for each target: a document that names a dead file ten times has one fault.

use rustc_hash::FxHashMap;

use crate::prelude::*;

/// What is wrong with one link.
pub(super) struct Found {
    pub(super) span: Span,
    pub(super) message: String,
    /// What is to be written instead.
    pub(super) data: String,
    pub(super) fixable: bool,
    pub(super) certain: bool,
}

/// What is wrong with links, in the order in which it was found.
#[derive(Default)]
pub(super) struct Once {
    first: Vec<(Found, Vec<Span>)>,
    /// Where in `first` stands what says the same and asks for the same.
    known: FxHashMap<(String, String, bool), usize>,
}

impl Once {
    /// One more. Where somebody allowed it, it stands for itself, so that nothing else is allowed with it.
    pub(super) fn add(&mut self, cx: &Context, rule: &Rule, found: Found) {
        let is_allowed = cx
            .facts()
            .suppressions
            .iter()
            .any(|it| it.scope.touches(found.span.start as usize) && it.rules.iter().any(|it| it.0 == rule.code));
        if is_allowed {
            self.first.push((found, Vec::new()));
            return;
        }
        let same = (found.message.clone(), found.data.clone(), found.certain);
        let at = *self.known.entry(same).or_insert(self.first.len());
        match self.first.get_mut(at) {
            Some((_, others)) => others.push(found.span),
            None => self.first.push((found, Vec::new())),
        }
    }

    /// Reports all, each at its first place with the others as related ones.
    pub(super) fn report(self, cx: &Context, reporter: &mut Reporter) {
        for (found, others) in self.first {
            let finding = reporter.report(found.span, found.message);
            finding.fixable = found.fixable;
            finding.certain = found.certain;
            finding.data = found.data;
            finding.related.extend(others.into_iter().map(|it| cx.related(cx.file(), it, "and here")));
        }
    }
}

/// The edits that write the same at all places of a finding in its own file.
pub(super) fn edits(cx: &Context, finding: &Finding, text: &str) -> Vec<TextEdit> {
    let others = finding.related.iter().filter(|it| it.file == cx.file()).map(|it| it.span);
    std::iter::once(finding.span).chain(others).map(|it| TextEdit::replace(it, text.to_owned())).collect()
}
