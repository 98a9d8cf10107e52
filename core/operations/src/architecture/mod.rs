//! The operation `architecture`: a decision record in the form of those beside it, or another document on the
//! architecture by the profile's sections, with what it replaces marked and the lists brought up to date (A-043, A-045,
//! A-078..A-088, A-106, A-133).

mod composer;
mod document;
mod index;
mod place;
mod remarks;
mod request;

use archwright_engine::Workspace;
use archwright_knowledge::lexicon;
use archwright_model::{Kind, RelPath, WorkspaceEdit, conventions::role::State, facts::FileFacts};
use archwright_rules::authoring::record::{Sample, name};
use composer::{Composed, Composer};

use super::{Argument, Offer, Operation, OperationError, Plan, choice::Closed, days::check_day, listing};
pub use request::{AlternativeRequest, ArchitectureRequest, DocumentKind, RecordForm, RecordStatus};

/// Writes a decision record or another document on the architecture.
#[derive(Clone, Copy, Debug)]
pub struct Architecture;

impl Operation for Architecture {
    type Request = ArchitectureRequest;

    const NAME: &'static str = "architecture";
    const TITLE: &'static str = "Write an architecture document";
    const ABOUT: &'static str = "Writes an architecture decision record (ADR) in the form of those beside it (Nygard, \
        MADR, log4brains, our own), or with `kind` an RFC, overview, implementation plan, migration plan or \
        readiness review: number, headings, status words, lists, both sides of `supersedes`. Give the facts you know; \
        what is left out becomes `[TBD: question]`, so never guess. Text that is there stays; the same title again \
        adds. A record of what is not decided (“we might”, “either”) is refused unless deferred.";
    const SEARCHED: &'static str = "ADR, RFC, tech spec, decision";
    const WRITES: bool = true;
    const REQUIRED: &'static [&'static str] = &["title", "alternatives[].name", "sections[].title"];
    const ARGUMENTS: &'static [Argument] = &[
        Argument {
            name: "title",
            ask: "The decision or subject as a title, without a number",
            example: "Relay the outbox with a polling publisher",
            optional: false,
            list: false,
            offered: false,
        },
        Argument {
            name: "kind",
            ask: "adr, rfc, overview, implementation-plan, migration-plan or readiness-review; adr if empty",
            example: "adr",
            optional: true,
            list: false,
            offered: false,
        },
        Argument {
            name: "decision",
            ask: "What is decided or recommended",
            example: "One relay worker reads unsent rows by their sequence number and publishes them.",
            optional: true,
            list: false,
            offered: false,
        },
        Argument {
            name: "context",
            ask: "What forces it",
            example: "The connector caused two of three pages in March.",
            optional: true,
            list: false,
            offered: false,
        },
        Argument {
            name: "feature",
            ask: "The feature it belongs to, or nothing for the platform",
            example: "order-checkout",
            optional: true,
            list: false,
            offered: true,
        },
        Argument {
            name: "supersedes",
            ask: "The records that it replaces",
            example: "docs/system/adrs/0001-one-cluster.md",
            optional: true,
            list: true,
            offered: true,
        },
    ];

    fn offers(workspace: &Workspace, argument: &str) -> Vec<Offer> {
        match argument {
            "feature" => listing::features(workspace),
            "supersedes" => {
                let all = workspace.files().filter_map(|it| workspace.facts(it));
                let in_force = |it: &&FileFacts| {
                    let adr = it.document().and_then(|it| it.adr.as_ref());
                    let state =
                        adr.and_then(|it| it.status.as_ref()).map(|it| workspace.config().vocabulary().state(&it.text));
                    adr.is_some() && state != Some(Some(State::Superseded))
                };
                all.filter(in_force).map(|it| Offer::of(it.path.as_str(), &it.path)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn plan(workspace: &mut Workspace, request: &ArchitectureRequest) -> Result<Plan, OperationError> {
        validate(request)?;
        let composed = match request.document() {
            Kind::Adr => Composer::new(workspace, request)?.compose()?,
            _ => document::compose(workspace, request)?,
        };
        let Composed { edit, path, questions, notes, files } = composed;
        let mut paths = vec![path.clone()];
        paths.extend(files.into_iter().filter(|it| *it != path));
        // What is put off decides nothing yet.
        let waits = request.status.as_ref().is_some_and(|it| it.0.state() == State::Deferred);
        let is_new = !waits && edit.creates.iter().any(|it| it.path == path);
        let mut plan = Plan::of(workspace, edit, paths)?;
        // What is decided is somebody's: others rely on it from then on.
        if is_new && plan.findings.iter().any(|it| it.rule == "document/undecided-concerns" && it.file == path) {
            return Err(OperationError::Undecided(
                "no system concern is decided, so nobody answers for what is: give at least `owner_team`, `tenancy` \
                and `compliance` as `concerns`, or the `status` proposed"
                    .to_owned(),
            ));
        }
        let asked = questions.len();
        plan.questions.extend(questions);
        plan.notes = notes;
        plan.count_questions(asked);
        Ok(plan.then([]))
    }
}

fn validate(request: &ArchitectureRequest) -> Result<(), OperationError> {
    let is_blank = |it: &str| it.trim().is_empty();
    if is_blank(name::subject_of(&request.title)) {
        return Err(OperationError::Missing("title"));
    }
    if request.alternatives.iter().any(|it| is_blank(&it.name)) {
        return Err(OperationError::Missing("alternatives[].name"));
    }
    check_day("date", request.date.as_deref())?;
    check_day("due", request.due.as_deref())?;
    if request.sections.iter().any(|it| is_blank(&it.title)) {
        return Err(OperationError::Missing("sections[].title"));
    }
    if request.document() == Kind::Adr { decided(request) } else { recommended(request) }
}

/// Whether a record says what is decided, or by when it will be.
fn decided(request: &ArchitectureRequest) -> Result<(), OperationError> {
    let undecided = |what: &str| Err(OperationError::Undecided(what.to_owned()));
    match request.status.map(|it| it.0) {
        Some(RecordStatus::Deferred) => {
            return match (&request.question, &request.due) {
                (None, _) => undecided("What does the deferred decision wait for? Give `question`"),
                (_, None) => undecided("By when is the deferred decision taken? Give `due`"),
                _ => Ok(()),
            };
        }
        Some(RecordStatus::Draft) => {
            let names = RecordStatus::all().into_iter().filter(|it| *it != RecordStatus::Draft).map(RecordStatus::name);
            return Err(OperationError::Value {
                what: "status of a decision record",
                value: RecordStatus::Draft.name().to_owned(),
                allowed: names.collect::<Vec<_>>().join(", "),
            });
        }
        _ => {}
    }
    if request.question.is_some() || request.due.is_some() {
        return undecided(
            "`question` and `due` belong to a decision that is put off; give the `status` deferred, or leave them out",
        );
    }
    match request.decision.as_deref() {
        None => undecided(
            "Which option is taken, and who decides it? Give `decision`, the `status` deferred with `question` and \
            `due`, or the `kind` rfc to put options side by side",
        ),
        Some(decision) => match lexicon::uncommitted(decision) {
            Some(words) => Err(OperationError::Undecided(format!(
                "“{words}” in the decision says that nobody has decided yet. Which option is taken? Give it as \
                `decision`, the `status` deferred with `question` and `due`, or the `kind` rfc to put options side by \
                side"
            ))),
            None => Ok(()),
        },
    }
}

/// Whether a document that is accepted says to what people agreed. Before that it may weigh things.
fn recommended(request: &ArchitectureRequest) -> Result<(), OperationError> {
    if request.due.is_some() && request.question.is_none() {
        return Err(OperationError::Undecided("Which question is answered by `due`? Give `question`".to_owned()));
    }
    let is_accepted = request.status.is_some_and(|it| it.0 == RecordStatus::Accepted);
    let words = request.decision.as_deref().filter(|_| is_accepted).and_then(lexicon::uncommitted);
    words.map_or(Ok(()), |words| {
        Err(OperationError::Undecided(format!(
            "“{words}” says that nobody has decided yet, and the `status` that it is accepted. Which option is taken? \
            Give it as `decision`, or the `status` proposed"
        )))
    })
}

/// A new record that is to replace one that is in force, for editors: its parts ask, and the old record stays in force
/// until it is accepted. `None` for what is no record or not in force.
pub fn superseding(workspace: &Workspace, path: &RelPath) -> Option<WorkspaceEdit> {
    let facts = workspace.file(path).and_then(|it| workspace.facts(it)).filter(|it| it.kind == Kind::Adr)?;
    let sample = Sample::of(facts, workspace.config())?;
    let state = sample.status.as_ref().and_then(|it| it.1);
    if !state.is_some_and(|it| it.is_decided() && !it.is_going() && it != State::Superseded) {
        return None;
    }
    let request = ArchitectureRequest {
        title: format!("Supersede “{}”", sample.subject()),
        supersedes: vec![path.to_string()],
        feature: facts.captures.feature.as_ref().map(ToString::to_string),
        folder: Some(path.parent().to_string()),
        ..ArchitectureRequest::default()
    };
    let edit = Composer::new(workspace, &request).ok()?.compose().ok()?.edit;
    (!edit.is_empty()).then_some(edit)
}
