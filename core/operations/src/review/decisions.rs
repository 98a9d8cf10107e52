//! Records and standards that speak of what a change touches, and alternatives they rejected that it brings in.

use std::collections::BTreeSet;

use archwright_engine::Workspace;
use archwright_knowledge::{lexicon::technologies_in, mentions};
use archwright_model::{
    Kind, RelPath, Severity,
    conventions::role::Role,
    facts::{ByRole, FileFacts},
};
use smol_str::SmolStr;

use super::{
    change::Diff,
    code,
    harmless::is_harmless,
    lexicon::Lexicon,
    reviewed::{GoverningDecision, Mark, ReviewFinding, ReviewPlace},
    tokens::{code_names, line_of, places_of, said},
};

/// So many are named, those that name most of what is touched first.
const MAX_DECISIONS: usize = 5;

/// What a change touches.
pub(super) struct Touched {
    /// The channels whose documents, schemas or code it changes.
    channels: BTreeSet<SmolStr>,
    /// The files.
    paths: Vec<RelPath>,
    /// The lines of code that came or went.
    code: String,
}

impl Touched {
    pub fn of(workspace: &Workspace, diff: &Diff) -> Self {
        let mut touched = Self { channels: BTreeSet::new(), paths: Vec::new(), code: String::new() };
        for file in diff.files.iter().filter(|it| !is_harmless(it, workspace.config())) {
            touched.paths.push(file.path.clone());
            match file.kind() {
                Kind::Schema | Kind::Asyncapi | Kind::Contract => {
                    let sides = [&file.before, &file.after].into_iter().flatten();
                    touched
                        .channels
                        .extend(sides.flat_map(|it| it.facts.channels.iter().map(|it| it.name.text.clone())));
                }
                Kind::Code => touched.add_code(file),
                _ => {}
            }
        }
        touched.paths.extend(diff.other_code.iter().map(|it| it.path.clone()));
        touched
    }

    fn add_code(&mut self, file: &super::change::FileChange) {
        let text = |side: Option<&super::change::Side>| side.map_or(String::new(), |it| it.text.to_string());
        let (before, after) = (text(file.before.as_ref()), text(file.after.as_ref()));
        let (old, new) = (code::counts(&before), code::counts(&after));
        let differs = |one: &rustc_hash::FxHashMap<&str, usize>, other: &rustc_hash::FxHashMap<&str, usize>| {
            let mut lines: Vec<String> = one
                .iter()
                .filter(|(line, count)| other.get(*line).is_none_or(|it| it < count))
                .map(|it| (*it.0).to_owned())
                .collect();
            lines.sort();
            lines
        };
        for line in differs(&old, &new).into_iter().chain(differs(&new, &old)) {
            self.code.push_str(&line);
            self.code.push('\n');
        }
    }

    /// Whether a name of a document is touched: a path, a channel, or a name in the code.
    fn has(&self, name: &str) -> bool {
        let name = name.trim().trim_end_matches('/');
        if self.channels.iter().any(|it| it == name) {
            return true;
        }
        if name.contains('/') {
            let path = name.trim_start_matches("./");
            return path.len() > 4
                && self.paths.iter().any(|it| it.as_str() == path || it.as_str().starts_with(&format!("{path}/")));
        }
        // A plain word is a word of the language as often as it is a name.
        let is_name = name.len() >= 6
            && name.contains(['_', '-', '.', ':'])
            && name.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-' | '.' | ':'));
        is_name && places_of(&self.code, name).next().is_some()
    }
}

/// The decisions in force and the standards.
fn in_force(workspace: &Workspace) -> impl Iterator<Item = &FileFacts> {
    let config = workspace.config();
    workspace.files().filter_map(|it| workspace.facts(it)).filter(move |facts| match facts.kind {
        Kind::Adr => {
            let adr = facts.document().and_then(|it| it.adr.as_deref());
            let state = adr.and_then(|it| config.vocabulary().state(&it.status.as_ref()?.text));
            adr.is_some_and(|it| it.superseded_by.is_empty())
                && state.is_some_and(|it| {
                    it.is_decided() && !it.is_going() && it != archwright_model::role::State::Superseded
                })
        }
        Kind::Standard => facts.opted_in(),
        _ => false,
    })
}

