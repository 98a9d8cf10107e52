//! What a service has to keep: its channels, their contracts and schemas, and whether it sends through an outbox.

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeSet,
    rc::Rc,
};

use archwright_engine::Workspace;
use archwright_knowledge::mentions;
use archwright_model::{
    Kind, RelPath,
    conventions::role::Role,
    facts::{ByRole, ChannelRole, FileFacts},
    key::FileId,
};
use archwright_scan::{
    flow::{Act, Flow, Step, Verb, flow, folded, is_outbox},
    language_of_path,
};
use archwright_schema::Field;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::super::{
    change::{Diff, Side},
    reviewed::{NotRead, ReviewPlace},
    tokens::{Number, line_of, numbers, places_of},
};

/// So many files of one service are searched for an outbox and for the functions that changed code calls.
const MAX_FILES: usize = 3_000;

/// So many files of one service are read for the functions that changed code calls.
const MAX_FLOWS: usize = 400;

/// Functions with shorter names are those of libraries as often.
const MIN_NAME: usize = 4;

/// What attempts are counted in.
const ATTEMPTS: &str = "attempt";

/// The pattern that keeps state and message together.
const OUTBOX: &str = "transactional-outbox";

/// The files of a service's code.
struct Searched {
    files: Vec<FileId>,
    /// What is not searched.
    beyond: Vec<FileId>,
}

/// The service that a file belongs to.
pub(super) struct Service<'a> {
    workspace: &'a Workspace,
    diff: &'a Diff,
    folder: RelPath,
    /// The channels that it sends to, at the base or now.
    pub sends: BTreeSet<SmolStr>,
    /// The channels that it receives from, at the base or now.
    pub receives: BTreeSet<SmolStr>,
    outbox: OnceCell<Option<ReviewPlace>>,
    /// Its code, as far as it is searched, and what is not; known when something was searched for.
    code: OnceCell<Searched>,
    flows: RefCell<FxHashMap<RelPath, Option<Rc<Flow>>>>,
}

impl<'a> Service<'a> {
    pub fn of(workspace: &'a Workspace, diff: &'a Diff, folder: RelPath) -> Self {
        let (mut sends, mut receives) = (BTreeSet::new(), BTreeSet::new());
        let then = diff.files.iter().filter_map(|it| it.before.as_ref()).map(|it| &it.facts);
        let now = workspace.below(&folder).into_iter().filter_map(|it| workspace.facts(it));
        for facts in now.chain(then).filter(|it| it.kind == Kind::Code && is_below(&it.path, &folder)) {
            for channel in &facts.channels {
                match channel.role {
                    ChannelRole::Send => sends.insert(channel.name.text.clone()),
                    ChannelRole::Receive => receives.insert(channel.name.text.clone()),
                    _ => false,
                };
            }
        }
        Self {
            workspace,
            diff,
            folder,
            sends,
            receives,
            outbox: OnceCell::new(),
            code: OnceCell::new(),
            flows: RefCell::default(),
        }
    }

    /// The files of its code that are searched.
    fn code(&self) -> impl Iterator<Item = FileId> {
        let searched = self.code.get_or_init(|| {
            let mut files: Vec<FileId> = self.workspace.below(&self.folder);
            files.retain(|it| self.workspace.kind(*it) == Kind::Code);
            let beyond = files.split_off(files.len().min(MAX_FILES));
            Searched { files, beyond }
        });
        searched.files.iter().copied()
    }

    /// What was not searched, where something was searched for.
    pub fn not_read(&self) -> Option<NotRead> {
        let beyond = &self.code.get().filter(|it| !it.beyond.is_empty())?.beyond;
        let reason = format!("of `{}`, too many to search for an outbox and what the changed code calls", self.folder);
        Some(NotRead { reason, files: beyond.iter().map(|it| self.workspace.path(*it).clone()).collect() })
    }

