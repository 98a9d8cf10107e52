//! What operations ask of a feature's documents and write into the list of them.

use std::collections::BTreeSet;

use archwright_engine::Workspace;
use archwright_model::{
    FileCreate, Key, Kind, RelPath,
    conventions::{layout::Captures, role::Role},
    facts::{self, ByRole, FileFacts, RoleValue},
    values::value,
};
use archwright_rules::authoring::{
    compose::{FieldContent, Part, one_line, render},
    listing::{self, Listing},
};
use archwright_syntax::TextEdit;
use smol_str::SmolStr;

use super::{
    Offer,
    design::{DesignRequest, index_documents},
};

/// The features of the workspace.
pub(super) fn features(workspace: &Workspace) -> Vec<Offer> {
    let all = workspace.files().filter_map(|it| workspace.facts(it));
    let names: BTreeSet<&SmolStr> = all.filter_map(|it| it.captures.feature.as_ref()).collect();
    let offer = |name: &SmolStr| {
        let readme = place(workspace, name, Kind::FeatureReadme).unwrap_or_default();
        Offer::of(name.as_str(), &readme)
    };
    names.into_iter().map(offer).collect()
}

/// Where a document of a feature belongs.
fn place(workspace: &Workspace, feature: &SmolStr, kind: Kind) -> Option<RelPath> {
    let captures = Captures { feature: Some(feature.clone()), ..Captures::default() };
    workspace.config().layout().place(kind, &captures)
}

/// A document of a feature that is there.
pub(super) fn document<'w>(workspace: &'w Workspace, feature: &SmolStr, kind: Kind) -> Option<&'w FileFacts> {
    workspace.file(&place(workspace, feature, kind)?).and_then(|it| workspace.facts(it))
}

/// The title of a file as readers know it.
pub(super) fn title(workspace: &Workspace, path: &RelPath) -> String {
    let facts = workspace.file(path).and_then(|it| workspace.facts(it));
    let title = facts.and_then(|it| {
        let tree = it.markdown()?;
        let (id, _) = tree.section_ids().nth(1)?;
        Some(tree.plain_title(id, &it.text).replace(['[', ']'], ""))
    });
    title.filter(|it| !it.trim().is_empty()).unwrap_or_else(|| path.name().to_owned())
}

/// A system concern that a feature has decided.
pub(super) struct Concern {
    pub role: Role,
    pub value: String,
    /// The file that says so.
    pub path: RelPath,
}

/// The system concerns that the design or the README of a feature has decided.
pub(super) fn concerns(workspace: &Workspace, feature: &SmolStr) -> Vec<Concern> {
    let mut found: Vec<Concern> = Vec::new();
    for kind in [Kind::Design, Kind::FeatureReadme] {
        let Some(facts) = document(workspace, feature, kind) else { continue };
        let Some(document) = ByRole::of(facts, workspace.config()) else { continue };
        for RoleValue { role, value: said } in document.concerns() {
            if let Some(said) = facts::known(said).filter(|_| !found.iter().any(|it| it.role == role)) {
                found.push(Concern { role, value: one_line(&said.text), path: facts.path.clone() });
            }
        }
    }
    found
}

/// Links to the README and the design of a feature.
pub(super) fn documents(workspace: &Workspace, feature: &SmolStr, folder: &RelPath) -> Vec<String> {
    let names = [(Kind::FeatureReadme, Role::Index), (Kind::Design, Role::Designs)];
    let link = |(kind, role): (Kind, Role)| {
        let path = match kind {
            // It is written along if there is none.
            Kind::FeatureReadme => place(workspace, feature, kind)?,
            _ => document(workspace, feature, kind)?.path.clone(),
        };
        Some(format!("[{}]({})", workspace.config().profile().name(role), path.relative_to(folder)))
    };
    names.into_iter().filter_map(link).collect()
}

/// What a feature's README calls one of the feature's files.
pub(super) fn label(workspace: &Workspace, feature: &SmolStr, path: &RelPath) -> Option<String> {
    let facts = document(workspace, feature, Kind::FeatureReadme)?;
    let document = facts.document()?;
    let link = document.links.iter().find(|it| it.path == *path)?;
    let written = document.tree.links.iter().find(|it| it.span == link.span)?;
    Some(written.text.of(&facts.text).to_owned())
}

