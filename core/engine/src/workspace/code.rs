//! Findings of rules that need all code, which is read when somebody asks for it.
//!
//! A run that ends adds them once. A workspace that stays open is given them whenever code was read again; until then
//! each stands where its lines stand, and is gone while one of its lines is.

use archwright_model::key::FileId;
use rustc_hash::FxHashSet;

use super::{Changed, Workspace};
use crate::{Anchor, Finding, report::CodeRead};

/// A finding with the lines that it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeFinding {
    /// The file that it stands in.
    pub file: FileId,
    /// The finding, as it was when code was read.
    pub finding: Finding,
    /// Its line.
    pub at: Anchor,
    /// The lines of its related places, in their order.
    pub related: Vec<Anchor>,
}

impl CodeFinding {
    /// The finding as it stands now; `None` if a line that it speaks of is another.
    fn placed(&self, workspace: &Workspace) -> Option<Finding> {
        let mut finding = self.finding.clone();
        finding.span = self.at.span_in(&workspace.text(self.file)?)?;
        for (related, anchor) in finding.related.iter_mut().zip(&self.related) {
            related.span = anchor.span_in(&workspace.text(related.file)?)?;
        }
        Some(finding)
    }
}

impl Workspace {
    /// The files with findings, in any order. Those of rules that need all code may stand in files that no other rule
    /// looks at.
    pub fn found(&self) -> impl Iterator<Item = FileId> {
        self.findings.iter().filter(|it| !it.1.is_empty()).map(|it| *it.0)
    }

    /// Adds what rules found that need all code. It stays until its file is checked again.
    pub fn add_findings(&mut self, findings: Vec<(FileId, Finding)>, code: CodeRead) {
        for (file, finding) in findings {
            self.findings.entry(file).or_default().push(finding);
        }
        for findings in self.findings.values_mut() {
            findings.sort_by(|a, b| a.key().cmp(&b.key()));
            findings.dedup();
        }
        self.code = Some(code);
    }

    /// Takes what rules found that need all code in the place of what they found before. It stays through changes, each
    /// finding where its lines stand.
    pub fn set_code_findings(&mut self, found: Vec<CodeFinding>) -> Changed {
        let mut files: Vec<FileId> = self
            .of_code
            .keys()
            .copied()
            .chain(found.iter().map(|it| it.file))
            .collect::<FxHashSet<_>>()
            .into_iter()
            .collect();
        files.sort_unstable();
        self.of_code.clear();
        for it in found {
            self.of_code.entry(it.file).or_default().push(it);
        }
        files.retain(|file| {
            let before = self.findings.get(file).cloned().unwrap_or_default();
            if let Some(findings) = self.findings.get_mut(file) {
                findings.retain(|it| !it.rule.on_request);
            }
            self.place(*file);
            self.findings(*file) != before
        });
        Changed { files, rebuilt: false }
    }

    /// Puts the findings of code where their lines stand now, behind a check of some files.
    pub(super) fn place_again(&mut self, files: &[FileId]) {
        if self.of_code.is_empty() {
            return;
        }
        for file in files {
            self.place(*file);
        }
    }

    /// Adds the findings of code of one file to those of its other rules.
    fn place(&mut self, file: FileId) {
        let Some(found) = self.of_code.get(&file) else { return };
        let placed: Vec<Finding> = found.iter().filter_map(|it| it.placed(self)).collect();
        let findings = self.findings.entry(file).or_default();
        findings.extend(placed);
        findings.sort_by(|a, b| a.key().cmp(&b.key()));
        findings.dedup();
        if findings.is_empty() {
            self.findings.remove(&file);
        }
    }

    /// The files whose findings of code speak of lines in some other files.
    pub(super) fn leading_to(&self, files: &FxHashSet<FileId>) -> Vec<FileId> {
        let leads = |it: &CodeFinding| it.finding.related.iter().any(|it| files.contains(&it.file));
        self.of_code.iter().filter(|it| it.1.iter().any(leads)).map(|it| *it.0).collect()
    }

    /// How much code was read for the rules that need all of it; nothing if it was not.
    pub fn code(&self) -> Option<CodeRead> {
        self.code
    }
}
