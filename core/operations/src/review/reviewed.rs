//! What a review answers, as data. Its text is made in `text`.

use schemars::JsonSchema;
use serde::Serialize;

use archwright_engine::report::Point;
use archwright_model::{RelPath, Severity};

/// What a review of a change found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "archwright review --format json")]
pub struct Reviewed {
    /// What the findings amount to, for now: what is left to judge may add to it.
    pub verdict: ReviewVerdict,
    /// What the change is compared with, as a reader would name it, and its commit.
    pub base: String,
    /// What is looked at: the working tree, or the commit that is checked out.
    pub head: String,
    /// How many files differ.
    pub files: usize,
    /// What the change brings, the most harmful first.
    pub findings: Vec<ReviewFinding>,
    /// What the author says of the change, held against it.
    pub claims: Vec<Claim>,
    /// The findings that the author says nothing of, where the author says something.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unsaid: Vec<String>,
    /// The contracts that the change touches.
    pub contracts: Vec<TouchedContract>,
    /// How to prove the errors, on a running system.
    pub proofs: Vec<Proof>,
    /// What the checklists of the designs lose, and what they leave open.
    pub reliability: Vec<ReliabilityRow>,
    /// The shortcuts that the change brings in and takes out, by name.
    pub anti_patterns: AntiPatterns,
    /// Records and standards that speak of what the change touches.
    pub decisions: Vec<GoverningDecision>,
    /// How many findings are as they were, and not the matter of this change.
    pub old: usize,
    /// Those of them that were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub old_findings: Vec<ReviewFinding>,
    /// How many findings the change takes away.
    pub gone: usize,
    /// How many remarks and hints are new; `check` tells them.
    pub remarks: usize,
    /// New open questions, by file.
    pub questions: Vec<OpenIn>,
    /// Changed files in which nothing is lost: no fact, no code, no target of a link.
    #[schemars(with = "Vec<String>")]
    pub harmless: Vec<RelPath>,
    /// What was not looked at, and why.
    pub not_read: Vec<NotRead>,
    /// How long its text may be, in bytes.
    #[serde(skip)]
    pub budget: usize,
}

/// What a review amounts to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewVerdict {
    /// Nothing speaks against the change.
    #[default]
    NothingAgainst,
    /// Nothing that changed was read.
    NotJudged,
    /// There is something to answer.
    Comment,
    /// Something breaks, or the author says what is not so.
    RequestChanges,
}

/// How certain a part of the answer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub enum Mark {
    /// Computed: it is so.
    #[default]
    #[serde(rename = "C")]
    Computed,
    /// A lead: computed, and worth a look.
    #[serde(rename = "L")]
    Lead,
    /// To be judged: the question is there, the answer is not.
    #[serde(rename = "J")]
    Judge,
}

impl Mark {
    /// The letter that stands for it.
    pub fn letter(self) -> char {
        match self {
            Self::Computed => 'C',
            Self::Lead => 'L',
            Self::Judge => 'J',
        }
    }
}

/// Something that the change brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReviewFinding {
    /// Its number in this answer: `F1`.
    pub id: String,
    /// How certain it is.
    pub mark: Mark,
    /// How bad it is.
    pub severity: Severity,
    /// What finds it: a rule, or `review/` and the name of a comparison.
    pub code: &'static str,
    /// Where.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// Where it starts.
    pub start: Point,
    /// Where it ends.
    pub end: Point,
    /// What is wrong, with the values.
    pub message: String,
    /// What it speaks against, or what is hit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<ReviewPlace>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// The question of the reliability checklist that it bears on.
    #[serde(skip)]
    pub row: Option<&'static str>,
}

/// Another place.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ReviewPlace {
    /// The file.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// 1-based line.
    pub line: u32,
}

/// What becomes of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClaimState {
    /// The change says otherwise.
    False,
    /// Nothing shows whether it is so.
    Open,
    /// The change bears it out.
    True,
}

/// What the author says of the change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Claim {
    /// What becomes of it.
    pub state: ClaimState,
    /// The words.
    pub words: String,
    /// What speaks against it, or what is missing.
    pub because: String,
    /// The findings that speak against it.
    pub findings: Vec<String>,
}

/// A contract that a change touches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TouchedContract {
    /// The channel.
    pub channel: String,
    /// The mode in which its schema may change, as the contract promises it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compatibility: Option<String>,
    /// What becomes of it.
    pub verdict: ContractVerdict,
    /// The findings after which it is broken.
    pub findings: Vec<String>,
    /// Who reads: the folders of services that receive, else whom the contract names.
    pub readers: Vec<String>,
}

/// What becomes of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ContractVerdict {
    /// Readers no longer get what they were promised.
    Broken,
    /// There is none.
    Missing,
    /// The change brings it.
    New,
    /// Nothing that was promised is broken.
    Kept,
}

/// What to do to a running system to see whether findings hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Proof {
    /// The findings.
    pub findings: Vec<String>,
    /// What to do.
    pub action: String,
    /// What must hold, and does not while the fault is there.
    pub holds: String,
}

/// A question of the reliability checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReliabilityRow {
    /// Its name.
    pub name: String,
    /// What the change makes of it.
    pub state: RowState,
    /// Because of which findings.
    pub findings: Vec<String>,
}

/// What the change makes of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RowState {
    /// It was answered, and the change takes something of the answer.
    Regressed,
    /// It is not answered.
    Open,
    /// It is answered now and was not.
    Answered,
}

/// Shortcuts by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AntiPatterns {
    /// What the change brings in, with the findings.
    pub introduced: Vec<String>,
    /// What it takes out.
    pub removed: Vec<String>,
}

/// A record or standard that speaks of what the change touches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GoverningDecision {
    /// The document.
    pub place: ReviewPlace,
    /// What it names that the change touches.
    pub names: Vec<String>,
}

/// New open questions of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenIn {
    /// The file.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// How many.
    pub count: usize,
}

/// Files that were not looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotRead {
    /// Why.
    pub reason: String,
    /// Which.
    #[schemars(with = "Vec<String>")]
    pub files: Vec<RelPath>,
}

impl ReviewFinding {
    /// Something at a line of a file.
    pub(super) fn at(code: &'static str, file: &RelPath, line: u32, message: String) -> Self {
        let start = Point { line, column: 1 };
        Self {
            id: String::new(),
            mark: Mark::Computed,
            severity: Severity::Warning,
            code,
            file: file.clone(),
            start,
            end: start,
            message,
            against: Vec::new(),
            advice: None,
            row: None,
        }
    }
}

impl Reviewed {
    /// How many findings have a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|it| it.severity == severity).count()
    }

    /// Whether there is nothing to say but that there is nothing to say.
    pub fn is_quiet(&self) -> bool {
        self.findings.is_empty()
            && self.questions.is_empty()
            && self.claims.iter().all(|it| it.state != ClaimState::False)
    }
}
