//! Drafts of contracts, schemas, AsyncAPI documents and READMEs for the channels that code sends to.
//!
//! What code shows is filled in, and everything else stays a question. Nothing that people wrote is changed: where
//! documents and code differ, or it is not sure who sends, the channel is told and left alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use archwright_engine::{Change, Workspace};
use archwright_model::{
    ContentHash, FileCreate, FileEdit, RelPath, WorkspaceEdit, WorkspaceEditError,
    facts::{self, ChannelMention, ChannelRole, FileFacts},
    values::retention,
};
use archwright_scan::{
    Action,
    discover::{Discovery, Edge, Resolution},
    flow::is_dead_letter,
    infrastructure::{Deed, Trait},
    payload::Holds,
};
use archwright_syntax::{Span, TextEdit, TextEdits};

use crate::{
    Contract, ContractRequest, FileState, Operation, OperationError, PayloadField, Plan, PlannedFile, ReviewPlace,
    SchemaFormat, channels,
    code::{self, Code, SentType},
    contract,
    design::slug,
    graph::Names,
    impact,
    plan::OpenQuestion,
    scan,
};

/// What is drafted for a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DraftState {
    /// Nothing described it; the files are new.
    New,
    /// It is described, and code knows what is left open there.
    Update,
    /// It is described, and code adds nothing.
    Unchanged,
    /// People have to look first: nothing is drafted.
    Investigate,
}

impl DraftState {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Update => "update",
            Self::Unchanged => "unchanged",
            Self::Investigate => "investigate",
        }
    }
}

/// Where code sends to a channel or receives from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftEnd {
    /// Whether it sends.
    pub sends: bool,
    /// What the service is called.
    pub service: String,
    /// The first of its places.
    pub at: ReviewPlace,
}

/// A channel of the code.
#[derive(Clone, Debug)]
pub struct DraftedChannel {
    /// Its name.
    pub channel: String,
    /// What is drafted for it.
    pub state: DraftState,
    /// Why people have to look, or where it is described.
    pub why: Vec<String>,
    /// Who sends and receives, once for each service.
    pub ends: Vec<DraftEnd>,
    /// Where the type is declared whose fields its schema has.
    pub types: Vec<ReviewPlace>,
    /// The files that are written for it.
    pub files: Vec<PlannedFile>,
}

/// What was drafted. Nothing of it is written yet.
#[derive(Clone, Debug, Default)]
pub struct Drafts {
    /// The channels, in the order of their names.
    pub channels: Vec<DraftedChannel>,
    /// Where the name of the channel is not in the code: how many sends and receives.
    pub unnamed: usize,
    /// Which files of code were not read, and why.
    pub not_read: Vec<String>,
    /// How many files of code were read.
    pub files: usize,
    /// What is left to answer in the drafts.
    pub questions: Vec<OpenQuestion>,
    /// The change, for the writer.
    pub edit: WorkspaceEdit,
}

/// How many channels of the code no document describes.
pub fn undescribed(workspace: &Workspace) -> usize {
    let Code { found, .. } = code::discovered(workspace);
    by_channel(&found).keys().filter(|it| described(workspace, it).is_none()).count()
}

/// Drafts what documents lack of the channels that code sends to. The workspace is as before afterwards.
///
/// # Errors
/// If a file that would change is no text.
pub fn draft_contracts(workspace: &mut Workspace) -> Result<Drafts, WorkspaceEditError> {
    let Code { found, files, unreadable } = code::discovered(workspace);
    let documents = impact::documents(workspace);
    let names = Names::new(&found, &documents, workspace.config());
    let differences = scan::drifts(workspace, &found);
    let mut drafter = Drafter { before: BTreeMap::new(), questions: Vec::new() };
    let mut drafted = Vec::new();
    for (channel, edges) in by_channel(&found) {
        let ends = ends(&edges, &names);
        let mut one = DraftedChannel {
            channel: channel.to_owned(),
            state: DraftState::Investigate,
            why: differences.iter().filter(|it| it.0 == channel).map(|it| it.1.clone()).collect(),
            ends,
            types: Vec::new(),
            files: Vec::new(),
        };
        if one.why.is_empty() {
            drafter.channel(workspace, &found, &names, &edges, &mut one);
        }
        drafted.push(one);
    }
    let questions = std::mem::take(&mut drafter.questions);
    let edit = drafter.close(workspace)?;
    Ok(Drafts {
        channels: drafted,
        unnamed: found.edges.iter().filter(|it| !is_named(it)).count(),
        not_read: scan::not_read(&found, unreadable),
        files,
        questions,
        edit,
    })
}

