//! Claims: the words by which documents say what rules look at (A-128..A-134, A-142..A-149).

use std::{ops::Range, sync::OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use smol_str::SmolStr;

use crate::{files, source};

/// Words of one kind, found in a text whatever their case.
#[derive(Debug)]
pub struct Words {
    kind: SmolStr,
    list: Vec<SmolStr>,
    /// Made when it is first asked for; nothing if there are too many words.
    matcher: OnceLock<Option<AhoCorasick>>,
}

impl Words {
    pub(crate) fn new(kind: SmolStr, list: Vec<SmolStr>) -> Self {
        Self { kind, list, matcher: OnceLock::new() }
    }

    fn matcher(&self) -> Option<&AhoCorasick> {
        let make = || {
            let mut builder = AhoCorasickBuilder::new();
            // A table of all states takes longer to make than most checks take to search.
            builder.kind(Some(AhoCorasickKind::ContiguousNFA));
            builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard);
            builder.build(self.list.iter().map(SmolStr::as_str)).ok()
        };
        self.matcher.get_or_init(make).as_ref()
    }

    /// What they are for, such as `unbounded`.
    pub(crate) fn kind(&self) -> &str {
        &self.kind
    }

    /// All of them.
    pub fn list(&self) -> &[SmolStr] {
        &self.list
    }

    /// Where they stand in a text as whole words, by their ends; one may lie in another.
    pub fn all<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        let found = self.matcher().into_iter().flat_map(move |it| it.find_overlapping_iter(text)).map(|it| it.range());
        found.filter(move |it| is_whole(text, it))
    }

    /// Where the first of them stands, by their ends.
    pub fn first(&self, text: &str) -> Option<Range<usize>> {
        self.all(text).next()
    }

    /// Whether a text has one of them.
    pub fn are_in(&self, text: &str) -> bool {
        self.first(text).is_some()
    }

    /// A text without them.
    pub fn without(&self, text: &str) -> String {
        let mut ranges: Vec<Range<usize>> = self.all(text).collect();
        ranges.sort_by_key(|it| it.start);
        let (mut kept, mut end) = (String::with_capacity(text.len()), 0);
        for it in ranges {
            kept.push_str(text.get(end..it.start).unwrap_or_default());
            end = end.max(it.end);
        }
        kept.push_str(text.get(end..).unwrap_or_default());
        kept
    }

    /// Whether a text consists of one of them, whatever marks stand around it.
    pub fn are_all_of(&self, text: &str) -> bool {
        let bare = text.trim_matches(|it: char| !it.is_alphanumeric());
        self.list.iter().any(|it| it.eq_ignore_ascii_case(bare))
    }
}

/// Whether letters end before and behind a piece of a text. What begins with a mark, such as `/s`, stands behind
/// anything.
fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let word = text.get(range.clone()).unwrap_or_default();
    let before = text.get(..range.start).and_then(|it| it.chars().next_back());
    let after = text.get(range.end..).and_then(|it| it.chars().next());
    let is_edge = |it: Option<char>| it.is_none_or(|it| !it.is_alphanumeric());
    (word.starts_with(|it: char| !it.is_alphanumeric()) || is_edge(before)) && is_edge(after)
}

/// The words of a kind, such as `unbounded`; none of an unknown kind.
///
/// ```
/// use archwright_knowledge::claim_words;
///
/// assert!(claim_words("unbounded").are_in("Retries go on until it succeeds."));
/// assert!(!claim_words("unbounded").are_in("Limited to 5 attempts."));
/// ```
pub fn claim_words(kind: &str) -> &'static Words {
    static ALL: OnceLock<Vec<Words>> = OnceLock::new();
    static NONE: OnceLock<Words> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let tree = source::yaml(files::skill_file("knowledge/claims.yaml").unwrap_or_default());
        let words = tree.root().and_then(|it| it.get("words"));
        let kinds = words.into_iter().flat_map(|node| {
            let keys: Vec<SmolStr> = node.entries().map(|it| it.key.into()).collect();
            keys.into_iter().map(|key| Words::new(key.clone(), source::texts(node, &key))).collect::<Vec<_>>()
        });
        kinds.collect()
    });
    let none = || NONE.get_or_init(|| Words::new(SmolStr::default(), Vec::new()));
    all.iter().find(|it| it.kind == kind).unwrap_or_else(none)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn words_stand_alone_whatever_their_case() {
        let words = Words::new("x".into(), vec!["exactly once".into(), "/s".into(), "no".into()]);
        assert!(words.are_in("Exactly Once, always") && words.are_in("50 msg/s") && words.are_in("No."));
        assert!(!words.are_in("Norway is not exactly onceless"));
        assert_eq!(words.without("No, exactly once."), ", .");
        assert!(words.are_all_of("**No.**") && !words.are_all_of("No way"));
    }

    #[test]
    fn every_kind_has_words_in_lower_case_each_once() {
        let text = files::skill_file("knowledge/claims.yaml").unwrap();
        let kinds: Vec<&str> =
            text.lines().filter_map(|it| it.strip_prefix("  ")?.split_once(": [")).map(|it| it.0).collect();
        assert!(kinds.len() > 25, "{kinds:?}");
        for kind in kinds {
            let words = claim_words(kind);
            assert!(!words.list().is_empty() && words.matcher().is_some(), "{kind}");
            let once: BTreeSet<&SmolStr> = words.list().iter().collect();
            assert_eq!(once.len(), words.list().len(), "{kind} says a word twice");
            assert!(words.list().iter().all(|it| it.to_lowercase() == *it), "{kind}");
        }
        assert!(claim_words("no such kind").list().is_empty());
    }
}
