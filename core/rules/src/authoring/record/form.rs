//! The form that some records have in common.

use archwright_model::{
    conventions::{
        config::Config,
        role::{Role, State},
        vocabulary::folded,
    },
    values::value,
};
use archwright_syntax::{
    Span,
    markdown::{FieldOrigin, SectionId},
};

use super::{
    counts, most,
    name::{FileNames, Titles},
    sample::{Sample, field_role},
};

/// What records have in common.
#[derive(Clone, Debug)]
pub struct Form {
    /// How their files are named.
    pub files: FileNames,
    /// How their titles begin.
    pub titles: Titles,
    /// The level of the title's heading; nothing if the title stands in the front matter.
    pub title_level: Option<u8>,
    /// The lines of the front matter.
    pub front: Vec<FrontLine>,
    /// The lines between the title and the first section.
    pub head: Vec<Line>,
    /// The sections, in order.
    pub sections: Vec<SectionForm>,
    /// What list items begin with.
    pub marker: char,
    /// What stands before a good and a bad consequence.
    pub consequences: Labels,
    /// What stands before what speaks for and against an option.
    pub arguments: Labels,
    /// What stands between a rejected option and the reason.
    pub rejected: Option<String>,
    /// What stands before the chosen option, with the mark around it.
    pub chosen: Option<(String, String)>,
    /// Whether items of lists end with a full stop.
    pub full_stops: bool,
    /// Whether relations to other records stand among the links.
    pub relates_in_links: bool,
    /// Whether records refer to others by the names of their files.
    pub refers_by_file: bool,
    /// Whether sections are left out of which nothing is known.
    pub leaves_out: bool,
    /// The words of their statuses.
    pub statuses: Vec<(String, Option<State>)>,
}

/// What stands before good and bad things.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Before good ones: `Positive: `, `Good, because `.
    pub positive: Option<String>,
    /// Before bad ones.
    pub negative: Option<String>,
}

/// A line of the front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontLine {
    /// The key.
    pub key: String,
    /// What belongs there.
    pub value: FrontValue,
}

/// What belongs behind a key of the front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrontValue {
    /// The value of a field.
    Field(Role),
    /// The title.
    Title,
    /// The record's number.
    Number,
    /// The name of the file.
    Stem,
    /// What all records have there, as it is written.
    Same(String),
    /// What each record has of its own.
    Own,
}

/// A line of the head or of a section that holds fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A blank line.
    Blank,
    /// A line that all of them have, such as the head of a table.
    Same(String),
    /// A field.
    Field {
        /// What it is for.
        role: Option<Role>,
        /// Its name.
        name: String,
        /// What stands before the value.
        before: String,
        /// What stands behind it.
        after: String,
    },
}

/// A section that records have in common.
#[derive(Clone, Debug)]
pub struct SectionForm {
    /// The level of its heading.
    pub level: u8,
    /// Its title as it is written.
    pub title: String,
    /// What it is for.
    pub role: Option<Role>,
    /// The lines with fields that it begins with.
    pub fields: Vec<Line>,
    /// Whether it has a section for each option.
    pub details: bool,
    /// Whether it is only the list of the options' names.
    pub names_only: bool,
    /// Whether its heading holds the value: `## Status: Accepted`.
    pub is_value: bool,
}

/// What tells a section apart in all records: its level, what it is for or what it is called, and below what.
type Key = (u8, String, String);

