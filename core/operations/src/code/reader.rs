//! The code of a workspace that stays open: read once, and then only where it changed.
//!
//! A reading has three steps, so that nobody who types waits for it: what is to be read is taken from the workspace at
//! one moment, is read and joined without it, and what was found is put beside the workspace as it is then.

use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock},
};

use archwright_engine::{Anchor, Workspace, cache::Cache};
use archwright_model::{ContentHash, RelPath};
use archwright_scan::discover::{self, Discovery, FileFacts, Manner, Outputs};
use rayon::{ThreadPool, prelude::*};
use rustc_hash::FxHashMap;

use super::{Source, counting, kept, outputs, sources};

/// What changed since code was read.
#[derive(Clone, Debug)]
pub enum CodeChange {
    /// Anything may have.
    Everything,
    /// These paths, of files or of folders.
    Paths(BTreeSet<RelPath>),
}

/// What is to be read, taken from a workspace at one moment.
#[derive(Debug)]
pub struct CodeOrder {
    /// All files that count, if there may be others than before.
    listing: Option<(Vec<Source>, Outputs)>,
    /// What may be another text; all of the listing if there is nothing.
    changed: Option<Vec<Source>>,
    cache: Option<Cache>,
}

/// What was found in all code, with the lines that it stands in.
#[derive(Debug)]
pub struct ReadCode {
    pub(super) found: Discovery,
    /// The lines of its sends and receives, in their order.
    pub(super) anchors: Vec<Option<Anchor>>,
    /// The texts of the files in which something was found, as they were read.
    pub(super) texts: FxHashMap<RelPath, Arc<str>>,
}

/// Reads the code of one workspace, and remembers what each file says.
#[derive(Debug, Default)]
pub struct CodeReader {
    /// In the order of their paths.
    files: Vec<(Source, ContentHash)>,
    /// What each of them says.
    facts: Vec<FileFacts>,
    outputs: Outputs,
    /// The texts of those in which something was found, by what they were when they were read.
    texts: FxHashMap<RelPath, (ContentHash, Arc<str>)>,
    is_read: bool,
}

/// The threads that read code: half of the processors, so that whoever types has the others. Code may be nested deeply.
static THREADS: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let all = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = rayon::ThreadPoolBuilder::new().num_threads((all / 2).max(1)).stack_size(8 * 1024 * 1024);
    threads.thread_name(|it| format!("archwright-code-{it}")).build().ok()
});

impl CodeReader {
    /// What has to be read after a change; `None` if the change is none of code, manifests and settings.
    pub fn order(&self, workspace: &Workspace, change: &CodeChange) -> Option<CodeOrder> {
        let cache = workspace.cache().cloned();
        let listing = || {
            let outputs = outputs(workspace);
            Some((sources(workspace, &counting(workspace, &outputs, &|_| false)), outputs))
        };
        let paths = match change {
            CodeChange::Paths(paths) if self.is_read => paths,
            _ => return Some(CodeOrder { listing: listing(), changed: None, cache }),
        };
        let mut changed = Vec::new();
        let mut is_other = false;
        for path in paths {
            let file = workspace.file(path).filter(|_| workspace.lists(path));
            if self.position(path).is_ok() {
                // What is gone takes its place in the listing with it.
                is_other |= file.is_none();
                changed.extend(file.map(|it| Source::of(workspace, it)));
            } else if file.is_some() && self.counts(path) {
                is_other = true;
                changed.extend(file.map(|it| Source::of(workspace, it)));
            } else if self.has_below(path) || workspace.inside(path).next().is_some() {
                is_other = true;
                let inside = workspace.inside(path).filter(|it| self.counts(workspace.path(*it)));
                changed.extend(inside.map(|it| Source::of(workspace, it)));
            }
        }
        (is_other || !changed.is_empty()).then(|| CodeOrder {
            listing: is_other.then(listing).flatten(),
            changed: Some(changed),
            cache,
        })
    }

    /// Reads what is to be read and joins all of it. `None` if nothing is otherwise than before.
    pub fn read(&mut self, order: CodeOrder) -> Option<ReadCode> {
        match THREADS.as_ref() {
            Some(threads) => threads.install(|| self.read_here(order)),
            None => self.read_here(order),
        }
    }

    fn read_here(&mut self, order: CodeOrder) -> Option<ReadCode> {
        let CodeOrder { listing, changed, cache } = order;
        let is_other = match (listing, changed) {
            (Some((sources, outputs)), None) if !self.is_read => {
                self.outputs = outputs;
                let read = kept::read(&sources, cache.as_ref());
                (self.files, self.facts) = (read.files, read.facts);
                true
            }
            (Some((sources, outputs)), changed) => {
                self.outputs = outputs;
                self.read_listing(sources, changed)
            }
            (None, Some(changed)) => self.read_changed(changed),
            (None, None) => false,
        };
        if std::mem::replace(&mut self.is_read, true) && !is_other {
            return None;
        }
        let found = discover::discover(&self.facts);
        let texts = self.texts_of(&found);
        let anchor = |it: &discover::Edge| Anchor::of(texts.get(&RelPath::new(&it.path))?, it.line);
        Some(ReadCode { anchors: found.edges.par_iter().map(anchor).collect(), found, texts })
    }

