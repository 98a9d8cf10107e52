//! A call of a client library, and the places in it where channels stand.

use serde::Deserialize;

use crate::Action;
use crate::code::{Call, Expression};

/// A call that sends or receives.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operation {
    pub(crate) action: Action,
    /// The methods, functions or constructors it goes by.
    #[serde(default)]
    pub(crate) methods: Vec<String>,
    /// The interfaces and base classes by which a class is told to do it.
    #[serde(default)]
    pub(crate) implements: Vec<String>,
    /// Methods of which the class must have one with code.
    #[serde(default)]
    pub(crate) handlers: Vec<String>,
    /// The annotations by which a function is told to do it, if it gives one of the types of `returns` and settings
    /// have its channel.
    #[serde(default)]
    pub(crate) annotated: Vec<String>,
    /// The types that such a function gives.
    #[serde(default)]
    pub(crate) returns: Vec<String>,
    /// The types of parameters by which a function is told to do it.
    #[serde(default)]
    pub(crate) parameters: Vec<String>,
    /// Where the channel may stand in the arguments; the first place that holds a name wins.
    #[serde(default)]
    pub(crate) channel: Vec<Place>,
    /// Where the message may stand, whose type is told.
    #[serde(default)]
    pub(crate) message: Vec<Place>,
    /// Where the group that receives may stand, as with channels.
    #[serde(default)]
    pub(crate) group: Vec<Place>,
    /// The keys of the settings that have the group where code says none; `{}` is the name that stands in code.
    #[serde(default)]
    pub(crate) group_settings: Vec<String>,
    /// Arguments by which the group may be said elsewhere than in settings.
    #[serde(default)]
    pub(crate) group_elsewhere: Vec<String>,
    /// Words by which it may be, anywhere in the repository.
    #[serde(default)]
    pub(crate) group_unless: Vec<String>,
    #[serde(default)]
    pub(crate) on: On,
    /// It is none where its channel cannot be told, as others may have such calls.
    #[serde(default)]
    pub(crate) named: bool,
    /// The call right before it in a chain, where that says what it is: `cmd("XADD").arg(key)`.
    #[serde(default)]
    pub(crate) behind: Option<Behind>,
    /// A text in the channel that ends its name.
    #[serde(default)]
    pub(crate) until: Option<String>,
    /// What it is called on, with dots, where that alone tells it: `Sidekiq.Client`.
    #[serde(default)]
    pub(crate) of: Vec<String>,
    /// What the type of its argument extends, where that alone tells it.
    #[serde(default)]
    pub(crate) given: Vec<String>,
    /// By which it is told that messages are looked at and not taken.
    #[serde(default)]
    pub(crate) looking: Option<Looking>,
    /// The keys of the settings that have the channel by the name that stands in code, which is `{}` in them.
    #[serde(default)]
    pub(crate) settings_of: Vec<String>,
    /// How a queue without a name of its own is bound to what it receives.
    #[serde(default)]
    pub(crate) bound: Option<Bound>,
    /// An answer is waited for: it is a call, and no message that goes its own way.
    #[serde(default)]
    pub(crate) asks: bool,
    /// How settings give a channel to the class that receives.
    #[serde(default)]
    pub(crate) registered: Option<Registered>,
    /// How the set-up of a program gives a channel to the type of the message, or to the class that receives.
    #[serde(default)]
    pub(crate) routed: Option<Routed>,
}

/// Calls that give a channel to a type.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Routed {
    /// The calls around all of it.
    pub(crate) within: Vec<String>,
    /// Calls inside of them whose type argument is the type; it is that of the call itself, if there are none.
    #[serde(default)]
    pub(crate) named: Vec<String>,
    /// Calls inside of them whose first argument is the channel.
    pub(crate) methods: Vec<String>,
}

/// Calls of the same function that bind the queue.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bound {
    pub(crate) methods: Vec<String>,
    /// Where the queue stands in them; it is what they are called on, if it stands nowhere.
    #[serde(default)]
    pub(crate) queue: Vec<Place>,
    /// Where the channel may stand in them.
    pub(crate) channel: Vec<Place>,
}

