//! A configuration for the documents that a repository has already: where they lie, by kind, in whatever form.

mod drafts;

use std::collections::BTreeMap;

use archwright_syntax::FileType;

use archwright_engine::Workspace;
use archwright_model::{
    FileId, Kind, RelPath,
    config::{Config, FILE_NAME},
    edit::WorkspaceEdit,
    layout::is_helper_name,
};

use crate::services;

pub use drafts::{DraftEnd, DraftState, DraftedChannel, Drafts, draft_contracts, undescribed};

/// What makes the documents of a repository known.
#[derive(Clone, Debug)]
pub struct Adoption {
    /// The text of `archwright.toml`.
    pub text: String,
    /// The file with that text. It can be made only where there is none.
    pub edit: WorkspaceEdit,
}

/// Documents of one kind that nobody named.
#[derive(Debug, Default)]
struct Found {
    /// Those that have the form of a dialect, by the title of it.
    forms: BTreeMap<String, usize>,
    /// How many of them have no form that has a name.
    formless: usize,
    /// Those that lie where such documents lie, or look like them.
    similar: usize,
    /// Where they are.
    documents: Vec<Document>,
}

/// A document that nobody named.
#[derive(Debug)]
struct Document {
    path: RelPath,
    /// Whether it has the form of a dialect, and does not only look like it.
    is_recognised: bool,
}

/// Proposes a configuration for the documents of a workspace that follow no template of ours and stand at no place that
/// it names, and for the code that sends or receives messages and is of no service that it names; `None` if there is
/// neither.
pub fn adopt(workspace: &Workspace) -> Option<Adoption> {
    let mut found: BTreeMap<Kind, Found> = BTreeMap::new();
    let mut all = Counts::new();
    for file in workspace.files() {
        let path = workspace.path(file);
        if path.file_type() == Some(FileType::Markdown) && !is_helper_name(path.stem()) {
            *all.entry(path.parent()).or_default() += 1;
        }
        let Some((kind, is_recognised)) = kind(workspace, file) else { continue };
        let of_kind = found.entry(kind).or_default();
        of_kind.documents.push(Document { path: path.clone(), is_recognised });
        match workspace.dialect(file).filter(|it| it.is_foreign) {
            Some(dialect) => *of_kind.forms.entry(dialect.title.clone()).or_default() += 1,
            None if is_recognised => of_kind.formless += 1,
            None => of_kind.similar += 1,
        }
    }
    let mut places = String::new();
    for (kind, mut of_kind) in found {
        of_kind.documents.sort_by(|a, b| a.path.cmp(&b.path));
        let globs = globs(&of_kind, &all);
        let left = of_kind.left_by(&globs);
        let globs: Vec<String> = globs.iter().map(|it| quoted(it)).collect();
        if globs.is_empty() {
            // Known as one, it would be held to what such a document has to be; that is for people to say.
            if !left.is_empty() {
                places.push_str(&format!("# May be one; without the sign before it, it is:\n# {kind} = [{left}]\n"));
            }
            continue;
        }
        let left = if left.is_empty() { left } else { format!("# Not among them, and may be one: {left}\n") };
        let list = match globs.as_slice() {
            [only] => format!("[{only}]"),
            several => format!("[\n  {},\n]", several.join(",\n  ")),
        };
        // What nobody recognised is a guess, which people say whether to take.
        if of_kind.documents.iter().any(|it| it.is_recognised) {
            places.push_str(&format!("# {}\n{left}{kind} = {list}\n", of_kind.told(kind)));
        } else {
            let list = list.replace('\n', "\n# ");
            places.push_str(&format!(
                "# {}; without the sign before it, it is:\n# {kind} = {list}\n{left}",
                of_kind.told(kind)
            ));
        }
    }
    let documents = if places.is_empty() { places } else { format!("{HEAD}\n[documents]\n{places}") };
    // Names of files may be whatever a system allows.
    let parts = [documents, services::draft(workspace)];
    let is_read = |it: &String| !it.is_empty() && Config::parse(it).1.is_empty();
    let text = parts.into_iter().filter(is_read).collect::<Vec<_>>().join("\n");
    let is_read = is_read(&text);
    is_read.then(|| Adoption { edit: WorkspaceEdit::create(RelPath::new(FILE_NAME), text.clone()), text })
}

const HEAD: &str = "\
# Documents at the places below are known as what they are, in the form that they have: their links, numbers, dates and
# relations are checked, and what they say. Move a line to [layout] to hold its documents to the template of their kind.
# All keys: https://github.com/archwright/archwright/blob/main/docs/configuration.md
";

/// The kind of a document that stands at no place that the workspace names, and whether it was recognised.
fn kind(workspace: &Workspace, file: FileId) -> Option<(Kind, bool)> {
    let facts = workspace.facts(file)?;
    let is_named = || workspace.config().documents().classify(&facts.path).is_some();
    if facts.opted_in() || facts.document().is_none() || is_named() {
        return None;
    }
    match facts.resembles {
        Some(kind) => Some((kind, false)),
        None => facts.is_recognised().then_some((facts.kind, true)),
    }
}

/// More folders are put together under the one above them.
const MOST_FOLDERS: usize = 3;

/// How many folders have how many documents.
type Counts = BTreeMap<RelPath, usize>;

