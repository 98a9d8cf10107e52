//! The catalogue: every requirement, what carries it, and the page that shows both.

mod citations;
mod page;

use std::collections::{BTreeMap, BTreeSet};

use archwright_analysis::Rule;
use serde::Deserialize;

pub use citations::{Carriers, Citations};

/// The requirements as they are kept: `docs/catalogue.toml`.
const DATA: &str = include_str!("../../docs/catalogue.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    #[serde(default, rename = "carrier")]
    carriers: Vec<Carrier>,
    #[serde(default, rename = "topic")]
    topics: Vec<Topic>,
    #[serde(default, rename = "row")]
    rows: Vec<Row>,
}

/// Something that carries rows and does not say so itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Carrier {
    id: String,
    /// How the page calls it, in Markdown.
    title: String,
    /// Where to read of it, from `docs`.
    link: String,
}

/// A heading of the page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    id: String,
    title: String,
}

/// A requirement.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    topic: String,
    /// What it asks for, as one sentence.
    words: String,
    /// What carries it, beside those who cite it.
    #[serde(default)]
    by: Vec<String>,
    /// What will carry it, or the rest of it.
    later: Option<String>,
    /// Why nothing will.
    not: Option<String>,
}

/// How far a requirement is met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Carried,
    InPart,
    Later,
    Not,
}

/// The requirements and those who cite them.
#[derive(Debug)]
pub struct Catalogue {
    data: Data,
    citations: Citations,
}

/// Why there is no catalogue to show.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The file is not as it should be.
    #[error(transparent)]
    Read(#[from] toml_edit::de::Error),
    /// The rows, and those who cite them, contradict each other.
    #[error("{}", .0.join("\n"))]
    Contradictions(Vec<String>),
}

impl Catalogue {
    /// The catalogue of the project.
    ///
    /// # Errors
    /// If the data and those who cite them contradict each other.
    pub fn load() -> Result<Self, CatalogueError> {
        Self::new(DATA, citations::all())
    }

    fn new(data: &str, citations: Citations) -> Result<Self, CatalogueError> {
        let catalogue = Self { data: toml_edit::de::from_str(data)?, citations };
        let contradictions = catalogue.contradictions();
        if contradictions.is_empty() { Ok(catalogue) } else { Err(CatalogueError::Contradictions(contradictions)) }
    }

    /// The rows that a rule cites, as a list of links for its page in `docs/rules/<family>`.
    pub fn rows_of(&self, rule: &Rule) -> String {
        let mut list = String::new();
        for Row { id, words, .. } in self.data.rows.iter().filter(|it| rule.sources.contains(&it.id.as_str())) {
            list.push_str(&format!("- [{id}](../../catalogue.md#{}): {words}\n", page::anchor(id)));
        }
        list
    }

    fn cited(&self, row: &Row) -> Option<&Carriers> {
        self.citations.get(row.id.as_str())
    }

    fn state(&self, row: &Row) -> State {
        let carried = !row.by.is_empty() || self.cited(row).is_some();
        match (carried, &row.later) {
            _ if row.not.is_some() => State::Not,
            (true, None) => State::Carried,
            (true, Some(_)) => State::InPart,
            (false, _) => State::Later,
        }
    }