/// The entries of settings that name a class, or the service that is of it, and the channel beside that.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registered {
    /// The key whose value is the class.
    pub(crate) class: String,
    /// The keys of the channel, from the outside, beside that key.
    pub(crate) channel: Vec<String>,
}

/// How it is told that a call hands out messages which nobody takes.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Looking {
    /// Calls of the same function that only look; without them it is told by what is missing.
    #[serde(default)]
    pub(crate) calls: Vec<String>,
    /// Calls that take or acknowledge messages.
    pub(crate) takes: Vec<String>,
}

/// What stands before a call in a chain: a call, perhaps with a text as its first argument.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Behind {
    pub(crate) methods: Vec<String>,
    /// In capitals; code may have them otherwise.
    #[serde(default)]
    pub(crate) texts: Vec<String>,
    /// Others may stand in between, as the steps of a builder do.
    #[serde(default)]
    pub(crate) deep: bool,
}

impl Behind {
    /// Whether a call stands behind one of these.
    pub(crate) fn is_met(&self, call: &Call) -> bool {
        let Some(Expression::Call(before)) = &call.receiver else { return false };
        let says = || match before.positional().next() {
            Some(Expression::Text(text)) => self.texts.iter().any(|it| it.eq_ignore_ascii_case(text)),
            _ => false,
        };
        let is_named = self.methods.iter().any(|it| *it == before.name);
        is_named && (self.texts.is_empty() || says()) || self.deep && self.is_met(before)
    }
}

/// What a call must be made on.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Debug, Default)]
#[serde(rename_all = "lowercase")]
pub(crate) enum On {
    /// On a client of the library.
    #[default]
    Client,
    /// On anything: no other library has such a call.
    Any,
}

/// A place in the arguments of a call, such as `0.topics[]`.
#[derive(Clone, Deserialize, Debug, PartialEq, Eq)]
#[serde(try_from = "String")]
pub(crate) struct Place {
    pub(crate) argument: Argument,
    pub(crate) steps: Vec<Step>,
}

/// Which argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Argument {
    /// By position, from 0.
    At(usize),
    /// Every one by position.
    All,
    /// By keyword.
    Keyword(String),
    /// A type argument, from 0: `type:0`.
    Type(usize),
    /// The type of an argument: `typeof:0`.
    TypeOf(usize),
    /// A type argument of the type of an argument, the first one: `typein:0`.
    TypeIn(usize),
    /// A place in the call that made the receiver: `made:0.topic`.
    Made(Box<Place>),
    /// A field of the class: `field:subject`.
    Field(String),
    /// The name of the class itself: `class`.
    Class,
    /// The name of what it is called on: `receiver`.
    Receiver,
    /// The name of the function that is annotated: `function`.
    Function,
    /// The type of a parameter of the function that is annotated: `parameter:0`.
    ParameterType(usize),
    /// A type argument of what it is called on: `typearg:0`.
    ReceiverType(usize),
    /// The first argument of an annotation on the field that it is called on: `marked:Channel`.
    Marked(String),
    /// What stands behind the scheme of an address: `uri:0`.
    Uri(usize),
    /// The argument after a text, as commands of Redis have it: `after:STREAMS`.
    After(String),
}

/// A step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The value of a key.
    Key(String),
    /// Each element.
    Each,
    /// Each element of the first half, as Redis has streams before their positions: `[half]`.
    Half,
    /// An argument of the call that made it, by position: `(0)`.
    Argument(usize),
}

