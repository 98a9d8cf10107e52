//! The operation `runbook`: ordered steps for one of the usual incidents, filled from contract and design, each taken
//! value with its source (A-046, A-092, A-093, A-343..A-347).

mod known;
mod lists;
mod request;
mod text;

use archwright_engine::Workspace;
use archwright_knowledge::{self as knowledge, Incident};
use archwright_model::{
    FileCreate, FileEdit, Kind, RelPath, WorkspaceEdit, WorkspaceEditError,
    conventions::{config::Config, layout::Captures, role::Role},
    facts::FileFacts,
};
use archwright_rules::{
    authoring::{compose::one_line, record::name},
    prelude,
};
use archwright_syntax::TextEdits;
use known::Known;
use serde::{Deserialize, de::IntoDeserializer};

use super::{
    Argument, Offer, Operation, OperationError, Plan, PlanNote, channels, choice::Closed, days::check_day,
    design::slug, listing, merge,
};
pub use request::{CauseRequest, IncidentKind, RunbookRequest};

/// Writes a runbook.
#[derive(Clone, Copy, Debug)]
pub struct Runbook;

impl Operation for Runbook {
    type Request = RunbookRequest;

    const NAME: &'static str = "runbook";
    const TITLE: &'static str = "Write the runbook of an incident";
    const ABOUT: &'static str = "Writes the runbook of an incident (dead letters, consumer lag, stuck workflow, \
        replay, schema rollback, failover) with ordered steps, rates, stop criteria, approver and audit trail. Takes \
        channel, DLQ, consumer group, owner and retention from contract, design and AsyncAPI, each with its source, \
        and lists it in README and contract. Give the facts you know; what is left out becomes `[TBD: question]`, so \
        never guess. Text that is there stays.";
    const SEARCHED: &'static str = "incident playbook DLQ replay lag";
    const WRITES: bool = true;
    const REQUIRED: &'static [&'static str] = &["incident", "causes[].cause"];
    const ARGUMENTS: &'static [Argument] = &[
        Argument {
            name: "incident",
            ask: "The kind of incident",
            example: "dlq-triage",
            optional: false,
            list: false,
            offered: true,
        },
        Argument {
            name: "channel",
            ask: "The channel concerned, or nothing",
            example: "orders.placed.v1",
            optional: true,
            list: false,
            offered: true,
        },
        Argument {
            name: "feature",
            ask: "The feature whose runbook it is, or nothing for that of the channel or the platform",
            example: "order-checkout",
            optional: true,
            list: false,
            offered: true,
        },
    ];

    fn offers(workspace: &Workspace, argument: &str) -> Vec<Offer> {
        match argument {
            "incident" => {
                let offer = |it: &Incident| Offer {
                    value: it.id.to_string(),
                    about: it.name.to_string(),
                    with: std::collections::BTreeMap::new(),
                    files: Vec::new(),
                };
                knowledge::incidents().iter().map(offer).collect()
            }
            "channel" => {
                let all = workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.kind == Kind::Contract);
                let name =
                    |it: &FileFacts| it.channels.first().map(|mention| Offer::of(mention.name.text.as_str(), &it.path));
                all.filter_map(name).collect()
            }
            "feature" => listing::features(workspace),
            _ => Vec::new(),
        }
    }

    fn plan(workspace: &mut Workspace, request: &RunbookRequest) -> Result<Plan, OperationError> {
        let incident = validate(request)?;
        let (edit, files, notes) = Composer::new(workspace, request, incident)?.compose()?;
        let mut plan = Plan::of(workspace, edit, files)?;
        plan.notes = notes;
        Ok(plan.then([]))
    }
}

fn validate(request: &RunbookRequest) -> Result<&'static Incident, OperationError> {
    let kind = request.incident.ok_or(OperationError::Missing("incident"))?.0;
    if request.causes.iter().any(|it| it.cause.trim().is_empty()) {
        return Err(OperationError::Missing("causes[].cause"));
    }
    check_day("date", request.date.as_deref())?;
    knowledge::incident(kind.name()).ok_or(OperationError::Missing("incident"))
}

struct Composer<'w> {
    workspace: &'w Workspace,
    request: &'w RunbookRequest,
    incident: &'static Incident,
    known: Known<'w>,
    title: String,
    path: RelPath,
}

