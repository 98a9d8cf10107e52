//! The cards of every kind beside patterns: files (`<folder of the kind>/<slug>.md`), and those made from data.

use std::{borrow::Cow, collections::HashMap, sync::OnceLock};

use archwright_syntax::{Span, is_slip, nearest};
use smol_str::SmolStr;

use crate::{
    derived, files,
    front::{self, Authority, Companion, Confusable, Reference},
    kind::{CARD_KINDS, CardKind},
    lexicon,
    mention::Matcher,
    name,
    pattern::{Prose, pattern},
    source,
};

/// One card: what is known of a failure mode, a platform, a decision ...
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Identity and file name: `retry-storm`. No pattern has the same.
    pub slug: SmolStr,
    /// Canonical name: `Retry Storm`.
    pub name: SmolStr,
    /// What it is.
    pub kind: &'static CardKind,
    /// Other names that mean the same.
    pub aliases: Vec<SmolStr>,
    /// What it is about, as one sentence.
    pub summary: SmolStr,
    /// Markdown with the headings of its kind; none for terms.
    pub body: Cow<'static, str>,
    /// What must stand beside it.
    pub companions: Vec<Companion>,
    /// Slugs of patterns and cards worth reading next.
    pub related: Vec<SmolStr>,
    /// Catalogue rows it comes from.
    pub sources: Vec<SmolStr>,
    /// Books, specifications and manuals.
    pub references: Vec<Reference>,
    /// Who named it.
    pub authorities: Vec<Authority>,
    /// What it is easily taken for.
    pub not_to_confuse: Vec<Confusable>,
    /// Codes of the rules whose findings it helps to mend.
    pub rules: Vec<SmolStr>,
    pub(crate) prose: Prose,
}

impl Card {
    /// The canonical name and every alias.
    pub fn names(&self) -> impl Iterator<Item = &SmolStr> {
        std::iter::once(&self.name).chain(&self.aliases)
    }

    /// The file below `skills/knowledge` that it comes from: `failures/retry-storm.md`, `runbooks.yaml`.
    pub fn file(&self) -> String {
        match self.kind.data {
            Some(data) => data.to_owned(),
            None => format!("{}/{}.md", self.kind.folder, self.slug),
        }
    }

    /// The text of one section, without its heading.
    pub fn section(&self, heading: &str) -> Option<&str> {
        front::section(&self.body, heading)
    }
}

struct Cards {
    all: Vec<Card>,
    by_key: HashMap<String, usize>,
}

/// Every card, sorted by kind and name.
pub fn cards() -> &'static [Card] {
    &load().all
}

/// The cards of a kind, sorted by name.
pub fn cards_of(kind: &CardKind) -> impl Iterator<Item = &'static Card> {
    cards().iter().filter(move |it| it.kind == kind)
}

/// The card with this name, alias or slug, or of the technology of this name. Letter case, hyphens and plural do not
/// matter.
///
/// ```
/// use archwright_knowledge::card;
///
/// assert_eq!(card("sqs").unwrap().name, "Amazon SQS");
/// assert_eq!(card("retry storms").unwrap().kind.noun, "failure mode");
/// assert_eq!(card("Order Placed"), None);
/// ```
pub fn card(name: &str) -> Option<&'static Card> {
    let cards = load();
    let by_key = |name: &str| cards.by_key.get(&name::key(name));
    let at = by_key(name).or_else(|| by_key(&lexicon::technology(name)?.name))?;
    cards.all.get(*at)
}

/// The card whose name was probably meant by `name`, for "did you mean". Terms of one word are too near to each other
/// and to the words of other names.
pub fn nearest_card(name: &str) -> Option<&'static Card> {
    if let Some(exact) = card(name) {
        return Some(exact);
    }
    let cards = load();
    let key = name::key(name);
    let is_word = |at: usize| cards.all.get(at).is_some_and(|it| it.kind.sections.is_empty() && !it.name.contains(' '));
    let named = cards.by_key.iter().filter(|it| !is_word(*it.1)).map(|it| it.0.as_str());
    let meant = nearest(&key, named).filter(|it| is_slip(it, &key))?;
    cards.all.get(*cards.by_key.get(meant)?)
}

