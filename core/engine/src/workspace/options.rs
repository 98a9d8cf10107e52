//! How to open a workspace.

use std::path::PathBuf;

use super::Root;
use crate::store::{Base, cache};

/// How to open a workspace.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// The root, or the file, to open.
    pub root: Root,
    /// Whether to remember what each file's findings depend on, so that changes can be applied.
    pub track: bool,
    /// A configuration file other than the one at the root.
    pub config: Option<PathBuf>,
    /// What schemas and AsyncAPI documents are compared with.
    pub base: Base,
    /// Whether rules run. Without them there are no findings, and opening costs what reading costs.
    pub checks: bool,
    /// The folder in which what was read of code is kept from one run to the next; without it nothing is kept.
    pub cache: Option<PathBuf>,
}

impl OpenOptions {
    /// For a server: changes will follow.
    pub fn server(root: Root) -> Self {
        Self { root, track: true, config: None, base: Base::Git { revision: None }, checks: true, cache: None }
    }

    /// The same, with what was read of code kept where the system keeps such things.
    #[must_use]
    pub fn cached(self) -> Self {
        Self { cache: cache::folder(), ..self }
    }

    /// For a run that ends: everything is checked once, and compared with nothing.
    pub fn batch(root: Root) -> Self {
        Self { root, track: false, config: None, base: Base::None, checks: true, cache: None }
    }

    /// For one question about what files say, after which the run ends: nothing is checked.
    pub fn question(root: Root) -> Self {
        Self { checks: false, ..Self::batch(root) }
    }
}
