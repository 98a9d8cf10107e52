//! Documents on the architecture that are no single decision: requests for comments, overviews, plans, reviews (A-018,
//! ..A-088). Their sections are those of the profile; a fact goes to the section that is for it.

mod content;
mod place;
mod readiness;

use archwright_engine::Workspace;
use archwright_model::{
    FileCreate, FileEdit, Kind, RelPath, WorkspaceEdit, WorkspaceEditError,
    conventions::{
        config::Config,
        layout::Captures,
        role::{Role, State},
    },
    date,
    facts::{self, ByRole, FileFacts},
    values::value,
};
use archwright_rules::authoring::{
    compose::{Part, SectionContent, one_line, render},
    merge::{Kept, insert_block, merge},
    record::{self, relation},
};
use archwright_syntax::{TextEdit, TextEdits};
use place::Place;
use smol_str::SmolStr;

use super::{
    super::{
        OpenQuestion, OperationError, PlanNote,
        differences::{Differences, Told},
        listing,
    },
    ArchitectureRequest,
    composer::{Composed, difference},
};

/// A document while it is composed.
struct Document<'w> {
    workspace: &'w Workspace,
    request: &'w ArchitectureRequest,
    kind: Kind,
    feature: Option<SmolStr>,
    place: Place,
    state: State,
    date: String,
    /// The documents that it replaces.
    replaced: Vec<&'w FileFacts>,
    notes: Vec<PlanNote>,
    questions: Vec<&'static str>,
}

/// Writes it, or adds to the one that is there.
pub(super) fn compose(workspace: &Workspace, request: &ArchitectureRequest) -> Result<Composed, OperationError> {
    let kind = request.document();
    let feature = request.feature.as_deref().map(|it| super::place::feature(workspace, it)).transpose()?;
    let state = state(workspace.config(), request, kind)?;
    let place = Place::of(workspace, request, kind, feature.as_ref())?;
    let replaced = request.supersedes.iter().map(|it| place::named(workspace, kind, &place.path, it));
    let document = Document {
        replaced: replaced.collect::<Result<_, _>>()?,
        date: request.date.clone().unwrap_or_else(date::today),
        workspace,
        request,
        kind,
        feature,
        place,
        state,
        notes: Vec::new(),
        questions: Vec::new(),
    };
    document.compose()
}

/// How far it has come: what was asked for, if such a document can be so, else it is being written.
fn state(config: &Config, request: &ArchitectureRequest, kind: Kind) -> Result<State, OperationError> {
    let Some(given) = request.status else { return Ok(State::Draft) };
    let allowed = config.status(kind);
    let state = given.0.state();
    if allowed.iter().any(|it| it.means == Some(state)) {
        return Ok(state);
    }
    let states = [State::Draft, State::Proposed, State::Accepted, State::Rejected];
    let names = allowed.iter().filter(|it| it.means.is_some_and(|it| states.contains(&it)));
    Err(OperationError::Value {
        what: "status of such a document",
        value: config.profile().state(state).to_lowercase(),
        allowed: names.map(|it| it.name.to_lowercase()).collect::<Vec<_>>().join(", "),
    })
}

