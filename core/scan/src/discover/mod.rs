//! Messaging found in a whole repository: who sends and receives on which channel, through constants, configuration,
//! wrappers, interfaces and type names, and where a database write and a send can part.
//!
//! [`read`] reads one file and depends on its text alone; [`discover`] joins what was read. A channel whose name cannot
//! be known stays unresolved, with the expression that would have to be answered.

mod body;
mod callers;
mod clients;
mod commits;
mod configuration;
mod conventions;
mod declared;
mod edges;
mod files;
mod found;
mod groups;
mod handlers;
mod hierarchy;
mod homes;
mod index;
mod kept;
mod lookups;
mod messages;
mod modules;
mod naming;
mod operations;
mod outbox;
mod outside;
mod packages;
mod projects;
pub(crate) mod risks;
mod routes;
mod rows;
mod sections;
mod sent;
mod stores;
mod types;
mod values;
mod writes;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use files::{FileFacts, Ignored, Manner, Outputs, ignored, read, speaks_of_messaging};
pub use kept::VERSION;
pub use messages::MessageType;
pub use naming::Project;
pub use risks::{Risk, RiskKind, RiskLevel};
pub use stores::Store;

use crate::infrastructure::{self, Declared};
use crate::{Action, Skipped};

/// How the name of a channel was found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Resolution {
    /// It is written at the call.
    Literal,
    /// It is a constant, a field or a member of an enum.
    Constant,
    /// It is the name of the message's type.
    TypeName,
    /// It stands in a configuration file.
    Configuration,
    /// It is the default of something that a deployment can set.
    Default,
    /// It is a variable of the environment; the name is that of the variable.
    Environment,
    /// It is a member of a type that stands elsewhere; the name is that of the member.
    External,
    /// It has holes that are filled when the code runs; they are written `{}`.
    Template,
    /// It is not known; the name is the expression.
    Unresolved,
}

/// The channel of an edge.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Channel {
    /// Its name, see [`Resolution`].
    pub name: SmolStr,
    /// How it was found.
    pub resolution: Resolution,
}

/// A place where a service sends to a channel or receives from it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Edge {
    /// Which way messages go.
    pub action: Action,
    /// The channel.
    pub channel: Channel,
    /// The type of the message, where code tells it.
    pub message: Option<SmolStr>,
    /// Whether messages of other types go there too, or of types that are not known.
    pub has_more_types: bool,
    /// The service: the name of the project that the file belongs to.
    pub service: SmolStr,
    /// The file, relative to the root, with forward slashes.
    pub path: SmolStr,
    /// Counts from 1.
    pub line: u32,
    /// The client library.
    pub library: SmolStr,
    /// The kind of broker that the library speaks to; empty if it speaks to several.
    pub broker: SmolStr,
    /// The function of the repository through which the library is called, if it is not called here.
    pub through: Option<SmolStr>,
    /// The group that shares the work of receiving, where its name is known.
    pub group: Option<Channel>,
    /// What is sent is committed with the database.
    pub outbox: bool,
    /// An answer is waited for, as of a call.
    pub asks: bool,
    /// The file that says that the project has a broker, where the library is a package of another repository that is
    /// told by its name and its calls alone.
    pub rests_on: Option<SmolStr>,
}

/// A database write and a send that are not one transaction.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DualWrite {
    /// The file, relative to the root.
    pub path: SmolStr,
    /// The line of the write; counts from 1.
    pub write: u32,
    /// The line of the send; counts from 1.
    pub send: u32,
    /// The channel that is sent to.
    pub channel: Channel,
}

/// A broker, and where it is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Broker {
    /// Its kind: `kafka`, `rabbitmq`.
    pub kind: SmolStr,
    /// The files that tell it.
    pub evidence: Vec<SmolStr>,
}

/// What was found in a repository.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Discovery {
    /// In the order of files and lines.
    pub edges: Vec<Edge>,
    /// In the order of files and lines.
    pub dual_writes: Vec<DualWrite>,
    /// In the order of files and lines.
    pub risks: Vec<Risk>,
    /// In the order of their names.
    pub brokers: Vec<Broker>,
    /// In the order of their folders.
    pub projects: Vec<Project>,
    /// The databases that settings give to projects, in the order of their folders.
    pub stores: Vec<Store>,
    /// Channels that infrastructure declares or uses, in the order of files and lines.
    pub declared: Vec<Declared>,
    /// The types of messages, where code of the repository declares them.
    pub messages: Vec<MessageType>,
    /// Files of code that were not read, and why.
    pub skipped: Vec<(SmolStr, Skipped)>,
}

/// Joins what was read of the files of a repository.
pub fn discover(files: &[FileFacts]) -> Discovery {
    let modules: Vec<_> = files.iter().map(FileFacts::module).filter(|it| !it.items.is_empty()).collect();
    let infrastructure = infrastructure::join(&modules);
    let index = index::Index::new(files, &infrastructure.variables);
    let joined = edges::find(&index);
    let risks = risks::find(&index, &joined);
    let edges = joined.edges;
    let libraries = joined.libraries;
    let projects = naming::projects(files);
    Discovery {
        risks,
        dual_writes: writes::find(&index, &edges, &libraries),
        brokers: projects::brokers(&index, &edges),
        stores: stores::find(files, &projects),
        projects,
        declared: infrastructure.declared,
        messages: messages::find(&index, &edges),
        edges,
        skipped: files.iter().filter_map(FileFacts::skipped).collect(),
    }
}

impl Discovery {
    /// The folder that stands for all code of the service of a file: that of its project, and the first one where
    /// somebody says that several belong to one service.
    pub fn home_of(&self, path: &str) -> &str {
        let Some(project) = self.project_of(path) else { return "" };
        let is_one = |it: &&Project| it.service.is_some() && it.service == project.service;
        self.projects.iter().find(is_one).unwrap_or(project).folder.as_str()
    }

    /// The innermost project that a file belongs to.
    pub fn project_of(&self, path: &str) -> Option<&Project> {
        naming::project_of(&self.projects, path)
    }
}

#[cfg(test)]
mod tests;
