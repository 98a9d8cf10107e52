//! A decision record while it is composed: its form, its facts, what it replaces, the lists that it stands in.

use archwright_engine::Workspace;
use archwright_model::{
    FileCreate, FileEdit, Kind, RelPath, WorkspaceEdit, WorkspaceEditError,
    conventions::{
        config::Config,
        layout::Captures,
        role::{Role, State},
    },
    date,
    facts::{self, ByRole, FileFacts, Loaded, RoleValue},
    values::value,
};
use archwright_rules::{
    authoring::{
        compose::one_line,
        record::{self, Dialect, Facts, Form, Sample, Written, name, relation},
    },
    prelude,
};
use archwright_syntax::{TextEdit, TextEdits};
use rustc_hash::FxHashMap;

use super::{
    super::{OpenQuestion, OperationError, PlanNote, SectionRequest, listing, merge, paths},
    ArchitectureRequest, document, index,
    place::Place,
    remarks::short,
};

/// What came of a request.
pub(super) struct Composed {
    pub(super) edit: WorkspaceEdit,
    pub(super) path: RelPath,
    pub(super) questions: Vec<OpenQuestion>,
    pub(super) notes: Vec<PlanNote>,
    pub(super) files: Vec<RelPath>,
}

/// A record while it is composed.
pub(super) struct Composer<'w> {
    pub(super) workspace: &'w Workspace,
    pub(super) request: &'w ArchitectureRequest,
    pub(super) place: Place<'w>,
    pub(super) form: Form,
    /// What it is called, without a number.
    pub(super) title: String,
    pub(super) state: State,
    pub(super) date: String,
    /// The texts of the files that change, as they were and as they shall be.
    pub(super) texts: FxHashMap<RelPath, Vec<TextEdit>>,
    pub(super) notes: Vec<PlanNote>,
    pub(super) questions: Vec<OpenQuestion>,
}

