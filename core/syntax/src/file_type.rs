//! The types of files that are read and written, by the extensions of their names.

/// A type of files.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FileType {
    /// Prose.
    Markdown,
    /// YAML: AsyncAPI documents and JSON Schemas among others.
    Yaml,
    /// JSON: AsyncAPI documents and JSON Schemas among others.
    Json,
    /// JSON that says of itself that it is a JSON Schema.
    JsonSchema,
    /// Avro schemas, which are JSON.
    Avro,
    /// Protocol Buffers.
    Protobuf,
    /// The configuration.
    Toml,
    /// Diagrams of their own.
    Mermaid,
}

impl FileType {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Markdown,
        Self::Yaml,
        Self::Json,
        Self::JsonSchema,
        Self::Avro,
        Self::Protobuf,
        Self::Toml,
        Self::Mermaid,
    ];

    /// The type that a file's name promises, whatever the case of its extension. A name that is all extension
    /// (`.yaml`) promises nothing.
    ///
    /// ```
    /// use archwright_syntax::FileType;
    ///
    /// assert_eq!(FileType::of("docs/README.MD"), Some(FileType::Markdown));
    /// assert_eq!(FileType::of("orders.asyncapi"), Some(FileType::Yaml));
    /// assert_eq!(FileType::of("src/main.rs"), None);
    /// ```
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit(['/', '\\']).next()?;
        let extension = name.rsplit_once('.').filter(|it| !it.0.is_empty())?.1;
        let has = |it: &Self| it.extensions().iter().any(|it| it.eq_ignore_ascii_case(extension));
        Self::ALL.into_iter().find(has)
    }

    /// The extensions of its files, without dots, the usual one first.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Markdown => &["md", "markdown"],
            Self::Yaml => &["yaml", "yml", "asyncapi"],
            Self::Json => &["json"],
            Self::JsonSchema => &["jsonschema"],
            Self::Avro => &["avsc"],
            Self::Protobuf => &["proto"],
            Self::Toml => &["toml"],
            Self::Mermaid => &["mmd"],
        }
    }

    /// What the info string of a fenced code block calls it.
    pub fn fence(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Yaml => "yaml",
            Self::Json | Self::JsonSchema | Self::Avro => "json",
            Self::Protobuf => "protobuf",
            Self::Toml => "toml",
            Self::Mermaid => "mermaid",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FileType;

    #[test]
    fn each_extension_is_of_one_type() {
        for ty in FileType::ALL {
            for it in ty.extensions() {
                assert_eq!(FileType::of(&format!("a.b/c.{it}")), Some(ty), "{it}");
                assert_eq!(FileType::of(&format!("c.{}", it.to_uppercase())), Some(ty), "{it}");
            }
        }
        assert_eq!([".yaml", "yaml", "a.yaml/b", "a.yaml.bak", ""].map(FileType::of), [None; 5]);
    }
}
