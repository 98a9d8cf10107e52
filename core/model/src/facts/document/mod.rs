//! Facts of Markdown artifacts: sections, fields, links, and what each kind says beyond that.

mod adr;
mod by_role;
mod catalog;
mod channels;
mod checklist;
mod front_matter;
mod links;
mod named;
mod placeholders;
mod recognise;
mod relations;
mod statements;

use std::sync::Arc;

use archwright_syntax::{
    Span,
    markdown::{self, Document},
};
use smol_str::SmolStr;

pub use adr::{AdrFacts, number_like, number_of};
pub use by_role::{ByRole, RoleValue};
pub use catalog::{CatalogFacts, CatalogRow, ReadmeFacts, is_listing};
pub use channels::ContractFacts;
pub use checklist::{Answer, answers};
pub use front_matter::front_matter;
pub use links::LinkFact;
use links::is_external;
pub use links::{destination, target_of, way};
pub use named::{Definition, MarkedHead, marked_head, owners, teams, term_key, terms};
pub use placeholders::{Placeholder, placeholders};
pub use relations::Supersession;
pub use statements::{Statement, Topic, name_before, names};

use super::{Content, FileFacts, Lazy, OptIn, Spanned, suppression};
use crate::{
    Kind, RelPath,
    conventions::{
        config::{Config, LinkScope},
        profile::Profile,
        role::Role,
    },
    key::{Entry, Key, hash_of},
    values::value::is_placeholder,
};

/// What the text of a Markdown file alone says.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree; its spans are offsets into the file's text.
    pub tree: Document,
    /// Links to other files and headings, resolved against the file's folder.
    pub links: Vec<LinkFact>,
}

/// What a Markdown file says. Its tree and links are read as its own fields.
#[derive(Clone, Debug)]
pub struct DocumentFacts {
    pub(super) parsed: Lazy<Parsed>,
    /// What a decision record says.
    pub adr: Option<Box<AdrFacts>>,
    /// What a contract says.
    pub contract: Option<Box<ContractFacts>>,
    /// What a feature README says.
    pub readme: Option<ReadmeFacts>,
    /// What the catalog says.
    pub catalog: Option<Box<CatalogFacts>>,
    /// What it states that the other documents of its feature are held against.
    pub statements: Vec<Statement>,
}

impl DocumentFacts {
    /// Looks at tree and links without keeping them, for those who look at many documents once.
    pub fn look<R>(&self, look: impl FnOnce(&Parsed) -> R) -> R {
        self.parsed.look(look)
    }
}

impl std::ops::Deref for DocumentFacts {
    type Target = Parsed;

    fn deref(&self) -> &Parsed {
        &self.parsed
    }
}

pub(super) fn extract(facts: &mut FileFacts, config: &Config) {
    let text = facts.text.clone();
    let parsed = Lazy::new(facts.path.clone(), text.clone(), parse);
    recognise::recognise(facts, &parsed.tree, &text, config);
    let mut document =
        DocumentFacts { parsed, adr: None, contract: None, readme: None, catalog: None, statements: Vec::new() };
    if facts.kind.is_artifact() || config.links() == LinkScope::All {
        facts.suppressions = suppression::in_markdown(&document.tree, &text);
    }
    let tree = &document.tree;
    let others = tree.inner_headings.iter().chain(&tree.html_headings).map(|it| it.title);
    let titles = tree.sections.iter().map(|it| it.title).chain(others);
    let anchors = titles
        .chain(tree.explicit_anchors.iter().map(|it| it.name))
        .fold(0_u64, |hash, it| hash_of(&(hash, it.of(&text))));
    facts.entries.push(Entry { key: Key::Anchors(facts.path.clone()), hash: anchors });
    let records = adr::numbers_of_sections(tree, &text);
    facts.entries.extend(records.into_iter().map(|it| Entry { key: Key::Record(it), hash: 0 }));
    let path = facts.path.clone();
    let outward = document.links.iter().filter(|it| it.path != path);
    facts
        .entries
        .extend(super::references::entries(outward.map(|it| (&it.path, it.fragment.map_or("", |it| it.of(&text))))));
    facts.entries.extend(named::entries(&document.tree, &text, facts.kind.is_artifact()));
    if facts.kind.is_artifact() {
        by_kind(facts, &mut document, config);
    }
    facts.content = Content::Document(Box::new(document));
    statements::add(facts, config);
}