impl Form {
    /// The form of some records, in their order; `None` of none.
    pub fn of(samples: &[Sample], config: &Config) -> Option<Self> {
        let keys: Vec<Vec<(Key, SectionId)>> = samples.iter().map(keys).collect();
        let shared = counts(keys.iter().flat_map(|it| {
            let mut own: Vec<&Key> = it.iter().map(|it| &it.0).collect();
            own.sort();
            own.dedup();
            own
        }));
        let in_common = |key: &Key, known: bool| {
            let count = shared.get(key).copied().unwrap_or_default();
            count * 2 >= samples.len() && (known || count > 1)
        };
        // The record that has most of what is common shows the order; of equal ones the newest.
        let best = (0..samples.len()).max_by_key(|at| {
            let own = keys.get(*at).into_iter().flatten();
            own.filter(|it| shared.get(&it.0).is_some_and(|it| it * 2 >= samples.len())).count()
        })?;
        let (model, keys) = (samples.get(best)?, keys.get(best)?);
        let sections = keys.iter().filter(|(key, id)| {
            let section = model.document.tree.section(*id);
            let level = section.level;
            // Options have names of their own, even where two records share some.
            let is_option =
                model.part(*id).is_none() && section.parent.and_then(|it| model.part(it)) == Some(Role::Alternatives);
            !is_option && level <= model.title_level().unwrap_or(1) + 2 && in_common(key, model.part(*id).is_some())
        });
        let mut sections: Vec<SectionForm> = sections.map(|(_, id)| section(model, *id, samples, config)).collect();
        let top = model.title_level().unwrap_or(1) + 1;
        let options = sections.iter().filter(|it| it.role == Some(Role::Alternatives) && it.level == top).count();
        if options > 1 {
            for it in &mut sections {
                it.names_only = it.role == Some(Role::Alternatives) && !it.details;
            }
        }
        let chosen = most(samples.iter().filter_map(chosen));
        if chosen.is_some() {
            for it in &mut sections {
                it.names_only |= it.role == Some(Role::Alternatives) && !it.details;
            }
        }
        Some(Self {
            files: FileNames::most(samples.iter().map(|it| it.path.stem())),
            titles: Titles::most(samples.iter().map(|it| it.title.as_str()))?,
            title_level: most(samples.iter().map(Sample::title_level))?,
            front: front(samples, model, config),
            head: lines(model, model.preamble(), samples, config),
            sections,
            marker: most(samples.iter().flat_map(markers)).unwrap_or('-'),
            consequences: labels(samples, |it| matches!(it, Role::Consequences | Role::Decision)),
            arguments: labels(samples, |it| it == Role::Alternatives),
            rejected: most(samples.iter().flat_map(|it| infixes(it, config))),
            chosen,
            full_stops: full_stops(samples),
            relates_in_links: samples.iter().any(|it| relates_in_links(it, config)),
            refers_by_file: samples.iter().any(refers_by_file),
            leaves_out: false,
            statuses: samples.iter().filter_map(|it| it.status.clone()).collect(),
        })
    }

    /// The word for a state as these records write it.
    pub fn status(&self, state: State, config: &Config) -> String {
        let word = config.status_of(archwright_model::Kind::Adr, state);
        let is_word = |it: &&(String, Option<State>)| it.1 == Some(state) && is_word(&it.0, config);
        // `Implemented` says more than `Accepted`, where both are written.
        let is_it = |it: &&(String, Option<State>)| {
            it.0.trim_matches(|it: char| !it.is_alphanumeric()).eq_ignore_ascii_case(word)
        };
        let mut own = self.statuses.iter().rev().filter(is_word);
        if let Some((text, _)) = own.clone().find(is_it).or_else(|| own.next()) {
            return text.clone();
        }
        let is_lower = |it: &String| it.chars().find(|it| it.is_alphabetic()).is_some_and(char::is_lowercase);
        let lower = self.statuses.iter().filter(|it| is_lower(&it.0)).count();
        if lower * 2 > self.statuses.len() { word.to_lowercase() } else { word.to_owned() }
    }

    /// Whether there is a place for a field.
    pub(crate) fn has_field(&self, role: Role) -> bool {
        let is_it = |it: &Line| matches!(it, Line::Field { role: Some(own), .. } if *own == role);
        self.head.iter().any(is_it)
            || self.sections.iter().any(|it| it.role == Some(role) || it.fields.iter().any(is_it))
            || self.front.iter().any(|it| it.value == FrontValue::Field(role))
    }
}

/// Whether a status is the word for a state, with a sign before it perhaps.
pub fn is_word(status: &str, config: &Config) -> bool {
    let word = status.trim_matches(|it: char| !it.is_alphanumeric());
    let mut names = config.profile().states.values().flat_map(archwright_model::conventions::profile::Name::names);
    names.any(|it| it.eq_ignore_ascii_case(word))
}

