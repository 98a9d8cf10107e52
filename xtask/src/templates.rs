//! `docs/templates.md`: what each kind of artifact contains, from the default profile and the roles it speaks of.

use std::{collections::BTreeMap, fmt::Write as _};

use archwright_analysis::{
    Kind,
    profile::{Checklist, Column, Name, Profile, SectionTemplate, Template},
    role::{Role, State},
};
use schemars::JsonSchema;
use serde::{Deserialize, de::value::StrDeserializer};
use serde_json::Value;

const INTRODUCTION: &str = "# Templates

What Archwright expects in each kind of artifact, and under which names it finds it. `cargo xtask docs` writes this page
from the default profile; `archwright.toml` changes any of it, see [configuration](configuration.md).

A document is held to its template if it lies where the layout says, or if its front matter names the kind:
`archwright: adr`. Sections that are not needed are understood where they are, and nobody asks for them. Names are
compared without regard to case, numbers in front and punctuation; further sections are welcome anywhere.
";

/// The page.
pub fn page() -> String {
    let profile = Profile::default_profile();
    let writer = Writer { profile, roles: meanings::<Role>(), states: meanings::<State>() };
    let mut page = INTRODUCTION.to_owned();
    for kind in Kind::ALL {
        if let Some(template) = profile.template(kind) {
            writer.template(&mut page, kind, template);
        }
    }
    writer.catalog(&mut page);
    writer.concerns(&mut page);
    writer.fields(&mut page);
    writer.states(&mut page);
    page
}

/// What the comments of a type say of its values.
fn meanings<T: JsonSchema + Ord + for<'de> Deserialize<'de>>() -> BTreeMap<T, String> {
    let schema = schemars::schema_for!(T).to_value();
    let variants = schema.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_default();
    let meaning = |it: &Value| {
        let name = it.get("const")?.as_str()?;
        let value = T::deserialize(StrDeserializer::<serde::de::value::Error>::new(name)).ok()?;
        Some((value, it.get("description")?.as_str()?.replace('\n', " ")))
    };
    variants.iter().filter_map(meaning).collect()
}

struct Writer<'a> {
    profile: &'a Profile,
    roles: BTreeMap<Role, String>,
    states: BTreeMap<State, String>,
}

