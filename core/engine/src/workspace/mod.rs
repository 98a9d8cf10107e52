//! The workspace: sources, facts, index and findings of one root, kept up to date change by change.
//!
//! **Invariant**: after any sequence of changes, facts, index and findings equal those of a workspace opened afresh on
//! the same files and buffers (property-tested in `tests/incremental.rs`).

mod changes;
mod code;
mod dependencies;
mod load;
mod options;
mod overlay;
mod refresh;
mod root;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use archwright_syntax::Span;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

pub use changes::{Change, Changed};
pub use code::CodeFinding;
use dependencies::Dependencies;
pub use options::OpenOptions;
pub use overlay::OtherText;
pub use refresh::Stamps;
pub use root::{Root, discover};

use archwright_model::{
    Kind, RelPath, Severity,
    conventions::{
        config::{self, Config, ConfigUnreadable},
        dialect::Dialect,
    },
    facts::{self, Content, FileFacts, Loaded, Unreadable},
    key::FileId,
};

use super::report::{CodeRead, ComparedWith, ReportFilter};
use crate::{
    Context, Finding, Fix, Registry, Rule, Selection, run,
    store::{Base, BaseTexts, Declared, Files, Index, LookUps, State, Trees, cache::Cache, declared, read},
};

/// The kinds of files that are compared with what they were.
const COMPARED: [Kind; 2] = [Kind::Schema, Kind::Asyncapi];

/// The kinds of files where it is said that others are no longer there.
const MISSING: [Kind; 2] = [Kind::Contract, Kind::Configuration];

/// What opening is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Listing files.
    Walk,
    /// Reading files.
    Read,
    /// Running rules.
    Check,
}

/// How far opening has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it does.
    pub stage: Stage,
    /// Files done.
    pub done: usize,
    /// Files in all.
    pub total: usize,
}

/// Why a workspace cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The root does not exist or is not a folder.
    #[error("{path}: {error}")]
    Root {
        /// The root.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The configuration file cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigUnreadable),
}

/// An open workspace.
#[derive(Debug)]
pub struct Workspace {
    state: State,
    selection: Selection,
    findings: FxHashMap<FileId, Vec<Finding>>,
    dependencies: Option<Dependencies>,
    config_path: PathBuf,
    /// What is compared with, unless the configuration says otherwise.
    asked_base: Base,
    /// What was read before this run.
    cache: Option<Cache>,
    /// Whether rules run.
    checks: bool,
    /// How much code was read for the rules that need all of it, once that was done.
    code: Option<CodeRead>,
    /// What was found by reading all code while the workspace is open.
    of_code: FxHashMap<FileId, Vec<CodeFinding>>,
}

/// Makes the fixes of one file's findings.
pub struct Fixer<'a>(Option<Context<'a>>);

impl Fixer<'_> {
    /// The ways to make a finding go away, best first.
    pub fn fixes(&self, finding: &Finding) -> Vec<Fix> {
        let (Some(fix), Some(context), true) = (finding.rule.fix, &self.0, finding.fixable) else { return Vec::new() };
        fix(context, finding)
    }
}

