//! What the rest may know of one file: a pure function of its path, its text and the configuration.

mod code;
mod data;
mod document;
mod identifiers;
mod lazy;
pub mod prose;
mod references;
pub mod runs;
pub mod suppression;
mod terms;

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use archwright_syntax::{Decoded, FileType, Span, data::SyntaxError, markdown::Document};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

pub use archwright_syntax::Spanned;
pub use code::{CodeFacts, Conduct, Deed};
pub use data::{AsyncApiFacts, SchemaFacts, has_schema_words, is_avro, is_schema, names_itself};
pub use document::{
    AdrFacts, Answer, ByRole, CatalogFacts, CatalogRow, ContractFacts, Definition, DocumentFacts, LinkFact, MarkedHead,
    Parsed, Placeholder, ReadmeFacts, RoleValue, Statement, Supersession, Topic, answers, destination, front_matter,
    is_listing, known, marked_head, name_before, names, number_like, number_of, owners, placeholders, target_of, teams,
    term_key, terms, tree, way,
};
pub use identifiers::{counts_from_nothing, declared_once, name_of_address};
pub use lazy::Lazy;
pub use references::{file_of_reference, refers_elsewhere, split_reference};
pub use suppression::Suppression;

use crate::{
    ContentHash, Kind, RelPath,
    conventions::{config::Config, dialect::DialectId, layout::Captures},
    key::Entry,
};

/// In which role a file speaks of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChannelRole {
    /// A contract document describes it.
    Contract,
    /// A design's boundary contracts name it.
    Design,
    /// A feature README says that it owns or uses it.
    Readme,
    /// An AsyncAPI document gives it as an address.
    AsyncApi,
    /// A schema file is named after it.
    Schema,
    /// Code sends to it.
    Send,
    /// Code receives from it.
    Receive,
}

/// What a file says of a channel. The promises are read as its own fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelMention {
    /// The channel's name.
    pub name: Spanned,
    /// Who speaks.
    pub role: ChannelRole,
    /// Most mentions promise nothing, and what can be promised takes four hundred bytes.
    promises: Option<Box<Promises>>,
}

/// What is promised of a channel. In boxes is what few mentions say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Promises {
    /// The ordering or partition key.
    pub ordering_key: Option<Spanned>,
    /// The key by which a repetition is known.
    pub idempotency_key: Option<Box<Spanned>>,
    /// The dead letter channel.
    pub dlq: Option<Spanned>,
    /// The retention. Of a binding it is the number as it is written; the text has its unit too: `604800000 ms`.
    pub retention: Option<Spanned>,
    /// The compatibility mode.
    pub compatibility: Option<Spanned>,
    /// How sensitive the messages are said to be.
    pub classification: Option<Box<Spanned>>,
    /// How the schema is said to grow.
    pub growth: Growth,
    /// Who answers for it.
    pub owner: Option<Box<Spanned>>,
    /// Who sends, as a contract writes it.
    pub producer: Option<Box<Spanned>>,
    /// Who receives, as a contract writes it.
    pub consumers: Option<Box<Spanned>>,
    /// Who answers for its dead letters.
    pub dlq_owner: Option<Box<Spanned>>,
    /// The number of partitions.
    pub partitions: Option<Box<Spanned>>,
    /// Numbers of instances that share the work of one consumer.
    pub instances: Vec<Spanned>,
    /// The messages on it, by name.
    pub messages: Vec<Spanned>,
    /// The envelope of its messages.
    pub envelope: Option<Box<Spanned>>,
    /// The delivery guarantee.
    pub delivery: Option<Box<Spanned>>,
    /// The status, of a contract.
    pub status: Option<Box<Spanned>>,
}

/// What a contract says of how its schema grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Growth {
    /// Consumers are updated before the producer sends anything new.
    pub consumers_first: bool,
    /// A new value of an enum opens a new channel, or enums are closed on purpose.
    pub enums_are_final: bool,
}

impl ChannelMention {
    /// A mention that says nothing but the name.
    pub fn new(name: Spanned, role: ChannelRole) -> Self {
        Self { name, role, promises: None }
    }

    /// A mention that says more.
    pub fn promising(name: Spanned, role: ChannelRole, promises: Promises) -> Self {
        let promises = (promises != Promises::default()).then(|| Box::new(promises));
        Self { name, role, promises }
    }

