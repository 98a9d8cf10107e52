//! The operation `architecture`: a decision record in the form of those beside it, with the records that it replaces
//! marked and the lists brought up to date.

mod index;
mod place;
mod request;

use archwright_knowledge::lexicon;
use archwright_syntax::{LineIndex, TextEdit, TextEdits};
use rustc_hash::FxHashMap;

use super::{Argument, Offer, OpenQuestion, Operation, OperationError, Plan, PlanNote, listing, merge, paths};
use crate::{
    FileCreate, FileEdit, Kind, RelPath, Workspace, WorkspaceEdit, WorkspaceEditError,
    authoring::{
        compose::one_line,
        record::{self, Dialect, Facts, Form, Sample, Written, name, relation},
    },
    conventions::{
        config::Config,
        layout::Captures,
        role::{Role, State},
    },
    facts::{self, ByRole, FileFacts, Loaded},
    model::date,
    rules::prelude,
    values::value,
};

use place::Place;
pub use request::{AlternativeRequest, ArchitectureRequest, RecordForm, RecordStatus};

/// How many records on the same subject are told of.
const NEIGHBOURS: usize = 5;

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

/// What came of a request.
struct Composed {
    edit: WorkspaceEdit,
    path: RelPath,
    questions: Vec<OpenQuestion>,
    notes: Vec<PlanNote>,
    files: Vec<RelPath>,
}

/// A record while it is composed.
struct Composer<'w> {
    workspace: &'w Workspace,
    request: &'w ArchitectureRequest,
    place: Place<'w>,
    form: Form,
    /// What it is called, without a number.
    title: String,
    state: State,
    date: String,
    /// The texts of the files that change, as they were and as they shall be.
    texts: FxHashMap<RelPath, Vec<TextEdit>>,
    notes: Vec<PlanNote>,
    questions: Vec<OpenQuestion>,
}

impl<'w> Composer<'w> {
    fn new(workspace: &'w Workspace, request: &'w ArchitectureRequest) -> Result<Self, OperationError> {
        let place = Place::of(workspace, request)?;
        let config = workspace.config();
        let built_in = |dialect: Dialect| {
            let example = dialect.example(config);
            let form = Sample::of(&example, config).and_then(|it| Form::of(std::slice::from_ref(&it), config));
            form.map(|it| Form { leaves_out: dialect != Dialect::Canonical, ..it })
        };
        let form = match request.dialect {
            Some(chosen) => built_in(chosen.0.dialect()),
            // Outside of the layout nobody asked for our own.
            None => place.form(workspace).or_else(|| match place.is_usual(workspace) {
                true => built_in(Dialect::Canonical),
                false => built_in(Dialect::Nygard)
                    .map(|it| Form { files: place.names(workspace).unwrap_or(it.files.clone()), ..it }),
            }),
        };
        let form = form.ok_or(OperationError::Missing("dialect"))?;
        let title = one_line(name::subject_of(request.title.trim())).trim_end_matches('.').to_owned();
        let state = request.status.map_or(State::Proposed, |it| it.0.state());
        let date = request.date.clone().unwrap_or_else(date::today);
        let (texts, notes, questions) = (FxHashMap::default(), Vec::new(), Vec::new());
        Ok(Self { workspace, request, place, form, title, state, date, texts, notes, questions })
    }

