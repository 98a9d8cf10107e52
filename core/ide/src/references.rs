//! References: all places that speak of what stands under the cursor.
//!
//! They are found through the index, so the cost is that of the files that hold them.

use std::{collections::BTreeSet, ops::Range};

use archwright_engine::Workspace;
use archwright_model::{
    FileId, Key, RelPath,
    facts::{FileFacts, LinkFact, Parsed},
};
use archwright_syntax::{Span, Spanned};
use rustc_hash::FxHashSet;

use super::{
    identifiers, named, names, navigation,
    places::Spans,
    subject::{Subject, subject_at},
    trees::{Declaration, Trees},
};

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// The place in it.
    pub span: Span,
}

/// All places that speak of what stands at `offset`: a key of a YAML or JSON file, a channel, a heading, a file, an
/// identifier, a term, a team or a pattern. With `declaration` also the place that declares it. Any offset is accepted.
pub fn references(workspace: &Workspace, file: FileId, offset: usize, declaration: bool) -> Vec<Location> {
    let trees = Trees::new(workspace);
    let Some(named) = subject_at(&trees, file, offset) else { return Vec::new() };
    let mut found = match &named.subject {
        Subject::Entry(declared) => {
            let uses = uses(&trees, *declared).into_iter().map(|it| it.location());
            uses.chain(declaration.then(|| unquoted(&trees, *declared))).collect()
        }
        Subject::Channel(name) => mentions(workspace, name),
        Subject::Heading(file, title) => heading_links(workspace, *file, *title, declaration),
        Subject::File(path) => file_links(&trees, path),
        Subject::Identifier(it) => {
            let own = Location { file: it.file, span: it.span };
            identifiers::uses(workspace, it).into_iter().filter(|it| declaration || *it != own).collect()
        }
        Subject::Name(it) => named::uses(workspace, it, declaration),
    };
    if let (Subject::Entry(declared), Some(facts)) = (&named.subject, workspace.facts(file)) {
        // The key of a channel is its name too in 2.x.
        let name = (declared.file == file)
            .then(|| facts.channels.iter().find(|it| declared.key.contains(it.name.span)))
            .flatten();
        found.extend(
            name.into_iter().flat_map(|it| mentions(workspace, &it.name.text)).filter(|it| !is_at(it, declared)),
        );
    }
    found.sort_by(|a, b| (workspace.path(a.file), a.span).cmp(&(workspace.path(b.file), b.span)));
    found.dedup();
    found
}

fn is_at(location: &Location, declared: &Declaration) -> bool {
    location.file == declared.file && declared.key.contains(location.span)
}

/// A key without its quotes.
fn unquoted(trees: &Trees<'_>, declared: Declaration) -> Location {
    let tree = trees.of(declared.file);
    let entry = tree.as_ref().and_then(|it| it.node_at(declared.key.start as usize)?.key);
    Location { file: declared.file, span: entry.map_or(declared.key, |it| Spanned::of_key(it).span) }
}

/// A place that names a declaration.
pub(super) struct Use {
    pub(super) file: FileId,
    pub(super) place: Place,
}

/// How a declaration is named.
pub(super) enum Place {
    /// By a token of a reference's pointer.
    Token { reference: Spanned, token: Range<usize> },
    /// By its name alone, with its quotes if it has some.
    Name(Span),
}

impl Use {
    fn location(&self) -> Location {
        let span = match &self.place {
            Place::Token { reference, token } if reference.span.len() == reference.text.len() => {
                let start = reference.span.start as usize;
                Span::new(start + token.start, start + token.end)
            }
            Place::Token { reference, .. } => reference.span,
            Place::Name(span) => *span,
        };
        Location { file: self.file, span }
    }
}

/// Every place that names a declaration, or something below it.
pub(super) fn uses(trees: &Trees<'_>, declared: Declaration) -> Vec<Use> {
    let mut found = Vec::new();
    // References lead to the declaration, or to something around it by which others may come.
    let mut targets = vec![declared.file];
    let mut known: FxHashSet<FileId> = targets.iter().copied().collect();
    let mut next = 0;
    while let Some(target) = targets.get(next).copied() {
        next += 1;
        let path = trees.workspace.path(target);
        let sources: BTreeSet<FileId> = trees.sources(path).into_iter().chain([target]).collect();
        for source in sources {
            for reference in trees.references(source) {
                if !trees.leads_to(source, &reference, path) {
                    continue;
                }
                let Some(way) = trees.way_of(source, &reference) else { continue };
                if let Some(step) = way.steps.iter().find(|it| it.declared == declared) {
                    found.push(Use { file: source, place: Place::Token { token: step.token.clone(), reference } });
                    continue;
                }
                let end = trees.end(way);
                if end.file == declared.file
                    && !known.contains(&source)
                    && trees.of(end.file).is_some_and(|it| it.node(end.node).span().contains(declared.key))
                {
                    known.insert(source);
                    targets.push(source);
                }
            }
        }
    }
    let named = trees.of(declared.file).map(|it| names::name_uses(&it)).unwrap_or_default();
    let named = named.into_iter().filter(|it| it.declared == declared.key);
    found.extend(named.map(|it| Use { file: declared.file, place: Place::Name(it.span) }));
    found
}

