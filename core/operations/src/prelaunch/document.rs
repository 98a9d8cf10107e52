//! The launch decision as a document, in the form of the profile.

use archwright_knowledge::gate;
use archwright_model::{
    Kind, RelPath,
    conventions::role::{Role, State},
    values::value,
};
use archwright_rules::authoring::{compose::one_line, listing::GROUPS};

use super::{
    super::{ReviewPlace, listing},
    answer::{Blocker, GateState},
    case::Case,
    decide::{Decided, Rollback},
    request::{LaunchVerdict, PrelaunchRequest, RiskRequest},
};

/// What a document is written from.
pub(super) struct Writing<'a, 'w> {
    pub case: &'a Case<'w>,
    pub request: &'a PrelaunchRequest,
    pub decided: &'a Decided,
    pub rollback: &'a Rollback,
    pub path: &'a RelPath,
}

/// A part of the document.
pub(super) struct Block {
    /// The heading without its marks.
    pub title: String,
    /// Heading and body.
    pub text: String,
    /// What stands in it that the caller gave.
    pub given: Vec<String>,
}

impl Writing<'_, '_> {
    /// The parts of the document, the title first.
    pub(super) fn blocks(&self) -> Vec<Block> {
        let config = self.case.config();
        let title = config.profile().title(Kind::Launch, &self.case.feature);
        let mut blocks = vec![Block { text: format!("# {title}"), title, given: Vec::new() }];
        for section in config.template(Kind::Launch).into_iter().flat_map(|it| &it.sections) {
            let (body, given) = match section.role {
                Role::Summary => (Some(self.summary()), self.request.tldr.iter().map(|it| one_line(it)).collect()),
                Role::SystemConcerns => (Some(self.concerns()), Vec::new()),
                Role::LaunchDecision => (Some(self.approvers()), self.request.approvers.clone()),
                Role::Blockers => (Some(self.blockers()), Vec::new()),
                Role::RecommendedFixes => (self.fixes(), Vec::new()),
                Role::AcknowledgedRisks => {
                    (Some(self.risks()), self.request.risks.iter().map(|it| one_line(&it.risk)).collect())
                }
                Role::Evidence => {
                    let given = self.request.evidence.iter().filter_map(|it| it.place.as_deref().map(one_line));
                    (self.evidence(), given.collect())
                }
                Role::Rollout => {
                    let said = self.request.rollout.as_deref().map(prose_of);
                    (said.clone(), said.into_iter().collect())
                }
                Role::RollbackPlan => {
                    let rollback = &self.request.rollback;
                    let one = [&rollback.trigger, &rollback.time, &rollback.who].into_iter().flatten();
                    (Some(self.way_back()), one.chain(&rollback.steps).map(|it| one_line(it)).collect())
                }
                Role::RelatedArtifacts => (Some(self.related()), Vec::new()),
                _ => (None, Vec::new()),
            };
            let Some(body) = body else { continue };
            let heading = format!("{} {}", "#".repeat(usize::from(section.level)), section.name);
            let text = if body.is_empty() { heading } else { format!("{heading}\n\n{body}") };
            blocks.push(Block { title: section.name.clone(), text, given });
        }
        blocks
    }

    fn field(&self, role: Role, value: &str) -> String {
        format!("- **{}**: {value}", self.case.config().profile().name(role))
    }

    /// The word for the decision.
    pub(super) fn status(&self) -> &str {
        let state = match self.decided.launch.decision {
            LaunchVerdict::Go => State::Go,
            LaunchVerdict::GoWithRisks => State::GoWithRisks,
            LaunchVerdict::NoGo => State::NoGo,
        };
        self.case.config().status_of(Kind::Launch, state)
    }

    /// The tier that was reached, in words.
    pub(super) fn tier(&self) -> String {
        let lowest = super::decide::tier_name(self.case, 0);
        self.decided.launch.tier.clone().unwrap_or_else(|| format!("below {lowest}"))
    }

    fn summary(&self) -> String {
        let launch = &self.decided.launch;
        let tldr = self.request.tldr.as_deref().map_or_else(|| self.tldr(), prose_of);
        [
            self.field(Role::Status, self.status()),
            self.field(Role::Date, &launch.date),
            self.field(Role::Feature, &launch.feature),
            self.field(Role::TierAchieved, &self.tier()),
            self.field(Role::Tldr, &tldr),
        ]
        .join("\n")
    }

