//! Facts for an operation as people and agents write them: in JSON or YAML.

use std::fmt::Write as _;

use archwright_syntax::{
    LineIndex,
    data::{Format, Kind, Node, Tree, parse},
};
use serde::de::DeserializeOwned;

/// Why facts are of no use.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    /// They are no JSON, or say something else than is asked for.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The same of YAML.
    #[error("line {line}: {message}")]
    Yaml {
        /// Counts from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
}

/// How much may become of facts with aliases, in bytes.
const MOST: usize = 64 * 1024 * 1024;

/// Reads a request: in the format that the name of its file tells, else in the one that the text begins like.
///
/// ```
/// use archwright_operations::{DesignRequest, facts};
///
/// let request: DesignRequest = facts::read(Some("facts.yaml"), "feature: orders\nslo: 99.90 % in 5 s\n")?;
/// assert_eq!(request.feature, "orders");
/// # Ok::<(), facts::FactsError>(())
/// ```
///
/// # Errors
/// If the text is neither or says something else than is asked for.
pub fn read<T: DeserializeOwned>(name: Option<&str>, text: &str) -> Result<T, FactsError> {
    request(text, format(name, text))
}

fn format(name: Option<&str>, text: &str) -> Format {
    let named = name.and_then(Format::of_path);
    named.unwrap_or_else(|| if text.trim_start().starts_with(['{', '[']) { Format::Json } else { Format::Yaml })
}

fn request<T: DeserializeOwned>(text: &str, format: Format) -> Result<T, FactsError> {
    if format == Format::Json {
        return Ok(serde_json::from_str(text)?);
    }
    let tree = parse(text, Format::Yaml);
    let lines = LineIndex::new(text);
    let line = |offset: u32| lines.line_of(offset as usize) + 1;
    if let Some(error) = tree.errors().first() {
        return Err(FactsError::Yaml { line: line(error.span.start), message: error.message.clone() });
    }
    if let Some(second) = tree.roots().nth(1) {
        let message = "this begins a second document; give one.".to_owned();
        return Err(FactsError::Yaml { line: line(second.span().start), message });
    }
    let json = Json::of(&tree, &line)?;
    serde_json::from_str(&json).map_err(|error| {
        let message = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        FactsError::Yaml { line: error.line(), message: message.strip_suffix(&place).unwrap_or(&message).to_owned() }
    })
}

/// YAML as JSON in which everything stands at the line where it stood, so that mistakes are found there.
struct Json<'l> {
    text: String,
    line: usize,
    line_of: &'l dyn Fn(u32) -> usize,
}

impl<'l> Json<'l> {
    /// # Errors
    /// If aliases make far more of it than is written.
    fn of(tree: &Tree, line_of: &'l dyn Fn(u32) -> usize) -> Result<String, FactsError> {
        let mut json = Self { text: String::new(), line: 1, line_of };
        match tree.root() {
            Some(root) if !root.is_null() => json.node(root)?,
            // An empty file says nothing.
            _ => json.text.push_str("{}"),
        }
        Ok(json.text)
    }

    /// Goes on to the line of an offset, unless it is past it: an alias stands for what was written before.
    fn go_to(&mut self, offset: u32) {
        while self.line < (self.line_of)(offset) {
            self.text.push('\n');
            self.line += 1;
        }
    }

    fn node(&mut self, node: Node) -> Result<(), FactsError> {
        self.go_to(node.span().start);
        if self.text.len() > MOST {
            let message = "with its aliases this is larger than 64 MiB.".to_owned();
            return Err(FactsError::Yaml { line: self.line, message });
        }
        match node.kind() {
            Kind::Null => self.text.push_str("null"),
            Kind::Bool => self.text.push_str(if node.as_bool() == Some(true) { "true" } else { "false" }),
            // Facts are texts: `1.10` and `2026-06-01` stay as they are written.
            Kind::Integer | Kind::Float | Kind::String => self.string(node.scalar().unwrap_or_default()),
            Kind::Sequence => {
                self.text.push('[');
                for (at, item) in node.items().enumerate() {
                    self.comma(at);
                    self.node(item)?;
                }
                self.text.push(']');
            }
            Kind::Mapping => {
                self.text.push('{');
                for (at, entry) in node.entries().enumerate() {
                    self.comma(at);
                    self.go_to(entry.key_span.start);
                    self.string(entry.key);
                    self.text.push(':');
                    self.node(entry.value)?;
                }
                self.text.push('}');
            }
        }
        Ok(())
    }

    fn comma(&mut self, at: usize) {
        if at > 0 {
            self.text.push(',');
        }
    }

    fn string(&mut self, text: &str) {
        let _ = write!(self.text, "{}", serde_json::Value::from(text));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Format, format, request};

    fn yaml(text: &str) -> Result<Value, String> {
        request(text, Format::Yaml).map_err(|it| it.to_string())
    }

    #[test]
    fn yaml_says_what_it_is_written_as() {
        let text = "date: 2026-06-01\nslo: 99.90\nversion: 1.10\nupdate: true\n\
            note: |\n  two\n  lines\nservices:\n  - a\n  - \"b\"\n";
        assert_eq!(
            yaml(text).unwrap(),
            json!({
                "date": "2026-06-01", "slo": "99.90", "version": "1.10", "update": true, "note": "two\nlines\n",
                "services": ["a", "b"],
            })
        );
        assert_eq!(yaml("# nothing\n").unwrap(), json!({}));
        let merged = yaml("base: &b {owner: team-a}\nx:\n  <<: *b\n  name: y\n").unwrap();
        assert_eq!(merged["x"], json!({"name": "y", "owner": "team-a"}));
    }

    #[test]
    fn mistakes_in_yaml_name_their_line() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Known {
            #[allow(dead_code)]
            known: String,
        }

        let error = yaml("a: 1\nb: [1, 2\nc: 3\n").unwrap_err();
        assert!(error.starts_with("line 2: ") || error.starts_with("line 3: "), "{error}");
        let error = yaml("a: 1\n---\nb: 2\n").unwrap_err();
        assert!(error.starts_with("line 3: "), "{error}");
        let error = request::<Known>("known: x\n\n# why\nunknwon: y\n", Format::Yaml).unwrap_err().to_string();
        assert!(error.starts_with("line 4: unknown field `unknwon`") && !error.contains("column"), "{error}");
    }

    #[test]
    fn aliases_do_not_fill_the_memory() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for it in 1..20 {
            let items = vec![format!("*a{}", it - 1); 10].join(", ");
            text.push_str(&format!("a{it}: &a{it} [{items}]\n"));
        }
        assert!(yaml(&text).is_err());
    }

    #[test]
    fn the_name_tells_the_format_and_else_the_text() {
        for (path, text, expected) in [
            ("a.json", "a: 1", Format::Json),
            ("a.yaml", "{\"a\": 1}", Format::Yaml),
            ("a.yml", "", Format::Yaml),
            ("-", " {\"a\": 1}", Format::Json),
            ("-", "a: 1", Format::Yaml),
        ] {
            assert_eq!(format(Some(path), text), expected, "{path}");
        }
    }
}
