//! From gates to a decision: the tier that the evidence reaches, what blocks the launch, and what was accepted.

use archwright_engine::report::{self, ReportFilter};
use archwright_knowledge::{Gate, gate, readiness_tiers};
use archwright_model::{RelPath, Severity, conventions::role::Role, facts::prose};
use archwright_rules::authoring::compose::one_line;

use super::{
    super::{NextStep, OperationError, ReviewPlace, listing},
    answer::{AcceptedRisk, Blocker, ClaimedTier, GateResult, GateState, Launch},
    case::{Case, place},
    gates,
    request::{LaunchVerdict, PrelaunchRequest, RiskRequest},
};

/// The lowest tier that serves anybody; it is asked for where nothing else is.
const USUAL_TARGET: usize = 1;

/// The way back, as given or as the launch decision of that day says.
#[derive(Clone, Debug, Default)]
pub(super) struct Rollback {
    pub trigger: Option<String>,
    pub procedure: Option<String>,
    pub rto: Option<String>,
}

/// The decision and what has to be told besides.
pub(super) struct Decided {
    pub launch: Launch,
    /// The place of the target among the tiers.
    pub target: usize,
    /// The team that answers for the feature.
    pub owner: Option<String>,
    /// What was given and not taken, with the reason.
    pub remarks: Vec<String>,
    /// What is asked and blocks nothing.
    pub questions: Vec<String>,
}

/// Decides.
pub(super) fn decide(case: &Case, request: &PrelaunchRequest, rollback: &Rollback) -> Result<Decided, OperationError> {
    let (target, target_from) = target(case, request)?;
    let concerns = listing::concerns(case.workspace, &case.feature);
    let owner = concerns.into_iter().find(|it| it.role == Role::OwnerTeam).map(|it| it.value);
    let mut decided = Decided {
        launch: Launch {
            feature: case.feature.to_string(),
            date: case.day.clone(),
            target: tier_name(case, target),
            target_from,
            tiers: (0..readiness_tiers().len()).map(|it| tier_name(case, it)).collect(),
            gates: gates::results(case, request),
            ..Launch::default()
        },
        target,
        owner,
        remarks: Vec::new(),
        questions: Vec::new(),
    };
    decided.take_claims(case, request)?;
    let reached = reached(&decided.launch.gates);
    decided.launch.tier = reached.map(|it| tier_name(case, it));
    let claimed = claimed(case);
    decided.launch.downgraded = claimed
        .filter(|it| reached.is_none_or(|reached| reached < it.0))
        .map(|(tier, place)| ClaimedTier { tier: tier_name(case, tier), place });
    let paths = case.documents().into_iter().map(|it| it.path.clone()).collect();
    let compared = case.workspace.compared_with(&ReportFilter { paths, least: None });
    let compared = compared.filter(|it| it.commit.is_none() || !it.not_compared.is_empty());
    decided.launch.not_compared = compared.map(|it| it.sentence());
    decided.block(case, request, rollback);
    decided.accept(case, request);
    decided.verdict(request)?;
    Ok(decided)
}

/// What a tier is called here.
pub(super) fn tier_name(case: &Case, tier: usize) -> String {
    let own = case.config().profile().tiers.names.get(tier).cloned();
    own.or_else(|| readiness_tiers().get(tier).map(|it| it.id.to_string())).unwrap_or_default()
}

/// The tier of a name, whatever its case and hyphens.
fn tier_of(case: &Case, name: &str) -> Option<usize> {
    let plain = |it: &str| it.trim().trim_matches(['`', '*', '.']).to_lowercase().replace(['-', '_', ' '], "");
    let said = plain(name);
    (0..readiness_tiers().len()).find(|it| said.starts_with(&plain(&tier_name(case, *it))))
}

/// The tier that the README claims, and where.
fn claimed(case: &Case) -> Option<(usize, ReviewPlace)> {
    let readme = case.readme?;
    let said = case.by_role(readme)?.field(Role::Tier)?;
    Some((tier_of(case, &said.text)?, place(readme, said.span.start as usize)))
}

fn target(case: &Case, request: &PrelaunchRequest) -> Result<(usize, String), OperationError> {
    if let Some(given) = &request.tier {
        let names: Vec<String> = (0..readiness_tiers().len()).map(|it| tier_name(case, it)).collect();
        let unknown = || OperationError::Value { what: "tier", value: given.clone(), allowed: names.join(", ") };
        return Ok((tier_of(case, given).ok_or_else(unknown)?, "as asked".to_owned()));
    }
    Ok(match claimed(case) {
        Some((tier, place)) => (tier, format!("{}:{}", place.file, place.line)),
        None => (USUAL_TARGET, "nothing says which; the lowest that serves anybody".to_owned()),
    })
}

