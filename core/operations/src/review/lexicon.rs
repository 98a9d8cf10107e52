//! The words that a review looks for, which are data.

use std::{collections::BTreeMap, sync::OnceLock};

use archwright_model::conventions::role::Role;
use serde::Deserialize;

use super::tokens;

/// What a claim says of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Meaning {
    ContractsUnchanged,
    Compatible,
    DocumentsOnly,
    TestsOnly,
    SameBehaviour,
    Simpler,
    Faster,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct ClaimWords {
    pub means: Meaning,
    pub phrases: Vec<String>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Words {
    alert: Vec<String>,
    owner: Vec<String>,
    pub rejected: Vec<String>,
    forbidden: Vec<String>,
    pub test_path: Vec<String>,
    pub document: Vec<String>,
    pub code: Vec<String>,
    pub measures: Vec<String>,
    pub numbers: Vec<String>,
}

/// The words, see `lexicon.toml`.
#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Lexicon {
    pub negations: Vec<String>,
    pub hedges: Vec<String>,
    #[serde(rename = "claim")]
    pub claims: Vec<ClaimWords>,
    pub words: Words,
    rows: BTreeMap<String, String>,
    role_rows: BTreeMap<Role, String>,
    anti_patterns: BTreeMap<String, String>,
}

impl Lexicon {
    /// The lexicon.
    pub fn load() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        // A test rules out that it cannot be read.
        LEXICON.get_or_init(|| read().inspect_err(|error| tracing::warn!(%error, "the lexicon")).unwrap_or_default())
    }

    /// The question of the reliability checklist that findings of a rule bear on.
    pub fn row_of_rule(&'static self, code: &str) -> Option<&'static str> {
        self.rows.get(code).map(String::as_str)
    }

    /// The question that a field or section bears on.
    pub fn row_of_role(&'static self, role: Role) -> Option<&'static str> {
        self.role_rows.get(&role).map(String::as_str)
    }

    /// The shortcut that a rule finds.
    pub fn anti_pattern(&'static self, code: &str) -> Option<&'static str> {
        self.anti_patterns.get(code).map(String::as_str)
    }

    /// Whether a text says that somebody is told.
    pub fn says_alert(&self, text: &str) -> bool {
        tokens::has_word(text, &self.words.alert)
    }

    /// Whether what a contract says of personal data forbids more of it.
    pub fn forbids(&self, text: &str) -> bool {
        let words = tokens::words(text).join(" ");
        self.words
            .forbidden
            .iter()
            .any(|it| words == *it || words.starts_with(&format!("{it} ")) || words.contains(&format!(" {it} ")))
    }

    /// Whether a text names an owner.
    pub fn says_owner(&self, text: &str) -> bool {
        tokens::has_word(text, &self.words.owner)
    }

    /// The part of a text that says when somebody is told: it names a number or something in code.
    pub fn alert_clause<'t>(&self, text: &'t str) -> Option<&'t str> {
        let is_concrete = |it: &str| it.bytes().any(|it| it.is_ascii_digit()) || it.contains('`');
        clauses(text).find(|it| self.says_alert(it) && is_concrete(it))
    }

    /// The part of a text that names an owner, of several.
    pub fn owner_clause<'t>(&self, text: &'t str) -> Option<&'t str> {
        clauses(text).find(|it| it.len() < text.trim().len() && self.says_owner(it))
    }
}

fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', '\n']).flat_map(|it| it.split(". ")).map(|it| it.trim().trim_end_matches('.'))
}

fn read() -> Result<Lexicon, toml_edit::de::Error> {
    toml_edit::de::from_str(include_str!("lexicon.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicon_can_be_read_and_knows_the_rules() {
        let lexicon = read().unwrap();
        let known = |code: &String| {
            code.starts_with("review/") || archwright_rules::rules().iter().any(|it| it.code == code.as_str())
        };
        let unknown: Vec<&String> =
            lexicon.rows.keys().chain(lexicon.anti_patterns.keys()).filter(|it| !known(it)).collect();
        assert_eq!(unknown, [""; 0]);
        let ids: Vec<&str> =
            archwright_knowledge::reliability_questions().iter().map(|it| it.id.as_str()).chain(["rollback"]).collect();
        let rows = lexicon.rows.values().chain(lexicon.role_rows.values());
        assert!(rows.clone().all(|it| ids.contains(&it.as_str())), "{ids:?}");
        for claim in &lexicon.claims {
            for phrase in &claim.phrases {
                assert_eq!(*phrase, phrase.to_lowercase().replace('-', " "), "phrases are compared like this");
            }
        }
    }
}
