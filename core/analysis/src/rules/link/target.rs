//! Where a link that leads nowhere was meant to lead.

use crate::{conventions::config::LinkScope, facts::LinkFact, rules::prelude::*};

/// What became of a link's target.
pub(super) enum Target<'a> {
    /// It is there, or the text says that it is yet to be written.
    Fine,
    /// It is there if the path climbs more or fewer folders.
    OtherDepth(RelPath),
    /// It is nowhere; perhaps this was meant.
    Missing(Option<&'a RelPath>),
}

/// The links of a file whose links are checked: one that opted in, or any if the configuration says so.
pub(super) fn checked_links<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a LinkFact> {
    let facts = cx.facts();
    let checked = facts.opted_in() || cx.config().links() == LinkScope::All;
    facts.document().filter(|_| checked).into_iter().flat_map(|it| &it.links)
}

/// The remark that announces an artifact that does not exist yet.
const ANNOUNCED: &str = "(not yet written)";

pub(super) fn resolve<'a>(cx: &Context<'a>, link: &LinkFact) -> Target<'a> {
    if link.path_span.is_empty() || link.path.as_str().is_empty() || cx.exists(&link.path) || is_announced(cx, link) {
        return Target::Fine;
    }
    let written = cx.facts().slice(link.path_span);
    if let Some(path) = at_other_depth(cx, written) {
        return Target::OtherDepth(path);
    }
    Target::Missing(nearest_file(cx, &link.path))
}

fn is_announced(cx: &Context, link: &LinkFact) -> bool {
    let rest = cx.facts().text.get(link.target.end as usize..).unwrap_or_default();
    rest.lines().next().unwrap_or_default().contains(ANNOUNCED)
}

/// The file that the link reaches with another number of `../`, if exactly one other number works.
fn at_other_depth(cx: &Context, written: &str) -> Option<RelPath> {
    let rest = written.trim_start_matches("../").trim_start_matches("./");
    let name = rest.rsplit('/').next()?;
    if rest.is_empty() || name.is_empty() || rest.starts_with('/') || !rest.contains('/') && !written.starts_with("../")
    {
        return None;
    }
    let folder = cx.facts().path.parent();
    let depth = folder.as_str().split('/').filter(|it| !it.is_empty()).count();
    let candidates: Vec<&RelPath> = cx.named(name);
    let reachable = (0..=depth).map(|ups| folder.join(&format!("{}{rest}", "../".repeat(ups))));
    let mut hits: Vec<RelPath> = reachable.filter(|it| candidates.contains(&it)).collect();
    hits.dedup();
    (hits.len() == 1).then(|| hits.pop()).flatten()
}

/// A file of the same name elsewhere, the nearest one first; else one with a similar name in the folder that was meant.
fn nearest_file<'a>(cx: &Context<'a>, path: &RelPath) -> Option<&'a RelPath> {
    let from = cx.facts().path.parent();
    let same_name = cx.named(path.name());
    let steps = |it: &RelPath| it.relative_to(&from).matches('/').count();
    if let Some(best) = same_name.iter().filter(|it| **it != &cx.facts().path).min_by_key(|it| (steps(it), it.as_str()))
    {
        // A README or design of another feature is no help: such names are everywhere.
        if same_name.len() == 1 || steps(best) <= 2 {
            return Some(best);
        }
    }
    let siblings = cx.folder(&path.parent());
    let name = nearest(path.name(), siblings.iter().map(|it| it.name()))?;
    siblings.into_iter().find(|it| it.name() == name)
}
