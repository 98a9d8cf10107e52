//! `document/unknown-team`: an owner that is none of the teams of the topology.

use rustc_hash::FxHashSet;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/unknown-team",
    severity: Severity::Info,
    summary: "An owner is a team that the topology of the platform does not have.",
    applies_to: &[Kind::FeatureReadme, Kind::Contract],
    sources: &["A-392"],
    page: include_str!("unknown_team.md"),
    check,
    ..Rule::OURS
};

/// Where the teams of the platform are listed.
const TOPOLOGY: &str = "docs/system/topology.md";
/// How names of teams begin that can be told from other words.
const TEAM: &str = "team-";
/// A topology that names fewer is about something else.
const FEWEST: usize = 2;

fn check(cx: &Context, reporter: &mut Reporter) {
    let role = if cx.facts().kind == Kind::Contract { Role::Owner } else { Role::OwnerTeam };
    let Some(said) = cx.by_role().and_then(|it| it.field(role)) else { return };
    let mut named = teams(&said.text);
    let (Some((at, team)), None) = (named.next(), named.next()) else { return };
    let Some(topology) = cx.whole(&RelPath::new(TOPOLOGY)) else { return };
    let known: FxHashSet<&str> = teams(&topology.text).map(|it| it.1).collect();
    if known.len() < FEWEST || known.contains(team) {
        return;
    }
    let advice = match nearest(team, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a team that is there, or add it.".to_owned(),
    };
    let message = format!("`{TOPOLOGY}` has no `{team}`; {advice}");
    let start = said.span.start as usize + at;
    reporter.report(Span::new(start, start + team.len()), message);
}

/// The teams that a text names, with their places.
fn teams(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices(TEAM).filter_map(|(at, _)| {
        let before = text.get(..at)?.chars().next_back();
        let rest = text.get(at..)?;
        let end = rest.find(|it: char| !(it.is_ascii_alphanumeric() || it == '-')).unwrap_or(rest.len());
        let name = rest.get(..end)?.trim_end_matches('-');
        let is_name = name.len() > TEAM.len() && !before.is_some_and(|it| it.is_alphanumeric() || it == '-');
        is_name.then_some((at, name))
    })
}

#[cfg(test)]
mod tests {
    use super::teams;

    #[test]
    fn teams_are_told_by_how_they_begin() {
        let found = |text: &'static str| teams(text).map(|it| it.1).collect::<Vec<_>>();
        assert_eq!(found("team-orders, on call; escalation to team-platform."), ["team-orders", "team-platform"]);
        assert_eq!(found("the steam-engine and team-"), [""; 0]);
    }
}
