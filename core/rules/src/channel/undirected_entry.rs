//! `channel/undirected-entry`: a README that names a channel and does not say whether the feature sends or receives.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/undirected-entry",
    severity: Severity::Info,
    summary: "A README lists a channel and does not say whether the feature produces or consumes it.",
    applies_to: &[Kind::FeatureReadme],
    sources: &["A-098"],
    page: include_str!("undirected_entry.md"),
    check,
    ..Rule::OURS
};

/// The beginnings of words that say which way messages go.
const WAYS: [&str; 18] = [
    "produc", "consum", "both", "publish", "subscri", "send", "sent", "read", "writ", "wrote", "receiv", "emit",
    "owned", "listen", "deliver", "out", "in", "use",
];

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let Some(section) = document.section(Role::ChannelsOwned) else { return };
    let grammar = cx.config().channel_name();
    // A heading such as `### Produced` says it for all below.
    if document.tree.descendants(section).next().is_some() {
        return;
    }
    for item in document.tree.items.iter().filter(|it| it.section == section && it.depth == 0) {
        let said = item.content.of(document.text);
        let bare = said.trim_start_matches(['`', '*', '[', ' ']);
        let name: &str = bare.split(['`', '*', ']', ' ', ':', ',']).next().unwrap_or_default().trim_end_matches('.');
        if !grammar.matches(name) {
            continue;
        }
        let rest = bare.get(name.len()..).unwrap_or_default().to_lowercase();
        let mut words = rest.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
        if words.any(|word| WAYS.iter().any(|it| if it.len() < 4 { word == *it } else { word.starts_with(it) })) {
            continue;
        }
        let start = item.content.start as usize + said.len() - bare.len();
        let message = format!("Say whether the feature produces or consumes `{name}`, or both.");
        reporter.report(Span::new(start, start + name.len()), message);
    }
}
