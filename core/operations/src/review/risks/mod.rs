//! What changed code loses: messages, their order, their ends, and what others rely on. Everything is told as a change
//! from the base, so that old code is not accused; where it cannot be told, nothing is said.

mod context;
mod dead_letters;
mod delivery;
mod keys;
mod payloads;
mod promises;
mod retries;
mod scanned;
mod senders;
mod settings;

use archwright_engine::Workspace;
use archwright_model::{Kind, RelPath, Severity};
use archwright_scan::{
    flow::{Act, Flow, Function, Step, flow},
    language_of_path,
};
use context::Service;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{
    change::{Diff, FileChange, is_test},
    lexicon::Lexicon,
    reviewed::{NotRead, ReviewFinding, ReviewPlace},
    tokens::line_of,
};
pub(super) use delivery::{DUAL_WRITE, EARLY_ACK};
pub(super) use keys::CODE as CHANGED_KEY;
pub(super) use payloads::{MISMATCH, PERSONAL};
pub(super) use promises::WEAKER;

/// Code on both sides.
pub(super) struct CodeChange<'a> {
    file: &'a FileChange,
    before: Flow,
    after: Flow,
    /// The functions that are there on both sides, by their places.
    pairs: Vec<(usize, usize)>,
    /// The names of what was called, and of the functions that are there.
    known: FxHashSet<SmolStr>,
}

/// The kinds of findings after which something is lost that code had.
pub(super) const LOSSES: [&str; 9] = [
    delivery::DUAL_WRITE,
    delivery::LOST_EVENT,
    delivery::EARLY_ACK,
    delivery::LOST_DEDUPLICATION,
    settings::UNCONFIRMED,
    retries::UNBOUNDED,
    retries::HASTY,
    dead_letters::LOST,
    keys::CODE,
];

/// How much of what two functions call must be the same, so that one is the other under another name.
const SAME_FUNCTION: f64 = 0.6;

/// So many functions without one of the same name are held against each other.
const MAX_RENAMED: usize = 50;

/// So many changed files of code are compared.
const MAX_FILES: usize = 200;

/// What a change brings, and what was not looked at for it.
pub(super) struct Risks {
    pub found: Vec<ReviewFinding>,
    pub not_read: Vec<NotRead>,
}

/// What the change brings.
pub(super) fn risks(workspace: &Workspace, diff: &Diff, lexicon: &'static Lexicon) -> Risks {
    let mut found = promises::promises(workspace, diff, lexicon);
    found.extend(senders::lost_senders(workspace, diff, lexicon));
    let is_code = |it: &&FileChange| {
        it.kind() == Kind::Code && it.after.is_some() && !is_test(&it.path, &lexicon.words.test_path)
    };
    let mut services = FxHashMap::default();
    let code: Vec<&FileChange> = diff.files.iter().filter(is_code).collect();
    for file in code.iter().take(MAX_FILES) {
        let Some(change) = CodeChange::of(file) else { continue };
        let folder = crate::readers::service_of(workspace, &file.path);
        let service = services.entry(folder).or_insert_with_key(|it| Service::of(workspace, diff, it.clone()));
        let mut here = delivery::acknowledgements(&change, service);
        here.extend(delivery::direct_sends(&change, service));
        here.extend(delivery::lost_events(&change, service));
        here.extend(delivery::repetitions(&change));
        here.extend(retries::retries(&change, service));
        here.extend(dead_letters::dead_letters(&change, service, &here));
        here.extend(keys::keys(&change, service));
        here.extend(payloads::payloads(&change, service, workspace.config()));
        let settings = settings::settings(&change, service, &here);
        here.extend(settings);
        found.extend(here);
    }
    let beyond: Vec<RelPath> = code.iter().skip(MAX_FILES).map(|it| it.path.clone()).collect();
    let beyond = (!beyond.is_empty()).then(|| NotRead {
        reason: format!("behind the first {MAX_FILES} changed files of code, not compared for what they do"),
        files: beyond,
    });
    let mut not_read: Vec<NotRead> = services.values().filter_map(Service::not_read).collect();
    not_read.sort_by(|a, b| a.reason.cmp(&b.reason));
    let (scanned, not_scanned) = scanned::scanned(workspace, diff, lexicon, &found);
    found.extend(scanned);
    not_read.extend(not_scanned);
    Risks { found, not_read: beyond.into_iter().chain(not_read).collect() }
}

