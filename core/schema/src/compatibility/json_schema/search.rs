//! The walk over two schemas that every registry's definition shares: each pair is compared once, circles end, work is
//! bounded.

use std::hash::Hash;

use archwright_syntax::data::Node;
use rustc_hash::{FxHashMap, FxHashSet};

use super::matching;
use super::meaning::Meaning;

/// How many pairs of schemas are looked at, over all passes: about two seconds of work. In tests it is less, to get
/// there soon.
const MAX_STEPS: usize = if cfg!(test) { 60_000 } else { 3_000_000 };

/// How many pairs, and findings of all of them together, are kept.
const MAX_KEPT: usize = 1_000_000;

/// How deep pairs stand inside of each other, through references as well; circles are known by their pair and go no
/// deeper.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Depth {
    /// Deep enough for nearly all schemas; any thread has the room.
    Usual,
    /// As deep as chains of definitions go in the largest schemas; it needs a thread with [`ROOM`].
    Large,
}

/// The stack for comparing at [`Depth::Large`], in bytes: a pair takes less than 16 KiB of it.
pub(super) const ROOM: usize = 24 << 20;

impl Depth {
    fn limit(self) -> usize {
        match self {
            Self::Usual => 100,
            Self::Large => 1_000,
        }
    }
}

/// How many findings of one pair inside of others are kept.
const MAX_FOUND: usize = 200;

/// How many findings of two whole schemas are kept.
const MAX_TOLD: usize = 2_000;

/// How often all is compared again because a circle was taken to be harmless; two or three times are usual.
const MAX_PASSES: usize = 24;

/// Why schemas are not compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TooLarge {
    /// They nest deeper than allowed.
    Deep,
    /// They have too many pairs.
    Wide,
}

/// What a comparison came to: nothing where the reader takes all that the writer writes.
pub(super) type Outcome<'t> = Result<Vec<Incompatibility<'t>>, TooLarge>;

/// What a comparison of two whole schemas came to, and how many findings are not listed.
pub(super) type Settled<'t> = Result<(Vec<Incompatibility<'t>>, usize), TooLarge>;

/// One thing that a reader does not take.
#[derive(Clone, Debug)]
pub(super) struct Incompatibility<'t> {
    /// The registry's word for it.
    pub kind: &'static str,
    pub meaning: Meaning,
    /// The tokens of its JSON pointer, the last one first.
    pub path: Vec<Token<'t>>,
    /// Where it stands in the schema that wrote, and in the one that reads; where it is missing, the schema it is
    /// missing from.
    pub writer: Node<'t>,
    pub reader: Node<'t>,
}

/// One step of a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Token<'t> {
    Key(&'t str),
    Index(usize),
}

/// A registry's definition of what a reader takes.
pub(super) trait Definition<'t> {
    /// What stands for a schema.
    type Key: Copy + Eq + Hash;

    fn search(&mut self) -> &mut Search<'t, Self::Key>;

    /// Compares two schemas; those inside of them through [`Definition::compare`].
    fn pair(&mut self, writer: Self::Key, reader: Self::Key) -> Outcome<'t>;

    /// What a schema that only refers to another one stands for.
    fn resolved(&self, key: Self::Key) -> Self::Key {
        key
    }

    /// Compares two schemas, or says what is known of them.
    fn compare(&mut self, writer: Self::Key, reader: Self::Key) -> Outcome<'t> {
        let (writer, reader) = (self.resolved(writer), self.resolved(reader));
        if let Some(known) = self.search().begin((writer, reader))? {
            return Ok(known);
        }
        let found = self.pair(writer, reader)?;
        self.search().end((writer, reader), found)
    }

    /// Compares two whole schemas. A pair that comes up inside of itself is taken to fit; when that was wrong
    /// somewhere, all is compared again with what is known by then, until nothing new turns up.
    fn settle(&mut self, writer: Self::Key, reader: Self::Key) -> Settled<'t> {
        for _ in 0..MAX_PASSES {
            let found = self.compare(writer, reader)?;
            if !self.search().again() {
                return Ok((found, self.search().dropped));
            }
        }
        Err(TooLarge::Wide)
    }

    /// What is told of a writer's branch that no branch of the reader takes: `finding`, with the first thing that the
    /// nearest one does not take, unless it is of another type altogether.
    fn nearest(
        &mut self,
        writer: Self::Key,
        readers: &[Self::Key],
        finding: Incompatibility<'t>,
    ) -> Result<Incompatibility<'t>, TooLarge> {
        let mut nearest: Option<Vec<Incompatibility<'t>>> = None;
        for &reader in readers {
            let found = self.compare(writer, reader)?;
            let is_of_type = found.first().is_some_and(|it| !(it.meaning == Meaning::Type && it.path.is_empty()));
            if is_of_type && nearest.as_ref().is_none_or(|it| found.len() < it.len()) {
                nearest = Some(found);
            }
        }
        Ok(match nearest.into_iter().flatten().next() {
            Some(Incompatibility { meaning, writer, reader, .. }) => {
                Incompatibility { meaning, writer, reader, ..finding }
            }
            None => finding,
        })
    }

    /// Pairs as many of the writers as possible with a reader of their own that takes them.
    fn matched(&mut self, writers: &[Self::Key], readers: &[Self::Key]) -> Result<matching::Matching, TooLarge> {
        let mut fitting = Vec::with_capacity(writers.len());
        for &writer in writers {
            let mut row = Vec::new();
            for (at, &reader) in readers.iter().enumerate() {
                if self.compare(writer, reader)?.is_empty() {
                    row.push(at);
                }
            }
            fitting.push(row);
        }
        Ok(matching::maximum(&fitting, readers.len()))
    }
}

