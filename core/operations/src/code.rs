//! The messaging in the code of a workspace.

use archwright_engine::{Workspace, store::read};
use archwright_model::{RelPath, facts::Loaded, key::FileId};
use archwright_scan::{
    Language,
    discover::{self, Discovery, FileFacts},
};
use rayon::{iter::Either, prelude::*};

/// Longer files are no code that people write. In bytes.
const MAX_LEN: u64 = 2 * 1024 * 1024;

/// What was found in the code of a workspace.
pub(super) struct Code {
    /// Who sends and receives what.
    pub found: Discovery,
    /// How many files are code.
    pub files: usize,
    /// Which of them are no text, and why.
    pub unreadable: Vec<String>,
}

/// What the files of a workspace say, before they are joined.
pub(super) struct Read {
    /// One for each file that counts.
    pub facts: Vec<FileFacts>,
    /// How many files are code.
    pub files: usize,
    /// Which of them are no text, and why.
    pub unreadable: Vec<String>,
}

/// Reads all files of a workspace that count, and joins what they say.
pub(super) fn discovered(workspace: &Workspace) -> Code {
    let Read { facts, files, unreadable } = read_but(workspace, &|_| false);
    Code { found: discover::discover(&facts), files, unreadable }
}

/// How many files of a workspace are code.
pub(super) fn count(workspace: &Workspace) -> usize {
    workspace.below(&RelPath::default()).into_iter().filter(|it| is_code(workspace, *it)).count()
}

fn is_code(workspace: &Workspace, file: FileId) -> bool {
    let path = workspace.path(file).as_str();
    Language::of_path(path).is_some() && discover::ignored(path).is_none()
}

/// Reads all files of a workspace that count, but those that are left out.
pub(super) fn read_but(workspace: &Workspace, is_left_out: &(dyn Fn(&RelPath) -> bool + Sync)) -> Read {
    let mut files: Vec<_> = workspace
        .below(&RelPath::default())
        .into_iter()
        .filter(|it| discover::ignored(workspace.path(*it).as_str()).is_none() && !is_left_out(workspace.path(*it)))
        .collect();
    files.sort_by(|a, b| workspace.path(*a).cmp(workspace.path(*b)));
    let is_code = |it: &FileId| is_code(workspace, *it);
    let code = files.iter().filter(|it| is_code(it)).count();
    let read = files.par_iter().filter_map(|it| {
        let path = workspace.path(*it);
        let buffer = workspace.is_open(*it).then(|| workspace.text(*it)).flatten();
        let loaded = match buffer {
            Some(text) => Loaded::Text(text),
            None => read::load(&workspace.absolute(*it), MAX_LEN)?,
        };
        match loaded {
            Loaded::Text(text) => discover::read(path.as_str(), &text).map(Ok),
            Loaded::Unreadable(why, _) if is_code(it) => Some(Err(format!("{path}: {why}"))),
            Loaded::Unreadable(..) => None,
        }
    });
    let (facts, unreadable): (Vec<FileFacts>, Vec<String>) = read.partition_map(|it| match it {
        Ok(facts) => Either::Left(facts),
        Err(why) => Either::Right(why),
    });
    Read { facts, files: code, unreadable }
}
