//! The text of a decision record: facts in a form. What is not known is a question; what has no place is named.

mod bodies;
mod front;

use archwright_model::{
    Kind,
    conventions::{config::Config, profile::SectionTemplate, role::Role},
    facts::RoleValue,
    values::value,
};
use archwright_syntax::markdown;

use super::form::{Form, Line, SectionForm};
use crate::authoring::compose::one_line;

/// What a record says.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Its subject.
    pub title: String,
    /// Its number.
    pub number: u32,
    /// The name of its file.
    pub stem: String,
    /// Its status.
    pub status: String,
    /// Its day.
    pub date: String,
    /// The whole in a sentence.
    pub tldr: Option<String>,
    /// What forces the decision.
    pub context: Option<String>,
    /// What drives it.
    pub drivers: Vec<String>,
    /// What is decided.
    pub decision: Option<String>,
    /// What it waits for.
    pub waits_for: Option<String>,
    /// The name of the option that was taken.
    pub chosen: Option<String>,
    /// The names of the other options, and why they were not taken.
    pub alternatives: Vec<Alternative>,
    /// What gets better.
    pub positive: Vec<String>,
    /// What gets worse.
    pub negative: Vec<String>,
    /// What shows that it works.
    pub verification: Option<String>,
    /// Links to other documents.
    pub links: Vec<String>,
    /// Who decides.
    pub deciders: Vec<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// The system concerns that are known: written as they are to stand there.
    pub concerns: Vec<RoleValue<String>>,
}

/// An option that was not taken.
#[derive(Clone, Debug, Default)]
pub struct Alternative {
    /// What it is called.
    pub name: String,
    /// Why it was not taken.
    pub why: Option<String>,
}

/// A record and what it does not say.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The text.
    pub text: String,
    /// What is asked without a placeholder, because the form has no place for it.
    pub questions: Vec<&'static str>,
    /// Facts that found no place: what they are, and what they say.
    pub unplaced: Vec<RoleValue<String>>,
    /// Keys of the front matter that each record fills in for itself.
    pub own_keys: Vec<String>,
}

const NO_CONTEXT: &str = "what forces this decision?";
const NO_DECISION: &str = "what is decided?";
const NO_ALTERNATIVE: &str = "no alternative was rejected: which ones were considered, and why were they not taken?";
const NO_REASON: &str = "why was it not taken?";
const NO_BENEFIT: &str = "what gets better?";
const NO_COST: &str = "no negative consequence was named: what gets worse, and for whom?";
const NO_PROOF: &str = "what shows that it works?";
const OTHERS_HAVE_IT: &str = "what belongs here? The records beside this one have this section";

/// A section of the text.
struct Part {
    level: u8,
    title: String,
    role: Option<Role>,
    body: String,
}

struct Writer<'w> {
    form: &'w Form,
    facts: &'w Facts,
    config: &'w Config,
    /// The labels of good and bad things where the form has none.
    built_in: &'w [Form],
    res: Written,
}

/// Writes a record. `built_in` are forms that Archwright knows, for what the form leaves out.
pub fn write(form: &Form, facts: &Facts, config: &Config, built_in: &[Form]) -> Written {
    let mut writer = Writer { form, facts, config, built_in, res: Written::default() };
    let parts = writer.parts();
    writer.count_unplaced(&parts);
    let mut text = writer.front_matter();
    let title = form.titles.title(facts.number, &facts.title);
    if let Some(level) = form.title_level {
        push_block(&mut text, &format!("{} {title}", "#".repeat(usize::from(level))));
    }
    let head = writer.lines(&form.head);
    push_block(&mut text, &head);
    for part in parts {
        push_block(&mut text, &format!("{} {}", "#".repeat(usize::from(part.level)), part.title));
        push_block(&mut text, &part.body);
    }
    text.push('\n');
    Written { text, ..writer.res }
}