impl<'w> Document<'w> {
    fn config(&self) -> &'w Config {
        self.workspace.config()
    }

    fn compose(mut self) -> Result<Composed, OperationError> {
        let sections = self.sections()?;
        let path = self.place.path.clone();
        let there = self.workspace.file(&path).and_then(|it| self.workspace.facts(it));
        let mut edit = WorkspaceEdit::default();
        let text = match there {
            None => {
                let content = render(&self.place.heading, &sections);
                edit.creates.push(FileCreate { path: path.clone(), content: content.clone() });
                content
            }
            Some(there) => {
                let after = self.merged(there, sections)?;
                if after != *there.text {
                    let edits = TextEdits::new(vec![difference(&there.text, &after)]);
                    let edits = edits.map_err(|error| WorkspaceEditError::Text { path: path.clone(), error })?;
                    edit.texts.push(FileEdit { path: path.clone(), base: there.hash(), edits });
                }
                after
            }
        };
        let mut files: Vec<RelPath> = Vec::new();
        let mut changes = self.mark();
        changes.extend(self.listed());
        for (path, change) in changes {
            let Some(facts) = self.workspace.file(&path).and_then(|it| self.workspace.facts(it)) else { continue };
            let edits = TextEdits::new(vec![change]);
            let edits = edits.map_err(|error| WorkspaceEditError::Text { path: path.clone(), error })?;
            files.push(path.clone());
            edit.texts.push(FileEdit { path, base: facts.hash(), edits });
        }
        let owner = self.request.concerns.owner_team.as_deref();
        edit.creates.extend(listing::new_readme(self.workspace, self.feature.as_ref(), self.kind, &path, owner));
        let questions = self.asked(&text);
        Ok(Composed { edit, path, questions, notes: self.notes, files })
    }

    /// The text of the document that is there, with what is new in its places.
    fn merged(&mut self, there: &FileFacts, sections: Vec<SectionContent>) -> Result<String, OperationError> {
        let failed = |error| WorkspaceEditError::Text { path: there.path.clone(), error };
        // What people left out stays out, unless somebody says something of it.
        let sections: Vec<SectionContent> = sections.into_iter().filter(|it| self.says(it)).collect();
        let text = self.without_skeletons(&there.text, &sections);
        let merged = merge(&text, &sections, false).map_err(failed)?;
        let mut kept = merged.kept;
        let after = merged.edits.apply(&text).map_err(failed)?;
        let after = self.with_status(there, &after);
        // Places are those of the text that people have.
        let shift = text.len() != there.text.len();
        kept.iter_mut().filter(|_| shift).for_each(|it| it.at = there.text.find(&it.there).unwrap_or(0));
        let title = there.slice(there.title_span());
        if !place::same_subject(self.config(), self.kind, title, &self.request.title) {
            let at = there.title_span().start as usize;
            let (title, given) = (title.trim().to_owned(), one_line(&self.request.title));
            kept.push(Kept { at, there: title, given, is_replaceable: false });
        }
        let mut differences = Differences::default();
        differences.add(&there.path, kept);
        let Told { notes, .. } = differences.notes(self.workspace);
        self.notes.extend(notes);
        Ok(after)
    }

    /// The text with the status that was given: a document that waits is accepted some day, and one that is accepted is
    /// not taken back by the way.
    fn with_status(&mut self, there: &FileFacts, text: &str) -> String {
        let tree = facts::tree(text);
        let status = ByRole::new(&tree, text, self.kind, self.config()).status();
        let state = status.as_ref().and_then(|it| self.config().vocabulary().state(&value::plain(&it.text)));
        let (Some(_), Some(status)) = (self.request.status, status) else {
            self.state = state.unwrap_or(self.state);
            return text.to_owned();
        };
        let given = self.config().status_of(self.kind, self.state);
        if state == Some(self.state) {
            return text.to_owned();
        }
        if state.is_some_and(|it| !it.is_decided()) && record::is_word(status.span.of(text), self.config()) {
            let edit = TextEdits::new(vec![TextEdit::replace(status.span, given.to_owned())]);
            return edit.ok().and_then(|it| it.apply(text).ok()).unwrap_or_else(|| text.to_owned());
        }
        let message = format!("The status is kept as it is here; given was “{given}”.");
        let at = there.title_span().start as usize;
        self.notes.push(PlanNote::new(there.path.as_str(), &there.text, at, message));
        // What is not taken changes no other document either.
        self.state = state.unwrap_or(State::Draft);
        text.to_owned()
    }

    /// Whether a section is wanted in a document that is there.
    fn says(&self, section: &SectionContent) -> bool {
        let template = self.config().template(self.kind).and_then(|it| it.section(section.role));
        let is_open = |it: &Part| matches!(it, Part::Bullets { items, .. } if items.is_empty());
        template.is_some_and(|it| it.required) || section.parts.is_empty() || !section.parts.iter().all(is_open)
    }

    /// The text without what only asks, as the template does, where something is said now.
    fn without_skeletons(&self, text: &str, sections: &[SectionContent]) -> String {
        let tree = facts::tree(text);
        let document = ByRole::new(&tree, text, self.kind, self.config());
        let template = self.config().template(self.kind);
        let mut edits = Vec::new();
        for section in sections.iter().filter(|it| is_answer(it)) {
            let skeleton = template.and_then(|it| it.section(section.role)).and_then(|it| it.skeleton.as_deref());
            let (Some(skeleton), Some(id)) = (skeleton, document.section(section.role)) else { continue };
            let span = tree.section(id).span;
            let start = tree.section(id).heading.end as usize;
            let content = text.get(start..span.end as usize).unwrap_or_default();
            if one_line(content) == one_line(skeleton) {
                let tail = if span.end as usize == text.len() { "" } else { "\n" };
                edits.push(TextEdit::replace(archwright_syntax::Span::new(start, span.end as usize), tail));
            }
        }
        TextEdits::new(edits).ok().and_then(|it| it.apply(text).ok()).unwrap_or_else(|| text.to_owned())
    }

    /// What the documents that are replaced have to say of it.
    fn mark(&mut self) -> Vec<(RelPath, TextEdit)> {
        let (config, label) = (self.config(), self.place.heading.clone());
        let mut edits = Vec::new();
        for facts in &self.replaced {
            let Some(document) = ByRole::of(facts, config) else { continue };
            let status = document.status();
            let at = status.as_ref().map_or(facts.title_span().start, |it| it.span.start) as usize;
            let note = |message: String| PlanNote::new(facts.path.as_str(), &facts.text, at, message);
            if !self.state.is_decided() {
                self.notes.push(note(format!(
                    "It stays in force until “{label}” is accepted; ask again with that `status`."
                )));
                continue;
            }
            let links = facts.document().map(|it| it.links.as_slice()).unwrap_or_default();
            let state = status.as_ref().and_then(|it| config.vocabulary().state(&it.text));
            if state == Some(State::Superseded) && links.iter().any(|it| it.path == self.place.path) {
                continue;
            }
            let by = relation::Reference::new(label.replace(['[', ']'], ""), false, &self.place.path, &facts.path);
            let edit = match &status {
                Some(status) => relation::superseded_edit(&document, status, &by, config),
                None => Some(relation::superseded_paragraph(&document, &by, config)),
            };
            match edit {
                Some(edit) => edits.push((facts.path.clone(), edit)),
                None => {
                    self.notes.push(note(format!("Its status is left to you: write that “{label}” supersedes it.")));
                }
            }
        }
        edits
    }

    /// The lines that README or catalog need.
    fn listed(&self) -> Option<(RelPath, TextEdit)> {
        let path = &self.place.path;
        match &self.feature {
            Some(feature) => listing::add(self.workspace, feature, self.kind, path, &self.place.heading),
            None => {
                let status = self.config().status_of(self.kind, self.state);
                let is_shared = |it: &FileFacts| it.captures.feature.is_none() && it.kind.is_artifact();
                listing::catalog_row(
                    self.workspace,
                    path,
                    [&self.place.subject, &self.place.heading],
                    status,
                    is_shared,
                )
            }
        }
    }

    /// What no placeholder asks, at the section that it is about.
    fn asked(&self, text: &str) -> Vec<OpenQuestion> {
        let tree = facts::tree(text);
        let document = ByRole::new(&tree, text, self.kind, self.config());
        let at = document.section(Role::Options).map_or(0, |it| tree.section(it).heading.start as usize);
        let note = PlanNote::new("", text, at, String::new());
        let question = |it: &&'static str| OpenQuestion {
            file: self.place.path.clone(),
            line: note.at.line,
            field: None,
            question: (*it).to_owned(),
        };
        self.questions.iter().map(question).collect()
    }

    /// Links to the documents around it: index, design, records and contracts, or the catalog of the platform.
    fn around(&self) -> Vec<String> {
        let folder = self.place.path.parent();
        let link =
            |path: &RelPath| format!("[{}]({})", listing::title(self.workspace, path), path.relative_to(&folder));
        let Some(feature) = &self.feature else {
            let catalog = self.config().layout().place(Kind::Catalog, &Captures::default());
            return catalog.filter(|it| self.workspace.lists(it)).iter().map(link).collect();
        };
        let mut links = listing::documents(self.workspace, feature, &folder);
        let profile = self.config().profile();
        for (kind, role) in [(Kind::Adr, Role::Adrs), (Kind::Contract, Role::Contracts)] {
            let all = listing::of_kind(self.workspace, feature, kind);
            let all: Vec<String> = all.iter().map(|it| link(&it.path)).collect();
            if !all.is_empty() {
                links.push(format!("{}: {}", profile.name(role), all.join(", ")));
            }
        }
        links
    }
}

