//! The text that a template's section starts with; shared by completion, fixes and operations.

use archwright_knowledge as knowledge;

use crate::{
    conventions::{
        config::Config,
        profile::{Checklist, Column, SectionTemplate},
    },
    values::value,
};

/// A section with its heading and placeholders, without a final line ending.
pub fn section(section: &SectionTemplate, config: &Config) -> String {
    format!("{} {}\n\n{}", "#".repeat(usize::from(section.level)), section.name, body(section, config))
}

/// What stands below the heading.
pub fn body(section: &SectionTemplate, config: &Config) -> String {
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
    let fields = section.fields.iter().map(|it| field(profile.name(*it), "")).collect::<Vec<_>>().join("\n");
    let below = match &section.skeleton {
        Some(skeleton) => skeleton.clone(),
        None if !section.columns.is_empty() => table(&section.columns),
        None if fields.is_empty() => value::placeholder(""),
        None => String::new(),
    };
    [fields, below].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n\n")
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
