//! The counts of a report, and the line that says what was looked at.

use std::collections::BTreeMap;

use archwright_model::{Kind, RelPath};
use schemars::JsonSchema;
use serde::Serialize;

use super::unread::{self, UnreadDocuments};
use crate::store::{Opened, Outcome};

/// Counts of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Files that were read.
    pub files: usize,
    /// How many of them are of which kind.
    pub kinds: BTreeMap<Kind, usize>,
    /// In which forms the documents of a kind are written: the name of the form, and how many are. Documents of no
    /// form that has a name are not counted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dialects: BTreeMap<Kind, BTreeMap<String, usize>>,
    /// Folders with documents that look like a design, a record or a runbook and were not recognised, and how many;
    /// the fullest ones.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<String, usize>")]
    pub unrecognised: BTreeMap<RelPath, usize>,
    /// How many more such documents there are in folders that are not listed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more_unrecognised: usize,
    /// Documents that no rule reads, because of their markup or their kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread_documents: Vec<UnreadDocuments>,
    /// Files of code in languages that are not read, by the language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<String, usize>")]
    pub unread_code: BTreeMap<&'static str, usize>,
    /// How much code was read and held against the documents, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeRead>,
    /// Documents that could not be read, and so are not known to be artifacts or not; the first ones. What an artifact
    /// keeps from being read is a finding.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<NotRead>,
    /// How many more could not be read, and are not listed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more_unreadable: usize,
    /// Errors found.
    pub errors: usize,
    /// Warnings found.
    pub warnings: usize,
    /// Remarks found.
    pub infos: usize,
    /// Hints found.
    pub hints: usize,
    /// Findings that `--fix` can mend.
    pub fixable: usize,
    /// Questions that documents leave open, whatever findings are shown.
    pub questions: usize,
    /// How many documents leave questions open.
    pub asking: usize,
    /// What schemas and AsyncAPI documents were compared with, one entry for each workspace that has some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compared_with: Vec<ComparedWith>,
}

/// How much code was read and held against the documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CodeRead {
    /// Files that were read.
    pub files: usize,
    /// Places at which they send or receive.
    pub places: usize,
    /// Files that could not be read.
    pub not_read: usize,
}

impl CodeRead {
    fn plus(self, other: Self) -> Self {
        Self {
            files: self.files + other.files,
            places: self.places + other.places,
            not_read: self.not_read + other.not_read,
        }
    }

    fn sentence(self) -> String {
        let files = if self.files == 1 { "file" } else { "files" };
        let places = if self.places == 1 { "place" } else { "places" };
        let not_read = if self.not_read > 0 { format!("; {} not read", self.not_read) } else { String::new() };
        format!("Code: {} {files} read, with {} {places} that send or receive{not_read}.", self.files, self.places)
    }
}

/// What schemas and AsyncAPI documents were compared with, and what could not be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComparedWith {
    /// The commit; nothing if there was none to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// What the commit is: `the merge base of HEAD and origin/main`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Why nothing was compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// How many schemas and AsyncAPI documents say something else than they did, and were compared.
    pub changed: usize,
    /// The files that say something else than they did, and could not be compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_compared: Vec<NotCompared>,
    /// How many more could not be compared, and are not listed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more_not_compared: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// A document that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct NotRead {
    /// The file, relative to the workspace root.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// Why not, as it goes on after the name of the file: `is UTF-16; save it as UTF-8 text`.
    pub reason: String,
}

/// A file that could not be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotCompared {
    /// The file, relative to the workspace root.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// Why not.
    pub reason: String,
}

/// How many files that could not be compared are named.
const MOST_NAMED: usize = 3;

impl ComparedWith {
    pub(crate) fn new(opened: &Opened, outcomes: impl Iterator<Item = (RelPath, Outcome)>) -> Self {
        let mut it = Self {
            commit: None,
            base: None,
            missing: None,
            changed: 0,
            not_compared: Vec::new(),
            more_not_compared: 0,
        };
        match opened {
            Opened::Nowhere => it.missing = Some("there is no git repository".to_owned()),
            Opened::Failed(error) => it.missing = Some(error.to_string()),
            Opened::Found(found) => {
                it.commit = Some(found.base.commit.to_string());
                it.base = Some(found.base.what.clone());
            }
        }
        for (file, outcome) in outcomes {
            match outcome {
                Ok(()) => it.changed += 1,
                Err(reason) => it.not_compared.push(NotCompared { file, reason }),
            }
        }
        it
    }

