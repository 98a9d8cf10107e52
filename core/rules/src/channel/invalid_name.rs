//! `channel/invalid-name`: a channel whose name does not follow the grammar.

use archwright_model::{conventions::config::NamePattern, facts::ChannelRole};

use super::base_of_dlq;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/invalid-name",
    severity: Severity::Warning,
    summary: "A channel's name does not follow the configured grammar.",
    applies_to: &[Kind::Design, Kind::Contract],
    any_dialect: false,
    sources: &["A-231", "A-232", "A-169", "E-015", "E-047", "N-017", "N-029"],
    page: include_str!("invalid_name.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let grammar = cx.config().channel_name();
    let named = cx.facts().channels.iter().filter(|it| matches!(it.role, ChannelRole::Design | ChannelRole::Contract));
    for mention in named {
        let name = mention.name.text.as_str();
        let is_dlq = base_of_dlq(cx, name).is_some_and(|it| grammar.matches(it));
        if grammar.matches(name) || is_dlq || is_no_channel(name) {
            continue;
        }
        let example = derived(name, grammar).map_or_else(String::new, |it| format!(", for example to `{it}`"));
        let message =
            format!("The channel name `{name}` does not follow `{}`; rename the channel{example}.", grammar.source());
        let span = if mention.name.span.is_empty() { cx.facts().title_span() } else { mention.name.span };
        reporter.report(span, message);
    }
}

/// Whether a name in a table of boundaries is none of a channel: an HTTP route, an address or a phrase.
fn is_no_channel(name: &str) -> bool {
    name.contains(char::is_whitespace) || name.starts_with('/') || name.contains("://")
}

/// Words that say nothing about what happened, so that no name can be made of them.
const EMPTY_WORDS: [&str; 8] = ["event", "events", "message", "messages", "data", "topic", "queue", "channel"];

/// The name in the grammar that was probably meant: lower case, dotted, with a version.
fn derived(name: &str, grammar: &NamePattern) -> Option<String> {
    let mut segments: Vec<Vec<String>> = name.split(['.', '/', ':']).map(words).filter(|it| !it.is_empty()).collect();
    let last = segments.last()?.last()?;
    let version = last.strip_prefix('v').and_then(|it| it.parse::<u32>().ok());
    if version.is_some() {
        segments.last_mut()?.pop();
        segments.retain(|it| !it.is_empty());
    }
    let version = version.unwrap_or(1).max(1);
    if segments.iter().flatten().any(|it| EMPTY_WORDS.contains(&it.as_str())) {
        return None;
    }
    let hyphened = segments.iter().map(|it| it.join("-")).collect::<Vec<_>>().join(".");
    let dotted = segments.concat().join(".");
    [format!("{hyphened}.v{version}"), format!("{dotted}.v{version}"), hyphened, dotted]
        .into_iter()
        .find(|it| grammar.matches(it))
}

/// The words of a segment in lower case: `OrderPlaced`, `order_placed` and `order-placed` have two.
pub(crate) fn words(segment: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for char in segment.chars() {
        if !char.is_alphanumeric() || char.is_uppercase() && after_lower {
            words.push(String::new());
        }
        after_lower = char.is_lowercase() || char.is_ascii_digit();
        if let Some(word) = words.last_mut().filter(|_| char.is_alphanumeric()) {
            word.extend(char.to_lowercase());
        }
    }
    words.retain(|it| !it.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_valid_name_is_made_of_the_words_of_an_invalid_one() {
        let grammar = NamePattern::default();
        for (name, expected) in [
            ("OrderPlaced", Some("order.placed.v1")),
            ("orders_placed", Some("orders.placed.v1")),
            ("Orders.Placed.V2", Some("orders.placed.v2")),
            ("orders.placed.v02", Some("orders.placed.v2")),
            ("shop/order-lines/re-priced", Some("shop.order-lines.re-priced.v1")),
            ("OrderEvents", None),
            ("orders", None),
            ("", None),
        ] {
            assert_eq!(derived(name, &grammar).as_deref(), expected, "{name}");
        }
    }
}
