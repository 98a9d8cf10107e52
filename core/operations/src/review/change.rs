//! The change itself: the files that differ between the base and the working tree, with what both sides say.

use std::{collections::BTreeMap, sync::Arc};

use archwright_engine::{
    Workspace,
    store::{
        git::{CommitId, Difference, GitError, GitRepository},
        read::load,
    },
    workspace::OtherText,
};
use archwright_model::{
    Kind, RelPath,
    facts::{self, FileFacts, Loaded},
};
use archwright_rules::evolution::is_untold_schema;
use archwright_syntax::FileType;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{lexicon::Lexicon, reviewed::NotRead, tokens::words};

/// One side of a changed file.
#[derive(Debug)]
pub(super) struct Side {
    pub text: Arc<str>,
    pub facts: FileFacts,
}

/// A file that differs.
#[derive(Debug)]
pub(super) struct FileChange {
    /// Where it is, or was if it is gone.
    pub path: RelPath,
    /// What it was, and where; `None` if it is new.
    pub before: Option<Side>,
    /// What it is; `None` if it is gone.
    pub after: Option<Side>,
}

impl FileChange {
    /// What kind of file it is.
    pub fn kind(&self) -> Kind {
        self.after.as_ref().or(self.before.as_ref()).map_or(Kind::Document, |it| it.facts.kind)
    }

    /// Where it was, if it was.
    pub fn was(&self) -> Option<&RelPath> {
        self.before.as_ref().map(|it| &it.facts.path)
    }

    /// The lines that are there now and were not, with their numbers from 1; moved lines are not new.
    pub fn added_lines(&self) -> Vec<(u32, &str)> {
        let Some(after) = &self.after else { return Vec::new() };
        let mut known: FxHashMap<&str, usize> = FxHashMap::default();
        for line in self.before.iter().flat_map(|it| it.text.lines()) {
            *known.entry(line.trim()).or_default() += 1;
        }
        let is_new = |line: &&str| match known.get_mut(line.trim()) {
            Some(left) if *left > 0 => {
                *left -= 1;
                false
            }
            _ => !line.trim().is_empty(),
        };
        let mut is_new = is_new;
        (1..).zip(after.text.lines()).filter(|(_, line)| is_new(line)).collect()
    }
}

/// Everything that differs.
#[derive(Debug, Default)]
pub(super) struct Diff {
    /// The files that are read on both sides.
    pub files: Vec<FileChange>,
    /// All paths that differ, read or not.
    pub paths: Vec<RelPath>,
    /// What was not looked at.
    pub not_read: Vec<NotRead>,
    /// Those of them that are schemas by their names or may be some.
    pub schemas: Vec<RelPath>,
    /// Those of them that are symbolic links or submodules.
    pub links: Vec<RelPath>,
    /// Code in languages that are not read.
    pub other_code: Vec<OtherCode>,
    /// The texts of the base, for an overlay.
    pub texts: Vec<OtherText>,
    /// Whether what is now is a commit and not the working tree.
    pub is_of_revision: bool,
}

/// Code in a language that is not read.
#[derive(Debug)]
pub(super) struct OtherCode {
    pub path: RelPath,
    /// What it was.
    pub before: Arc<str>,
    /// What it is.
    pub after: Arc<str>,
}

/// Larger files are generated; in bytes.
const MAX_TEXT: usize = 1024 * 1024;

/// So many files of code in other languages are compared for their comments.
const MAX_OTHER: usize = 300;

/// So many removed and added files are held against each other, to see which of them only moved.
const MAX_MOVES: usize = 200;

/// How much of the lines of a moved file must be the same.
const SAME_FILE: f64 = 0.6;

/// What differs between a commit and another, or the working tree.
pub(super) fn diff(
    workspace: &Workspace,
    git: &GitRepository,
    base: CommitId,
    head: Option<CommitId>,
    lexicon: &Lexicon,
) -> Result<Diff, GitError> {
    let changed = match head {
        Some(head) => git.changed_between(base, head)?,
        None => git.changed_since(base)?,
    };
    let now = |path: &RelPath| -> Result<_, GitError> {
        let Some(head) = head else { return Ok(now(workspace, path)) };
        Ok(git.text_at(head, path)?.map(|it| String::from_utf8(it).ok().map(Arc::<str>::from)))
    };
    let is_code = |extension: &str| lexicon.words.code.iter().any(|it| it == extension);
    let mut diff = Diff { is_of_revision: head.is_some(), ..Diff::default() };
    let mut unread = Unread::default();
    for (path, difference) in changed {
        diff.paths.push(path.clone());
        if workspace.config().excludes(&path) {
            unread.add("left out by `archwright.toml`", path);
            continue;
        }
        if !facts::is_of_interest(&path, workspace.config()) {
            // Links may lead to it all the same.
            let text: Arc<str> = Arc::default();
            match difference {
                Difference::Added => diff.texts.push((path.clone(), None)),
                Difference::Removed => diff.texts.push((path.clone(), Some(text))),
                Difference::Modified => {}
            }
            if is_code(path.extension()) && diff.other_code.len() < MAX_OTHER {
                let before = git.text_at(base, &path)?.unwrap_or_default();
                let after = now(&path)?.flatten().unwrap_or_default();
                let before = String::from_utf8_lossy(&before).into();
                diff.other_code.push(OtherCode { path: path.clone(), before, after });
            }
            unread.add_by_extension(path);
            continue;
        }
        let before = match difference {
            Difference::Added => None,
            _ => git.text_at(base, &path)?,
        };
        let after = match difference {
            Difference::Removed => None,
            _ => now(&path)?,
        };
        let before = before.map(|it| String::from_utf8(it).map(Arc::<str>::from));
        let (before, after) = match (before, after) {
            (Some(Err(_)), _) | (_, Some(None)) => {
                unread.add("no text in UTF-8, or too large", path);
                continue;
            }
            (before, after) => (before.and_then(Result::ok), after.flatten()),
        };
        if [&before, &after].into_iter().flatten().any(|it| it.len() > MAX_TEXT) {
            unread.add("too large", path);
            continue;
        }
        // A file that git tracks and an ignore file names is no part of the workspace.
        if difference == Difference::Removed || workspace.lists(&path) {
            diff.texts.push((path.clone(), before.clone()));
        }
        let side = |text: Option<Arc<str>>| {
            text.map(|text| {
                let facts = facts::extract(&path, Loaded::Text(text.clone()), workspace.config());
                Side { text, facts }
            })
        };
        diff.files.push(FileChange { before: side(before), after: side(after), path: path.clone() });
    }
    diff.links = match head {
        Some(head) => git.links_changed_between(base, head)?,
        None => git.links_changed_since(base)?,
    };
    for path in &diff.links {
        if !diff.paths.contains(path) {
            diff.paths.push(path.clone());
        }
        unread.add("symbolic links or submodules", path.clone());
    }
    for change in &diff.files {
        let is_told = matches!(change.kind(), Kind::Asyncapi | Kind::Schema);
        if let (false, Some(before)) = (is_told, &change.before)
            && is_untold_schema(workspace, &change.path, &before.text)
        {
            unread.add("that may be a JSON Schema and does not say so with `$schema`", change.path.clone());
            diff.schemas.push(change.path.clone());
        }
    }
    pair_moves(&mut diff.files, &mut unread);
    diff.not_read = unread.list();
    let by_name = |it: &&RelPath| {
        matches!(it.file_type(), Some(FileType::JsonSchema | FileType::Avro | FileType::Protobuf))
            && !diff.files.iter().any(|file| file.path == **it)
    };
    diff.schemas.extend(diff.not_read.iter().flat_map(|it| &it.files).filter(by_name).cloned());
    Ok(diff)
}

