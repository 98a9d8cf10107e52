//! What the files show of a feature's readiness, gate by gate, and what lacks: the same that a launch is
//! decided by.

use archwright_knowledge::{gate, readiness_tiers};
use archwright_model::{conventions::role::Role, values::value};
use archwright_rules::authoring::compose::ListItem;

use super::{
    super::super::{
        listing,
        prelaunch::{self, GateResult, GateState},
    },
    Document,
};

/// The gates up to the tier that is asked for: what shows each, or the question.
pub(super) fn evidence(document: &Document) -> Vec<ListItem> {
    let item = |it: &GateResult| {
        let gate = gate(it.id)?;
        let name = capital(&gate.name);
        let said = match it.state {
            GateState::Missing => return None,
            GateState::Met | GateState::Claimed => links(document, it),
            GateState::Unknown => value::placeholder(&gate.ask),
        };
        Some(ListItem::new(format!("{name}:"), format!("{name}: {said}")))
    };
    results(document).iter().filter_map(item).collect()
}

/// The gates that are not met, each with the next move.
pub(super) fn gaps(document: &Document) -> Vec<ListItem> {
    let concerns = document.feature.as_ref().map(|it| listing::concerns(document.workspace, it)).unwrap_or_default();
    let owner = concerns.into_iter().find(|it| it.role == Role::OwnerTeam).map(|it| it.value);
    let who = owner.unwrap_or_else(|| value::placeholder("who makes it?"));
    let item = |it: &GateResult| {
        let gate = gate(it.id).filter(|_| it.state == GateState::Missing)?;
        let name = capital(&gate.name);
        let when = value::placeholder("by when?");
        Some(ListItem::new(format!("{name}:"), format!("{name}: not so. {} Owner {who}, due {when}.", gate.next)))
    };
    results(document).iter().filter_map(item).collect()
}

/// The question for the verdict, with the tier that the evidence reaches.
pub(super) fn reached(document: &Document) -> Option<String> {
    let path = &document.place.path;
    // What people wrote is not asked again.
    if document.workspace.file(path).is_some_and(|it| document.workspace.facts(it).is_some()) {
        return None;
    }
    let launch = prelaunch::shown(document.workspace, document.feature.as_ref()?, &document.date)?;
    let tier = launch.tier?;
    let target = if launch.target == tier { String::new() } else { format!(", and {} is asked for", launch.target) };
    let question = format!("the files show {tier}{target}; for which tier is it ready, and who says so?");
    Some(value::placeholder(&question))
}

fn results(document: &Document) -> Vec<GateResult> {
    let Some(feature) = &document.feature else { return Vec::new() };
    let Some(launch) = prelaunch::shown(document.workspace, feature, &document.date) else { return Vec::new() };
    let target = launch.tiers.iter().position(|it| *it == launch.target).unwrap_or(readiness_tiers().len());
    launch.gates.into_iter().filter(|it| it.tier <= target).collect()
}

/// The places that show it.
fn links(document: &Document, gate: &GateResult) -> String {
    let folder = document.place.path.parent();
    let mut links: Vec<String> = Vec::new();
    for place in &gate.places {
        let link = format!("[{}]({})", place.file.name(), place.file.relative_to(&folder));
        if !links.contains(&link) {
            links.push(link);
        }
    }
    match links.as_slice() {
        [] => "shown by the files.".to_owned(),
        links => format!("{}.", links.join(", ")),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
