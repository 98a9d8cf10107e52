//! Which of the files that are gone came back at another place, told by what they say: git keeps no record of moves.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use archwright_model::{Kind, RelPath, conventions::config::Config, facts::is_schema, key::hash_of};

use super::Format;

/// More pairs of files than this are not looked at; nobody moves as many by hand.
const MAX_PAIRS: usize = 250_000;

/// The files that went and those that came, and which of them are the same.
#[derive(Default)]
pub(crate) struct Moves {
    gone: Vec<Candidate>,
    came: Vec<Candidate>,
    pairs: FxHashMap<RelPath, RelPath>,
    /// Whether there were too many to hold all of them against each other.
    is_cut: bool,
}

/// A file and what it says.
struct Candidate {
    path: RelPath,
    says: Likeness,
    hash: u64,
}

/// How often a text says each word.
pub struct Likeness {
    words: FxHashMap<Box<str>, usize>,
    count: usize,
}

impl Moves {
    /// A file that is no longer there.
    pub(crate) fn gone(&mut self, path: &RelPath, text: &str) {
        self.gone.push(Candidate::new(path, text));
    }

    /// A file that was not there.
    pub(crate) fn came(&mut self, path: &RelPath, text: &str) {
        self.came.push(Candidate::new(path, text));
    }

    /// Pairs the files, those most alike first. Of files that are alike to the same degree, one of the same name comes
    /// first.
    pub(crate) fn pair(&mut self) {
        let mut same: FxHashMap<(u64, &str, &str), VecDeque<&Candidate>> = FxHashMap::default();
        for new in &self.came {
            same.entry((new.hash, new.path.extension(), new.path.name())).or_default().push_back(new);
        }
        // What only changed its folder is known without a look at all others.
        let (mut settled, mut taken) = (FxHashMap::default(), FxHashSet::default());
        for old in self.gone.iter().filter(|it| it.says.count > 0) {
            let twin = same.get_mut(&(old.hash, old.path.extension(), old.path.name())).and_then(VecDeque::pop_front);
            if let Some(new) = twin {
                taken.insert(&new.path);
                settled.insert(old.path.clone(), new.path.clone());
            }
        }
        let gone: Vec<&Candidate> = self.gone.iter().filter(|it| !settled.contains_key(&it.path)).collect();
        let came: Vec<&Candidate> = self.came.iter().filter(|it| !taken.contains(&it.path)).collect();
        self.pairs.extend(settled.iter().map(|it| (it.0.clone(), it.1.clone())));
        if gone.len().saturating_mul(came.len()) > MAX_PAIRS {
            self.is_cut = true;
            return;
        }
        let mut pairs: Vec<(f64, bool, &Candidate, &Candidate)> = Vec::new();
        for old in gone {
            for new in came.iter().filter(|it| it.path.extension() == old.path.extension()) {
                let alike = old.says.alike(&new.says);
                if alike >= Likeness::LEAST {
                    pairs.push((alike, old.path.name() == new.path.name(), old, *new));
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
        for (_, _, old, new) in pairs {
            if !self.pairs.contains_key(&old.path) && taken.insert(&new.path) {
                self.pairs.insert(old.path.clone(), new.path.clone());
            }
        }
    }

    /// Whether files that changed and moved at once may not be known again, because there are too many.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Where files came from, by where they are.
    pub(crate) fn into_origins(self) -> FxHashMap<RelPath, RelPath> {
        self.pairs.into_iter().map(|(old, new)| (new, old)).collect()
    }

    /// Where a file went.
    pub(super) fn get(&self, gone: &RelPath) -> Option<&RelPath> {
        self.pairs.get(gone)
    }
}

/// The format of a file that was a schema or an AsyncAPI document; not every JSON or YAML file is one.
pub(crate) fn compared_format(config: &Config, path: &RelPath, old: &str) -> Option<Format> {
    let is_placed = || config.layout().classify(path).is_some_and(|it| it.0 == Kind::Schema);
    Format::of(path.as_str(), old).filter(|it| *it == Format::Asyncapi || is_placed() || is_schema(path, old))
}

impl Candidate {
    fn new(path: &RelPath, text: &str) -> Self {
        Self { path: path.clone(), says: Likeness::of(text), hash: hash_of(text) }
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
    fn of_very_many_files_those_that_changed_are_not_known_again_and_that_is_said() {
        let mut moves = Moves::default();
        for at in 0..600 {
            moves.gone(&RelPath::new(&format!("a/{at}.avsc")), &format!("record A{at} field{at} string total{at}"));
            let changed = if at < 300 { "" } else { " more" };
            let text = format!("record A{at} field{at} string total{at}{changed}");
            moves.came(&RelPath::new(&format!("b/{at}.avsc")), &text);
        }
        moves.pair();
        assert!(!moves.is_cut());
        for at in 0..600 {
            moves.gone(&RelPath::new(&format!("c/{at}.avsc")), &format!("enum B{at} symbols{at} open closed"));
        }
        moves.pair();
        assert!(moves.is_cut());
        let to = |path: &str| moves.get(&RelPath::new(path)).map(RelPath::to_string);
        assert_eq!(to("a/7.avsc").as_deref(), Some("b/7.avsc"));
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