    /// Reads files again that are known. Tells whether one of them says something else.
    fn read_changed(&mut self, changed: Vec<Source>) -> bool {
        let mut is_other = false;
        for source in changed {
            let Ok(at) = self.position(&source.path) else { continue };
            let old = self.files.get(at).map(|it| it.1);
            let Some((hash, facts)) = read(&source, old) else {
                // It is no text any more.
                self.files.remove(at);
                self.facts.remove(at);
                is_other = true;
                continue;
            };
            if let (Some(facts), Some(place)) = (facts, self.facts.get_mut(at)) {
                *place = facts;
                is_other = true;
            }
            if let Some(file) = self.files.get_mut(at) {
                *file = (source, hash);
            }
        }
        is_other
    }

    /// Takes another list of files over, of which those are read that may have changed, or were not there.
    fn read_listing(&mut self, sources: Vec<Source>, changed: Option<Vec<Source>>) -> bool {
        let changed: Option<BTreeSet<RelPath>> = changed.map(|it| it.into_iter().map(|it| it.path).collect());
        let old = std::mem::take(&mut self.files).into_iter().zip(std::mem::take(&mut self.facts));
        let mut old: FxHashMap<RelPath, (ContentHash, FileFacts)> =
            old.map(|((source, hash), facts)| (source.path, (hash, facts))).collect();
        let before = old.len();
        let known: Vec<_> = sources.into_iter().map(|it| (old.remove(&it.path), it)).collect();
        let mut is_other = !old.is_empty();
        let read: Vec<_> = known
            .into_par_iter()
            .filter_map(|(old, source)| {
                let is_same = changed.as_ref().is_some_and(|it| !it.contains(&source.path));
                let Some((hash, facts)) = old else {
                    let (hash, facts) = read(&source, None)?;
                    return Some((source, hash, facts?, true));
                };
                if is_same {
                    return Some((source, hash, facts, false));
                }
                let (new, read) = read(&source, Some(hash))?;
                let is_new = read.is_some();
                Some((source, new, read.unwrap_or(facts), is_new))
            })
            .collect();
        is_other |= read.len() != before;
        for (source, hash, facts, is_new) in read {
            is_other |= is_new;
            self.files.push((source, hash));
            self.facts.push(facts);
        }
        is_other
    }

    /// The texts of the files in which something was found, where they are still what was read.
    fn texts_of(&mut self, found: &Discovery) -> FxHashMap<RelPath, Arc<str>> {
        let edges = found.edges.iter().map(|it| &it.path);
        let risks = found.risks.iter().map(|it| &it.path);
        let declared = found.declared.iter().map(|it| &it.path);
        let paths: BTreeSet<RelPath> = edges.chain(risks).chain(declared).map(|it| RelPath::new(it)).collect();
        let mut texts = FxHashMap::default();
        for path in paths {
            let Some((source, hash)) = self.position(&path).ok().and_then(|it| self.files.get(it)) else { continue };
            let old = self.texts.remove(&path).filter(|it| it.0 == *hash);
            let text = old.map(|it| it.1).or_else(|| {
                let text = source.text()?.ok()?;
                (kept::hash(Manner::of(path.as_str())?, &text) == *hash).then_some(text)
            });
            texts.extend(text.map(|it| (path, (*hash, it))));
        }
        self.texts = texts;
        self.texts.iter().map(|(path, it)| (path.clone(), it.1.clone())).collect()
    }

    fn position(&self, path: &RelPath) -> Result<usize, usize> {
        self.files.binary_search_by(|it| it.0.path.cmp(path))
    }

    /// Whether a file is read that lies below a path.
    fn has_below(&self, path: &RelPath) -> bool {
        let at = self.position(path).unwrap_or_else(|it| it);
        let is_below = |it: &str| it.strip_prefix(path.as_str()).is_some_and(|it| it.starts_with('/'));
        // What begins with the name and goes on in other ways may stand between.
        let beginning = self.files.iter().skip(at).take_while(|it| it.0.path.as_str().starts_with(path.as_str()));
        beginning.into_iter().any(|it| is_below(it.0.path.as_str()))
    }

    fn counts(&self, path: &RelPath) -> bool {
        self.outputs.ignored(path.as_str()).is_none()
    }
}

/// What a file says, and by what that is found; nothing but that where it is what it was. `None` if it is no text.
fn read(source: &Source, old: Option<ContentHash>) -> Option<(ContentHash, Option<FileFacts>)> {
    let text = source.text()?.ok()?;
    let hash = kept::hash(Manner::of(source.path.as_str())?, &text);
    if old == Some(hash) {
        return Some((hash, None));
    }
    Some((hash, Some(discover::read(source.path.as_str(), &text)?)))
}
