//! What is known about one language: its grammar, its queries, and its client libraries (see `languages/README.md`).

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;
use smol_str::SmolStr;
use tree_sitter::Query;

pub(crate) use crate::operation::{Argument, On, Operation, Place, Step};
use crate::{
    discover::risks::facts::{Handling, HandsBack, RiskRule},
    flow::{Acknowledges, SettingMeaning},
};

/// One language's facts, loaded once.
pub(crate) struct Facts {
    pub(crate) grammar: tree_sitter::Language,
    pub(crate) query: Query,
    pub(crate) captures: Captures,
    pub(crate) syntax: Syntax,
    pub(crate) libraries: Vec<&'static Library>,
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
    /// Modules below them that another package brings.
    #[serde(default)]
    pub(crate) apart: Vec<String>,
    /// Types, constructors and factories of clients.
    pub(crate) clients: Vec<String>,
    /// Words that people call clients by.
    pub(crate) receivers: Vec<String>,
    pub(crate) operations: Vec<Operation>,
    /// The broker it speaks to, if it speaks to one only.
    #[serde(default)]
    pub(crate) broker: SmolStr,
    /// Its names in manifests; a name that ends with `*` stands for all that start so.
    #[serde(default)]
    pub(crate) packages: Vec<String>,
    /// The schemes and functions of addresses that are channels, if there are others.
    #[serde(default)]
    pub(crate) schemes: Vec<String>,
    /// What it sends is committed with the database, so that sending beside a write is no dual write.
    #[serde(default)]
    pub(crate) outbox: bool,
    /// Calls by which a service has it so.
    #[serde(default)]
    pub(crate) commits: Vec<String>,
    /// Code that uses it, which a test reads.
    #[serde(default)]
    #[cfg_attr(not(test), expect(dead_code, reason = "only a test reads examples"))]
    pub(crate) examples: Vec<Example>,
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
    /// How it hands out messages and learns what became of them.
    #[serde(default)]
    pub(crate) handling: Option<Handling>,
    /// What its calls that send hand back.
    #[serde(default)]
    pub(crate) hands_back: HandsBack,
    /// Those of its calls that send for which this holds; all if there are none.
    #[serde(default)]
    pub(crate) outcomes: Vec<String>,
    /// Calls and settings that are a risk.
    #[serde(default)]
    pub(crate) risks: Vec<RiskRule>,
}

/// Code, and what is to be found in it.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "only a test reads examples"))]
pub(crate) struct Example {
    pub(crate) code: String,
    /// The sends and receives, such as `send orders`; `?` stands for a channel that cannot be known.
    pub(crate) finds: Vec<String>,
    /// The risks, such as `auto-ack 12`; nothing if only sends and receives are asked for.
    #[serde(default)]
    pub(crate) risks: Option<Vec<String>>,
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

/// What functions do with values, see `languages/values.toml`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct ValueWords {
    pub(crate) settings: Vec<String>,
    pub(crate) reads: Vec<String>,
    pub(crate) defaults: Vec<String>,
    pub(crate) through: Vec<String>,
    pub(crate) itself: Vec<String>,
    pub(crate) addresses: Vec<String>,
    pub(crate) configs: Vec<String>,
    pub(crate) hand_first: Vec<String>,
    pub(crate) hand_second: Vec<String>,
    pub(crate) waits: Vec<String>,
    pub(crate) elements: Vec<String>,
    pub(crate) converting: Vec<String>,
    pub(crate) around: Vec<String>,
    pub(crate) plain: Vec<String>,
    pub(crate) channels: Vec<String>,
    pub(crate) senders: Vec<String>,
    pub(crate) receivers: Vec<String>,
    pub(crate) sending: Vec<String>,
    pub(crate) handling: Vec<String>,
    pub(crate) keeping: Vec<String>,
    pub(crate) doubles: Vec<String>,
    pub(crate) envelopes: Vec<String>,
    pub(crate) tables: Vec<String>,
    pub(crate) first: Vec<String>,
    pub(crate) made_of: Vec<String>,
    pub(crate) checks: Vec<String>,
}

impl ValueWords {
    /// The words; `None` if they do not load, which a test rules out.
    pub(crate) fn load() -> Option<&'static Self> {
        static WORDS: LazyLock<Option<ValueWords>> =
            LazyLock::new(|| toml_edit::de::from_str(include_str!("../languages/values.toml")).ok());
        WORDS.as_ref()
    }
}