/// The edit that lists a file in the README of its feature, unless it is listed or there is no list.
pub(super) fn add(
    workspace: &Workspace,
    feature: &SmolStr,
    kind: Kind,
    path: &RelPath,
    label: &str,
) -> Option<(RelPath, TextEdit)> {
    let facts = document(workspace, feature, Kind::FeatureReadme)?;
    let by_role = ByRole::of(facts, workspace.config())?;
    let document = facts.document()?;
    let section = document.readme.as_ref()?.artifacts?;
    if document.links.iter().any(|it| it.path == *path) {
        return None;
    }
    let link = format!("[{label}]({})", path.relative_to(&facts.path.parent()));
    let edit = Listing::new(&by_role, section).add(kind, &link, workspace.config().profile())?;
    Some((facts.path.clone(), edit))
}

/// The README of a feature that has none, with a new file in its list. `None` for a file of the platform.
pub(super) fn new_readme(
    workspace: &Workspace,
    feature: Option<&SmolStr>,
    kind: Kind,
    path: &RelPath,
    owner: Option<&str>,
) -> Option<FileCreate> {
    let feature = feature?;
    let readme = place(workspace, feature, Kind::FeatureReadme)?;
    let is_there = workspace.file(&readme).is_some_and(|it| workspace.facts(it).is_some());
    if is_there || !path.as_str().starts_with(readme.parent().as_str()) {
        return None;
    }
    let mut request = DesignRequest { feature: feature.to_string(), ..DesignRequest::default() };
    request.concerns.owner_team = owner.map(str::to_owned);
    let design = document(workspace, feature, Kind::Design).map(|it| it.path.clone());
    let folder = readme.parent();
    let profile = workspace.config().profile();
    let assumed = design.clone().unwrap_or_else(|| folder.join("design.md"));
    let mut sections = index_documents::readme(workspace, &request, &readme, &assumed);
    let label = if listing::DOCUMENTS.contains(&kind) { kind.noun() } else { path.stem() };
    let link = format!("[{label}]({})", path.relative_to(&folder));
    for part in sections.iter_mut().filter(|it| it.role == Role::Artifacts).flat_map(|it| &mut it.parts) {
        if let Part::Fields { fields, .. } = part {
            let group = listing::field_of(kind)?;
            fields.retain(|it| it.name != profile.name(Role::Designs) || design.is_some());
            match fields.iter_mut().find(|it| it.name == profile.name(group)) {
                Some(field) => {
                    let listed = field.value.take().map(|it| format!("{it}, ")).unwrap_or_default();
                    field.value = Some(format!("{listed}{link}"));
                }
                None => fields.push(FieldContent::of(profile, group, Some(&link), "")),
            }
        }
    }
    Some(FileCreate { path: readme, content: render(feature, &sections) })
}

/// The row of a platform's document in the catalog's table of what concerns all, if it has one: what it
/// is about, a link, and how far it has come.
pub(super) fn catalog_row(
    workspace: &Workspace,
    path: &RelPath,
    [concern, label]: [&str; 2],
    status: &str,
    is_alike: impl Fn(&FileFacts) -> bool,
) -> Option<(RelPath, TextEdit)> {
    let place = workspace.config().layout().place(Kind::Catalog, &Captures::default())?;
    let facts = workspace.file(&place).and_then(|it| workspace.facts(it))?;
    let document = facts.document()?;
    let alike = |it: &RelPath| workspace.file(it).and_then(|it| workspace.facts(it)).is_some_and(&is_alike);
    if document.links.iter().any(|it| it.path == *path) {
        return None;
    }
    let tree = &document.tree;
    let tables = || tree.tables.iter().filter(|it| tree.header(it).len() == 3);
    let table = document
        .links
        .iter()
        .filter(|it| alike(&it.path))
        .find_map(|link| tables().find(|it| it.span.contains(link.span)))?;
    let text = &*facts.text;
    let newline = archwright_syntax::newline(text);
    let (concern, label) = (value::cell(concern), value::cell(label));
    let row = format!("| {concern} | [{label}]({}) | {status} |", path.relative_to(&place.parent()));
    let first = |it: &archwright_syntax::markdown::Row| tree.cells(it).first().map(|it| it.of(text).to_lowercase());
    let next = tree.rows(table).iter().find(|it| first(it).is_some_and(|it| it > concern.to_lowercase()));
    let edit = match next {
        Some(next) => TextEdit::insert(next.span.start as usize, format!("{row}{newline}")),
        None => {
            let end = table.span.start as usize + table.span.of(text).trim_end().len();
            TextEdit::insert(end, format!("{newline}{row}"))
        }
    };
    Some((place, edit))
}

/// The artifacts of a kind in a feature.
pub(super) fn of_kind<'w>(workspace: &'w Workspace, feature: &SmolStr, kind: Kind) -> Vec<&'w FileFacts> {
    let ids = workspace.index().contributors(&Key::Feature(feature.clone()));
    let mut files: Vec<&FileFacts> =
        ids.iter().filter_map(|it| workspace.facts(*it)).filter(|it| it.kind == kind).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}
