//! `sync/unlisted-artifact`: an artifact of a feature that the feature's README does not list.

use archwright_model::facts::{FileFacts, is_listing, number_like};

use crate::{
    authoring::listing::{Listing, group},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "sync/unlisted-artifact",
    severity: Severity::Warning,
    summary: "A feature's README does not list an artifact that exists.",
    applies_to: &[Kind::FeatureReadme],
    any_dialect: false,
    sources: &["A-095", "A-106", "A-116"],
    page: include_str!("unlisted_artifact.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let (Some(document), Some(feature)) = (facts.document(), &facts.captures.feature) else { return };
    let Some((readme, section)) = document.readme.as_ref().and_then(|it| Some((it, it.artifacts?))) else { return };
    let Some(by_role) = cx.by_role() else { return };
    let listing = Listing::new(by_role, section);
    let folder = facts.path.parent();
    let listed: Vec<&RelPath> = document
        .links
        .iter()
        .filter(|it| it.shown && is_listing(&document.tree, readme, it))
        .map(|it| &it.path)
        .collect();
    for FileRef { id: file, facts: artifact } in cx.files(Key::Feature(feature.clone())) {
        let Some(group) = group(artifact.kind) else { continue };
        // A link to a folder lists all that is in it.
        let parent = artifact.path.parent();
        if listed.iter().any(|it| **it == artifact.path || **it == parent && parent != folder) {
            continue;
        }
        let path = artifact.path.relative_to(&folder);
        let (span, place) = match listing.field(group) {
            Some(field) => (field.name, facts.slice(field.name)),
            None => (document.tree.section(section).title, facts.slice(document.tree.section(section).title)),
        };
        let related = cx.related(file, artifact.title_span(), "this artifact is not listed");
        let finding = reporter.report(span, format!("`{path}` exists, but {place} does not list it; add a link."));
        finding.related.push(related);
        finding.data = artifact.path.to_string();
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    edit(cx, finding).into_iter().collect()
}

fn edit(cx: &Context, finding: &Finding) -> Option<Fix> {
    let facts = cx.facts();
    let section = facts.document()?.readme.as_ref()?.artifacts?;
    let artifacts = cx.files(Key::Feature(facts.captures.feature.clone()?));
    let artifact = artifacts.into_iter().map(|it| it.facts).find(|it| it.path.as_str() == finding.data)?;
    let path = artifact.path.relative_to(&facts.path.parent());
    let link = format!("[{}]({path})", label(cx, artifact));
    let edit = Listing::new(cx.by_role()?, section).add(artifact.kind, &link, cx.config().profile())?;
    edit_here(cx, format!("List `{path}`"), vec![edit])
}

/// What the link to an artifact says.
fn label(cx: &Context, artifact: &FileFacts) -> String {
    let title = || {
        let tree = artifact.markdown();
        let title =
            tree.and_then(|it| it.section_ids().nth(1).map(|(id, _)| it.plain_title(id, &artifact.text).into_owned()));
        let title = title.unwrap_or_else(|| artifact.path.stem().to_owned());
        let mut beginnings = cx.config().template(Kind::Runbook).into_iter().flat_map(|it| &it.titles);
        let rest = beginnings.find_map(|it| title.strip_prefix(it.as_str())?.strip_prefix(':'));
        let title = rest.unwrap_or(&title).trim();
        title.replace(['[', ']'], "")
    };
    let number = artifact.document().and_then(|it| it.adr.as_ref()?.number);
    match (artifact.kind, number, &artifact.captures) {
        (Kind::Design, ..) => "design".to_owned(),
        (Kind::Adr, Some(number), _) => format!("ADR-{}", number_like(artifact.path.stem(), number)),
        (Kind::Contract, _, captures) => captures.channel.as_ref().map_or_else(title, ToString::to_string),
        (Kind::Launch, _, captures) => captures.date.as_ref().map_or_else(title, ToString::to_string),
        _ => title(),
    }
}
