//! The feature README and the system catalog as an operation leaves them.

use smol_str::SmolStr;

use super::{
    super::choice::Closed,
    request::{BoundaryRole, ChannelRequest, DesignRequest},
};
use crate::{
    Key, Kind, RelPath, Workspace,
    authoring::{
        compose::{FieldContent, Part, SectionContent, one_line},
        listing,
    },
    conventions::{config::Config, layout::Captures, role::Role},
    values::value,
};

/// What a README says, as far as the request and the workspace know.
pub(in crate::operations) fn readme(
    workspace: &Workspace,
    request: &DesignRequest,
    path: &RelPath,
    design: &RelPath,
    date: &str,
) -> Vec<SectionContent> {
    let config = workspace.config();
    let Some(template) = config.template(Kind::FeatureReadme) else { return Vec::new() };
    let folder = path.parent();
    let mut sections = Vec::new();
    for template in &template.sections {
        let mut section = SectionContent::of(template);
        let field = |role, value: Option<&str>, question| FieldContent::of(config.profile(), role, value, question);
        let fields = match template.role {
            Role::ServiceInfo => vec![
                field(
                    Role::OwnerTeam,
                    request.concerns.owner_team.as_deref(),
                    "Which team answers for this, by its name in the organisation?",
                ),
                field(Role::Slo, request.slo.as_deref(), "Which service level, with its number?"),
                field(Role::Tier, config.profile().tiers.names.first().map(String::as_str), ""),
                field(Role::LastReviewed, Some(date), ""),
            ],
            Role::SharedReferences => shared_references(workspace, &folder),
            Role::Artifacts => artifacts(workspace, request, &folder, design),
            Role::Dependencies => vec![
                field(Role::Upstream, joined(&request.upstream).as_deref(), "Which services does this one need?"),
                field(Role::Downstream, joined(&request.downstream).as_deref(), "Which services need this one?"),
            ],
            _ if template.concerns => concern_fields(request, config),
            _ => Vec::new(),
        };
        if !fields.is_empty() {
            section.parts.push(Part::Fields { fields, numbered: false });
        }
        if template.role == Role::ChannelsOwned {
            let items = request.channels.iter().map(|it| channel_item(workspace, request, it, &folder)).collect();
            section.parts.push(Part::Bullets { items, placeholder: value::NONE.to_owned() });
        }
        if !section.parts.is_empty() {
            sections.push(section);
        }
    }
    sections
}

/// The system concerns as fields.
pub(in crate::operations) fn concern_fields(request: &DesignRequest, config: &Config) -> Vec<FieldContent> {
    let field = |it: &crate::conventions::profile::Concern| {
        FieldContent::of(config.profile(), it.role, request.concerns.value(it.role), &it.question)
    };
    config.profile().concerns.iter().map(field).collect()
}

fn joined(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| names.iter().map(|it| one_line(it)).collect::<Vec<_>>().join(", "))
}

/// Links to the shared documents that exist; nothing is announced that does not.
fn shared_references(workspace: &Workspace, folder: &RelPath) -> Vec<FieldContent> {
    let mut shared: Vec<(Role, Vec<String>)> = Vec::new();
    let mut files: Vec<_> =
        workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.captures.feature.is_none()).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    for file in files {
        let role = match (file.kind, file.path.stem()) {
            (Kind::Standard, _) => Role::StandardsFollowed,
            (Kind::Shared, "glossary") => Role::Glossary,
            (Kind::Shared, "compliance") => Role::ComplianceBaseline,
            (Kind::Shared, "dr") => Role::DrPlan,
            (Kind::Adr, _) if file.opted_in() => Role::PlatformAdrs,
            _ => continue,
        };
        let link = format!("[{}]({})", file.path.stem(), file.path.relative_to(folder));
        match shared.iter_mut().find(|it| it.0 == role) {
            Some((_, links)) => links.push(link),
            None => shared.push((role, vec![link])),
        }
    }
    let profile = workspace.config().profile();
    shared.into_iter().map(|(role, links)| FieldContent::of(profile, role, Some(&links.join(", ")), "")).collect()
}