impl Workspace {
    /// Opens a workspace: walks it, reads what may matter, and runs all rules.
    ///
    /// # Errors
    /// If the root is no folder or the configuration file exists and cannot be read. Anything else that cannot be read
    /// is a finding of its file.
    pub fn open(
        options: OpenOptions,
        rules: &'static Registry,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Self, OpenError> {
        let folder = options.root.folder().to_path_buf();
        let metadata = std::fs::metadata(&folder);
        match metadata {
            Ok(it) if it.is_dir() => {}
            // A new document comes before its folder, and is all there is to look at.
            _ if matches!(options.root, Root::File { .. }) => {}
            Ok(_) => {
                return Err(OpenError::Root {
                    path: folder,
                    error: std::io::Error::from(std::io::ErrorKind::NotADirectory),
                });
            }
            Err(error) => return Err(OpenError::Root { path: folder, error }),
        }
        let config_path = options.config.unwrap_or_else(|| folder.join(config::FILE_NAME));
        let cache = options.cache.and_then(|it| Cache::new(&it, &folder));
        let mut workspace = Self {
            cache,
            checks: options.checks,
            code: None,
            of_code: FxHashMap::default(),
            state: State {
                root: folder,
                config: Config::default(),
                config_problems: Vec::new(),
                files: Files::default(),
                index: Index::default(),
                base: BaseTexts::default(),
                single: matches!(options.root, Root::File { .. }),
                buffers: FxHashMap::default(),
                hidden: FxHashSet::default(),
                looked_up: LookUps::default(),
                trees: Trees::default(),
            },
            selection: Selection::new(rules, &Config::default()).0,
            findings: FxHashMap::default(),
            dependencies: options.track.then(Dependencies::default),
            config_path,
            asked_base: options.base,
        };
        let only = match &options.root {
            Root::File { folder, path } => RelPath::of(path, folder).into_iter().collect(),
            Root::Folder(_) => Vec::new(),
        };
        workspace.load(&only, progress)?;
        Ok(workspace)
    }

    /// Reads everything anew. Buffers stay.
    fn load(&mut self, only: &[RelPath], progress: &(dyn Fn(Progress) + Sync)) -> Result<(), OpenError> {
        let config_text = self.read_config()?;
        self.state.trees.clear();
        self.choose_base();
        progress(Progress { stage: Stage::Walk, done: 0, total: 0 });
        let walked = if self.state.single {
            load::Walked::of(&self.state.root, only)
        } else {
            load::walk(&self.state.root, &self.state.config)
        };
        let frugal = self.dependencies.is_some();
        let State { root, config, files, index, .. } = &mut self.state;
        let (root, config, walked) = (&*root, &*config, &walked);
        let (sender, read) = std::sync::mpsc::channel();
        // The tables fill while files are read, or the other processors would wait for this one.
        std::thread::scope(|scope| {
            scope.spawn(move || load::read(root, walked, config, frugal, progress, &sender));
            for path in &walked.files {
                let id = files.intern(path);
                files.set_present(id, true);
            }
            // Most files say where their headings are, what they lead to, and one or two things more.
            index.reserve(walked.files.len() * 3);
            for mut facts in read.into_iter().flatten() {
                if frugal {
                    facts.share_paths(|path| files.shared(path));
                }
                let id = files.intern(&facts.path);
                index.replace(id, &[], &facts.entries, |_| {});
                files.set_facts(id, Some(facts));
            }
        });
        let refused = walked.refused.iter().map(|it| self.unreadable(&it.0, Unreadable::Io(it.1.clone())));
        let config = config_text.map(|it| self.config_facts(it));
        for facts in refused.chain(config).collect::<Vec<_>>() {
            let id = self.state.files.intern(&facts.path);
            self.state.index.replace(id, &[], &facts.entries, |_| {});
            self.state.files.set_facts(id, Some(Box::new(facts)));
        }
        let open: Vec<(FileId, Arc<str>)> = self.state.buffers.iter().map(|it| (*it.0, it.1.clone())).collect();
        for (id, text) in open {
            // The configuration has its facts already, from the buffer too.
            if self.is_config(self.path(id)) {
                continue;
            }
            let loaded = load::of_buffer(self.path(id), text, &self.state.config);
            self.replace(id, loaded, &mut FxHashSet::default());
        }
        let all: Vec<FileId> = self.state.files.tracked().map(|it| it.0).collect();
        progress(Progress { stage: Stage::Check, done: 0, total: all.len() });
        self.check(&all);
        progress(Progress { stage: Stage::Check, done: all.len(), total: all.len() });
        Ok(())
    }

