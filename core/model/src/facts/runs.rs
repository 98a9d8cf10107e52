//! What pipelines and package manifests run, by name, as entries of the index: documents name jobs and scripts.

use std::collections::BTreeSet;

use archwright_knowledge::evidence_words;

use crate::{
    RelPath,
    key::{Entry, Key, hash_of},
};

/// More names than a pipeline of people has; generated ones go on for ever.
const MAX_NAMES: usize = 2_000;

/// The manifest whose scripts are known by name.
const MANIFEST: &str = "package.json";

/// Whether a file describes a pipeline.
pub fn is_pipeline(path: &RelPath) -> bool {
    let ends_with = |whole: &str, part: &str| {
        whole.strip_suffix(part).is_some_and(|before| before.is_empty() || before.ends_with('/'))
    };
    let folder = path.parent();
    evidence_words("pipelines").iter().any(|it| ends_with(path.as_str(), it))
        || evidence_words("pipeline-folders").iter().any(|it| ends_with(folder.as_str(), it))
}

/// The hidden folders in which pipelines lie, by their names.
pub fn hidden_folders() -> impl Iterator<Item = &'static str> {
    let folders = evidence_words("pipeline-folders").iter().map(smol_str::SmolStr::as_str);
    let above = evidence_words("pipelines").iter().filter_map(|it| it.rsplit_once('/').map(|it| it.0));
    folders.chain(above).filter_map(|it| it.split('/').next()).filter(|it| it.starts_with('.'))
}

/// Whether a file says by name what is run.
pub(super) fn tells_what_runs(path: &RelPath) -> bool {
    path.name() == MANIFEST || is_pipeline(path)
}

/// The names in such a file, whatever each of them is there: what is spoken of exists.
pub(super) fn entries(path: &RelPath, text: &str) -> Vec<Entry> {
    let is_pipeline = is_pipeline(path);
    let mut names = BTreeSet::new();
    for line in text.lines().map(str::trim) {
        if names.len() >= MAX_NAMES {
            break;
        }
        let words = line.split(|it: char| !(it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.' | '/')));
        for word in words {
            let word = word.trim_matches(['.', '-', '/']);
            let last = word.rsplit('/').next().unwrap_or(word);
            if last.len() > 2 && last.contains(['-', '_', '.']) {
                names.insert(last.to_ascii_lowercase());
            }
        }
        // The key of a job, and what a job or a step is called.
        if let Some((key, value)) = line.split_once(':') {
            let name = if value.trim().is_empty() { key } else { value };
            names.insert(slug(name));
        }
    }
    let mut found: Vec<Entry> =
        names.into_iter().filter(|it| it.len() > 2).map(|it| Entry { key: Key::Runs(it.into()), hash: 0 }).collect();
    if is_pipeline {
        found.push(Entry { key: Key::Pipelines, hash: hash_of(path.as_str()) });
    }
    found
}

/// A name of several words as one: `Schema compat` as `schema-compat`.
pub fn slug(name: &str) -> String {
    let words = name.split(|it: char| !(it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.')));
    let words: Vec<String> = words.filter(|it| !it.is_empty()).map(str::to_ascii_lowercase).collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipelines_are_told_by_their_place() {
        for path in [".github/workflows/ci.yml", "sub/.gitlab-ci.yml", ".circleci/config.yml"] {
            assert!(is_pipeline(&RelPath::new(path)), "{path}");
        }
        for path in ["docs/workflows/ci.yml", "my.gitlab-ci.yml", "config.yml"] {
            assert!(!is_pipeline(&RelPath::new(path)), "{path}");
        }
    }

    #[test]
    fn names_are_those_of_jobs_steps_and_commands() {
        let text =
            "jobs:\n  contracts:\n    name: Schema compat\n    steps:\n      - run: ./tools/compare-all.sh --x\n";
        let found = entries(&RelPath::new(".github/workflows/ci.yml"), text);
        let has = |name: &str| found.iter().any(|it| it.key == Key::Runs(name.into()));
        assert!(has("contracts") && has("schema-compat") && has("compare-all.sh"));
        assert!(found.iter().any(|it| it.key == Key::Pipelines));
    }
}
