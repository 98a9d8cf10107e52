//! What the documents of a feature show of its readiness: at the name of a tier or of a gate.

use archwright_engine::Workspace;
use archwright_knowledge::readiness_tiers;
use archwright_model::{FileId, date, facts::FileFacts, values::value};
use archwright_operations::{GateState, ShownGate, ShownTier, shown_by_documents};
use archwright_syntax::Span;

use super::identifiers::feature_of;

/// What is shown of the feature of a document, from the lowest tier.
pub(super) fn shown(workspace: &Workspace, facts: &FileFacts) -> Option<Vec<ShownTier>> {
    let feature = feature_of(workspace, facts)?;
    let day = facts.captures.date.as_ref().map_or_else(date::today, ToString::to_string);
    Some(shown_by_documents(workspace, &feature, &day))
}

/// The tier or gate at a place of a feature's document, explained: all of a value, a cell or the text of an item.
pub(super) fn explained(workspace: &Workspace, file: FileId, offset: usize) -> Option<(Span, String)> {
    let facts = workspace.facts(file)?;
    let span = piece_at(facts, offset)?;
    let said = value::plain(span.of(&facts.text));
    let tier = workspace.config().profile().tiers.names.iter().position(|it| it.eq_ignore_ascii_case(&said));
    if let Some(tier) = tier {
        let shown = shown(workspace, facts)?;
        let parts: Vec<String> = shown.iter().take(tier + 1).map(of_tier).collect();
        return Some((span, format!("{}\n\n{BESIDE}", parts.join("\n\n"))));
    }
    let gates = readiness_tiers().iter().flat_map(|it| &it.gates);
    let gate = gates.into_iter().find(|it| it.name.eq_ignore_ascii_case(&said))?;
    let shown = shown(workspace, facts)?;
    let tier = shown.iter().find(|it| it.gates.iter().any(|it| it.name == gate.name))?;
    let state = tier.gates.iter().find(|it| it.name == gate.name)?;
    let next = if state.state.is_some_and(GateState::holds) { String::new() } else { format!("\n\n{}", gate.next) };
    Some((span, format!("**Gate of {}**\n\n{}{next}", tier.name, of_gate(state))))
}

/// What an editor does not look at.
const BESIDE: &str = "Code, pipelines and runbooks are looked at by `prelaunch`.";

/// The value, cell or text of an item that a place lies in.
fn piece_at(facts: &FileFacts, offset: usize) -> Option<Span> {
    let tree = facts.markdown()?;
    let field = tree.fields.iter().map(|it| it.value).find(|it| it.touches(offset));
    let cell = || {
        let table = tree.tables.iter().find(|it| it.span.touches(offset))?;
        let rows = tree.rows(table).iter();
        rows.flat_map(|it| tree.cells(it)).copied().find(|it| it.touches(offset))
    };
    let item = || tree.items.iter().map(|it| it.content).find(|it| it.touches(offset));
    field.or_else(cell).or_else(item).filter(|it| !it.is_empty())
}

fn of_tier(tier: &ShownTier) -> String {
    let gates: Vec<String> = tier.gates.iter().map(of_gate).collect();
    format!("**{}** ({})\n\n{}", tier.name, count(tier), gates.join("\n"))
}

fn of_gate(gate: &ShownGate) -> String {
    let state = match gate.state {
        Some(GateState::Met | GateState::Claimed) => "satisfied",
        Some(GateState::Missing) => "missing",
        Some(GateState::Unknown) => "not shown",
        None => "not looked at",
    };
    let found = if gate.found.is_empty() { String::new() } else { format!(" ({})", gate.found) };
    format!("- {state}: {}{found}", gate.name)
}

/// How many of the gates that documents show are met.
pub(super) fn count(tier: &ShownTier) -> String {
    let looked_at = tier.gates.iter().filter_map(|it| it.state);
    let met = looked_at.clone().filter(|it| it.holds()).count();
    format!("{met} of {}", looked_at.count())
}