/// The places of documents: folders in which they are at least half of what lies there, else the files that were
/// recognised. `all` says how many documents a folder has.
fn globs(of_kind: &Found, all: &Counts) -> Vec<String> {
    let mut trees: BTreeMap<&str, BTreeMap<RelPath, Vec<&Document>>> = BTreeMap::new();
    // A star or a brace in a name would be read as one of a glob.
    for document in of_kind.documents.iter().filter(|it| !it.path.as_str().contains(['*', '{', '}'])) {
        let top = document.path.as_str().split_once('/').map_or("", |it| it.0);
        trees.entry(top).or_default().entry(document.path.parent()).or_default().push(document);
    }
    let one_for_all = |folders: &BTreeMap<RelPath, Vec<&Document>>| {
        let folder = shared(folders.keys());
        let documents: Vec<&Document> = folders.values().flatten().copied().collect();
        if folders.len() <= MOST_FOLDERS || folder.as_str().is_empty() {
            return None;
        }
        // Each in a folder of its own, as proposals and catalogs have them.
        let first = documents.first()?;
        let name = first.path.name();
        let parent = first.path.parent();
        let is_alike = folders.keys().all(|it| it.name() == parent.name());
        let in_them: usize = folders.keys().filter_map(|it| all.get(it)).sum();
        // A folder of records in each package says nothing of what else packages hold.
        if is_alike && parent != folder && 2 * documents.len() >= in_them {
            return Some(format!("{folder}/**/{}/*.md", parent.name()));
        }
        let is_name_of_most = documents.iter().filter(|it| it.path.name() == name).count() * 10 >= documents.len() * 9;
        let is_mostly = || 2 * documents.len() >= count_below(&folder, all);
        let rest = if is_name_of_most { Some(name) } else { is_mostly().then_some("*.md") };
        rest.map(|it| format!("{folder}/**/{it}"))
    };
    let each = |folders: &BTreeMap<RelPath, Vec<&Document>>| -> Vec<String> {
        folders.iter().flat_map(|(folder, documents)| globs_of_folder(folder, documents, all)).collect()
    };
    trees.values().flat_map(|it| one_for_all(it).map_or_else(|| each(it), |one| vec![one])).collect()
}

fn globs_of_folder(folder: &RelPath, documents: &[&Document], all: &Counts) -> Vec<String> {
    let all = all.get(folder).copied().unwrap_or_default();
    let is_named = documents.iter().all(|it| !is_helper_name(it.path.stem()) && it.path.extension() == "md");
    if is_named && documents.len() > 1 && 2 * documents.len() >= all && !folder.as_str().is_empty() {
        return vec![format!("{folder}/*.md")];
    }
    documents.iter().filter(|it| it.is_recognised).map(|it| it.path.to_string()).collect()
}

/// How many documents there are in a folder and below it.
fn count_below(folder: &RelPath, all: &Counts) -> usize {
    let prefix = format!("{folder}/");
    all.iter().filter(|it| it.0 == folder || it.0.as_str().starts_with(&prefix)).map(|it| it.1).sum()
}

/// The folder that holds all of some folders.
fn shared<'a>(folders: impl Iterator<Item = &'a RelPath>) -> RelPath {
    let mut shared: Option<Vec<&str>> = None;
    for folder in folders {
        let parts: Vec<&str> = folder.as_str().split('/').collect();
        let length = |it: &Vec<&str>| it.iter().zip(&parts).take_while(|it| it.0 == it.1).count();
        match &mut shared {
            Some(shared) => shared.truncate(length(shared)),
            None => shared = Some(parts),
        }
    }
    RelPath::new(&shared.unwrap_or_default().join("/"))
}

/// A path as a string of TOML.
fn quoted(path: &str) -> String {
    toml_edit::Value::from(path).to_string()
}

/// So many documents that may be one are named.
const MOST_LEFT: usize = 20;

impl Found {
    /// The documents that look like one and that none of these places holds, as a list of TOML without its brackets.
    fn left_by(&self, globs: &[String]) -> String {
        let is_held = |it: &Document| {
            globs.iter().any(|glob| match glob.rsplit_once('/') {
                Some((folder, "*.md")) => match folder.split_once("/**") {
                    Some((top, "")) => it.path.as_str().starts_with(&format!("{top}/")),
                    Some((top, below)) => {
                        it.path.as_str().starts_with(&format!("{top}/")) && it.path.parent().as_str().ends_with(below)
                    }
                    None => it.path.parent().as_str() == folder,
                },
                _ => it.path.as_str() == glob || glob.contains("**"),
            })
        };
        let similar = self.documents.iter().filter(|it| !it.is_recognised && !is_held(it));
        let named: Vec<String> = similar.take(MOST_LEFT).map(|it| quoted(it.path.as_str())).collect();
        named.join(", ")
    }

    /// How many there are, and in which forms.
    fn told(&self, kind: Kind) -> String {
        let recognised = self.forms.values().sum::<usize>() + self.formless;
        let plural = |number: usize| if number == 1 { "" } else { "s" };
        let mut forms: Vec<_> = self.forms.iter().collect();
        forms.sort_by_key(|it| std::cmp::Reverse(it.1));
        let forms: Vec<String> = forms.into_iter().map(|(form, number)| format!("{number} {form}")).collect();
        let forms = if forms.is_empty() { String::new() } else { format!(" ({})", forms.join(", ")) };
        let similar = match self.similar {
            0 => String::new(),
            number if recognised == 0 => format!("{number} document{} that may be one", plural(number)),
            number => format!("; {number} more may be one"),
        };
        match recognised {
            0 => similar,
            number => format!("{number} {}{}{forms}{similar}", kind.noun(), plural(number)),
        }
    }
}
