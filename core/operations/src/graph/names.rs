//! What services are called: which names of documents and which projects of code are one service.

use std::collections::{BTreeMap, BTreeSet};

use archwright_model::{Config, config::Service};
use archwright_scan::discover::{Discovery, Edge, Project};
use smol_str::SmolStr;

use super::answer::FlowApart;
use crate::{
    identity::{self, Likeness, likeness},
    impact::{Documents, Speaker, folded},
};

/// The names of all services.
pub(crate) struct Names<'f> {
    found: &'f Discovery,
    /// By the names of documents without what is written in many ways.
    parties: BTreeMap<String, String>,
    /// By the folders of projects.
    projects: BTreeMap<String, String>,
    /// Names that may be one service.
    pub apart: Vec<FlowApart>,
}

/// Code that sends or receives, for a table of services.
pub(crate) struct Unlisted {
    /// What it is called.
    pub name: String,
    /// Where it lies.
    pub folder: String,
    /// What documents name, and may be it.
    pub perhaps: Vec<String>,
}

/// A service as documents name it.
#[derive(Default)]
struct Party<'d> {
    spellings: BTreeSet<&'d str>,
    /// Whether the workspace says itself where its code lies.
    listed: bool,
    /// The projects in which an AsyncAPI document of its lies.
    homes: BTreeSet<&'d str>,
}

/// A project that sends or receives.
struct Worker<'f> {
    folder: &'f str,
    names: Vec<&'f str>,
    /// The service that the workspace says it belongs to.
    service: Option<&'f str>,
}

impl<'f> Names<'f> {
    pub(crate) fn new(found: &'f Discovery, documents: &'f Documents, config: &Config) -> Self {
        let mut parties: BTreeMap<String, Party<'f>> = BTreeMap::new();
        for said in &documents.said {
            let party = parties.entry(folded(&said.party)).or_default();
            party.spellings.insert(said.party.as_str());
            party.listed |= config.service_called(&said.party).is_some_and(Service::has_paths);
            let home = found.project_of(said.file().as_str()).filter(|it| !it.folder.is_empty());
            if let Some(home) = home.filter(|_| said.speaker == Speaker::AsyncApi) {
                party.homes.insert(home.folder.as_str());
            }
        }
        let called = |key: &str, party: &Party<'_>| {
            let feature = documents.services.iter().find(|it| folded(it) == key).map(SmolStr::as_str);
            feature.or(party.spellings.first().copied()).unwrap_or_default().to_owned()
        };
        let workers = workers(found);
        let mut joined: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut unclear: Vec<(&str, Vec<&str>)> = Vec::new();
        for (key, party) in &parties {
            match party.fitting(key, &workers).as_slice() {
                [only] => joined.entry(only).or_default().push(key),
                [] => unclear.push((key, party.alike(&workers))),
                several => unclear.push((key, several.to_vec())),
            }
        }
        let mut names = Self { found, parties: BTreeMap::new(), projects: BTreeMap::new(), apart: Vec::new() };
        let name_of: BTreeMap<&str, String> =
            parties.iter().map(|(key, party)| (key.as_str(), called(key, party))).collect();
        // What only code has must not look like something that documents have.
        let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
        for worker in &workers {
            *taken.entry(worker.name()).or_default() += 1;
        }
        let is_party = |name: &str| name_of.values().any(|it| it == name);
        for worker in &workers {
            let of_parties = joined.get(worker.folder).map(Vec::as_slice).unwrap_or_default();
            let is_unique = taken.get(worker.name()) == Some(&1);
            let name = match of_parties {
                [only] => name_of.get(only).cloned().unwrap_or_default(),
                [] if is_unique && !is_party(worker.name()) => worker.name().to_owned(),
                [_, ..] if is_unique => worker.name().to_owned(),
                _ => format!("{} ({})", worker.name(), if worker.folder.is_empty() { "." } else { worker.folder }),
            };
            for party in of_parties {
                names.parties.insert((*party).to_owned(), name.clone());
            }
            names.projects.insert(worker.folder.to_owned(), name);
        }
        for (key, name) in &name_of {
            names.parties.entry((*key).to_owned()).or_insert_with(|| name.clone());
        }
        for (key, folders) in unclear {
            let open = folders.iter().filter(|it| !joined.contains_key(*it));
            let found: Vec<String> = open.filter_map(|it| names.projects.get(*it).cloned()).collect();
            if let Some(declared) = name_of.get(key).filter(|_| !found.is_empty()) {
                names.apart.push(FlowApart { declared: declared.clone(), found });
            }
        }
        names
    }

    /// The service that documents call so.
    pub(super) fn of_party(&self, party: &str) -> Option<&str> {
        self.parties.get(&folded(party)).map(String::as_str)
    }

    /// The service of a place in code.
    pub(crate) fn of_edge(&self, edge: &Edge) -> &str {
        self.projects.get(home(self.found, edge)).map_or("", String::as_str)
    }

    /// The code that sends or receives and is of no service that the workspace names.
    pub(super) fn unlisted(&self) -> Vec<Unlisted> {
        let found = workers(self.found).into_iter().filter(|it| it.service.is_none() && !it.folder.is_empty());
        let found = found.filter(|it| !it.folder.split('/').any(identity::is_shared));
        let unlisted = found.map(|worker| {
            let called = self.projects.get(worker.folder).map_or("", String::as_str);
            let is_unique = !called.ends_with(')');
            let apart = self.apart.iter().filter(|it| it.found.iter().any(|it| it == called));
            Unlisted {
                name: if is_unique { called.to_owned() } else { worker.folder.replace('/', "-") },
                folder: worker.folder.to_owned(),
                perhaps: apart.map(|it| it.declared.clone()).collect(),
            }
        });
        unlisted.collect()
    }

    /// Whether a place in code is in code that several services share.
    pub(crate) fn is_shared(&self, edge: &Edge) -> bool {
        let folder = home(self.found, edge);
        let is_listed = self.found.project_of(&edge.path).is_some_and(|it| it.service.is_some());
        !is_listed && !folder.is_empty() && folder.split('/').any(identity::is_shared)
    }

    /// The folders of services.
    pub(super) fn folders(&self) -> impl Iterator<Item = (&str, &str)> {
        self.projects.iter().map(|(folder, name)| (name.as_str(), folder.as_str()))
    }
}

