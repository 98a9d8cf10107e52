//! What stands in a runbook, section by section.

use archwright_model::{
    Kind, RelPath,
    conventions::{
        layout::Captures,
        role::{Role, State},
    },
    date,
    values::value,
};
use archwright_rules::authoring::compose::one_line;

use super::{super::listing, Composer, ended, known, known::Said, question, role_of};

impl Composer<'_> {
    /// The whole runbook.
    pub(super) fn text(&self) -> String {
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
    pub(super) fn asked(&self, find: impl Fn(&str) -> Option<String>, question: &str) -> String {
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
    pub(super) fn rate_of_steps(&self, text: &str) -> Option<String> {
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
}

/// Something that must never be done, as a line of its own: what already says so stays as it is.
fn forbidden(text: &str) -> String {
    let lower = text.to_lowercase();
    let denials =
        ["never", "do not ", "don't ", "don’t ", "must not ", "no ", "not ", "nobody ", "avoid ", "nie", "kein"];
    if denials.iter().any(|it| lower.starts_with(it)) { ended(text) } else { format!("Never: {}", ended(text)) }
}
