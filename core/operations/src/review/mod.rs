//! The operation `review`: what a change breaks, loses and claims, from the merge base to the working tree.
//!
//! Both sides are read into one model and judged by the same rules, so that what was there before is not held against
//! the change. What is said is computed; what may be so is marked as a lead. Nothing is checked out, run or fetched.

mod breaks;
mod change;
mod claims;
mod code;
mod contracts;
mod decisions;
mod findings;
mod harmless;
mod lexicon;
mod reviewed;
mod risks;
mod rows;
mod statement;
mod text;
mod tokens;
mod vanished;

pub(super) use code::{code_lines, is_comment};
pub use reviewed::{
    AntiPatterns, Claim, ClaimState, ContractVerdict, GoverningDecision, Mark, NotRead, OpenIn, Proof, ReliabilityRow,
    ReviewFinding, ReviewPlace, ReviewVerdict, Reviewed, RowState, TouchedContract,
};
pub use text::USUAL_BYTES;
pub(super) use tokens::{line_of, places_of};

use archwright_engine::{
    Base, Workspace,
    report::ReportFilter,
    store::git::{CommitId, CommitMessage, Difference, FoundBase, GitRepository},
};
use archwright_model::{RelPath, Severity, conventions::config::BaseSetting};
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use change::Diff;
use claims::{Evidence, Said};
use lexicon::Lexicon;

use super::{Argument, Choice, NextStep, Operation, OperationError, Plan, choice::Closed, lenient, paths};

/// Reviews a change.
#[derive(Clone, Copy, Debug)]
pub struct Review;

/// What is reviewed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReviewRequest {
    /// Files or folders whose findings are told; everything if left out.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// Git revision to compare with; where the branch began if left out.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub base: Option<String>,
    /// The git revision to review; the working tree if left out.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub head: Option<String>,
    /// What the author says of the change; the commit messages if left out.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub text: Option<String>,
    /// Whether old findings are told as well; `new` if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<Told>")]
    pub only: Option<Choice<Told>>,
    /// Most bytes of the answer; 6000 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "usize")]
    pub budget_bytes: Option<usize>,
}

/// Which findings a review tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Told {
    /// Those that the change brings.
    #[default]
    New,
    /// Those as well that stood where it touches before.
    All,
}

impl Closed for Told {
    const WHAT: &'static str = "choice of findings";

    fn all() -> Vec<Self> {
        vec![Self::New, Self::All]
    }

    fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::All => "all",
        }
    }
}

/// So many commits are asked for what they say; of more, only the files of the newest are looked up.
const MAX_COMMITS: usize = 50;

impl Operation for Review {
    type Request = ReviewRequest;

    const NAME: &'static str = "review";
    const TITLE: &'static str = "Review the changes";
    const ABOUT: &'static str = "Reviews a change against where it left the default branch: new findings, contract \
        breaks with their readers, what code and documents lose (acks, retries, keys, alerts), claims of the author \
        that are not so, decisions that govern it, and reliability. Use it before a commit or merge. C is computed, L \
        a lead to look at, J yours to judge.";
    const SEARCHED: &'static str = "review pull request, git diff, PR";
    const WRITES: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    const ARGUMENTS: &'static [Argument] = &[Argument {
        name: "base",
        ask: "The git revision to compare with; where the work left the default branch if left empty",
        example: "main",
        optional: true,
        list: false,
        offered: false,
    }];

    fn plan(workspace: &mut Workspace, request: &ReviewRequest) -> Result<Plan, OperationError> {
        let mut review = review(workspace, request)?;
        review.budget = request.budget_bytes.unwrap_or(USUAL_BYTES);
        let errors = review.count(Severity::Error);
        let step = (errors > 0).then_some(NextStep::MendChange { count: errors });
        Ok(Plan { review: Some(review), next_steps: step.into_iter().collect(), ..Plan::default() })
    }
}