    fn hash(&self) -> u64 {
        let terms = [&self.ordering_key, &self.dlq, &self.retention, &self.compatibility].map(|it| it.as_ref());
        let rare = [
            &self.idempotency_key,
            &self.classification,
            &self.owner,
            &self.producer,
            &self.consumers,
            &self.dlq_owner,
            &self.partitions,
            &self.envelope,
            &self.delivery,
            &self.status,
        ]
        .map(|it| it.as_deref());
        let text = |it: Option<&'_ Spanned>| it.map(|it| crate::key::hash_of(&it.text));
        let terms = (terms.map(text), rare.map(text));
        let lists = [&self.instances, &self.messages].map(|it| it.iter().map(|it| &it.text).collect::<Vec<_>>());
        crate::key::hash_of(&(self.role, terms, self.growth, lists))
    }
}

impl std::ops::Deref for ChannelMention {
    type Target = Promises;

    fn deref(&self) -> &Promises {
        static NOTHING: Promises = Promises {
            ordering_key: None,
            idempotency_key: None,
            dlq: None,
            retention: None,
            compatibility: None,
            classification: None,
            growth: Growth { consumers_first: false, enums_are_final: false },
            owner: None,
            producer: None,
            consumers: None,
            dlq_owner: None,
            partitions: None,
            instances: Vec::new(),
            messages: Vec::new(),
            envelope: None,
            delivery: None,
            status: None,
        };
        self.promises.as_deref().unwrap_or(&NOTHING)
    }
}

/// How a file became what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OptIn {
    /// It lies where the layout says, or its front matter names the kind: the template holds.
    Yes,
    /// It only looks like the kind. Rules about templates are silent.
    No,
}

/// What kind of content a file has.
#[derive(Clone, Debug)]
pub enum Content {
    /// Markdown.
    Document(Box<DocumentFacts>),
    /// An AsyncAPI document.
    AsyncApi(Box<AsyncApiFacts>),
    /// A schema.
    Schema(Box<SchemaFacts>),
    /// Source code.
    Code(Box<CodeFacts>),
    /// Nothing that is understood.
    None,
}

/// Why a file's bytes could not be read as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Not UTF-8 from this byte on.
    NotUtf8 {
        /// Offset of the first bad byte.
        at: usize,
    },
    /// Binary content under the name of a text file.
    Binary,
    /// UTF-16.
    Utf16,
    /// Larger than the configured limit.
    TooLarge {
        /// Size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The system refuses.
    Io(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 { at } => write!(out, "is not UTF-8 text from byte {at} on; save it as UTF-8"),
            Self::Binary => out.write_str("is binary; save it as UTF-8 text"),
            Self::Utf16 => out.write_str("is UTF-16; save it as UTF-8 text"),
            Self::TooLarge { size, limit } => write!(
                out,
                "has {size} bytes and is not read, because the limit is {limit}; split it, or raise `max-file-size`"
            ),
            Self::Io(error) => write!(out, "cannot be read: {}", error.trim_end_matches('.')),
        }
    }
}

/// All that is known of one file.
#[derive(Clone, Debug)]
pub struct FileFacts {
    /// Where it is.
    pub path: RelPath,
    /// What it is.
    pub kind: Kind,
    /// How it became that.
    pub opt_in: OptIn,
    /// The dialect of a document.
    pub dialect: Option<DialectId>,
    /// What a document looks like that is of no kind: it lies where such documents lie, or has their sections.
    pub resembles: Option<Kind>,
    /// What its path says.
    pub captures: Captures,
    /// Its text; empty for files whose text nobody needs again.
    pub text: Arc<str>,
    /// What it contains.
    pub content: Content,
    /// What it says of channels.
    pub channels: Vec<ChannelMention>,
    /// What it contributes to the index, sorted by key.
    pub entries: Vec<Entry>,
    /// Where findings are allowed.
    pub suppressions: Vec<Suppression>,
    /// YAML and JSON errors.
    pub syntax_errors: Vec<SyntaxError>,
    /// Why there is no text.
    pub unreadable: Option<Box<Unreadable>>,
    /// The hash of the text, once somebody asked for it.
    hash: OnceLock<Box<ContentHash>>,
    /// Where in `channels` each of many is.
    channel_places: OnceLock<Box<ChannelPlaces>>,
}

