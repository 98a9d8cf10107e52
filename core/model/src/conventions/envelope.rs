//! Envelopes: what messages carry besides their data, as sets of attributes (X1).

use serde::Deserialize;

/// A set of attributes, such as that of CloudEvents.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Envelope {
    /// What messages to users call it.
    pub title: String,
    /// The beginning of the content types that only messages in this envelope have.
    #[serde(default)]
    pub media_type: Option<String>,
    /// The attributes that no other message has.
    #[serde(default)]
    pub marks: Vec<String>,
    /// What protocols put before an attribute's name among other headers.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// The attributes.
    pub attributes: Vec<Attribute>,
}

/// One attribute of an envelope.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Attribute {
    /// What it stands for, whatever an envelope calls it.
    pub means: String,
    /// What this envelope calls it.
    pub name: String,
    /// Who demands it.
    #[serde(default)]
    pub need: Need,
    /// Its type in JSON Schema.
    #[serde(default = "string")]
    pub r#type: String,
    /// Its format in JSON Schema.
    #[serde(default)]
    pub format: Option<String>,
    /// The only value it has.
    #[serde(default)]
    pub r#const: Option<String>,
    /// What it says, in one sentence.
    #[serde(default)]
    pub description: String,
}

fn string() -> String {
    "string".to_owned()
}

impl Attribute {
    /// A text of which nothing else is known.
    pub fn new(name: &str, need: Need) -> Self {
        Self {
            means: name.to_owned(),
            name: name.to_owned(),
            need,
            r#type: string(),
            format: None,
            r#const: None,
            description: String::new(),
        }
    }

    /// Whether it travels as a header, and not as what the message is about.
    pub fn is_header(&self) -> bool {
        !matches!(self.means.as_str(), "body" | "extras")
    }
}

/// Who demands an attribute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// Nobody.
    #[default]
    Optional,
    /// A workspace that chose the envelope for all its messages.
    Convention,
    /// The specification of the envelope.
    Always,
}

impl Envelope {
    /// The name of a header without the mark of a protocol.
    pub fn bare<'n>(&self, name: &'n str) -> &'n str {
        self.prefixes.iter().find_map(|it| name.strip_prefix(it.as_str())).unwrap_or(name)
    }

    /// The attribute with exactly this name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|it| it.name == name)
    }

    /// Whether a value such as `CloudEvents 1.0` names this envelope, whose key is `key`.
    pub fn is_named(&self, key: &str, value: &str) -> bool {
        let folded = |it: &str| it.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        folded(value).starts_with(&folded(key))
    }
}