fn review(workspace: &mut Workspace, request: &ReviewRequest) -> Result<Reviewed, OperationError> {
    let root = workspace.root().to_path_buf();
    let git = GitRepository::discover(&root)
        .map_err(archwright_rules::evolution::BaseError::from)?
        .ok_or_else(|| OperationError::NoRepository { folder: root.display().to_string() })?;
    let Some(revision) = request.head.as_deref().filter(|it| !it.trim().is_empty()) else {
        return review_of(workspace, request, &git, None);
    };
    let read = || -> Result<_, archwright_engine::store::git::GitError> {
        let head = git.resolve(revision)?;
        let mut texts = Vec::new();
        for (path, difference) in git.changed_since(head)? {
            let text = match difference {
                Difference::Added => None,
                // What is no text is compared by nothing.
                _ => {
                    Some(git.text_at(head, &path)?.and_then(|it| String::from_utf8(it).ok()).unwrap_or_default().into())
                }
            };
            texts.push((path, text));
        }
        Ok((head, texts))
    };
    let (head, texts) = read().map_err(archwright_rules::evolution::BaseError::from)?;
    workspace.with_texts(&texts, |at_head, _| review_of(at_head, request, &git, Some((head, revision))))
}

/// Reviews a commit, with its name, whose texts the workspace shows, or the working tree.
fn review_of(
    workspace: &mut Workspace,
    request: &ReviewRequest,
    git: &GitRepository,
    named: Option<(CommitId, &str)>,
) -> Result<Reviewed, OperationError> {
    let lexicon = Lexicon::load();
    let asked = request.paths.iter().map(|it| paths::named(workspace, it)).collect::<Result<Vec<_>, _>>()?;
    // The root stands for everything.
    let asked = if asked.iter().any(|it| it.as_str().is_empty()) { Vec::new() } else { asked };
    let filter = ReportFilter { paths: asked, least: None };
    let configured = match workspace.config().base() {
        Some(BaseSetting::Revision(it)) => Some(it.clone()),
        Some(BaseSetting::None) | None => None,
    };
    let revision = request.base.clone().filter(|it| !it.trim().is_empty()).or(configured);
    let base = match named {
        Some((head, _)) => git.base_for(head, revision.as_deref()),
        None => git.base(revision.as_deref()),
    };
    let base = base.map_err(archwright_rules::evolution::BaseError::from)?;
    let read = || -> Result<_, archwright_engine::store::git::GitError> {
        let diff = change::diff(workspace, git, base.commit, named.map(|it| it.0), lexicon)?;
        let head = named.map_or_else(|| git.head(), |it| Ok(it.0))?;
        let is_clean = named.is_some() || git.changed_since(head)?.is_empty();
        Ok((diff, head, is_clean, git.messages_between(base.commit, head, MAX_COMMITS)?))
    };
    let (diff, head, is_clean, commits) = read().map_err(archwright_rules::evolution::BaseError::from)?;
    let short = |it: CommitId| it.to_string().chars().take(7).collect::<String>();
    let mut reviewed = Reviewed {
        base: base_name(&base, &short(base.commit)),
        head: match named {
            Some((_, name)) => named_commit(&name.escape_debug().to_string(), &short(head)),
            None if is_clean => format!("HEAD@{}", short(head)),
            None => "working tree".to_owned(),
        },
        files: diff.paths.len(),
        not_read: diff.not_read.clone(),
        ..Reviewed::default()
    };
    if diff.paths.is_empty() {
        return Ok(reviewed);
    }
    let compared = compare(workspace, &diff, &base);
    reviewed.old = compared.old.len();
    if request.only == Some(Choice(Told::All)) {
        let is_told = |it: &findings::Seen| !it.asks && it.finding.severity <= Severity::Warning;
        let old = compared.old.into_iter().filter(|it| is_told(it) && filter.covers(&it.finding.file));
        reviewed.old_findings = old.map(findings::Seen::told).collect();
    }
    let gone_rules: Vec<&'static str> = compared.gone.iter().map(|it| it.finding.rule).collect();
    reviewed.gone = compared.gone.iter().filter(|it| it.finding.severity <= Severity::Warning).count();
    let mut found = Vec::new();
    for seen in compared.new.into_iter().filter(|it| filter.covers(&it.finding.file)) {
        if seen.asks {
            add_question(&mut reviewed.questions, &seen.finding.file);
        } else if seen.finding.severity > Severity::Warning {
            reviewed.remarks += 1;
        } else {
            found.push(seen.told());
        }
    }
    breaks::add_lost_fields(workspace, &diff, &mut found);
    let risks = risks::risks(workspace, &diff, lexicon);
    found.extend(risks.found);
    reviewed.not_read.extend(risks.not_read);
    let lost = vanished::vanished(workspace, &diff, lexicon);
    add_lost(&mut found, lost);
    found.extend(decisions::rejected(workspace, &diff, lexicon));
    found.retain(|it| filter.covers(&it.file));
    tell_once(&mut found);
    number(&mut found, lexicon);
    let said = said(request.text.as_deref(), git, commits);
    let evidence = Evidence { diff: &diff, findings: &found, lexicon, config: workspace.config() };
    reviewed.claims = claims::claims(&said, &evidence);
    reviewed.unsaid = claims::unsaid(&said, &reviewed.claims, &found);
    reviewed.contracts = contracts::touched(workspace, &diff, &found, lexicon);
    reviewed.proofs = proofs(&found);
    reviewed.reliability = rows::rows(workspace, &diff, &found);
    reviewed.anti_patterns = rows::anti_patterns(&found, gone_rules.into_iter(), lexicon);
    reviewed.harmless = harmless::harmless(&diff, workspace.config());
    reviewed.harmless.retain(|path| !found.iter().any(|it| it.file == *path));
    let touched = decisions::Touched::of(workspace, &diff);
    reviewed.decisions = decisions::governing(workspace, &diff, &touched);
    reviewed.findings = found;
    reviewed.verdict = verdict(&reviewed, &diff);
    Ok(reviewed)
}