type ChannelPlaces = FxHashMap<(ChannelRole, SmolStr), usize>;

/// What a source gives for a path.
#[derive(Clone, Debug)]
pub enum Loaded {
    /// Text.
    Text(Arc<str>),
    /// Something else, with what of it can be read, by which it may be told what it is.
    Unreadable(Unreadable, Arc<str>),
}

impl Loaded {
    /// Decodes a file's bytes.
    pub fn decode(bytes: &[u8]) -> Self {
        match Decoded::new(bytes) {
            Decoded::Text(text) => Self::Text(text.into()),
            Decoded::Invalid { before } => Self::Unreadable(Unreadable::NotUtf8 { at: before.len() }, before.into()),
            Decoded::Binary => Self::Unreadable(Unreadable::Binary, "".into()),
            Decoded::Utf16 { text } => Self::Unreadable(Unreadable::Utf16, text.into()),
        }
    }
}

impl FileFacts {
    /// What is known of the configuration file: its text, for its findings, and nothing that the index keeps.
    pub fn of_configuration(path: RelPath, text: Arc<str>) -> Self {
        Self {
            path,
            kind: Kind::Configuration,
            opt_in: OptIn::Yes,
            dialect: None,
            resembles: None,
            captures: Captures::default(),
            text,
            content: Content::None,
            channels: Vec::new(),
            entries: Vec::new(),
            suppressions: Vec::new(),
            syntax_errors: Vec::new(),
            unreadable: None,
            hash: OnceLock::new(),
            channel_places: OnceLock::new(),
        }
    }

    /// The Markdown document, if the file is one.
    pub fn document(&self) -> Option<&DocumentFacts> {
        match &self.content {
            Content::Document(it) => Some(it),
            _ => None,
        }
    }

    /// The Markdown tree, if the file is Markdown.
    pub fn markdown(&self) -> Option<&Document> {
        self.document().map(|it| &it.tree)
    }

    /// Drops what can be made again from the text.
    pub fn release(&mut self) {
        match &mut self.content {
            Content::Document(document) => document.parsed.release(),
            Content::AsyncApi(document) => document.tree.release(),
            Content::Schema(_) | Content::Code(_) | Content::None => {}
        }
    }

    /// Exchanges the paths that the index keeps for equal ones that are kept anyway.
    pub fn share_paths<'a>(&mut self, shared: impl Fn(&RelPath) -> Option<&'a RelPath>) {
        for entry in &mut self.entries {
            if let crate::key::Key::References(path) = &mut entry.key
                && let Some(known) = shared(path)
            {
                *path = known.clone();
            }
        }
    }

    /// The AsyncAPI facts, if the file is such a document.
    pub fn asyncapi(&self) -> Option<&AsyncApiFacts> {
        match &self.content {
            Content::AsyncApi(it) => Some(it),
            _ => None,
        }
    }

    /// What the code does, if the file is code that has to do with messages.
    pub fn code(&self) -> Option<&CodeFacts> {
        match &self.content {
            Content::Code(it) => Some(it),
            _ => None,
        }
    }

    /// The schema facts, if the file is a schema.
    pub fn schema(&self) -> Option<&SchemaFacts> {
        match &self.content {
            Content::Schema(it) => Some(it),
            _ => None,
        }
    }

    /// The title of a document, or the start of the file: where a finding about the whole file stands.
    pub fn title_span(&self) -> Span {
        let title = self.markdown().and_then(|it| it.sections.get(1)).map(|it| it.title);
        title.unwrap_or_else(|| Span::new(0, self.text.lines().next().map_or(0, str::len)))
    }

    /// The hash of the text, which edits are made against.
    pub fn hash(&self) -> ContentHash {
        **self.hash.get_or_init(|| Box::new(ContentHash::of(self.text.as_bytes())))
    }

    /// The text under a span.
    pub fn slice(&self, span: Span) -> &str {
        span.of(&self.text)
    }

    /// Whether the kind's template holds for this file.
    pub fn opted_in(&self) -> bool {
        self.opt_in == OptIn::Yes && self.kind.is_artifact()
    }

    /// Whether it is a document of a known kind, in whatever form.
    pub fn is_recognised(&self) -> bool {
        self.kind.is_artifact() && self.document().is_some()
    }

    /// The mention of a channel in a role.
    pub fn channel(&self, name: &str, role: ChannelRole) -> Option<&ChannelMention> {
        /// More than documents of people have; generated ones have thousands.
        const MANY: usize = 32;
        if self.channels.len() < MANY {
            return self.channels.iter().find(|it| it.role == role && it.name.text == name);
        }
        let places = self.channel_places.get_or_init(|| {
            let all = self.channels.iter().enumerate().rev();
            Box::new(all.map(|(at, it)| ((it.role, it.name.text.clone()), at)).collect())
        });
        self.channels.get(*places.get(&(role, SmolStr::new(name)))?)
    }
}

