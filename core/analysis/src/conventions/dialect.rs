//! The forms in which decision records are written (X4), told by the sections that only this form has.

use serde::Deserialize;

/// In which of the common forms a decision record is written (X4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdrDialect {
    /// Summary and system concerns before all the rest.
    Canonical,
    /// A context and a decision, with its consequences or a status.
    Nygard,
    /// The options that were considered and the outcome of the decision, often with what drove it.
    Madr,
    /// Number, status and date in the front matter, the record below (H-056).
    FrontMatter,
    /// A problem within the context, lettered options, a comparison matrix and how the decision is taken back (E-066).
    ProblemOptions,
    /// A question, options and a recommendation, which becomes the decision (T-033).
    QuestionOptions,
    /// None of these.
    #[default]
    Other,
}

/// What tells a dialect. A dialect may be told in several ways; the first that holds decides.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DialectTemplate {
    /// The dialect.
    pub dialect: AdrDialect,
    /// Groups of titles: the record has a section called like one of each group. The titles tell the dialects apart, so
    /// that these are no roles.
    pub sections: Vec<Vec<String>>,
    /// A key that the front matter has.
    #[serde(default)]
    pub front_matter: Option<String>,
    /// Whether it says its status, wherever.
    #[serde(default)]
    pub status: bool,
}