/// The channels whose names code writes out, without those for dead letters and those of calls that wait for an answer.
fn by_channel(found: &Discovery) -> BTreeMap<&str, Vec<&Edge>> {
    let mut all: BTreeMap<&str, Vec<&Edge>> = BTreeMap::new();
    let counts = |it: &&Edge| is_named(it) && !it.asks && !it.channel.name.is_empty();
    for edge in found.edges.iter().filter(counts) {
        all.entry(edge.channel.name.as_str()).or_default().push(edge);
    }
    let known: BTreeSet<&str> = all.keys().copied().collect();
    // `orders.dlq` beside `orders` is told with it.
    all.retain(|name, _| !known.iter().any(|it| name.len() > it.len() && is_dead_letter_of(name, it)));
    all
}

fn is_dead_letter_of(name: &str, channel: &str) -> bool {
    name.strip_prefix(channel).is_some_and(is_dead_letter)
}

/// Whether the name is what the broker knows the channel by.
fn is_named(edge: &Edge) -> bool {
    use Resolution::{Configuration, Constant, Default, Literal};
    // A package of another repository may be something else than a client.
    edge.rests_on.is_none() && matches!(edge.channel.resolution, Literal | Constant | Configuration | Default)
}

/// Who sends and receives, each service once.
fn ends(edges: &[&Edge], names: &Names<'_>) -> Vec<DraftEnd> {
    let mut ends: Vec<DraftEnd> = Vec::new();
    for edge in edges {
        let (sends, service) = (edge.action == Action::Send, names.of_edge(edge));
        if !ends.iter().any(|it| it.sends == sends && it.service == service) {
            let at = ReviewPlace { file: RelPath::new(&edge.path), line: edge.line };
            ends.push(DraftEnd { sends, service: service.to_owned(), at });
        }
    }
    ends.sort_by_key(|it| !it.sends);
    ends
}

/// The document that describes a channel, a contract before others.
fn described<'w>(workspace: &'w Workspace, channel: &str) -> Option<(&'w FileFacts, &'w ChannelMention)> {
    let is_description = |role: ChannelRole| matches!(role, ChannelRole::Contract | ChannelRole::AsyncApi);
    let mut all = channels::mentions(workspace, channel);
    all.retain(|it| is_description(it.1.role));
    all.sort_by_key(|it| it.1.role != ChannelRole::Contract);
    all.first().copied()
}

struct Drafter {
    /// The texts of the files that were touched, as they were; `None` for new ones.
    before: BTreeMap<RelPath, Option<Arc<str>>>,
    questions: Vec<OpenQuestion>,
}

impl Drafter {
    fn channel(
        &mut self,
        workspace: &mut Workspace,
        found: &Discovery,
        names: &Names<'_>,
        edges: &[&Edge],
        one: &mut DraftedChannel,
    ) {
        let there = described(workspace, &one.channel).map(|it| (it.0.path.clone(), it.1.role, it.0.captures.clone()));
        if let Some((path, role, captures)) = &there
            && (captures.feature.is_none() || *role != ChannelRole::Contract && !sends(one))
        {
            one.state = DraftState::Unchanged;
            one.why.push(format!("described in {path}"));
            return;
        }
        let producer = match producer(names, edges, one) {
            Ok(producer) => producer.to_owned(),
            Err(why) => {
                // A contract that is there needs no sender to stay as it is.
                if let Some((path, ..)) = &there {
                    one.state = DraftState::Unchanged;
                    one.why.push(format!("described in {path}"));
                } else {
                    one.why.push(why);
                }
                return;
            }
        };
        let request = request(workspace, found, edges, one, &producer, there.is_some());
        match Contract::plan(workspace, &request) {
            Ok(plan) => {
                let contract = there.filter(|it| it.1 == ChannelRole::Contract).map(|it| it.0);
                self.take(workspace, plan, one, contract);
            }
            Err(OperationError::UnknownFeature { given, nearest }) => one.why.push(format!(
                "{given} sends to it, and there is a feature {nearest}: say by `[services]` in archwright.toml or \
                 `archwright contract {} --feature {nearest}` whether they are one",
                one.channel
            )),
            Err(error) => one.why.push(error.to_string()),
        }
    }

