//! The text that a template's section starts with; shared by completion, fixes and operations.
//!
//! **Invariant**: it states nothing that nobody said. What is not known is a placeholder, links lead to what is there,
//! and what the document says elsewhere is not asked again.

use archwright_knowledge as knowledge;
use archwright_syntax::markdown;

use archwright_model::{
    conventions::{
        config::Config,
        profile::{Checklist, Column, SectionTemplate},
        role::Role,
    },
    values::value,
};

/// What a section is written into.
pub struct Around<'a> {
    /// Whether a link's path leads somewhere.
    pub exists: &'a dyn Fn(&str) -> bool,
    /// Whether the document states a field already, in whatever form.
    pub states: &'a dyn Fn(Role) -> bool,
}

impl Around<'_> {
    /// A document of which nothing is known.
    pub const NOTHING: Around<'static> = Around { exists: &|_| false, states: &|_| false };
}

/// A section with its heading and placeholders, without a final line ending.
pub fn section(section: &SectionTemplate, config: &Config, around: &Around) -> String {
    format!("{} {}\n\n{}", "#".repeat(usize::from(section.level)), section.name, body(section, config, around))
}

/// What stands below the heading.
pub fn body(section: &SectionTemplate, config: &Config, around: &Around) -> String {
    let profile = config.profile();
    if section.concerns {
        let concerns = profile.concerns.iter();
        return concerns.map(|it| field(profile.name(it.role), &it.question)).collect::<Vec<_>>().join("\n");
    }
    if section.checklist == Some(Checklist::Reliability) {
        let questions = knowledge::reliability_questions().iter().enumerate();
        return questions
            .map(|(at, it)| format!("{}. **{}**: {}", at + 1, it.name, value::placeholder(&it.question)))
            .collect::<Vec<_>>()
            .join("\n");
    }
    let open = section.fields.iter().filter(|it| !(around.states)(**it));
    let fields = open.map(|it| field(profile.name(*it), "")).collect::<Vec<_>>().join("\n");
    let below = match &section.skeleton {
        Some(skeleton) => living_links(skeleton, around),
        None if !section.columns.is_empty() => table(&section.columns),
        None if fields.is_empty() => value::placeholder(""),
        None => String::new(),
    };
    [fields, below].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// A skeleton without the lines whose links lead nowhere; where none is left, the question which link belongs there.
fn living_links(skeleton: &str, around: &Around) -> String {
    let is_dead = |line: &str| {
        let links = markdown::parse(line).links;
        links.iter().any(|it| !(around.exists)(it.target.of(line)))
    };
    let kept: Vec<&str> = skeleton.lines().filter(|it| !is_dead(it)).collect();
    if kept.is_empty() { format!("- {}", value::placeholder("link")) } else { kept.join("\n") }
}

/// A table with one row that waits for its values.
fn table(columns: &[Column]) -> String {
    let titles: Vec<&str> = columns.iter().map(|it| it.name.as_str()).collect();
    let open: Vec<String> =
        columns.iter().map(|it| it.placeholder.clone().unwrap_or_else(|| value::placeholder(""))).collect();
    format!("| {} |\n|{}\n| {} |", titles.join(" | "), " --- |".repeat(columns.len()), open.join(" | "))
}

/// A field that waits for its value.
pub fn field(name: &str, question: &str) -> String {
    format!("- **{name}**: {}", value::placeholder(question))
}