impl<'w> Composer<'w> {
    pub(super) fn new(workspace: &'w Workspace, request: &'w ArchitectureRequest) -> Result<Self, OperationError> {
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
            None => place.form(workspace).or_else(|| {
                if place.is_usual(workspace) {
                    return built_in(Dialect::Canonical);
                }
                let form = built_in(Dialect::Nygard)?;
                Some(Form { files: place.names(workspace).unwrap_or(form.files.clone()), ..form })
            }),
        };
        let form = form.ok_or(OperationError::Missing("dialect"))?;
        let title = one_line(name::subject_of(request.title.trim())).trim_end_matches('.').to_owned();
        let state = request.status.map_or(State::Proposed, |it| it.0.state());
        let date = request.date.clone().unwrap_or_else(date::today);
        let (texts, notes, questions) = (FxHashMap::default(), Vec::new(), Vec::new());
        Ok(Self { workspace, request, place, form, title, state, date, texts, notes, questions })
    }

    pub(super) fn config(&self) -> &'w Config {
        self.workspace.config()
    }

    pub(super) fn compose(mut self) -> Result<Composed, OperationError> {
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
        let own = |text: String, it: &SectionRequest| document::with_section(&text, self.config(), &it.title, &it.text);
        let text = self.request.sections.iter().fold(text, own);
        let text = self.with_relations(text, &path, &replaced);
        let mut edit = WorkspaceEdit::default();
        let mut final_text = text.clone();
        match &same {
            None => edit.creates.push(FileCreate { path: path.clone(), content: text }),
            Some((path, _)) => final_text = self.merge(path, &text, &replaced)?,
        }
        self.mark(&replaced, &path, &facts.title);
        self.list(&path, number, &facts, &replaced);
        self.tell_unplaced(&path, &final_text, unplaced, &own_keys);
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
        let alternatives = request.alternatives.iter();
        let alternatives = alternatives.map(|it| record::Alternative { name: one_line(&it.name), why: it.why.clone() });
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
    fn concerns(&self, path: &RelPath) -> Vec<RoleValue<String>> {
        let own = self.place.feature.as_ref().map(|it| listing::concerns(self.workspace, it)).unwrap_or_default();
        let beside = self.place.records.iter().rev().find(|it| it.path != path && !it.document.concerns().is_empty());
        let theirs = beside.map(|it| it.document.concerns()).unwrap_or_default();
        let concern = |role: Role| {
            if let Some(given) = self.request.concerns.value(role) {
                return Some(RoleValue { role, value: one_line(given) });
            }
            if let Some(concern) = own.iter().find(|it| it.role == role) {
                return Some(RoleValue { role, value: concern.value.clone() });
            }
            let said = theirs.iter().find(|it| it.role == role).and_then(|it| facts::known(it.value.clone()))?;
            let said = one_line(&said.text).replace(['[', ']'], "");
            let from = beside.map(Sample::label).unwrap_or_default();
            Some(RoleValue { role, value: value::placeholder(&format!("{said}, as in {from}?")) })
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
        links.extend(given_links(self.workspace, self.request, &folder)?);
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
            if let Some(facts) = facts {
                return OperationError::Undecided(format!(
                    "the headings of {} are not known as those of a decision record; add them in `archwright.toml`, \
                    or leave out `supersedes` and mark both records by hand",
                    facts.path
                ));
            }
            if let Some(path) = self.elsewhere(number.filter(|_| is_number)) {
                return OperationError::NoSuchRecord { given: given.to_owned(), nearest: Some(path) };
            }
            let all: Vec<&str> = self.place.records.iter().map(|it| it.path.as_str()).collect();
            let nearest = prelude::nearest(given, all).map(str::to_owned);
            OperationError::NoSuchRecord { given: given.to_owned(), nearest }
        })
    }

    /// The only record of a number in other folders.
    fn elsewhere(&self, number: Option<u32>) -> Option<String> {
        let number = Some(number?);
        let all = self.workspace.files().filter_map(|it| self.workspace.facts(it));
        let mut named = all.filter(|it| it.kind == Kind::Adr && facts::number_of(it.path.stem()) == number);
        match (named.next(), named.next()) {
            (Some(only), None) => Some(only.path.to_string()),
            _ => None,
        }
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
        let label = if self.form.refers_by_file {
            path.stem().to_owned()
        } else {
            name::label(path, &self.form.titles.title(number.unwrap_or(self.place.number), title))
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
    fn list(&mut self, path: &RelPath, number: u32, facts: &Facts, replaced: &[Replaced]) {
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
    }
}

/// The links that are given, as a document in a folder writes them.
pub(super) fn given_links(
    workspace: &Workspace,
    request: &ArchitectureRequest,
    folder: &RelPath,
) -> Result<Vec<String>, OperationError> {
    let written = |link: &String| {
        let link = link.trim();
        let is_address = link.split_once("://").is_some_and(|it| it.0.bytes().all(|it| it.is_ascii_alphanumeric()));
        if link.starts_with('[') {
            return Ok(one_line(link));
        }
        if is_address {
            return Ok(format!("<{link}>"));
        }
        let file = paths::existing(workspace, link)?;
        Ok(format!("[{}]({})", listing::title(workspace, &file), file.relative_to(folder)))
    };
    request.links.iter().map(written).collect()
}

/// A record that is replaced.
pub(super) struct Replaced<'w> {
    pub(super) sample: Sample<'w>,
    pub(super) facts: &'w FileFacts,
}

impl Replaced<'_> {
    fn reference(&self, from: &RelPath, by_file: bool) -> relation::Reference {
        let name = if by_file { self.facts.path.stem().to_owned() } else { self.sample.label() };
        relation::Reference::new(name, self.sample.number.is_some(), &self.facts.path, from)
    }
}

/// The one edit that makes one text of another: what stands between their common beginning and end.
pub(super) fn difference(old: &str, new: &str) -> TextEdit {
    let start =
        old.char_indices().zip(new.chars()).find(|((_, a), b)| a != b).map_or(old.len().min(new.len()), |it| it.0.0);
    let rest = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let same: usize =
        rest.0.chars().rev().zip(rest.1.chars().rev()).take_while(|(a, b)| a == b).map(|it| it.0.len_utf8()).sum();
    let (end, new_end) = (old.len() - same, new.len() - same);
    TextEdit::replace(archwright_syntax::Span::new(start, end), new.get(start..new_end).unwrap_or_default().to_owned())
}
