//! A rule and what it reports through: one declaration, from which registry, pages, `explain` and SARIF metadata come.

use archwright_model::{Kind, Severity};
use archwright_syntax::Span;
use smol_str::SmolStr;

use super::{
    context::Context,
    finding::{Finding, Fix},
};

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
    /// Whether it is advice that is off unless the configuration names it or its family.
    pub optional: bool,
    /// Whether its findings come from reading all code, which is done when somebody asks for it, and not by `check`
    /// below.
    pub on_request: bool,
    /// Whether its findings are questions that a document leaves open; a summary counts them, whatever their severity.
    pub asks: bool,
    /// Whether it judges what a document says, and not how it is written down. How often it is right is measured on
    /// real documents and stands on its page (ADR-0020).
    pub judges_content: bool,
    /// The rules of the official AsyncAPI parser and of Spectral that demand the same.
    pub same_as: &'static [&'static str],
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

/// Where the catalogue of requirements is published.
const CATALOGUE_URL: &str = "https://github.com/archwright/archwright/blob/main/docs/catalogue.md";

impl Rule {
    /// What a rule of ours has unless it says otherwise; for `..Rule::OURS` at the end of a declaration.
    pub const OURS: Self = Self {
        code: "",
        severity: Severity::Error,
        summary: "",
        applies_to: &[],
        any_dialect: false,
        optional: false,
        on_request: false,
        asks: false,
        judges_content: false,
        same_as: &[],
        sources: &[],
        page: "",
        check: |_, _| {},
        fix: None,
    };

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

    /// The severity unless the configuration says otherwise, as it is shown in lists.
    pub fn level(&self) -> &'static str {
        if self.optional { "off" } else { self.severity.name() }
    }

    /// Where its page is published.
    pub fn url(&self) -> String {
        format!("{DOCS_URL}/{}.md", self.code)
    }

    /// The catalogue rows that it carries, each with the place where it is published.
    pub fn source_urls(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.sources.iter().map(|it| (*it, format!("{CATALOGUE_URL}#{}", it.to_ascii_lowercase())))
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
            certain: true,
            data: String::new(),
        };
        self.findings.push(finding);
        // The vector holds the element that was pushed just now.
        let last = self.findings.len() - 1;
        #[allow(clippy::indexing_slicing)]
        &mut self.findings[last]
    }
}