/// Links to what the feature has, the new design first.
fn artifacts(workspace: &Workspace, request: &DesignRequest, folder: &RelPath, design: &RelPath) -> Vec<FieldContent> {
    let ids = workspace.index().contributors(&Key::Feature(request.feature.as_str().into()));
    let mut files: Vec<_> = ids.iter().filter_map(|it| workspace.facts(*it)).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let link = |path: &RelPath| format!("[{}]({})", path.stem(), path.relative_to(folder));
    let profile = workspace.config().profile();
    let field = |role, links: &str| FieldContent::of(profile, role, Some(links), "");
    let mut fields = vec![field(Role::Designs, &format!("[{}]({})", design.name(), design.relative_to(folder)))];
    for (kind, role) in listing::GROUPS.into_iter().filter(|it| it.1 != Role::Designs) {
        let links: Vec<String> = files.iter().filter(|it| it.kind == kind).map(|it| link(&it.path)).collect();
        if !links.is_empty() {
            fields.push(field(role, &links.join(", ")));
        }
    }
    fields
}

fn channel_item(
    workspace: &Workspace,
    request: &DesignRequest,
    channel: &ChannelRequest,
    folder: &RelPath,
) -> (String, String) {
    let name = one_line(&channel.name);
    let role = channel.role.map_or_else(BoundaryRole::default, |it| it.0);
    let contracts = workspace
        .index()
        .contributors(&Key::Channel(name.as_str().into()))
        .iter()
        .filter_map(|it| workspace.facts(*it));
    let contract = contracts.filter(|it| it.kind == Kind::Contract).map(|it| it.path.clone()).next();
    let captures = Captures {
        feature: Some(request.feature.as_str().into()),
        channel: Some(name.as_str().into()),
        ..Captures::default()
    };
    let reference = match (contract, workspace.config().layout().place(Kind::Contract, &captures)) {
        (Some(path), _) => format!(" See [contract]({}).", path.relative_to(folder)),
        (None, Some(path)) if role != BoundaryRole::Consumed => {
            format!(" See [contract]({}) (not yet written).", path.relative_to(folder))
        }
        _ => String::new(),
    };
    (format!("{name}:"), format!("{name}: {}.{reference}", role.name()))
}

/// A whole new catalog with the row of a feature.
pub(in crate::operations) fn catalog(
    config: &Config,
    request: &DesignRequest,
    path: &RelPath,
    readme: &RelPath,
    date: &str,
) -> String {
    let profile = config.profile();
    format!(
        "# {}\n\n{}: {date}\n\n{}",
        profile.catalog.title,
        profile.name(Role::LastUpdated),
        features(config, request, path, readme, date)
    )
}

/// The table of features with the row of one.
pub(in crate::operations) fn features(
    config: &Config,
    request: &DesignRequest,
    path: &RelPath,
    readme: &RelPath,
    date: &str,
) -> String {
    let section = &config.profile().catalog.features;
    let titles: Vec<SmolStr> = section.columns.iter().map(|it| it.name.as_str().into()).collect();
    let row = catalog_row(config, request, path, readme, date, &titles);
    format!("## {}\n\n| {} |\n|{}\n{row}\n", section.name, titles.join(" | "), " --- |".repeat(titles.len()))
}

/// The row of a feature for a table with these columns. Its values are those of a README made from the same request.
pub(in crate::operations) fn catalog_row(
    config: &Config,
    request: &DesignRequest,
    catalog: &RelPath,
    readme: &RelPath,
    date: &str,
    columns: &[SmolStr],
) -> String {
    let profile = config.profile();
    let value = |it: Option<&str>| it.map_or_else(|| value::placeholder(""), one_line).replace('|', "\\|");
    let roles = profile.catalog.features.columns.iter().map(|it| it.role);
    let is_column = |title: &str, role| config.vocabulary().column(Kind::Catalog, title, role).is_some();
    let cells: Vec<String> = columns
        .iter()
        .map(|column| match roles.clone().find(|it| is_column(column, *it)) {
            Some(Role::Feature) => request.feature.clone(),
            Some(Role::OwnerTeam) => value(request.concerns.owner_team.as_deref()),
            Some(Role::Tier) => profile.tiers.names.first().cloned().unwrap_or_default(),
            Some(Role::Slo) => value(request.slo.as_deref()),
            Some(Role::Compliance) => value(request.concerns.compliance.as_deref()),
            Some(Role::LastReviewed) => date.to_owned(),
            Some(Role::Index) => format!("[README]({})", readme.relative_to(&catalog.parent())),
            _ => String::new(),
        })
        .collect();
    format!("| {} |", cells.join(" | "))
}