/// The document model of a text, with the fields that the conventions know without bold marks.
pub fn tree(text: &str) -> markdown::Document {
    markdown::parse_with(text, &Profile::default_profile().plain_fields)
}

fn parse(path: &RelPath, text: &Arc<str>) -> Parsed {
    let tree = tree(text);
    let links = links::links(&tree, text, path);
    Parsed { tree, links }
}

fn by_kind(facts: &mut FileFacts, document: &mut DocumentFacts, config: &Config) {
    let text = facts.text.clone();
    let feature = facts.captures.feature.clone();
    let by_role = ByRole::new(&document.parsed.tree, &text, facts.kind, config).in_dialect(facts.dialect);
    match facts.kind {
        Kind::Adr => {
            let adr = adr::adr(&by_role, &document.parsed.links, facts, config);
            facts.entries.extend(adr.entries(facts));
            document.adr = Some(Box::new(adr));
        }
        Kind::Design => {
            if let Some(feature) = feature.clone() {
                let said: Vec<_> = by_role.concerns().into_iter().map(|it| (it.role, it.value.text)).collect();
                facts.entries.push(Entry { key: Key::Concerns(feature), hash: hash_of(&said) });
            }
            facts.channels = channels::boundary_contracts(&by_role, config);
            if let Some(feature) = feature.filter(|_| !facts.channels.is_empty()) {
                let names: Vec<_> = facts.channels.iter().map(|it| &it.name.text).collect();
                facts.entries.push(Entry { key: Key::Boundaries(feature), hash: hash_of(&names) });
            }
        }
        Kind::Contract => {
            document.contract = Some(Box::new(ContractFacts {
                channel: by_role.field(Role::Channel),
                producer: by_role.field(Role::Producer),
            }));
            if let Some(channel) = &facts.captures.channel {
                facts.channels = vec![channels::contract_channel(&by_role, channel, config)];
                facts.entries.push(Entry { key: Key::Contracts, hash: hash_of(channel) });
            }
        }
        Kind::FeatureReadme => {
            let readme = catalog::readme(&by_role, config);
            facts.channels = channels::owned_channels(&by_role);
            if let Some(feature) = feature {
                let values: Vec<_> = readme.fields.iter().map(|it| (it.role, it.value.text.clone())).collect();
                facts.entries.push(Entry { key: Key::Readme(feature.clone()), hash: hash_of(&values) });
                facts.entries.push(Entry { key: Key::Readmes, hash: hash_of(&feature) });
                let listed: Vec<_> = document
                    .links
                    .iter()
                    .filter(|it| is_listing(&document.tree, &readme, it))
                    .map(|it| &it.path)
                    .collect();
                facts.entries.push(Entry { key: Key::Listing(feature), hash: hash_of(&listed) });
            }
            document.readme = Some(readme);
        }
        Kind::Catalog => {
            let catalog = catalog::catalog(&by_role);
            // A list of features elsewhere is not the catalog, whatever it looks like.
            for row in catalog.rows.iter().filter(|_| facts.opt_in == OptIn::Yes) {
                facts.entries.push(Entry { key: Key::Catalog, hash: hash_of(&row.feature.text) });
            }
            document.catalog = Some(Box::new(catalog));
        }
        _ => {}
    }
}

/// A channel name as documents write it: without backticks or emphasis.
fn bare(span: Span, text: &str) -> Spanned {
    let raw = span.of(text);
    let left = raw.trim_start_matches(['`', '*', ' ']);
    let name = left.trim_end_matches(['`', '*', ' ']);
    let start = span.start as usize + raw.len() - left.len();
    // `[orders.placed.v1](contracts/orders.placed.v1.md)` names the channel in its text.
    if let Some((label, _)) = name.strip_prefix('[').and_then(|it| it.split_once("](")) {
        return bare(Span::new(start + 1, start + 1 + label.len()), text);
    }
    Spanned { text: SmolStr::new(name), span: Span::new(start, start + name.len()) }
}

/// A value unless it is empty or a placeholder.
pub fn known(value: Spanned) -> Option<Spanned> {
    let text = value.text.trim();
    (!text.is_empty() && !is_placeholder(text) && text != "-").then_some(value)
}
