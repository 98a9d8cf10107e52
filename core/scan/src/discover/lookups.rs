//! What is looked up in all files: settings, what code says of them, words, and calls by their names.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::configuration::{Setting, folded};
use super::index::{Id, Index};
use crate::code::{Call, Expression};
use crate::facts::is_known;

impl<'f> Index<'f> {
    /// The settings whose keys end with those of a path, and their files.
    pub(super) fn settings_at(&self, keys: &[&str]) -> impl Iterator<Item = (&'f str, &'f Setting)> {
        let wanted: Vec<String> = keys.iter().map(|it| folded(it)).collect();
        let all = wanted.last().and_then(|it| self.settings.get(it)).into_iter().flatten().copied();
        all.filter(move |it| it.1.key.split('.').map(folded).collect::<Vec<_>>().ends_with(&wanted))
    }

    /// The files that have settings, each as often as it has any.
    pub(super) fn settings_files(&self) -> impl Iterator<Item = &'f str> {
        self.settings.values().flatten().map(|it| it.0)
    }

    /// The settings whose keys end with those of a path, nearest to a file.
    pub(super) fn settings(&self, keys: &[&str], file: usize) -> Vec<&'f Setting> {
        let here = self.files.get(file).map(|it| it.path).unwrap_or_default();
        let near = |path: &str| here.split('/').zip(path.split('/')).take_while(|it| it.0 == it.1).count();
        let found: Vec<(usize, &'f Setting)> = self.settings_at(keys).map(|it| (near(it.0), it.1)).collect();
        let most = found.iter().map(|it| it.0).max().unwrap_or_default();
        found.into_iter().filter(|it| it.0 == most).map(|it| it.1).collect()
    }

    /// What infrastructure gives to a variable of the environment, if that is one thing wherever it is given.
    pub(super) fn variable(&self, name: &str) -> Option<&SmolStr> {
        let (first, rest) = self.variables.get(name)?.split_first()?;
        let first = first.as_ref().filter(|it| !it.is_empty())?;
        rest.iter().all(|it| it.as_ref() == Some(first)).then_some(first)
    }

    /// The calls by a name, and the functions that they stand in.
    pub(super) fn calls_named(&self, name: &str) -> &[(Id, &'f Call)] {
        let all = self.calls.get_or_init(|| {
            let mut all: FxHashMap<&'f str, Vec<(Id, &'f Call)>> = FxHashMap::default();
            for (file, code) in self.files.iter().enumerate() {
                for (index, body) in code.bodies.iter().enumerate() {
                    for call in &body.calls {
                        all.entry(call.name.as_str()).or_default().push((Id { file, index }, call));
                    }
                }
            }
            all
        });
        all.get(name).map_or(&[], Vec::as_slice)
    }

    /// What code says of a setting that nobody sets, and where: `viper.SetDefault("topic", "orders")`.
    pub(super) fn defaults(&self, key: &str) -> &[(Id, &'f Expression)] {
        let all = self.defaults.get_or_init(|| {
            let mut all: FxHashMap<String, Vec<(Id, &'f Expression)>> = FxHashMap::default();
            for (file, code) in self.files.iter().enumerate() {
                for (index, body) in code.bodies.iter().enumerate() {
                    for call in body.calls.iter().filter(|it| is_known(&it.name, |it| &it.defaults)) {
                        let mut pair = call.positional();
                        if let (Some(Expression::Text(key)), Some(value)) = (pair.next(), pair.next()) {
                            all.entry(folded(key)).or_default().push((Id { file, index }, value));
                        }
                    }
                }
            }
            all
        });
        all.get(&folded(key)).map_or(&[], Vec::as_slice)
    }

    /// The words of the repository, folded.
    pub(super) fn mentioned(&self) -> &FxHashSet<String> {
        self.mentioned.get_or_init(|| super::risks::mentioned(self))
    }

    /// Whether a word stands anywhere in the repository.
    pub(super) fn mentions(&self, word: &str) -> bool {
        self.mentioned().contains(&folded(word))
    }

    /// The last keys of all settings, folded.
    pub(super) fn setting_keys(&self) -> impl Iterator<Item = &str> {
        self.settings.keys().map(String::as_str)
    }
}
