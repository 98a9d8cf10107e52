//! What several files can talk about, and the files that do.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use smol_str::SmolStr;

use super::path::RelPath;

/// A file of a workspace. Stays the same while the workspace is open, also across deletion and creation of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(
    /// Counted from 0, in the order in which files were first seen.
    pub u32,
);

impl FileId {
    /// The place of the file in lists that have one entry per file.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What several files can talk about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// Whether a file or folder exists at the path.
    Path(RelPath),
    /// The files with this name, in whatever folder.
    Name(SmolStr),
    /// The files directly in this folder.
    Folder(RelPath),
    /// The heading anchors of a file.
    Anchors(RelPath),
    /// The whole text of a file; read by findings that point into it.
    Text(RelPath),
    /// The artifacts of a feature.
    Feature(SmolStr),
    /// The decision records of a folder, with their numbers.
    Decisions(RelPath),
    /// The decision records of a folder that have this number.
    Numbered(RelPath, u32),
    /// The decision records that have this number, in whatever folder.
    Record(u32),
    /// What a decision record says of its status and of what it supersedes.
    Decision(RelPath),
    /// The decision records that link to this one as one that they replace or that replaces them.
    Claims(RelPath),
    /// The decision records of a folder that name the one of this number so.
    ClaimsOfNumber(RelPath, u32),
    /// What files say of a channel.
    Channel(SmolStr),
    /// What the contracts of a channel say of it. Very many files of code may ask, and each is among those that speak
    /// of the channel.
    ContractsOf(SmolStr),
    /// The links and references (`$ref`) of other files that lead to a file or folder.
    References(RelPath),
    /// The files with a schema that calls itself by this address (`$id`), and how many there are in each. An address
    /// that counts from the file is its path.
    Identified(SmolStr),
    /// The references (`$ref`) by such an address, unless it is a path.
    Addressed(SmolStr),
    /// The Avro schemas of a folder that declare a type of this name, or take it from elsewhere.
    Type(RelPath, SmolStr),
    /// The Avro schemas of a folder that declare a type of this name.
    DeclaredType(RelPath, SmolStr),
    /// The Avro schemas anywhere that declare a type of this name.
    TypeAnywhere(SmolStr),
    /// The Protobuf files with an import that may mean a file.
    Imported(RelPath),
    /// The channels that have a contract.
    Contracts,
    /// The names of the channels among a feature's boundary contracts; nobody speaks where there are none.
    Boundaries(SmolStr),
    /// The system concerns of a feature as its design states them.
    Concerns(SmolStr),
    /// The fields of a feature's README that the catalog repeats.
    Readme(SmolStr),
    /// The features that have a README.
    Readmes,
    /// The features that the catalog lists.
    Catalog,
    /// The artifacts that a feature's README lists.
    Listing(SmolStr),
    /// What the documents of a feature state that its other documents are held against.
    Statements(SmolStr),
    /// The pipelines and package manifests in which a name stands, in lower case.
    Runs(SmolStr),
    /// The pipelines.
    Pipelines,
    /// The documents that define a term, in lower case. No rule reads it: editors lead by it.
    Term(SmolStr),
    /// The documents that list a team, or name it as an owner where its name says that it is a team. No rule reads it.
    Team(SmolStr),
    /// The documents that list a team, which are few where very many name it as an owner. No rule reads it.
    Listed(SmolStr),
    /// Where files came from that were elsewhere where the work began.
    Moves,
}

impl Key {
    /// The hash under which reads of the key are remembered. A collision costs a needless re-run, nothing else.
    pub fn id(&self) -> u64 {
        hash_of(self)
    }
}

/// The hash of any value, for [`Entry::hash`].
pub fn hash_of(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// One thing that a file says under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// About what.
    pub key: Key,
    /// A hash of what is said. Everything that a rule may read through the key goes into it, but no span.
    pub hash: u64,
}