    /// Keeps what was planned, and shows it to the plans that follow.
    fn take(&mut self, workspace: &mut Workspace, plan: Plan, one: &mut DraftedChannel, contract: Option<RelPath>) {
        let edit = match &contract {
            Some(path) => answers(workspace, &plan.edit, path),
            None => plan.edit,
        };
        let text = |path: &RelPath| workspace.file(path).and_then(|it| workspace.text(it));
        let previews = match edit.preview(|path| text(path).map(|it| it.to_string())) {
            Ok(previews) => previews,
            Err(error) => return one.why.push(error.to_string()),
        };
        one.state = match (&contract, edit.is_empty()) {
            (_, true) => DraftState::Unchanged,
            (None, false) => DraftState::New,
            (Some(_), false) => DraftState::Update,
        };
        if let (DraftState::Unchanged, Some(path)) = (one.state, contract) {
            one.why.push(format!("described in {path}"));
        }
        let mut changes = Vec::new();
        for preview in previews {
            self.before.entry(preview.path.clone()).or_insert_with(|| preview.before.map(Into::into));
            changes.push(Change::Edit { path: preview.path, text: preview.after.unwrap_or_default().into() });
        }
        one.files = plan.files.into_iter().filter(|it| it.state != FileState::Unchanged).collect();
        one.files
            .retain(|it| changes.iter().any(|change| matches!(change, Change::Edit { path, .. } if *path == it.path)));
        workspace.apply(changes);
        if !one.files.is_empty() {
            let asks = |it: &OpenQuestion| one.files.iter().any(|file| file.path == it.file);
            self.questions.retain(|it| !asks(it));
            self.questions.extend(plan.questions.into_iter().filter(asks));
        }
    }

    /// All that was planned as one change, after which the workspace is as it was.
    fn close(self, workspace: &mut Workspace) -> Result<WorkspaceEdit, WorkspaceEditError> {
        let mut edit = WorkspaceEdit::default();
        let mut back = Vec::new();
        for (path, before) in self.before {
            let after = workspace.file(&path).and_then(|it| workspace.text(it)).unwrap_or_default();
            match before {
                None => edit.creates.push(FileCreate { path: path.clone(), content: after.to_string() }),
                Some(before) if before != after => {
                    let edits = TextEdits::new(vec![replacement(&before, &after)])
                        .map_err(|error| WorkspaceEditError::Text { path: path.clone(), error })?;
                    let base = ContentHash::of(before.as_bytes());
                    edit.texts.push(FileEdit { path: path.clone(), base, edits });
                }
                Some(_) => {}
            }
            back.push(Change::Close { path });
        }
        workspace.apply(back);
        Ok(edit)
    }
}

/// Of a change what takes the place of questions that a contract leaves open: all else in it is for its people to add.
fn answers(workspace: &Workspace, edit: &WorkspaceEdit, contract: &RelPath) -> WorkspaceEdit {
    let text = workspace.file(contract).and_then(|it| workspace.text(it)).unwrap_or_default();
    let open = facts::placeholders(&facts::tree(&text), &text);
    let is_answer =
        |it: &&TextEdit| open.iter().any(|open| it.span.start <= open.span.start && open.span.end <= it.span.end);
    let mut answers = WorkspaceEdit::default();
    for own in edit.texts.iter().filter(|it| it.path == *contract) {
        let kept: Vec<TextEdit> = own.edits.iter().filter(is_answer).cloned().collect();
        if let (false, Ok(edits)) = (kept.is_empty(), TextEdits::new(kept)) {
            answers.texts.push(FileEdit { edits, ..own.clone() });
        }
    }
    answers
}

/// What makes one text of another, in one piece.
fn replacement(before: &str, after: &str) -> TextEdit {
    let same = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>, most: usize| {
        let mut length = 0;
        for (a, b) in a.zip(b) {
            if a != b || length + a.len_utf8() > most {
                break;
            }
            length += a.len_utf8();
        }
        length
    };
    let head = same(&mut before.chars(), &mut after.chars(), usize::MAX);
    let most = before.len().min(after.len()) - head;
    let tail = same(&mut before.chars().rev(), &mut after.chars().rev(), most);
    let text = after.get(head..after.len() - tail).unwrap_or_default();
    TextEdit::replace(Span::new(head, before.len() - tail), text)
}

fn sends(one: &DraftedChannel) -> bool {
    one.ends.iter().any(|it| it.sends)
}

/// The one service that sends to a channel.
///
/// # Errors
/// Why it is not known, for people.
fn producer<'e>(names: &Names<'_>, edges: &[&Edge], one: &'e DraftedChannel) -> Result<&'e str, String> {
    let receives = |service: &str| one.ends.iter().any(|it| !it.sends && it.service == service);
    let mut senders: Vec<&DraftEnd> = one.ends.iter().filter(|it| it.sends).collect();
    // What comes back into the channel it was taken from is tried again.
    if senders.iter().any(|it| !receives(&it.service)) {
        senders.retain(|it| !receives(&it.service));
    }
    let shared = edges.iter().find(|it| it.action == Action::Send && names.is_shared(it));
    match senders.as_slice() {
        [] => Err("nothing here was seen to send to it; its contract belongs to whoever does".to_owned()),
        _ if shared.is_some() => Err("code that several services share sends to it: which of them?".to_owned()),
        [only] if slug(&only.service).is_empty() => Err("the service that sends to it has no name".to_owned()),
        [only] => Ok(&only.service),
        [first, second] => Err(format!("{} and {} send to it: which of them owns it?", first.service, second.service)),
        [first, second, rest @ ..] => {
            let (first, second, more) = (&first.service, &second.service, rest.len());
            Err(format!("{first}, {second} and {more} more send to it: which of them owns it?"))
        }
    }
}