/// Whether files with this path are read at all: artifacts by path, Markdown, data files and code.
pub fn is_of_interest(path: &RelPath, config: &Config) -> bool {
    // Matching the layout costs most, so it comes last.
    path.file_type() == Some(FileType::Markdown)
        || code::language(path).is_some()
        || data::may_be_contract(path)
        || config.layout().classify(path).is_some()
}

/// Whether only a file's content can tell if it matters: data and schemas outside the layout, of which repositories
/// have many.
pub fn is_told_by_its_content(path: &RelPath, config: &Config) -> bool {
    data::may_be_contract(path) && !runs::tells_what_runs(path) && config.layout().classify(path).is_none()
}

/// The facts of a file.
pub fn extract(path: &RelPath, loaded: Loaded, config: &Config) -> FileFacts {
    let (text, unreadable) = match loaded {
        Loaded::Text(text) => (text, None),
        Loaded::Unreadable(why, text) => (text, Some(Box::new(why))),
    };
    // Spans would not be those of the bytes.
    let is_data = matches!(
        path.file_type(),
        Some(FileType::Yaml | FileType::Json | FileType::JsonSchema | FileType::Avro | FileType::Protobuf)
    );
    let is_other = unreadable.as_deref().is_some_and(|it| *it == Unreadable::Utf16) && !is_data;
    let text = if is_other { "".into() } else { text };
    let (kind, captures) = match config.layout().classify(path) {
        Some((kind, captures)) => (Some(kind), captures),
        None => (None, Captures::default()),
    };
    // A place of documents in forms of their own says what they are and holds them to no template.
    let named = || config.documents().classify(path).map(|it| it.0);
    let is_markdown = path.file_type() == Some(FileType::Markdown);
    let mut facts = FileFacts {
        path: path.clone(),
        kind: kind.or_else(|| is_markdown.then(named).flatten()).unwrap_or(Kind::Document),
        dialect: None,
        resembles: None,
        opt_in: if kind.is_some() { OptIn::Yes } else { OptIn::No },
        captures,
        text,
        content: Content::None,
        channels: Vec::new(),
        entries: Vec::new(),
        suppressions: Vec::new(),
        syntax_errors: Vec::new(),
        unreadable,
        hash: OnceLock::new(),
        channel_places: OnceLock::new(),
    };
    // The text of data is dropped as soon as it is known to be nothing else.
    let tells = is_data && facts.unreadable.is_none() && runs::tells_what_runs(path);
    let said_to_run = if tells { runs::entries(path, &facts.text) } else { Vec::new() };
    match path.file_type() {
        Some(FileType::Markdown) => document::extract(&mut facts, config),
        _ if is_data => data::extract(&mut facts, config),
        _ => code::extract(&mut facts),
    }
    facts.entries.extend(said_to_run);
    if let Some(feature) = &facts.captures.feature {
        facts
            .entries
            .push(Entry { key: crate::key::Key::Feature(feature.clone()), hash: crate::key::hash_of(&facts.kind) });
    }
    for mention in &facts.channels {
        let (name, hash) = (&mention.name.text, mention.hash());
        facts.entries.push(Entry { key: crate::key::Key::Channel(name.clone()), hash });
        if mention.role == ChannelRole::Contract {
            facts.entries.push(Entry { key: crate::key::Key::ContractsOf(name.clone()), hash });
        }
    }
    facts.entries.sort_by(|a, b| a.key.cmp(&b.key).then(a.hash.cmp(&b.hash)));
    facts.entries.shrink_to_fit();
    facts.channels.shrink_to_fit();
    facts
}
