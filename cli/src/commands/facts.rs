//! Facts for an operation, from a file or from stdin.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Read},
    path::Path,
};

use archwright_syntax::{
    Decoded, LineIndex,
    data::{Format, Kind, Node, Tree, parse},
};
use serde::de::DeserializeOwned;

use super::CommandError;

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

/// Reads a request as an agent gives it, in JSON or YAML: by the name of the file, else by how the text begins. Without
/// a file nothing is known.
///
/// # Errors
/// If the file cannot be read or says something else.
pub fn read<T: DeserializeOwned + Default>(path: Option<&Path>) -> Result<T, CommandError> {
    let Some(path) = path else { return Ok(T::default()) };
    let text = text(path).map_err(|error| CommandError::Path { path: path.to_path_buf(), error })?;
    request(&text, format(path, &text)).map_err(|error| CommandError::Facts { path: path.to_path_buf(), error })
}

fn format(path: &Path, text: &str) -> Format {
    let named = path.file_name().and_then(|it| Format::of_path(it.to_str()?));
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
        if self.text.len() as u64 > MOST {
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

/// The text of a file, or of stdin.
pub fn text(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().read_to_end(&mut bytes)?;
    } else {
        bytes = file(path)?;
    }
    Decoded::new(&bytes).utf8().map(str::to_owned)
}

/// What a shell hands over is read up to this size, in bytes.
const MOST: u64 = 64 * 1024 * 1024;

/// The bytes of a file, or of what a shell hands over as one: `--facts <(make-facts)`. Another pipe is not waited for,
/// and a device not read until there is no memory left.
pub fn file(path: &Path) -> io::Result<Vec<u8>> {
    if !["/dev/fd", "/proc/self/fd"].iter().any(|it| path.starts_with(it)) {
        regular(path)?;
        return fs::read(path);
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 64 MiB"));
    }
    Ok(bytes)
}

/// Whether a path leads to a regular file, which can be opened without waiting for somebody.
pub fn regular(path: &Path) -> io::Result<()> {
    let found = fs::metadata(path)?;
    // Of a folder the system says itself what it is.
    if found.is_file() || found.is_dir() {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

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
        let error = yaml("a: 1\nb: [1, 2\nc: 3\n").unwrap_err();
        assert!(error.starts_with("line 2: ") || error.starts_with("line 3: "), "{error}");
        let error = yaml("a: 1\n---\nb: 2\n").unwrap_err();
        assert!(error.starts_with("line 3: "), "{error}");
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Known {
            #[allow(dead_code)]
            known: String,
        }
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
            assert_eq!(format(Path::new(path), text), expected, "{path}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_shell_hands_over_is_read() {
        use std::{io::Write, os::fd::AsRawFd, path::PathBuf};

        let (reader, mut writer) = std::io::pipe().unwrap();
        writer.write_all(b"{}").unwrap();
        drop(writer);
        let path = PathBuf::from(format!("/dev/fd/{}", reader.as_raw_fd()));
        assert_eq!(super::file(&path).unwrap(), b"{}");
        assert!(super::file("/dev/zero".as_ref()).is_err());
    }
}
