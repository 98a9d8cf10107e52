//! Where a decision record goes, and the records beside it.

use std::collections::BTreeMap;

use archwright_engine::Workspace;
use archwright_model::{
    Kind, RelPath,
    conventions::layout::Captures,
    facts::{FileFacts, number_of},
};
use archwright_rules::{
    authoring::record::{FileNames, Form, Sample},
    prelude,
};
use smol_str::SmolStr;

use super::{
    super::{OperationError, paths},
    ArchitectureRequest,
};
use crate::design::slug;

/// How many of the newest records show the form: older ones may have had another.
const SHOWN: usize = 6;

/// How many folders are named at most.
const NAMED: usize = 5;

/// The folder of a new record.
pub(super) struct Place<'w> {
    /// The folder.
    pub folder: RelPath,
    /// The feature, if the record is one's own.
    pub feature: Option<SmolStr>,
    /// The records in the folder, by number and name.
    pub records: Vec<Sample<'w>>,
    /// Records elsewhere, which show the form where the folder has none.
    others: Vec<Sample<'w>>,
    /// A template in the folder.
    template: Option<Sample<'w>>,
    /// The next free number.
    pub number: u32,
    /// The name of each record's file, where each has a folder of its own.
    nested: Option<String>,
}

impl<'w> Place<'w> {
    /// The place that a request asks for.
    pub(super) fn of(workspace: &'w Workspace, request: &ArchitectureRequest) -> Result<Self, OperationError> {
        let folders = folders(workspace);
        let feature = request.feature.as_deref().map(|it| feature(workspace, it)).transpose()?;
        let folder = match (&request.folder, &feature) {
            (Some(folder), _) => paths::named(workspace, folder)?,
            (None, Some(feature)) => of_feature(workspace, feature, &folders),
            (None, None) => of_platform(workspace, &folders)?,
        };
        let config = workspace.config();
        let markdown = |it: &RelPath| it.file_type() == Some(archwright_syntax::FileType::Markdown);
        let here = || files(workspace).filter(|it| it.path.parent() == folder && markdown(&it.path));
        let is_template = |it: &&FileFacts| it.path.stem().to_ascii_lowercase().contains("template");
        let is_index = |it: &&FileFacts| ["readme", "index", "_index"].contains(&&*it.path.stem().to_ascii_lowercase());
        let mut records: Vec<Sample> =
            here().filter(|it| !is_template(it) && !is_index(it)).filter_map(|it| Sample::of(it, config)).collect();
        let by_number = |a: &Sample, b: &Sample| a.number.cmp(&b.number).then_with(|| a.path.cmp(b.path));
        records.sort_by(by_number);
        let mut nested = None;
        if records.is_empty() {
            let below = files(workspace).filter(|it| it.path.parent().parent() == folder && it.path.depth() > 0);
            let below = below.filter(|it| markdown(&it.path) && is_index(it)).filter_map(|it| Sample::of(it, config));
            let mut below: Vec<Sample> = below.collect();
            // Many have a README that repeats the index.
            below.sort_by(|a, b| a.path.parent().cmp(&b.path.parent()).then_with(|| b.path.cmp(a.path)));
            below.dedup_by(|a, b| a.path.parent() == b.path.parent());
            if below.len() > 1 {
                nested = below.last().map(|it| it.path.name().to_owned());
                records = below;
            }
        }
        let template = here().find(is_template).and_then(|it| Sample::of(it, config));
        let mut others: Vec<Sample> = Vec::new();
        if records.is_empty() && template.is_none() {
            let elsewhere = files(workspace).filter(|it| it.kind == Kind::Adr && !is_template(it) && !is_index(it));
            others = elsewhere.filter_map(|it| Sample::of(it, config)).collect();
            others.sort_by(by_number);
        }
        // A record that cannot be read has its number too.
        let all = workspace.files().filter_map(|it| workspace.facts(it));
        let taken = all.filter(|it| it.path.parent() == folder && markdown(&it.path));
        let number = taken.filter_map(|it| number_of(it.path.stem())).max().map_or(1, |it| it.saturating_add(1));
        Ok(Self { folder, feature, records, others, template, number, nested })
    }

    /// The file of a new record.
    pub(super) fn file(&self, stem: &str) -> RelPath {
        match &self.nested {
            Some(name) => self.folder.join(stem).join(name),
            None => self.folder.join(&format!("{stem}.md")),
        }
    }

    /// Whether the layout has a place for records here.
    pub(super) fn is_usual(&self, workspace: &Workspace) -> bool {
        let kind = workspace.config().layout().classify(&self.folder.join("x.md")).map(|it| it.0);
        kind == Some(Kind::Adr)
    }