/// What is known of the pairs so far.
pub(super) struct Search<'t, K> {
    known: FxHashMap<(K, K), Vec<Incompatibility<'t>>>,
    open: FxHashSet<(K, K)>,
    /// The pairs that did not fit in an earlier pass: inside of themselves they do not fit either.
    broken: FxHashMap<(K, K), Vec<Incompatibility<'t>>>,
    /// Whether a pair inside of itself was taken to fit.
    guessed: bool,
    steps: usize,
    kept: usize,
    dropped: usize,
    depth: Depth,
}

impl<'t, K: Copy + Eq + Hash> Search<'t, K> {
    pub(super) fn new(depth: Depth) -> Self {
        Self {
            known: FxHashMap::default(),
            open: FxHashSet::default(),
            broken: FxHashMap::default(),
            guessed: false,
            steps: 0,
            kept: 0,
            dropped: 0,
            depth,
        }
    }

    /// Accounts for work outside of pairs, such as a look at each property.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), TooLarge> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > MAX_STEPS { Err(TooLarge::Wide) } else { Ok(()) }
    }

    fn begin(&mut self, pair: (K, K)) -> Result<Option<Vec<Incompatibility<'t>>>, TooLarge> {
        self.spend(1)?;
        if let Some(known) = self.known.get(&pair) {
            return Ok(Some(known.clone()));
        }
        if self.open.contains(&pair) {
            let broken = self.broken.get(&pair).cloned();
            self.guessed |= broken.is_none();
            return Ok(Some(broken.unwrap_or_default()));
        }
        if self.open.len() >= self.depth.limit() {
            return Err(TooLarge::Deep);
        }
        self.open.insert(pair);
        Ok(None)
    }

    fn end(&mut self, pair: (K, K), found: Vec<Incompatibility<'t>>) -> Outcome<'t> {
        let mut seen = FxHashSet::default();
        let mut found: Vec<_> =
            found.into_iter().filter(|it| seen.insert((it.kind, it.writer.id(), it.reader.id()))).collect();
        let limit = if self.open.len() > 1 { MAX_FOUND } else { MAX_TOLD };
        self.dropped += found.len().saturating_sub(limit);
        found.truncate(limit);
        self.kept += 1 + found.len();
        if self.kept > MAX_KEPT {
            return Err(TooLarge::Wide);
        }
        self.open.remove(&pair);
        self.known.insert(pair, found.clone());
        Ok(found)
    }

    /// Whether another pass is needed; makes ready for it.
    fn again(&mut self) -> bool {
        if !std::mem::take(&mut self.guessed) {
            return false;
        }
        let known = std::mem::take(&mut self.known);
        (self.kept, self.dropped) = (0, 0);
        let broken: FxHashMap<_, _> = known.into_iter().filter(|it| !it.1.is_empty()).collect();
        let grown = broken.len() != self.broken.len() || broken.keys().any(|it| !self.broken.contains_key(it));
        self.broken = broken;
        grown
    }
}

/// Puts findings below a token of the path.
pub(super) fn below<'t>(token: Token<'t>, mut found: Vec<Incompatibility<'t>>) -> Vec<Incompatibility<'t>> {
    for it in &mut found {
        it.path.push(token);
    }
    found
}