/// Whether a name is one of some words of [`ValueWords`].
pub(crate) fn is_known(name: &str, words: fn(&ValueWords) -> &[String]) -> bool {
    ValueWords::load().is_some_and(|it| words(it).iter().any(|it| it == name))
}

/// How a package of another repository is told that stands around a client, see `languages/packages.toml`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackageWords {
    pub(crate) telling: Vec<String>,
    pub(crate) vague: Vec<String>,
    pub(crate) actors: Vec<String>,
    pub(crate) inside: Vec<String>,
    pub(crate) sends: Vec<String>,
    pub(crate) receives: Vec<String>,
    pub(crate) follow: Vec<String>,
    pub(crate) channels: Vec<String>,
    pub(crate) named: Vec<String>,
    pub(crate) brokers: Vec<String>,
    pub(crate) clients: Vec<String>,
    pub(crate) stores: Vec<String>,
    pub(crate) ports: Vec<String>,
    pub(crate) schemes: Vec<String>,
    /// What stands for the library, of which nothing is known.
    pub(crate) library: Library,
}

impl PackageWords {
    /// The words; `None` if they do not load, which a test rules out.
    pub(crate) fn load() -> Option<&'static Self> {
        static WORDS: LazyLock<Option<PackageWords>> =
            LazyLock::new(|| toml_edit::de::from_str(include_str!("../languages/packages.toml")).ok());
        WORDS.as_ref()
    }
}

/// How code writes to a database, see `languages/writes.toml`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteWords {
    pub(crate) methods: Vec<String>,
    pub(crate) starts: Vec<String>,
    pub(crate) stores: Vec<String>,
    pub(crate) stores_of_dotnet: Vec<String>,
    pub(crate) surely: Vec<String>,
    pub(crate) nowhere: Vec<String>,
    pub(crate) unsure: Vec<String>,
    pub(crate) types: Vec<String>,
    pub(crate) records: Vec<String>,
    pub(crate) record_methods: Vec<String>,
    pub(crate) record_packages: Vec<String>,
    pub(crate) model_clients: Vec<String>,
    pub(crate) model_packages: Vec<String>,
    pub(crate) committed: Vec<String>,
    pub(crate) others: Vec<String>,
    pub(crate) outbox: Vec<String>,
    pub(crate) aside: Vec<String>,
    pub(crate) tools: Vec<String>,
}

impl WriteWords {
    /// The words; `None` if they do not load, which a test rules out.
    pub(crate) fn load() -> Option<&'static Self> {
        static WORDS: LazyLock<Option<WriteWords>> =
            LazyLock::new(|| toml_edit::de::from_str(include_str!("../languages/writes.toml")).ok());
        WORDS.as_ref()
    }
}

/// The client libraries of all languages, each with the folder of its language.
pub(crate) fn libraries() -> &'static [(&'static str, Library)] {
    static LIBRARIES: LazyLock<Vec<(&'static str, Library)>> = LazyLock::new(|| {
        let read = |it: &(&'static str, &str, &str)| Some((it.0, toml_edit::de::from_str(it.2).ok()?));
        CLIENTS.iter().filter_map(read).collect()
    });
    &LIBRARIES
}

include!(concat!(env!("OUT_DIR"), "/clients.rs"));

/// The word that pattern comments start with.
pub(crate) const PATTERN: &str = "Pattern:";

impl Facts {
    pub(crate) fn load(
        grammar: tree_sitter::Language,
        queries: &str,
        syntax: &str,
        folder: &str,
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
        let libraries: Vec<_> = libraries().iter().filter(|it| it.0 == folder).map(|it| &it.1).collect();
        let modules = libraries.iter().flat_map(|it| &it.imports).map(String::as_str);
        let needles = AhoCorasick::new(modules.chain([PATTERN])).map_err(|it| it.to_string())?;
        Ok(Self { grammar, query, captures, syntax, libraries, needles })
    }

    /// The libraries that a module belongs to.
    pub(crate) fn libraries_of(&self, module: &str) -> impl Iterator<Item = &'static Library> {
        let covers = move |name: &String| {
            let rest = module.strip_prefix(name.as_str());
            rest.is_some_and(|it| it.is_empty() || it.starts_with(&self.syntax.module_separator))
        };
        let is_of = move |it: &&'static Library| it.imports.iter().any(covers) && !it.apart.iter().any(covers);
        self.libraries.iter().copied().filter(is_of)
    }
}