/// The decisions that name what is touched. Those that the change itself edits are left out: their authors know.
pub(super) fn governing(workspace: &Workspace, diff: &Diff, touched: &Touched) -> Vec<GoverningDecision> {
    let mut found = Vec::new();
    for facts in in_force(workspace).filter(|it| !diff.paths.contains(&it.path)) {
        let Some(document) = ByRole::of(facts, workspace.config()) else { continue };
        let decided = [Role::Decision, Role::Rule, Role::Enforcement, Role::Tldr].into_iter();
        let sections = decided.filter_map(|it| document.section(it)).map(|it| document.tree.section(it).span);
        let tldr = document.field(Role::Tldr).map(|it| it.span);
        let mut names: Vec<String> = Vec::new();
        let mut line = None;
        for span in sections.chain(tldr) {
            let text = span.of(&facts.text);
            for name in code_names(text).filter(|it| touched.has(it)) {
                if !names.iter().any(|it| it == name) {
                    names.push(name.to_owned());
                }
                line = line.or_else(|| Some(line_of(&facts.text, span.start as usize + text.find(name)?)));
            }
        }
        if let Some(line) = line {
            found.push(GoverningDecision { place: ReviewPlace { file: facts.path.clone(), line }, names });
        }
    }
    found.sort_by(|a, b| b.names.len().cmp(&a.names.len()).then_with(|| a.place.cmp(&b.place)));
    found.truncate(MAX_DECISIONS);
    found
}

/// Products and patterns that a decision in force rejected and lines of the change bring in.
pub(super) fn rejected(workspace: &Workspace, diff: &Diff, lexicon: &'static Lexicon) -> Vec<ReviewFinding> {
    let refused = refused(workspace, lexicon);
    let mut found = Vec::new();
    for file in &diff.files {
        let is_about = matches!(file.kind(), Kind::Adr | Kind::Rfc);
        if is_about || is_harmless(file, workspace.config()) {
            continue;
        }
        let known: BTreeSet<SmolStr> = file.before.iter().flat_map(|it| named(&it.text)).collect();
        for (line, text) in file.added_lines() {
            for name in named(&said(text)).into_iter().filter(|it| !known.contains(it)) {
                let Some(by) = refused.iter().find(|it| it.name == name) else { continue };
                // The record that is superseded in the same change is not in force any more.
                if diff.paths.contains(&by.place.file) || found.iter().any(|it: &ReviewFinding| it.file == file.path) {
                    continue;
                }
                let mut finding = ReviewFinding::at(
                    "review/rejected-alternative",
                    &file.path,
                    line,
                    format!("This brings in {name}, which {} rejected.", by.title),
                );
                finding.mark = Mark::Lead;
                finding.severity = Severity::Warning;
                finding.against = vec![by.place.clone()];
                found.push(finding);
            }
        }
    }
    found
}

/// What a record rejected.
struct Refused {
    name: SmolStr,
    title: String,
    place: ReviewPlace,
}

fn refused(workspace: &Workspace, lexicon: &'static Lexicon) -> Vec<Refused> {
    let mut refused = Vec::new();
    for facts in in_force(workspace).filter(|it| it.kind == Kind::Adr) {
        let Some(document) = ByRole::of(facts, workspace.config()) else { continue };
        let decided = document.section(Role::Decision).map(|it| document.tree.section(it).span.of(&facts.text));
        let chosen: BTreeSet<SmolStr> = named(decided.unwrap_or_default()).into_iter().collect();
        let Some(section) = document.section(Role::Alternatives) else { continue };
        for item in document.tree.items.iter().filter(|it| it.section == section) {
            let text = item.content.of(&facts.text);
            if !super::tokens::has_word(text, &lexicon.words.rejected) {
                continue;
            }
            // What stands before the colon is the alternative, the rest the reason.
            let label = text.split(':').next().unwrap_or(text);
            for name in named(label).into_iter().filter(|it| !chosen.contains(it)) {
                let place =
                    ReviewPlace { file: facts.path.clone(), line: line_of(&facts.text, item.content.start as usize) };
                let title = facts.title_span().of(&facts.text).split(':').next().unwrap_or_default().trim().to_owned();
                refused.push(Refused { name, title, place });
            }
        }
    }
    refused
}

/// The products and patterns that a text names.
fn named(text: &str) -> Vec<SmolStr> {
    let technologies = technologies_in(text).into_iter().map(|it| it.1.name.clone());
    let patterns = mentions(text).into_iter().map(|it| it.pattern.name.clone());
    technologies.chain(patterns).collect()
}