impl Writer<'_> {
    fn template(&self, page: &mut String, kind: Kind, template: &Template) {
        let noun = kind.noun();
        let title = noun.chars().next().map_or_else(String::new, |it| it.to_uppercase().collect());
        let _ = write!(page, "\n## {title}{}\n\n`{}`, in ", noun.get(1..).unwrap_or_default(), kind.name());
        let places: Vec<String> = self.profile.layout.get(&kind).into_iter().flatten().map(|it| code(it)).collect();
        let _ = write!(page, "{}.", places.join(" or "));
        if let Some(title) = template.titles.first() {
            let _ = write!(page, " The title begins with {}.", code(title.trim()));
        }
        if !template.status.is_empty() {
            let words: Vec<&str> = template.status.iter().map(|it| self.profile.state(*it)).collect();
            let _ = write!(page, " Status: {}.", words.join(", "));
        }
        page.push_str("\n\n| Section | Needed | About | Fields | Other names |\n|---|---|---|---|---|\n");
        for section in &template.sections {
            self.section(page, section);
        }
    }

    fn section(&self, page: &mut String, section: &SectionTemplate) {
        let needed = match (section.required, section.offered) {
            (true, _) => "yes",
            (false, true) => "optional, offered",
            (false, false) => "optional",
        };
        let aliases: Vec<&str> = section.aliases.iter().map(String::as_str).collect();
        let _ = writeln!(
            page,
            "| **{}** | {needed} | {} | {} | {} |",
            section.name,
            self.about(section.role),
            self.parts(section),
            aliases.join("; ")
        );
    }

    /// The fields of a section, or the columns of its table.
    fn parts(&self, section: &SectionTemplate) -> String {
        if section.concerns {
            return "the [system concerns](#system-concerns)".to_owned();
        }
        if section.checklist == Some(Checklist::Reliability) {
            return "the eight questions of `archwright explain reliability`".to_owned();
        }
        if !section.columns.is_empty() {
            return format!("a table: {}", columns(&section.columns));
        }
        section.fields.iter().map(|it| self.profile.name(*it)).collect::<Vec<_>>().join(", ")
    }

    fn catalog(&self, page: &mut String) {
        let catalog = &self.profile.catalog;
        let places: Vec<String> =
            self.profile.layout.get(&Kind::Catalog).into_iter().flatten().map(|it| code(it)).collect();
        let _ = write!(
            page,
            "\n## {}\n\n`catalog`, in {}: one row for each feature, in the table below **{}** with the columns {}. \
            What they say is what the README of the feature says.\n",
            catalog.title,
            places.join(" or "),
            catalog.features.name,
            columns(&catalog.features.columns)
        );
    }

    fn concerns(&self, page: &mut String) {
        let is_free = |it: &&Template| !it.sections.iter().any(|it| it.concerns);
        let free = self.profile.templates.iter().filter(|it| is_free(&it.1)).map(|it| code(it.0.name()));
        let free = free.collect::<Vec<_>>().join(" and ");
        let _ = write!(page, "\n## System concerns\n\nEvery kind of artifact but {free} answers them.\n\n");
        page.push_str("| Field | Question | Other names |\n|---|---|---|\n");
        for concern in &self.profile.concerns {
            let name = self.profile.fields.get(&concern.role);
            let _ = writeln!(page, "{} {} | {} |", named(name), concern.question, others(name));
        }
    }

    fn fields(&self, page: &mut String) {
        page.push_str(
            "\n## Fields\n\nWritten as `- **Status**: Accepted`, as a row of a table or in front matter.\n\n",
        );
        page.push_str("| Field | About | Other names |\n|---|---|---|\n");
        let concerns: Vec<Role> = self.profile.concerns.iter().map(|it| it.role).collect();
        for (role, name) in self.profile.fields.iter().filter(|it| !concerns.contains(it.0)) {
            let _ = writeln!(page, "{} {} | {} |", named(Some(name)), self.about(*role), others(Some(name)));
        }
    }

    fn states(&self, page: &mut String) {
        page.push_str(
            "\n## Status\n\nWhat the words for a status mean; decision records may use the other ones as well.\n\n",
        );
        page.push_str("| Status | Means | Other words |\n|---|---|---|\n");
        for (state, name) in &self.profile.states {
            let meaning = self.states.get(state).map_or("", String::as_str);
            let _ = writeln!(page, "{} {meaning} | {} |", named(Some(name)), others(Some(name)));
        }
    }

    /// What a role is about, with a link to the catalogue in place of its row.
    fn about(&self, role: Role) -> String {
        let Some(meaning) = self.roles.get(&role) else { return String::new() };
        let Some((text, rows)) = meaning.split_once(" (") else { return meaning.clone() };
        let row = rows.split([')', ',', '.']).next().unwrap_or_default();
        let link = |row: &str| format!("{text} ([{row}](catalogue.md#{})).", row.to_ascii_lowercase());
        if row.starts_with("A-") || row.starts_with("E-") { link(row) } else { meaning.clone() }
    }
}

fn columns(columns: &[Column]) -> String {
    columns.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn named(name: Option<&Name>) -> String {
    format!("| **{}** |", name.map_or("", |it| &it.name))
}

fn others(name: Option<&Name>) -> String {
    name.map(|it| it.aliases.join("; ")).unwrap_or_default()
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_role_and_state_of_the_profile_is_explained() {
        let profile = Profile::default_profile();
        let (roles, states) = (meanings::<Role>(), meanings::<State>());
        let sections = profile.templates.values().flat_map(|it| &it.sections).map(|it| it.role);
        for role in sections.chain(profile.fields.keys().copied()) {
            assert!(roles.contains_key(&role), "{role:?}");
        }
        assert!(profile.states.keys().all(|it| states.contains_key(it)));
    }

    #[test]
    fn the_page_has_every_template_and_only_whole_rows() {
        let page = page();
        for kind in Profile::default_profile().templates.keys() {
            assert!(page.contains(&format!("`{}`, in `", kind.name())), "{kind:?}");
        }
        for table in page.split("\n\n").filter(|it| it.starts_with('|')) {
            let cells: Vec<usize> = table.lines().map(|it| it.matches('|').count()).collect();
            assert!(cells.windows(2).all(|it| it.first() == it.last()), "{table}");
        }
    }
}