/// `main@826ed20`, or the revision alone where it is the name of a commit.
fn base_name(base: &FoundBase, short: &str) -> String {
    named_commit(&base.name, short)
}

/// A name with its commit, or the commit alone where the name is that of it.
fn named_commit(name: &str, short: &str) -> String {
    let name = name.strip_prefix("refs/heads/").unwrap_or(name);
    let name = name.strip_prefix("refs/remotes/").unwrap_or(name);
    if short.starts_with(name) || name.starts_with(short) { short.to_owned() } else { format!("{name}@{short}") }
}

/// The findings of both sides. Schemas are compared with the base of the review for as long.
fn compare(workspace: &mut Workspace, diff: &Diff, base: &FoundBase) -> findings::Compared {
    // No finding depends on what is no part of the workspace.
    if diff.texts.is_empty() {
        return findings::Compared::default();
    }
    let before = workspace.asked_base().clone();
    workspace.compare_with(Base::Git { revision: Some(base.commit.to_string()) });
    let (at_base, touched) =
        workspace.with_texts(&diff.texts, |then, touched| (findings::seen(then, touched), touched.to_vec()));
    // What breaks readers stands in files that the change touches or that refer to them.
    let at_head = findings::seen(workspace, &touched);
    workspace.compare_with(before);
    let moved = |path: &RelPath| {
        let file = diff.files.iter().find(|it| it.was() == Some(path) && it.after.is_some());
        file.map_or_else(|| path.clone(), |it| it.path.clone())
    };
    findings::compare(at_base, at_head, moved)
}

fn add_question(questions: &mut Vec<OpenIn>, file: &RelPath) {
    match questions.iter_mut().find(|it| it.file == *file) {
        Some(known) => known.count += 1,
        None => questions.push(OpenIn { file: file.clone(), count: 1 }),
    }
}

/// Adds what documents lost. Where a rule misses the same field, what it was says more.
fn add_lost(found: &mut Vec<ReviewFinding>, lost: Vec<ReviewFinding>) {
    for finding in lost {
        let name = finding.message.split([':', '"']).next().unwrap_or_default();
        let name = name.split(" lost ").next().unwrap_or(name).split(" is gone").next().unwrap_or(name).trim();
        if !name.is_empty() {
            let is_same = |it: &ReviewFinding| {
                it.file == finding.file && it.code == "document/missing-field" && names_only(&it.message, name)
            };
            found.retain(|it| !is_same(it));
        }
        found.push(finding);
    }
}

