//! Findings of rules that need all code, which is read when somebody asks for it.

use archwright_model::key::FileId;

use super::Workspace;
use crate::{Finding, report::CodeRead};

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

    /// How much code was read for the rules that need all of it; nothing if it was not.
    pub fn code(&self) -> Option<CodeRead> {
        self.code
    }
}
