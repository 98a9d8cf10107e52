//! What files say that others refer to or that configure other tools, whether or not they are artifacts themselves.

use std::sync::{Arc, Mutex};

use archwright_model::{RelPath, facts::Loaded};
use archwright_schema::Language;
use archwright_syntax::data::{self, Format, Tree};
use rustc_hash::FxHashMap;

use super::{read, state::State};

/// How many trees and texts are kept: those of the files around the document that is typed in.
const MAX_TREES: usize = 64;

/// Trees by path, with the text they were made from, and texts of files that nothing else is made of.
#[derive(Debug, Default)]
pub struct Trees {
    trees: Mutex<FxHashMap<RelPath, Arc<Tree>>>,
    texts: Mutex<FxHashMap<RelPath, Option<Arc<str>>>>,
}

impl Trees {
    /// Drops the tree of a file that may have changed.
    pub fn forget(&self, path: &RelPath) {
        if let Ok(mut trees) = self.trees.lock() {
            trees.remove(path);
        }
        if let Ok(mut texts) = self.texts.lock() {
            texts.remove(path);
        }
    }

    /// Drops all trees.
    pub fn clear(&self) {
        if let Ok(mut trees) = self.trees.lock() {
            trees.clear();
        }
        if let Ok(mut texts) = self.texts.lock() {
            texts.clear();
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
        if let Some(tree) = self.trees.trees.lock().ok().and_then(|it| it.get(path).cloned()) {
            return Referenced::Tree(tree);
        }
        let text = match self.text(path) {
            Found::Text(text) => text,
            Found::Unreadable => return Referenced::Other,
            Found::Missing => return Referenced::Missing,
        };
        let tree = Arc::new(data::parse(text, format));
        if let Ok(mut trees) = self.trees.trees.lock() {
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

    /// The text of a file below the root, whatever it is.
    pub(crate) fn any_text(&self, path: &RelPath) -> Option<Arc<str>> {
        if path.escapes() {
            return None;
        }
        if let Some(known) = self.trees.texts.lock().ok().and_then(|it| it.get(path).cloned()) {
            return known;
        }
        let text = match self.text(path) {
            Found::Text(text) => Some(text),
            Found::Unreadable | Found::Missing => None,
        };
        if let Ok(mut texts) = self.trees.texts.lock() {
            if texts.len() >= MAX_TREES {
                texts.clear();
            }
            texts.insert(path.clone(), text.clone());
        }
        text
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
