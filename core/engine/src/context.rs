//! What a rule sees: one file's facts, the configuration, and the index through reads that are remembered.

use std::{
    any::{Any, TypeId},
    cell::{OnceCell, RefCell},
    rc::Rc,
    sync::Arc,
};

use archwright_model::{
    RelPath, Severity,
    conventions::config::{Config, ConfigProblem},
    facts::{ByRole, FileFacts, LinkFact},
    key::{FileId, Key},
};
use archwright_syntax::Span;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::{
    Registry, Related, Rule, Selection,
    store::{Declared, FolderNames, Moved, Outcome, Referenced, State, declared},
};

/// A file of the workspace and what it says.
#[derive(Clone, Copy, Debug)]
pub struct FileRef<'a> {
    /// Its number, while the workspace is open.
    pub id: FileId,
    /// What it says.
    pub facts: &'a FileFacts,
}

/// The view of a rule on the workspace, from one file.
///
/// Everything that comes from another file is read through a [`Key`]. Keys that were read are remembered, so that the
/// rules of this file run again when one of them changes.
pub struct Context<'a> {
    state: &'a State,
    selection: &'a Selection,
    file: FileId,
    facts: &'a FileFacts,
    reads: Option<RefCell<Vec<u64>>>,
    /// The document with the roles of its parts; several rules ask.
    by_role: OnceCell<Option<ByRole<'a>>>,
    /// What several rules of one family ask for, by its type.
    shared: RefCell<Vec<(TypeId, Rc<dyn Any>)>>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        state: &'a State,
        selection: &'a Selection,
        file: FileId,
        facts: &'a FileFacts,
        track: bool,
    ) -> Self {
        Self {
            state,
            selection,
            file,
            facts,
            reads: track.then(RefCell::default),
            by_role: OnceCell::new(),
            shared: RefCell::default(),
        }
    }

    /// The keys that were read, as hashes, sorted, each once.
    pub(crate) fn into_reads(self) -> Vec<u64> {
        let mut reads = self.reads.map(RefCell::into_inner).unwrap_or_default();
        reads.sort_unstable();
        reads.dedup();
        reads
    }

    /// The file.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// What the file says.
    pub fn facts(&self) -> &'a FileFacts {
        self.facts
    }

    /// The file's document by the roles of its parts, if it is one. Made once for all rules.
    pub fn by_role(&self) -> Option<&ByRole<'a>> {
        self.by_role.get_or_init(|| ByRole::of(self.facts, self.config())).as_ref()
    }

    /// What several rules of one family ask about the file, worked out when the first of them does. There is one of
    /// each type.
    pub fn shared<T: 'static>(&self, make: impl FnOnce() -> T) -> Rc<T> {
        let type_id = TypeId::of::<T>();
        let known = self.shared.borrow().iter().find(|it| it.0 == type_id).map(|it| it.1.clone());
        if let Some(known) = known.and_then(|it| it.downcast().ok()) {
            return known;
        }
        let made = Rc::new(make());
        self.shared.borrow_mut().push((type_id, made.clone()));
        made
    }

    /// The file that a reference leads to, whatever it is.
    pub fn referenced(&self, path: &RelPath) -> Referenced {
        self.read(|| Key::Path(path.clone()));
        self.read(|| Key::Text(path.clone()));
        self.state.referenced(path)
    }

    /// The text of a Protobuf file that a reference to a path finds.
    pub fn referenced_text(&self, path: &RelPath) -> Option<Arc<str>> {
        self.read(|| Key::Path(path.clone()));
        self.read(|| Key::Text(path.clone()));
        self.state.referenced_text(path)
    }

    /// The text of a YAML, JSON or Protobuf file below the root, whatever it is.
    pub fn text_below(&self, path: &RelPath) -> Option<Arc<str>> {
        self.read(|| Key::Path(path.clone()));
        self.read(|| Key::Text(path.clone()));
        self.state.text_below(path)
    }

    /// The text of a file below the root, whatever it is: what configures another tool.
    pub fn any_text(&self, path: &RelPath) -> Option<Arc<str>> {
        self.read(|| Key::Path(path.clone()));
        self.read(|| Key::Text(path.clone()));
        self.state.any_text(path)
    }

    /// Who declares an address, by the name that the index has for it.
    pub fn declared(&self, name: &SmolStr) -> Declared<'a> {
        self.read(|| Key::Identified(name.clone()));
        declared(&self.state.files, &self.state.index, name)
    }

    /// The configuration.
    pub fn config(&self) -> &'a Config {
        &self.state.config
    }

    /// All rules, whether or not they are on.
    pub fn registry(&self) -> &'static Registry {
        self.selection.registry()
    }

    /// The severity of a rule in this workspace; `None` if it is off.
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        self.selection.severity(rule)
    }

    /// What is wrong in the configuration file.
    pub fn config_problems(&self) -> &'a [ConfigProblem] {
        &self.state.config_problems
    }

    /// What the file said where the work on it began, if that differs from what it says now.
    pub fn base_text(&self) -> Option<Arc<str>> {
        self.state.base.text(&self.state.root, &self.facts.path, &self.facts.text)
    }

    /// Whether there is anything that files are compared with.
    pub fn has_base(&self) -> bool {
        self.state.base.is_there(&self.state.root)
    }

    /// What any file said where the work began, if it was there. `now` is what it says now, which spares a look into
    /// git where nothing changed. It remembers no read: who asks reads what the file says now as well.
    pub fn base_text_of(&self, path: &RelPath, now: &Arc<str>) -> Option<Arc<str>> {
        self.state.base.text_of(&self.state.root, path, now)
    }

    /// The regular files that were directly in a folder where the work began.
    pub fn base_folder(&self, folder: &RelPath) -> Vec<RelPath> {
        self.state.base.folder(&self.state.root, folder)
    }

    /// The YAML and JSON files that were there where the work began, in order.
    pub fn base_documents(&self) -> Vec<RelPath> {
        self.state.base.documents(&self.state.root)
    }

    /// Which files were elsewhere where the work began. `pair` finds it out, once for all rules until a file changes,
    /// from the files that are gone and those that came; only files that are wanted are looked at.
    pub fn moved(
        &self,
        is_wanted: fn(&RelPath) -> bool,
        pair: impl FnOnce(&[RelPath], &[RelPath]) -> FxHashMap<RelPath, RelPath>,
    ) -> &'a Moved {
        self.read(|| Key::Moves);
        let State { base, root, files, .. } = self.state;
        base.moved(|| {
            let is_gone = |it: &RelPath| !files.exists(it) && !self.state.exists_on_disk(it);
            let then = base.files(root, is_wanted);
            let gone: Vec<RelPath> = then.iter().filter(|it| is_gone(it)).cloned().collect();
            if gone.is_empty() {
                return Moved::default();
            }
            let now = files.below(&RelPath::default());
            let now = now.into_iter().filter_map(|it| files.path(it)).filter(|it| is_wanted(it));
            let mut came: Vec<RelPath> = now.filter(|it| then.binary_search(it).is_err()).cloned().collect();
            came.sort();
            Moved { from: pair(&gone, &came), came: came.into_iter().collect() }
        })
    }

    /// Keeps for the report what came of the comparison of this file with what it was; nothing if it is as it was.
    pub fn remember_comparison(&self, outcome: Option<Outcome>) {
        self.state.base.remember(&self.facts.path, outcome);
    }

    /// Whether a file or folder exists. A link that leads nowhere does not, although a walk lists it.
    pub fn exists(&self, path: &RelPath) -> bool {
        self.read(|| Key::Path(path.clone()));
        if !self.state.files.exists(path) {
            return self.state.look_up(path);
        }
        let Some(target) = self.state.dangling(path) else { return true };
        self.state.look_up(&target);
        self.read(|| Key::Path(target));
        false
    }

    /// Whether a file that is not there is one that git is told to ignore: a build makes it.
    pub fn is_made(&self, path: &RelPath) -> bool {
        for file in State::ignore_files(path) {
            self.read(|| Key::Path(file));
        }
        self.state.is_made(path)
    }

    /// The facts of the files that say something under `key`, in order of path. Read only what the key stands for.
    pub fn files(&self, key: Key) -> Vec<FileRef<'a>> {
        let ids = self.state.index.contributors(&key);
        self.read(|| key);
        let mut files: Vec<_> =
            ids.iter().filter_map(|id| Some(FileRef { id: *id, facts: self.state.files.facts(*id)? })).collect();
        files.sort_by(|a, b| a.facts.path.cmp(&b.facts.path));
        files
    }

    /// What `make` makes of the files that say something under `key`: made once and kept until one of them says
    /// something else there. It may look at nothing but what the key stands for, and at the order of the paths.
    pub fn derived<T: Any + Send + Sync>(&self, key: Key, make: impl FnOnce(&[FileRef<'a>]) -> T) -> Arc<T> {
        let derived = self.state.index.derived(&key, || make(&self.files(key.clone())));
        self.read(|| key);
        derived
    }

    /// How many files say something under `key`.
    pub fn count(&self, key: Key) -> usize {
        let count = self.state.index.contributors(&key).len();
        self.read(|| key);
        count
    }

    /// Whether any file says something under `key`.
    pub fn is_spoken_of(&self, key: Key) -> bool {
        let is_there = !self.state.index.contributors(&key).is_empty();
        self.read(|| key);
        is_there
    }

    /// The facts of the file at `path`, for its heading anchors only.
    pub fn anchored(&self, path: &RelPath) -> Option<&'a FileFacts> {
        self.read(|| Key::Anchors(path.clone()));
        self.at(path).map(|it| it.facts)
    }

    /// The facts of the file at `path`, for all of its text.
    pub fn whole(&self, path: &RelPath) -> Option<&'a FileFacts> {
        self.read(|| Key::Text(path.clone()));
        self.at(path).map(|it| it.facts)
    }

    /// The facts of a decision record, for its status and what it supersedes only.
    pub fn decision(&self, path: &RelPath) -> Option<FileRef<'a>> {
        self.read(|| Key::Decision(path.clone()));
        self.at(path)
    }

    /// The paths of all files with this name.
    pub fn named(&self, name: &str) -> Vec<&'a RelPath> {
        self.read(|| Key::Name(name.into()));
        let mut paths: Vec<_> = self.state.files.named(name).collect();
        paths.sort();
        paths
    }

    /// How many files have this name.
    pub fn count_of_name(&self, name: &str) -> usize {
        self.read(|| Key::Name(name.into()));
        self.state.files.count_of_name(name)
    }

    /// Whether a walk lists a file at a path, for those who read its name.
    pub fn is_named_there(&self, path: &RelPath) -> bool {
        self.read(|| Key::Name(path.name().into()));
        self.state.files.is_present(path)
    }

    /// The paths of files.
    pub fn paths(&self, files: &'a [FileId]) -> impl Iterator<Item = &'a RelPath> + use<'a> {
        let table = &self.state.files;
        files.iter().filter_map(|it| table.path(*it))
    }

    /// Whether a walk lists a file at a path; a symbolic link that leads nowhere is listed, too.
    pub fn is_listed(&self, path: &RelPath) -> bool {
        self.read(|| Key::Folder(path.parent()));
        self.state.files.is_present(path)
    }

    /// The files directly in a folder by what their names say.
    pub fn folder_by_name(&self, folder: &RelPath) -> Option<&'a FolderNames> {
        self.read(|| Key::Folder(folder.clone()));
        self.state.files.folder_by_name(folder)
    }

    /// The paths of the files directly in a folder.
    pub fn folder(&self, folder: &RelPath) -> Vec<&'a RelPath> {
        self.read(|| Key::Folder(folder.clone()));
        let mut paths: Vec<_> = self.state.files.folder(folder).collect();
        paths.sort();
        paths
    }

    /// A related place. Its file is watched, so that the place follows the text.
    pub fn related(&self, file: FileId, span: Span, message: impl Into<SmolStr>) -> Related {
        if let Some(facts) = self.state.files.facts(file) {
            self.read(|| Key::Text(facts.path.clone()));
        }
        Related { file, span, message: message.into() }
    }

    /// A related place in any file below the root, if it is in the workspace. The file is watched.
    pub fn place_in(&self, path: &RelPath, span: Span, message: impl Into<SmolStr>) -> Option<Related> {
        self.read(|| Key::Text(path.clone()));
        let file = self.state.files.id(path).filter(|_| self.state.files.is_present(path))?;
        Some(Related { file, span, message: message.into() })
    }

    /// The documents that link to a file by its path, with those links. It remembers no reads, so it is for fixes only.
    pub fn linking_to(&self, path: &RelPath) -> Vec<(&'a FileFacts, Vec<&'a LinkFact>)> {
        let links = |facts: &'a FileFacts| facts.document().into_iter().flat_map(|it| &it.links);
        let others = self
            .state
            .index
            .contributors(&Key::References(path.clone()))
            .iter()
            .filter_map(|it| self.state.files.facts(*it));
        let own = self.at(path).map(|it| it.facts);
        let documents = others
            .chain(own)
            .map(|it| (it, links(it).filter(|it| it.path == *path && !it.path_span.is_empty()).collect::<Vec<_>>()));
        documents.filter(|it| !it.1.is_empty()).collect()
    }

    /// What any file says. It remembers no reads, so it is for fixes only.
    pub fn facts_of(&self, file: FileId) -> Option<&'a FileFacts> {
        self.state.files.facts(file)
    }

    fn at(&self, path: &RelPath) -> Option<FileRef<'a>> {
        let id = self.state.files.id(path)?;
        Some(FileRef { id, facts: self.state.files.facts(id)? })
    }

    fn read(&self, key: impl FnOnce() -> Key) {
        if let Some(reads) = &self.reads {
            reads.borrow_mut().push(key().id());
        }
    }
}