    /// The contracts of some channels.
    pub fn contracts(&self, channels: &BTreeSet<SmolStr>) -> Vec<&'a FileFacts> {
        let all = self.workspace.files().filter_map(|it| self.workspace.facts(it));
        let of = |it: &&FileFacts| {
            it.kind == Kind::Contract && it.captures.channel.as_ref().is_some_and(|it| channels.contains(it))
        };
        all.filter(of).collect()
    }

    /// Where a contract promises something of a channel.
    pub fn promise(&self, channel: &str, role: Role) -> Option<(String, ReviewPlace)> {
        let channels = BTreeSet::from([SmolStr::new(channel)]);
        self.contracts(&channels).into_iter().find_map(|facts| {
            let document = ByRole::of(facts, self.workspace.config())?;
            let value = document.field(role)?;
            let line = line_of(&facts.text, value.span.start as usize);
            Some((value.text.to_string(), ReviewPlace { file: facts.path.clone(), line }))
        })
    }

    /// The keys by which the messages of the service are ordered, with the channel and the place of the promise.
    pub fn ordering_keys(&self) -> Vec<(SmolStr, SmolStr, ReviewPlace)> {
        let of = |channel: &SmolStr| {
            let (key, place) = self.promise(channel, Role::OrderingKey)?;
            let name = key.split(['`', ',', ';', ' ']).find(|it| !it.is_empty())?;
            Some((channel.clone(), folded(name), place))
        };
        self.sends.iter().filter_map(of).collect()
    }

    /// The schemas of a channel: the files with their fields.
    pub fn schemas(&self, channel: &str) -> Vec<(&'a FileFacts, &'a [Field])> {
        let all = self.workspace.files().filter_map(|it| self.workspace.facts(it));
        let of = |it: &'a FileFacts| {
            let schema = it.schema().filter(|_| it.captures.channel.as_deref() == Some(channel))?;
            (schema.complete && schema.shape.is_whole).then_some((it, schema.shape.fields.as_slice()))
        };
        all.filter_map(of).collect()
    }

    /// Where it is said that messages of a channel go through an outbox: its contract, or code of the service that does
    /// so at the base.
    pub fn outbox(&self, channel: Option<&str>) -> Vec<ReviewPlace> {
        let mut places = Vec::new();
        if let Some(channel) = channel {
            for contract in self.contracts(&BTreeSet::from([SmolStr::new(channel)])) {
                places.extend(self.says_outbox(contract));
            }
        }
        places.extend(self.outbox.get_or_init(|| self.outbox_in_code()).clone());
        places
    }

    /// What a function of another file of the service does now, if there is just one of this name.
    pub fn steps_of(&self, name: &str) -> Option<Vec<Step>> {
        if name.len() < MIN_NAME {
            return None;
        }
        let mut found: Option<Vec<Step>> = None;
        for file in self.code() {
            let Some(text) = self.workspace.text(file).filter(|it| places_of(it, name).next().is_some()) else {
                continue;
            };
            let path = self.workspace.path(file);
            let Some(flow) = self.flow(path, &text) else { continue };
            let Some(function) = flow.function(name) else { continue };
            // Which of two is called cannot be told.
            if found.is_some() {
                return None;
            }
            found = Some(flow.steps(function).into_iter().cloned().collect());
        }
        found
    }

    fn flow(&self, path: &RelPath, text: &str) -> Option<Rc<Flow>> {
        if let Some(known) = self.flows.borrow().get(path) {
            return known.clone();
        }
        let read = || Some(Rc::new(flow(text, language_of_path(path.as_str())?)?));
        let read = if self.flows.borrow().len() < MAX_FLOWS { read() } else { None };
        self.flows.borrow_mut().insert(path.clone(), read.clone());
        read
    }

    /// Whether another changed file has a name now that it had not.
    pub fn gained(&self, file: &RelPath, name: &str) -> bool {
        let has = |side: Option<&Side>| side.is_some_and(|it| it.text.contains(name));
        let mut others = self.diff.files.iter().filter(|it| it.path != *file);
        others.any(|it| has(it.after.as_ref()) && !has(it.before.as_ref()))
    }

    /// Whether code of the service sends to a channel now.
    pub fn sends_now(&self, channel: &str) -> bool {
        let files = self.workspace.below(&self.folder).into_iter().filter_map(|it| self.workspace.facts(it));
        files.filter(|it| it.kind == Kind::Code).any(|it| it.channel(channel, ChannelRole::Send).is_some())
    }

    /// Where it is promised how often failures are tried again.
    pub fn retry_promises(&self) -> Vec<ReviewPlace> {
        self.counts_of_attempts().into_iter().map(|it| it.1).collect()
    }

    /// Where just this number of attempts is promised.
    pub fn attempts(&self, number: &str) -> Vec<ReviewPlace> {
        let wanted = numbers(&format!("{number} {ATTEMPTS}s"));
        let is_same = |it: &Number| wanted.iter().any(|wanted| wanted.says(it));
        self.counts_of_attempts().into_iter().filter(|it| is_same(&it.0)).map(|it| it.1).collect()
    }

    /// The numbers of attempts that the designs of the service's channels and the standards promise.
    fn counts_of_attempts(&self) -> Vec<(Number, ReviewPlace)> {
        let features: BTreeSet<RelPath> =
            self.contracts(&self.sends).iter().map(|it| it.path.parent().parent()).collect();
        let all = self.workspace.files().filter_map(|it| self.workspace.facts(it));
        let of = |it: &&FileFacts| match it.kind {
            Kind::Design => features.contains(&it.path.parent()),
            Kind::Standard => it.opted_in(),
            _ => false,
        };
        let mut found = Vec::new();
        for facts in all.filter(of) {
            for (line, text) in (1..).zip(facts.text.lines()) {
                let counts = numbers(text).into_iter().filter(|it| it.unit == ATTEMPTS);
                found.extend(counts.map(|it| (it, ReviewPlace { file: facts.path.clone(), line })));
            }
        }
        found
    }

    /// The channels that the service sends to and whose contracts name the outbox.
    pub fn outbox_channels(&self) -> Vec<(SmolStr, ReviewPlace)> {
        let of = |channel: &SmolStr| {
            let contracts = self.contracts(&BTreeSet::from([channel.clone()]));
            Some((channel.clone(), contracts.into_iter().find_map(|it| self.says_outbox(it))?))
        };
        self.sends.iter().filter_map(of).collect()
    }

    fn says_outbox(&self, facts: &FileFacts) -> Option<ReviewPlace> {
        let document = ByRole::of(facts, self.workspace.config())?;
        let section = document.section(Role::Patterns)?;
        let all = document.tree.section(section).span;
        let found = mentions(all.of(&facts.text)).into_iter().find(|it| it.pattern.slug == OUTBOX)?;
        let line = line_of(&facts.text, all.start as usize + found.span.start as usize);
        Some(ReviewPlace { file: facts.path.clone(), line })
    }

    fn outbox_in_code(&self) -> Option<ReviewPlace> {
        let now = self.code().filter_map(|it| Some((self.workspace.path(it).clone(), self.workspace.text(it)?)));
        let is_changed = |path: &RelPath| self.diff.paths.contains(path);
        let kept = now.filter(|it| !is_changed(&it.0));
        let then = self.diff.files.iter().filter_map(|it| it.before.as_ref());
        let then = then.filter(|it| it.facts.kind == Kind::Code && is_below(&it.facts.path, &self.folder));
        let then = then.map(|it| (it.facts.path.clone(), it.text.clone()));
        then.chain(kept).find_map(|(path, text)| {
            if !text.to_lowercase().contains("outbox") {
                return None;
            }
            let flow = flow(&text, language_of_path(path.as_str())?)?;
            let steps = flow.functions.iter().flat_map(|it| &it.steps);
            let found = steps.into_iter().find(|it| is_outbox_insert(&it.act))?;
            Some(ReviewPlace { file: path, line: line_of(&text, found.span.start as usize) })
        })
    }
}

/// Whether a step puts a message where a relay finds it.
pub(super) fn is_outbox_insert(act: &Act) -> bool {
    match act {
        Act::Outbox => true,
        Act::Data(it) => it.verb == Verb::Insert && is_outbox(&it.table),
        _ => false,
    }
}

fn is_below(path: &RelPath, folder: &RelPath) -> bool {
    path.as_str().strip_prefix(folder.as_str()).is_some_and(|it| folder.as_str().is_empty() || it.starts_with('/'))
}
