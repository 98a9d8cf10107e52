//! Files of a change in which nothing is lost: no number, no name, no field, no link, no line of code.

use archwright_model::{Kind, RelPath, conventions::config::Config};
use rustc_hash::FxHashMap;

use super::{
    change::{Diff, FileChange, Side},
    code,
    statement::statements,
    tokens::{code_names, numbers, said},
};

/// The changed files that lose nothing.
pub(super) fn harmless(diff: &Diff, config: &Config) -> Vec<RelPath> {
    diff.files.iter().filter(|it| is_harmless(it, config)).map(|it| it.path.clone()).collect()
}

/// Whether a file was there, is there, and lost nothing.
pub(super) fn is_harmless(file: &FileChange, config: &Config) -> bool {
    let (Some(before), Some(after)) = (&file.before, &file.after) else { return false };
    if before.text == after.text {
        return false;
    }
    match file.kind() {
        Kind::Code => code::is_same_code(&before.text, &after.text),
        Kind::Schema | Kind::Asyncapi | Kind::Configuration => same_but_for_space(&before.text, &after.text),
        _ if before.facts.markdown().is_some() => keeps_all(before, after, config),
        _ => same_but_for_space(&before.text, &after.text),
    }
}

fn same_but_for_space(before: &str, after: &str) -> bool {
    let words = |it: &str| it.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    words(before) == words(after)
}

/// Whether all that a document names is named still, and its fields say what they said.
fn keeps_all(before: &Side, after: &Side, config: &Config) -> bool {
    let fields = |side: &Side| -> Vec<(Option<String>, String)> {
        let all = statements(&side.facts, config);
        all.into_iter().filter(|it| it.role.is_some()).map(|it| (it.label, it.text)).collect()
    };
    let names = |side: &Side| -> FxHashMap<String, usize> {
        let mut names: FxHashMap<String, usize> = FxHashMap::default();
        let mut add = |it: String| *names.entry(it).or_default() += 1;
        let plain = said(&side.text);
        for number in numbers(&plain) {
            add(number.shown);
        }
        code_names(&side.text).for_each(|it| add(it.to_owned()));
        if let Some(tree) = side.facts.markdown() {
            tree.links.iter().for_each(|it| add(it.target.of(&side.text).to_owned()));
            tree.sections.iter().skip(1).for_each(|it| add(it.title.of(&side.text).to_owned()));
            tree.code_blocks.iter().for_each(|it| add(it.content.of(&side.text).to_owned()));
        }
        names
    };
    let (then, now) = (names(before), names(after));
    fields(before) == fields(after) && then.iter().all(|(name, count)| now.get(name).is_some_and(|it| it >= count))
}
