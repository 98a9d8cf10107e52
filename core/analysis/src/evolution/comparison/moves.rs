//! Which of the files that are gone came back at another place, told by what they say: git keeps no record of moves.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::RelPath;

/// More pairs of files than this are not looked at; nobody moves as many by hand.
const MAX_PAIRS: usize = 250_000;

/// The files that went and those that came, and which of them are the same.
#[derive(Default)]
pub(super) struct Moves {
    gone: Vec<Candidate>,
    came: Vec<Candidate>,
    pairs: FxHashMap<RelPath, RelPath>,
}

/// A file and what it says.
struct Candidate {
    path: RelPath,
    says: Likeness,
}

/// How often a text says each word.
pub(crate) struct Likeness {
    words: FxHashMap<Box<str>, usize>,
    count: usize,
}

impl Moves {
    /// A file that is no longer there.
    pub(super) fn gone(&mut self, path: &RelPath, text: &str) {
        self.gone.push(Candidate::new(path, text));
    }

    /// A file that was not there.
    pub(super) fn came(&mut self, path: &RelPath, text: &str) {
        self.came.push(Candidate::new(path, text));
    }

    /// Pairs the files, those most alike first. Of files that are alike to the same degree, one of the same name comes
    /// first.
    pub(super) fn pair(&mut self) {
        if self.gone.len().saturating_mul(self.came.len()) > MAX_PAIRS {
            return;
        }
        let mut pairs: Vec<(f64, bool, &Candidate, &Candidate)> = Vec::new();
        for old in &self.gone {
            for new in self.came.iter().filter(|it| it.path.extension() == old.path.extension()) {
                let alike = old.says.alike(&new.says);
                if alike >= Likeness::LEAST {
                    pairs.push((alike, old.path.name() == new.path.name(), old, new));
                }
            }
        }
        let by_likeness = |it: &(f64, bool, &Candidate, &Candidate), other: &(f64, bool, &Candidate, &Candidate)| {
            other
                .0
                .total_cmp(&it.0)
                .then(other.1.cmp(&it.1))
                .then_with(|| (&it.2.path, &it.3.path).cmp(&(&other.2.path, &other.3.path)))
        };
        pairs.sort_by(by_likeness);
        let mut taken = FxHashSet::default();
        for (_, _, old, new) in pairs {
            if !self.pairs.contains_key(&old.path) && taken.insert(&new.path) {
                self.pairs.insert(old.path.clone(), new.path.clone());
            }
        }
    }

    /// Where a file went.
    pub(super) fn get(&self, gone: &RelPath) -> Option<&RelPath> {
        self.pairs.get(gone)
    }
}

impl Candidate {
    fn new(path: &RelPath, text: &str) -> Self {
        Self { path: path.clone(), says: Likeness::of(text) }
    }
}

impl Likeness {
    /// A file that says less of the same than this is another one. Git asks for as much.
    pub(crate) const LEAST: f64 = 0.5;

    /// A text that says as much of another one has it within.
    const LEAST_WITHIN: f64 = 0.8;

    pub(crate) fn of(text: &str) -> Self {
        let mut words: FxHashMap<Box<str>, usize> = FxHashMap::default();
        let mut count = 0;
        // Schemas are often one line, so lines would tell little.
        for word in text.split(|it: char| !it.is_alphanumeric() && it != '_').filter(|it| !it.is_empty()) {
            *words.entry(word.into()).or_default() += 1;
            count += 1;
        }
        Self { words, count }
    }

    /// Which part of both texts is the same, from 0 to 1.
    pub(crate) fn alike(&self, other: &Self) -> f64 {
        let larger = self.count.max(other.count);
        // Files of very different lengths cannot be alike; two empty ones tell nothing.
        if larger == 0 || self.count.min(other.count) * 2 < larger {
            return 0.0;
        }
        ratio(self.shared(other), larger)
    }

    /// Whether the other text says nearly all of this one, among other things.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        self.count > 0 && ratio(self.shared(other), self.count) >= Self::LEAST_WITHIN
    }

    fn shared(&self, other: &Self) -> usize {
        self.words.iter().map(|(word, count)| other.words.get(word).map_or(0, |it| *it.min(count))).sum()
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of words in a file are far below 2^52")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paired(gone: &[(&str, &str)], came: &[(&str, &str)]) -> Vec<String> {
        let mut moves = Moves::default();
        for it in gone {
            moves.gone(&RelPath::new(it.0), it.1);
        }
        for it in came {
            moves.came(&RelPath::new(it.0), it.1);
        }
        moves.pair();
        gone.iter().filter_map(|it| Some(format!("{} -> {}", it.0, moves.get(&RelPath::new(it.0))?))).collect()
    }

    #[test]
    fn files_are_known_again_by_what_they_say() {
        let order = "record Order id string total int";
        let changed = "record Order id string total long note";
        assert_eq!(
            paired(&[("a/order.avsc", order)], &[("b/placed.avsc", changed)]),
            ["a/order.avsc -> b/placed.avsc"]
        );
        assert_eq!(
            paired(&[("a/order.avsc", order)], &[("b/user.avsc", "enum State open closed done late gone")]),
            [""; 0]
        );
        assert_eq!(paired(&[("a/order.avsc", order)], &[("b/order.proto", order)]), [""; 0]);
        assert_eq!(paired(&[("a/order.avsc", "")], &[("b/order.avsc", "")]), [""; 0]);
    }

    #[test]
    fn each_file_went_to_one_place_and_the_most_alike_first() {
        let (one, two) = ("record A x int y int z int", "record A x int y int z long");
        let gone = [("a/1.avsc", one), ("a/2.avsc", two)];
        assert_eq!(
            paired(&gone, &[("b/2.avsc", two), ("b/1.avsc", one)]),
            ["a/1.avsc -> b/1.avsc", "a/2.avsc -> b/2.avsc"]
        );
        assert_eq!(paired(&gone, &[("b/2.avsc", one)]), ["a/1.avsc -> b/2.avsc"]);
        assert_eq!(paired(&[("a/1.avsc", one)], &[("b/9.avsc", one), ("c/1.avsc", one)]), ["a/1.avsc -> c/1.avsc"]);
    }
}