/// The sections of a record with what tells them apart.
fn keys(sample: &Sample) -> Vec<(Key, SectionId)> {
    let name = |id: SectionId| match sample.part(id) {
        Some(role) => format!("{role:?}"),
        None => folded(&sample.written_title(id)).collect(),
    };
    let tree = sample.document.tree;
    let mut found: Vec<(Key, SectionId)> = Vec::new();
    for id in sample.sections() {
        let section = tree.section(id);
        let top = sample.title_level().unwrap_or(1) + 1;
        let parent = section.parent.filter(|_| section.level > top).map(name).unwrap_or_default();
        let mut key = (section.level, name(id), parent);
        // Options are listed and then weighed, in two sections that are for the same.
        if found.iter().any(|it| it.0 == key) {
            key.1 = format!("{} {}", key.1, folded(&sample.written_title(id)).collect::<String>());
        }
        found.push((key, id));
    }
    found
}

fn section(model: &Sample, id: SectionId, samples: &[Sample], config: &Config) -> SectionForm {
    let tree = model.document.tree;
    let role = model.part(id);
    let has_options = |it: SectionId| tree.children(it).any(|it| model.part(it).is_none());
    let holds_fields = matches!(role, Some(Role::Summary | Role::SystemConcerns | Role::Status));
    SectionForm {
        level: tree.section(id).level,
        title: model.written_title(id),
        role,
        fields: if holds_fields { lines(model, tree.section(id).body, samples, config) } else { Vec::new() },
        details: role == Some(Role::Alternatives) && has_options(id),
        names_only: false,
        is_value: model.is_value(id),
    }
}

/// The lines of a part of a record that holds fields: those fields that most records have.
fn lines(model: &Sample, part: Span, samples: &[Sample], config: &Config) -> Vec<Line> {
    let (tree, text) = (model.document.tree, model.text());
    let is_common = |name: &str, known: bool| {
        let has = |it: &&Sample| {
            let fields = it.document.tree.fields.iter();
            fields.map(|field| field.name.of(it.text())).any(|it| same_field(it, name, config))
        };
        let count = samples.iter().filter(has).count();
        count * 2 >= samples.len() && (known || count > 1)
    };
    let mut lines = Vec::new();
    let mut at = part.start as usize;
    for raw in part.of(text).split_inclusive('\n') {
        let start = at;
        at += raw.len();
        let line = raw.trim_end_matches(['\n', '\r']);
        let end = start + line.len();
        let here = |span: Span| (start..=end).contains(&(span.start as usize));
        let field = tree.fields.iter().find(|it| here(it.name));
        match field {
            Some(field) => {
                let name = field.name.of(text);
                let role = model.field_role(field, config);
                if matches!(role, Some(Role::Supersedes | Role::SupersededBy)) || !is_common(name, role.is_some()) {
                    continue;
                }
                let value = (field.value.start as usize, field.value.end as usize);
                let before = text.get(start..value.0.min(end)).unwrap_or_default();
                let after = text.get(value.1..end).unwrap_or_default();
                let after = after.split("<!--").next().unwrap_or_default();
                let is_cell = field.origin == FieldOrigin::TableRow;
                let space = if value.0 == value.1 && !before.ends_with(' ') { " " } else { "" };
                lines.push(Line::Field {
                    role,
                    name: name.to_owned(),
                    before: format!("{before}{space}"),
                    after: if is_cell { " |".to_owned() } else { after.to_owned() },
                });
            }
            None if line.trim().is_empty() && !matches!(lines.last(), Some(Line::Blank) | None) => {
                lines.push(Line::Blank);
            }
            None if line.trim().is_empty() => {}
            None if is_head_of_table(model, start) => lines.push(Line::Same(line.to_owned())),
            None => {}
        }
    }
    while matches!(lines.last(), Some(Line::Blank)) {
        lines.pop();
    }
    // A table without a row is none.
    if lines.iter().any(|it| matches!(it, Line::Field { .. })) { lines } else { Vec::new() }
}

/// Whether two names of fields mean the same.
fn same_field(one: &str, other: &str, config: &Config) -> bool {
    match (field_role(one, config), field_role(other, config)) {
        (None, None) => folded(one).eq(folded(other)),
        (one, other) => one == other,
    }
}

/// Whether a line is the header of a table whose rows are fields, or the line below it.
fn is_head_of_table(model: &Sample, at: usize) -> bool {
    let tree = model.document.tree;
    tree.tables.iter().any(|table| {
        let first = tree.rows(table).first().map_or(table.span.end, |it| it.span.start);
        let holds_fields =
            tree.fields.iter().any(|it| it.origin == FieldOrigin::TableRow && table.span.contains(it.name));
        holds_fields && (table.span.start as usize..first as usize).contains(&at)
    })
}

