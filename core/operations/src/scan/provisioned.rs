//! The channels that infrastructure declares, as `scan` answers and tells them.

use std::fmt::Write as _;

use archwright_model::RelPath;
use archwright_scan::infrastructure::{Declared, Deed, Stated, Trait};
use schemars::JsonSchema;
use serde::Serialize;

/// A channel that infrastructure declares or uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScannedDeclaration {
    /// Its name; nothing if it is not written out.
    pub channel: Option<String>,
    /// What would have to be known, if its name is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// What it is: `topic`, `queue`, `exchange`, `stream`.
    pub what: String,
    /// The kind of broker, if it is told.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub broker: String,
    /// The tool, such as `Terraform`.
    pub tool: String,
    /// What declares or uses it, as the tool calls it.
    pub by: String,
    /// `declares` it, `sends` to it, `receives` from it, or `extends` what is declared.
    pub does: &'static str,
    /// The file.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// 1-based line.
    pub line: u32,
    /// What is said of it: partitions, retention, dead letters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub says: Vec<ScannedSetting>,
}

/// Something that infrastructure says of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScannedSetting {
    /// What it is about: `partitions`, `retention`, `cleanup`, `dead letters`, `attempts`, `ordered`, `delivers to`.
    pub what: &'static str,
    /// The value; nothing if it is not written out.
    pub value: Option<String>,
    /// What would have to be known, if the value is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// 1-based line.
    pub line: u32,
}

/// A name that is written out, or else the expression for it.
fn named(name: &str, is_known: bool) -> (Option<String>, Option<String>) {
    if is_known { (Some(name.to_owned()), None) } else { (None, Some(name.to_owned())) }
}

impl From<&Declared> for ScannedDeclaration {
    fn from(it: &Declared) -> Self {
        let (channel, expression) = named(&it.channel, it.is_known);
        Self {
            channel,
            expression,
            what: it.kind.to_string(),
            broker: it.broker.to_string(),
            tool: it.tool.to_string(),
            by: it.by.to_string(),
            does: match it.deed {
                Deed::Declares => "declares",
                Deed::Sends => "sends",
                Deed::Receives => "receives",
                Deed::Extends => "extends",
            },
            file: RelPath::new(&it.path),
            line: it.line,
            says: it.stated.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Stated> for ScannedSetting {
    fn from(it: &Stated) -> Self {
        let (value, expression) = named(&it.value, it.is_known);
        Self { what: it.what.name(), value, expression, line: it.line }
    }
}

impl ScannedDeclaration {
    /// In a line, with its place.
    pub(super) fn line(&self, at: &str) -> String {
        let name = named_as(self.channel.as_ref(), self.expression.as_ref());
        let mut text = match self.does {
            "sends" => format!("{} sends to {name}", self.by),
            "receives" => format!("{} receives from {name}", self.by),
            _ => format!("{} {name}", self.what),
        };
        let _ = write!(text, "  {at}  ({}", self.tool);
        if matches!(self.does, "declares" | "extends") && !self.by.is_empty() && Some(&self.by) != self.channel.as_ref()
        {
            let _ = write!(text, " {}", self.by);
        }
        for it in &self.says {
            let _ = write!(text, ", {} {}", it.what, named_as(it.value.as_ref(), it.expression.as_ref()));
        }
        text.push(')');
        text
    }
}

fn named_as(name: Option<&String>, expression: Option<&String>) -> String {
    match (name, expression) {
        (Some(name), _) => name.clone(),
        (None, Some(expression)) => format!("? ({expression})"),
        (None, None) => "?".to_owned(),
    }
}

/// Whether infrastructure says something of dead letters by the name of the channel that takes them: `RabbitMQ` names
/// an exchange, and what is bound to it takes them.
pub(crate) fn names_dead_letters(declared: &Declared) -> Option<&Stated> {
    (declared.broker != "rabbitmq").then(|| declared.value(Trait::DeadLetters)).flatten()
}

#[cfg(test)]
mod tests {
    use crate::{Operation, Scan, ScanRequest, Scanned, fixture::Fixture};

    const TEXT: &str = "//- /infra/main.tf\nresource \"kafka_topic\" \"placed\" {\n  name = \"orders.placed.v1\"\n  \
        partitions = 12\n}\nresource \"kafka_topic\" \"open\" {\n  name = var.topic\n}\n\
        //- /infra/broken.tf\nresource \"kafka_topic\" {\n";

    fn scanned(request: &ScanRequest) -> Scanned {
        let fixture = Fixture::new(TEXT);
        Scan::plan(&mut fixture.open(), request).unwrap().scanned.unwrap()
    }

    #[test]
    fn channels_of_infrastructure_are_told_with_their_places() {
        let scanned_all = scanned(&ScanRequest::default());
        let text = scanned_all.text(9);
        for line in [
            "  topic orders.placed.v1  infra/main.tf:1  (Terraform kafka_topic.placed, partitions 12)\n",
            "  topic ? (var.topic)  infra/main.tf:5  (Terraform kafka_topic.open)\n",
            "2 channels are declared by infrastructure.\n",
            "Not read: infra/broken.tf: it is not written as its language wants it.\n",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        let json = serde_json::to_value(&scanned_all).unwrap();
        assert_eq!(json["infrastructure"][0]["says"][0]["what"], "partitions");
        assert_eq!(json["infrastructure"][1]["expression"], "var.topic");
    }

    #[test]
    fn what_has_no_name_is_asked_for() {
        let scanned = scanned(&ScanRequest { unresolved: true, ..ScanRequest::default() });
        let all: Vec<_> = scanned.infrastructure.iter().map(|it| it.expression.as_deref()).collect();
        assert_eq!(all, [Some("var.topic")]);
    }
}
