//! Protobuf files compared by the levels of buf, as a `buf.yaml`, the configuration or the caller asks for.

use std::sync::Arc;

use archwright_schema::breaking::{Annotation, Category, InvalidProto, Selection, SourceFile, breaking_with, rule};
use archwright_syntax::data::{self, Node};

use archwright_model::{RelPath, TextFile};

/// The file in which a project says how its Protobuf files are compared.
const SETTINGS: &str = "buf.yaml";

/// So many files that cannot be read are left out one by one.
const MOST_UNREADABLE: usize = 50;

/// What holds for a Protobuf file.
#[derive(Clone, Debug)]
pub struct Levels {
    /// The folder that paths of the settings are relative to.
    pub root: RelPath,
    /// The rules.
    pub selection: Selection,
    /// Who asks for them: `` `buf.yaml` ``.
    pub asked_by: String,
}

/// Settings that cannot be followed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{file}: {message}")]
pub(crate) struct InvalidLevels {
    file: RelPath,
    message: String,
}

impl Levels {
    /// The levels that hold for a file: those that were chosen, else those of the nearest `buf.yaml`, if it says what
    /// breaks. `read` gives the text of a path relative to the root.
    pub(crate) fn of(
        path: &RelPath,
        chosen: Option<Category>,
        read: impl Fn(&RelPath) -> Option<Arc<str>>,
    ) -> Result<Option<Self>, InvalidLevels> {
        let folders = std::iter::successors(Some(path.parent()), |it| (!it.as_str().is_empty()).then(|| it.parent()));
        let found = folders.into_iter().find_map(|root| {
            let file = root.join(SETTINGS);
            read(&file).map(|text| (root, file, text))
        });
        let Some((root, file, text)) = found else {
            let alone = |it: Category| Self {
                root: RelPath::default(),
                selection: Selection::of_categories(&[it]),
                asked_by: level(it),
            };
            return Ok(chosen.map(alone));
        };
        let module = below(path, &root);
        if chosen.is_none() && !says_what_breaks(&text) {
            return Ok(None);
        }
        let mut selection = Selection::of_buf_yaml_for(&text, &module)
            .map_err(|error| InvalidLevels { file: file.clone(), message: error.message })?;
        let Some(category) = chosen else {
            return Ok(Some(Self { root, selection, asked_by: format!("`{file}`") }));
        };
        // The rules are others; where nobody minds stays as the project says.
        let ignored = std::mem::replace(&mut selection, Selection::of_categories(&[category]));
        selection.ignore = ignored.ignore;
        selection.ignore_unstable_packages = ignored.ignore_unstable_packages;
        Ok(Some(Self { root, selection, asked_by: level(category) }))
    }

    /// The changes from old to new files that the rules forbid, with the files that are no Protobuf; these are left
    /// out.
    pub(crate) fn compare(&self, old: &[TextFile], new: &[TextFile]) -> (Vec<Annotation>, Vec<InvalidProto>) {
        let named = |files: &[TextFile]| -> Vec<Named> {
            files.iter().map(|it| Named { path: below(&it.path, &self.root), text: it.text.clone() }).collect()
        };
        let (mut old, mut new) = (named(old), named(new));
        let mut invalid = Vec::new();
        loop {
            match breaking_with(&sources(&old), &sources(&new), &self.selection) {
                Ok(found) => return (found, invalid),
                Err(error) if invalid.len() < MOST_UNREADABLE => {
                    old.retain(|it| it.path != error.path);
                    new.retain(|it| it.path != error.path);
                    invalid.push(error);
                }
                Err(mut error) => {
                    error.message.push_str(&format!(
                        " The other files below {} were not compared, because more than {MOST_UNREADABLE} of them \
                        cannot be read.",
                        if self.root.as_str().is_empty() { "the root" } else { self.root.as_str() }
                    ));
                    invalid.push(error);
                    return (Vec::new(), invalid);
                }
            }
        }
    }
}

/// A file under the name that imports know it by.
struct Named {
    path: String,
    text: Arc<str>,
}

fn sources(files: &[Named]) -> Vec<SourceFile<'_>> {
    files.iter().map(|it| SourceFile { path: &it.path, text: &it.text }).collect()
}

/// The safe way to make a change that a rule forbids.
pub fn advice(annotation: &Annotation) -> Option<&'static str> {
    rule(annotation.rule).map(|it| it.advice)
}

fn level(category: Category) -> String {
    format!("the level `{}`", category.name())
}

/// A path as the settings in a folder above it write it.
pub fn below(path: &RelPath, root: &RelPath) -> String {
    let rest = path.as_str().strip_prefix(root.as_str()).unwrap_or(path.as_str());
    rest.trim_start_matches('/').to_owned()
}

/// Whether settings have a section on what breaks: many are there for other reasons.
fn says_what_breaks(text: &str) -> bool {
    // The tree is only worth its time where the word stands somewhere.
    text.contains("breaking") && {
        let tree = data::parse(text, data::Format::Yaml);
        let of_modules = tree.pointer("/modules").into_iter().flat_map(Node::items);
        tree.root().into_iter().chain(of_modules).any(|it| it.get("breaking").is_some())
    }
}
