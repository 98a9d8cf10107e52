//! The operation `prelaunch`: evidence becomes a tier, a tier and what is open become GO or NO-GO, and both become a
//! launch decision that somebody can sign (A-049, A-058, A-094, A-349..A-360).
//!
//! What the files show is taken from them with its place; what they do not tell is asked, and counts as met only if
//! somebody says where it can be seen. Nothing that blocks is overruled silently.

mod answer;
mod case;
mod channels;
mod code;
mod decide;
mod document;
mod gates;
mod lists;
mod request;
mod shown;
mod text;

use archwright_syntax::{TextEdit, TextEdits};
use smol_str::SmolStr;

pub use answer::{AcceptedRisk, Blocker, ClaimedTier, GateResult, GateState, Launch};
pub(super) use case::is_test;
pub use request::{EvidenceRequest, LaunchVerdict, PrelaunchRequest, RiskRequest, RollbackRequest};
pub use shown::{ShownGate, ShownTier, shown_by_documents};

use archwright_engine::{Workspace, report::Point};
use archwright_model::{
    FileCreate, FileEdit, Kind, RelPath, WorkspaceEdit, WorkspaceEditError,
    conventions::{
        layout::Captures,
        role::{Role, State},
    },
    date,
    facts::{self, ByRole, FileFacts, prose},
    values::value,
};
use archwright_rules::{authoring::compose::one_line, prelude};
use case::Case;
use decide::{Decided, Rollback};
use document::Writing;

use super::{
    Argument, Offer, Operation, OperationError, Plan, PlanNote, days::check_day, design::slug, listing, merge,
    plan::OpenQuestion,
};

/// Decides whether a feature goes live.
#[derive(Clone, Copy, Debug)]
pub struct Prelaunch;

impl Operation for Prelaunch {
    type Request = PrelaunchRequest;

    const NAME: &'static str = "prelaunch";
    const TITLE: &'static str = "Decide on a launch";
    const ABOUT: &'static str = "GO or NO-GO for a feature: computes its readiness tier from documents, contracts, \
        schemas, runbooks, pipelines and code, each gate with file and line, lists what blocks, and writes the launch \
        decision with README and catalog. What files cannot show is asked: pass it as `evidence` with where and who. A \
        blocker goes only when it is mended, or accepted by its id in `risks`. Never guess; text that is there stays.";
    const SEARCHED: &'static str = "launch readiness go no-go checklist";
    const WRITES: bool = true;
    const REQUIRED: &'static [&'static str] = &["feature", "risks[].risk", "evidence[].gate"];
    const ARGUMENTS: &'static [Argument] = &[
        Argument {
            name: "feature",
            ask: "The feature that is to go live",
            example: "order-checkout",
            optional: false,
            list: false,
            offered: true,
        },
        Argument {
            name: "tier",
            ask: "The readiness tier that it must reach, or nothing for that of its README",
            example: "Production-ready",
            optional: true,
            list: false,
            offered: false,
        },
    ];

    fn offers(workspace: &Workspace, argument: &str) -> Vec<Offer> {
        match argument {
            "feature" => listing::features(workspace),
            _ => Vec::new(),
        }
    }

    fn plan(workspace: &mut Workspace, request: &PrelaunchRequest) -> Result<Plan, OperationError> {
        let feature = validate(workspace, request)?;
        let day = request.date.clone().unwrap_or_else(date::today);
        let composed = compose(workspace, request, &feature, day)?;
        let Composed { edit, files, notes, decided } = composed;
        let step = decided.next();
        let path = files.first().cloned().unwrap_or_default();
        let mut plan = Plan::of(workspace, edit, files)?;
        plan.notes = notes;
        let asked = decided.questions.len();
        plan.questions.extend(decided.questions.into_iter().map(|question| OpenQuestion {
            file: path.clone(),
            line: 1,
            field: None,
            question,
        }));
        plan.count_questions(asked);
        plan.launch = Some(decided.launch);
        Ok(plan.then(step))
    }
}

/// What the files show of a feature's readiness on a day, where nobody has said anything besides.
pub(super) fn shown(workspace: &Workspace, feature: &SmolStr, day: &str) -> Option<Launch> {
    let case = Case::new(workspace, feature, day.to_owned());
    let request = PrelaunchRequest { feature: Some(feature.to_string()), ..PrelaunchRequest::default() };
    decide::decide(&case, &request, &Rollback::default()).ok().map(|it| it.launch)
}