    fn contradictions(&self) -> Vec<String> {
        let Data { carriers, topics, rows } = &self.data;
        let mut told = Vec::new();
        let topics: BTreeSet<&str> = topics.iter().map(|it| it.id.as_str()).collect();
        let carriers: BTreeSet<&str> = carriers.iter().map(|it| it.id.as_str()).collect();
        let mut seen: BTreeMap<&str, &Row> = BTreeMap::new();
        for row in rows {
            let Row { id, topic, .. } = row;
            if seen.insert(id, row).is_some() {
                told.push(format!("{id} stands twice in the catalogue"));
            }
            if !topics.contains(topic.as_str()) {
                told.push(format!("{id} is of no topic: `{topic}`"));
            }
            for carrier in row.by.iter().filter(|it| !carriers.contains(it.as_str())) {
                told.push(format!("{id} is carried by `{carrier}`, which is no carrier"));
            }
            let carried = !row.by.is_empty() || self.cited(row).is_some();
            match (carried, &row.later, &row.not) {
                (false, None, None) => told.push(format!("{id} has neither a carrier nor `later` or `not`")),
                (true, _, Some(_)) => told.push(format!("{id} has a carrier and `not`")),
                (false, Some(_), Some(_)) => told.push(format!("{id} has `later` and `not`")),
                _ => {}
            }
        }
        for topic in topics.iter().filter(|topic| !rows.iter().any(|row| row.topic == **topic)) {
            told.push(format!("no row is of the topic `{topic}`"));
        }
        for carrier in carriers.iter().filter(|carrier| !rows.iter().any(|row| row.by.iter().any(|it| it == *carrier)))
        {
            told.push(format!("`{carrier}` carries no row"));
        }
        for (id, carriers) in self.citations.iter().filter(|(id, _)| !seen.contains_key(*id)) {
            told.push(format!("the catalogue has no row {id}, which is cited by {carriers}"));
        }
        told
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    const GROUPS: &str = "[[carrier]]\nid = \"check\"\ntitle = \"the operation `check`\"\nlink = \"ci.md\"\n\
                          [[topic]]\nid = \"links\"\ntitle = \"Links\"\n\
                          [[row]]\nid = \"A-001\"\ntopic = \"links\"\nwords = \"Links lead somewhere.\"\n\
        by = [\"check\"]\n";

    fn told(rows: &str, cited: &[&'static str]) -> String {
        let citations = cited.iter().map(|id| (*id, Carriers { questions: true, ..Carriers::default() })).collect();
        match Catalogue::new(&format!("{GROUPS}{rows}"), citations) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    fn row(id: &str, more: &str) -> String {
        format!("[[row]]\nid = \"{id}\"\ntopic = \"links\"\nwords = \"It holds.\"\n{more}\n")
    }

    #[test]
    fn a_row_says_what_becomes_of_it_once() {
        assert_eq!(told(&row("A-002", "later = \"rule\""), &[]), "");
        assert_eq!(told(&row("A-002", "not = \"nobody asks\""), &[]), "");
        assert_eq!(told(&row("A-002", "later = \"the rest\""), &["A-002"]), "");
        assert_eq!(told(&row("A-002", ""), &[]), "A-002 has neither a carrier nor `later` or `not`");
        assert_eq!(told(&row("A-002", "not = \"nobody asks\""), &["A-002"]), "A-002 has a carrier and `not`");
        assert_eq!(told(&row("A-002", "by = [\"check\"]\nnot = \"no\""), &[]), "A-002 has a carrier and `not`");
        assert_eq!(told(&row("A-002", "later = \"rule\"\nnot = \"no\""), &[]), "A-002 has `later` and `not`");
        assert_eq!(told(&row("A-001", "later = \"rule\""), &[]), "A-001 stands twice in the catalogue");
    }

    #[test]
    fn whatever_is_named_is_there_and_used() {
        let unknown = "the catalogue has no row A-009, which is cited by a checklist";
        assert_eq!(told("", &["A-009"]), unknown);
        assert_eq!(told(&row("A-002", "by = [\"magic\"]"), &[]), "A-002 is carried by `magic`, which is no carrier");
        let row = "[[row]]\nid = \"A-002\"\ntopic = \"other\"\nwords = \"It holds.\"\nlater = \"rule\"\n";
        assert_eq!(told(row, &[]), "A-002 is of no topic: `other`");
        assert_eq!(told("[[topic]]\nid = \"empty\"\ntitle = \"Empty\"\n", &[]), "no row is of the topic `empty`");
        let carrier = "[[carrier]]\nid = \"hover\"\ntitle = \"hover\"\nlink = \"x.md\"\n";
        assert_eq!(told(carrier, &[]), "`hover` carries no row");
    }

    #[test]
    fn the_page_counts_rows_and_says_what_becomes_of_each() {
        let rows = [
            row("A-002", "later = \"rule\""),
            row("A-003", "by = [\"check\"]\nlater = \"the rest\""),
            row("X1", "not = \"nobody asks\""),
        ];
        let page = Catalogue::new(&format!("{GROUPS}{}", rows.concat()), Citations::new()).unwrap().page();
        let lines = [
            "| [Links](#links) | 1 | 1 | 1 | 1 | 4 |",
            "| <a id=\"a-001\"></a>A-001 | Links lead somewhere. | [the operation `check`](ci.md) |",
            "| <a id=\"a-002\"></a>A-002 | It holds. | **later**: rule |",
            "| <a id=\"a-003\"></a>A-003 | It holds. | [the operation `check`](ci.md); **later**: the rest |",
            "| <a id=\"x1\"></a>X1 | It holds. | **not**: nobody asks |",
        ];
        for line in lines {
            assert!(page.lines().any(|it| it == line), "{line}\n{page}");
        }
    }

    #[test]
    fn the_catalogue_of_the_project_holds() {
        let catalogue = Catalogue::load().map_err(|it| it.to_string()).unwrap();
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
        for Carrier { id, link, .. } in &catalogue.data.carriers {
            let file = link.split('#').next().unwrap_or_default();
            assert!(docs.join(file).is_file(), "{id}: {link}");
        }
        for Row { id, words, .. } in &catalogue.data.rows {
            assert!(words.ends_with(['.', '?']) && words.chars().count() <= 145, "{id}: {words}");
            assert!(!words.contains('|'), "{id}: {words}");
        }
    }

    #[test]
    fn comments_and_data_cite_rows_that_exist() {
        let data: Data = toml_edit::de::from_str(DATA).unwrap();
        let rows: BTreeSet<&str> = data.rows.iter().map(|it| it.id.as_str()).collect();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut cited = 0;
        for folder in ["core", "lsp", "mcp", "cli", "skills"] {
            cited += citations_below(&root.join(folder), &rows);
        }
        assert!(cited > 500, "only {cited} citations were found");
    }

    /// Looks at every text below a folder and counts the rows that are cited.
    fn citations_below(folder: &Path, rows: &BTreeSet<&str>) -> usize {
        let mut cited = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                cited += citations_below(&path, rows);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let words = text.split(|it: char| !it.is_ascii_alphanumeric() && it != '-');
                for word in words.filter(|it| is_row_id(it)) {
                    assert!(rows.contains(word), "{}: {word}", path.display());
                    cited += 1;
                }
            }
        }
        cited
    }

    /// Whether a word is written like `A-120` or `D-F01`.
    fn is_row_id(word: &str) -> bool {
        match word.as_bytes() {
            [b'A' | b'T' | b'H' | b'N' | b'E', b'-', number @ ..] if number.len() == 3 => digits(number),
            [b'D', b'-', table, number @ ..] if number.len() == 2 => table.is_ascii_uppercase() && digits(number),
            _ => false,
        }
    }

    fn digits(number: &[u8]) -> bool {
        number.iter().all(u8::is_ascii_digit)
    }
}
