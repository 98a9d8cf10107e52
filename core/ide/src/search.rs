//! Symbols of the whole workspace, found by a few of their letters.

use std::sync::atomic::{AtomicUsize, Ordering};

use archwright_engine::Workspace;
use archwright_model::{FileId, Kind, facts::FileFacts};
use archwright_syntax::{Span, markdown};
use rayon::prelude::*;
use smol_str::SmolStr;

use super::outline::{SymbolKind, kind_of};

/// A symbol that a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundSymbol {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub kind: SymbolKind,
    /// Where it stands.
    pub file: FileId,
    /// The name in the file; empty for what is called as its file is.
    pub span: Span,
    /// The file's path, which tells symbols of one name apart.
    pub container: String,
}

/// How many symbols an answer has at most. Who wants another one types another letter.
pub const MAX_SYMBOLS: usize = 256;

/// Lines that look like headings and are none, in code blocks, fall away in the end; so many more are kept until then.
const CANDIDATES: usize = MAX_SYMBOLS * 4;

/// Something whose name fits.
struct Candidate {
    /// The better, the lower.
    rank: (u32, usize),
    file: FileId,
    span: Span,
    kind: SymbolKind,
    /// Nothing for a line that may be a heading.
    name: Option<SmolStr>,
}

/// The headings of artifacts, channels, operations, messages, components and schema files whose names have the letters
/// of `query` in this order, the best fits first. No more than [`MAX_SYMBOLS`], and about how many more there are:
/// lines of code blocks that look like headings count among these.
pub fn workspace_symbols(workspace: &Workspace, query: &str) -> (Vec<FoundSymbol>, usize) {
    let query: String = query.to_lowercase().split_whitespace().collect();
    let files: Vec<FileId> = workspace.files().collect();
    let all = AtomicUsize::new(0);
    let collected = files.par_iter().with_min_len(64).fold(Vec::new, |mut found, file| {
        if let Some(facts) = workspace.facts(*file) {
            let before = found.len();
            candidates(*file, facts, &query, &mut found);
            all.fetch_add(found.len() - before, Ordering::Relaxed);
        }
        keep_best(workspace, &mut found, CANDIDATES * 4);
        found
    });
    let mut found = collected.reduce(Vec::new, |mut a, b| {
        a.extend(b);
        a
    });
    keep_best(workspace, &mut found, CANDIDATES);
    found.sort_by(|a, b| order(workspace, a).cmp(&order(workspace, b)));
    let all = all.into_inner();
    let shown: Vec<_> = found.into_iter().filter_map(|it| resolved(workspace, it)).take(MAX_SYMBOLS).collect();
    let more = if shown.len() < MAX_SYMBOLS { 0 } else { all - shown.len() };
    (shown, more)
}

fn order<'w>(workspace: &'w Workspace, it: &Candidate) -> ((u32, usize), &'w str, Span) {
    (it.rank, workspace.path(it.file).as_str(), it.span)
}

/// Keeps the best, once there are twice as many as wanted.
fn keep_best(workspace: &Workspace, found: &mut Vec<Candidate>, wanted: usize) {
    if found.len() > wanted * 2 {
        found.select_nth_unstable_by(wanted, |a, b| order(workspace, a).cmp(&order(workspace, b)));
        found.truncate(wanted);
    }
}

fn candidates(file: FileId, facts: &FileFacts, query: &str, found: &mut Vec<Candidate>) {
    let mut offer = |name: &str, kept: Option<&SmolStr>, kind: SymbolKind, span: Span| {
        if let Some(rank) = rank(name, query) {
            found.push(Candidate { rank: (rank, name.len()), file, span, kind, name: kept.cloned() });
        }
    };
    if facts.document().is_some() && facts.kind.is_artifact() {
        heading_lines(&facts.text, |line, span| offer(line, None, SymbolKind::Section, span));
    }
    if let Some(asyncapi) = facts.asyncapi() {
        let outline = &asyncapi.outline;
        for it in &outline.channels {
            offer(&it.key.text, Some(&it.key.text), SymbolKind::Channel, it.key.span);
            if let Some(address) = it.address.as_ref().filter(|address| address.text != it.key.text) {
                offer(&address.text, Some(&address.text), SymbolKind::Channel, address.span);
            }
        }
        for it in &outline.operations {
            offer(&it.key.text, Some(&it.key.text), SymbolKind::Operation, it.key.span);
        }
        for it in &outline.messages {
            offer(&it.key.text, Some(&it.key.text), SymbolKind::Message, it.key.span);
        }
        for (section, name) in asyncapi.components.iter().filter(|it| it.0 != "messages") {
            offer(&name.text, Some(&name.text), kind_of(section), name.span);
        }
    }
    if facts.kind == Kind::Schema {
        let stem = SmolStr::new(facts.path.stem());
        offer(&stem, Some(&stem), SymbolKind::Schema, Span::empty(0));
    }
}

/// Calls `visit` with the text and the span of each line that may be a heading. Parsing ten thousand files takes too
/// long for an answer while somebody types.
fn heading_lines(text: &str, mut visit: impl FnMut(&str, Span)) {
    let mut start = 0;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(whole) = lines.next() {
        let line = whole.trim_end();
        let span = Span::new(start, start + line.len());
        start += whole.len();
        let indent = line.len() - line.trim_start_matches(' ').len();
        let bare = line.trim_start_matches([' ', '#']);
        let mut underlined = || {
            let below = lines.peek().map_or("", |it| it.trim_end());
            !below.is_empty() && (below.bytes().all(|it| it == b'=') || below.bytes().all(|it| it == b'-'))
        };
        let is_marked = indent < 4 && line.get(indent..).is_some_and(|it| it.starts_with('#'));
        if !bare.is_empty() && (is_marked || underlined()) {
            visit(bare, span);
        }
    }
}

/// How well a name fits, 0 the best; `None` if it lacks a letter. `query` is in lower case.
fn rank(name: &str, query: &str) -> Option<u32> {
    let name = name.to_lowercase();
    if let Some(at) = name.find(query) {
        let before = name.get(..at)?.chars().next_back();
        return Some(before.map_or(0, |it| 1 + u32::from(it.is_alphanumeric())));
    }
    let mut wanted = query.chars().peekable();
    let mut previous = ' ';
    let (mut rank, mut in_row) = (3, false);
    for char in name.chars() {
        let Some(next) = wanted.peek() else { break };
        if char == *next {
            // Letters count more where a word starts or goes on.
            rank += if in_row || !previous.is_alphanumeric() { 0 } else { 4 };
            in_row = true;
            wanted.next();
        } else {
            in_row = false;
            rank += 1;
        }
        previous = char;
    }
    wanted.peek().is_none().then_some(rank)
}

/// The symbol of a candidate; `None` if it is no heading after all.
fn resolved(workspace: &Workspace, it: Candidate) -> Option<FoundSymbol> {
    let facts = workspace.facts(it.file)?;
    let container = facts.path.to_string();
    let Some(name) = it.name else {
        // The tree of the facts would stay in memory.
        let tree = markdown::parse(&facts.text);
        let (id, section) = tree
            .section_ids()
            .skip(1)
            .find(|(_, section)| section.title.start >= it.span.start && section.title.end <= it.span.end)?;
        let name = tree.plain_title(id, &facts.text).into_owned();
        return (!name.is_empty()).then_some(FoundSymbol {
            name,
            kind: it.kind,
            file: it.file,
            span: section.title,
            container,
        });
    };
    Some(FoundSymbol { name: name.to_string(), kind: it.kind, file: it.file, span: it.span, container })
}