impl<'w> Composer<'w> {
    fn new(
        workspace: &'w Workspace,
        request: &'w RunbookRequest,
        incident: &'static Incident,
    ) -> Result<Self, OperationError> {
        let given = request.feature.as_deref();
        let all = || workspace.files().filter_map(|it| workspace.facts(it));
        if let Some(feature) = given {
            let suggestion = slug(feature);
            if suggestion != feature {
                return Err(OperationError::Slug { given: feature.to_owned(), suggestion });
            }
            let known: Vec<&str> = all().filter_map(|it| it.captures.feature.as_deref()).collect();
            if !known.contains(&feature)
                && let Some(nearest) = prelude::nearest(feature, known.iter().copied())
            {
                return Err(OperationError::UnknownFeature { given: feature.to_owned(), nearest: nearest.to_owned() });
            }
        }
        let channel = request.channel.as_deref().map(|it| one_line(it.trim().trim_matches('`')));
        if let Some(channel) = channel.as_deref().filter(|it| channels::mentions(workspace, it).is_empty()) {
            let names: Vec<&str> = all().flat_map(|it| &it.channels).map(|it| it.name.text.as_str()).collect();
            if let Some(nearest) = prelude::nearest(channel, names) {
                return Err(OperationError::UnknownChannel {
                    channel: channel.to_owned(),
                    nearest: Some(nearest.to_owned()),
                });
            }
        }
        let contract = channel.as_deref().and_then(|it| channels::contract(workspace, it));
        let of_contract = contract.and_then(|it| it.captures.feature.clone());
        let feature = match (given, of_contract) {
            (Some(feature), _) => Some(feature.into()),
            // The one who reads lags, and a contract is the sender's.
            (None, Some(_)) if incident.owner == "reader" => {
                return Err(OperationError::Undecided("Whose consumer is it? Give `feature`".to_owned()));
            }
            (None, feature) => feature,
        };
        // A feature with one contract leaves no doubt.
        let channel = channel.or_else(|| {
            // What a feature has contracts for it sends, and what lags is what it reads.
            let feature = feature.as_ref().filter(|_| incident.is_of_channel && incident.owner != "reader")?;
            match listing::of_kind(workspace, feature, Kind::Contract).as_slice() {
                [only] => Some(only.channels.first()?.name.text.to_string()),
                _ => None,
            }
        });
        let about = channel.clone().or_else(|| feature.as_ref().map(ToString::to_string));
        let title = request.title.as_deref().map_or_else(
            || match about {
                Some(about) => format!("{}: {about}", incident.name),
                None => incident.name.to_string(),
            },
            one_line,
        );
        let beginning = workspace.config().profile().title(Kind::Runbook, "");
        let titles =
            all().filter(|it| it.kind == Kind::Runbook).map(|it| it.slice(it.title_span()).starts_with(&beginning));
        let (with, without): (Vec<bool>, Vec<bool>) = titles.partition(|it| *it);
        let title = if with.len() >= without.len() { format!("{beginning}: {title}") } else { title };
        let known = Known::new(workspace, request, feature, channel);
        let path = place(workspace, incident, &known);
        Ok(Self { workspace, request, incident, known, title, path })
    }

    fn config(&self) -> &'w Config {
        self.workspace.config()
    }

    fn compose(self) -> Result<(WorkspaceEdit, Vec<RelPath>, Vec<PlanNote>), OperationError> {
        let text = self.text();
        let (mut edit, mut notes) = (WorkspaceEdit::default(), Vec::new());
        let mut files = vec![self.path.clone()];
        match self.workspace.file(&self.path).and_then(|it| self.workspace.facts(it)) {
            None => edit.creates.push(FileCreate { path: self.path.clone(), content: text }),
            Some(there) => {
                let failed = |error| WorkspaceEditError::Text { path: self.path.clone(), error };
                let merged = merge::merge(&there.text, &text).map_err(failed)?;
                // Steps that people changed are theirs; only what was given now is told.
                let given = self.given();
                for (at, line) in merged.kept.into_iter().filter(|it| given.iter().any(|given| it.1.contains(given))) {
                    let message = format!("Kept as it is here; given was “{line}”.");
                    notes.push(PlanNote::new(self.path.as_str(), &there.text, at, message));
                }
                if !merged.edits.is_empty() {
                    edit.texts.push(FileEdit { path: self.path.clone(), base: there.hash(), edits: merged.edits });
                }
            }
        }
        for (path, change) in self.links() {
            let Some(facts) = self.workspace.file(&path).and_then(|it| self.workspace.facts(it)) else { continue };
            let edits = TextEdits::new(vec![change]);
            let edits = edits.map_err(|error| WorkspaceEditError::Text { path: path.clone(), error })?;
            files.push(path.clone());
            edit.texts.push(FileEdit { path, base: facts.hash(), edits });
        }
        let owner = self.known.owner().map(|it| it.value);
        let feature = self.known.feature.as_ref();
        edit.creates.extend(listing::new_readme(self.workspace, feature, Kind::Runbook, &self.path, owner.as_deref()));
        Ok((edit, files, notes))
    }

    /// The facts that the caller gives.
    fn given(&self) -> Vec<String> {
        let request = self.request;
        let one = [&request.owner, &request.escalation, &request.approver, &request.group, &request.rate];
        let one = one.into_iter().flatten();
        let many = request.dashboards.iter().chain(&request.thresholds).chain(&request.never);
        let causes = request.causes.iter().map(|it| &it.cause);
        one.chain(many).chain(causes).map(|it| one_line(it)).collect()
    }

    /// A line of the knowledge base with what is known in its places.
    fn filled(&self, line: &str) -> String {
        // What begins a sentence has a capital.
        let filled = self.fill(line);
        let mut letters = filled.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
    }

    fn fill(&self, line: &str) -> String {
        let mut res = String::with_capacity(line.len());
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, tail)) = after.split_once('}') else { break };
            res.push_str(before);
            res.push_str(&self.word(name));
            rest = tail;
        }
        res.push_str(rest);
        res
    }

    /// What stands in the place of a name.
    fn word(&self, name: &str) -> String {
        let role = role_of(name);
        let short = |role: Role| self.known.fact(role).map(|it| it.value).filter(|it| is_short(it));
        let known = match role {
            Some(Role::Channel) => self.known.channel.as_ref().map(|it| format!("`{it}`")),
            Some(Role::Dlq) => self.known.dlq().map(|it| format!("`{it}`")),
            Some(Role::Retention) => {
                let name = self.config().profile().name(Role::Retention).to_lowercase();
                short(Role::Retention).map(|it| format!("the {name} of {it}"))
            }
            Some(Role::ConsumerGroup | Role::Dashboards | Role::Approver) => {
                role.and_then(|it| self.known.fact(it)).map(|it| it.value)
            }
            Some(role) => short(role),
            None if name == "rate" => self.known.rate().map(|it| it.value).or_else(|| {
                let find = |it: &str| self.rate_of_steps(it);
                self.known.beside(&self.path, find).map(|_| self.asked(find, ""))
            }),
            None => None,
        };
        known.unwrap_or_else(|| knowledge::words_for_unknown(name).unwrap_or(name).to_owned())
    }
}

