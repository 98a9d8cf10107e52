//! What may have been meant by a name that nothing has: a slip of one of the names, or a part of some.

use archwright_knowledge as knowledge;
use archwright_rules::{self as rules, prelude};

use super::topics::topics;

/// More names than this say no more than the lists of all.
const MOST: usize = 6;

/// The names that come nearest, the best first; none if nothing is near.
pub(super) fn nearest(name: &str) -> Vec<String> {
    let families = families();
    let of_family = || name.strip_suffix("/*").and_then(|it| prelude::nearest(it, families.iter().copied()));
    let topic = prelude::nearest(name, topics().map(|(topic, _)| topic)).map(str::to_owned);
    let family = of_family().map(|it| format!("{it}/*"));
    let rule = rules::nearest_rule(name).map(|it| it.code.to_owned());
    let pattern = knowledge::nearest_pattern(name).map(|it| it.name.to_string());
    let card = knowledge::nearest_card(name).map(|it| it.name.to_string());
    let slips: Vec<String> = topic.into_iter().chain(family).chain(rule).chain(pattern).chain(card).collect();
    if slips.is_empty() { holding(name, &families) } else { slips }
}

/// The families of rules, in their order.
fn families() -> Vec<&'static str> {
    let mut families: Vec<&str> = rules::rules().iter().map(|it| it.family()).collect();
    families.dedup();
    families
}

/// The names that hold all words of what was asked for, those first that hold least else.
fn holding(name: &str, families: &[&str]) -> Vec<String> {
    // What the thing is called in general says nothing about which it is.
    const GENERAL: [&str; 5] = ["pattern", "patterns", "rule", "rules", "the"];
    let wanted: Vec<String> = words(name).filter(|it| !GENERAL.iter().any(|one| is_word(it, one))).collect();
    if wanted.is_empty() || wanted.len() > 8 {
        return Vec::new();
    }
    let fits = |candidate: &str| {
        let held: Vec<String> = words(candidate).collect();
        wanted.iter().all(|it| held.iter().any(|one| is_word(it, one))).then_some(held.len())
    };
    let of_families = families.iter().filter_map(|it| Some((fits(it)?, 0, format!("{it}/*"))));
    let of_patterns = knowledge::patterns().iter().filter_map(|pattern| {
        let least = pattern.names().filter_map(|it| fits(it)).min()?;
        Some((least, 1, pattern.name.to_string()))
    });
    let of_cards = knowledge::cards().iter().filter_map(|card| {
        let least = card.names().filter_map(|it| fits(it)).min()?;
        Some((least, 1, card.name.to_string()))
    });
    // The family's name stands for its rules.
    let of_rules = rules::rules().iter().filter_map(|it| Some((fits(it.name())?, 2, it.code.to_owned())));
    let mut found: Vec<(usize, u8, String)> = of_families.chain(of_patterns).chain(of_cards).chain(of_rules).collect();
    found.sort();
    found.into_iter().map(|it| it.2).take(MOST).collect()
}

fn words(name: &str) -> impl Iterator<Item = String> {
    name.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).map(str::to_lowercase)
}

/// Whether a word that somebody wrote stands for one of a name: the same, its beginning, or a slip of it.
fn is_word(written: &str, named: &str) -> bool {
    let long = written.chars().count() >= 4;
    written == named
        || long && (named.starts_with(written) || prelude::is_slip(written, named))
        // One of what the name has in the plural.
        || named.strip_suffix('s') == Some(written)
}