impl<'a> CodeChange<'a> {
    fn of(file: &'a FileChange) -> Option<Self> {
        let language = language_of_path(file.path.as_str())?;
        let after = file.after.as_ref()?;
        if file.before.as_ref().is_some_and(|it| it.text == after.text) {
            return None;
        }
        let before = match &file.before {
            Some(it) => flow(&it.text, language)?,
            None => Flow::default(),
        };
        let after = flow(&after.text, language)?;
        let pairs = pairs(&before, &after);
        let called = before.functions.iter().flat_map(|it| &it.steps).map(|it| it.name.clone());
        let known = called.chain(after.functions.iter().map(|it| it.name.clone())).collect();
        Some(Self { file, before, after, pairs, known })
    }

    /// The functions that are there on both sides.
    fn functions(&self) -> impl Iterator<Item = (usize, usize, &Function, &Function)> {
        let of = |pair: &(usize, usize)| {
            Some((pair.0, pair.1, self.before.functions.get(pair.0)?, self.after.functions.get(pair.1)?))
        };
        self.pairs.iter().filter_map(of)
    }

    /// What a function was.
    fn was(&self, function: usize) -> Option<usize> {
        self.pairs.iter().find(|it| it.1 == function).map(|it| it.0)
    }

    /// Whether a function calls something now that nothing in the file called before: what that does is not known.
    fn calls_something_new(&self, function: usize) -> bool {
        let is_new =
            |it: &&Step| matches!(it.act, Act::Call | Act::Wait) && !it.is_quiet && !self.known.contains(&it.name);
        self.after.steps(function).iter().any(is_new)
    }

    /// What a function calls now and nothing in the file called before.
    fn new_calls(&self, function: usize) -> Vec<&Step> {
        let is_new = |it: &&Step| it.act == Act::Call && !it.is_quiet && !self.known.contains(&it.name);
        self.after.steps(function).into_iter().filter(is_new).collect()
    }

    /// A finding at an offset of the new text.
    fn finding(&self, code: &'static str, at: u32, message: String) -> ReviewFinding {
        let text = self.file.after.as_ref().map_or("", |it| &it.text);
        let severity = Severity::Error;
        ReviewFinding { severity, ..ReviewFinding::at(code, &self.file.path, line_of(text, at as usize), message) }
    }

    /// A place in the old text.
    fn place_before(&self, at: u32) -> Option<ReviewPlace> {
        let before = self.file.before.as_ref()?;
        Some(ReviewPlace { file: before.facts.path.clone(), line: line_of(&before.text, at as usize) })
    }

    /// The line of the old text.
    fn line_before(&self, at: u32) -> u32 {
        self.place_before(at).map_or(1, |it| it.line)
    }
}

/// Which functions are there on both sides: by name, else by what they call.
fn pairs(before: &Flow, after: &Flow) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    if before.functions.is_empty() || after.functions.is_empty() {
        return pairs;
    }
    pairs.push((0, 0));
    let mut places: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (at, function) in after.functions.iter().enumerate().skip(1).rev() {
        places.entry(function.name.as_str()).or_default().push(at);
    }
    for (at, function) in before.functions.iter().enumerate().skip(1) {
        if let Some(to) = places.get_mut(function.name.as_str()).and_then(Vec::pop) {
            pairs.push((at, to));
        }
    }
    let (then, now): (FxHashSet<usize>, FxHashSet<usize>) = pairs.iter().copied().unzip();
    let left = |flow: &Flow, known: &FxHashSet<usize>| {
        (0..flow.functions.len()).filter(|it| !known.contains(it)).take(MAX_RENAMED).collect::<Vec<_>>()
    };
    let (gone, came) = (left(before, &then), left(after, &now));
    let names = |it: &Function| it.steps.iter().map(|it: &Step| it.name.to_string()).collect::<Vec<_>>();
    let mut near = Vec::new();
    for at in gone {
        let Some(function) = before.functions.get(at) else { continue };
        let said = names(function);
        for to in &came {
            let Some(other) = after.functions.get(*to) else { continue };
            let likeness = super::tokens::likeness(&said, &names(other));
            if likeness >= SAME_FUNCTION {
                near.push((likeness, at, *to));
            }
        }
    }
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (_, at, to) in near {
        if !pairs.iter().any(|it| it.0 == at || it.1 == to) {
            pairs.push((at, to));
        }
    }
    pairs
}