/// What the list items of a record begin with.
fn markers<'s>(sample: &'s Sample) -> impl Iterator<Item = char> + 's {
    let first = |it: &archwright_syntax::markdown::Item| it.span.of(sample.text()).chars().next();
    sample.document.tree.items.iter().filter_map(first).filter(|it| matches!(it, '-' | '*' | '+'))
}

/// The labels before good and bad things in sections of some kind.
fn labels(samples: &[Sample], within: impl Fn(Role) -> bool) -> Labels {
    let mut found = (Vec::new(), Vec::new());
    for sample in samples {
        let tree = sample.document.tree;
        let is_within = |id: SectionId| {
            let parent = tree.section(id).parent;
            let own = sample.part(id);
            own.is_some_and(&within) || own.is_none() && parent.and_then(|it| sample.part(it)).is_some_and(&within)
        };
        for item in tree.items.iter().filter(|it| is_within(it.section)) {
            let Some((name, label)) = label(item.content.of(sample.text())) else { continue };
            if sample.document.is_named(name, Role::Positive) {
                found.0.push(label.to_owned());
            } else if sample.document.is_named(name, Role::Negative) {
                found.1.push(label.to_owned());
            }
        }
    }
    Labels { positive: most(found.0.into_iter()), negative: most(found.1.into_iter()) }
}

/// The name at the beginning of an item and all that stands before its text: `Positive` and `**Positive**: `.
fn label(item: &str) -> Option<(&str, &str)> {
    const LONGEST: usize = 40;
    let head = item.get(..item.floor_char_boundary(LONGEST))?;
    let because = head.find(" because ").map(|it| it + " because ".len());
    let colon = head.find(':').map(|it| {
        let rest = item.get(it + 1..).unwrap_or_default();
        it + 1 + rest.len() - rest.trim_start_matches(['*', '_', ' ']).len()
    });
    let end = match (because, colon) {
        (Some(because), Some(colon)) => because.min(colon),
        (because, colon) => because.or(colon)?,
    };
    let label = item.get(..end)?;
    Some((label.trim_matches(|it: char| !it.is_alphanumeric()), label))
}

/// What stands between rejected options and their reasons.
fn infixes<'s>(sample: &'s Sample, config: &'s Config) -> impl Iterator<Item = String> + 's {
    let items = sample.document.tree.items.iter().filter(|it| it.depth == 0);
    let items = items.filter(|it| sample.part(it.section) == Some(Role::Alternatives));
    items.filter_map(|it| {
        let content = it.content.of(sample.text());
        let at = [": ", " — ", " – ", " - "].iter().filter_map(|it| Some((content.find(it)?, it.len()))).min()?;
        let rest = content.get(at.0 + at.1..)?;
        let is_rejected = config.vocabulary().state(rest) == Some(State::Rejected);
        let because = rest.find("because ").filter(|it| is_rejected && *it < 16).map(|it| it + "because ".len());
        let plain = content.get(at.0..at.0 + at.1)?;
        Some(format!("{plain}{}", because.and_then(|it| rest.get(..it)).unwrap_or_default()))
    })
}

/// The label before the chosen option, and the mark around the option.
fn chosen(sample: &Sample) -> Option<(String, String)> {
    let is_outcome = |id: SectionId| sample.part(id) == Some(Role::Decision);
    let paragraphs = sample.document.tree.paragraphs.iter().filter(|it| is_outcome(it.section));
    paragraphs.map(|it| it.span.of(sample.text())).find_map(|it| {
        let (name, label) = label(it)?;
        let rest = it.get(label.len()..)?;
        let mark: String = rest.chars().next().filter(|it| matches!(it, '"' | '“' | '`' | '*')).into_iter().collect();
        sample.document.is_named(name, Role::Chosen).then(|| (label.to_owned(), mark))
    })
}

/// Whether a record has a link to another one that shows nothing but the name of the file.
fn refers_by_file(sample: &Sample) -> bool {
    let links = &sample.document.tree.links;
    links.iter().any(|it| {
        let target = it.target.of(sample.text());
        let name = target.rsplit('/').next().unwrap_or(target);
        name.strip_suffix(".md").is_some_and(|name| it.text.of(sample.text()) == name)
    })
}

