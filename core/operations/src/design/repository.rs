//! What the repository knows already: promises of channels, and what features beside the new one have decided.

use std::collections::BTreeMap;

use archwright_engine::Workspace;
use archwright_model::{
    Kind, RelPath,
    conventions::{layout::Captures, role::Role},
    facts::{self, ByRole, ChannelMention, ChannelRole, FileFacts, RoleValue, Spanned},
    values::retention,
};
use archwright_rules::authoring::{compose::one_line, merge::says};
use smol_str::SmolStr;

use super::{
    super::{PlanNote, channels, contract::file_stem, listing},
    ChannelRequest, DesignRequest,
};

/// A decision of a neighbour is proposed up to this length, in characters.
const PROPOSED: usize = 100;

/// The concerns that features of one house mostly share; others are each feature's own.
const SHARED: [Role; 4] = [Role::Tenancy, Role::Compliance, Role::CostOwner, Role::DrPosture];

/// The repository around a design.
pub(super) struct Repository<'w> {
    workspace: &'w Workspace,
    request: &'w DesignRequest,
    design: &'w RelPath,
    /// What neighbours have decided, as a question.
    proposals: Vec<RoleValue<String>>,
}

/// A value, and who says it.
struct Said<'w> {
    value: String,
    facts: &'w FileFacts,
    at: usize,
}

impl<'w> Repository<'w> {
    pub(super) fn new(workspace: &'w Workspace, request: &'w DesignRequest, design: &'w RelPath) -> Self {
        Self { workspace, request, design, proposals: proposals(workspace, &request.feature) }
    }

    /// What to ask about a concern, with what the neighbours have decided.
    pub(super) fn question(&self, role: Role, question: &str) -> String {
        let proposal = self.proposals.iter().find(|it| it.role == role);
        proposal.map_or_else(|| question.to_owned(), |it| format!("{question} {}", it.value))
    }

    /// Whether a channel has a contract, of whichever feature.
    pub(super) fn has_contract(&self, channel: &str) -> bool {
        channels::contract(self.workspace, one_line(channel).as_str()).is_some()
    }

    /// The contract of a channel: the one of this feature where it is or will be, else that of another.
    pub(super) fn contract(&self, channel: &ChannelRequest) -> Option<RelPath> {
        contract(self.workspace, &self.request.feature, channel)
    }

    /// What contracts and AsyncAPI documents say of a channel that the design says nothing of yet.
    pub(super) fn promise(&self, channel: &str, role: Role) -> Option<String> {
        let in_design = channels::mentions(self.workspace, channel)
            .into_iter()
            .any(|(facts, mention)| facts.path == *self.design && of_mention(mention, role, &facts.text).is_some());
        if in_design { None } else { self.said(channel, role).map(|it| it.value) }
    }

    fn said(&self, channel: &str, role: Role) -> Option<Said<'w>> {
        let mut mentions = channels::mentions(self.workspace, channel);
        mentions.retain(|it| matches!(it.1.role, ChannelRole::Contract | ChannelRole::AsyncApi));
        mentions.sort_by_key(|it| it.1.role != ChannelRole::Contract);
        mentions.into_iter().find_map(|(facts, mention)| {
            if let Some((value, at)) = of_mention(mention, role, &facts.text) {
                return Some(Said { value, facts, at });
            }
            let document = ByRole::of(facts, self.workspace.config())?;
            let said = facts::known(document.field(role)?)?;
            let value = whole(&one_line(&said.text), &said, &facts.text);
            Some(Said { value, facts, at: said.span.start as usize })
        })
    }

    /// What was taken from where, and what was given and has no place.
    pub(super) fn notes(&self) -> Vec<PlanNote> {
        let mut notes = Vec::new();
        for channel in &self.request.channels {
            let name = one_line(&channel.name);
            if channel.is_owned() {
                self.taken(channel, &name, &mut notes);
            } else {
                self.unplaced(channel, &name, &mut notes);
            }
        }
        notes
    }

    fn taken(&self, channel: &ChannelRequest, name: &str, notes: &mut Vec<PlanNote>) {
        let given = channel.facts();
        let profile = self.workspace.config().profile();
        let columns = [Role::OrderingKey, Role::IdempotencyKey, Role::Retention, Role::CompatibilityMode];
        let mut taken: Vec<(Said, Vec<String>)> = Vec::new();
        for role in columns.into_iter().filter(|role| !given.iter().any(|it| it.role == *role)) {
            if self.promise(name, role).is_none() {
                continue;
            }
            let Some(said) = self.said(name, role) else { continue };
            let what = format!("{} “{}”", profile.name(role).to_lowercase(), said.value);
            match taken.iter_mut().find(|it| it.0.facts.path == said.facts.path) {
                Some((_, all)) => all.push(what),
                None => taken.push((said, vec![what])),
            }
        }
        notes.extend(taken.into_iter().map(|(said, what)| {
            let message = format!("Taken from here for {name}: {}.", what.join(", "));
            PlanNote::new(said.facts.path.as_str(), &said.facts.text, said.at, message)
        }));
    }

    /// The facts of a channel that somebody else sends on are held against what its sender says.
    fn unplaced(&self, channel: &ChannelRequest, name: &str, notes: &mut Vec<PlanNote>) {
        let profile = self.workspace.config().profile();
        for RoleValue { role, value: given } in channel.facts() {
            let what = profile.name(role).to_lowercase();
            match self.said(name, role) {
                Some(said) if says(&said.value, &given) => {}
                Some(said) => {
                    let message = format!(
                        "Says “{}” for the {what} of {name}; given was “{given}”. Whoever sends decides: nothing was \
                         changed.",
                        said.value
                    );
                    notes.push(PlanNote::new(said.facts.path.as_str(), &said.facts.text, said.at, message));
                }
                None => {
                    let message = format!(
                        "Not placed: the {what} of {name}, “{given}”. The table of the design is of channels that it \
                         sends on; an answer on reliability or a section of its own can say it."
                    );
                    notes.push(PlanNote::new(self.design.as_str(), "", 0, message));
                }
            }
        }
    }
}