    /// The whole in a sentence, where nobody gave one.
    fn tldr(&self) -> String {
        let launch = &self.decided.launch;
        let shown = match &launch.tier {
            Some(tier) => format!("the evidence reaches {tier}"),
            None => format!("the evidence does not reach {}", super::decide::tier_name(self.case, 0)),
        };
        match launch.decision {
            LaunchVerdict::Go => format!("{} goes live: {shown}, and nothing blocks it.", launch.feature),
            LaunchVerdict::GoWithRisks => {
                format!("{} goes live with {}: {shown}.", launch.feature, count(launch.risks.len(), "accepted risk"))
            }
            LaunchVerdict::NoGo => {
                let blockers = count(launch.blockers.len(), "blocker");
                format!("{} does not go live yet: {blockers} for {}; {shown}.", launch.feature, launch.target)
            }
        }
    }

    fn concerns(&self) -> String {
        let own = listing::concerns(self.case.workspace, &self.case.feature);
        let concern = |it: &archwright_model::conventions::profile::Concern| {
            let said = own.iter().find(|own| own.role == it.role).map(|it| value::line(&it.value));
            self.field(it.role, &said.unwrap_or_else(|| value::placeholder(&it.question)))
        };
        self.case.config().profile().concerns.iter().map(concern).collect::<Vec<_>>().join("\n")
    }

    fn approvers(&self) -> String {
        let all: Vec<String> = self.request.approvers.iter().map(|it| one_line(it)).collect();
        if all.is_empty() { String::new() } else { self.field(Role::Approver, &all.join(", ")) }
    }

    fn blockers(&self) -> String {
        let launch = &self.decided.launch;
        if launch.blockers.is_empty() {
            return format!("- None open on {}.", launch.date);
        }
        launch.blockers.iter().map(|it| format!("- {}", self.blocker(it))).collect::<Vec<_>>().join("\n")
    }

    fn blocker(&self, it: &Blocker) -> String {
        let place = it.place.as_ref().map_or_else(String::new, |it| format!(" ({})", self.link(it)));
        let owner = it.owner.as_ref().map_or_else(String::new, |it| format!(" Owner: {}.", it.trim_end_matches('.')));
        let message = plain(&it.message);
        let end = message.chars().next_back().filter(|it| matches!(it, '.' | '?' | '!')).unwrap_or('.');
        let message = message.trim_end_matches(['.', '?', '!']);
        format!("{message}{place}{end} {}{owner}", it.next)
    }

