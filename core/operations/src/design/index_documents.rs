//! The feature README and the system catalog as an operation leaves them.

use archwright_engine::Workspace;
use archwright_model::{
    Key, Kind, RelPath,
    conventions::{config::Config, role::Role},
    facts::{file_of_reference, split_reference},
    values::value,
};
use archwright_rules::authoring::{
    compose::{FieldContent, ListItem, Part, SectionContent, one_line},
    listing::GROUPS,
};
use smol_str::SmolStr;

use super::{
    super::{choice::Closed, listing},
    repository::{self, Repository},
    request::{BoundaryRole, ChannelRequest, DesignRequest},
};

/// What stands between the role of a channel and who sends on it.
pub(crate) const SENT_BY: &str = ", sent by ";

/// What stands between the role of a channel and those who receive on it.
pub(crate) const READ_BY: &str = ", read by ";

/// What a README says, as far as the request and the workspace know.
pub(crate) fn readme(
    workspace: &Workspace,
    request: &DesignRequest,
    path: &RelPath,
    design: &RelPath,
) -> Vec<SectionContent> {
    let config = workspace.config();
    let Some(template) = config.template(Kind::FeatureReadme) else { return Vec::new() };
    let folder = path.parent();
    let known = Repository::new(workspace, request, design);
    let tiers = format!("Which readiness tier: {}?", config.profile().tiers.names.join(", "));
    let mut sections = Vec::new();
    for template in &template.sections {
        let mut section = SectionContent::of(template);
        let field =
            |role, value: Option<&str>, question| FieldContent::of(config.profile(), role, value, question).given();
        let fields = match template.role {
            Role::ServiceInfo => vec![
                field(
                    Role::OwnerTeam,
                    request.concerns.owner_team.as_deref(),
                    "Which team answers for this, by its name in the organisation?",
                ),
                field(Role::Slo, request.slo.as_deref(), "Which service level, with its number?"),
                field(Role::Tier, request.tier.as_deref(), &tiers),
                // That it is written is no review.
                field(Role::LastReviewed, request.last_reviewed.as_deref(), "When did its owners review it last?"),
            ],
            Role::SharedReferences => shared_references(workspace, &folder),
            Role::Artifacts => artifacts(workspace, request, &folder, design),
            Role::Dependencies => {
                let mut fields = vec![
                    field(Role::Upstream, joined(&request.upstream).as_deref(), "Which services does this one need?"),
                    field(Role::Downstream, joined(&request.downstream).as_deref(), "Which services need this one?"),
                ];
                let more =
                    [(Role::External, &request.external), (Role::SharedInfrastructure, &request.shared_infrastructure)];
                let more = more.into_iter().filter_map(|(role, names)| Some((role, joined(names)?)));
                fields.extend(more.map(|(role, names)| field(role, Some(&names), "")));
                fields
            }
            _ if template.concerns => concern_fields(request, config, &known),
            _ => Vec::new(),
        };
        if !fields.is_empty() {
            section.parts.push(Part::Fields { fields, numbered: false });
        }
        if template.role == Role::ChannelsOwned {
            let items = request.channels.iter().map(|it| channel_item(workspace, request, it, &folder)).collect();
            let placeholder = template.skeleton.clone().unwrap_or_else(|| format!("- {}", value::placeholder("")));
            section.parts.push(Part::Bullets { items, placeholder });
        }
        if !section.parts.is_empty() {
            sections.push(section);
        }
    }
    sections
}

/// The system concerns as fields.
pub(super) fn concern_fields(request: &DesignRequest, config: &Config, known: &Repository) -> Vec<FieldContent> {
    let field = |it: &archwright_model::conventions::profile::Concern| {
        let question = known.question(it.role, &it.question);
        FieldContent::of(config.profile(), it.role, request.concerns.value(it.role), &question).given()
    };
    config.profile().concerns.iter().map(field).collect()
}

