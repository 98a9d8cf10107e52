//! Looking at the workspace with other texts: what it was at a revision, without a checkout.

use std::sync::Arc;

use archwright_model::{RelPath, key::FileId};
use rustc_hash::FxHashSet;

use super::{
    Workspace,
    changes::{FEW, Listing},
    load,
};

/// What a file says in an overlay; `None` where it does not exist.
pub type OtherText = (RelPath, Option<Arc<str>>);

impl Workspace {
    /// Shows the workspace with other texts: calls `look` with the files whose findings that touches, and takes the
    /// texts back. Costs what the touched files cost. The configuration stays as it is: both sides are judged by one.
    /// Within `look`, other texts may be shown over these.
    pub fn with_texts<T>(&mut self, texts: &[OtherText], look: impl FnOnce(&mut Self, &[FileId]) -> T) -> T {
        let (mut run, mut buffers) = (FxHashSet::default(), Vec::new());
        let hidden = self.state.hidden.clone();
        let is_overlaid = |it: &&OtherText| !self.is_config(&it.0) && !self.state.config.excludes(&it.0);
        let texts: Vec<OtherText> = texts.iter().filter(is_overlaid).cloned().collect();
        for (path, text) in &texts {
            let id = self.state.files.intern(path);
            buffers.push(self.state.buffers.remove(&id));
            match text {
                Some(text) => {
                    self.state.hidden.remove(path);
                    self.state.buffers.insert(id, text.clone());
                    self.present(id, true, &mut run);
                    let loaded = load::of_buffer(path, text.clone(), &self.state.config);
                    self.replace(id, loaded, &mut run);
                }
                None => {
                    self.state.hidden.insert(path.clone());
                    self.present(id, false, &mut run);
                    self.replace(id, None, &mut run);
                    self.changed_on_disk(path, &mut run);
                }
            }
        }
        let touched = self.check_all(run);
        let seen = look(self, &touched);
        self.take_back(texts, buffers, touched, hidden);
        seen
    }

    fn take_back(
        &mut self,
        texts: Vec<OtherText>,
        buffers: Vec<Option<Arc<str>>>,
        touched: Vec<FileId>,
        hidden: FxHashSet<RelPath>,
    ) {
        let mut run: FxHashSet<FileId> = touched.into_iter().collect();
        self.state.hidden = hidden;
        let mut listing = Listing { is_worth_it: texts.len() > FEW, files: None };
        for ((path, _), buffer) in texts.into_iter().zip(buffers) {
            let id = self.state.files.intern(&path);
            self.state.buffers.remove(&id);
            match buffer {
                Some(text) => {
                    self.state.buffers.insert(id, text.clone());
                    self.present(id, true, &mut run);
                    let loaded = load::of_buffer(&path, text, &self.state.config);
                    self.replace(id, loaded, &mut run);
                }
                None if self.state.hidden.contains(&path) => {
                    self.present(id, false, &mut run);
                    self.replace(id, None, &mut run);
                    self.changed_on_disk(&path, &mut run);
                }
                None => self.disk(&path, true, &mut listing, &mut run),
            }
        }
        self.check_all(run);
    }

    fn check_all(&mut self, run: FxHashSet<FileId>) -> Vec<FileId> {
        let mut files: Vec<FileId> = run.into_iter().collect();
        files.sort_unstable();
        self.check(&files);
        files
    }
}