/// Whether a section says something as a whole, and is not filled in field by field.
fn is_answer(section: &SectionContent) -> bool {
    let is_open = |it: &Part| matches!(it, Part::Bullets { items, .. } if items.is_empty());
    let has_fields = matches!(section.role, Role::Summary | Role::SystemConcerns | Role::RelatedArtifacts);
    !has_fields && !section.parts.iter().any(is_open)
}

/// A section of somebody's own in a decision record: behind its heading if there is one, else in front of the links.
pub(super) fn with_section(text: &str, config: &Config, title: &str, said: &str) -> String {
    let tree = facts::tree(text);
    let document = ByRole::new(&tree, text, Kind::Adr, config);
    let level = tree.sections.get(1).map_or(1, |it| it.level) + 1;
    let (title, said) = (one_line(title), record::within(said, level));
    let there = tree.section_ids().skip(2).find(|it| tree.plain_title(it.0, text).trim().eq_ignore_ascii_case(&title));
    let edit = match there {
        Some((_, section)) => {
            let body = section.body;
            let written = body.of(text).trim();
            if value::contains(written, &said) {
                return text.to_owned();
            }
            let is_open = value::is_placeholder(written.trim_start_matches(['-', '*', ' ']));
            let kept = if written.is_empty() || is_open { String::new() } else { format!("{written}\n\n") };
            let tail = if body.end as usize >= text.len() { "\n" } else { "\n\n" };
            TextEdit::replace(body, format!("\n{kept}{said}{tail}"))
        }
        None => {
            let links = document.section(Role::RelatedArtifacts);
            let place = links.map_or(text.len(), |it| tree.section(it).heading.start as usize);
            insert_block(text, place, &format!("{} {title}\n\n{said}", "#".repeat(usize::from(level))))
        }
    };
    TextEdits::new(vec![edit]).ok().and_then(|it| it.apply(text).ok()).unwrap_or_else(|| text.to_owned())
}
