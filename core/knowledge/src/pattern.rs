//! The pattern catalogue: a card for each (`patterns/<slug>.md`).

use std::{collections::HashMap, sync::OnceLock};

use archwright_syntax::{is_slip, nearest};
use smol_str::SmolStr;

use crate::{
    files,
    front::{self, Authority, Companion, Confusable, Reference},
    name,
    source::{self, Node},
};

/// The sections of a card's body, in their order.
pub const SECTIONS: [&str; 7] =
    ["Intent", "Use when", "Avoid when", "How it is built", "What to decide", "Failure modes", "Prove it"];

/// Where a pattern belongs in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Ways to connect systems at all (A-281).
    IntegrationStyle,
    /// The building blocks every messaging system has (A-282).
    MessagingFoundation,
    /// Kinds of channel (A-283).
    MessagingChannel,
    /// What a message is for and what it carries (A-284).
    MessageConstruction,
    /// How a message finds its way (A-285).
    MessageRouting,
    /// How a message changes on its way (A-286).
    MessageTransformation,
    /// How an application meets a channel (A-287).
    MessageEndpoint,
    /// How a running messaging system is watched and steered (A-288).
    SystemManagement,
    /// Where one service ends and the next begins (A-290).
    Boundary,
    /// How a fault or an overload stays small (A-290).
    Resilience,
    /// How capacity grows (A-290).
    Scaling,
    /// Where data lives and how copies follow it (A-290, A-291).
    Data,
    /// How several processes agree (A-290).
    Coordination,
    /// How a system is released, shared and observed (A-290).
    Operations,
}

impl Group {
    /// Every group, in catalogue order.
    pub const ALL: [Self; 14] = [
        Self::IntegrationStyle,
        Self::MessagingFoundation,
        Self::MessagingChannel,
        Self::MessageConstruction,
        Self::MessageRouting,
        Self::MessageTransformation,
        Self::MessageEndpoint,
        Self::SystemManagement,
        Self::Boundary,
        Self::Resilience,
        Self::Scaling,
        Self::Data,
        Self::Coordination,
        Self::Operations,
    ];

    /// The identifier that front matter uses: `message-endpoint`.
    pub fn id(self) -> &'static str {
        match self {
            Self::IntegrationStyle => "integration-style",
            Self::MessagingFoundation => "messaging-foundation",
            Self::MessagingChannel => "messaging-channel",
            Self::MessageConstruction => "message-construction",
            Self::MessageRouting => "message-routing",
            Self::MessageTransformation => "message-transformation",
            Self::MessageEndpoint => "message-endpoint",
            Self::SystemManagement => "system-management",
            Self::Boundary => "boundary",
            Self::Resilience => "resilience",
            Self::Scaling => "scaling",
            Self::Data => "data",
            Self::Coordination => "coordination",
            Self::Operations => "operations",
        }
    }

    /// The name for readers: `message endpoint`.
    pub fn title(self) -> String {
        self.id().replace('-', " ")
    }

    /// The group with this identifier.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.id() == id)
    }
}

/// How a name is recognised in running text. Hover on an everyday word would be wrong more often than right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prose {
    /// In any letter case: names of several words.
    Any,
    /// Only with the capitals of the name: single words, acronyms and everyday phrases.
    Capitalized,
    /// Never: the word means too much else. Such names still resolve when asked for.
    Never,
}

/// One named pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Identity and file name: `idempotent-receiver`.
    pub slug: SmolStr,
    /// Canonical name: `Idempotent Receiver`.
    pub name: SmolStr,
    /// Where it belongs.
    pub group: Group,
    /// Other names that mean the same.
    pub aliases: Vec<SmolStr>,
    /// What it does, as one sentence.
    pub summary: SmolStr,
    /// The card: Markdown without front matter, with the headings of [`SECTIONS`].
    pub body: &'static str,
    /// Patterns a design must name beside this one (A-299).
    pub companions: Vec<Companion>,
    /// Slugs of patterns and cards worth reading next.
    pub related: Vec<SmolStr>,
    /// Catalogue rows it comes from.
    pub sources: Vec<SmolStr>,
    /// Books and specifications.
    pub references: Vec<Reference>,
    /// Who named it.
    pub authorities: Vec<Authority>,
    /// What it is easily taken for.
    pub not_to_confuse: Vec<Confusable>,
    /// Codes of the rules whose findings it helps to mend.
    pub rules: Vec<SmolStr>,
    /// Names that resolve when asked for but are too common to be seen as a mention in running text.
    pub quiet: Vec<SmolStr>,
    pub(crate) prose: Option<Prose>,
}

