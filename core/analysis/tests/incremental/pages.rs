//! The pieces are the files of the examples of all rule pages, so that whatever a rule looks at is covered by itself.

use std::{collections::BTreeSet, sync::Arc};

use archwright_analysis::{
    RelPath, Rule,
    page::{Example, examples},
    rules::rules,
};
use proptest::{prelude::*, sample::Index};
use rayon::prelude::*;

use super::{Step, World};

/// A file with its text.
type File = (RelPath, Arc<str>);

/// The files of an example that lie in the workspace.
fn present(example: &Example) -> Vec<File> {
    let present = example.files.iter().filter(|it| it.base().is_none());
    present.map(|it| (it.path.clone(), it.text.as_str().into())).collect()
}

/// What the files of a page were before; the first example that says so counts.
fn older(page: &[Example]) -> Vec<File> {
    let mut older: Vec<File> = Vec::new();
    for file in page.iter().flat_map(|it| &it.files) {
        if let Some(path) = file.base().filter(|path| older.iter().all(|(it, _)| it != path)) {
            older.push((path, file.text.as_str().into()));
        }
    }
    older
}

/// From example to example of each page, one file at a time; every other one in the editor first.
#[test]
fn examples_become_each_other_file_by_file() {
    rules().par_iter().for_each(|rule| walk(rule));
}

fn walk(rule: &Rule) {
    let page = examples(rule.page);
    let mut world = World::new(&present(&page[0]), older(&page));
    let mut take = |steps: Vec<Step>| {
        let told = format!("{}: {steps:?}", rule.code);
        for step in steps {
            world.take(step);
        }
        let (changed, fresh) = world.pictures();
        assert_eq!(changed, fresh, "after {told}");
    };
    for (before, after) in page.iter().zip(&page[1..]) {
        let (before, after) = (present(before), present(after));
        for (at, (path, text)) in after.iter().enumerate().filter(|(_, file)| !before.contains(file)) {
            let (edit, write) = (Step::Edit(path.clone(), text.clone()), Step::Write(path.clone(), text.clone()));
            if at % 2 == 0 {
                take(vec![edit]);
                // The rest of the walk is on disk.
                take(vec![Step::Close(path.clone()), write]);
            } else {
                take(vec![write]);
            }
        }
        let stays: BTreeSet<&RelPath> = after.iter().map(|(path, _)| path).collect();
        for (path, _) in before.iter().filter(|(path, _)| !stays.contains(path)) {
            take(vec![Step::Delete(path.clone())]);
        }
    }
}

/// A random change: of a file of the page to what it is in another example, or of anything to anything.
#[derive(Clone, Debug)]
enum Draft {
    Edit(Piece),
    Close(Index),
    Write(Piece),
    Delete(Index),
    Rename(Index, Index),
}

/// A file of an example, perhaps as far as somebody has typed it.
#[derive(Clone, Debug)]
struct Piece {
    /// Whether any page gives it, not only the one at hand.
    foreign: bool,
    file: Index,
    cut: Option<Index>,
}

fn draft() -> impl Strategy<Value = Draft> {
    let index = any::<Index>;
    let cut = prop_oneof![3 => Just(None), 1 => index().prop_map(Some)];
    let piece =
        (prop::bool::weighted(0.25), index(), cut).prop_map(|(foreign, file, cut)| Piece { foreign, file, cut });
    prop_oneof![
        4 => piece.clone().prop_map(Draft::Edit),
        1 => index().prop_map(Draft::Close),
        4 => piece.prop_map(Draft::Write),
        2 => index().prop_map(Draft::Delete),
        1 => (index(), index()).prop_map(|(from, to)| Draft::Rename(from, to)),
    ]
}

/// The files of all pages.
fn all_files() -> Vec<File> {
    let mut files: Vec<File> = rules().iter().flat_map(|it| examples(it.page)).flat_map(|it| present(&it)).collect();
    files.sort();
    files.dedup();
    files
}

impl Piece {
    fn of(&self, page: &[File], all: &[File]) -> File {
        let (path, text) = self.file.get(if self.foreign { all } else { page });
        let Some(cut) = &self.cut else { return (path.clone(), text.clone()) };
        let end = text.floor_char_boundary(cut.index(text.len() + 1));
        (path.clone(), text[..end].into())
    }
}

impl Draft {
    fn step(&self, page: &[File], all: &[File]) -> Step {
        let path = |index: &Index| index.get(page).0.clone();
        match self {
            Self::Edit(piece) => {
                let (path, text) = piece.of(page, all);
                Step::Edit(path, text)
            }
            Self::Write(piece) => {
                let (path, text) = piece.of(page, all);
                Step::Write(path, text)
            }
            Self::Close(index) => Step::Close(path(index)),
            Self::Delete(index) => Step::Delete(path(index)),
            Self::Rename(from, to) => Step::Rename(path(from), to.get(all).0.clone()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn any_changes_of_examples_equal_a_fresh_workspace(
        rule in 0..rules().len(),
        start in any::<Index>(),
        drafts in prop::collection::vec(draft(), 1..10),
    ) {
        let all = all_files();
        let page = examples(rules()[rule].page);
        let files: Vec<File> = page.iter().flat_map(present).collect();
        let mut world = World::new(&present(start.get(&page)), older(&page));
        for step in drafts.iter().map(|it| it.step(&files, &all)) {
            let told = format!("{}: {step:?}", rules()[rule].code);
            world.take(step);
            let (changed, fresh) = world.pictures();
            prop_assert_eq!(changed, fresh, "after {}", told);
        }
    }
}
