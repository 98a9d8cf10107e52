//! The operation `runbook`: ordered steps for one of the usual incidents, filled from contract and design, each taken
//! value with its source (A-046, A-092, A-093, A-343..A-347).

mod known;
mod lists;
mod request;

use archwright_engine::Workspace;
use archwright_knowledge::{self as knowledge, Incident};
use archwright_model::{
    FileCreate, FileEdit, Kind, RelPath, WorkspaceEdit, WorkspaceEditError,
    conventions::{
        config::Config,
        layout::Captures,
        role::{Role, State},
    },
    date,
    facts::FileFacts,
    values::value,
};
use archwright_rules::{
    authoring::{compose::one_line, record::name},
    prelude,
};
use archwright_syntax::TextEdits;
use known::{Known, Said};
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

    /// The whole runbook.
    fn text(&self) -> String {
        let mut blocks = vec![format!("# {}", self.title)];
        for section in self.config().template(Kind::Runbook).into_iter().flat_map(|it| &it.sections) {
            let numbered = |it: Vec<String>| {
                let lines = it.iter().enumerate().map(|(at, it)| format!("{}. {it}", at + 1));
                Some(lines.collect::<Vec<_>>().join("\n"))
            };
            let bullets = |it: Vec<String>| Some(it.iter().map(|it| format!("- {it}")).collect::<Vec<_>>().join("\n"));
            let incident = self.incident;
            let body = match section.role {
                Role::Summary => Some(self.summary()),
                Role::SystemConcerns => Some(self.concerns()),
                Role::ImpactedSystems => Some(self.systems()),
                Role::Safety => {
                    let given = self.request.never.iter().map(|it| forbidden(&one_line(it)));
                    bullets(given.chain(incident.safety.iter().map(|it| self.filled(it))).collect())
                }
                Role::Triage => numbered(incident.triage.iter().map(|it| self.filled(it)).collect()),
                Role::Mitigation => numbered(self.mitigation()),
                Role::Verification => bullets(incident.verification.iter().map(|it| self.filled(it)).collect()),
                Role::StopCriteria => bullets(self.stop()),
                Role::AuditTrail => bullets(incident.audit.iter().map(|it| self.filled(it)).collect()),
                Role::PostIncident => bullets(incident.after.iter().map(|it| self.filled(it)).collect()),
                Role::RelatedArtifacts => bullets(self.related()),
                _ => None,
            };
            if let Some(body) = body {
                blocks.push(format!("{} {}\n\n{body}", "#".repeat(usize::from(section.level)), section.name));
            }
        }
        blocks.join("\n\n") + "\n"
    }

    fn field(&self, role: Role, value: &str) -> String {
        format!("- **{}**: {value}", self.config().profile().name(role))
    }

    fn summary(&self) -> String {
        let config = self.config();
        let date = self.request.date.clone().unwrap_or_else(date::today);
        [
            self.field(Role::Status, config.status_of(Kind::Runbook, State::Draft)),
            self.field(Role::Date, &date),
            self.field(Role::IncidentType, &self.incident.name),
            self.field(Role::Owner, &self.owner()),
            self.field(Role::Tldr, &self.filled(&self.incident.tldr)),
        ]
        .join("\n")
    }

    /// Who answers, and whom to call next.
    fn owner(&self) -> String {
        let owner = self.known.owner().map_or_else(|| value::placeholder("which team?"), |it| it.value);
        if owner.to_lowercase().contains("escalat") {
            return owner;
        }
        let ask = || self.asked(known::escalation, "whom to call next, and after how many minutes?");
        let escalation = self.request.escalation.as_deref().map_or_else(ask, one_line);
        format!("{owner}; escalation: {escalation}")
    }

    /// A question, with what a runbook beside this one says as a proposal.
    fn asked(&self, find: impl Fn(&str) -> Option<String>, question: &str) -> String {
        match self.known.beside(&self.path, find) {
            Some(Said { value: said, source: Some(source) }) => {
                let said = value::line(&said).replace(['[', ']'], "");
                let from = source.relative_to(&self.path.parent());
                value::placeholder(&format!("{said}, as in {from}?"))
            }
            _ => value::placeholder(question),
        }
    }

    fn concerns(&self) -> String {
        let own = self.known.feature.as_ref().map(|it| listing::concerns(self.workspace, it)).unwrap_or_default();
        let concern = |it: &archwright_model::conventions::profile::Concern| {
            let said = own.iter().find(|own| own.role == it.role).map(|it| it.value.clone());
            // The owner of a feature's runbook is that of the feature.
            let team = self.request.owner.as_deref().filter(|_| it.role == Role::OwnerTeam).map(one_line);
            let said = said.or(team);
            self.field(it.role, &said.unwrap_or_else(|| value::placeholder(&it.question)))
        };
        self.config().profile().concerns.iter().map(concern).collect::<Vec<_>>().join("\n")
    }

    /// What is known of the systems concerned, each with who says it.
    fn systems(&self) -> String {
        let line = |id: &str| {
            let role = role_of(id)?;
            let said = self.known.fact(role);
            let said = said.map_or_else(|| value::placeholder(question(role)), |it| self.with_source(&it));
            Some(self.field(role, &said))
        };
        self.incident.facts.iter().filter_map(|it| line(it)).collect::<Vec<_>>().join("\n")
    }

    /// A value and a link to the file that says it.
    fn with_source(&self, said: &Said) -> String {
        let Some(source) = &said.source else { return said.value.clone() };
        let kind = self.workspace.file(source).and_then(|it| self.workspace.facts(it)).map(|it| it.kind);
        let name = kind.map_or("source", Kind::noun);
        format!("{} ([{name}]({}))", said.value.trim_end_matches('.'), source.relative_to(&self.path.parent()))
    }

    /// The steps that help, with the known causes in their place.
    fn mitigation(&self) -> Vec<String> {
        let mut steps = Vec::new();
        for step in &self.incident.mitigation {
            if step != "{causes}" || self.request.causes.is_empty() {
                steps.push(self.filled(step));
                continue;
            }
            steps.extend(self.request.causes.iter().map(|it| {
                let open = || value::placeholder("what mends it?");
                let fix = it.fix.as_deref().map_or_else(open, one_line);
                let fix = ended(&fix);
                format!("If the cause is “{}”: {fix}", one_line(&it.cause).trim_end_matches(['.', ':']))
            }));
        }
        steps
    }

    /// When to stop: the criteria that are given first.
    fn stop(&self) -> Vec<String> {
        let approver = self.fill("{approver}");
        let request_has_none = self.request.thresholds.is_empty();
        let given = self.request.thresholds.iter().map(|it| {
            let said = one_line(it);
            let said = said.trim_end_matches('.');
            let lower = said.to_lowercase();
            let begins =
                ["stop ", "hand ", "pause ", "abort ", "do not ", "never "].iter().any(|it| lower.starts_with(it));
            if begins {
                format!("{said}; {approver} decides.")
            } else {
                format!("Stop when {said}; {approver} decides.")
            }
        });
        // A usual number beside the one that is given would contradict it.
        let is_usual = |it: &&smol_str::SmolStr| request_has_none || !it.contains(|it: char| it.is_ascii_digit());
        given.chain(self.incident.stop.iter().filter(is_usual).map(|it| self.filled(it))).collect()
    }

    /// The rate at which a runbook sends messages again.
    fn rate_of_steps(&self, text: &str) -> Option<String> {
        let names: Vec<String> = self.config().profile().names(Role::Replay).map(str::to_lowercase).collect();
        let speaks = |it: &&str| {
            let line = it.to_lowercase();
            names.iter().any(|it| line.contains(it.as_str()))
        };
        text.lines().filter(speaks).find_map(known::rate)
    }

    fn related(&self) -> Vec<String> {
        let folder = self.path.parent();
        let mut links: Vec<String> = Vec::new();
        match &self.known.feature {
            Some(feature) => links.extend(listing::documents(self.workspace, feature, &folder)),
            None => {
                let catalog = self.config().layout().place(Kind::Catalog, &Captures::default());
                let catalog = catalog.filter(|it| self.workspace.lists(it));
                links.extend(catalog.map(|it| self.link(&it)));
            }
        }
        links.extend(self.known.contract.map(|it| self.link(&it.path)));
        let standards =
            self.workspace.files().filter_map(|it| self.workspace.facts(it)).filter(|it| it.kind == Kind::Standard);
        // A standard that speaks of dead letters or of sending again governs these steps.
        let mut governing: Vec<RelPath> = standards
            .filter(|_| self.incident.facts.iter().any(|it| role_of(it) == Some(Role::Dlq)))
            .filter(|it| {
                let text = it.text.to_lowercase();
                let speaks_of = |role| self.config().profile().names(role).any(|it| text.contains(&it.to_lowercase()));
                speaks_of(Role::Dlq) && speaks_of(Role::Replay)
            })
            .map(|it| it.path.clone())
            .collect();
        governing.sort();
        links.extend(governing.iter().map(|it| self.link(it)));
        if links.is_empty() {
            links.push(value::placeholder("link"));
        }
        links
    }

    fn link(&self, path: &RelPath) -> String {
        format!("[{}]({})", listing::title(self.workspace, path), path.relative_to(&self.path.parent()))
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

/// Something that must never be done, as a line of its own: what already says so stays as it is.
fn forbidden(text: &str) -> String {
    let lower = text.to_lowercase();
    let denials =
        ["never", "do not ", "don't ", "don’t ", "must not ", "no ", "not ", "nobody ", "avoid ", "nie", "kein"];
    if denials.iter().any(|it| lower.starts_with(it)) { ended(text) } else { format!("Never: {}", ended(text)) }
}
