//! What is known about one language: its grammar, its queries, and its client libraries (see `languages/README.md`).

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;
use smol_str::SmolStr;
use tree_sitter::Query;

use crate::{
    Action,
    flow::{Acknowledges, SettingMeaning},
};

/// One language's facts, loaded once.
pub(crate) struct Facts {
    pub(crate) grammar: tree_sitter::Language,
    pub(crate) query: Query,
    pub(crate) captures: Captures,
    pub(crate) syntax: Syntax,
    pub(crate) libraries: Vec<Library>,
    /// Finds the names of the libraries' modules, and the word that pattern comments start with.
    pub(crate) needles: AhoCorasick,
}

/// The numbers of the captures in the query; a language need not have all.
pub(crate) struct Captures {
    pub(crate) import: Option<u32>,
    pub(crate) call: Option<u32>,
    pub(crate) method: Option<u32>,
    pub(crate) receiver: Option<u32>,
    pub(crate) arguments: Option<u32>,
    pub(crate) name: Option<u32>,
    pub(crate) value: Option<u32>,
    pub(crate) ty: Option<u32>,
    pub(crate) scope: Option<u32>,
    pub(crate) comment: Option<u32>,
}

/// The kinds of nodes the grammar has for what the scanner reads.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Syntax {
    /// What stands between a module and its submodules in an import.
    pub(crate) module_separator: String,
    pub(crate) strings: Vec<String>,
    /// The text in a string, without quotes.
    pub(crate) string_contents: Vec<String>,
    pub(crate) escapes: Vec<String>,
    /// Parts of a string that are computed.
    pub(crate) interpolations: Vec<String>,
    pub(crate) names: Vec<String>,
    /// `object.name`
    pub(crate) members: Vec<String>,
    pub(crate) lists: Vec<String>,
    pub(crate) objects: Vec<String>,
    /// A key and a value in an object: its first and last child.
    pub(crate) entries: Vec<String>,
    /// A name in an object that is key and value.
    pub(crate) shorthand_entries: Vec<String>,
    /// A name and a value in the arguments of a call: its first and last child.
    pub(crate) keyword_arguments: Vec<String>,
    pub(crate) calls: Vec<String>,
    /// What can be taken off around a value: its first child is meant.
    pub(crate) wrappers: Vec<String>,
    /// Types that say nothing.
    pub(crate) untyped: Vec<String>,
    pub(crate) flow: FlowSyntax,
}

/// The kinds of nodes by which the order of steps is read.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlowSyntax {
    pub(crate) functions: Vec<String>,
    pub(crate) loops: Vec<String>,
    /// Loops over the elements of something.
    pub(crate) each: Vec<String>,
    pub(crate) conditions: Vec<String>,
    /// What leaves a loop.
    pub(crate) exits: Vec<String>,
    /// Those of them that hand a failure on.
    pub(crate) raises: Vec<String>,
    pub(crate) catches: Vec<String>,
    pub(crate) awaits: Vec<String>,
    /// A call that stands alone.
    pub(crate) statements: Vec<String>,
    /// Words before a value that nobody wants.
    pub(crate) detached: Vec<String>,
    /// What counts.
    pub(crate) updates: Vec<String>,
    pub(crate) assignments: Vec<String>,
    pub(crate) comparisons: Vec<String>,
    /// What has an operator.
    pub(crate) operations: Vec<String>,
    pub(crate) literals: Vec<String>,
    /// Parts of a literal that bring entries nobody can see.
    pub(crate) spreads: Vec<String>,
    /// Names in a pattern that take the entry of that name.
    pub(crate) patterns: Vec<String>,
    pub(crate) subscripts: Vec<String>,
    pub(crate) numbers: Vec<String>,
    /// What stands for no value.
    pub(crate) nothing: Vec<String>,
    /// Conditions that always hold.
    pub(crate) forever: Vec<String>,
}

/// A client library.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Library {
    /// The name its ecosystem knows it by.
    pub(crate) name: SmolStr,
    /// The modules that a file imports to use it; submodules count.
    pub(crate) imports: Vec<String>,
    /// Types, constructors and factories of clients.
    pub(crate) clients: Vec<String>,
    /// Words that people call clients by.
    pub(crate) receivers: Vec<String>,
    pub(crate) operations: Vec<Operation>,
    /// The entries and keywords that carry the key of a message.
    #[serde(default)]
    pub(crate) keys: Vec<String>,
    /// The entries by which an object is told to be a message.
    #[serde(default)]
    pub(crate) values: Vec<String>,
    /// The place of the key among the arguments of a call that sends.
    #[serde(default)]
    pub(crate) key_at: Option<usize>,
    /// When it tells the broker that a message is handled, if the code does not.
    #[serde(default)]
    pub(crate) acknowledges: Acknowledges,
    #[serde(default)]
    pub(crate) acks: Vec<Ack>,
    #[serde(default)]
    pub(crate) settings: Vec<SettingRule>,
}

/// Calls that tell the broker that a message is handled.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ack {
    pub(crate) methods: Vec<String>,
    #[serde(default)]
    pub(crate) on: On,
    /// Words that people call the receivers by, besides those of the clients.
    #[serde(default)]
    pub(crate) receivers: Vec<String>,
}