fn validate(workspace: &Workspace, request: &PrelaunchRequest) -> Result<SmolStr, OperationError> {
    let given = request.feature.as_deref().map(str::trim).ok_or(OperationError::Missing("feature"))?;
    let suggestion = slug(given);
    if suggestion != given {
        let suggestion = if suggestion.is_empty() { "order-checkout".to_owned() } else { suggestion };
        return Err(OperationError::Slug { given: given.to_owned(), suggestion });
    }
    let known = listing::features(workspace);
    if !known.iter().any(|it| it.value == given) {
        let names: Vec<&str> = known.iter().map(|it| it.value.as_str()).collect();
        return Err(match prelude::nearest(given, names.iter().copied()) {
            Some(nearest) => OperationError::UnknownFeature { given: given.to_owned(), nearest: nearest.to_owned() },
            // Of a feature without a document nothing can be judged.
            None if names.is_empty() => OperationError::Undecided(format!(
                "there is no feature `{given}` here, nor another one; write its design first"
            )),
            None => OperationError::Undecided(format!(
                "there is no feature `{given}` here; write its design first, or name one of {}",
                names.join(", ")
            )),
        });
    }
    if request.risks.iter().any(|it| it.risk.trim().is_empty()) {
        return Err(OperationError::Missing("risks[].risk"));
    }
    if request.evidence.iter().any(|it| it.gate.trim().is_empty()) {
        return Err(OperationError::Missing("evidence[].gate"));
    }
    check_day("date", request.date.as_deref())?;
    request.risks.iter().try_for_each(|it| check_day("risks[].until", it.until.as_deref()))?;
    Ok(given.into())
}

/// So many promises of the last launch are asked for.
const MAX_PROMISES: usize = 5;

/// Why there can be no decision on a feature that has decided none of its concerns: `check` calls one an error.
fn nobody_to_sign(case: &Case) -> String {
    let profile = case.config().profile();
    let names: Vec<String> =
        [Role::OwnerTeam, Role::Tenancy, Role::Compliance].map(|it| format!("`{}`", profile.name(it))).into();
    let place = case.design.or(case.readme).map_or("the design", |it| it.path.as_str());
    format!(
        "no system concern of `{}` is decided, so nobody could sign for its launch: write at least {} into {place}, \
        then ask again",
        case.feature,
        prelude::enumerate(&names, "and")
    )
}

struct Composed {
    edit: WorkspaceEdit,
    files: Vec<RelPath>,
    notes: Vec<PlanNote>,
    decided: Decided,
}

fn compose(
    workspace: &Workspace,
    request: &PrelaunchRequest,
    feature: &SmolStr,
    day: String,
) -> Result<Composed, OperationError> {
    let case = Case::new(workspace, feature, day);
    let captures =
        Captures { feature: Some(feature.clone()), date: Some(case.day.as_str().into()), ..Captures::default() };
    let usual = || RelPath::new(&format!("docs/features/{feature}/launches/{}.md", case.day));
    let path = workspace.config().layout().place(Kind::Launch, &captures).unwrap_or_else(usual);
    let there = workspace.file(&path).and_then(|it| workspace.facts(it));
    if there.is_none() && listing::concerns(workspace, feature).is_empty() {
        return Err(OperationError::Undecided(nobody_to_sign(&case)));
    }
    let rollback = rollback(&case, request, there);
    let mut decided = decide::decide(&case, request, &rollback)?;
    if there.is_none() {
        let writing = Writing { case: &case, request, decided: &decided, rollback: &rollback, path: &path };
        let said = value::line(&writing.blocks().iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" "));
        // What is listed again is still to be done: nobody has to say so.
        let promised = case.last_promises(&path).into_iter().filter(|it| !said.contains(&it.0)).take(MAX_PROMISES);
        decided.questions.extend(promised.map(|(it, day)| format!("What became of this, from {day}: {it}")));
    }
    let writing = Writing { case: &case, request, decided: &decided, rollback: &rollback, path: &path };
    let (mut edit, mut notes) = (WorkspaceEdit::default(), Vec::new());
    let text = there.map(|it| it.text.to_string()).unwrap_or_default();
    let remark = |text: &str, at: usize, message: String| PlanNote::new(path.as_str(), text, at, message);
    let mut is_go = decided.launch.decision != LaunchVerdict::NoGo;
    match there {
        None => {
            let blocks = writing.blocks();
            let content = blocks.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join("\n\n") + "\n";
            edit.creates.push(FileCreate { path: path.clone(), content });
        }
        Some(there) => {
            let (mut edits, mut kept) = update(&writing, there)?;
            // What is signed counts until somebody changes it.
            let said = ByRole::of(there, workspace.config()).and_then(|it| it.status());
            let state = said.as_ref().and_then(|it| workspace.config().vocabulary().state(&it.text));
            let was_go = state.is_none_or(|it| matches!(it, State::Go | State::GoWithRisks));
            if let (Some(said), true, true) = (said, was_go && state.is_some(), is_called_off(request)) {
                let word = workspace.config().status_of(Kind::Launch, State::NoGo);
                let all = edits.iter().cloned().chain([TextEdit::replace(said.span, word)]).collect();
                edits = TextEdits::new(all).map_err(|error| WorkspaceEditError::Text { path: path.clone(), error })?;
                let at = said.span.start as usize;
                // What is decided is not told as kept.
                let kept_status = format!("Kept “{}: ", workspace.config().profile().name(Role::Status));
                kept.retain(|it| !it.1.starts_with(&kept_status));
                kept.push((at, format!("It said {}, and is {word} now, as decided.", said.text)));
            }
            notes.extend(kept.into_iter().map(|(at, message)| remark(&text, at, message)));
            if !edits.is_empty() {
                edit.texts.push(FileEdit { path: path.clone(), base: there.hash(), edits });
            }
            is_go &= was_go;
        }
    }
    notes.extend(decided.remarks.iter().map(|it| remark(&text, 0, it.clone())));
    let mut files = vec![path.clone()];
    let mut tier = decided.launch.tier.as_deref().filter(|_| is_go);
    if let (Some(reached), Some(claimed)) = (tier, &decided.launch.downgraded) {
        let ClaimedTier { tier: before, place } = claimed;
        // Who asks for less than is claimed does not say that the claim fell.
        let message = if request.tier.is_some() {
            tier = None;
            format!("The tier stays {before}; the evidence reaches {reached}.")
        } else {
            format!("The tier goes from {before} to {reached}, which is what the evidence reaches.")
        };
        let at = Point { line: place.line, column: 1 };
        notes.push(PlanNote { file: place.file.to_string(), at, message });
    }
    // Somebody looked at all of it where somebody signs.
    let is_reviewed = is_go && !request.approvers.is_empty();
    for (file, changes) in lists::edits(&case, &path, tier, is_reviewed) {
        let Some(facts) = workspace.file(&file).and_then(|it| workspace.facts(it)) else { continue };
        let edits = TextEdits::new(changes).map_err(|error| WorkspaceEditError::Text { path: file.clone(), error })?;
        files.push(file.clone());
        edit.texts.push(FileEdit { path: file, base: facts.hash(), edits });
    }
    let owner = decided.owner.as_deref();
    edit.creates.extend(listing::new_readme(workspace, Some(feature), Kind::Launch, &path, owner));
    Ok(Composed { edit, files, notes, decided })
}