/// Adds a block behind a blank line.
fn push_block(text: &mut String, block: &str) {
    let block = block.trim_matches('\n');
    if block.trim().is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
    }
    text.push_str(block);
}

/// Whether a section is for what gets better alone, or for what gets worse.
fn is_polarity(role: Option<Role>) -> bool {
    matches!(role, Some(Role::Positive | Role::Negative))
}

impl Writer<'_> {
    fn parts(&mut self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let (sections, missing) = self.sections();
        let split = sections.iter().any(|it| is_polarity(it.role));
        for section in &sections {
            if let Some(body) = self.body(section, split) {
                let title = if section.is_value { format!("{}: {body}", section.title) } else { section.title.clone() };
                let body = if section.is_value { String::new() } else { body };
                parts.push(Part { level: section.level, title, role: section.role, body });
            }
        }
        // The records have a section for one of them, and the other was given.
        let said = |role: Role| if role == Role::Positive { &self.facts.positive } else { &self.facts.negative };
        if let Some(role) = missing.filter(|it| !said(*it).is_empty())
            && let Some(at) = parts.iter().rposition(|it| is_polarity(it.role))
            && let Some(level) = parts.get(at).map(|it| it.level)
        {
            let (title, body) = (self.config.profile().name(role).to_owned(), self.list_or(said(role), NO_COST));
            parts.insert(at + 1, Part { level, title, role: Some(role), body });
        }
        self.add_missing(&mut parts);
        parts
    }

    /// The sections of the form, and which of what gets better and worse has none. A section of consequences below
    /// that of all consequences is for what its neighbour is not for.
    fn sections(&self) -> (Vec<SectionForm>, Option<Role>) {
        let mut sections = self.form.sections.clone();
        let has = |role: Role| sections.iter().any(|it| it.role == Some(role));
        let missing = match (has(Role::Positive), has(Role::Negative)) {
            (true, false) => Role::Negative,
            (false, true) => Role::Positive,
            _ => return (sections, None),
        };
        let first = sections.iter().position(|it| it.role == Some(Role::Consequences));
        let whole = first.and_then(|at| Some((at, sections.get(at)?.level)));
        let below = whole.and_then(|(at, level)| {
            let mut below = sections.iter_mut().skip(at + 1);
            below.find(|it| it.role == Some(Role::Consequences) && it.level > level)
        });
        let missing = if let Some(below) = below {
            below.role = Some(missing);
            None
        } else {
            Some(missing)
        };
        (sections, missing)
    }

    /// The sections that the form does not have, of what is given.
    fn add_missing(&mut self, parts: &mut Vec<Part>) {
        let has = |parts: &[Part], role: Role| parts.iter().any(|it| it.role == Some(role));
        let has_consequences =
            has(parts, Role::Consequences) || has(parts, Role::Positive) || has(parts, Role::Negative);
        if !has(parts, Role::Context) && self.facts.context.is_some() {
            self.insert(parts, Role::Context);
        }
        if !has(parts, Role::Decision) {
            self.insert(parts, Role::Decision);
        }
        if !has(parts, Role::Alternatives) {
            if self.facts.alternatives.is_empty() {
                self.res.questions.push(NO_ALTERNATIVE);
            } else {
                self.insert(parts, Role::Alternatives);
            }
        }
        if !has_consequences {
            if self.facts.positive.is_empty() && self.facts.negative.is_empty() {
                self.res.questions.push(NO_COST);
            } else {
                self.insert(parts, Role::Consequences);
            }
        }
        if !has(parts, Role::Verification) && self.facts.verification.is_some() {
            self.insert(parts, Role::Verification);
        }
        if !has(parts, Role::RelatedArtifacts) && !self.facts.links.is_empty() {
            self.insert(parts, Role::RelatedArtifacts);
        }
    }

    /// Adds a section of the template behind those that the template puts before it.
    fn insert(&mut self, parts: &mut Vec<Part>, role: Role) {
        let Some(template) = self.config.template(Kind::Adr) else { return };
        let Some(section) = template.section(role) else { return };
        let before: Vec<Role> = template.sections.iter().map(|it| it.role).take_while(|it| *it != role).collect();
        let mut level = self.form.title_level.unwrap_or(1) + 1;
        let mut before = before;
        // MADR has what follows from the outcome below the outcome.
        if self.form.chosen.is_some() && matches!(role, Role::Consequences | Role::Verification) {
            level += 1;
            before = vec![Role::Decision, Role::Consequences];
        }
        let is_before = |it: &Part| match it.role {
            Some(Role::Status | Role::Date) => true,
            Some(Role::Positive | Role::Negative) => before.contains(&Role::Consequences),
            Some(role) => before.contains(&role),
            None => false,
        };
        let mut at = parts.iter().rposition(is_before).map_or(0, |it| it + 1);
        // What stands below a section goes with it.
        while parts.get(at).is_some_and(|it| it.level > level) {
            at += 1;
        }
        let form = form_of(section, level);
        let named = self.built_in.iter().filter(|_| self.form.chosen.is_some()).flat_map(|it| &it.sections);
        let title = named.filter(|it| it.role == Some(role)).map(|it| it.title.clone()).next();
        let form = SectionForm { title: title.unwrap_or(form.title.clone()), ..form };
        if let Some(body) = self.body(&form, false) {
            parts.insert(at, Part { level, title: form.title, role: Some(role), body });
        }
    }

    /// Lines with fields.
    fn lines(&self, lines: &[Line]) -> String {
        let line = |it: &Line| match it {
            Line::Blank => String::new(),
            Line::Same(it) => it.clone(),
            Line::Field { role, before, after, .. } => {
                let is_cell = after.ends_with('|');
                let value = self.field(*role);
                let value = if is_cell { value.replace('|', "\\|") } else { value };
                format!("{before}{value}{after}")
            }
        };
        lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn field(&self, role: Option<Role>) -> String {
        let facts = self.facts;
        let listed = |it: &[String]| (!it.is_empty()).then(|| it.join(", "));
        let known = match role {
            Some(Role::Status) => Some(facts.status.clone()),
            Some(Role::Date) => Some(facts.date.clone()),
            Some(Role::Tldr) => facts.tldr.clone(),
            Some(Role::Deciders) => listed(&facts.deciders),
            Some(Role::Tags) => listed(&facts.tags),
            Some(role) => facts.concerns.iter().find(|it| it.role == role).map(|it| it.value.clone()),
            None => None,
        };
        let concerns = &self.config.profile().concerns;
        let question = || concerns.iter().find(|it| Some(it.role) == role).map_or("", |it| &it.question);
        known.unwrap_or_else(|| value::placeholder(question()))
    }

    /// Names what was given and has no place.
    fn count_unplaced(&mut self, parts: &[Part]) {
        let facts = self.facts;
        let mut unplaced = Vec::new();
        for (role, said) in [(Role::Tags, &facts.tags), (Role::Deciders, &facts.deciders)] {
            if !said.is_empty() && !self.form.has_field(role) {
                unplaced.push(RoleValue { role, value: said.join(", ") });
            }
        }
        for concern in &facts.concerns {
            if !self.form.has_field(concern.role) && !value::waits(&concern.value) {
                unplaced.push(concern.clone());
            }
        }
        // A name that no list of options holds stands nowhere.
        let says_chosen = self.form.chosen.is_some() || self.form.sections.iter().any(|it| it.names_only);
        if let Some(chosen) = facts.chosen.as_ref().filter(|_| !says_chosen) {
            unplaced.push(RoleValue { role: Role::Chosen, value: one_line(chosen) });
        }
        let has_status = self.form.has_field(Role::Status) || parts.iter().any(|it| it.role == Some(Role::Status));
        if !has_status {
            unplaced.push(RoleValue { role: Role::Status, value: facts.status.clone() });
        }
        self.res.unplaced = unplaced;
    }
}