pub(super) fn joined(names: &[String]) -> Option<String> {
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
        let title = listing::title(workspace, &file.path);
        let link = format!("[{title}]({})", file.path.relative_to(folder));
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
    for (kind, role) in GROUPS.into_iter().filter(|it| it.1 != Role::Designs) {
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
) -> ListItem {
    let name = one_line(&channel.name);
    let role = channel.role.map_or_else(BoundaryRole::default, |it| it.0);
    let is_there = |path: &RelPath| workspace.file(path).is_some_and(|it| workspace.facts(it).is_some());
    let reference = match repository::contract(workspace, &request.feature, channel) {
        Some(path) if is_there(&path) => format!(" See [contract]({}).", path.relative_to(folder)),
        Some(path) => format!(" See [contract]({}) {}.", path.relative_to(folder), value::ANNOUNCED),
        None => String::new(),
    };
    let producer = channel.producer.as_deref().map(one_line);
    let consumers = joined(&channel.consumers);
    let sent = producer.as_ref().map_or_else(String::new, |it| format!("{SENT_BY}{it}"));
    let read = consumers.as_ref().map_or_else(String::new, |it| format!("{READ_BY}{it}"));
    let given = channel.role.map(|it| it.0.name());
    ListItem::new(format!("{name}:"), format!("{name}: {}{sent}{read}.{reference}", role.name()))
        .given(given.into_iter().chain(producer.as_deref()).chain(consumers.as_deref()))
}

/// A whole new catalog with the row of a feature.
pub(crate) fn catalog(
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
        features(config, request, path, readme)
    )
}

/// The table of features with the row of one.
pub(crate) fn features(config: &Config, request: &DesignRequest, path: &RelPath, readme: &RelPath) -> String {
    let section = &config.profile().catalog.features;
    let titles: Vec<SmolStr> = section.columns.iter().map(|it| it.name.as_str().into()).collect();
    let row = catalog_row(config, request, path, readme, &titles);
    format!("## {}\n\n| {} |\n|{}\n{row}\n", section.name, titles.join(" | "), " --- |".repeat(titles.len()))
}

/// The row of a feature for a table with these columns. Its values are those of a README made from the same request.
pub(crate) fn catalog_row(
    config: &Config,
    request: &DesignRequest,
    catalog: &RelPath,
    readme: &RelPath,
    columns: &[SmolStr],
) -> String {
    let value = |it: Option<&str>| it.map_or_else(|| value::placeholder(""), one_line).replace('|', "\\|");
    let cells: Vec<String> = columns
        .iter()
        .map(|column| match catalog_role(config, column) {
            Some(Role::Feature) => request.feature.clone(),
            Some(Role::OwnerTeam) => value(request.concerns.owner_team.as_deref()),
            Some(Role::Tier) => value(request.tier.as_deref()),
            Some(Role::Slo) => value(request.slo.as_deref().map(|it| rebased(it, readme, catalog)).as_deref()),
            Some(Role::Compliance) => value(request.concerns.compliance.as_deref()),
            Some(Role::LastReviewed) => value(request.last_reviewed.as_deref()),
            Some(Role::Index) => format!("[README]({})", readme.relative_to(&catalog.parent())),
            _ => String::new(),
        })
        .collect();
    format!("| {} |", cells.join(" | "))
}

/// A text whose links lead from another document to where they led from the README.
pub(super) fn rebased(text: &str, readme: &RelPath, other: &RelPath) -> String {
    let mut pieces = text.split("](");
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        whole.push_str("](");
        let (target, rest) = piece.split_at(piece.find(')').unwrap_or(0));
        let is_file = !target.is_empty() && !target.starts_with(['/', '#', '<']) && !target.contains([':', ' ']);
        let (path, fragment) = split_reference(target);
        match file_of_reference(readme, path).filter(|_| is_file && !path.is_empty()) {
            Some(file) => {
                whole.push_str(&file.relative_to(&other.parent()));
                whole.push_str(target.get(path.len()..).filter(|_| !fragment.is_empty()).unwrap_or_default());
            }
            None => whole.push_str(target),
        }
        whole.push_str(rest);
    }
    whole
}

/// What a column of the catalog is for.
pub(super) fn catalog_role(config: &Config, title: &str) -> Option<Role> {
    let mut roles = config.profile().catalog.features.columns.iter().map(|it| it.role);
    roles.find(|it| config.vocabulary().column(Kind::Catalog, title, *it).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_a_fact_lead_to_the_same_file_from_each_document() {
        let (readme, catalog) = (RelPath::new("docs/features/a/README.md"), RelPath::new("docs/system/catalog.md"));
        let rebased = |it: &str| rebased(it, &readme, &catalog);
        assert_eq!(rebased("99.9 % [link](slo.md#x), more"), "99.9 % [link](../features/a/slo.md#x), more");
        for same in ["99.9 %", "[a](https://example.com/slo.md)", "[a](#here)", "a](", "[a]()"] {
            assert_eq!(rebased(same), same);
        }
    }
}