/// Whether people decided against it.
fn is_called_off(request: &PrelaunchRequest) -> bool {
    request.decision.as_ref().is_some_and(|it| it.0 == LaunchVerdict::NoGo)
}

/// The way back: as given, else as the launch decision of that day says.
fn rollback(case: &Case, request: &PrelaunchRequest, there: Option<&FileFacts>) -> Rollback {
    let document = there.and_then(|it| ByRole::of(it, case.config()));
    let section = document.as_ref().and_then(|it| it.section(Role::RollbackPlan));
    let said = |role: Role| {
        let document = document.as_ref()?;
        let field = document.field_among(document.tree.fields_under(section?), role)?;
        let said = field.value.of(document.text);
        prose::is_content(said).then(|| said.to_owned())
    };
    let given = &request.rollback;
    let steps: Vec<String> =
        given.steps.iter().map(|it| one_line(it).trim_end_matches(['.', ';']).to_owned()).collect();
    let steps = (!steps.is_empty()).then(|| format!("{}.", steps.join(". ")));
    Rollback {
        trigger: given.trigger.as_deref().map(one_line).or_else(|| said(Role::Trigger)),
        procedure: steps.or_else(|| said(Role::Procedure)),
        rto: given.time.as_deref().map(one_line).or_else(|| said(Role::Rto)),
    }
}

/// A field as a sentence quotes it.
fn bare(line: &str) -> String {
    line.trim_start_matches(['-', ' ']).replace("**", "").trim().to_owned()
}

/// The edits of the placeholders of a decision that is there, and what was not taken, each with its place.
fn update(writing: &Writing, there: &FileFacts) -> Result<(TextEdits, Vec<(usize, String)>), OperationError> {
    let tree = facts::tree(&there.text);
    let has = |title: &str| {
        tree.section_ids().skip(1).any(|(id, _)| tree.plain_title(id, &there.text).trim().eq_ignore_ascii_case(title))
    };
    let (mut parts, mut notes, mut given) = (Vec::new(), Vec::new(), Vec::new());
    for (at, block) in writing.blocks().into_iter().enumerate() {
        // The title is how the decision was found.
        if at == 0 || has(&block.title) {
            given.extend(block.given);
            parts.push(block.text);
        } else {
            let message = |it: &String| format!("Not placed, because there is no `{}`: “{it}”.", block.title);
            notes.extend(block.given.iter().map(|it| (0, message(it))));
        }
    }
    let failed = |error| WorkspaceEditError::Text { path: there.path.clone(), error };
    let merged = merge::merge(&there.text, &(parts.join("\n\n") + "\n")).map_err(failed)?;
    let name = |role| format!("**{}**", writing.case.config().profile().name(role));
    let decides = [name(Role::Status), name(Role::TierAchieved)];
    for (at, line) in merged.kept {
        let decides = decides.iter().find(|it| line.contains(it.as_str()));
        if decides.is_none() && !given.iter().any(|it| line.contains(it.as_str())) {
            continue;
        }
        let said = decides.and_then(|name| {
            let body = tree.section(tree.section_at(at)).body.of(&there.text);
            body.lines().find(|it| it.contains(name.as_str())).map(bare)
        });
        let message = match said {
            Some(said) => format!("Kept “{said}”; the evidence gives “{}”.", bare(&line)),
            None => format!("Kept as it is here; given was “{line}”."),
        };
        notes.push((at, message));
    }
    Ok((merged.edits, notes))
}
