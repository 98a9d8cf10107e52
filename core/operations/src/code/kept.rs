//! Reads code with what was kept of it from a run before (ADR-0027).
//!
//! Two things are kept: what each file says, by the hash of its text and how it is read, and what was found in all of
//! them, by the paths and hashes of all. Nothing else decides what is found, so that nothing kept is ever wrong; what
//! took too long to read is not kept, because it may be read the next time.

use archwright_engine::cache::{Cache, Kept};
use archwright_model::ContentHash;
use archwright_scan::discover::{self, Discovery, FileFacts, Manner, VERSION};
use rayon::{iter::Either, prelude::*};

use super::Source;

/// What the files say.
pub(super) const FACTS: &str = "code";
/// What was found in all of them.
pub(super) const FOUND: &str = "found";

/// Less code is read anew as fast as anything that was kept of it. In bytes.
const LEAST: usize = 128 * 1024;

/// A file that was read, or the hash by which what is kept of it is found.
struct Known {
    hash: ContentHash,
    /// The length of its text.
    len: usize,
    /// What it says; `None` if nobody has asked yet.
    facts: Option<FileFacts>,
    /// Whether it was read anew.
    is_new: bool,
}

/// What is found in some files, and which of them are no text, and why.
pub(super) fn discovered(sources: &[Source], cache: &Cache) -> (Discovery, Vec<String>) {
    if cache.has(FOUND) {
        // Most often nothing has changed, and then hashes are all that is needed.
        let (hashes, unreadable) =
            known(sources, &|hash, _, text| Known { hash, len: text.len(), facts: None, is_new: false });
        let kept = cache.read(FOUND, VERSION);
        if let Some(found) = kept.get(&whole(&hashes)).and_then(Discovery::from_bytes) {
            return (found, unreadable);
        }
    }
    let Read { facts, whole, is_much, unreadable, .. } = read(sources, Some(cache));
    let found = discover::discover(&facts);
    if is_much && let Some(bytes) = found.to_bytes() {
        cache.write(FOUND, VERSION, &[(whole, bytes)]);
    }
    (found, unreadable)
}

/// What some files say, whether it was kept or not.
pub(super) fn facts(sources: &[Source], cache: &Cache) -> Vec<FileFacts> {
    read(sources, Some(cache)).facts
}

/// What files say.
pub(super) struct Read {
    /// In the order of the files, without those that say nothing.
    pub(super) facts: Vec<FileFacts>,
    /// Of each of them its file, and by what it is found what it says.
    pub(super) files: Vec<(Source, ContentHash)>,
    /// The hash of all of them.
    whole: ContentHash,
    /// Whether there is so much that it is worth keeping.
    is_much: bool,
    unreadable: Vec<String>,
}

/// Reads files, and keeps what they say where much of it was read anew.
pub(super) fn read(sources: &[Source], cache: Option<&Cache>) -> Read {
    let kept = cache.map(|it| it.read(FACTS, VERSION)).unwrap_or_default();
    let (mut read, unreadable) = known(sources, &|hash, path, text| {
        let old = kept.get(&hash).and_then(|it| FileFacts::from_bytes(path, it));
        let is_new = old.is_none();
        Known { hash, len: text.len(), facts: old.or_else(|| discover::read(path, text)), is_new }
    });
    let whole = whole(&read);
    let is_much = read.iter().map(|it| it.1.len).sum::<usize>() >= LEAST;
    let is_stale = is_stale(&kept, &read);
    let told = read.iter_mut().filter_map(|it| Some(((it.0.clone(), it.1.hash), it.1.facts.take()?)));
    let (files, facts): (Vec<_>, Vec<_>) = told.unzip();
    if let Some(cache) = cache.filter(|_| is_much && is_stale) {
        keep(cache, &read, &facts);
    }
    Read { facts, files, whole, is_much, unreadable }
}

/// Looks at all files. Those that are no text are told.
fn known<'s>(
    sources: &'s [Source],
    look: &(dyn Fn(ContentHash, &str, &str) -> Known + Sync),
) -> (Vec<(&'s Source, Known)>, Vec<String>) {
    let looked = sources.par_iter().filter_map(|it| {
        let path = it.path.as_str();
        let manner = Manner::of(path)?;
        match it.text()? {
            Ok(text) => Some(Ok((it, look(hash(manner, &text), path, &text)))),
            Err(why) => Some(Err(why)),
        }
    });
    looked.partition_map(|it| match it {
        Ok(known) => Either::Left(known),
        Err(why) => Either::Right(why),
    })
}

/// By what it is found what a text says.
pub(super) fn hash(manner: Manner, text: &str) -> ContentHash {
    ContentHash::of_parts(&[manner.name().as_bytes(), text.as_bytes()])
}

/// The hash of all files.
fn whole(files: &[(&Source, Known)]) -> ContentHash {
    let parts = files.iter().flat_map(|(file, it)| [file.path.as_str().as_bytes(), it.hash.bytes()]);
    ContentHash::of_parts(&parts.collect::<Vec<_>>())
}

/// Whether enough was read anew, or is not needed any more, to write all of it once more.
fn is_stale(kept: &Kept, read: &[(&Source, Known)]) -> bool {
    let new = read.iter().filter(|it| it.1.is_new).count();
    new >= 64 || new * 20 > read.len() || kept.len() > read.len() * 2 + 64
}

/// Keeps what each file says. `facts` are those of `read`, in its order, without the files that say nothing.
fn keep(cache: &Cache, read: &[(&Source, Known)], facts: &[FileFacts]) {
    // Every file that was looked at has its manner, and so says something.
    if read.len() != facts.len() {
        return;
    }
    let pairs: Vec<_> = read.iter().zip(facts).collect();
    let bytes = pairs.par_iter().filter_map(|((_, known), facts)| Some((known.hash, facts.to_bytes()?)));
    let mut entries: Vec<_> = bytes.collect();
    entries.sort_by(|a, b| a.0.bytes().cmp(b.0.bytes()));
    entries.dedup_by(|a, b| a.0 == b.0);
    cache.write(FACTS, VERSION, &entries);
}