    /// Lists no more than so many of the files that could not be compared, and counts the others.
    pub fn keep(&mut self, most: usize) {
        let more = self.not_compared.split_off(most.min(self.not_compared.len()));
        self.more_not_compared += more.len();
    }

    /// The same in sentences, for people and agents.
    pub fn sentence(&self) -> String {
        let (Some(commit), Some(base)) = (&self.commit, &self.base) else {
            let why = self.missing.as_deref().unwrap_or_default();
            return format!("Schemas and AsyncAPI documents were not compared with what they were: {why}.");
        };
        let short: String = commit.chars().take(SHORT).collect();
        let what = match self.changed {
            0 => "No changed schema or AsyncAPI document was".to_owned(),
            1 => "1 changed schema or AsyncAPI document was".to_owned(),
            several => format!("{several} changed schemas and AsyncAPI documents were"),
        };
        let mut text = format!("{what} compared with {short}, {base}.");
        for NotCompared { file, reason } in self.not_compared.iter().take(MOST_NAMED) {
            text.push_str(&format!(" {file} was not compared: {}.", reason.trim_end_matches('.')));
        }
        let more = self.not_compared.len().saturating_sub(MOST_NAMED) + self.more_not_compared;
        if more > 0 {
            text.push_str(&format!(" {more} more were not compared; `--format json` names them."));
        }
        text
    }
}

/// How many digits of a commit people are shown.
const SHORT: usize = 10;

impl Summary {
    /// The sum of two.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let mut kinds = self.kinds;
        for (kind, number) in other.kinds {
            *kinds.entry(kind).or_default() += number;
        }
        let mut dialects = self.dialects;
        for (kind, forms) in other.dialects {
            let all: &mut BTreeMap<String, usize> = dialects.entry(kind).or_default();
            for (form, number) in forms {
                *all.entry(form).or_default() += number;
            }
        }
        let mut unrecognised = self.unrecognised;
        for (folder, number) in other.unrecognised {
            *unrecognised.entry(folder).or_default() += number;
        }
        let mut unread_code = self.unread_code;
        for (language, number) in other.unread_code {
            *unread_code.entry(language).or_default() += number;
        }
        let mut compared_with = self.compared_with;
        compared_with.extend(other.compared_with);
        let mut unreadable = self.unreadable;
        unreadable.extend(other.unreadable);
        let mut unread_documents = self.unread_documents;
        unread_documents.extend(other.unread_documents);
        let sum = Self {
            kinds,
            unread_documents: unread::sums(unread_documents),
            dialects,
            unrecognised,
            more_unrecognised: self.more_unrecognised + other.more_unrecognised,
            unread_code,
            code: match (self.code, other.code) {
                (Some(one), Some(more)) => Some(one.plus(more)),
                (one, more) => one.or(more),
            },
            unreadable,
            more_unreadable: self.more_unreadable + other.more_unreadable,
            compared_with,
            files: self.files + other.files,
            errors: self.errors + other.errors,
            warnings: self.warnings + other.warnings,
            infos: self.infos + other.infos,
            hints: self.hints + other.hints,
            fixable: self.fixable + other.fixable,
            questions: self.questions + other.questions,
            asking: self.asking + other.asking,
        };
        sum.bounded()
    }

    /// With no more folders than anybody reads; agents pay for each.
    pub(super) fn bounded(mut self) -> Self {
        let number = |it: &(&RelPath, &usize)| *it.1;
        while self.unrecognised.len() > MOST_LISTED
            && let Some(folder) = self.unrecognised.iter().min_by_key(number).map(|it| it.0.clone())
        {
            self.more_unrecognised += self.unrecognised.remove(&folder).unwrap_or_default();
        }
        self.unreadable.sort();
        self.more_unreadable += self.unreadable.len().saturating_sub(MOST_UNREADABLE);
        self.unreadable.truncate(MOST_UNREADABLE);
        self
    }
}

/// How many folders with documents that were not recognised are listed.
const MOST_LISTED: usize = 8;
/// How many documents that could not be read are listed.
const MOST_UNREADABLE: usize = 8;

