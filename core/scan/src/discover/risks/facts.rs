//! What is known about risks: how libraries settle messages, which calls and settings lose them, and words that hold in
//! any language.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use smol_str::SmolStr;

use super::{RiskKind, RiskLevel};
use crate::facts::{Absent, On, Place};
use crate::flow::Acknowledges;

/// How a library hands out messages and learns what became of them.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Handling {
    /// When it tells the broker that a message is handled, if the code does not.
    pub(crate) acknowledges: Acknowledges,
    /// What becomes of a message whose handler fails.
    pub(crate) failure: Failure,
    /// The types of messages as handlers get them.
    #[serde(default)]
    pub(crate) deliveries: Vec<String>,
    /// Calls, events and entries that take a handler.
    #[serde(default)]
    pub(crate) registers: Vec<String>,
    /// The methods of classes that are told to receive.
    #[serde(default)]
    pub(crate) methods: Vec<String>,
    /// Calls that hand out a message to a loop.
    #[serde(default)]
    pub(crate) polls: Vec<String>,
    /// Calls that tell the broker that a message is handled.
    #[serde(default)]
    pub(crate) settles: Vec<String>,
    /// Calls that give a message back.
    #[serde(default)]
    pub(crate) rejects: Vec<String>,
    /// Settings that leave it to the code when they are off.
    #[serde(default)]
    pub(crate) switches: Vec<String>,
    /// Words which, anywhere in the repository, bound how much is handled at once.
    #[serde(default)]
    pub(crate) bounds: Vec<String>,
}

/// What becomes of a message whose handler fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Failure {
    /// It comes again, as often as it fails.
    Redelivers,
    /// The program or its loop ends, and the message comes again.
    Stops,
    /// It stays with the client and is never settled, until the connection ends and it comes again.
    Stuck,
    /// It is tried a few times and put aside.
    Parks,
    /// It is gone.
    Loses,
    /// Nothing that could be told.
    Unknown,
}

/// What nobody looks at when a call that sends is not waited for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum HandsBack {
    /// Nothing, or nothing that matters.
    #[default]
    Nothing,
    /// A promise, future or task with the outcome.
    Promise,
    /// The failure as a value.
    Error,
}

/// A call or a setting of a library that is a risk.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct RiskRule {
    pub(crate) kind: RiskKind,
    /// Calls, constructions and annotations.
    #[serde(default)]
    pub(crate) calls: Vec<String>,
    /// What they are made on.
    #[serde(default)]
    pub(crate) on: On,
    /// Settings that are told by their names alone.
    #[serde(default)]
    pub(crate) settings: Vec<String>,
    /// Where the value stands in the arguments; the first place that is there wins. Without places it is the call
    /// itself.
    #[serde(default)]
    pub(crate) at: Vec<Place>,
    /// An entry in what stands there, by its names.
    #[serde(default)]
    pub(crate) key: Vec<String>,
    /// Values that are a risk.
    #[serde(default)]
    pub(crate) bad: Vec<String>,
    /// What holds where nothing is said.
    #[serde(default = "good")]
    pub(crate) absent: Absent,
    /// Values that make it none.
    #[serde(default)]
    pub(crate) except: Vec<Exception>,
    /// Words which, anywhere in the repository, make it none.
    #[serde(default)]
    pub(crate) unless: Vec<String>,
    /// Words of which one must stand anywhere in the repository.
    #[serde(default)]
    pub(crate) only: Vec<String>,
    /// What is not said here may be said elsewhere: then nothing is told.
    #[serde(default)]
    pub(crate) elsewhere: bool,
    /// Words which, in the same function, make it none.
    #[serde(default)]
    pub(crate) unless_here: Vec<String>,
    /// It is a risk only where the service receives.
    #[serde(default)]
    pub(crate) receives: bool,
    /// It is told once for a service.
    #[serde(default)]
    pub(crate) once: bool,
}

fn good() -> Absent {
    Absent::Good
}

/// Values of an argument that make a call no risk.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exception {
    pub(crate) at: Vec<Place>,
    #[serde(default)]
    pub(crate) key: Vec<String>,
    /// The values; `absent` and `unknown` stand for themselves.
    #[serde(default)]
    pub(crate) is: Vec<String>,
    /// Words in what is written there.
    #[serde(default)]
    pub(crate) named: Vec<String>,
}

/// What is said of a kind of risk.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct KindFacts {
    pub(crate) kind: RiskKind,
    /// What is lost or repeated, in a sentence without its end.
    pub(crate) says: SmolStr,
    /// The pattern that solves it.
    pub(crate) pattern: SmolStr,
    pub(crate) level: RiskLevel,
}

/// Words by which handlers and failures are told in any language, see `languages/risks.toml`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct RiskWords {
    pub(crate) telling: Vec<String>,
    pub(crate) quiet: Vec<String>,
    pub(crate) broad: Vec<String>,
    pub(crate) malformed: Vec<String>,
    pub(crate) decoding: Vec<String>,
    pub(crate) fails: Vec<String>,
    pub(crate) ends: Vec<String>,
    pub(crate) done: Vec<String>,
    pub(crate) background: Vec<String>,
    pub(crate) limits: Vec<String>,
    pub(crate) events: Vec<String>,
    pub(crate) waits: Vec<String>,
    pub(crate) leaving: Vec<String>,
    pub(crate) beside: Vec<String>,
    pub(crate) rejecting: Vec<String>,
    pub(crate) checking: Vec<String>,
    pub(crate) messages: Vec<String>,
    pub(crate) outcomes: Vec<String>,
    /// Lists that the rules of libraries name.
    pub(crate) lists: FxHashMap<String, Vec<String>>,
    #[serde(rename = "kind")]
    pub(crate) kinds: Vec<KindFacts>,
}

impl RiskWords {
    /// The words; `None` if they do not load, which a test rules out.
    pub(crate) fn load() -> Option<&'static Self> {
        static WORDS: LazyLock<Option<RiskWords>> =
            LazyLock::new(|| toml_edit::de::from_str(include_str!("../../../languages/risks.toml")).ok());
        WORDS.as_ref()
    }

    /// A list by its name.
    pub(crate) fn list(&self, name: &str) -> &[String] {
        self.lists.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Some words, with those of the lists that they name with `@`.
    pub(crate) fn spread<'w>(&'w self, words: &'w [String]) -> impl Iterator<Item = &'w str> {
        words.iter().flat_map(|word| {
            let list = word.strip_prefix('@').map(|it| self.list(it));
            list.unwrap_or(std::slice::from_ref(word)).iter().map(String::as_str)
        })
    }

    /// What is said of a kind.
    pub(crate) fn kind(&self, kind: RiskKind) -> Option<&KindFacts> {
        self.kinds.iter().find(|it| it.kind == kind)
    }
}