/// A section of the template as a form.
fn form_of(section: &SectionTemplate, level: u8) -> SectionForm {
    SectionForm {
        level,
        title: section.name.clone(),
        role: Some(section.role),
        fields: Vec::new(),
        details: false,
        names_only: false,
        is_value: false,
    }
}

/// A text behind a label. Words that the label ends with are not said twice.
pub fn labelled(label: &str, text: &str, rejected: &str) -> String {
    let rejected = rejected.to_lowercase();
    let text = one_line(text);
    let because = "because ";
    let is_said = |it: &str| label.to_lowercase().contains(it.trim());
    let begins = |text: &str, word: &str| text.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word));
    let mut rest = text.as_str();
    if is_said(&rejected) && begins(rest, &rejected) {
        rest = rest.get(rejected.len()..).unwrap_or_default().trim_start_matches([',', ':', ' ']);
    }
    let is_reason = is_said(because) || label.trim_end().ends_with([':', '—', '–', '-']);
    if is_reason && begins(rest, because) {
        rest = rest.get(because.len()..).unwrap_or(rest).trim_start();
    }
    format!("{label}{rest}")
}

/// A reason as a sentence of its own.
fn sentence(reason: &str) -> String {
    let reason = labelled(":", reason, "-");
    let mut letters = reason.trim_start_matches(':').chars();
    let text: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    if text.ends_with(['.', '!', '?', ']']) { text } else { format!("{text}.") }
}

