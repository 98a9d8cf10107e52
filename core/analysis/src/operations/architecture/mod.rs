//! The operation `architecture`: a decision record in the form of those beside it, with the records that it replaces
//! marked and the lists brought up to date.

mod composer;
mod index;
mod place;
mod remarks;
mod request;

use archwright_knowledge::lexicon;

use super::{Argument, Offer, Operation, OperationError, Plan, listing};
use crate::{Workspace, authoring::record::name, conventions::role::State, facts::FileFacts, model::date};

use composer::{Composed, Composer};
pub use request::{AlternativeRequest, ArchitectureRequest, RecordForm, RecordStatus};

/// Writes a decision record.
#[derive(Clone, Copy, Debug)]
pub struct Architecture;

impl Operation for Architecture {
    type Request = ArchitectureRequest;

    const NAME: &'static str = "architecture";
    const TITLE: &'static str = "Record a decision";
    const ABOUT: &'static str = "Writes an architecture decision record (ADR) in the form of the records beside it \
        (Nygard, MADR, log4brains, our own): next number, their headings and status words, the line in the index, and \
        both sides of `supersedes`. Give the facts you know; what is left out becomes `[TBD: question]`, so never \
        guess. Text that is there stays; the same title again adds what was asked for. Refuses what is not decided \
        (“we might”, “either”) unless `status` is deferred.";
    const WRITES: bool = true;
    const REQUIRED: &'static [&'static str] = &["title", "alternatives[].name"];
    const ARGUMENTS: &'static [Argument] = &[
        Argument {
            name: "title",
            ask: "The decision as a title, without a number",
            example: "Relay the outbox with a polling publisher",
            optional: false,
            list: false,
            offered: false,
        },
        Argument {
            name: "decision",
            ask: "What is decided",
            example: "One relay worker reads unsent rows by their sequence number and publishes them.",
            optional: true,
            list: false,
            offered: false,
        },
        Argument {
            name: "context",
            ask: "What forces the decision",
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
        let composed = Composer::new(workspace, request)?.compose()?;
        let Composed { edit, path, questions, notes, files } = composed;
        let mut paths = vec![path.clone()];
        paths.extend(files.into_iter().filter(|it| *it != path));
        let mut plan = Plan::of(workspace, edit, paths)?;
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
    for (what, day) in [("date", &request.date), ("due", &request.due)] {
        if let Some(day) = day.as_ref().filter(|it| !date::is_date(it)) {
            let allowed = "YYYY-MM-DD".to_owned();
            return Err(OperationError::Value { what, value: day.clone(), allowed });
        }
    }
    let is_deferred = request.status.is_some_and(|it| it.0 == RecordStatus::Deferred);
    if is_deferred {
        return match (&request.question, &request.due) {
            (None, _) => {
                Err(OperationError::Undecided("What does the deferred decision wait for? Give `question`".to_owned()))
            }
            (_, None) => {
                Err(OperationError::Undecided("By when is the deferred decision taken? Give `due`".to_owned()))
            }
            _ => Ok(()),
        };
    }
    if request.question.is_some() || request.due.is_some() {
        return Err(OperationError::Undecided(
            "`question` and `due` belong to a decision that is put off; give the `status` deferred, or leave them out"
                .to_owned(),
        ));
    }
    match request.decision.as_deref() {
        None => Err(OperationError::Undecided(
            "Which option is taken, and who decides it? Give `decision`, or the `status` deferred with `question` and \
            `due`"
                .to_owned(),
        )),
        Some(decision) => match lexicon::uncommitted(decision) {
            Some(words) => Err(OperationError::Undecided(format!(
                "“{words}” in the decision says that nobody has decided yet. Which option is taken? Give it as \
                `decision`, or the `status` deferred with `question` and `due`"
            ))),
            None => Ok(()),
        },
    }
}
