//! The formats that schemas of payloads and headers are written in (AsyncAPI 3.0.0, "Schema formats table").

use archwright_syntax::{data::Node, nearest};

use super::{Content, UNSUPPORTED_SCHEMA_FORMAT};

/// A schema language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    /// The Schema Object of AsyncAPI, or JSON Schema, which it extends.
    Own,
    /// The Schema Object of `OpenAPI` 3.0.
    OpenApi,
    /// Apache Avro.
    Avro,
    /// Protocol Buffers.
    Protobuf,
    /// RAML data types, which are not looked at.
    Raml,
    /// One that is not known.
    Unknown,
}

/// The media types of the formats, with the version the specification names.
const KNOWN: [(&str, &str, Format); 12] = [
    ("application/vnd.aai.asyncapi", "3.0.0", Format::Own),
    ("application/vnd.aai.asyncapi+json", "3.0.0", Format::Own),
    ("application/vnd.aai.asyncapi+yaml", "3.0.0", Format::Own),
    ("application/schema+json", "draft-07", Format::Own),
    ("application/schema+yaml", "draft-07", Format::Own),
    ("application/vnd.apache.avro", "1.9.0", Format::Avro),
    ("application/vnd.apache.avro+json", "1.9.0", Format::Avro),
    ("application/vnd.apache.avro+yaml", "1.9.0", Format::Avro),
    ("application/vnd.oai.openapi", "3.0.0", Format::OpenApi),
    ("application/raml+yaml", "1.0", Format::Raml),
    ("application/vnd.google.protobuf", "3", Format::Protobuf),
    ("application/x-protobuf", "3", Format::Protobuf),
];

/// Formats that are written in further ways; the longer media types of the table begin like these.
const STARTS: [(&str, Format); 4] = [
    ("application/vnd.aai.asyncapi", Format::Own),
    ("application/vnd.apache.avro", Format::Avro),
    ("application/vnd.oai.openapi", Format::OpenApi),
    ("application/vnd.google.protobuf", Format::Protobuf),
];

impl Format {
    /// The format that a `schemaFormat` names; the own one when there is none.
    pub(super) fn of(format: Option<Node<'_>>) -> Self {
        match format {
            None => Self::Own,
            Some(it) => it.as_str().map_or(Self::Unknown, Self::of_text),
        }
    }

    fn of_text(text: &str) -> Self {
        let kind = kind_of(text).to_ascii_lowercase();
        let exact = KNOWN.iter().find(|it| it.0 == kind).map(|it| it.2);
        let longer = || {
            STARTS.iter().find(|it| kind.strip_prefix(it.0).is_some_and(|rest| rest.starts_with('+'))).map(|it| it.1)
        };
        exact.or_else(longer).unwrap_or(Self::Unknown)
    }
}

/// A media type without its parameters.
fn kind_of(text: &str) -> &str {
    text.split(';').next().unwrap_or_default().trim()
}

/// The draft of JSON Schema that a format names, if it is not the one in the table of formats.
fn other_draft(text: &str) -> Option<&str> {
    let (kind, parameters) = text.split_once(';')?;
    let draft = parameters.trim().strip_prefix("version=")?.trim_matches(['"', ' ']);
    let is_json_schema = matches!(kind.trim(), "application/schema+json" | "application/schema+yaml");
    (is_json_schema && draft != "draft-07").then_some(draft)
}

/// The known format that was probably meant by a text.
fn meant(text: &str) -> Option<String> {
    let found = nearest(kind_of(text), KNOWN.iter().map(|it| it.0))?;
    let version = || KNOWN.iter().find(|it| it.0 == found).map_or("", |it| it.1);
    let parameters = text.split_once(';').map_or_else(|| format!("version={}", version()), |it| it.1.trim().to_owned());
    Some(format!("{found};{parameters}"))
}

impl<'t> Content<'t, '_> {
    /// Says that a format is not known. Values that are no text are a matter of structure.
    pub(super) fn format(&mut self, format: Option<Node<'t>>) {
        let Some((node, text)) = format.and_then(|it| Some((it, it.as_str()?))) else { return };
        if Format::of_text(text) != Format::Unknown {
            if let Some(draft) = other_draft(text) {
                let message = format!(
                    "The specification knows JSON Schema as `draft-07` only: tools read `{draft}` as that, or not at \
                     all. Write the schema for draft-07, or make sure that each of your tools reads it"
                );
                self.tell(&UNSUPPORTED_SCHEMA_FORMAT, node, node.span(), message, None);
            }
            return;
        }
        let near = meant(text);
        let hint = match &near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "the formats of AsyncAPI, JSON Schema, Avro, OpenAPI, RAML and Protobuf are".to_owned(),
        };
        let message = format!("The schema format `{text}` is not known, so the schema is not checked: {hint}");
        self.tell(&UNSUPPORTED_SCHEMA_FORMAT, node, node.span(), message, near);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_media_type() {
        for (text, format) in [
            ("application/vnd.aai.asyncapi;version=2.6.0", Format::Own),
            ("application/vnd.aai.asyncapi+yaml;version=3.0.0", Format::Own),
            ("application/schema+json;version=draft-07", Format::Own),
            ("application/vnd.apache.avro;version=1.9.0", Format::Avro),
            ("application/vnd.apache.avro+json; version=1.11.1", Format::Avro),
            ("application/vnd.oai.openapi+json;version=3.0.0", Format::OpenApi),
            ("application/vnd.google.protobuf;version=3", Format::Protobuf),
            ("application/raml+yaml;version=1.0", Format::Raml),
            ("application/json", Format::Unknown),
            ("", Format::Unknown),
        ] {
            assert_eq!(Format::of_text(text), format, "{text}");
        }
    }

    #[test]
    fn the_format_that_was_meant_keeps_its_parameters() {
        assert_eq!(
            meant("application/vnd.apache.arvo;version=1.11.0").as_deref(),
            Some("application/vnd.apache.avro;version=1.11.0")
        );
        assert_eq!(meant("application/schema_json").as_deref(), Some("application/schema+json;version=draft-07"));
        assert_eq!(meant("application/nope"), None);
    }
}
