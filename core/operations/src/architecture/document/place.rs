//! Where a document on the architecture goes, and what it is called: as the ones of its kind that are there.

use archwright_engine::Workspace;
use archwright_model::{
    Kind, RelPath,
    conventions::{config::Config, layout::Captures},
    date,
    facts::{FileFacts, number_of},
};
use archwright_rules::{
    authoring::{
        compose::one_line,
        record::{FileNames, name},
    },
    prelude,
};
use smol_str::SmolStr;

use super::super::{
    super::{OperationError, paths},
    ArchitectureRequest,
};

/// The place of a document.
pub(super) struct Place {
    /// Where.
    pub path: RelPath,
    /// Its title, with what such titles begin with.
    pub heading: String,
    /// What it is about.
    pub subject: String,
}

impl Place {
    /// The place that a request asks for: that of the document of this title, else a new one.
    pub(super) fn of(
        workspace: &Workspace,
        request: &ArchitectureRequest,
        kind: Kind,
        feature: Option<&SmolStr>,
    ) -> Result<Self, OperationError> {
        let config = workspace.config();
        let subject = one_line(subject_of(config, kind, request.title.trim())).trim_end_matches('.').to_owned();
        let folder = request.folder.as_deref().map(|it| paths::named(workspace, it)).transpose()?;
        let mut all = of_kind(workspace, kind);
        all.sort_by(|a, b| a.path.cmp(&b.path));
        let is_near = |it: &&&FileFacts| match &folder {
            Some(folder) => it.path.parent() == *folder,
            None => it.captures.feature.as_ref() == feature,
        };
        let near: Vec<&FileFacts> = all.iter().filter(is_near).copied().collect();
        let title = |it: &FileFacts| it.slice(it.title_span()).trim().to_owned();
        let plain = |number| heading(config, kind, &all, number, &subject);
        if let Some(same) = near.iter().find(|it| same_subject(config, kind, &title(it), &subject)) {
            return Ok(Self { path: same.path.clone(), heading: title(same), subject });
        }
        // Where a team keeps its own folder of them, they have numbers.
        if let Some(folder) = folder.clone().or_else(|| own_folder(&near)) {
            let here: Vec<&str> =
                near.iter().filter(|it| it.path.parent() == folder).map(|it| it.path.stem()).collect();
            let number = here.iter().filter_map(|it| number_of(it)).max().map_or(1, |it| it.saturating_add(1));
            let day = request.date.clone().unwrap_or_else(date::today);
            let stem = match here.as_slice() {
                [] => name::subject(&subject, '-'),
                here => FileNames::most(here.iter().copied()).stem(number, &subject, &day),
            };
            let number = here.iter().any(|it| number_of(it).is_some()).then_some(number);
            return Ok(Self { path: folder.join(&format!("{stem}.md")), heading: plain(number), subject });
        }
        let captures = Captures { feature: feature.cloned(), ..Captures::default() };
        let usual = config.layout().place(kind, &captures).filter(|_| !subject.is_empty());
        let usual = usual.ok_or(OperationError::Missing("folder"))?;
        let there = workspace.file(&usual).and_then(|it| workspace.facts(it));
        // There is one overview and one review of a thing; of others there may be several.
        let is_single = matches!(kind, Kind::Overview | Kind::ReadinessReview);
        Ok(match there {
            None => Self { path: usual, heading: plain(None), subject },
            Some(there) if is_single => Self { heading: title(there), path: usual, subject },
            Some(_) => {
                let stem = format!("{}-{}", usual.stem(), name::subject(&subject, '-'));
                Self { path: usual.parent().join(&format!("{stem}.md")), heading: plain(None), subject }
            }
        })
    }
}

fn of_kind(workspace: &Workspace, kind: Kind) -> Vec<&FileFacts> {
    let all = workspace.files().filter_map(|it| workspace.facts(it));
    all.filter(|it| it.kind == kind && it.unreadable.is_none()).collect()
}

/// What a title is about, without the words for its kind and without a number.
fn subject_of<'t>(config: &Config, kind: Kind, title: &'t str) -> &'t str {
    let beginnings = config.template(kind).into_iter().flat_map(|it| &it.titles);
    let rest = |it: &String| {
        let (head, rest) = title.split_at_checked(it.len())?;
        let is_it = head.eq_ignore_ascii_case(it) && !rest.starts_with(char::is_alphabetic);
        is_it.then(|| rest.trim_start_matches(|it: char| !it.is_alphabetic() && !matches!(it, '`' | '"' | '“' | '(')))
    };
    beginnings.into_iter().find_map(rest).filter(|it| !it.is_empty()).unwrap_or_else(|| name::subject_of(title))
}

/// Whether two titles are about the same.
pub(super) fn same_subject(config: &Config, kind: Kind, one: &str, other: &str) -> bool {
    name::same_subject(subject_of(config, kind, one.trim()), subject_of(config, kind, other.trim()))
}

/// The title of a new document: with the beginning that the newest of its kind has, and with the next number in it.
fn heading(config: &Config, kind: Kind, all: &[&FileFacts], number: Option<u32>, subject: &str) -> String {
    let newest = all.iter().rev().map(|it| it.slice(it.title_span()).trim()).find(|it| !it.is_empty());
    let Some(title) = newest else {
        let beginning = config.profile().title(kind, "");
        return if beginning.is_empty() { subject.to_owned() } else { format!("{beginning}: {subject}") };
    };
    let theirs = subject_of(config, kind, title);
    let before = title.get(..title.len() - theirs.len()).unwrap_or_default();
    let digits = before.find(|it: char| it.is_ascii_digit());
    match (digits, number) {
        (Some(at), Some(number)) => {
            let (head, rest) = before.split_at_checked(at).unwrap_or((before, ""));
            let width = rest.bytes().take_while(u8::is_ascii_digit).count();
            format!("{head}{number:0width$}{}{subject}", rest.get(width..).unwrap_or_default())
        }
        (Some(_), None) => format!("{}: {subject}", config.profile().title(kind, "")),
        (None, _) => format!("{before}{subject}"),
    }
}

/// The folder of a workspace that keeps several of them outside of the layout.
fn own_folder(near: &[&FileFacts]) -> Option<RelPath> {
    let folder = near.last().filter(|it| !it.opted_in())?.path.parent();
    let here = near.iter().filter(|it| it.path.parent() == folder && !it.opted_in());
    // One alone may be there by chance.
    (here.count() > 1).then_some(folder)
}

/// The document of a kind that is named by its path, its name, its number or its title.
pub(super) fn named<'w>(
    workspace: &'w Workspace,
    kind: Kind,
    own: &RelPath,
    given: &str,
) -> Result<&'w FileFacts, OperationError> {
    let bare = given.trim().trim_matches(['`', '#', ' ']);
    let all = of_kind(workspace, kind);
    let number = number_of(bare).filter(|_| !bare.contains('/'));
    let names = |it: &&&FileFacts| {
        let title = it.slice(it.title_span());
        it.path.as_str() == bare
            || it.path.stem() == bare
            || it.path.name() == bare
            || number.is_some() && number_of(it.path.stem()) == number
            || same_subject(workspace.config(), kind, title, bare)
    };
    let mut found = all.iter().filter(names).filter(|it| it.path != *own);
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (first, _) => {
            let paths: Vec<&str> = all.iter().map(|it| it.path.as_str()).collect();
            let nearest = first.map(|it| it.path.as_str()).or_else(|| prelude::nearest(given, paths));
            Err(OperationError::NoSuchDocument {
                given: given.to_owned(),
                kind: kind.noun(),
                nearest: nearest.map(str::to_owned),
            })
        }
    }
}