impl Pattern {
    /// The text of one section of the card, without its heading.
    pub fn section(&self, heading: &str) -> Option<&'static str> {
        front::section(self.body, heading)
    }

    /// The canonical name and every alias, without the quiet ones.
    pub fn names(&self) -> impl Iterator<Item = &SmolStr> {
        std::iter::once(&self.name).chain(&self.aliases)
    }
}

struct Catalogue {
    patterns: Vec<Pattern>,
    by_key: HashMap<String, usize>,
}

/// Every named pattern, sorted by group and name.
pub fn patterns() -> &'static [Pattern] {
    &catalogue().patterns
}

/// The pattern with this name, alias or slug. Letter case, hyphens and plural do not matter, nor does a closing
/// "pattern".
///
/// ```
/// use archwright_knowledge::pattern;
///
/// let outbox = pattern("transactional-outbox").unwrap();
/// assert_eq!(outbox.name, "Transactional Outbox");
/// assert_eq!(pattern("Transactional Outbox pattern"), Some(outbox));
/// assert_eq!(pattern("Order Placed"), None);
/// ```
pub fn pattern(name: &str) -> Option<&'static Pattern> {
    let catalogue = catalogue();
    let key = name::key(name);
    let at = catalogue.by_key.get(&key).or_else(|| catalogue.by_key.get(key.strip_suffix(" pattern")?))?;
    catalogue.patterns.get(*at)
}

/// The pattern whose name or alias was probably meant by `name`, for "did you mean". These are ordinary words, so that
/// it must be a slip ([`is_slip`]).
pub fn nearest_pattern(name: &str) -> Option<&'static Pattern> {
    if let Some(exact) = pattern(name) {
        return Some(exact);
    }
    let catalogue = catalogue();
    let key = name::key(name);
    let key = key.strip_suffix(" pattern").unwrap_or(&key);
    let meant = nearest(key, catalogue.by_key.keys().map(String::as_str)).filter(|it| is_slip(it, key))?;
    catalogue.patterns.get(*catalogue.by_key.get(meant)?)
}

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let mut patterns: Vec<Pattern> = files::skill_files().filter_map(|it| card(it.path, it.text)).collect();
        patterns.sort_by(|a, b| (a.group, &a.name).cmp(&(b.group, &b.name)));
        let mut by_key = HashMap::new();
        for (at, pattern) in patterns.iter().enumerate() {
            for name in pattern.names().chain(&pattern.quiet).chain([&pattern.slug]) {
                by_key.entry(name::key(name)).or_insert(at);
            }
        }
        Catalogue { patterns, by_key }
    })
}

/// The pattern of a card file; nothing for other files and for cards with incomplete front matter.
fn card(path: &str, text: &'static str) -> Option<Pattern> {
    let slug = path.strip_prefix("knowledge/patterns/")?.strip_suffix(".md")?;
    let split = source::split(text)?;
    let tree = source::yaml(split.front);
    read(tree.root()?, slug.into(), split.body)
}

fn read(node: Node<'_>, slug: SmolStr, body: &'static str) -> Option<Pattern> {
    Some(Pattern {
        slug,
        name: source::text(node, "name")?,
        group: Group::from_id(&source::text(node, "group")?)?,
        aliases: source::texts(node, "aliases"),
        quiet: source::texts(node, "quiet"),
        summary: source::text(node, "summary")?,
        body,
        companions: front::companions(node),
        related: source::texts(node, "related"),
        sources: source::texts(node, "sources"),
        references: front::references(node),
        authorities: front::authorities(node),
        not_to_confuse: front::confusables(node),
        rules: source::texts(node, "rules"),
        prose: match source::text(node, "prose").as_deref() {
            Some("capitalized") => Some(Prose::Capitalized),
            Some("never") => Some(Prose::Never),
            _ => None,
        },
    })
}
