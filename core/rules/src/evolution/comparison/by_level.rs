//! The Protobuf files of a working tree that levels of buf hold for, module by module.

use std::{collections::BTreeMap, sync::Arc};

use archwright_asyncapi::comparison::Class;
use archwright_engine::{
    Workspace,
    report::Places,
    store::git::{CommitId, GitRepository},
};
use archwright_model::{RelPath, TextFile};
use archwright_schema::breaking::{Annotation, Previous};
use archwright_syntax::{FileType, Span};

use super::{
    BaseRequest, Compared, ComparedChange, ComparedPlace, NamedText,
    base::{text_of, unreadable_file},
    levels::{Levels, advice},
};

/// A folder with settings, and the rules that hold for files in it.
type Module = (RelPath, Vec<&'static str>);

/// What is compared by levels.
pub(super) struct ByLevel<'a> {
    workspace: &'a Workspace,
    repository: &'a GitRepository,
    commit: CommitId,
    request: &'a BaseRequest,
    /// The changed files of each module with the same rules.
    modules: BTreeMap<Module, (Levels, Vec<RelPath>)>,
    /// Settings that cannot be followed, and a file that they hold for.
    invalid: BTreeMap<String, RelPath>,
}

impl<'a> ByLevel<'a> {
    pub(super) fn new(
        workspace: &'a Workspace,
        repository: &'a GitRepository,
        commit: CommitId,
        request: &'a BaseRequest,
    ) -> Self {
        Self { workspace, repository, commit, request, modules: BTreeMap::new(), invalid: BTreeMap::new() }
    }

    /// Whether levels hold for a changed file; then it is compared with the rest of its module.
    pub(super) fn takes(&mut self, path: &RelPath) -> bool {
        let chosen = self.request.level.or_else(|| self.workspace.config().protobuf_level());
        match Levels::of(path, chosen, |it| text_of(self.workspace, it)) {
            Ok(Some(levels)) => {
                let key = (levels.root.clone(), levels.selection.rules().to_vec());
                self.modules.entry(key).or_insert_with(|| (levels, Vec::new())).1.push(path.clone());
                true
            }
            Ok(None) => false,
            Err(error) => {
                self.invalid.entry(error.to_string()).or_insert_with(|| path.clone());
                true
            }
        }
    }

    /// Compares what was taken.
    pub(super) fn compare(self, outcome: &mut Compared, revision: &str) {
        let changes = &mut outcome.comparison.changes;
        changes.extend(self.invalid.iter().map(|(error, path)| unreadable_file(path, "FILE_NOT_COMPARED", error)));
        for (levels, changed) in self.modules.values() {
            let (old, new) = (self.then(levels), self.now(levels));
            let (annotations, invalid) = levels.compare(&old, &new);
            for it in invalid {
                let (kind, when) =
                    if it.previous { ("FILE_WAS_INVALID", "its old version") } else { ("FILE_INVALID", "it") };
                let path = levels.root.join(&it.path);
                let reason = format!("{when} cannot be read: {}", it.message);
                outcome.comparison.changes.push(ComparedChange {
                    class: if it.previous { Class::Unclassified.name() } else { Class::Breaking.name() },
                    ..unreadable_file(&path, kind, &reason)
                });
            }
            let filter = |path: &RelPath| self.request.paths.is_empty() || changed.contains(path);
            for it in annotations {
                let change = change(&it, levels, &old, &new, revision);
                let stands_in = it.path.as_ref().map(|it| levels.root.join(it));
                if stands_in.as_ref().is_none_or(filter) {
                    for file in stands_in.iter().filter_map(|path| find(&new, path)) {
                        outcome.texts.push(named(file.path.to_string(), &file.text));
                    }
                    if let Some(file) = it.previous.as_ref().and_then(|it| find(&old, &levels.root.join(&it.path))) {
                        outcome.texts.push(named(format!("{}@{revision}", file.path), &file.text));
                    }
                    outcome.comparison.changes.push(change);
                }
            }
        }
    }

    /// The Protobuf files of a module as they are.
    fn now(&self, levels: &Levels) -> Vec<TextFile> {
        let files = self.workspace.below(&levels.root).into_iter().map(|it| self.workspace.path(it).clone());
        files
            .filter(is_protobuf)
            .filter_map(|path| text_of(self.workspace, &path).map(|text| TextFile { path, text }))
            .collect()
    }

    /// The Protobuf files of a module as they were.
    fn then(&self, levels: &Levels) -> Vec<TextFile> {
        let is_inside = |it: &RelPath| {
            let root = levels.root.as_str();
            root.is_empty() || it.as_str().strip_prefix(root).is_some_and(|it| it.starts_with('/'))
        };
        let files = self.repository.paths_at(self.commit).unwrap_or_default();
        let read = |path: RelPath| {
            let bytes = self.repository.text_at(self.commit, &path).ok()??;
            Some(TextFile { path, text: archwright_syntax::Decoded::lenient(&bytes).into() })
        };
        files.into_iter().filter(|it| is_protobuf(it) && is_inside(it)).filter_map(read).collect()
    }
}

fn is_protobuf(path: &RelPath) -> bool {
    path.file_type() == Some(FileType::Protobuf)
}

fn find<'a>(files: &'a [TextFile], path: &RelPath) -> Option<&'a TextFile> {
    files.iter().find(|it| it.path == *path)
}

fn named(name: String, text: &Arc<str>) -> NamedText {
    NamedText::alone(name, text.clone())
}

fn change(
    annotation: &Annotation,
    levels: &Levels,
    old: &[TextFile],
    new: &[TextFile],
    revision: &str,
) -> ComparedChange {
    let place = |files: &[TextFile], path: &str, span: Option<Span>, suffix: &str| {
        let TextFile { path, text } = find(files, &levels.root.join(path))?;
        let span = span.unwrap_or(Span::new(0, 0));
        let (start, end) = Places::of(text.clone()).points(span);
        Some(ComparedPlace { file: format!("{path}{suffix}"), start, end, span })
    };
    let was = |it: &Previous| place(old, &it.path, it.span, &format!("@{revision}"));
    ComparedChange {
        kind: annotation.rule,
        path: annotation.path.clone().or_else(|| Some(annotation.previous.as_ref()?.path.clone())).unwrap_or_default(),
        class: Class::Breaking.name(),
        mode: levels.asked_by.replace('`', ""),
        breaks: Vec::new(),
        old: annotation.previous.as_ref().and_then(was),
        new: annotation.path.as_ref().and_then(|it| place(new, it, annotation.span, "")),
        related: Vec::new(),
        message: annotation.message.clone(),
        advice: advice(annotation).map(str::to_owned),
    }
}