impl Summary {
    /// What was looked at, in one line: silence about what was not recognised would look like praise.
    pub fn recognised(&self) -> String {
        let (artifacts, others): (Vec<_>, Vec<_>) = self.kinds.iter().partition(|it| it.0.is_artifact());
        let others: Vec<_> = others.into_iter().filter(|it| *it.0 != Kind::Configuration).collect();
        let mut line = if artifacts.is_empty() {
            let none = "Nothing was recognised as a design, decision record, contract, schema, AsyncAPI document or \
                runbook";
            // What looks like one is named below, with the way to make it known.
            let advice = if self.unrecognised.is_empty() {
                "; `[documents]` in archwright.toml says where yours are"
            } else {
                ""
            };
            format!("{none}{advice}.")
        } else {
            format!("Recognised: {}.", self.counted_by_form(&artifacts))
        };
        if !others.is_empty() && !artifacts.is_empty() {
            line.push_str(&format!(" Not recognised as artifacts: {}.", counted(others)));
        }
        line.extend(self.overlooked());
        line.push_str(&unread::sentences(&self.unread_documents));
        if !self.unread_code.is_empty() {
            let files = |(language, number): (&&str, &usize)| {
                format!("{number} file{} of {language}", if *number == 1 { "" } else { "s" })
            };
            let all: Vec<String> = self.unread_code.iter().map(files).collect();
            line.push_str(&format!(" Not read: {}{}.", all.join(", "), self.how_to_compare()));
        }
        line.extend(self.code.map(|it| format!(" {}", it.sentence())));
        line.extend(self.not_readable().map(|it| format!(" {it}")));
        line
    }
}

/// How many folders with documents that were not recognised are named.
const MOST_FOLDERS: usize = 3;

impl Summary {
    /// How many documents of each kind there are, and in which forms: `12 ADRs (10 MADR, 2 Nygard)`.
    fn counted_by_form(&self, kinds: &[(&Kind, &usize)]) -> String {
        let form = |(form, number): (&String, &usize)| format!("{number} {form}");
        let count = |(kind, number): &(&Kind, &usize)| {
            let mut forms: Vec<_> = self.dialects.get(kind).into_iter().flatten().collect();
            forms.sort_by_key(|it| std::cmp::Reverse(it.1));
            let forms: Vec<String> = forms.into_iter().map(form).collect();
            let forms = if forms.is_empty() { String::new() } else { format!(" ({})", forms.join(", ")) };
            format!("{}{forms}", counted_kind(**kind, **number))
        };
        kinds.iter().map(count).collect::<Vec<_>>().join(", ")
    }

    /// That code can be held against the contracts, if there are some and it was not.
    fn how_to_compare(&self) -> &'static str {
        let has_contracts = self.kinds.contains_key(&Kind::Contract);
        if has_contracts && self.code.is_none() {
            "; `archwright check --code` holds code against the contracts"
        } else {
            ""
        }
    }

    /// Documents that somebody would expect to be recognised, by their folders, the fullest first.
    fn overlooked(&self) -> Option<String> {
        let mut folders: Vec<_> = self.unrecognised.iter().collect();
        folders.sort_by_key(|it| std::cmp::Reverse(it.1));
        let place = |folder: &RelPath| if folder.as_str().is_empty() { "the root" } else { folder.as_str() }.to_owned();
        let named = folders.iter().take(MOST_FOLDERS).map(|(folder, number)| format!("{number} in {}", place(folder)));
        let named: Vec<String> = named.collect();
        let more = folders.iter().skip(MOST_FOLDERS).map(|it| it.1).sum::<usize>() + self.more_unrecognised;
        let more = if more > 0 { format!(", {more} elsewhere") } else { String::new() };
        let named = (!named.is_empty()).then(|| named.join(", "))?;
        Some(format!(
            " Looks like one and was not recognised: {named}{more}; `archwright init` proposes how to make it known."
        ))
    }
}

impl Summary {
    /// Documents that could not be read, so that nobody knows what is in them.
    pub fn not_readable(&self) -> Option<String> {
        let named: Vec<String> =
            self.unreadable.iter().take(MOST_NAMED).map(|it| format!("{} {}", it.file, it.reason)).collect();
        let more = self.unreadable.len().saturating_sub(MOST_NAMED) + self.more_unreadable;
        let more = match more {
            0 => String::new(),
            _ if self.more_unreadable > 0 => format!(" And {more} more; `check` of a folder names those in it."),
            _ => format!(" And {more} more; `--format json` names them."),
        };
        let all = self.unreadable.len() + self.more_unreadable;
        let noun = if all == 1 { "document" } else { "documents" };
        (all > 0).then(|| format!("Could not be read, and was not checked: {all} {noun}. {}.{more}", named.join(". ")))
    }
}

fn counted_kind(kind: Kind, number: usize) -> String {
    format!("{number} {}{}", kind.noun(), if number == 1 { "" } else { "s" })
}

fn counted(kinds: Vec<(&Kind, &usize)>) -> String {
    kinds.into_iter().map(|(kind, number)| counted_kind(*kind, *number)).collect::<Vec<_>>().join(", ")
}