/// The contract of a channel: where one is, else where that of an own channel belongs.
pub(super) fn contract(workspace: &Workspace, feature: &str, channel: &ChannelRequest) -> Option<RelPath> {
    let name = one_line(&channel.name);
    if let Some(facts) = channels::contract(workspace, &name) {
        return Some(facts.path.clone());
    }
    let captures =
        Captures { feature: Some(feature.into()), channel: Some(file_stem(&name).into()), ..Captures::default() };
    workspace.config().layout().place(Kind::Contract, &captures).filter(|_| channel.is_owned())
}

/// What a file promises of a channel.
fn of_mention(mention: &ChannelMention, role: Role, text: &str) -> Option<(String, usize)> {
    let said = match role {
        Role::OrderingKey => mention.ordering_key.as_ref(),
        Role::Retention => mention.retention.as_ref(),
        Role::CompatibilityMode => mention.compatibility.as_ref(),
        _ => None,
    }?;
    let value = match role {
        Role::Retention => retention::as_written(&said.text),
        Role::CompatibilityMode => said.text.to_uppercase(),
        _ => one_line(&said.text),
    };
    Some((whole(&value, said, text), said.span.start as usize))
}

/// A value with the signs of the code spans at its ends, where it is not all of one: `` `id`, a header ``.
fn whole(value: &str, said: &Spanned, text: &str) -> String {
    let (start, end) = (said.span.start as usize, said.span.end as usize);
    if value.matches('`').count().is_multiple_of(2) {
        return value.to_owned();
    }
    let is_open = text.get(..start).is_some_and(|it| it.ends_with('`'));
    let is_closed = text.get(end..).is_some_and(|it| it.starts_with('`'));
    let sign = |it: bool| if it { "`" } else { "" };
    format!("{}{value}{}", sign(is_open), sign(is_closed))
}

/// What most features beside this one have decided, and which.
fn proposals(workspace: &Workspace, feature: &str) -> Vec<RoleValue<String>> {
    let mut decided: BTreeMap<(usize, String), Vec<SmolStr>> = BTreeMap::new();
    let mut features: Vec<SmolStr> = listing::features(workspace).into_iter().map(|it| it.value.into()).collect();
    features.sort_unstable();
    for other in features.into_iter().filter(|it| it != feature) {
        for listing::Concern { role, value, .. } in listing::concerns(workspace, &other) {
            let Some(at) = SHARED.iter().position(|it| *it == role) else { continue };
            // What has brackets would end the question.
            if value.chars().count() <= PROPOSED && !value.contains(['[', ']', '|']) {
                decided.entry((at, value)).or_default().push(other.clone());
            }
        }
    }
    let most = |(at, role): (usize, &Role)| {
        let same = decided.iter().filter(|it| it.0.0 == at);
        let (key, features) = same.max_by(|a, b| (a.1.len(), b.1.first()).cmp(&(b.1.len(), a.1.first())))?;
        let (first, more) = features.split_first()?;
        let who = match more {
            [] => first.to_string(),
            [second] => format!("{first} and {second}"),
            more => format!("{first} and {} more", more.len()),
        };
        Some(RoleValue { role: *role, value: format!("“{}”, as in {who}?", key.1.trim_end_matches('.')) })
    };
    SHARED.iter().enumerate().filter_map(most).collect()
}