    fn config(&self) -> &'w Config {
        self.workspace.config()
    }

    fn compose(mut self) -> Result<Composed, OperationError> {
        let replaced = self.replaced()?;
        let same = self.place.records.iter().find(|it| name::same_subject(&it.title, &self.title));
        let same = same.map(|it| (it.path.clone(), it.number));
        let number = same.as_ref().and_then(|it| it.1).unwrap_or(self.place.number);
        let stem = self.form.files.stem(number, &self.title, &self.date);
        let path = same.as_ref().map_or_else(|| self.place.file(&stem), |it| it.0.clone());
        let facts = self.facts(number, path.stem().to_owned(), &path)?;
        let built_in = self.built_in();
        let Written { text, questions, unplaced, own_keys } =
            record::write(&self.form, &facts, self.config(), &built_in);
        let text = self.with_relations(text, &path, &replaced);
        let mut edit = WorkspaceEdit::default();
        let mut final_text = text.clone();
        match &same {
            None => edit.creates.push(FileCreate { path: path.clone(), content: text }),
            Some((path, _)) => final_text = self.merge(path, &text, &replaced)?,
        }
        self.mark(&replaced, &path, &facts.title);
        self.list(&path, number, &facts, &replaced)?;
        self.tell_unplaced(&path, &final_text, unplaced, own_keys);
        if same.is_none() {
            self.tell_neighbours(&path, &replaced);
        }
        self.ask(&path, &final_text, &questions);
        let mut files: Vec<RelPath> = replaced.iter().map(|it| it.facts.path.clone()).collect();
        let mut changed: Vec<(RelPath, Vec<TextEdit>)> = self.texts.into_iter().collect();
        changed.sort_by(|a, b| a.0.cmp(&b.0));
        for (path, edits) in changed {
            let Some(facts) = self.workspace.file(&path).and_then(|it| self.workspace.facts(it)) else { continue };
            let edits =
                TextEdits::new(edits).map_err(|error| WorkspaceEditError::Text { path: path.clone(), error })?;
            if !files.contains(&path) {
                files.push(path.clone());
            }
            if !edits.is_empty() {
                edit.texts.push(FileEdit { path, base: facts.hash(), edits });
            }
        }
        edit.creates.extend(listing::new_readme(self.workspace, self.place.feature.as_ref(), Kind::Adr, &path, None));
        Ok(Composed { edit, path, questions: self.questions, notes: self.notes, files })
    }

    fn built_in(&self) -> Vec<Form> {
        let config = self.config();
        let form = |it: Dialect| {
            let example = it.example(config);
            Sample::of(&example, config).and_then(|it| Form::of(std::slice::from_ref(&it), config))
        };
        [Dialect::Madr, Dialect::Canonical].into_iter().filter_map(form).collect()
    }

    fn facts(&self, number: u32, stem: String, path: &RelPath) -> Result<Facts, OperationError> {
        let request = self.request;
        let lines =
            |it: &[String]| -> Vec<String> { it.iter().map(|it| one_line(it)).filter(|it| !it.is_empty()).collect() };
        let waits_for = request.question.as_deref().zip(request.due.as_deref()).map(|(question, due)| {
            let word = self.form.status(State::Deferred, self.config());
            let question = one_line(question);
            let end = if question.ends_with(['?', '.', '!']) { "" } else { "." };
            let mut letters = word.chars();
            let word: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
            format!("{word} until {due}: {question}{end}")
        });
        let said = request.decision.as_deref().or(waits_for.as_deref());
        let alternatives = request.alternatives.iter().map(|it| (one_line(&it.name), it.why.clone()));
        Ok(Facts {
            title: self.title.clone(),
            number,
            stem,
            status: self.form.status(self.state, self.config()),
            date: self.date.clone(),
            tldr: said.map(record::first_sentence),
            context: request.context.clone(),
            drivers: lines(&request.drivers),
            decision: request.decision.clone(),
            waits_for,
            chosen: request.chosen.clone(),
            alternatives: alternatives.collect(),
            positive: lines(&request.positive),
            negative: lines(&request.negative),
            verification: request.verification.clone(),
            links: self.links(path)?,
            deciders: lines(&request.deciders),
            tags: lines(&request.tags),
            concerns: self.concerns(path),
        })
    }

    /// The system concerns: what is given, else what the feature says. What only the record beside this one says is
    /// asked for.
    fn concerns(&self, path: &RelPath) -> Vec<(Role, String)> {
        let own = self.place.feature.as_ref().map(|it| listing::concerns(self.workspace, it)).unwrap_or_default();
        let beside = self.place.records.iter().rev().find(|it| it.path != path && !it.document.concerns().is_empty());
        let theirs = beside.map(|it| it.document.concerns()).unwrap_or_default();
        let concern = |role: Role| {
            if let Some(given) = self.request.concerns.value(role) {
                return Some((role, one_line(given)));
            }
            if let Some((_, said, _)) = own.iter().find(|it| it.0 == role) {
                return Some((role, said.clone()));
            }
            let said = theirs.iter().find(|it| it.0 == role).and_then(|it| facts::known(it.1.clone()))?;
            let said = one_line(&said.text).replace(['[', ']'], "");
            let from = beside.map(Sample::label).unwrap_or_default();
            Some((role, value::placeholder(&format!("{said}, as in {from}?"))))
        };
        self.config().profile().concerns.iter().filter_map(|it| concern(it.role)).collect()
    }

    /// The links that are given, and in our own form those to the documents of the feature.
    fn links(&self, path: &RelPath) -> Result<Vec<String>, OperationError> {
        let folder = path.parent();
        let mut links = Vec::new();
        let is_own = self.form.sections.iter().any(|it| it.role == Some(Role::SystemConcerns));
        if let Some(feature) = self.place.feature.as_ref().filter(|_| is_own) {
            links.extend(listing::documents(self.workspace, feature, &folder));
        }
        let catalog = self.config().layout().place(Kind::Catalog, &Captures::default());
        let catalog = catalog.filter(|it| is_own && self.place.feature.is_none() && self.workspace.lists(it));
        links.extend(
            catalog.map(|it| format!("[{}]({})", listing::title(self.workspace, &it), it.relative_to(&folder))),
        );
        for link in &self.request.links {
            let link = link.trim();
            let is_address = link.split_once("://").is_some_and(|it| it.0.bytes().all(|it| it.is_ascii_alphanumeric()));
            links.push(if link.starts_with('[') {
                one_line(link)
            } else if is_address {
                format!("<{link}>")
            } else {
                let file = paths::existing(self.workspace, link)?;
                format!("[{}]({})", listing::title(self.workspace, &file), file.relative_to(&folder))
            });
        }
        Ok(links)
    }

    /// The records that the request replaces.
    fn replaced(&self) -> Result<Vec<Replaced<'w>>, OperationError> {
        self.request.supersedes.iter().map(|it| self.record(it.trim())).collect()
    }

    /// The record that is named by its number, its name or its path.
    fn record(&self, given: &str) -> Result<Replaced<'w>, OperationError> {
        let workspace = self.workspace;
        let bare = given.trim_matches(['`', '#', ' ']);
        let number = facts::number_of(bare).filter(|_| !bare.contains('/'));
        let is_number = number.is_some() && bare.bytes().filter(u8::is_ascii_alphabetic).count() <= 3;
        let names = |it: &&Sample| {
            let by_number = is_number && it.number == number;
            by_number || it.path.stem() == bare || it.path.name() == bare || name::same_subject(&it.title, bare)
        };
        let mut here = self.place.records.iter().filter(names);
        let found = match (here.next(), here.next()) {
            (Some(record), None) => Some(record.path.clone()),
            (Some(record), Some(_)) => {
                return Err(OperationError::NoSuchRecord {
                    given: given.to_owned(),
                    nearest: Some(record.path.to_string()),
                });
            }
            _ => paths::named(workspace, bare).ok(),
        };
        let facts = found.and_then(|it| workspace.file(&it)).and_then(|it| workspace.facts(it));
        let record = facts.and_then(|facts| Some(Replaced { sample: Sample::of(facts, workspace.config())?, facts }));
        record.ok_or_else(|| {
            let all: Vec<&str> = self.place.records.iter().map(|it| it.path.as_str()).collect();
            let nearest = prelude::nearest(given, all).map(str::to_owned);
            OperationError::NoSuchRecord { given: given.to_owned(), nearest }
        })
    }

    /// The text with what it says of the records that it replaces.
    fn with_relations(&self, text: String, path: &RelPath, replaced: &[Replaced]) -> String {
        let mut text = text;
        for it in replaced {
            text = self.with_relation(&text, path, it).unwrap_or(text);
        }
        text
    }

    fn with_relation(&self, text: &str, path: &RelPath, replaced: &Replaced) -> Option<String> {
        let config = self.config();
        let facts = facts::extract(path, Loaded::Text(text.into()), config);
        let document = ByRole::new(facts.markdown()?, &facts.text, Kind::Adr, config);
        let other = replaced.reference(path, self.form.refers_by_file);
        let adr = facts.document()?.adr.as_ref();
        let names_it = |it: &facts::Supersession| match &it.path {
            Some(path) => *path == replaced.facts.path,
            None => other.is_named && it.number == replaced.sample.number,
        };
        let is_said = adr.is_some_and(|it| it.supersedes.iter().any(names_it));
        let links = &facts.document()?.links;
        let is_linked = links.iter().any(|it| it.path == replaced.facts.path && self.says_relation(&facts, it.span));
        if is_said || is_linked {
            return None;
        }
        let in_links = || relation::link_edit(&document, &other, config, self.form.marker);
        let in_head = || relation::supersedes_edit(&document, document.status().as_ref(), &other, config);
        let edit = if self.form.relates_in_links {
            let block = in_links().or_else(|| {
                // The first link brings its section along.
                let title = self.links_title();
                let level = "#".repeat(usize::from(self.form.title_level.unwrap_or(1)) + 1);
                let name = config.profile().name(Role::Supersedes);
                let marker = self.form.marker;
                let end = text.trim_end().len();
                Some(TextEdit::insert(end, format!("\n\n{level} {title}\n\n{marker} {name} {}", other.link)))
            });
            block.or_else(in_head)
        } else {
            in_head().or_else(in_links)
        };
        let edit = edit.or_else(|| {
            let name = config.profile().name(Role::Supersedes);
            let title = facts.markdown()?.sections.get(1)?.heading;
            let end = title.start as usize + title.of(text).trim_end().len();
            Some(TextEdit::insert(end, format!("\n\n{name} {}.", other.link)))
        })?;
        TextEdits::new(vec![edit]).ok()?.apply(text).ok()
    }

    /// What the section of links is called.
    fn links_title(&self) -> String {
        let own =
            self.form.sections.iter().find(|it| it.role == Some(Role::RelatedArtifacts)).map(|it| it.title.clone());
        let template = || {
            let section = self.config().template(Kind::Adr).and_then(|it| it.section(Role::RelatedArtifacts));
            section.map(|it| it.name.clone()).unwrap_or_default()
        };
        own.unwrap_or_else(template)
    }

    /// Whether a link stands behind the words of a relation.
    fn says_relation(&self, facts: &FileFacts, link: archwright_syntax::Span) -> bool {
        let line = facts.text.get(..link.start as usize).and_then(|it| it.rsplit('\n').next()).unwrap_or_default();
        let line = line.to_lowercase();
        self.config().profile().names(Role::Supersedes).any(|it| line.contains(&it.to_lowercase()))
    }

    /// Adds what is new to a record that is there, and gives its text afterwards.
    fn merge(&mut self, path: &RelPath, text: &str, replaced: &[Replaced]) -> Result<String, OperationError> {
        let failed = |error| WorkspaceEditError::Text { path: path.clone(), error };
        let Some(there) = self.workspace.file(path).and_then(|it| self.workspace.facts(it)) else {
            return Ok(text.to_owned());
        };
        let merged = merge::merge(&there.text, text).map_err(failed)?;
        let mut edits: Vec<TextEdit> = merged.edits.iter().cloned().collect();
        let old_state = self.status_of(there).and_then(|it| it.1);
        for (at, line) in merged.kept {
            // What the head says is told field by field, and a status may move on.
            if self.is_of_head(&line) {
                continue;
            }
            let message = format!("Kept as it is here; given was “{}”.", short(&line));
            self.notes.push(PlanNote::new(path.as_str(), &there.text, at, message));
        }
        if let (Some(given), Some((span, state))) = (self.request.status, self.status_of(there))
            && state != Some(given.0.state())
        {
            let status = self.form.status(given.0.state(), self.config());
            // A decision that waits is taken some day; one that is taken is not taken back by the way.
            if state.is_some_and(|it| !it.is_decided()) && record::is_word(span.of(&there.text), self.config()) {
                edits.push(TextEdit::replace(span, status));
            } else {
                let message = format!("The status is kept as it is here; given was “{status}”.");
                self.notes.push(PlanNote::new(path.as_str(), &there.text, span.start as usize, message));
            }
        }
        if self.request.status.is_none() && old_state.is_some() {
            self.state = old_state.unwrap_or(self.state);
        }
        let edits = TextEdits::new(edits).map_err(failed)?;
        let after = edits.apply(&there.text).map_err(failed)?;
        let related = self.with_relations(after.clone(), path, replaced);
        if related == *there.text {
            return Ok(related);
        }
        // The relation is written into the text after the rest.
        let whole = difference(&there.text, &related);
        self.texts.entry(path.clone()).or_default().push(whole);
        Ok(related)
    }

    fn status_of(&self, facts: &FileFacts) -> Option<(archwright_syntax::Span, Option<State>)> {
        let document = ByRole::new(facts.markdown()?, &facts.text, Kind::Adr, self.config());
        let status = document.status()?;
        let state = self.config().vocabulary().state(&value::plain(&status.text));
        Some((status.span, state))
    }

    /// Whether a line is a field that the record fills in by itself: status, day, the whole in a sentence.
    fn is_of_head(&self, line: &str) -> bool {
        let vocabulary = self.config().vocabulary();
        let name = line.trim_start_matches(['-', '*', '+', ' ', '|']);
        let name = name.split([':', '|']).next().unwrap_or_default();
        let is_field = [Role::Status, Role::Date, Role::Tldr, Role::Supersedes];
        is_field.into_iter().any(|it| vocabulary.field(name, it).is_some())
            || record::is_word(line, self.config())
            || self.config().profile().names(Role::Supersedes).any(|it| line.starts_with(it))
            || self.config().profile().concerns.iter().any(|it| vocabulary.field(name, it.role).is_some())
                && !self.gives_concern(name)
    }

    fn gives_concern(&self, name: &str) -> bool {
        let vocabulary = self.config().vocabulary();
        let concerns = self.config().profile().concerns.iter().map(|it| it.role);
        let mut given = concerns.filter(|it| self.request.concerns.value(*it).is_some());
        given.any(|it| vocabulary.field(name, it).is_some())
    }

    /// Marks the records that are replaced, once the decision is made.
    fn mark(&mut self, replaced: &[Replaced], path: &RelPath, title: &str) {
        let config = self.config();
        let number = facts::number_of(path.stem());
        let label = match self.form.refers_by_file {
            true => path.stem().to_owned(),
            false => name::label(path, &self.form.titles.title(number.unwrap_or(self.place.number), title)),
        };
        for it in replaced {
            let text = &*it.facts.text;
            let document = &it.sample.document;
            let status = document.status();
            let at = status.as_ref().map_or(it.facts.title_span().start, |it| it.span.start) as usize;
            let mut note = |message: String| {
                self.notes.push(PlanNote::new(it.facts.path.as_str(), text, at, message));
            };
            if !self.state.is_decided() {
                note(format!("It stays in force until {label} is accepted; ask again with that `status`."));
                continue;
            }
            let links = it.facts.document().map(|it| it.links.as_slice()).unwrap_or_default();
            let is_superseded = it.sample.status.as_ref().is_some_and(|it| it.1 == Some(State::Superseded));
            let by = relation::Reference::new(label.clone(), number.is_some(), path, &it.facts.path);
            let names_it = links.iter().any(|it| it.path == *path) || by.is_named && text.contains(&by.name);
            if is_superseded && names_it {
                continue;
            }
            let edit = match &status {
                Some(_) if is_superseded => None,
                Some(status) => relation::superseded_edit(document, status, &by, config),
                None if names_it => continue,
                None => Some(relation::superseded_paragraph(document, &by, config)),
            };
            match edit {
                Some(edit) => self.texts.entry(it.facts.path.clone()).or_default().push(edit),
                None => {
                    let said = it.sample.status.as_ref().map(|it| it.0.clone()).unwrap_or_default();
                    note(format!("Its status “{}” is left to you: write that {label} supersedes it.", short(&said)));
                }
            }
        }
    }

    /// Brings the lists up to date.
    fn list(
        &mut self,
        path: &RelPath,
        number: u32,
        facts: &Facts,
        replaced: &[Replaced],
    ) -> Result<(), OperationError> {
        let new = index::Listed { path, number, subject: &facts.title, status: &facts.status, date: &facts.date };
        let gone: Vec<&RelPath> =
            replaced.iter().filter(|_| self.state.is_decided()).map(|it| &it.facts.path).collect();
        let records: &[Sample] = &self.place.records;
        let edits = index::edits(self.workspace, &self.place.folder, records, &new, &gone);
        if let Some(feature) = &self.place.feature {
            let label = records.iter().rev().find(|it| it.path != path).and_then(|it| {
                let written = listing::label(self.workspace, feature, it.path)?;
                Some(index::label(&written, it, &new))
            });
            let label = label.unwrap_or_else(|| name::label(path, &self.form.titles.title(number, &facts.title)));
            if let Some((readme, edit)) = listing::add(self.workspace, feature, Kind::Adr, path, &label) {
                self.texts.entry(readme).or_default().push(edit);
            }
        }
        for (path, edits) in edits {
            self.texts.entry(path).or_default().extend(edits);
        }
        Ok(())
    }

    /// Names what was given and stands nowhere.
    fn tell_unplaced(&mut self, path: &RelPath, text: &str, unplaced: Vec<(Role, String)>, own_keys: Vec<String>) {
        for (role, said) in unplaced {
            let name = self.config().profile().name(role);
            let message =
                format!("Not placed, because the records here have no such field: {name} “{}”.", short(&said));
            self.notes.push(PlanNote::new(path.as_str(), text, 0, message));
        }
        if !own_keys.is_empty() {
            let keys = own_keys.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>();
            let keys = prelude::enumerate(&keys, "and");
            let message = format!("The front matter of the records beside it has {keys} too; add what holds here.");
            self.notes.push(PlanNote::new(path.as_str(), text, 0, message));
        }
    }

    /// Shows records on the same subject, told by rare words of their titles.
    fn tell_neighbours(&mut self, path: &RelPath, replaced: &[Replaced]) {
        let all: Vec<(&Sample, Vec<String>)> = self.place.records.iter().map(|it| (it, words(it.subject()))).collect();
        let rare = (all.len() / 8).max(3);
        let mut found = Vec::new();
        for word in words(&self.title) {
            let having: Vec<&Sample> = all.iter().filter(|it| it.1.contains(&word)).map(|it| it.0).collect();
            if having.len() <= rare {
                found.extend(having.into_iter().map(|it| (it.path.clone(), word.clone())));
            }
        }
        let gone = |path: &RelPath| {
            let sample = self.place.records.iter().find(|it| it.path == path);
            sample.and_then(|it| it.status.as_ref()).is_some_and(|it| it.1 == Some(State::Superseded))
        };
        let mut told: Vec<RelPath> = Vec::new();
        let mut notes = Vec::new();
        for (other, word) in found {
            if other == *path
                || told.contains(&other)
                || gone(&other)
                || replaced.iter().any(|it| it.facts.path == other)
            {
                continue;
            }
            let Some(sample) = self.place.records.iter().find(|it| *it.path == other) else { continue };
            let status = sample.status.as_ref().map(|it| format!(", {}", short(&it.0))).unwrap_or_default();
            let message = format!(
                "It speaks of “{word}” too: {}{status}. Does the new record replace it, or build on it?",
                short(&sample.title)
            );
            if told.len() < NEIGHBOURS {
                notes.push(PlanNote::new(other.as_str(), sample.text(), 0, message));
            }
            told.push(other);
        }
        self.notes.append(&mut notes);
    }

    /// Asks what the form has no place for.
    fn ask(&mut self, path: &RelPath, text: &str, questions: &[&'static str]) {
        let tree = facts::tree(text);
        let document = ByRole::new(&tree, text, Kind::Adr, self.config());
        let section = document.section(Role::Decision).map_or(0, |it| tree.section(it).heading.start);
        let line = LineIndex::new(text).position(section as usize, text, archwright_syntax::Encoding::Utf32).line + 1;
        for question in questions {
            let mut letters = question.chars();
            let question: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
            self.questions.push(OpenQuestion { file: path.clone(), line, field: None, question });
        }
    }
}

