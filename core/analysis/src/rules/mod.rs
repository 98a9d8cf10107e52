//! The rules: one declaration each, from which the registry, the pages, `explain` and SARIF metadata come.
//!
//! A rule lives in one file with a page beside it. The page is its documentation and its test: the examples in its
//! `bad`, `good` and `fixed` blocks are run, and `^^^` lines in `bad` say where the rule must fire.

mod catalogue;
pub(crate) mod prelude;
#[cfg(test)]
mod tests;

use archwright_syntax::Span;
use smol_str::SmolStr;

pub use catalogue::{nearest_rule, rule, rules};
pub(crate) use sync::unlisted_artifact::list as list_artifact;

use crate::{Finding, Fix, Kind, Severity, engine::Context};

/// A rule: what it is called, when it speaks, and the functions that check and fix.
pub struct Rule {
    /// `family/name`, the name of the thing found.
    pub code: &'static str,
    /// The severity unless the configuration says otherwise.
    pub severity: Severity,
    /// One sentence: what it finds.
    pub summary: &'static str,
    /// The kinds of file it looks at.
    pub applies_to: &'static [Kind],
    /// Whether it also looks at files that did not opt in to the kind's template.
    pub any_dialect: bool,
    /// Catalogue rows that it carries.
    pub sources: &'static [&'static str],
    /// Its page in Markdown.
    pub page: &'static str,
    /// Looks at one file and reports.
    pub check: fn(&Context, &mut Reporter),
    /// The ways to make a finding go away, best first.
    pub fix: Option<fn(&Context, &Finding) -> Vec<Fix>>,
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Rule({})", self.code)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

/// Where the rule pages are published.
pub const DOCS_URL: &str = "https://github.com/archwright/archwright/blob/main/docs/rules";

impl Rule {
    /// The part before the slash.
    pub fn family(&self) -> &'static str {
        self.code.split_once('/').map_or(self.code, |it| it.0)
    }

    /// The part after the slash.
    pub fn name(&self) -> &'static str {
        self.code.split_once('/').map_or(self.code, |it| it.1)
    }

    /// Whether it can fix what it finds.
    pub fn fixable(&self) -> bool {
        self.fix.is_some()
    }

    /// Whether it is advice that is off unless the configuration names it or its family.
    pub fn optional(&self) -> bool {
        self.family() == "asyncapi" && asyncapi::is_optional(self.name())
    }

    /// The severity unless the configuration says otherwise, as it is shown in lists.
    pub fn level(&self) -> &'static str {
        if self.optional() { "off" } else { self.severity.name() }
    }

    /// The rules of the official AsyncAPI parser and of Spectral that demand the same.
    pub fn same_as(&self) -> Vec<&'static str> {
        let check = (self.family() == "asyncapi").then(|| self.name());
        let checks = archwright_asyncapi::checks();
        checks.iter().find(|it| Some(it.name) == check).map_or_else(Vec::new, |it| it.same_as.to_vec())
    }

    /// Where its page is published.
    pub fn url(&self) -> String {
        format!("{DOCS_URL}/{}.md", self.code)
    }
}

/// Collects the findings of one rule in one file.
pub struct Reporter<'a> {
    rule: &'static Rule,
    severity: Severity,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Reporter<'a> {
    pub(crate) fn new(rule: &'static Rule, severity: Severity, findings: &'a mut Vec<Finding>) -> Self {
        Self { rule, severity, findings }
    }

    /// The rule that reports.
    pub fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// Reports a finding; the answer is there to add related places and data for the fix.
    pub fn report(&mut self, span: Span, message: impl Into<SmolStr>) -> &mut Finding {
        let finding = Finding {
            rule: self.rule,
            severity: self.severity,
            span,
            message: message.into(),
            related: Vec::new(),
            fixable: self.rule.fixable(),
            data: String::new(),
        };
        self.findings.push(finding);
        // The vector holds the element that was pushed just now.
        let last = self.findings.len() - 1;
        #[allow(clippy::indexing_slicing)]
        &mut self.findings[last]
    }
}

/// Runs all rules on a file. Suppressed findings are left out; the result is sorted by place.
pub(crate) fn run(cx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    let facts = cx.facts();
    for rule in catalogue::for_kind(facts.kind) {
        if !(rule.any_dialect || facts.opted_in()) {
            continue;
        }
        // Of a file that cannot be read nothing else is known.
        if facts.unreadable.is_some() && *rule != &document::unreadable::RULE {
            continue;
        }
        if let Some(severity) = cx.config().severity(rule) {
            (rule.check)(cx, &mut Reporter::new(rule, severity, &mut findings));
        }
    }
    crate::rules::document::suppression::apply(cx, &mut findings);
    findings.sort_by(|a, b| a.key().cmp(&b.key()));
    findings.dedup();
    findings
}

pub mod asyncapi;
pub mod channel;
pub mod configuration;
pub mod decision;
pub mod document;
pub mod drift;
pub mod layout;
pub mod link;
pub mod message;
pub mod schema;
pub mod sync;