impl Party<'_> {
    /// The projects whose names differ from this one in their form only; those that have it letter by letter alone, if
    /// there are any.
    fn fitting<'w>(&self, key: &str, workers: &'w [Worker<'_>]) -> Vec<&'w str> {
        if self.listed {
            let is_it = |it: &&Worker<'_>| it.service.is_some_and(|it| folded(it) == key);
            return workers.iter().filter(is_it).map(|it| it.folder).collect();
        }
        let exact = |it: &&Worker<'_>| it.names.iter().any(|it| folded(it) == key);
        let same = |it: &&Worker<'_>| self.homes.contains(it.folder) || self.likeness(it) == Likeness::Same;
        let found: Vec<&str> = workers.iter().filter(exact).map(|it| it.folder).collect();
        if found.is_empty() { workers.iter().filter(same).map(|it| it.folder).collect() } else { found }
    }

    /// The projects whose names have something in common with this one.
    fn alike<'w>(&self, workers: &'w [Worker<'_>]) -> Vec<&'w str> {
        let is_telling = !self.listed && self.spellings.iter().any(|it| identity::is_telling(it));
        let alike = workers.iter().filter(|it| is_telling && self.likeness(it) == Likeness::Unclear);
        alike.map(|it| it.folder).collect()
    }

    fn likeness(&self, worker: &Worker<'_>) -> Likeness {
        let telling = worker.names.iter().filter(|it| identity::is_telling(it));
        let all = telling.flat_map(|it| self.spellings.iter().map(|of| likeness(it, of)));
        all.max().unwrap_or(Likeness::Other)
    }
}

impl Worker<'_> {
    fn name(&self) -> &str {
        self.names.first().copied().unwrap_or(self.folder)
    }
}

/// The folder of the project of a place in code.
fn home<'f>(found: &'f Discovery, edge: &'f Edge) -> &'f str {
    found.home_of(&edge.path)
}

fn workers(found: &Discovery) -> Vec<Worker<'_>> {
    let mut workers: BTreeMap<&str, Worker<'_>> = BTreeMap::new();
    for edge in &found.edges {
        let project: Option<&Project> = found.project_of(&edge.path);
        let folder = home(found, edge);
        workers.entry(folder).or_insert_with(|| {
            let names = project.map(|it| it.names.as_slice()).unwrap_or_default();
            let mut names: Vec<&str> = names.iter().map(SmolStr::as_str).collect();
            if names.is_empty() {
                names.push(edge.service.as_str());
            }
            Worker { folder, names, service: project.and_then(|it| it.service.as_deref()) }
        });
    }
    workers.into_values().collect()
}
