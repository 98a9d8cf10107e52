//! Closed values of requests: read in any case, written by their names, and listed in schemas.

use std::{borrow::Cow, str::FromStr};

use archwright_schema::{
    breaking::Category,
    compatibility::{Mode, Profile},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use archwright_rules::evolution::Format;

/// A type whose values can be counted up by name.
pub trait Closed: Copy + Default + 'static {
    /// What such a value is called in a sentence: `compatibility mode`.
    const WHAT: &'static str;

    /// All values.
    fn all() -> Vec<Self>;

    /// The name of a value, in kebab-case.
    fn name(self) -> &'static str;
}

/// One of the values of a closed type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice<T>(pub T);

/// A value that is none of the allowed ones.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no {what}: write {}", allowed.join(", "))]
pub struct UnknownChoice {
    given: String,
    what: &'static str,
    allowed: Vec<&'static str>,
}

impl<T: Closed> FromStr for Choice<T> {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |it: &str| it.trim().to_ascii_lowercase().replace(['_', ' '], "-");
        let wanted = plain(text);
        let found = T::all().into_iter().find(|it| plain(it.name()) == wanted);
        found.map(Self).ok_or_else(|| UnknownChoice {
            given: text.to_owned(),
            what: T::WHAT,
            allowed: T::all().into_iter().map(T::name).collect(),
        })
    }
}

impl<'de, T: Closed> Deserialize<'de> for Choice<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        text.parse().map_err(D::Error::custom)
    }
}

impl<T: Closed> Serialize for Choice<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<T: Closed> JsonSchema for Choice<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::WHAT.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = T::all().into_iter().map(T::name).collect();
        json_schema!({ "type": "string", "enum": names })
    }
}

/// An optional choice; empty and null count as nothing.
pub(super) fn optional<'de, D: Deserializer<'de>, T: Closed>(deserializer: D) -> Result<Option<Choice<T>>, D::Error> {
    match Option::<String>::deserialize(deserializer)?.filter(|it| !it.trim().is_empty()) {
        Some(text) => text.parse().map(Some).map_err(D::Error::custom),
        None => Ok(None),
    }
}

impl Closed for Mode {
    const WHAT: &'static str = "compatibility mode";

    fn all() -> Vec<Self> {
        Self::ALL.to_vec()
    }

    fn name(self) -> &'static str {
        self.name()
    }
}

impl Closed for Profile {
    const WHAT: &'static str = "registry";

    fn all() -> Vec<Self> {
        Self::ALL.to_vec()
    }

    fn name(self) -> &'static str {
        self.name()
    }
}

impl Closed for Category {
    const WHAT: &'static str = "level of buf";

    fn all() -> Vec<Self> {
        Self::ALL.to_vec()
    }

    fn name(self) -> &'static str {
        self.name()
    }
}

impl Closed for Format {
    const WHAT: &'static str = "language";

    fn all() -> Vec<Self> {
        Self::ALL.to_vec()
    }

    fn name(self) -> &'static str {
        self.name()
    }
}
