//! The feature README and the system catalog as an operation leaves them.

use super::{
    super::choice::Closed,
    request::{BoundaryRole, ChannelRequest, DesignRequest},
};
use crate::authoring::compose::{FieldContent, Part, SectionContent, one_line};
use crate::{
    Key, Kind, RelPath, Workspace,
    conventions::{config::Config, layout::Captures},
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
        let fields = match template.name.as_str() {
            "Service info" => vec![
                FieldContent {
                    aliases: vec!["Owner".into()],
                    ..FieldContent::new(
                        "Owner team",
                        request.concerns.owner_team.as_deref(),
                        "Which team answers for this, by its name in the organisation?",
                    )
                },
                FieldContent::new("SLO", request.slo.as_deref(), "Which service level, with its number?"),
                FieldContent::new("Tier", Some("Prototype"), ""),
                FieldContent::new("Last reviewed", Some(date), ""),
            ],
            "Shared references" => shared_references(workspace, &folder),
            "Artifacts" => artifacts(workspace, request, &folder, design),
            "Dependencies" => vec![
                FieldContent {
                    aliases: vec!["Upstream services".into()],
                    ..FieldContent::new(
                        "Upstream",
                        joined(&request.upstream).as_deref(),
                        "Which services does this one need?",
                    )
                },
                FieldContent {
                    aliases: vec!["Downstream services".into()],
                    ..FieldContent::new(
                        "Downstream",
                        joined(&request.downstream).as_deref(),
                        "Which services need this one?",
                    )
                },
            ],
            _ if template.concerns => concern_fields(request, config),
            _ => Vec::new(),
        };
        if !fields.is_empty() {
            section.parts.push(Part::Fields { fields, numbered: false });
        }
        if template.name == "Channels owned" {
            let items = request.channels.iter().map(|it| channel_item(workspace, request, it, &folder)).collect();
            section.parts.push(Part::Bullets { items, placeholder: "None.".to_owned() });
        }
        if !section.parts.is_empty() {
            sections.push(section);
        }
    }
    sections
}

/// The system concerns as fields.
pub(in crate::operations) fn concern_fields(request: &DesignRequest, config: &Config) -> Vec<FieldContent> {
    let field = |it: &crate::conventions::profile::Concern| FieldContent {
        aliases: it.aliases.clone(),
        ..FieldContent::new(&it.name, request.concerns.value(&it.name), &it.question)
    };
    config.profile().concerns.fields.iter().map(field).collect()
}

fn joined(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| names.iter().map(|it| one_line(it)).collect::<Vec<_>>().join(", "))
}

/// Links to the shared documents that exist; nothing is announced that does not.
fn shared_references(workspace: &Workspace, folder: &RelPath) -> Vec<FieldContent> {
    let mut shared: Vec<(&str, Vec<String>)> = Vec::new();
    let mut files: Vec<_> =
        workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.captures.feature.is_none()).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    for file in files {
        let name = match (file.kind, file.path.stem()) {
            (Kind::Standard, _) => "Standards followed",
            (Kind::Shared, "glossary") => "Glossary",
            (Kind::Shared, "compliance") => "Compliance baseline",
            (Kind::Shared, "dr") => "DR plan",
            (Kind::Adr, _) if file.opted_in() => "Platform ADRs",
            _ => continue,
        };
        let link = format!("[{}]({})", file.path.stem(), file.path.relative_to(folder));
        match shared.iter_mut().find(|it| it.0 == name) {
            Some((_, links)) => links.push(link),
            None => shared.push((name, vec![link])),
        }
    }
    shared.into_iter().map(|(name, links)| FieldContent::new(name, Some(&links.join(", ")), "")).collect()
}

/// Links to what the feature has, the new design first.
fn artifacts(workspace: &Workspace, request: &DesignRequest, folder: &RelPath, design: &RelPath) -> Vec<FieldContent> {
    let ids = workspace.index().contributors(&Key::Feature(request.feature.as_str().into()));
    let mut files: Vec<_> = ids.iter().filter_map(|it| workspace.facts(*it)).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let link = |path: &RelPath| format!("[{}]({})", path.stem(), path.relative_to(folder));
    let mut fields =
        vec![FieldContent::new("Design", Some(&format!("[{}]({})", design.name(), design.relative_to(folder))), "")];
    for (name, kind) in [
        ("ADRs", Kind::Adr),
        ("Contracts", Kind::Contract),
        ("Runbooks", Kind::Runbook),
        ("Launch decisions", Kind::Launch),
    ] {
        let links: Vec<String> = files.iter().filter(|it| it.kind == kind).map(|it| link(&it.path)).collect();
        if !links.is_empty() {
            fields.push(FieldContent::new(name, Some(&links.join(", ")), ""));
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

/// The row of a feature in a catalog that has none, as a whole new catalog.
pub(in crate::operations) fn catalog(request: &DesignRequest, path: &RelPath, readme: &RelPath, date: &str) -> String {
    format!(
        "# System catalog\n\nLast updated: {date}\n\n## Features\n\n| Feature | Owner | Tier | SLO | Compliance | Last reviewed | Index |\n| --- | --- | --- | --- | --- | --- | --- |\n{}\n",
        catalog_row(
            request,
            path,
            readme,
            date,
            &["Feature", "Owner", "Tier", "SLO", "Compliance", "Last reviewed", "Index"].map(Into::into)
        )
    )
}

/// The row of a feature for a table with these columns. Its values are those of a README made from the same request.
pub(in crate::operations) fn catalog_row(
    request: &DesignRequest,
    catalog: &RelPath,
    readme: &RelPath,
    date: &str,
    columns: &[smol_str::SmolStr],
) -> String {
    let value = |it: Option<&str>| it.map_or("<TBD>".to_owned(), one_line).replace('|', "\\|");
    let cells: Vec<String> = columns
        .iter()
        .map(|column| match column.to_lowercase().as_str() {
            "feature" => request.feature.clone(),
            "owner" => value(request.concerns.owner_team.as_deref()),
            "tier" => "Prototype".to_owned(),
            "slo" => value(request.slo.as_deref()),
            "compliance" => value(request.concerns.compliance.as_deref()),
            "last reviewed" => date.to_owned(),
            "index" => format!("[README]({})", readme.relative_to(&catalog.parent())),
            _ => String::new(),
        })
        .collect();
    format!("| {} |", cells.join(" | "))
}