/// The highest tier whose gates and those of all below are met.
fn reached(gates: &[GateResult]) -> Option<usize> {
    let holds = |tier: usize| gates.iter().filter(|it| it.tier == tier).all(|it| it.state.holds());
    (0..readiness_tiers().len()).take_while(|it| holds(*it)).last()
}

impl Decided {
    /// Takes what people say of gates of which the files do not tell.
    fn take_claims(&mut self, case: &Case, request: &PrelaunchRequest) -> Result<(), OperationError> {
        for claim in &request.evidence {
            let id = claim.gate.trim();
            let id = id.strip_prefix("gate:").unwrap_or(id);
            let Some(result) = self.launch.gates.iter_mut().find(|it| it.id == id) else {
                let all = readiness_tiers().iter().flat_map(|it| &it.gates).map(|it| it.id.as_str());
                let allowed = all.collect::<Vec<_>>().join(", ");
                return Err(OperationError::Value { what: "gate", value: claim.gate.clone(), allowed });
            };
            let (Some(shown), Some(who)) = (&claim.place, &claim.who) else {
                let message =
                    format!("Evidence for `{id}` is not taken: say `where` it can be seen and `who` says so.");
                self.remarks.push(message);
                continue;
            };
            let (shown, who) = (one_line(shown), one_line(who));
            let is_path = !shown.contains("://") && !shown.contains(' ') && shown.contains('/') && shown.contains('.');
            let path = RelPath::new(&shown);
            let refusal = match () {
                () if result.state == GateState::Met => "the files show it already".to_owned(),
                () if result.state == GateState::Missing => format!("the files say otherwise: {}", result.found),
                () if !prose::is_content(&shown) || shown.contains(' ') && !prose::affirms(&shown) => {
                    format!("“{shown}” says that there is none")
                }
                () if !prose::is_content(&who) => format!("“{who}” is nobody"),
                () if is_path && (path.escapes() || !case.workspace.exists(&path)) => {
                    format!("there is no file `{shown}`")
                }
                () => {
                    result.state = GateState::Claimed;
                    result.found = format!("{shown}, says {who}");
                    continue;
                }
            };
            self.remarks.push(format!("Evidence for `{id}` is not taken: {refusal}."));
        }
        Ok(())
    }

    fn block(&mut self, case: &Case, request: &PrelaunchRequest, rollback: &Rollback) {
        let owner = self.owner.clone();
        let blocker = |id: String, message: String, place: Option<ReviewPlace>, next: String| Blocker {
            id,
            message,
            place,
            next,
            owner: owner.clone(),
        };
        let mut blockers = Vec::new();
        let filter = ReportFilter { paths: Vec::new(), least: Some(Severity::Error) };
        for facts in case.documents() {
            let Some(file) = case.workspace.file(&facts.path) else { continue };
            for it in report::of_file(case.workspace, file, &filter) {
                let place = ReviewPlace { file: it.file.clone(), line: it.start.line };
                let id = format!("{}:{}:{}", it.rule, it.file.name(), it.start.line);
                blockers.push(blocker(id, it.message, Some(place), "Mend it.".to_owned()));
            }
        }
        let open: Vec<gates::Open> =
            gates::open_questions(case).into_iter().chain(gates::open_concerns(case)).collect();
        // Each open answer is told by itself.
        let is_concern = |it: &gates::Open| it.id.starts_with("concern:");
        let told = |id: &str| match id {
            "reliability" => open.iter().any(|it| !is_concern(it)),
            "concerns" => open.iter().any(is_concern),
            _ => false,
        };
        // Without its contract nothing else is said of a channel.
        let contract = self.launch.gates.iter().find(|it| it.id == "contract" && it.state == GateState::Missing);
        let follows = |it: &GateResult| contract.is_some_and(|gate| gate.id != it.id && gate.found == it.found);
        let fails = |it: &&GateResult| it.tier <= self.target && !it.state.holds() && !told(it.id) && !follows(it);
        let gates = self.launch.gates.iter().filter(fails);
        let of_gates: Vec<Blocker> = gates
            .filter_map(|it| {
                let known: &Gate = gate(it.id)?;
                let message = match it.state {
                    GateState::Missing => format!("Not so: {}; {}.", known.name, it.found),
                    _ if it.found.is_empty() => format!("Not known: {}. {}", known.name, known.ask),
                    _ => format!("Not known: {} ({}). {}", known.name, it.found, known.ask),
                };
                Some(blocker(format!("gate:{}", it.id), message, it.places.first().cloned(), known.next.to_string()))
            })
            .collect();
        blockers.extend(open.iter().map(|it| {
            let message = format!("“{}” has no answer.", it.name);
            blocker(it.id.clone(), message, Some(it.place.clone()), "Answer it.".to_owned())
        }));
        blockers.extend(of_gates);
        let parts = [
            ("trigger", &rollback.trigger, "which number leads to it?"),
            ("steps", &rollback.procedure, "which steps lead back?"),
            ("time", &rollback.rto, "how long does it take?"),
        ];
        for (part, said, ask) in parts {
            if !said.as_ref().is_some_and(|it| prose::is_content(it)) {
                let message = format!("The rollback has no {part}: {ask}");
                blockers.push(blocker(
                    format!("rollback:{part}"),
                    message,
                    None,
                    "Say it in the rollback plan.".to_owned(),
                ));
            }
        }
        for (at, risk) in (1..).zip(&request.risks) {
            let text = one_line(&risk.risk);
            if let Some(why) = unaccepted(risk, &case.day) {
                let next = "Have it accepted, or take it away.".to_owned();
                blockers.push(blocker(format!("risk:{at}"), format!("{why}: {text}"), None, next));
            }
        }
        self.launch.blockers = blockers;
    }