/// Where files name a channel, and the titles of those that are called after it.
pub(super) fn mentions(workspace: &Workspace, name: &str) -> Vec<Location> {
    let files = workspace.index().contributors(&Key::Channel(name.into()));
    let of = |file: &FileId| {
        let Some(facts) = workspace.facts(*file) else { return Vec::new() };
        let mut spans = channel_names(facts, name);
        if spans.is_empty() {
            spans.extend(facts.channels.iter().filter(|it| it.name.text == name).map(|it| it.name.span));
        }
        spans.into_iter().map(|span| Location { file: *file, span }).collect()
    };
    files.iter().flat_map(of).collect()
}

/// Where a file has the name of a channel in its text. In a document that is every word that is the name; a name that
/// could be any word counts only where it is marked as a name.
pub(super) fn channel_names(facts: &FileFacts, name: &str) -> Vec<Span> {
    let mentioned = || facts.channels.iter().filter(|it| it.name.text == name).map(|it| it.name.span);
    let Some(document) = facts.document() else {
        return mentioned().filter(|it| !it.is_empty()).collect();
    };
    let contract = document.contract.as_ref().and_then(|it| it.channel.as_ref()).map(|it| it.span);
    let is_name = name.contains(|it: char| !it.is_alphanumeric());
    document.look(|document| {
        let marked = Spans::new(mentioned().chain(contract).chain(document.tree.code_spans.iter().copied()));
        let targets = Spans::new(document.links.iter().map(|it| it.target));
        words(&facts.text, name).filter(|it| (is_name || marked.hold(*it)) && !targets.hold(*it)).collect()
    })
}

/// The places where a name stands alone: not as a part of a longer name or of a path.
pub(super) fn words<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = Span> + 't {
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '/');
    text.match_indices(name).map(move |(at, _)| Span::new(at, at + name.len())).filter(move |span| {
        let before = text.get(..span.start as usize).unwrap_or_default();
        let after = text.get(span.end as usize..).unwrap_or_default();
        let goes_on = after.strip_prefix('.').unwrap_or(after).starts_with(is_part);
        !goes_on && !before.ends_with(is_part) && !before.ends_with('.')
    })
}

/// The Markdown files that link to a file, and itself, each with the links.
pub(super) fn links_to<'w>(
    workspace: &'w Workspace,
    path: &'w RelPath,
) -> impl Iterator<Item = (FileId, &'w FileFacts, LinkFact)> {
    let own = workspace.file(path);
    let others = workspace.index().contributors(&Key::References(path.clone())).iter().copied();
    let files: BTreeSet<FileId> = others.chain(own).collect();
    files.into_iter().filter_map(|it| Some((it, workspace.facts(it)?))).flat_map(move |(id, facts)| {
        let links = |it: &Parsed| it.links.iter().filter(|it| it.path == *path).cloned().collect();
        let links: Vec<LinkFact> = facts.document().map(|it| it.look(links)).unwrap_or_default();
        links.into_iter().map(move |it| (id, facts, it))
    })
}

/// The links to a heading. The first heading stands for the file, so links to the file are links to it.
fn heading_links(workspace: &Workspace, file: FileId, title: Span, declaration: bool) -> Vec<Location> {
    let Some(facts) = workspace.facts(file) else { return Vec::new() };
    let Some(tree) = facts.markdown() else { return Vec::new() };
    let is_first = tree.sections.get(1).is_some_and(|it| it.title == title);
    let leads_here =
        |from: &FileFacts, link: &LinkFact| match link.fragment.map(|it| from.slice(it)).filter(|it| !it.is_empty()) {
            Some(anchor) => navigation::section_of(facts, anchor).is_some_and(|it| tree.section(it).title == title),
            None => is_first && !link.path_span.is_empty(),
        };
    let links = links_to(workspace, workspace.path(file)).filter(|it| leads_here(it.1, &it.2));
    let links = links.map(|(file, _, link)| Location { file, span: link.target });
    links.chain(declaration.then_some(Location { file, span: title })).collect()
}

/// The links and references to a file.
pub(super) fn file_links(trees: &Trees<'_>, path: &RelPath) -> Vec<Location> {
    let links = links_to(trees.workspace, path).filter(|it| !it.2.path_span.is_empty());
    let mut found: Vec<Location> = links.map(|(file, _, link)| Location { file, span: link.target }).collect();
    for source in trees.sources(path) {
        let references = trees.references(source).into_iter().filter(|it| trees.leads_to(source, it, path));
        found.extend(references.map(|it| Location { file: source, span: it.span }));
    }
    found
}
