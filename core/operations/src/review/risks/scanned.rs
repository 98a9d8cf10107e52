//! What a scan finds in code that the change brings: new files in any language, and changed ones in those whose
//! functions are not compared. What stood in the changed files before is not told, wherever it went.

use archwright_engine::Workspace;
use archwright_model::{RelPath, Severity};
use archwright_scan::{
    Language,
    discover::{self, Discovery, FileFacts, RiskLevel},
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    super::{
        change::{Diff, is_test},
        lexicon::Lexicon,
        reviewed::{Mark, NotRead, ReviewFinding},
    },
    delivery::DUAL_WRITE,
};
use crate::code;

/// A database write beside a send, as a scan sees it.
const BESIDE: &str = "scan/dual-write";

/// In larger repositories, the rest of the code is not read to judge a change. In files of code.
const MAX_FILES: usize = 5_000;

/// So many of one kind are told of one file: one shows what is meant.
const MAX_ALIKE: usize = 3;

/// A changed file of code.
struct Changed<'a> {
    path: &'a RelPath,
    /// Where it was and what it said; nothing if it is new.
    before: Option<(&'a RelPath, &'a str)>,
    /// What it says; nothing if it is gone.
    after: Option<&'a str>,
    /// Whether what a scan finds in it is told.
    is_told: bool,
}

/// Something that a scan finds.
struct Seen {
    path: RelPath,
    line: u32,
    code: &'static str,
    mark: Mark,
    message: String,
    advice: String,
}

/// What a scan finds in what the change brings, and what was not read for it. What is found already is not told twice.
pub(super) fn scanned(
    workspace: &Workspace,
    diff: &Diff,
    lexicon: &Lexicon,
    already: &[ReviewFinding],
) -> (Vec<ReviewFinding>, Option<NotRead>) {
    let changed = changed(diff, lexicon);
    let told: FxHashMap<&RelPath, &Changed> = changed.iter().filter(|it| it.is_told).map(|it| (it.path, it)).collect();
    if told.is_empty() {
        return (Vec::new(), None);
    }
    let files = || changed.iter().filter(|it| it.is_told).map(|it| it.path.clone()).collect();
    if diff.is_of_revision {
        // The rest of the code is on disk as somebody else left it.
        return (
            Vec::new(),
            Some(NotRead { reason: "scanned for risks only in the working tree".to_owned(), files: files() }),
        );
    }
    if code::count(workspace, &RelPath::default()) > MAX_FILES {
        let reason = format!("not scanned for risks, in a repository of more than {MAX_FILES} files of code");
        return (Vec::new(), Some(NotRead { reason, files: files() }));
    }
    let touched: FxHashSet<&RelPath> =
        changed.iter().flat_map(|it| [Some(it.path), it.before.map(|before| before.0)]).flatten().collect();
    let mut facts = code::read_but(workspace, &|it| touched.contains(it));
    let rest = facts.len();
    facts.extend(changed.iter().filter_map(|it| read(it.path, it.after?)));
    let now = seen(&discover::discover(&facts), &|it| told.contains_key(it));
    if now.is_empty() {
        return (Vec::new(), None);
    }
    facts.truncate(rest);
    facts.extend(changed.iter().filter_map(|it| it.before).filter_map(|(path, text)| read(path, text)));
    let were: FxHashMap<&RelPath, &str> = changed.iter().filter_map(|it| it.before).collect();
    let then =
        if were.is_empty() { Vec::new() } else { seen(&discover::discover(&facts), &|it| were.contains_key(it)) };
    (new(&now, &then, &told, &were, already), None)
}

fn changed<'a>(diff: &'a Diff, lexicon: &Lexicon) -> Vec<Changed<'a>> {
    let is_scanned = |path: &RelPath| {
        Language::of_path(path.as_str()).is_some()
            && discover::ignored(path.as_str()).is_none()
            && !is_test(path, &lexicon.words.test_path)
    };
    let read = diff.files.iter().map(|it| Changed {
        path: &it.path,
        before: it.before.as_ref().map(|it| (&it.facts.path, &*it.text)),
        after: it.after.as_ref().map(|it| &*it.text),
        // What files of these languages had before is compared function by function.
        is_told: it.before.is_none() && is_scanned(&it.path),
    });
    let other = diff.other_code.iter().map(|it| Changed {
        path: &it.path,
        before: (!it.before.is_empty()).then_some((&it.path, &*it.before)),
        after: (!it.after.is_empty()).then_some(&*it.after),
        is_told: !it.after.is_empty() && is_scanned(&it.path),
    });
    read.chain(other).filter(|it| Language::of_path(it.path.as_str()).is_some()).collect()
}