    /// How the files of the folder are named that have a number.
    pub(super) fn names(&self, workspace: &Workspace) -> Option<FileNames> {
        let here = files(workspace).filter(|it| it.path.parent() == self.folder);
        let stems: Vec<&str> = here.map(|it| it.path.stem()).filter(|it| number_of(it).is_some()).collect();
        (!stems.is_empty()).then(|| FileNames::most(stems.into_iter()))
    }

    /// The form of the records, if any show one.
    pub(super) fn form(&self, workspace: &Workspace) -> Option<Form> {
        let config = workspace.config();
        let newest = |it: &[Sample<'w>]| Form::of(it.get(it.len().saturating_sub(SHOWN)..)?, config);
        newest(&self.records).or_else(|| newest(&self.others)).or_else(|| {
            let template = std::slice::from_ref(self.template.as_ref()?);
            let form = Form::of(template, config)?;
            Some(Form { files: FileNames::default(), leaves_out: true, ..form })
        })
    }
}

fn files(workspace: &Workspace) -> impl Iterator<Item = &FileFacts> {
    workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.unreadable.is_none())
}

/// The folders that hold records, with how many, and whether they are a feature's.
fn folders(workspace: &Workspace) -> BTreeMap<RelPath, (usize, bool)> {
    let mut folders: BTreeMap<RelPath, (usize, bool)> = BTreeMap::new();
    for facts in files(workspace).filter(|it| it.kind == Kind::Adr) {
        let entry = folders.entry(facts.path.parent()).or_default();
        *entry = (entry.0 + 1, facts.captures.feature.is_some());
    }
    folders
}

/// The feature that is meant: a slug, and not nearly the name of another one.
pub(super) fn feature(workspace: &Workspace, given: &str) -> Result<SmolStr, OperationError> {
    let suggestion = slug(given);
    if suggestion != given {
        let suggestion = if suggestion.is_empty() { "order-checkout".to_owned() } else { suggestion };
        return Err(OperationError::Slug { given: given.to_owned(), suggestion });
    }
    let known: Vec<&SmolStr> = files(workspace).filter_map(|it| it.captures.feature.as_ref()).collect();
    if !known.iter().any(|it| *it == given)
        && let Some(nearest) = prelude::nearest(given, known.iter().map(|it| it.as_str()))
    {
        return Err(OperationError::UnknownFeature { given: given.to_owned(), nearest: nearest.to_owned() });
    }
    Ok(given.into())
}

fn of_feature(workspace: &Workspace, feature: &SmolStr, folders: &BTreeMap<RelPath, (usize, bool)>) -> RelPath {
    let captures = Captures { feature: Some(feature.clone()), name: Some("x".into()), ..Captures::default() };
    let place = workspace.config().layout().place(Kind::Adr, &captures).map(|it| it.parent());
    let is_there = |it: &RelPath| folders.contains_key(it);
    let has_folder = || files(workspace).any(|it| it.captures.feature.as_ref() == Some(feature));
    let usual = place.clone().filter(|it| is_there(it) || has_folder());
    let mut named = folders.keys().filter(|it| it.as_str().split('/').any(|it| it == feature.as_str()));
    let only = || named.next().filter(|_| named.next().is_none()).cloned();
    usual.or_else(only).or(place).unwrap_or_else(|| RelPath::new(&format!("docs/features/{feature}/adrs")))
}

fn of_platform(workspace: &Workspace, folders: &BTreeMap<RelPath, (usize, bool)>) -> Result<RelPath, OperationError> {
    let captures = Captures { name: Some("x".into()), ..Captures::default() };
    let usual = workspace.config().layout().place(Kind::Adr, &captures).map(|it| it.parent());
    let candidates: Vec<(&RelPath, usize)> = folders.iter().filter(|it| !it.1.1).map(|it| (it.0, it.1.0)).collect();
    if let Some(usual) = usual.as_ref().filter(|it| candidates.iter().any(|other| other.0 == *it)) {
        return Ok(usual.clone());
    }
    let all: usize = candidates.iter().map(|it| it.1).sum();
    // A few strays beside the one folder are no second place for records.
    match candidates.iter().find(|it| it.1 * 4 >= all * 3) {
        Some((folder, _)) => Ok((*folder).clone()),
        None if candidates.is_empty() => Ok(usual.unwrap_or_else(|| RelPath::new("docs/system/adrs"))),
        None => Err(OperationError::SeveralFolders {
            folders: candidates.iter().take(NAMED).map(|it| it.0.to_string()).collect(),
            more: candidates.len().saturating_sub(NAMED),
        }),
    }
}