/// The name of the pattern or card with this slug.
pub fn title(slug: &str) -> Option<&'static str> {
    pattern(slug).map(|it| it.name.as_str()).or_else(|| card(slug).map(|it| it.name.as_str()))
}

/// The cards that a text names beyond doubt, in order and without overlap: technologies, terms of several words, and
/// the names whose front matter says that they count in running text.
pub fn card_mentions(text: &str) -> Vec<(Span, &'static Card)> {
    static MATCHER: OnceLock<Matcher<&'static Card>> = OnceLock::new();
    let matcher = MATCHER.get_or_init(|| {
        let mut terms = Vec::new();
        for card in cards().iter().filter(|it| it.prose != Prose::Never) {
            // Of the terms, those of one word are everyday words too, and "at least once" is a phrase.
            let counts = |it: &&SmolStr| !card.kind.sections.is_empty() || it.contains(' ');
            for name in card.names().filter(counts) {
                terms.push((name.to_string(), card.prose, card));
                terms.push((name::other_number(name), card.prose, card));
            }
        }
        Matcher::new(terms)
    });
    let technologies = lexicon::technologies_in(text).into_iter();
    let platforms = technologies.filter_map(|(span, it)| Some((span, card(&it.name)?)));
    let mut found: Vec<_> = matcher.find(text).chain(platforms).collect();
    found.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    let mut end = 0;
    found.retain(|(span, _)| {
        let is_free = span.start >= end;
        if is_free {
            end = span.end;
        }
        is_free
    });
    found
}

fn load() -> &'static Cards {
    static CARDS: OnceLock<Cards> = OnceLock::new();
    CARDS.get_or_init(|| {
        let mut all: Vec<Card> = files::skill_files().filter_map(|it| of_file(it.path, it.text)).collect();
        all.extend(derived::incidents());
        all.extend(derived::tiers());
        let taken: Vec<String> = all.iter().flat_map(Card::names).map(|it| name::key(it)).collect();
        // What has a card or is a pattern is told better there.
        let is_free = |it: &SmolStr| pattern(it).is_none() && !taken.contains(&name::key(it));
        all.extend(derived::terms().filter(|it| it.names().all(is_free)));
        let order = |it: &Card| CARD_KINDS.iter().position(|kind| kind == it.kind);
        all.sort_by(|a, b| (order(a), &a.name).cmp(&(order(b), &b.name)));
        let mut by_key = HashMap::new();
        for (at, card) in all.iter().enumerate() {
            for name in card.names().chain([&card.slug]) {
                by_key.entry(name::key(name)).or_insert(at);
            }
        }
        Cards { all, by_key }
    })
}

/// The card of a file; nothing for other files and for those with incomplete front matter.
fn of_file(path: &str, text: &'static str) -> Option<Card> {
    let (folder, file) = path.strip_prefix("knowledge/")?.split_once('/')?;
    let slug = file.strip_suffix(".md")?;
    let split = source::split(text)?;
    let tree = source::yaml(split.front);
    let node = tree.root()?;
    let kind = CardKind::from_id(&source::text(node, "kind")?).filter(|it| it.folder == folder)?;
    let mut body = Cow::Borrowed(split.body);
    if let Some(code) = source::text(node, "proof") {
        body.to_mut().push_str(&derived::proof(&code)?);
    }
    Some(Card {
        slug: slug.into(),
        name: source::text(node, "name")?,
        kind,
        aliases: source::texts(node, "aliases"),
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
            Some("any") => Prose::Any,
            Some("capitalized") => Prose::Capitalized,
            _ => Prose::Never,
        },
    })
}