    fn read_config(&mut self) -> Result<Option<String>, ConfigUnreadable> {
        let buffer = RelPath::of(&self.config_path, &self.state.root)
            .and_then(|it| self.state.files.id(&it))
            .and_then(|it| self.state.buffers.get(&it));
        let (config, mut problems, text) = match buffer {
            Some(text) => {
                let (config, problems) = Config::parse(text);
                (config, problems, Some(text.to_string()))
            }
            None => Config::load(&self.config_path)?,
        };
        let (selection, of_rules) = Selection::new(self.selection.registry(), &config);
        problems.extend(of_rules);
        self.selection = selection;
        self.state.config = config;
        self.state.config_problems = problems;
        Ok(text)
    }

    /// What was read of it before this run, and may be kept for the next one.
    pub fn cache(&self) -> Option<&Cache> {
        self.cache.as_ref()
    }

    /// The root folder.
    pub fn root(&self) -> &Path {
        &self.state.root
    }

    /// The configuration in force.
    pub fn config(&self) -> &Config {
        &self.state.config
    }

    /// How bad a finding of a rule is here; nothing if the rule is off.
    pub fn level(&self, rule: &Rule) -> Option<Severity> {
        self.selection.severity(rule)
    }

    /// The files that are read, in order of id.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        self.state.files.tracked().map(|it| it.0)
    }

    /// How many files are read.
    pub fn file_count(&self) -> usize {
        self.state.files.tracked().count()
    }

    /// The id of a path that was seen.
    pub fn file(&self, path: &RelPath) -> Option<FileId> {
        self.state.files.id(path)
    }

    /// Whether a file or folder is there and left out by nothing, whether it is read or not.
    pub fn lists(&self, path: &RelPath) -> bool {
        self.state.files.exists(path)
    }

    /// The path of a file.
    pub fn path(&self, file: FileId) -> &RelPath {
        static NONE: std::sync::OnceLock<RelPath> = std::sync::OnceLock::new();
        self.state.files.path(file).unwrap_or_else(|| NONE.get_or_init(RelPath::default))
    }

    /// The configuration file, if there is one below the root.
    pub fn config_file(&self) -> Option<FileId> {
        let id = self.file(&RelPath::of(&self.config_path, &self.state.root)?)?;
        self.facts(id).map(|_| id)
    }

    /// Whether a file or folder exists, in the workspace or on the disk.
    pub fn exists(&self, path: &RelPath) -> bool {
        self.state.files.exists(path) || self.state.exists_on_disk(path)
    }

    /// The present files below a folder, and the file itself if the path is one.
    pub fn below(&self, path: &RelPath) -> Vec<FileId> {
        self.state.files.below(path)
    }

    /// The files anywhere in a folder, in order of path, found without a look at all others.
    pub fn inside(&self, folder: &RelPath) -> impl Iterator<Item = FileId> {
        self.state.files.inside(folder)
    }

    /// The absolute path of a file.
    pub fn absolute(&self, file: FileId) -> PathBuf {
        self.state.root.join(self.path(file).as_str())
    }

    /// The facts of a file.
    pub fn facts(&self, file: FileId) -> Option<&FileFacts> {
        self.state.files.facts(file)
    }

    /// What a file said where the work on it began, if that differs from what it says now.
    pub fn base_text(&self, file: FileId) -> Option<Arc<str>> {
        let facts = self.facts(file)?;
        self.state.base.text(&self.state.root, &facts.path, &facts.text)
    }

    /// Compares schemas and AsyncAPI documents with something else from now on.
    pub fn compare_with(&mut self, base: Base) {
        self.asked_base = base;
        if self.choose_base() {
            let compared = self.compared_files();
            self.check(&compared);
        }
    }

    /// What is compared with, unless the configuration says otherwise.
    pub fn asked_base(&self) -> &Base {
        &self.asked_base
    }

    /// What schemas and AsyncAPI documents of a report were compared with; nothing if there are none of them, or if
    /// nobody wants to know.
    pub fn compared_with(&self, filter: &ReportFilter) -> Option<ComparedWith> {
        let covered = |it: &RelPath| filter.covers(it) && self.file(it).is_some_and(|it| self.facts(it).is_some());
        let is_compared = |it: &FileId| COMPARED.contains(&self.kind(*it)) && filter.covers(self.path(*it));
        self.files().find(is_compared)?;
        let opened = self.state.base.opened_base(&self.state.root)?;
        Some(ComparedWith::new(opened, self.state.base.outcomes().into_iter().filter(|it| covered(&it.0))))
    }

    /// Takes over what the configuration says of the base, where nobody else says anything. Tells whether it is another
    /// one now.
    fn choose_base(&mut self) -> bool {
        let base = match (&self.asked_base, self.state.config.base()) {
            (Base::Git { revision: None }, Some(config::BaseSetting::None)) => Base::None,
            (Base::Git { revision: None }, Some(config::BaseSetting::Revision(it))) => {
                Base::Git { revision: Some(it.clone()) }
            }
            (asked, _) => asked.clone(),
        };
        let is_other = *self.state.base.base() != base;
        if is_other {
            self.state.base = BaseTexts::new(base);
            return true;
        }
        self.state.base.refresh(&self.state.root)
    }

    /// The files whose findings depend on the base.
    fn compared_files(&self) -> Vec<FileId> {
        self.files().filter(|it| COMPARED.iter().chain(&MISSING).any(|kind| *kind == self.kind(*it))).collect()
    }

    /// What a file is.
    pub fn kind(&self, file: FileId) -> Kind {
        self.facts(file).map_or(Kind::Document, |it| it.kind)
    }

    /// The text of a file: its buffer if it is open, else what was read.
    pub fn text(&self, file: FileId) -> Option<Arc<str>> {
        if let Some(buffer) = self.state.buffers.get(&file) {
            return Some(buffer.clone());
        }
        // Of files that are only referred to there are no facts; they are read when somebody looks.
        let known = self.facts(file).map(|it| &it.text).filter(|it| !it.is_empty());
        if known.is_some() {
            return known.cloned();
        }
        if !self.state.files.is_present(self.path(file)) {
            return None;
        }
        match read::load(&self.absolute(file), self.state.config.max_file_size()) {
            // Places in it would be none of the file.
            Some(Loaded::Unreadable(Unreadable::Utf16, _)) => Some("".into()),
            Some(Loaded::Text(text) | Loaded::Unreadable(_, text)) => Some(text),
            None => None,
        }
    }

    /// Why the text of a file cannot be read, if it cannot.
    pub fn why_unreadable(&self, file: FileId) -> Option<Unreadable> {
        if self.state.buffers.contains_key(&file) {
            return None;
        }
        match self.facts(file) {
            Some(facts) if facts.unreadable.is_some() || !facts.text.is_empty() => facts.unreadable.as_deref().cloned(),
            _ => match read::load(&self.absolute(file), self.state.config.max_file_size()) {
                Some(Loaded::Unreadable(why, _)) => Some(why),
                _ => None,
            },
        }
    }

    /// Whether an editor has the file open.
    pub fn is_open(&self, file: FileId) -> bool {
        self.state.buffers.contains_key(&file)
    }

    /// The findings of a file, sorted by place.
    pub fn findings(&self, file: FileId) -> &[Finding] {
        self.findings.get(&file).map_or(&[], Vec::as_slice)
    }

    /// The ways to make a finding go away, best first.
    pub fn fixes(&self, file: FileId, finding: &Finding) -> Vec<Fix> {
        self.fixer(file).fixes(finding)
    }

    /// For the fixes of several findings of one file: what they have in common is worked out once.
    pub fn fixer(&self, file: FileId) -> Fixer<'_> {
        Fixer(self.context(file))
    }

    /// The best fixes of the findings that a file would have with another text, if nothing else changed.
    pub fn fixes_on(&self, file: FileId, text: String, wanted: impl Fn(&Finding) -> bool) -> Vec<(Finding, Fix)> {
        let facts = facts::extract(self.path(file), Loaded::Text(text.into()), &self.state.config);
        let findings = run(&Context::new(&self.state, &self.selection, file, &facts, false));
        let context = Context::new(&self.state, &self.selection, file, &facts, false);
        let fix = |it: Finding| {
            let fix = it.rule.fix.filter(|_| it.fixable && wanted(&it))?(&context, &it).into_iter().next()?;
            Some((it, fix))
        };
        findings.into_iter().filter_map(fix).collect()
    }

    /// A view from one file, for features.
    pub fn context(&self, file: FileId) -> Option<Context<'_>> {
        Some(Context::new(&self.state, &self.selection, file, self.facts(file)?, false))
    }

    /// The index, for tests and features.
    pub fn index(&self) -> &Index {
        &self.state.index
    }

    /// Who declares an address, by the name that the index has for it.
    pub fn declared(&self, name: &SmolStr) -> Declared<'_> {
        declared(&self.state.files, &self.state.index, name)
    }

    /// Runs the rules of some files, in parallel if there are many. A server gives the trees back as it goes.
    fn check(&mut self, files: &[FileId]) {
        if !self.checks {
            return;
        }
        // Of so many files for each thread the trees are in memory at a time.
        let frugal = 64 * rayon::current_num_threads();
        // Many findings say the same of different files.
        let mut messages = FxHashSet::default();
        for chunk in files.chunks(if self.dependencies.is_some() { frugal } else { usize::MAX }) {
            self.check_some(chunk, &mut messages);
        }
    }

    fn check_some(&mut self, files: &[FileId], messages: &mut FxHashSet<SmolStr>) {
        let track = self.dependencies.is_some();
        let (state, selection) = (&self.state, &self.selection);
        let check = |id: &FileId| {
            let facts = state.files.facts(*id)?;
            let context = Context::new(state, selection, *id, facts, track);
            Some((*id, run(&context), context.into_reads()))
        };
        let results: Vec<_> = if files.len() > 32 {
            files.par_iter().with_min_len(16).filter_map(check).collect()
        } else {
            files.iter().filter_map(check).collect()
        };
        for id in files {
            self.findings.remove(id);
            if self.state.files.facts(*id).is_none()
                && let Some(dependencies) = &mut self.dependencies
            {
                dependencies.set(*id, Vec::new());
            }
            if track && !self.state.buffers.contains_key(id) {
                self.state.files.release(*id);
            }
        }
        for (id, mut findings, reads) in results {
            if track {
                findings.shrink_to_fit();
                for finding in &mut findings {
                    finding.share_messages(messages);
                }
            }
            if !findings.is_empty() {
                self.findings.insert(id, findings);
            }
            if let Some(dependencies) = &mut self.dependencies {
                dependencies.set(id, reads);
            }
        }
        self.place_again(files);
    }

    /// The facts of a place that the system does not let us read.
    fn unreadable(&self, path: &RelPath, why: Unreadable) -> FileFacts {
        let mut facts = facts::extract(path, Loaded::Unreadable(why, "".into()), &self.state.config);
        facts.content = Content::None;
        facts
    }

    fn config_facts(&self, text: String) -> FileFacts {
        let path = RelPath::of(&self.config_path, &self.state.root).unwrap_or_else(|| RelPath::new(config::FILE_NAME));
        FileFacts::of_configuration(path, text.into())
    }

    /// The dialect in which a document is written.
    pub fn dialect(&self, file: FileId) -> Option<&Dialect> {
        self.config().dialects().get(self.facts(file)?.dialect?)
    }

    /// The whole span of a file's title, or its start.
    pub fn title_span(&self, file: FileId) -> Span {
        self.facts(file).map_or(Span::default(), FileFacts::title_span)
    }
}