/// A text with a full stop, unless it ends otherwise.
fn ended(text: &str) -> String {
    if text.ends_with(['.', '!', '?', ']', ':']) { text.to_owned() } else { format!("{text}.") }
}

/// Whether a value can stand in a sentence.
fn is_short(value: &str) -> bool {
    value.split_whitespace().count() <= 3 && !value.contains([',', ';'])
}

/// The role that a name in the knowledge base stands for.
fn role_of(name: &str) -> Option<Role> {
    let name: serde::de::value::StrDeserializer<serde::de::value::Error> = name.into_deserializer();
    Role::deserialize(name).ok()
}

/// What is asked where a fact is not known.
fn question(role: Role) -> &'static str {
    match role {
        Role::Channel => "which channel?",
        Role::Producer => "which service sends?",
        Role::Consumers => "which services receive?",
        Role::Dlq => "which channel holds the dead letters, who owns it, and at which depth does it alert?",
        Role::ConsumerGroup => "which consumer group?",
        Role::IdempotencyKey => {
            "by which field do consumers recognise a message that they have seen, and for how long?"
        }
        Role::OrderingKey => "which field keeps messages in order, or none?",
        Role::Retention => "how long are messages kept?",
        Role::Replay => "who may replay, how, and at which rate?",
        Role::Approver => "who gives leave, and decides to stop?",
        Role::Dashboards => "where are depth, lag, age and errors seen?",
        _ => "",
    }
}

/// Where the runbook goes: that of the incident, or of the channel where another channel's has the name.
fn place(workspace: &Workspace, incident: &Incident, known: &Known) -> RelPath {
    let layout = workspace.config().layout();
    let elsewhere = own_folder(workspace).filter(|_| known.feature.is_none());
    let at = |name: &str| {
        if let Some(folder) = &elsewhere {
            return folder.join(&format!("{name}.md"));
        }
        let captures = Captures { feature: known.feature.clone(), name: Some(name.into()), ..Captures::default() };
        let usual = layout.place(Kind::Runbook, &captures);
        usual.unwrap_or_else(|| RelPath::new(&format!("docs/system/runbooks/{name}.md")))
    };
    let usual = at(&incident.id);
    let there = workspace.file(&usual).and_then(|it| workspace.facts(it));
    match (there, &known.channel) {
        (Some(there), Some(channel)) if !there.text.contains(channel.as_str()) => {
            at(&format!("{}-{}", incident.id, name::subject(channel, '-')))
        }
        _ => usual,
    }
}

/// The folder in which a workspace keeps its runbooks that has none where the layout puts them.
fn own_folder(workspace: &Workspace) -> Option<RelPath> {
    let all = workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.kind == Kind::Runbook);
    let mut folders: Vec<(RelPath, usize)> = Vec::new();
    for facts in all {
        if facts.opted_in() {
            return None;
        }
        let folder = facts.path.parent();
        match folders.iter_mut().find(|it| it.0 == folder) {
            Some((_, count)) => *count += 1,
            None => folders.push((folder, 1)),
        }
    }
    // One alone may be there by chance.
    folders.into_iter().filter(|it| it.1 > 1).max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0))).map(|it| it.0)
}