/// A record that is replaced.
struct Replaced<'w> {
    sample: Sample<'w>,
    facts: &'w FileFacts,
}

impl Replaced<'_> {
    fn reference(&self, from: &RelPath, by_file: bool) -> relation::Reference {
        let name = if by_file { self.facts.path.stem().to_owned() } else { self.sample.label() };
        relation::Reference::new(name, self.sample.number.is_some(), &self.facts.path, from)
    }
}

/// The words of a title that may be rare: long ones, in the singular.
fn words(title: &str) -> Vec<String> {
    const COMMON: [&str; 12] = [
        "about",
        "after",
        "architecture",
        "before",
        "between",
        "decision",
        "every",
        "record",
        "should",
        "their",
        "using",
        "where",
    ];
    let lower = title.to_lowercase();
    let words = lower.split(|it: char| !it.is_alphanumeric()).filter(|it| it.chars().count() > 3);
    let mut words: Vec<String> = words.map(|it| it.trim_end_matches('s').to_owned()).collect();
    words.retain(|it| !COMMON.iter().any(|common| common.trim_end_matches('s') == it));
    words.retain(|it| {
        !["with", "from", "into", "that", "thi", "when", "over", "than", "have", "will"].contains(&it.as_str())
    });
    words.sort();
    words.dedup();
    words
}

/// A text for a remark.
fn short(text: &str) -> String {
    const LONGEST: usize = 80;
    let text = one_line(text);
    match text.get(..text.floor_char_boundary(LONGEST)).filter(|it| it.len() < text.len()) {
        Some(beginning) => format!("{}…", beginning.trim_end()),
        None => text,
    }
}

/// The one edit that makes one text of another: what stands between their common beginning and end.
fn difference(old: &str, new: &str) -> TextEdit {
    let start =
        old.char_indices().zip(new.chars()).find(|((_, a), b)| a != b).map_or(old.len().min(new.len()), |it| it.0.0);
    let rest = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let same: usize =
        rest.0.chars().rev().zip(rest.1.chars().rev()).take_while(|(a, b)| a == b).map(|it| it.0.len_utf8()).sum();
    let (end, new_end) = (old.len() - same, new.len() - same);
    TextEdit::replace(archwright_syntax::Span::new(start, end), new.get(start..new_end).unwrap_or_default().to_owned())
}
