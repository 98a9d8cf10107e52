//! What rules and features read: the files of a workspace, its configuration, and what was looked up for them.

use std::{path::PathBuf, sync::Arc};

use archwright_model::{
    RelPath,
    conventions::config::{Config, ConfigProblem},
    key::FileId,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{BaseTexts, Files, Index, LookUps, Trees};

/// What rules read: files, index and configuration.
#[derive(Debug)]
pub(crate) struct State {
    pub root: PathBuf,
    pub config: Config,
    pub config_problems: Vec<ConfigProblem>,
    pub files: Files,
    pub index: Index,
    /// What files said before the work on them began.
    pub base: BaseTexts,
    /// Whether only single files were opened, without a walk.
    pub single: bool,
    /// Buffers of open files.
    pub buffers: FxHashMap<FileId, Arc<str>>,
    /// Files on the disk that did not exist at the revision that is looked at.
    pub hidden: FxHashSet<RelPath>,
    /// What rules looked up on the disk.
    pub looked_up: LookUps,
    /// The files that AsyncAPI documents refer to.
    pub trees: Trees,
}
