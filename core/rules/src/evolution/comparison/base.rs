//! Comparing the working tree with a git revision: every schema and AsyncAPI document that changed since.

use std::sync::Arc;

use archwright_asyncapi::{Action, comparison::Class};
use archwright_engine::{
    Workspace,
    report::{Point, ReportFilter},
    store::{
        Declared,
        git::{CommitId, Difference, GitError, GitRepository},
        read::load,
    },
};
use archwright_model::{
    Kind, RelPath,
    conventions::config::BaseSetting,
    facts::{AsyncApiFacts, FileFacts, Loaded, counts_from_nothing},
    key::{FileId, Key},
};
use archwright_schema::{
    Language,
    breaking::Category,
    compatibility::{Mode, Profile},
};
use archwright_syntax::{Decoded, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{
    Around, Compared, ComparedChange, ComparedPlace, ComparisonError, CompatRequest, Format, NamedText, compat,
    is_compatible, keys_of_importers, takes_from, texts,
};
use super::{
    by_level::ByLevel,
    moves::{Moves, compared_format},
    once::{Told, once},
    untold::Untold,
};

/// What is compared with the base.
#[derive(Clone, Debug, Default)]
pub struct BaseRequest {
    /// The revision; nothing means where the checked-out work left the default branch.
    pub revision: Option<String>,
    /// Only files at or below these paths; empty means all.
    pub paths: Vec<RelPath>,
    /// What the files are written in; nothing means what their names and contents tell.
    pub format: Option<Format>,
    /// Which readers must be served; nothing means what each channel's contract says, else [`Mode::Backward`] for
    /// schemas and those on the other side of each operation for AsyncAPI documents.
    pub mode: Option<Mode>,
    /// Whose definition holds; nothing means what the configuration says.
    pub profile: Option<Profile>,
    /// The level of buf by which Protobuf files are compared; nothing means what the configuration or a `buf.yaml`
    /// says, else the definition of the registry.
    pub level: Option<Category>,
}

/// Why a working tree cannot be compared with its base.
#[derive(Debug, thiserror::Error)]
pub enum BaseError {
    /// There is no repository.
    #[error("{folder} lies in no git repository; name the older files to compare with")]
    NoRepository {
        /// The folder.
        folder: String,
    },
    /// Git says no.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A file that was asked for is neither there nor was.
    #[error("{path}: there is no such file or folder, and there was none at {revision}")]
    NoSuchFile {
        /// The path.
        path: String,
        /// The revision.
        revision: String,
    },
    /// A file cannot be compared.
    #[error(transparent)]
    Compat(#[from] ComparisonError),
}

/// Compares every changed schema and AsyncAPI document of a workspace with what it was.
///
/// # Errors
/// If there is no repository or no such revision, or if a text cannot be read.
pub fn compare_with_base(workspace: &Workspace, request: &BaseRequest) -> Result<Compared, BaseError> {
    let root = workspace.root();
    let repository =
        GitRepository::discover(root)?.ok_or_else(|| BaseError::NoRepository { folder: root.display().to_string() })?;
    let configured = match workspace.config().base() {
        Some(BaseSetting::Revision(it)) => Some(it.as_str()),
        Some(BaseSetting::None) | None => None,
    };
    let base = repository.base(request.revision.as_deref().or(configured))?;
    let commit = base.commit;
    let profile = request.profile.unwrap_or_else(|| workspace.config().registry());
    let short: String = commit.to_string().chars().take(10).collect();
    // A branch that went on is not what is compared with.
    let is_named = repository.resolve(request.revision.as_deref().unwrap_or_default()).is_ok_and(|it| it == commit);
    let revision = request.revision.clone().filter(|_| is_named).unwrap_or(short);
    let filter = ReportFilter { paths: request.paths.clone(), least: None };
    let what = Some(base.what).filter(|_| !is_named);
    let mut outcome = Compared { against: Some(revision.clone()), base: what, ..Compared::default() };
    let mut by_level = ByLevel::new(workspace, &repository, commit, request);
    let mut changed = repository.changed_since(commit)?;
    // Below a folder that was asked for, a file may have come from anywhere or gone anywhere.
    let moves = moves(workspace, &repository, commit, &changed, request)?;
    let known: FxHashSet<RelPath> = changed.iter().map(|it| it.0.clone()).collect();
    let users = users(workspace, &known, &request.paths);
    changed.extend(users.into_iter().map(|it| (it, Difference::Modified)));
    changed.retain(|it| filter.covers(&it.0) || moves.get(&it.0).is_some_and(|to| filter.covers(to)));
    for asked in &request.paths {
        let below = ReportFilter { paths: vec![asked.clone()], least: None };
        let is_known = changed.iter().any(|it| below.covers(&it.0)) || workspace.root().join(asked.as_str()).exists();
        if !is_known && repository.text_at(commit, asked)?.is_none() {
            return Err(BaseError::NoSuchFile { path: asked.to_string(), revision });
        }
    }
    let mut told: Vec<Told> = Vec::new();
    let mut compared_texts: FxHashMap<String, NamedText> = FxHashMap::default();
    let whole = |of: &NamedText, change| Told { of: of.name.clone(), by_level: false, change };
    for (path, difference) in changed {
        if difference == Difference::Added {
            continue;
        }
        // What no name says is none; it may be large, or missing in a clone of parts.
        if request.format.is_none() && path.file_type().is_none() {
            continue;
        }
        let Some(bytes) = repository.text_at(commit, &path)? else { continue };
        let then = |it: &RelPath| repository.text_at(commit, it).ok()?.map(|it| Decoded::lenient(&it).into());
        let before: Arc<str> = Decoded::lenient(&bytes).into();
        let declared = |it: &SmolStr| declared_in(workspace, it);
        let name = |it: &RelPath| format!("{it}@{revision}");
        let old = NamedText::within(&path, before, &Around { read: &then, name: &name, declared: &declared });
        let format = match format_of(workspace, &path, &old.text, request)? {
            Some(it) => it,
            None => match Untold::of(workspace, &path, &old.text, &referring(workspace, &path)) {
                Untold::Schema => Format::Schema(Language::JsonSchema),
                Untold::Perhaps => {
                    told.push(Told { of: path.to_string(), by_level: false, change: not_compared(&path, &old) });
                    continue;
                }
                Untold::Other => continue,
            },
        };
        outcome.files += 1;
        let place = match (difference, moves.get(&path)) {
            (Difference::Removed, None) => {
                let mut change = ComparedChange { old: Some(top_of(&old)), ..removed(&path) };
                if moves.is_cut() {
                    change.message.push_str(
                        " It may have moved and changed: too many files went and came to hold all of them against \
                        each other; name some of them to have that done.",
                    );
                }
                told.push(Told { of: path.to_string(), by_level: false, change });
                outcome.texts.push(old);
                continue;
            }
            (Difference::Removed, Some(to)) => to,
            _ => &path,
        };
        let Some(now) = text_of(workspace, place) else {
            // In silence a file that is there would count as compared.
            if let Some(why) = workspace.file(place).and_then(|it| workspace.why_unreadable(it)) {
                let change = ComparedChange { new: Some(top_of(&old)), ..invalid(place, &format!("it {why}")) };
                told.push(Told { of: place.to_string(), by_level: false, change });
            }
            continue;
        };
        // What was not known then is not compared with nothing.
        let declared = |it: &SmolStr| declared_in(workspace, it).filter(|_| !old.seeks_in_vain(it));
        let read = |it: &RelPath| text_of(workspace, it);
        let new =
            NamedText::within(place, now, &Around { read: &read, name: &RelPath::to_string, declared: &declared });
        if place != &path {
            told.push(whole(&new, ComparedChange { new: Some(top_of(&new)), ..moved(&path, place) }));
        }
        let mode = request.mode.or_else(|| contract_mode(workspace, place));
        let mode = mode.or_else(|| mode_of_users(workspace, place).filter(|_| format != Format::Asyncapi));
        let is_chosen = request.mode.is_some() || contract_mode(workspace, place).is_some();
        if format == Format::Schema(Language::Protobuf) && !is_chosen && by_level.takes(place) {
            outcome.texts.extend(texts([old, new]));
            continue;
        }
        let compared = CompatRequest { old: vec![old], new, format: Some(format), mode, profile };
        match compat(&compared) {
            Ok(found) => told.extend(found.changes.into_iter().map(|it| whole(&compared.new, it))),
            // Work that mends a file must not fail for what the file was before.
            Err(ComparisonError::Invalid { name, at, message }) if name != compared.new.name => {
                let reason = format!("its old version cannot be read: {name}:{}:{}: {message}", at.line, at.column);
                let new = Some(top_of(&compared.new));
                told.push(whole(&compared.new, ComparedChange { new, ..unreadable(place, &reason) }));
            }
            // What is wrong with one file says nothing of the others.
            Err(ComparisonError::Invalid { name, at, message }) => {
                let reason = format!("{name}:{}:{}: {message}", at.line, at.column);
                let new = Some(top_of(&compared.new));
                told.push(whole(&compared.new, ComparedChange { new, ..invalid(place, &reason) }));
            }
            Err(error) => return Err(error.into()),
        }
        compared_texts.insert(compared.new.name.clone(), compared.new.clone());
        outcome.texts.extend(texts(compared.old.into_iter().chain([compared.new])));
    }
    by_level.compare(&mut outcome, &revision);
    let by_level = std::mem::take(&mut outcome.comparison.changes).into_iter().map(|change| {
        let place = change.new.as_ref().or(change.old.as_ref());
        let of = place.map(|it| it.file.strip_suffix(&format!("@{revision}")).unwrap_or(&it.file).to_owned());
        Told { of: of.unwrap_or_default(), by_level: true, change }
    });
    // A file that several documents refer to changed once.
    outcome.comparison.changes = once(by_level.chain(told).collect(), &compared_texts, &revision);
    let is_compared = outcome.files > 0 || !outcome.comparison.changes.is_empty();
    outcome.comparison.compatible = is_compared.then(|| is_compatible(&outcome.comparison.changes));
    Ok(outcome)
}

/// The documents, schemas and files that were asked for that are as they were, and refer to files that are not,
/// directly or through others.
fn users(workspace: &Workspace, changed: &FxHashSet<RelPath>, asked: &[RelPath]) -> Vec<RelPath> {
    let mut open: Vec<RelPath> = changed.iter().cloned().collect();
    let (mut seen, mut users) = (changed.clone(), Vec::new());
    while let Some(path) = open.pop() {
        for file in referring(workspace, &path) {
            let path = workspace.path(file);
            if seen.insert(path.clone()) {
                open.push(path.clone());
                if matches!(workspace.kind(file), Kind::Asyncapi | Kind::Schema) || asked.contains(path) {
                    users.push(path.clone());
                }
            }
        }
    }
    users.sort();
    users
}

/// The files that refer to one, by its path or by what its schemas call themselves.
pub(super) fn referring(workspace: &Workspace, path: &RelPath) -> Vec<FileId> {
    let keys = keys_of_users(path, workspace.file(path).and_then(|it| workspace.facts(it)));
    keys.iter().flat_map(|it| workspace.index().contributors(it)).copied().collect()
}

/// The schemas that take something from one without a reference.
fn importing(workspace: &Workspace, path: &RelPath) -> Vec<FileId> {
    let facts = workspace.file(path).and_then(|it| workspace.facts(it));
    let mut found = Vec::new();
    for key in keys_of_importers(path, facts) {
        let of_key = workspace.index().contributors(&key).iter().copied();
        let takes =
            |it: &FileId| workspace.facts(*it).is_some_and(|it| takes_from(&key, it, |at| workspace.exists(at)));
        found.extend(of_key.filter(takes));
    }
    found
}

/// The keys under which files refer to one, by its path or by what its schemas call themselves.
pub fn keys_of_users(path: &RelPath, facts: Option<&FileFacts>) -> Vec<Key> {
    let entries = facts.map(|it| it.entries.as_slice()).unwrap_or_default();
    let by_address = entries.iter().filter_map(|it| match &it.key {
        Key::Identified(name) if counts_from_nothing(name) => Some(Key::Addressed(name.clone())),
        Key::Identified(name) => Some(Key::References(RelPath::new(name))),
        _ => None,
    });
    std::iter::once(Key::References(path.clone())).chain(by_address).collect()
}

/// Where the files went that are no longer at their old places.
fn moves(
    workspace: &Workspace,
    repository: &GitRepository,
    commit: CommitId,
    changed: &[(RelPath, Difference)],
    request: &BaseRequest,
) -> Result<Moves, BaseError> {
    let mut moves = Moves::default();
    for (path, difference) in changed {
        match difference {
            // What no name says is none; it may be large, or missing in a clone of parts.
            Difference::Removed if request.format.is_some() || path.file_type().is_some() => {
                let Some(bytes) = repository.text_at(commit, path)? else { continue };
                let text = Decoded::lenient(&bytes);
                if format_of(workspace, path, &text, request).is_ok_and(|it| it.is_some()) {
                    moves.gone(path, &text);
                }
            }
            // Only what may be a schema is read.
            Difference::Added if Language::of_path(path.as_str()).is_some() => {
                if let Some(text) = text_of(workspace, path) {
                    moves.came(path, &text);
                }
            }
            Difference::Removed | Difference::Added | Difference::Modified => {}
        }
    }
    moves.pair();
    Ok(moves)
}

/// The beginning of a file, for what is about all of it.
fn top_of(file: &NamedText) -> ComparedPlace {
    let top = Point { line: 1, column: 1 };
    ComparedPlace { file: file.name.clone(), start: top, end: top, span: Span::new(0, 0) }
}

/// A file that is gone. No reader of messages fails for it, but whoever looks its schema up does.
fn removed(path: &RelPath) -> ComparedChange {
    ComparedChange {
        kind: "FILE_REMOVED",
        class: Class::Unclassified.name(),
        mode: String::new(),
        path: path.to_string(),
        breaks: Vec::new(),
        old: None,
        new: None,
        related: Vec::new(),
        message: format!("{path} was removed; whoever still refers to it finds nothing."),
        advice: Some(
            "Keep the file, and mark its channel as deprecated, until nobody reads or writes it any more.".to_owned(),
        ),
    }
}

/// A file that has another path now.
fn moved(path: &RelPath, to: &RelPath) -> ComparedChange {
    ComparedChange {
        kind: "FILE_MOVED",
        class: Class::Unclassified.name(),
        message: format!("{path} was moved to {to}; whoever refers to it by its path finds nothing."),
        advice: Some("Move what refers to it along, in other repositories as well.".to_owned()),
        ..removed(path)
    }
}

/// A file that tells nothing any more.
fn invalid(path: &RelPath, reason: &str) -> ComparedChange {
    ComparedChange {
        kind: "FILE_INVALID",
        class: Class::Breaking.name(),
        message: format!("{path} cannot be compared, because it cannot be read: {reason}"),
        advice: Some("Mend the file: whoever reads it fails, whatever else changed.".to_owned()),
        ..removed(path)
    }
}

/// A file that looks like a schema and does not say that it is one. Not all data with properties is a promise.
fn not_compared(path: &RelPath, old: &NamedText) -> ComparedChange {
    ComparedChange {
        kind: "FILE_NOT_COMPARED",
        old: Some(top_of(old)),
        message: format!("{path} looks like a JSON Schema and was not compared, because nothing says that it is one."),
        advice: Some(
            "Name the file to have it compared, or say what it is with `$schema`, the ending `.schema.json` or a \
            link from the contract of its channel."
                .to_owned(),
        ),
        ..removed(path)
    }
}

/// A file whose old version tells nothing.
fn unreadable(path: &RelPath, reason: &str) -> ComparedChange {
    ComparedChange {
        kind: "FILE_WAS_INVALID",
        class: Class::Unclassified.name(),
        message: format!("{path} cannot be compared: {reason}"),
        advice: Some("Look at the change yourself, or compare with a revision at which the file was valid.".to_owned()),
        ..removed(path)
    }
}

/// What is said where a file refers to so many others that not all of them were read.
pub(super) fn unread(new: &NamedText, old: &[NamedText]) -> Option<ComparedChange> {
    let most = old.iter().chain([new]).map(|it| it.unread).max().filter(|it| *it > 0)?;
    let path = RelPath::new(&new.name);
    let change = unreadable(&path, "");
    Some(ComparedChange {
        kind: "FILES_NOT_READ",
        new: Some(top_of(new)),
        message: format!(
            "{most} or more files that {path} refers to were not read, because they are too many: what changed in them \
            is not told."
        ),
        advice: Some("Name those files to have them compared by themselves.".to_owned()),
        ..change
    })
}

/// A file that cannot be compared, for a reason that has no place in it.
pub(super) fn unreadable_file(path: &RelPath, kind: &'static str, reason: &str) -> ComparedChange {
    let top = Point { line: 1, column: 1 };
    let place = ComparedPlace { file: path.to_string(), start: top, end: top, span: Span::new(0, 0) };
    ComparedChange { kind, new: Some(place), ..unreadable(path, reason) }
}

/// The format of a file that was changed or removed; `None` when it is neither schema nor AsyncAPI document.
fn format_of(
    workspace: &Workspace,
    path: &RelPath,
    old: &str,
    request: &BaseRequest,
) -> Result<Option<Format>, ComparisonError> {
    // Who names a file says that it is one.
    let is_asked_for = request.paths.contains(path);
    let by_name = Format::of(path.as_str(), old);
    let told = if is_asked_for { by_name } else { compared_format(workspace.config(), path, old) };
    match told {
        Some(Format::Asyncapi) => Ok(Some(Format::Asyncapi)),
        Some(it) => Ok(request.format.or(Some(it))),
        None if is_asked_for => match request.format {
            Some(it) => Ok(Some(it)),
            None => Err(ComparisonError::UnknownFormat { name: path.to_string() }),
        },
        _ => Ok(None),
    }
}

/// What a file says now. Schemas outside the layout are not part of the workspace, and are read from the disk.
pub fn text_of(workspace: &Workspace, path: &RelPath) -> Option<Arc<str>> {
    let known = workspace.file(path).and_then(|it| workspace.text(it)).filter(|it| !it.is_empty());
    known.or_else(|| match load(&workspace.root().join(path.as_str()), workspace.config().max_file_size())? {
        Loaded::Text(text) => Some(text),
        Loaded::Unreadable(..) => None,
    })
}

/// The only file with a schema that calls itself by an address, as the index names it.
pub fn declared_in(workspace: &Workspace, name: &SmolStr) -> Option<RelPath> {
    match workspace.declared(name) {
        Declared::In(_, path) => Some(path.clone()),
        Declared::Nowhere | Declared::Several => None,
    }
}

/// Of a schema that more files refer to, by themselves or through others, nobody says that all of them only send; so
/// the default mode holds.
pub const MAX_USERS: usize = 1_000;

/// The mode of a schema that AsyncAPI documents refer to, by themselves or through other schemas.
fn mode_of_users(workspace: &Workspace, path: &RelPath) -> Option<Mode> {
    let (mut open, mut seen) = (vec![path.clone()], FxHashSet::default());
    let mut users = Vec::new();
    // A part of a schema is read by those who read the schema.
    while let Some(path) = open.pop() {
        for file in referring(workspace, &path).into_iter().chain(importing(workspace, &path)) {
            let is_schema = workspace.kind(file) == Kind::Schema;
            if seen.len() > MAX_USERS {
                return None;
            }
            if seen.insert(file) {
                users.extend(workspace.facts(file).and_then(FileFacts::asyncapi));
                open.extend(is_schema.then(|| workspace.path(file).clone()));
            }
        }
    }
    mode_for(users.into_iter())
}

/// The mode of a schema that these documents refer to: if their applications only send, its readers are others, with
/// the schema they have.
pub fn mode_for<'a>(users: impl Iterator<Item = &'a AsyncApiFacts>) -> Option<Mode> {
    let mut actions = users.flat_map(|it| &it.outline.operations).map(|it| it.action).peekable();
    (actions.peek().is_some() && actions.all(|it| it == Some(Action::Send))).then_some(Mode::Forward)
}

/// The compatibility mode that the contract of a schema's channel promises.
pub(crate) fn contract_mode(workspace: &Workspace, path: &RelPath) -> Option<Mode> {
    let channel = workspace.facts(workspace.file(path)?)?.captures.channel.clone()?;
    let contracts = workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.kind == Kind::Contract);
    let mut mentions = contracts.flat_map(|it| &it.channels).filter(|it| it.name.text == channel);
    mentions.find_map(|it| it.compatibility.as_ref()).and_then(|it| Mode::of_name(&it.text))
}