/// What code and infrastructure know of a channel, in the terms of its contract.
fn request(
    workspace: &Workspace,
    found: &Discovery,
    edges: &[&Edge],
    one: &mut DraftedChannel,
    producer: &str,
    is_there: bool,
) -> ContractRequest {
    let has_design = channels::mentions(workspace, &one.channel)
        .iter()
        .any(|it| it.1.role == ChannelRole::Design && it.0.captures.feature.is_some());
    let consumers = one.ends.iter().filter(|it| !it.sends).map(|it| it.service.clone()).collect();
    let dead: BTreeSet<&str> = found
        .edges
        .iter()
        .filter(|it| is_named(it) && it.channel.name.len() > one.channel.len())
        .map(|it| it.channel.name.as_str())
        .filter(|it| is_dead_letter_of(it, &one.channel))
        .collect();
    let stated = |what: Trait| {
        let declared =
            found.declared.iter().filter(|it| it.is_known && it.is_real && it.channel == one.channel.as_str());
        let declared = declared.filter(|it| matches!(it.deed, Deed::Declares | Deed::Extends));
        let values: BTreeSet<&str> = declared.filter_map(|it| it.value(what)).map(|it| it.value.as_str()).collect();
        only(values)
    };
    let sent = if is_there { None } else { sent_type(workspace, found, edges) };
    if let Some(sent) = &sent {
        one.types.push(ReviewPlace { file: sent.path.clone(), line: sent.line });
    }
    let kept = stated(Trait::Retention).map(retention::Retention::of);
    ContractRequest {
        channel: one.channel.clone(),
        feature: (!has_design && !is_there).then(|| slug(producer)),
        message: (!is_there).then(|| message(edges)).flatten(),
        producer: Some(producer.to_owned()),
        consumers,
        fields: sent.map(|it| it.fields.iter().map(field).collect()).unwrap_or_default(),
        retention: kept.and_then(|it| it.exact()).map(retention::in_words),
        dlq: only(dead).or_else(|| stated(Trait::DeadLetters)).map(str::to_owned),
        ..ContractRequest::default()
    }
}

/// The type that all senders send, if its fields are known and a schema of this workspace can say them.
fn sent_type(workspace: &Workspace, found: &Discovery, edges: &[&Edge]) -> Option<SentType> {
    message(edges)?;
    let mut all = edges.iter().filter(|it| it.action == Action::Send).map(|it| code::sent_type(workspace, found, it));
    let first = all.next()??;
    let is_same = |it: Option<SentType>| it.is_some_and(|it| (&it.path, it.line) == (&first.path, first.line));
    if !all.all(is_same) || first.fields.is_empty() {
        return None;
    }
    let is_name = |it: &str| it.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    let can_be_said = |it: &archwright_scan::payload::PayloadField| {
        let is_plain = !matches!(it.holds, Holds::Object | Holds::Any);
        is_name(&it.name) && (is_plain || contract::usual_format(workspace) == SchemaFormat::JsonSchema)
    };
    first.fields.iter().all(can_be_said).then_some(first)
}

fn field(it: &archwright_scan::payload::PayloadField) -> PayloadField {
    PayloadField {
        name: it.name.to_string(),
        r#type: format!("{}{}", it.holds.name(), if it.is_list { "[]" } else { "" }),
        optional: !it.is_required,
        ..PayloadField::default()
    }
}

/// The type that all senders send, if it can be a name of a message.
fn message(edges: &[&Edge]) -> Option<String> {
    let sent = edges.iter().filter(|it| it.action == Action::Send);
    let types: BTreeSet<Option<&str>> = sent.map(|it| it.message.as_deref()).collect();
    let name = only(types).flatten()?;
    let is_name = name.starts_with(|it: char| it.is_ascii_uppercase())
        && name.chars().all(|it| it.is_ascii_alphanumeric())
        && name.chars().any(|it| it.is_ascii_lowercase());
    is_name.then(|| name.to_owned())
}

fn only<T>(all: BTreeSet<T>) -> Option<T> {
    let mut all = all.into_iter();
    all.next().filter(|_| all.next().is_none())
}
