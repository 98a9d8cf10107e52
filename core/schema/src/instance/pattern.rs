//! Regular expressions of schemas, which are those of ECMA-262.

use fancy_regex::{Regex, RegexBuilder};
use rustc_hash::FxHashMap;

/// Longer expressions are not compiled.
const MAX_PATTERN: usize = 4_096;

/// The bytes that a compiled expression may take.
const MAX_COMPILED: usize = 1 << 20;

/// How often a match may go back, which bounds its time.
const MAX_BACKTRACKS: usize = 10_000;

/// Whether a text is a regular expression of ECMA-262, as schemas have them (JSON Schema draft-07 validation, section
/// 4.3).
pub fn is_pattern(text: &str) -> bool {
    jsonschema_regex::is_valid_ecma_regex(text)
}

/// Compiled expressions by their text; nothing for those that cannot be compiled.
#[derive(Default)]
pub(super) struct Patterns {
    compiled: FxHashMap<String, Option<Regex>>,
}

impl Patterns {
    /// Whether an expression matches somewhere in a text; `None` when that cannot be told.
    pub(super) fn matches(&mut self, pattern: &str, text: &str) -> Option<bool> {
        if !self.compiled.contains_key(pattern) {
            self.compiled.insert(pattern.to_owned(), compile(pattern));
        }
        self.compiled.get(pattern)?.as_ref()?.is_match(text).ok()
    }
}

fn compile(pattern: &str) -> Option<Regex> {
    if pattern.len() > MAX_PATTERN {
        return None;
    }
    // Look-arounds and back-references are not translated, but are the same in both.
    let translated = jsonschema_regex::to_rust_regex(pattern);
    let text = translated.as_deref().unwrap_or(pattern);
    RegexBuilder::new(text).backtrack_limit(MAX_BACKTRACKS).delegate_size_limit(MAX_COMPILED).build().ok()
}
