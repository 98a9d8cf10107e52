//! What stands in the sections of a new record.

use archwright_model::{
    conventions::role::{Role, State},
    values::value,
};

use super::{
    super::form::{Form, Labels, SectionForm},
    Alternative, NO_ALTERNATIVE, NO_BENEFIT, NO_CONTEXT, NO_COST, NO_DECISION, NO_PROOF, NO_REASON, OTHERS_HAVE_IT,
    Writer, labelled, sentence, within,
};
use crate::authoring::compose::one_line;

impl Writer<'_> {
    /// What a section says; nothing if it is left out.
    pub(super) fn body(&mut self, section: &SectionForm, split: bool) -> Option<String> {
        let facts = self.facts;
        let open = |question: &str| Some(value::placeholder(question));
        // Of what the template asks nobody has to answer all.
        let or_left_out = |question: &str| if self.form.leaves_out { None } else { open(question) };
        let level = section.level;
        let text = |it: &str| within(it, level);
        match section.role {
            Some(Role::Status) => {
                Some(if section.fields.is_empty() { facts.status.clone() } else { self.lines(&section.fields) })
            }
            Some(Role::Date) => Some(facts.date.clone()),
            Some(Role::Summary | Role::SystemConcerns) => {
                let body = self.lines(&section.fields);
                (!body.is_empty()).then_some(body)
            }
            Some(Role::Context) => {
                let context = facts.context.as_deref().map_or_else(|| value::placeholder(NO_CONTEXT), text);
                let has_own = self.form.sections.iter().any(|it| it.role == Some(Role::Drivers));
                let drivers = if has_own { String::new() } else { self.list(&facts.drivers) };
                Some([context, drivers].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n\n"))
            }
            Some(Role::Drivers) => match facts.drivers.as_slice() {
                [] => or_left_out("what drives the decision?").map(|it| self.list(&[it])),
                drivers => Some(self.list(drivers)),
            },
            Some(Role::Decision) => Some(self.decision(level)),
            Some(Role::Alternatives) => self.alternatives(section),
            // The good and the bad have sections of their own below it.
            Some(Role::Consequences) if split => Some(String::new()),
            Some(Role::Consequences) => Some(self.consequences()),
            Some(Role::Positive) => Some(self.list_or(&facts.positive, NO_BENEFIT)),
            Some(Role::Negative) => Some(self.list_or(&facts.negative, NO_COST)),
            Some(Role::Verification) => match facts.verification.as_deref() {
                Some(it) => Some(text(it)),
                None => or_left_out(NO_PROOF),
            },
            Some(Role::RelatedArtifacts) => {
                let is_own = self.form.sections.iter().any(|it| it.role == Some(Role::SystemConcerns));
                let open = || is_own.then(|| self.list(&[value::placeholder("link")]));
                if facts.links.is_empty() { open() } else { Some(self.list(&facts.links)) }
            }
            _ => or_left_out(OTHERS_HAVE_IT),
        }
    }

    pub(super) fn decision(&self, level: u8) -> String {
        let facts = self.facts;
        let said = facts.decision.as_deref().map(|it| within(it, level));
        let names_options = self.form.sections.iter().any(|it| it.names_only) || facts.chosen.is_some();
        let chosen = self.form.chosen.as_ref().filter(|_| names_options && facts.decision.is_some());
        let said = match (chosen, said) {
            (Some((label, mark)), Some(said)) => {
                let mark_end = if mark == "“" { "”" } else { mark };
                let option = self.chosen();
                let reason = ["because ", "Because "].iter().find_map(|it| said.strip_prefix(it));
                match reason {
                    Some(reason) => Some(format!("{label}{mark}{option}{mark_end}, because {reason}")),
                    None => Some(format!("{label}{mark}{option}{mark_end}.\n\n{said}")),
                }
            }
            (_, said) => said,
        };
        let parts = [said, facts.waits_for.clone()].into_iter().flatten().collect::<Vec<_>>();
        if parts.is_empty() { value::placeholder(NO_DECISION) } else { parts.join("\n\n") }
    }

    /// The name of the option that was taken: what it is called, else what the record is about.
    pub(super) fn chosen(&self) -> String {
        self.facts.chosen.as_deref().map_or_else(|| self.facts.title.clone(), one_line)
    }

    pub(super) fn alternatives(&mut self, section: &SectionForm) -> Option<String> {
        let facts = self.facts;
        let weighs = self.form.sections.iter().any(|it| it.details && it.role == Some(Role::Alternatives));
        let ended = |it: String| self.ended(it);
        if section.names_only {
            let taken = facts.decision.is_some().then(|| self.chosen());
            let mut items: Vec<String> = taken.into_iter().collect();
            // Where no section weighs them, the reasons stand here.
            items.extend(
                facts.alternatives.iter().map(|it| if weighs { one_line(&it.name) } else { self.rejected(it) }),
            );
            if facts.alternatives.is_empty() {
                items.push(value::placeholder(NO_ALTERNATIVE));
            }
            return Some(self.list(&items));
        }
        if facts.alternatives.is_empty() {
            let is_second = self.form.sections.iter().any(|it| it.names_only);
            return (!is_second).then(|| self.list(&[value::placeholder(NO_ALTERNATIVE)]));
        }
        if section.details {
            let known = self.labels_of(|it| &it.arguments);
            let labels = self.form.arguments.clone().or(&known);
            // Where options are named first and weighed below, arguments have labels.
            let has_none = labels == Labels::default() && self.form.sections.iter().any(|it| it.names_only);
            let labels = if has_none { known.into_iter().next().unwrap_or_default() } else { labels };
            let heading = "#".repeat(usize::from(section.level) + 1);
            let option = |it: &Alternative| {
                let why = it.why.as_deref().map_or_else(|| value::placeholder(NO_REASON), one_line);
                let bad = labels.negative.as_deref().map(|it| self.list(&[self.ended(self.labelled(it, &why))]));
                format!("{heading} {}\n\n{}", one_line(&it.name), bad.unwrap_or_else(|| sentence(&why)))
            };
            return Some(facts.alternatives.iter().map(option).collect::<Vec<_>>().join("\n\n"));
        }
        let items: Vec<String> = facts.alternatives.iter().map(|it| ended(self.rejected(it))).collect();
        Some(self.list(&items))
    }

    /// An option and why it was not taken, on one line.
    pub(super) fn rejected(&self, alternative: &Alternative) -> String {
        let known = || self.built_in.iter().find_map(|it| it.rejected.as_deref());
        let infix = self.form.rejected.as_deref().or_else(known).unwrap_or(": ");
        let why = alternative.why.as_deref().map_or_else(|| value::placeholder(NO_REASON), one_line);
        format!("{}{}", one_line(&alternative.name), self.labelled(infix, &why))
    }

    pub(super) fn consequences(&self) -> String {
        let facts = self.facts;
        let labels = self.form.consequences.clone().or(&self.labels_of(|it| &it.consequences));
        let items = |label: Option<&String>, said: &[String], question: &str| -> Vec<String> {
            let open = [value::placeholder(question)];
            let said = if said.is_empty() { &open } else { said };
            said.iter()
                .map(|it| self.ended(label.map_or_else(|| one_line(it), |label| self.labelled(label, it))))
                .collect()
        };
        let mut all = items(labels.positive.as_ref(), &facts.positive, NO_BENEFIT);
        all.extend(items(labels.negative.as_ref(), &facts.negative, NO_COST));
        self.list(&all)
    }

    pub(super) fn labelled(&self, label: &str, text: &str) -> String {
        labelled(label, text, self.config.profile().state(State::Rejected))
    }

    /// An item with a full stop where the records have one.
    pub(super) fn ended(&self, item: String) -> String {
        let is_open = !item.ends_with(['.', '!', '?', ':', ']']);
        if self.form.full_stops && is_open { format!("{item}.") } else { item }
    }

    pub(super) fn labels_of(&self, pick: impl Fn(&Form) -> &Labels) -> Vec<Labels> {
        self.built_in.iter().map(|it| pick(it).clone()).collect()
    }

    pub(super) fn list(&self, items: &[String]) -> String {
        let marker = self.form.marker;
        items.iter().map(|it| format!("{marker} {}", one_line(it))).collect::<Vec<_>>().join("\n")
    }

    pub(super) fn list_or(&self, items: &[String], question: &str) -> String {
        let items: Vec<String> = items.iter().map(|it| self.ended(one_line(it))).collect();
        if items.is_empty() { self.list(&[value::placeholder(question)]) } else { self.list(&items) }
    }
}