/// What a file says now: `Some(None)` if that is no text.
#[expect(clippy::option_option, reason = "a file that is not there and one that cannot be read are two things")]
fn now(workspace: &Workspace, path: &RelPath) -> Option<Option<Arc<str>>> {
    let open = workspace.file(path).filter(|it| workspace.is_open(*it)).and_then(|it| workspace.text(it));
    if open.is_some() {
        return Some(open);
    }
    match load(&workspace.root().join(path.as_str()), workspace.config().max_file_size())? {
        Loaded::Text(text) => Some(Some(text)),
        Loaded::Unreadable(..) => Some(None),
    }
}

/// Files that went from one path to another are one change each.
fn pair_moves(files: &mut Vec<FileChange>, unread: &mut Unread) {
    let gone: Vec<usize> = (0..files.len()).filter(|it| files.get(*it).is_some_and(|it| it.after.is_none())).collect();
    let came: Vec<usize> = (0..files.len()).filter(|it| files.get(*it).is_some_and(|it| it.before.is_none())).collect();
    if gone.is_empty() || came.is_empty() {
        return;
    }
    if gone.len() > MAX_MOVES || came.len() > MAX_MOVES {
        let paths = gone.iter().filter_map(|it| files.get(*it)).map(|it| it.path.clone());
        paths.for_each(|it| unread.add("removed or moved, too many to tell which", it));
        return;
    }
    let lines = |side: Option<&Side>| -> Vec<String> {
        let lines = side.map_or("", |it| &it.text).lines().map(str::trim).filter(|it| !it.is_empty());
        lines.map(str::to_owned).collect()
    };
    let mut pairs = Vec::new();
    for from in &gone {
        let Some(old) = files.get(*from) else { continue };
        let before = lines(old.before.as_ref());
        for to in &came {
            let Some(new) = files.get(*to).filter(|it| it.path.extension() == old.path.extension()) else { continue };
            let likeness = super::tokens::likeness(&before, &lines(new.after.as_ref()));
            if likeness >= SAME_FILE {
                pairs.push((likeness + if new.path.name() == old.path.name() { 0.1 } else { 0.0 }, *from, *to));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut taken = FxHashSet::default();
    let mut moved = Vec::new();
    for (_, from, to) in pairs {
        if !taken.contains(&from) && !taken.contains(&to) {
            taken.extend([from, to]);
            moved.push((from, to));
        }
    }
    for (from, to) in &moved {
        let before = files.get_mut(*from).and_then(|it| it.before.take());
        if let Some(new) = files.get_mut(*to) {
            new.before = before;
        }
    }
    files.retain(|it| it.before.is_some() || it.after.is_some());
}

/// What was not looked at, by reason.
#[derive(Default)]
struct Unread(BTreeMap<String, Vec<RelPath>>);

impl Unread {
    fn add(&mut self, reason: &str, path: RelPath) {
        self.0.entry(reason.to_owned()).or_default().push(path);
    }

    fn add_by_extension(&mut self, path: RelPath) {
        let extension = path.extension();
        let reason =
            if extension.is_empty() { "files without an extension".to_owned() } else { format!("`.{extension}`") };
        self.add(&reason, path);
    }

    fn list(self) -> Vec<NotRead> {
        self.0.into_iter().map(|(reason, files)| NotRead { reason, files }).collect()
    }
}

/// Whether a path is that of a test, by one of its parts.
pub(super) fn is_test(path: &RelPath, names: &[String]) -> bool {
    let is_name = |part: &str| words(part).iter().any(|it| names.iter().any(|name| name == it));
    path.as_str().split(['/', '.', '-']).any(|it| {
        is_name(it)
            || it.strip_prefix("test_").is_some()
            || it.ends_with("_test")
            || it.ends_with("Test")
            || it.ends_with("Tests")
    })
}