    /// What the next tier lacks.
    fn fixes(&self) -> Option<String> {
        let launch = &self.decided.launch;
        let next = self.decided.target + 1;
        let open = launch.gates.iter().filter(|it| it.tier == next && !it.state.holds());
        let owner = self.decided.owner.as_ref();
        let owner = owner.map_or_else(String::new, |it| format!(" Owner: {}.", it.trim_end_matches('.')));
        let tier = super::decide::tier_name(self.case, next);
        let lines: Vec<String> = open
            .filter_map(|it| {
                let known = gate(it.id)?;
                Some(format!("- {tier} also needs: {}. {}{owner}", known.name, known.next))
            })
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    fn risks(&self) -> String {
        if self.request.risks.is_empty() {
            return format!("- None named on {}.", self.decided.launch.date);
        }
        self.request.risks.iter().map(|it| self.risk(it)).collect::<Vec<_>>().join("\n")
    }

    fn risk(&self, risk: &RiskRequest) -> String {
        let text = prose_of(&risk.risk);
        let mut line = format!("- {}.", text.trim_end_matches('.'));
        let accepted = self.decided.launch.risks.iter().find(|it| it.risk == one_line(&risk.risk));
        if let Some(blocker) = accepted.and_then(|it| it.blocker.as_ref()) {
            let place = blocker.place.as_ref().map_or_else(String::new, |it| format!(" ({})", self.link(it)));
            line.push_str(&format!(" It blocked as `{}`{place}: {}", blocker.id, ended(&plain(&blocker.message))));
        }
        if let Some(mitigation) = &risk.mitigation {
            line.push_str(&format!(" Mitigation: {}", ended(&prose_of(mitigation))));
        }
        let who = risk.accepted_by.as_deref().map_or_else(|| value::placeholder("who?"), one_line);
        let until = risk.until.as_ref().map_or_else(String::new, |it| format!(", until {it}"));
        line.push_str(&format!(" Accepted by: {}{until}.", who.trim_end_matches('.')));
        line
    }

    fn evidence(&self) -> Option<String> {
        let told = |it: &&super::answer::GateResult| {
            it.state == GateState::Claimed || it.tier <= self.decided.target && it.state.holds()
        };
        let reached = self.decided.launch.gates.iter().filter(told);
        let line = |it: &super::answer::GateResult| {
            let name = capital(&gate(it.id)?.name);
            let places: Vec<String> = it.places.iter().take(3).map(|it| self.link(it)).collect();
            let shown = match (it.state, places.is_empty()) {
                (GateState::Claimed, _) => format!("claimed: {}", prose_of(&it.found)),
                (_, true) => it.found.clone(),
                (_, false) if it.found.is_empty() => places.join(", "),
                (_, false) => format!("{}, {}", it.found, places.join(", ")),
            };
            Some(format!("- {name}: {shown}."))
        };
        let lines: Vec<String> = reached.filter_map(line).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    fn way_back(&self) -> String {
        // What the last launch said is proposed, and holds here only if somebody confirms it.
        let said =
            |it: &Option<String>, role: Role, question: &str| match (it, self.case.last_rollback(self.path, role)) {
                (Some(it), _) => prose_of(it),
                (None, Some((said, day))) => {
                    let said = plain(&said).replace(['(', ')'], "");
                    value::placeholder(&format!("{}, as on {day}?", said.trim_end_matches('.')))
                }
                (None, None) => value::placeholder(question),
            };
        let mut lines = vec![
            self.field(Role::Trigger, &said(&self.rollback.trigger, Role::Trigger, "which number leads to it?")),
            self.field(Role::Procedure, &said(&self.rollback.procedure, Role::Procedure, "which steps, in order?")),
            self.field(Role::Rto, &said(&self.rollback.rto, Role::Rto, "how long does it take?")),
        ];
        lines.extend(self.request.rollback.who.as_deref().map(|it| self.field(Role::Owner, &one_line(it))));
        lines.join("\n")
    }

    fn related(&self) -> String {
        let (case, folder) = (self.case, self.path.parent());
        let link = |path: &RelPath, label: &str| format!("[{label}]({})", path.relative_to(&folder));
        let profile = case.config().profile();
        let mut lines = Vec::new();
        if let Some(readme) = case.readme {
            lines.push(format!("- {}: {}", profile.name(Role::Index), link(&readme.path, &case.feature)));
        }
        for (kind, role) in GROUPS {
            let files = listing::of_kind(case.workspace, &case.feature, kind);
            let label = |it: &RelPath| {
                let own = listing::label(case.workspace, &case.feature, it).filter(|_| kind != Kind::Design);
                own.unwrap_or_else(|| listing::title(case.workspace, it))
            };
            let others = files.iter().filter(|it| it.path != *self.path);
            let links: Vec<String> = others.map(|it| link(&it.path, &label(&it.path))).collect();
            if !links.is_empty() {
                lines.push(format!("- {}: {}", profile.name(role), links.join(", ")));
            }
        }
        if lines.is_empty() { format!("- {}", value::placeholder("link")) } else { lines.join("\n") }
    }

    /// A place as a link; what lies outside the workspace is named.
    fn link(&self, place: &ReviewPlace) -> String {
        if place.file.escapes() {
            return format!("`{}:{}`", place.file, place.line);
        }
        format!("[{}:{}]({})", place.file.name(), place.line, place.file.relative_to(&self.path.parent()))
    }
}

/// A text of ours or of a finding, without what would be a link or a placeholder.
fn plain(text: &str) -> String {
    value::line(text).replace('[', "(").replace(']', ")")
}

/// What somebody gave, on one line; addresses are links.
fn prose_of(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let is_address = word.starts_with("https://") || word.starts_with("http://");
        let (address, rest) = word.split_at(word.trim_end_matches(['.', ',', ';', ')']).len());
        if is_address { format!("<{address}>{rest}") } else { word.to_owned() }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn ended(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
