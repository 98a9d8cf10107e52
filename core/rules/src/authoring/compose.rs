//! A document as facts make it, from its template. What of it goes into one that is there: `merge`.

use archwright_model::{
    conventions::{
        profile::{Name, Profile, SectionTemplate},
        role::Role,
    },
    values::value,
};

/// What a section says.
#[derive(Clone, Debug)]
pub struct SectionContent {
    /// What it is for.
    pub role: Role,
    /// Title.
    pub name: String,
    /// Other titles that mean the same.
    pub aliases: Vec<String>,
    /// Heading level.
    pub level: u8,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// A part of a section.
#[derive(Clone, Debug)]
pub enum Part {
    /// Named values.
    Fields {
        /// The values.
        fields: Vec<FieldContent>,
        /// Whether they are numbered.
        numbered: bool,
    },
    /// A list.
    Bullets {
        /// The items.
        items: Vec<ListItem>,
        /// What stands there if there are none.
        placeholder: String,
    },
    /// A table whose first column names the row.
    Table {
        /// What the columns are called.
        columns: Vec<Name>,
        /// Cells; `None` where nothing is known.
        rows: Vec<Vec<Option<Cell>>>,
    },
    /// Text as somebody wrote it.
    Text(String),
}

/// An item of a list.
#[derive(Clone, Debug)]
pub struct ListItem {
    /// What an item that is there begins with if it is this one.
    pub key: String,
    /// The whole item.
    pub text: String,
    /// The facts of it that somebody gave, which an item that is there has to say as well.
    pub given: Vec<String>,
}

/// A cell of a table.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What it says.
    pub value: String,
    /// Whether somebody gave it, so that another value that is there contradicts it.
    pub is_given: bool,
}

/// A named value.
#[derive(Clone, Debug)]
pub struct FieldContent {
    /// The name.
    pub name: String,
    /// Other names of the same.
    pub aliases: Vec<String>,
    /// The value, if it is known.
    pub value: Option<String>,
    /// What to ask if it is not.
    pub question: String,
    /// Whether somebody gave it, so that another value that is there contradicts it.
    pub is_given: bool,
}

impl ListItem {
    /// An item of which nothing was given.
    pub fn new(key: impl Into<String>, text: impl Into<String>) -> Self {
        Self { key: key.into(), text: text.into(), given: Vec::new() }
    }

    /// The item with the facts of it that were given.
    #[must_use]
    pub fn given<'f>(mut self, facts: impl IntoIterator<Item = &'f str>) -> Self {
        self.given.extend(facts.into_iter().map(one_line));
        self
    }
}

impl FieldContent {
    /// A field by its name, value and question.
    pub fn new(name: &str, value: Option<&str>, question: &str) -> Self {
        let value = value.map(one_line);
        Self { name: name.to_owned(), aliases: Vec::new(), value, question: question.to_owned(), is_given: false }
    }

    /// The field, of which its value was given.
    #[must_use]
    pub fn given(mut self) -> Self {
        self.is_given = self.value.is_some();
        self
    }

    /// A field of the profile by its role, value and question.
    pub fn of(profile: &Profile, role: Role, value: Option<&str>, question: &str) -> Self {
        let aliases = profile.names(role).skip(1).map(str::to_owned).collect();
        Self { aliases, ..Self::new(profile.name(role), value, question) }
    }

    fn text(&self) -> String {
        self.value.clone().unwrap_or_else(|| value::placeholder(&self.question))
    }
}

impl SectionContent {
    /// An empty section after a template.
    pub fn of(template: &SectionTemplate) -> Self {
        Self {
            role: template.role,
            name: template.name.clone(),
            aliases: template.aliases.clone(),
            level: template.level,
            parts: Vec::new(),
        }
    }

    pub(super) fn render(&self) -> String {
        let heading = format!("{} {}", "#".repeat(usize::from(self.level)), self.name);
        let parts = self.parts.iter().map(Part::render).filter(|it| !it.is_empty());
        let blocks: Vec<String> = std::iter::once(heading).chain(parts).collect();
        format!("{}\n", blocks.join("\n\n"))
    }
}

impl Part {
    pub(super) fn render(&self) -> String {
        match self {
            Self::Fields { fields, numbered } => {
                let line = |(at, it): (usize, &FieldContent)| field_line(it, *numbered, at);
                fields.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
            }
            Self::Bullets { items, placeholder } if items.is_empty() => placeholder.clone(),
            Self::Bullets { items, .. } => {
                items.iter().map(|it| format!("- {}", it.text)).collect::<Vec<_>>().join("\n")
            }
            Self::Text(text) => text.trim().to_owned(),
            Self::Table { columns, rows } => {
                let titles: Vec<&str> = columns.iter().map(|it| it.name.as_str()).collect();
                let head = format!("| {} |\n|{}", titles.join(" | "), " --- |".repeat(columns.len()));
                let rows = rows.iter().map(|it| row_line(it));
                std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n")
            }
        }
    }
}

pub(super) fn field_line(field: &FieldContent, numbered: bool, at: usize) -> String {
    let marker = if numbered { format!("{}.", at + 1) } else { "-".to_owned() };
    format!("{marker} **{}**: {}", field.name, field.text())
}

pub(super) fn row_line(cells: &[Option<Cell>]) -> String {
    let cells: Vec<String> =
        cells.iter().map(|it| it.as_ref().map_or_else(|| value::placeholder(""), |it| cell(&it.value))).collect();
    format!("| {} |", cells.join(" | "))
}

/// A value as a table cell.
pub(super) fn cell(value: &str) -> String {
    one_line(value).replace('|', "\\|")
}

/// A value without line breaks, which would end a list item or a row.
pub fn one_line(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A new document.
pub fn render(title: &str, sections: &[SectionContent]) -> String {
    let sections: Vec<String> = sections.iter().map(SectionContent::render).collect();
    format!("# {title}\n\n{}", sections.join("\n"))
}
