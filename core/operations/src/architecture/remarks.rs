//! What is told beside a record: facts without a place, records on the same subject, questions without a placeholder.

use archwright_model::{
    Kind, RelPath,
    conventions::role::{Role, State},
    facts::{self, ByRole, RoleValue},
};
use archwright_rules::{
    authoring::{compose::one_line, record::Sample},
    prelude,
};
use archwright_syntax::LineIndex;

use super::{
    super::{OpenQuestion, PlanNote},
    composer::{Composer, Replaced},
};

/// How many records on the same subject are told of.
const NEIGHBOURS: usize = 5;

impl Composer<'_> {
    /// Names what was given and stands nowhere.
    pub(super) fn tell_unplaced(
        &mut self,
        path: &RelPath,
        text: &str,
        unplaced: Vec<RoleValue<String>>,
        own_keys: &[String],
    ) {
        for RoleValue { role, value: said } in unplaced {
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
    pub(super) fn tell_neighbours(&mut self, path: &RelPath, replaced: &[Replaced]) {
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
    pub(super) fn ask(&mut self, path: &RelPath, text: &str, questions: &[&'static str]) {
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
pub(super) fn short(text: &str) -> String {
    const LONGEST: usize = 80;
    let text = one_line(text);
    match text.get(..text.floor_char_boundary(LONGEST)).filter(|it| it.len() < text.len()) {
        Some(beginning) => format!("{}…", beginning.trim_end()),
        None => text,
    }
}