impl TryFrom<String> for Place {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if let Some(place) = text.strip_prefix("made:") {
            let place = Self::try_from(place.to_owned())?;
            return Ok(Self { argument: Argument::Made(Box::new(place)), steps: Vec::new() });
        }
        let end = text.find(['.', '[', '(']).unwrap_or(text.len());
        let (argument, mut rest) = text.split_at(end);
        let argument = match argument.strip_suffix('=') {
            Some(name) if !name.is_empty() => Argument::Keyword(name.to_owned()),
            _ if argument == "*" => Argument::All,
            _ if argument == "class" => Argument::Class,
            _ if argument == "receiver" => Argument::Receiver,
            _ if argument == "function" => Argument::Function,
            _ if argument.starts_with("parameter:") => Argument::ParameterType(number(argument, "parameter:")?),
            _ if argument.starts_with("typearg:") => Argument::ReceiverType(number(argument, "typearg:")?),
            _ if argument.starts_with("uri:") => Argument::Uri(number(argument, "uri:")?),
            _ if argument.starts_with("marked:") => Argument::Marked(argument.replace("marked:", "")),
            _ if argument.starts_with("field:") => Argument::Field(argument.replace("field:", "")),
            _ if argument.starts_with("after:") => Argument::After(argument.replace("after:", "")),
            _ if argument.starts_with("type:") => Argument::Type(number(argument, "type:")?),
            _ if argument.starts_with("typeof:") => Argument::TypeOf(number(argument, "typeof:")?),
            _ if argument.starts_with("typein:") => Argument::TypeIn(number(argument, "typein:")?),
            _ => Argument::At(argument.parse().map_err(|_| format!("`{text}` starts with no argument"))?),
        };
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if let Some(tail) = rest.strip_prefix("[half]") {
                steps.push(Step::Half);
                rest = tail;
            } else if let Some(tail) = rest.strip_prefix("[]") {
                steps.push(Step::Each);
                rest = tail;
            } else if let Some((index, tail)) = rest.strip_prefix('(').and_then(|it| it.split_once(')')) {
                let index = index.parse().map_err(|_| format!("`{text}` has no number in its brackets"))?;
                steps.push(Step::Argument(index));
                rest = tail;
            } else {
                let tail =
                    rest.strip_prefix('.').ok_or_else(|| format!("`{text}` goes on with neither `.key` nor `[]`"))?;
                if let Some((key, tail)) = tail.strip_prefix('\'').and_then(|it| it.split_once('\'')) {
                    steps.push(Step::Key(key.to_owned()));
                    rest = tail;
                    continue;
                }
                let end = tail.find(['.', '[', '(']).unwrap_or(tail.len());
                steps.push(Step::Key(tail.get(..end).unwrap_or_default().to_owned()));
                rest = tail.get(end..).unwrap_or_default();
            }
        }
        Ok(Self { argument, steps })
    }
}

fn number(text: &str, prefix: &str) -> Result<usize, String> {
    let digits = text.strip_prefix(prefix).unwrap_or_default();
    digits.parse().map_err(|_| format!("`{text}` has no number after `{prefix}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read() {
        let place = |text: &str| Place::try_from(text.to_owned());
        let key = |it: &str| Step::Key(it.into());
        assert_eq!(place("0"), Ok(Place { argument: Argument::At(0), steps: vec![] }));
        assert_eq!(place("*"), Ok(Place { argument: Argument::All, steps: vec![] }));
        assert_eq!(place("queue="), Ok(Place { argument: Argument::Keyword("queue".into()), steps: vec![] }));
        assert_eq!(
            place("1.a[].b"),
            Ok(Place { argument: Argument::At(1), steps: vec![key("a"), Step::Each, key("b")] })
        );
        assert_eq!(place("1.a[half]"), Ok(Place { argument: Argument::At(1), steps: vec![key("a"), Step::Half] }));
        assert_eq!(place("after:STREAMS"), Ok(Place { argument: Argument::After("STREAMS".into()), steps: vec![] }));
        let dotted = Place { argument: Argument::At(0), steps: vec![key("group.id"), key("name")] };
        assert_eq!(place("0.'group.id'.name"), Ok(dotted));
        for wrong in ["", "topic", "=", "0[", "0]", "-1"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