    /// Moves what somebody accepted by its name from the blockers to the risks, where it stays named.
    fn accept(&mut self, case: &Case, request: &PrelaunchRequest) {
        for risk in &request.risks {
            let id = risk.blocker.as_deref().map(str::trim);
            if let Some(id) = id.filter(|id| !self.launch.blockers.iter().any(|it| it.id == *id)) {
                self.remarks.push(format!("No blocker is called `{id}`, so nothing is accepted with it."));
            }
            if unaccepted(risk, &case.day).is_some() {
                continue;
            }
            let at = self.launch.blockers.iter().position(|it| Some(it.id.as_str()) == id);
            let blocker = at.map(|it| self.launch.blockers.remove(it));
            let text = one_line(&risk.risk);
            if risk.until.is_none() {
                self.questions.push(format!("Until when is it accepted: {}?", text.trim_end_matches('.')));
            }
            self.launch.risks.push(AcceptedRisk {
                risk: text,
                accepted_by: risk.accepted_by.as_deref().map(one_line).unwrap_or_default(),
                until: risk.until.clone(),
                blocker,
            });
        }
    }

    fn verdict(&mut self, request: &PrelaunchRequest) -> Result<(), OperationError> {
        let launch = &mut self.launch;
        let computed = match (launch.blockers.is_empty(), launch.risks.is_empty()) {
            (false, _) => LaunchVerdict::NoGo,
            (true, false) => LaunchVerdict::GoWithRisks,
            (true, true) => LaunchVerdict::Go,
        };
        let asked = request.decision.map_or(computed, |it| it.0);
        launch.decision = computed.max(asked);
        match (computed, asked) {
            (LaunchVerdict::Go, LaunchVerdict::GoWithRisks) => {
                return Err(OperationError::Undecided(
                    "Which risk is accepted, by whom, and until when? Give `risks`, or the `decision` go".to_owned(),
                ));
            }
            (LaunchVerdict::Go | LaunchVerdict::GoWithRisks, LaunchVerdict::NoGo) => launch.blockers.push(Blocker {
                id: "decision".to_owned(),
                message: "It was decided against, though no gate is in the way.".to_owned(),
                next: "Say what has to change.".to_owned(),
                owner: self.owner.clone(),
                ..Blocker::default()
            }),
            (LaunchVerdict::NoGo, LaunchVerdict::Go | LaunchVerdict::GoWithRisks) => self.remarks.push(
                "It was to go ahead, and what blocks it overrules that: clear it, or have each accepted by its name."
                    .to_owned(),
            ),
            _ => {}
        }
        Ok(())
    }

    /// What to do next.
    pub(super) fn next(&self) -> Option<NextStep> {
        let count = self.launch.blockers.len();
        (count > 0).then_some(NextStep::ClearBlockers { count })
    }
}

/// Why a risk is not accepted.
fn unaccepted(risk: &RiskRequest, day: &str) -> Option<&'static str> {
    match (&risk.accepted_by, &risk.until) {
        (None, _) => Some("Nobody accepted the risk"),
        (Some(who), _) if !prose::is_content(who) => Some("Nobody accepted the risk"),
        (_, Some(until)) if until.as_str() < day => Some("The risk was accepted until a day that is over"),
        _ => None,
    }
}