/// Drops what a rule says of code where the change itself is told of with its cause: one fault is one finding.
fn tell_once(found: &mut Vec<ReviewFinding>) {
    const OF_CHANGES: [&str; 3] = [risks::DUAL_WRITE, risks::EARLY_ACK, risks::CHANGED_KEY];
    let told: Vec<(RelPath, u32)> =
        found.iter().filter(|it| OF_CHANGES.contains(&it.code)).map(|it| (it.file.clone(), it.start.line)).collect();
    let is_same = |it: &ReviewFinding| told.iter().any(|(file, line)| *file == it.file && *line == it.start.line);
    found.retain(|it| !matches!(it.code, "drift/broken-promise" | "drift/foreign-key") || !is_same(it));
}

/// Whether a message on missing fields names one, and no others: the section, the field, and the placeholder.
fn names_only(message: &str, name: &str) -> bool {
    message.contains(name) && message.matches('`').count() <= 6
}

/// Sorts findings by harm and numbers them.
fn number(found: &mut [ReviewFinding], lexicon: &'static Lexicon) {
    for it in found.iter_mut() {
        it.row = it.row.or_else(|| lexicon.row_of_rule(it.code));
    }
    let harm = |it: &ReviewFinding| match it.code.split('/').next().unwrap_or_default() {
        _ if it.mark != Mark::Computed => 9,
        "review" => 0,
        "schema" | "drift" => 1,
        "channel" | "message" => 2,
        "asyncapi" | "decision" => 3,
        _ => 4,
    };
    found.sort_by(|a, b| {
        (a.severity, harm(a)).cmp(&(b.severity, harm(b))).then_with(|| (&a.file, a.start).cmp(&(&b.file, b.start)))
    });
    for (at, it) in (1..).zip(found) {
        it.id = format!("F{at}");
    }
}

/// The texts of the author. What a commit says is about its own files.
fn said(given: Option<&str>, git: &GitRepository, commits: Vec<CommitMessage>) -> Vec<Said> {
    if let Some(text) = given {
        return vec![Said { text: text.to_owned(), files: None }];
    }
    let is_only = commits.len() == 1;
    let said = commits.into_iter().filter_map(|it| {
        let files = if is_only { None } else { Some(git.changed_by(it.commit).ok()?) };
        Some(Said { text: it.text, files })
    });
    said.collect()
}

/// How to prove the errors; those that are proved alike together.
fn proofs(findings: &[ReviewFinding]) -> Vec<Proof> {
    let mut proofs: Vec<Proof> = Vec::new();
    for finding in findings.iter().filter(|it| it.severity == Severity::Error) {
        let Some(failure) = archwright_knowledge::failure(finding.code) else { continue };
        match proofs.iter_mut().find(|it| it.action == failure.action) {
            Some(known) => known.findings.push(finding.id.clone()),
            None => proofs.push(Proof {
                findings: vec![finding.id.clone()],
                action: failure.action.to_string(),
                holds: failure.holds.to_string(),
            }),
        }
    }
    proofs
}

/// Whether files changed and none of them was looked at.
fn is_unread(reviewed: &Reviewed, diff: &Diff) -> bool {
    // What stands beside the change may be unread as well.
    let unread: FxHashSet<&RelPath> = reviewed.not_read.iter().flat_map(|it| &it.files).collect();
    let unread = diff.paths.iter().filter(|it| unread.contains(it)).count();
    reviewed.files > 0 && unread >= reviewed.files && reviewed.harmless.is_empty()
}

fn verdict(reviewed: &Reviewed, diff: &Diff) -> ReviewVerdict {
    let is_false = reviewed.claims.iter().any(|it| it.state == ClaimState::False);
    match () {
        () if is_false || reviewed.count(Severity::Error) > 0 => ReviewVerdict::RequestChanges,
        () if reviewed.is_quiet() && is_unread(reviewed, diff) => ReviewVerdict::NotJudged,
        () if reviewed.is_quiet() => ReviewVerdict::NothingAgainst,
        () => ReviewVerdict::Comment,
    }
}
