//! The front matter of a new record.

use archwright_model::conventions::role::Role;

use super::{super::form::FrontValue, Writer};

impl Writer<'_> {
    pub(super) fn front_matter(&mut self) -> String {
        if self.form.front.is_empty() {
            return String::new();
        }
        let facts = self.facts;
        let mut lines = vec!["---".to_owned()];
        for line in &self.form.front {
            let listed = |it: &[String]| {
                (!it.is_empty())
                    .then(|| format!("[{}]", it.iter().map(|it| in_list(it)).collect::<Vec<_>>().join(", ")))
            };
            let value = match &line.value {
                FrontValue::Field(Role::Status) => Some(scalar(&facts.status)),
                FrontValue::Field(Role::Date) => Some(facts.date.clone()),
                FrontValue::Field(Role::Tags) => listed(&facts.tags),
                FrontValue::Field(Role::Deciders) => listed(&facts.deciders),
                FrontValue::Title => Some(scalar(&match self.form.title_level {
                    Some(_) => facts.title.clone(),
                    None => self.form.titles.title(facts.number, &facts.title),
                })),
                FrontValue::Number => Some(facts.number.to_string()),
                FrontValue::Stem => Some(facts.stem.clone()),
                FrontValue::Same(it) => Some(it.clone()),
                FrontValue::Field(_) | FrontValue::Own => None,
            };
            match value {
                Some(value) => lines.push(format!("{}: {value}", line.key)),
                None => self.res.own_keys.push(line.key.clone()),
            }
        }
        lines.push("---".to_owned());
        lines.join("\n")
    }
}

/// A value of the front matter, in quotes where YAML would read it otherwise.
fn scalar(text: &str) -> String {
    let is_plain = !text.is_empty()
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !["null", "true", "false", "yes", "no", "on", "off"].iter().any(|it| text.eq_ignore_ascii_case(it))
        && text.starts_with(|it: char| it.is_alphanumeric());
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// An item of a list in brackets, in quotes where YAML would read several items, a number or something else.
fn in_list(text: &str) -> String {
    let is_number = text.chars().all(|it| it.is_ascii_digit() || matches!(it, '.' | '-' | ':' | '_' | 'e' | 'E' | 'x'));
    if is_number || text.contains([',', '[', ']', '{', '}', '#', ':']) { quoted(text) } else { scalar(text) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