/// A setting on which it depends what is lost.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingRule {
    pub(crate) name: SmolStr,
    pub(crate) means: SettingMeaning,
    /// Values that lose something.
    #[serde(default)]
    pub(crate) bad: Vec<String>,
    /// Values that lose nothing; any other value is good if there are none.
    #[serde(default)]
    pub(crate) good: Vec<String>,
    /// What holds where it is not set.
    pub(crate) absent: Absent,
    /// Another setting that makes up for it.
    #[serde(default)]
    pub(crate) unless: Option<String>,
    /// The calls whose argument it is; any if there are none.
    #[serde(default)]
    pub(crate) of: Vec<String>,
}

/// What holds where nothing is said.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Debug)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Absent {
    Bad,
    Good,
}

/// Words by which steps are told in any language, see `languages/flow.toml`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct FlowWords {
    pub(crate) outbox: Vec<String>,
    pub(crate) inbox: Vec<String>,
    pub(crate) dead_letters: Vec<String>,
    pub(crate) quiet: Vec<String>,
    pub(crate) telling: Vec<String>,
    pub(crate) waits: Vec<String>,
    pub(crate) random: Vec<String>,
    pub(crate) growing: Vec<String>,
    pub(crate) growing_operators: Vec<String>,
    pub(crate) background: Vec<String>,
    pub(crate) counted: Vec<String>,
    pub(crate) endless: Vec<String>,
    pub(crate) attempts: Vec<String>,
    pub(crate) infinite: Vec<String>,
    pub(crate) writes: Vec<String>,
    pub(crate) volatile: Vec<String>,
    pub(crate) keys: Vec<String>,
    pub(crate) key_columns: Vec<String>,
    pub(crate) key_parameters: Vec<String>,
    pub(crate) idempotency: Vec<String>,
    #[serde(rename = "setting")]
    pub(crate) settings: Vec<SettingRule>,
}

impl FlowWords {
    /// The words; `None` if they do not load, which a test rules out.
    pub(crate) fn load() -> Option<&'static Self> {
        static WORDS: LazyLock<Option<FlowWords>> =
            LazyLock::new(|| toml_edit::de::from_str(include_str!("../languages/flow.toml")).ok());
        WORDS.as_ref()
    }
}

/// A call that sends or receives.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operation {
    pub(crate) action: Action,
    /// The methods, functions or constructors it goes by.
    pub(crate) methods: Vec<String>,
    /// Where the channel may stand in the arguments; the first place that holds a name wins.
    pub(crate) channel: Vec<Place>,
    #[serde(default)]
    pub(crate) on: On,
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
#[derive(Deserialize, Debug, PartialEq, Eq)]
#[serde(try_from = "String")]
pub(crate) struct Place {
    pub(crate) argument: Argument,
    pub(crate) steps: Vec<Step>,
}

/// Which argument.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Argument {
    /// By position, from 0.
    At(usize),
    /// Every one by position.
    All,
    /// By keyword.
    Keyword(String),
}

/// A step into a value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The value of a key.
    Key(String),
    /// Each element.
    Each,
}

impl TryFrom<String> for Place {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let end = text.find(['.', '[']).unwrap_or(text.len());
        let (argument, mut rest) = text.split_at(end);
        let argument = match argument.strip_suffix('=') {
            Some(name) if !name.is_empty() => Argument::Keyword(name.to_owned()),
            _ if argument == "*" => Argument::All,
            _ => Argument::At(argument.parse().map_err(|_| format!("`{text}` starts with no argument"))?),
        };
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if let Some(tail) = rest.strip_prefix("[]") {
                steps.push(Step::Each);
                rest = tail;
            } else {
                let tail =
                    rest.strip_prefix('.').ok_or_else(|| format!("`{text}` goes on with neither `.key` nor `[]`"))?;
                let end = tail.find(['.', '[']).unwrap_or(tail.len());
                steps.push(Step::Key(tail.get(..end).unwrap_or_default().to_owned()));
                rest = tail.get(end..).unwrap_or_default();
            }
        }
        Ok(Self { argument, steps })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Libraries {
    library: Vec<Library>,
}

/// The word that pattern comments start with.
pub(crate) const PATTERN: &str = "Pattern:";

impl Facts {
    pub(crate) fn load(
        grammar: tree_sitter::Language,
        queries: &str,
        syntax: &str,
        libraries: &str,
    ) -> Result<Self, String> {
        let query = Query::new(&grammar, queries).map_err(|it| it.to_string())?;
        let capture = |name: &str| query.capture_index_for_name(name);
        let captures = Captures {
            import: capture("import"),
            call: capture("call"),
            method: capture("method"),
            receiver: capture("receiver"),
            arguments: capture("arguments"),
            name: capture("name"),
            value: capture("value"),
            ty: capture("type"),
            scope: capture("scope"),
            comment: capture("comment"),
        };
        let syntax = toml_edit::de::from_str(syntax).map_err(|it| it.to_string())?;
        let libraries = toml_edit::de::from_str::<Libraries>(libraries).map_err(|it| it.to_string())?.library;
        let modules = libraries.iter().flat_map(|it| &it.imports).map(String::as_str);
        let needles = AhoCorasick::new(modules.chain([PATTERN])).map_err(|it| it.to_string())?;
        Ok(Self { grammar, query, captures, syntax, libraries, needles })
    }

    /// The libraries that a module belongs to.
    pub(crate) fn libraries_of(&self, module: &str) -> impl Iterator<Item = &Library> {
        let covers = move |name: &String| {
            let rest = module.strip_prefix(name.as_str());
            rest.is_some_and(|it| it.is_empty() || it.starts_with(&self.syntax.module_separator))
        };
        self.libraries.iter().filter(move |it| it.imports.iter().any(covers))
    }
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
        for wrong in ["", "topic", "=", "0[", "0]", "-1"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