fn read(path: &RelPath, text: &str) -> Option<FileFacts> {
    discover::read(path.as_str(), text)
}

/// What is found in some of the files. Habits that rarely do harm are left to the scan.
fn seen(found: &Discovery, is_here: &dyn Fn(&RelPath) -> bool) -> Vec<Seen> {
    let risks = found.risks.iter().filter(|it| it.level != RiskLevel::Hint).map(|it| {
        let because = it.because.filter(|line| *line != it.line).map_or_else(String::new, |it| format!(" (line {it})"));
        Seen {
            path: RelPath::new(&it.path),
            line: it.line,
            code: it.kind.code(),
            mark: if it.level == RiskLevel::Warning { Mark::Computed } else { Mark::Lead },
            message: format!("{}{because}.", it.says),
            advice: format!("`explain {}`.", it.pattern),
        }
    });
    let writes = found.dual_writes.iter().map(|it| Seen {
        path: RelPath::new(&it.path),
        line: it.send,
        code: BESIDE,
        mark: Mark::Lead,
        message: format!(
            "a send beside the database write of line {}: a crash in between keeps one and loses the other.",
            it.write
        ),
        advice: "`explain Transactional Outbox`.".to_owned(),
    });
    risks.chain(writes).filter(|it| is_here(&it.path)).collect()
}

/// What is there now and was not: more of a kind than the file had, in lines that no changed file had.
fn new(
    now: &[Seen],
    then: &[Seen],
    told: &FxHashMap<&RelPath, &Changed>,
    were: &FxHashMap<&RelPath, &str>,
    already: &[ReviewFinding],
) -> Vec<ReviewFinding> {
    let mut known: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    let mut had: FxHashMap<(&RelPath, &str), usize> = FxHashMap::default();
    for it in then {
        let line = were.get(&it.path).map_or("", |text| line(text, it.line));
        *known.entry((it.code, line)).or_default() += 1;
        *had.entry((&it.path, it.code)).or_default() += 1;
    }
    let mut has: FxHashMap<(&RelPath, &str), usize> = FxHashMap::default();
    for it in now {
        *has.entry((&it.path, it.code)).or_default() += 1;
    }
    let mut findings: Vec<ReviewFinding> = Vec::new();
    for it in now {
        let Some(changed) = told.get(&it.path) else { continue };
        let line = changed.after.map_or("", |text| line(text, it.line));
        if let Some(left) = known.get_mut(&(it.code, line)).filter(|it| **it > 0) {
            *left -= 1;
            continue;
        }
        let before = changed.before.and_then(|(path, _)| had.get(&(path, it.code))).copied().unwrap_or(0);
        let more = has.get(&(&it.path, it.code)).copied().unwrap_or(0).saturating_sub(before);
        let alike = findings.iter().filter(|found| found.file == it.path && found.code == it.code).count();
        if alike >= more.min(MAX_ALIKE) || already.iter().any(|found| is_told_by(found, it)) {
            continue;
        }
        findings.push(ReviewFinding {
            mark: it.mark,
            severity: Severity::Warning,
            advice: Some(it.advice.clone()),
            ..ReviewFinding::at(it.code, &it.path, it.line, it.message.clone())
        });
    }
    findings
}

/// Whether a comparison told it already, and knows more of it.
fn is_told_by(found: &ReviewFinding, seen: &Seen) -> bool {
    found.file == seen.path && (found.start.line == seen.line || (seen.code == BESIDE && found.code == DUAL_WRITE))
}

/// A line, counted from 1, without the space around it.
fn line(text: &str, number: u32) -> &str {
    text.lines().nth(number.saturating_sub(1) as usize).unwrap_or_default().trim()
}
