//! The messaging in the code of a workspace.

mod kept;
mod payload;
mod reader;
#[cfg(test)]
mod tests;
mod view;

use std::{path::PathBuf, sync::Arc};

use archwright_engine::{Workspace, store::read};
use archwright_model::{RelPath, facts::Loaded, key::FileId};
use archwright_scan::{
    Language,
    discover::{self, Discovery, FileFacts, Ignored, Outputs},
};
use rayon::{iter::Either, prelude::*};

pub(crate) use self::payload::{SentType, sent_type};
pub use self::{
    reader::{CodeChange, CodeOrder, CodeReader, ReadCode},
    view::{CodeSite, CodeView},
};
use crate::services;

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

/// Reads all files of a workspace that count, and joins what they say; takes from what was kept what is the same still.
pub(super) fn discovered(workspace: &Workspace) -> Code {
    let outputs = outputs(workspace);
    let files = counting(workspace, &outputs, &|_| false);
    let count = files.iter().filter(|it| is_code(workspace, &outputs, **it)).count();
    let sources = sources(workspace, &files);
    let (mut found, mut unreadable) = match workspace.cache() {
        Some(cache) => kept::discovered(&sources, cache),
        None => {
            let (facts, unreadable) = read_files(&sources);
            (discover::discover(&facts), unreadable)
        }
    };
    services::tell(workspace, &mut found);
    unreadable.extend(left_out(workspace, &outputs));
    Code { found, files: count, unreadable }
}

/// How many files below a path are code.
pub(super) fn count(workspace: &Workspace, below: &RelPath) -> usize {
    let outputs = outputs(workspace);
    workspace.below(below).into_iter().filter(|it| is_code(workspace, &outputs, *it)).count()
}

/// Whether a path is a file of code that is read when somebody asks for all code, or a folder with one.
pub fn is_code_at(workspace: &Workspace, path: &RelPath) -> bool {
    let outputs = outputs(workspace);
    workspace.below(path).into_iter().any(|it| is_code(workspace, &outputs, it))
}

fn is_code(workspace: &Workspace, outputs: &Outputs, file: FileId) -> bool {
    let path = workspace.path(file).as_str();
    Language::of_path(path).is_some() && outputs.ignored(path).is_none()
}

/// The folders that builds write to.
fn outputs(workspace: &Workspace) -> Outputs {
    let all = workspace.below(&RelPath::default());
    Outputs::of(all.into_iter().map(|it| workspace.path(it).as_str()))
}

/// So many files that a build seems to have made are looked into.
const MAX_MADE: usize = 500;

/// Where code that names a client library is left out because a build seems to have made it.
fn left_out(workspace: &Workspace, outputs: &Outputs) -> Vec<String> {
    let is_made = |it: &FileId| {
        let path = workspace.path(*it).as_str();
        Language::of_path(path).is_some() && outputs.ignored(path) == Some(Ignored::Output)
    };
    let mut made: Vec<_> = workspace.below(&RelPath::default()).into_iter().filter(is_made).collect();
    made.sort_by(|a, b| workspace.path(*a).cmp(workspace.path(*b)));
    let rest = made.len().saturating_sub(MAX_MADE);
    made.truncate(MAX_MADE);
    let speaks = |it: &FileId| match read::load(&workspace.absolute(*it), MAX_LEN) {
        Some(Loaded::Text(text)) => discover::speaks_of_messaging(workspace.path(*it).as_str(), &text),
        _ => false,
    };
    let told = made.into_par_iter().filter(speaks);
    let told = told.map(|it| format!("{}: it stands where a build puts what it makes", workspace.path(it)));
    let mut told: Vec<String> = told.collect();
    told.extend((rest > 0).then(|| format!("{rest} more files: they stand where a build puts what it makes")));
    told
}

/// What the files of a workspace say that count, but those that are left out, before it is joined. What was kept of
/// them is taken from there.
pub(super) fn read_but(workspace: &Workspace, is_left_out: &(dyn Fn(&RelPath) -> bool + Sync)) -> Vec<FileFacts> {
    let files = counting(workspace, &outputs(workspace), is_left_out);
    let sources = sources(workspace, &files);
    match workspace.cache() {
        Some(cache) => kept::facts(&sources, cache),
        None => read_files(&sources).0,
    }
}

/// The files that count, in the order of their paths.
fn counting(workspace: &Workspace, outputs: &Outputs, is_left_out: &(dyn Fn(&RelPath) -> bool + Sync)) -> Vec<FileId> {
    let is_one = |it: &FileId| {
        let path = workspace.path(*it);
        outputs.ignored(path.as_str()).is_none() && !is_left_out(path)
    };
    let mut files: Vec<_> = workspace.below(&RelPath::default()).into_iter().filter(is_one).collect();
    files.sort_by(|a, b| workspace.path(*a).cmp(workspace.path(*b)));
    files
}

/// A file that counts, as it is open or on the disk: all that reading it needs of the workspace.
#[derive(Clone, Debug)]
struct Source {
    path: RelPath,
    absolute: PathBuf,
    /// Its buffer, if it is open.
    buffer: Option<Arc<str>>,
}

impl Source {
    fn of(workspace: &Workspace, file: FileId) -> Self {
        let buffer = workspace.is_open(file).then(|| workspace.text(file)).flatten();
        Self { path: workspace.path(file).clone(), absolute: workspace.absolute(file), buffer }
    }

    /// Its text. Code that is no text is told; nothing else is missed.
    fn text(&self) -> Option<Result<Arc<str>, String>> {
        let loaded = match &self.buffer {
            Some(text) => Loaded::Text(text.clone()),
            None => read::load(&self.absolute, MAX_LEN)?,
        };
        match loaded {
            Loaded::Text(text) => Some(Ok(text)),
            Loaded::Unreadable(why, _) if Language::of_path(self.path.as_str()).is_some() => {
                Some(Err(format!("{}: {why}", self.path)))
            }
            Loaded::Unreadable(..) => None,
        }
    }
}

fn sources(workspace: &Workspace, files: &[FileId]) -> Vec<Source> {
    files.iter().map(|it| Source::of(workspace, *it)).collect()
}

fn read_files(sources: &[Source]) -> (Vec<FileFacts>, Vec<String>) {
    let read = sources.par_iter().filter_map(|it| match it.text()? {
        Ok(text) => discover::read(it.path.as_str(), &text).map(Ok),
        Err(why) => Some(Err(why)),
    });
    read.partition_map(|it| match it {
        Ok(facts) => Either::Left(facts),
        Err(why) => Either::Right(why),
    })
}