/// Whether most items that list options and consequences end with a full stop.
fn full_stops(samples: &[Sample]) -> bool {
    let lists = |it: SectionId, sample: &Sample| {
        let listed = [Role::Consequences, Role::Positive, Role::Negative, Role::Alternatives];
        sample.part(it).is_some_and(|it| listed.contains(&it))
    };
    let ends = samples.iter().flat_map(|sample| {
        let items = sample.document.tree.items.iter().filter(|it| lists(it.section, sample));
        items.map(|it| it.content.of(sample.text()).ends_with('.'))
    });
    most(ends).unwrap_or(false)
}

/// Whether a record says among its links which others it replaces.
fn relates_in_links(sample: &Sample, config: &Config) -> bool {
    let names = |role| config.profile().names(role);
    let begins = |it: &str| {
        let mut names = names(Role::Supersedes).chain(names(Role::SupersededBy));
        names.any(|name| it.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name)))
    };
    let items = sample.document.tree.items.iter();
    let mut links = items.filter(|it| sample.part(it.section) == Some(Role::RelatedArtifacts));
    links.any(|it| begins(it.content.of(sample.text())))
}

/// The lines of the front matter that most records have.
fn front(samples: &[Sample], model: &Sample, config: &Config) -> Vec<FrontLine> {
    let values = |key: &str| -> Vec<String> {
        samples.iter().filter_map(|it| entries(it).into_iter().find(|it| it.0 == key)).map(|it| it.1).collect()
    };
    let mut lines = Vec::new();
    for (key, value) in entries(model) {
        let all = values(&key);
        if all.len() * 2 < samples.len() {
            continue;
        }
        let plain = value.trim().trim_matches(['"', '\'']);
        let is_date = archwright_model::date::is_date(plain);
        let number = plain.parse::<u32>().ok();
        let is_same = all.len() > 1 && all.iter().all(|it| *it == value);
        let value = match field_role(&key, config) {
            Some(Role::Supersedes | Role::SupersededBy) => continue,
            Some(role) => FrontValue::Field(role),
            None if is_date => FrontValue::Field(Role::Date),
            None if plain == model.title || plain == model.subject() => FrontValue::Title,
            None if number.is_some() && number == model.number => FrontValue::Number,
            None if plain == model.path.stem() => FrontValue::Stem,
            None if is_same => FrontValue::Same(value),
            None => FrontValue::Own,
        };
        lines.push(FrontLine { key, value });
    }
    lines
}

/// The entries of a record's front matter in YAML: keys, and all that stands behind them.
fn entries(sample: &Sample) -> Vec<(String, String)> {
    let body = sample.document.tree.front_matter.map_or("", |it| it.body.of(sample.text()));
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in body.lines() {
        let is_entry = !line.starts_with([' ', '\t', '#', '-']) && !line.trim().is_empty();
        match line.split_once(':').filter(|_| is_entry) {
            Some((key, value)) => entries.push((key.trim().to_owned(), value.trim().to_owned())),
            None => {
                if let Some((_, value)) = entries.last_mut() {
                    value.push('\n');
                    value.push_str(line.trim_end());
                }
            }
        }
    }
    entries
}

impl Labels {
    /// The labels with what one of them lacks, as another form has the two.
    pub(crate) fn or(self, others: &[Self]) -> Self {
        let counterpart = |own: &Option<String>, pick: fn(&Self) -> (&Option<String>, &Option<String>)| {
            let own = own.as_deref().map(value::plain)?;
            let same = |it: &&Self| {
                let label = pick(it).0.as_deref().map(value::plain);
                label.is_some_and(|it| it.eq_ignore_ascii_case(&own))
            };
            others.iter().find(same).and_then(|it| pick(it).1.clone())
        };
        let negative = || counterpart(&self.positive, |it| (&it.positive, &it.negative));
        let positive = || counterpart(&self.negative, |it| (&it.negative, &it.positive));
        let (positive, negative) = (self.positive.clone().or_else(positive), self.negative.clone().or_else(negative));
        if positive.is_some() && negative.is_some() { Self { positive, negative } } else { Self::default() }
    }
}
