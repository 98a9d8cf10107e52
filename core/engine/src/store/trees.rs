//! The trees of files that AsyncAPI documents refer to, whether or not they are artifacts themselves.

use std::sync::{Arc, Mutex};

use archwright_model::{RelPath, facts::Loaded};
use archwright_schema::Language;
use archwright_syntax::data::{self, Format, Tree};
use rustc_hash::FxHashMap;

use super::{read, state::State};

/// How many trees are kept: those of the files around the document that is typed in.
const MAX_TREES: usize = 64;

/// Trees by path, with the text they were made from.
#[derive(Debug, Default)]
pub struct Trees(Mutex<FxHashMap<RelPath, Arc<Tree>>>);

impl Trees {
    /// Drops the tree of a file that may have changed.
    pub fn forget(&self, path: &RelPath) {
        if let Ok(mut trees) = self.0.lock() {
            trees.remove(path);
        }
    }

    /// Drops all trees.
    pub fn clear(&self) {
        if let Ok(mut trees) = self.0.lock() {
            trees.clear();
        }
    }
}

/// What a reference to a file finds.
#[derive(Clone, Debug)]
pub enum Referenced {
    /// A YAML or JSON file.
    Tree(Arc<Tree>),
    /// A file in another language, or one that cannot be read as text.
    Other,
    /// A folder.
    Folder,
    /// Something outside the workspace, which is not read.
    Outside,
    /// Nothing.
    Missing,
}

impl State {
    /// The file at a path, whoever describes it: the buffer, else what was read, else the disk.
    pub(crate) fn referenced(&self, path: &RelPath) -> Referenced {
        if path.escapes() {
            return if self.look_up(path) { Referenced::Outside } else { Referenced::Missing };
        }
        let Some(format) = Format::of_path(path.as_str()) else {
            if !self.files.exists(path) && !self.look_up(path) {
                return Referenced::Missing;
            }
            let is_folder = !self.files.is_present(path) && self.root.join(path.as_str()).is_dir();
            return if is_folder { Referenced::Folder } else { Referenced::Other };
        };
        if let Some(tree) = self.trees.0.lock().ok().and_then(|it| it.get(path).cloned()) {
            return Referenced::Tree(tree);
        }
        let text = match self.text(path) {
            Found::Text(text) => text,
            Found::Unreadable => return Referenced::Other,
            Found::Missing => return Referenced::Missing,
        };
        let tree = Arc::new(data::parse(text, format));
        if let Ok(mut trees) = self.trees.0.lock() {
            if trees.len() >= MAX_TREES {
                trees.clear();
            }
            trees.insert(path.clone(), tree.clone());
        }
        Referenced::Tree(tree)
    }

    /// The text of a Protobuf file at a path, which has no tree.
    pub(crate) fn referenced_text(&self, path: &RelPath) -> Option<Arc<str>> {
        let is_protobuf = Language::of_path(path.as_str()) == Some(Language::Protobuf) && !path.escapes();
        match is_protobuf.then(|| self.text(path))? {
            Found::Text(text) => Some(text),
            Found::Unreadable | Found::Missing => None,
        }
    }

    /// The text of a YAML, JSON or Protobuf file below the root.
    pub(crate) fn text_below(&self, path: &RelPath) -> Option<Arc<str>> {
        let is_data = Language::of_path(path.as_str()).is_some() && !path.escapes();
        match is_data.then(|| self.text(path))? {
            Found::Text(text) => Some(text),
            Found::Unreadable | Found::Missing => None,
        }
    }

    fn text(&self, path: &RelPath) -> Found {
        let id = self.files.id(path);
        if let Some(buffer) = id.and_then(|it| self.buffers.get(&it)) {
            return Found::Text(buffer.clone());
        }
        if let Some(facts) = id.and_then(|it| self.files.facts(it)).filter(|it| !it.text.is_empty()) {
            return Found::Text(facts.text.clone());
        }
        if self.hidden.contains(path) {
            return Found::Missing;
        }
        let absolute = self.root.join(path.as_str());
        self.look_into(path, &absolute);
        match read::load(&absolute, self.config.max_file_size()) {
            // A folder on the way may be a link that leads out.
            Some(_) if !is_inside(&self.root, &absolute) => Found::Unreadable,
            Some(Loaded::Text(text)) => Found::Text(text),
            Some(Loaded::Unreadable(..)) => Found::Unreadable,
            None if absolute.exists() => Found::Unreadable,
            None => Found::Missing,
        }
    }
}

enum Found {
    Text(Arc<str>),
    Unreadable,
    Missing,
}

fn is_inside(root: &std::path::Path, path: &std::path::Path) -> bool {
    let real = |it: &std::path::Path| it.canonicalize().ok();
    real(root).zip(real(path)).is_some_and(|(root, path)| path.starts_with(root))
}