/// A text of people inside a section: its headings go below that of the section, and nothing of it stays open.
pub fn within(text: &str, level: u8) -> String {
    let text = closed(text.replace("\r\n", "\n").trim());
    let text = text.as_str();
    let tree = markdown::parse(text);
    let mut res = String::with_capacity(text.len());
    let mut at = 0;
    let headings = tree.sections.iter().skip(1).filter(|it| !it.setext);
    let highest = headings.clone().map(|it| it.level).min().unwrap_or(1);
    for heading in headings {
        let start = heading.heading.start as usize;
        let marks = usize::from(heading.level);
        let wanted = usize::from((heading.level - highest + level + 1).clamp(level + 1, 6));
        let line = text.get(start..).unwrap_or_default();
        let indent = line.len() - line.trim_start_matches(' ').len();
        res.push_str(text.get(at..start + indent).unwrap_or_default());
        res.push_str(&"#".repeat(wanted));
        at = start + indent + marks;
    }
    res.push_str(text.get(at..).unwrap_or_default());
    res
}

/// A text after which a document goes on: a fence or a comment that nobody closed would swallow what follows.
fn closed(text: &str) -> String {
    const ENDS: [&str; 6] = ["", "\n```", "\n~~~", "\n-->", "\n``````", "\n~~~~~~"];
    let goes_on = |end: &&&str| {
        let probe = format!("{text}{end}\n\n# z\n");
        let tree = markdown::parse(&probe);
        tree.sections.last().is_some_and(|it| it.title.of(&probe).trim() == "z" && it.level == 1)
    };
    let end = ENDS.iter().find(goes_on).copied();
    match end {
        Some(end) => format!("{text}{end}"),
        // What nothing closes is shown as it is.
        None => text.lines().map(|it| format!("    {it}")).collect::<Vec<_>>().join("\n"),
    }
}

/// The first sentence of a text, as the short form of it: of its first paragraph, since lists and code are none.
pub fn first_sentence(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let text = one_line(text.trim().split("\n\n").next().unwrap_or_default());
    let end = text.match_indices(". ").map(|it| it.0).find(|at| {
        let before = text.get(..*at).unwrap_or_default();
        let word = before.rsplit(' ').next().unwrap_or_default();
        // `e.g. this`, `v1. 2`.
        !word.contains('.') && word.len() > 2
    });
    end.and_then(|it| text.get(..=it)).map_or_else(|| text.clone(), str::to_owned)
}
