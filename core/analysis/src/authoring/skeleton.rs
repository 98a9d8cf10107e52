//! The text that a template's section starts with; shared by completion, fixes and operations.

use archwright_knowledge as knowledge;

use crate::conventions::{config::Config, profile::SectionTemplate};

/// A section with its heading and placeholders, without a final line ending.
pub fn section(section: &SectionTemplate, config: &Config) -> String {
    format!("{} {}\n\n{}", "#".repeat(usize::from(section.level)), section.name, body(section, config))
}

/// What stands below the heading.
pub fn body(section: &SectionTemplate, config: &Config) -> String {
    if section.concerns {
        let concerns = config.profile().concerns.fields.iter();
        return concerns.map(|it| field(&it.name, &it.question)).collect::<Vec<_>>().join("\n");
    }
    if section.checklist.as_deref() == Some("reliability") {
        let questions = knowledge::reliability_questions().iter().enumerate();
        return questions
            .map(|(at, it)| format!("{}. **{}**: <TBD: {}>", at + 1, it.name, it.question))
            .collect::<Vec<_>>()
            .join("\n");
    }
    let fields: Vec<String> = section.fields.iter().map(|it| field(it, "")).collect();
    match (&section.skeleton, fields.is_empty()) {
        (Some(skeleton), true) => skeleton.clone(),
        (Some(skeleton), false) => format!("{}\n\n{skeleton}", fields.join("\n")),
        (None, false) => fields.join("\n"),
        (None, true) => "<TBD>".to_owned(),
    }
}

/// A field that waits for its value.
pub fn field(name: &str, question: &str) -> String {
    if question.is_empty() { format!("- **{name}**: <TBD>") } else { format!("- **{name}**: <TBD: {question}>") }
}
