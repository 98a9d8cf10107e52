//! Facts of Markdown artifacts: sections, fields, links, and what each kind says beyond that.

use archwright_syntax::{
    Span,
    markdown::{self, Document, LinkKind, SectionId, decode_target},
};
use smol_str::SmolStr;

use super::{ChannelMention, ChannelRole, Content, FileFacts, OptIn, Spanned, suppression};
use crate::{
    Kind, RelPath,
    config::{Config, LinkScope},
    index::{Entry, Key, hash_of},
    profile::Concerns,
};

/// What a Markdown file says.
#[derive(Clone, Debug)]
pub struct DocumentFacts {
    /// The tree; its spans are offsets into the file's text.
    pub tree: Document,
    /// Links to other files and headings, resolved against the file's folder.
    pub links: Vec<LinkFact>,
    /// What a decision record says.
    pub adr: Option<AdrFacts>,
    /// What a contract says.
    pub contract: Option<ContractFacts>,
    /// What a feature README says.
    pub readme: Option<ReadmeFacts>,
    /// What the catalog says.
    pub catalog: Option<CatalogFacts>,
}

/// A link that leads to a file of the workspace or a heading.
#[derive(Clone, Debug)]
pub struct LinkFact {
    /// The destination in the text, path and fragment.
    pub target: Span,
    /// The path part of the destination in the text; empty for a link inside the file.
    pub path_span: Span,
    /// The fragment in the text, without `#`.
    pub fragment: Option<Span>,
    /// The file that is meant; the file itself for a link of only a fragment.
    pub path: RelPath,
    /// The section it stands in.
    pub section: SectionId,
}

/// What a decision record says, whatever its dialect.
#[derive(Clone, Debug, Default)]
pub struct AdrFacts {
    /// The number in the file name.
    pub number: Option<u32>,
    /// The number in the title, with its place.
    pub title_number: Option<(u32, Span)>,
    /// The status and where it stands.
    pub status: Option<Spanned>,
    /// The records that replace this one, as the status or a field says.
    pub superseded_by: Vec<Supersession>,
    /// The records that this one replaces.
    pub supersedes: Vec<Supersession>,
}

/// A mention of another record that replaces or is replaced.
#[derive(Clone, Debug)]
pub struct Supersession {
    /// Where the mention stands.
    pub span: Span,
    /// The other record's number.
    pub number: Option<u32>,
    /// The other record's file, if the mention is a link.
    pub path: Option<RelPath>,
}

/// What a contract says beyond its channel.
#[derive(Clone, Debug, Default)]
pub struct ContractFacts {
    /// The Channel field of the Summary.
    pub channel: Option<Spanned>,
    /// The Producer field.
    pub producer: Option<Spanned>,
}

/// What a feature README says.
#[derive(Clone, Debug, Default)]
pub struct ReadmeFacts {
    /// Owner team, SLO, Tier, Last reviewed and Compliance, as the catalog repeats them.
    pub fields: Vec<(&'static str, Spanned)>,
    /// The section with the list of artifacts.
    pub artifacts: Option<SectionId>,
}

impl ReadmeFacts {
    /// A field that the catalog repeats.
    pub fn field(&self, name: &str) -> Option<&Spanned> {
        self.fields.iter().find(|it| it.0 == name).map(|it| &it.1)
    }
}

/// The README fields that the catalog repeats, with the catalog's column names.
pub const CATALOG_FIELDS: [(&str, &str); 5] =
    [("Owner", "Owner team"), ("Tier", "Tier"), ("SLO", "SLO"), ("Compliance", "Compliance"), ("Last reviewed", "Last reviewed")];

/// What the catalog says.
#[derive(Clone, Debug, Default)]
pub struct CatalogFacts {
    /// Position of the feature table in the tree's tables.
    pub table: Option<usize>,
    /// The columns' titles.
    pub columns: Vec<SmolStr>,
    /// One row per feature.
    pub rows: Vec<CatalogRow>,
}

/// A row of the feature table.
#[derive(Clone, Debug)]
pub struct CatalogRow {
    /// The feature's slug.
    pub feature: Spanned,
    /// All cells, in the order of the columns.
    pub cells: Vec<Span>,
    /// The whole line.
    pub span: Span,
}

pub(super) fn extract(facts: &mut FileFacts, config: &Config) {
    let text = facts.text.clone();
    let tree = markdown::parse(&text);
    if facts.kind == Kind::Document {
        by_content(facts, &tree, &text);
    }
    let mut document = DocumentFacts { tree, links: Vec::new(), adr: None, contract: None, readme: None, catalog: None };
    document.links = links(&document.tree, &text, &facts.path);
    if facts.opted_in() || config.links() == LinkScope::All {
        facts.suppressions = suppression::in_markdown(&document.tree, &text);
    }
    let titles = document.tree.sections.iter().map(|it| (it.level, it.title.of(&text)));
    let anchors = titles.fold(0_u64, |hash, it| hash_of(&(hash, it)));
    facts.entries.push(Entry { key: Key::Anchors(facts.path.clone()), hash: hash_of(&(anchors, document.tree.explicit_anchors.len())) });
    if facts.kind.is_artifact() {
        by_kind(facts, &mut document, config);
    }
    facts.content = Content::Document(Box::new(document));
}

/// Recognises a file outside the layout: by `archwright: <kind>` in its front matter, which opts in, or by its looks.
fn by_content(facts: &mut FileFacts, tree: &Document, text: &str) {
    if let Some(front_matter) = &tree.front_matter {
        let body = front_matter.body.of(text);
        let named = body.lines().find_map(|it| it.strip_prefix("archwright:").or_else(|| it.strip_prefix("archwright =")));
        if let Some(kind) = named.and_then(|it| it.trim().trim_matches(['"', '\'']).parse().ok()) {
            facts.kind = kind;
            facts.opt_in = OptIn::Yes;
            return;
        }
    }
    if let Some(kind) = looks_like(facts, tree, text) {
        facts.kind = kind;
    }
}

/// Folders in which teams keep decision records, whatever the dialect (X4, ADR folder).
const DECISION_FOLDERS: [&str; 6] = ["adr", "adrs", "decisions", "adl", "decision-records", "architecture-decisions"];

fn looks_like(facts: &FileFacts, tree: &Document, text: &str) -> Option<Kind> {
    let has = |names: &[&str]| names.iter().any(|it| tree.find_section(text, None, it).is_some());
    let in_folder =
        |names: &[&str]| facts.path.parent().as_str().rsplit('/').any(|it| names.iter().any(|name| name.eq_ignore_ascii_case(it)));
    let title = tree.section_ids().nth(1).map(|(id, _)| tree.title(id, text)).unwrap_or_default();
    let titled = |prefix: &str| title.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix));
    let decides = has(&["Decision", "Decision Outcome"]) && has(&["Context", "Context and Problem Statement", "Consequences"]);
    if decides && (titled("ADR") || in_folder(&DECISION_FOLDERS) || number_of(facts.path.stem()).is_some()) {
        return Some(Kind::Adr);
    }
    let heals = has(&["Triage", "Diagnosis", "Symptoms"]) && has(&["Mitigation", "Recovery steps", "Remediation", "Resolution"]);
    if heals && (titled("Runbook") || in_folder(&["runbooks", "runbook", "playbooks"])) {
        return Some(Kind::Runbook);
    }
    None
}

/// The leading number of a file name or title: `0012-use-outbox`, `ADR-0012`, `adr_12`, `12. Use`. A date is none.
pub(crate) fn number_of(name: &str) -> Option<u32> {
    let prefixed = name.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("adr"));
    let rest = if prefixed { name.get(3..).unwrap_or_default().trim_start_matches(['-', '_', ' ', '#']) } else { name };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let after = rest.get(digits..)?;
    let is_date = digits == 4 && after.starts_with('-') && after.get(1..3).is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()));
    if digits > 6 || is_date || after.starts_with(char::is_alphanumeric) {
        return None;
    }
    rest.get(..digits)?.parse().ok()
}

fn links(tree: &Document, text: &str, path: &RelPath) -> Vec<LinkFact> {
    let folder = path.parent();
    tree.links
        .iter()
        .filter(|it| it.kind != LinkKind::Autolink)
        .filter_map(|link| {
            let target = link.target.of(text);
            if target.is_empty() || is_external(target) {
                return None;
            }
            let start = link.target.start as usize;
            let (path_text, fragment) = target.split_once('#').map_or((target, None), |it| (it.0, Some(it.1)));
            let path_text = path_text.split_once('?').map_or(path_text, |it| it.0);
            let path_span = Span::new(start, start + path_text.len());
            let fragment = fragment.map(|it| Span::new(link.target.end as usize - it.len(), link.target.end as usize));
            let decoded = decode_target(path_text);
            let to = if path_text.is_empty() {
                path.clone()
            } else if let Some(absolute) = decoded.strip_prefix('/') {
                // GitHub resolves a leading slash from the repository root.
                RelPath::new(absolute)
            } else {
                folder.join(&decoded)
            };
            Some(LinkFact { target: link.target, path_span, fragment, path: to, section: link.section })
        })
        .collect()
}

/// Whether a destination names something outside the workspace: it has a scheme, or a host.
fn is_external(target: &str) -> bool {
    if target.starts_with("//") {
        return true;
    }
    let scheme = target.bytes().take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'-' | b'.')).count();
    scheme > 1 && target.as_bytes().get(scheme) == Some(&b':')
}

fn by_kind(facts: &mut FileFacts, document: &mut DocumentFacts, config: &Config) {
    let text = facts.text.clone();
    let feature = facts.captures.feature.clone();
    match facts.kind {
        Kind::Adr => {
            let adr = adr(&document.tree, &text, facts);
            if let Some(number) = adr.number {
                facts.entries.push(Entry { key: Key::Decisions(facts.path.parent()), hash: u64::from(number) });
            }
            let others =
                [&adr.superseded_by, &adr.supersedes].map(|it| it.iter().map(|it| (it.number, it.path.clone())).collect::<Vec<_>>());
            let status = adr.status.as_ref().map(|it| it.text.clone());
            facts.entries.push(Entry { key: Key::Decision(facts.path.clone()), hash: hash_of(&(adr.number, others, status)) });
            document.adr = Some(adr);
        }
        Kind::Design => {
            if let Some(feature) = feature {
                let concerns = concern_values(&document.tree, &text, &config.profile().concerns);
                let said: Vec<_> = concerns.into_iter().map(|it| (it.0, it.1.text)).collect();
                facts.entries.push(Entry { key: Key::Concerns(feature), hash: hash_of(&said) });
            }
            facts.channels = boundary_contracts(&document.tree, &text, config);
        }
        Kind::Contract => {
            document.contract = Some(ContractFacts {
                channel: field(&document.tree, &text, &["Channel"]),
                producer: field(&document.tree, &text, &["Producer"]),
            });
            if let Some(channel) = &facts.captures.channel {
                facts.channels = vec![contract_channel(&document.tree, &text, channel)];
                facts.entries.push(Entry { key: Key::Contracts, hash: hash_of(channel) });
            }
        }
        Kind::FeatureReadme => {
            let readme = readme(&document.tree, &text, config);
            facts.channels = owned_channels(&document.tree, &text, config);
            if let Some(feature) = feature {
                let values: Vec<_> = readme.fields.iter().map(|it| (it.0, it.1.text.clone())).collect();
                facts.entries.push(Entry { key: Key::Readme(feature.clone()), hash: hash_of(&values) });
                facts.entries.push(Entry { key: Key::Readmes, hash: hash_of(&feature) });
                let listed: Vec<_> =
                    document.links.iter().filter(|it| is_listing(&document.tree, &readme, it)).map(|it| &it.path).collect();
                facts.entries.push(Entry { key: Key::Listing(feature), hash: hash_of(&listed) });
            }
            document.readme = Some(readme);
        }
        Kind::Catalog => {
            let catalog = catalog(&document.tree, &text);
            for row in &catalog.rows {
                facts.entries.push(Entry { key: Key::Catalog, hash: hash_of(&row.feature.text) });
            }
            document.catalog = Some(catalog);
        }
        _ => {}
    }
}

/// Whether a link of a README belongs to its list of artifacts.
pub(crate) fn is_listing(tree: &Document, readme: &ReadmeFacts, link: &LinkFact) -> bool {
    readme.artifacts.is_some_and(|section| {
        let mut at = Some(link.section);
        while let Some(id) = at {
            if id == section {
                return true;
            }
            at = tree.section(id).parent;
        }
        false
    })
}

/// The first non-empty field with one of the names, ignoring case, anywhere in the document.
pub(crate) fn field(tree: &Document, text: &str, names: &[&str]) -> Option<Spanned> {
    let is_called = |name: Span| names.iter().any(|it| it.eq_ignore_ascii_case(name.of(text)));
    tree.fields.iter().find(|it| is_called(it.name) && !it.value.is_empty()).map(|it| Spanned::of(it.value, text))
}

/// The system concerns that a document states: canonical name and value.
pub(crate) fn concern_values(tree: &Document, text: &str, concerns: &Concerns) -> Vec<(usize, Spanned)> {
    let Some(section) = tree.find_section(text, None, &concerns.section) else { return Vec::new() };
    let position = |name: &str| concerns.fields.iter().position(|it| it.is_called(name));
    tree.fields_in(section).iter().filter_map(|it| Some((position(it.name.of(text))?, Spanned::of(it.value, text)))).collect()
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
pub(crate) fn known(value: Spanned) -> Option<Spanned> {
    let text = value.text.trim();
    (!text.is_empty() && !is_placeholder(text) && text != "-").then_some(value)
}

/// Whether a value is a placeholder: `<TBD>`, `<TBD: question>`, `TBD`, `TODO`, `<YYYY-MM-DD>`.
pub(crate) fn is_placeholder(value: &str) -> bool {
    let value = value.trim().trim_matches(['`', '*', '_', '.']);
    let inner = value.strip_prefix('<').and_then(|it| it.strip_suffix('>')).unwrap_or(value);
    let word = inner.split([':', ' ']).next().unwrap_or_default();
    ["TBD", "TODO", "YYYY-MM-DD", "FIXME"].iter().any(|it| it.eq_ignore_ascii_case(word))
        && (inner.len() != value.len() || inner.len() == word.len())
}

fn boundary_contracts(tree: &Document, text: &str, config: &Config) -> Vec<ChannelMention> {
    let template = config.template(Kind::Design).and_then(|it| it.section("Boundary contracts"));
    let Some(template) = template else { return Vec::new() };
    let Some((section, _)) = tree.section_ids().skip(1).find(|(id, _)| template.is_called(tree.plain_title(*id, text).trim())) else {
        return Vec::new();
    };
    let mut mentions = Vec::new();
    for table in tree.tables.iter().filter(|it| it.section == section) {
        let columns: Vec<&str> = tree.header(table).iter().map(|it| it.of(text).trim_matches(['*', '`'])).collect();
        let column = |names: &[&str]| columns.iter().position(|it| names.iter().any(|name| name.eq_ignore_ascii_case(it)));
        let Some(channel) = column(&["Channel", "Topic", "Queue", "Name"]) else { continue };
        let (key, dlq) = (column(&["Ordering key", "Partition key", "Ordering"]), column(&["DLQ", "Dead letter channel"]));
        let (retention, mode) = (column(&["Retention"]), column(&["Compatibility", "Compatibility mode"]));
        for row in tree.rows(table) {
            let cells = tree.cells(row);
            let cell = |at: Option<usize>| at.and_then(|it| cells.get(it)).and_then(|it| known(bare(*it, text)));
            let Some(name) = cell(Some(channel)) else { continue };
            mentions.push(ChannelMention {
                name,
                role: ChannelRole::Design,
                ordering_key: cell(key),
                dlq: cell(dlq),
                retention: cell(retention),
                compatibility: cell(mode),
            });
        }
    }
    for field in tree.fields_in(section) {
        let name = bare(field.name, text);
        if config.channel_name().matches(&name.text) {
            mentions.push(ChannelMention {
                ordering_key: clause(field.value, text, "ordering key"),
                ..ChannelMention::new(name, ChannelRole::Design)
            });
        }
    }
    mentions
}

/// The value of `name` in running text of the form `ordering key: order_id; retention: 7 d`.
fn clause(span: Span, text: &str, name: &str) -> Option<Spanned> {
    let mut at = span.start as usize;
    for part in span.of(text).split_inclusive([';', ',']) {
        let trimmed = part.trim_start();
        let start = at + part.len() - trimmed.len();
        at += part.len();
        let head = trimmed.get(..name.len()).filter(|it| it.eq_ignore_ascii_case(name));
        let Some(rest) = head.and_then(|_| trimmed.get(name.len()..)) else { continue };
        let value = rest.trim_start_matches([':', ' ', '=']);
        let begin = start + trimmed.len() - value.len();
        let value = value.trim_end_matches([';', ',', '.', ' ', '\n']);
        return known(bare(Span::new(begin, begin + value.len()), text));
    }
    None
}

fn contract_channel(tree: &Document, text: &str, channel: &SmolStr) -> ChannelMention {
    let value = |names: &[&str]| field(tree, text, names).and_then(known).map(|it| bare(it.span, text));
    // The name of the file is the name of the channel; its title is the best place to point at.
    let title = tree.section_ids().nth(1).map_or(Span::empty(0), |(_, it)| it.title);
    let name = Spanned { text: channel.clone(), span: title };
    ChannelMention {
        name,
        role: ChannelRole::Contract,
        ordering_key: value(&["Ordering key", "Partition key"]),
        dlq: value(&["DLQ", "Dead letter channel", "Dead letter queue"]).map(|it| first_word(&it)),
        retention: value(&["Retention"]),
        compatibility: value(&["Compatibility mode", "Compatibility"]).map(|it| first_word(&it)),
    }
}

/// The first word of a value: `orders.placed.v1.dlq` of `orders.placed.v1.dlq, owner team-orders`.
fn first_word(value: &Spanned) -> Spanned {
    let word = value.text.split([',', ';', ' ', '(']).next().unwrap_or_default();
    let trimmed = word.trim_matches(['`', '*']);
    let start = value.span.start as usize + word.len() - word.trim_start_matches(['`', '*']).len();
    Spanned { text: SmolStr::new(trimmed), span: Span::new(start, start + trimmed.len()) }
}

fn owned_channels(tree: &Document, text: &str, config: &Config) -> Vec<ChannelMention> {
    let template = config.template(Kind::FeatureReadme).and_then(|it| it.section("Channels owned"));
    let Some(template) = template else { return Vec::new() };
    let Some((section, _)) = tree.section_ids().skip(1).find(|(id, _)| template.is_called(tree.plain_title(*id, text).trim())) else {
        return Vec::new();
    };
    let items = tree.items.iter().filter(|it| it.section == section && it.depth == 0);
    items
        .filter_map(|item| {
            let content = item.content.of(text);
            let (name, _) = content.split_once(": ")?;
            let name = bare(Span::new(item.content.start as usize, item.content.start as usize + name.len()), text);
            (name.text.contains('.') && !name.text.contains(' ')).then(|| ChannelMention::new(name, ChannelRole::Readme))
        })
        .collect()
}

fn readme(tree: &Document, text: &str, config: &Config) -> ReadmeFacts {
    let concerns = concern_values(tree, text, &config.profile().concerns);
    let concern = |name: &str| {
        let at = config.profile().concerns.fields.iter().position(|it| it.name == name)?;
        concerns.iter().find(|it| it.0 == at).map(|it| it.1.clone())
    };
    let fields = CATALOG_FIELDS
        .iter()
        .filter_map(|(_, name)| {
            let value = if *name == "Compliance" { concern(name) } else { field(tree, text, &[name]) };
            Some((*name, value?))
        })
        .collect();
    ReadmeFacts { fields, artifacts: tree.find_section(text, 2, "Artifacts") }
}

fn catalog(tree: &Document, text: &str) -> CatalogFacts {
    let is_features = |columns: &[Span]| columns.first().is_some_and(|it| it.of(text).eq_ignore_ascii_case("feature"));
    let Some((at, table)) = tree.tables.iter().enumerate().find(|(_, it)| is_features(tree.header(it))) else {
        return CatalogFacts::default();
    };
    let rows = tree.rows(table).iter().filter_map(|row| {
        let cells = tree.cells(row).to_vec();
        let feature = bare(*cells.first()?, text);
        (!feature.text.is_empty()).then_some(CatalogRow { feature, cells, span: row.span })
    });
    let columns = tree.header(table).iter().map(|it| SmolStr::new(it.of(text))).collect();
    CatalogFacts { table: Some(at), columns, rows: rows.collect() }
}

fn adr(tree: &Document, text: &str, facts: &FileFacts) -> AdrFacts {
    let title = tree.section_ids().nth(1).map(|(_, it)| it.title);
    let title_number = title.and_then(|span| {
        let title = span.of(text);
        let number = number_of(title)?;
        let digits = title.find(|it: char| it.is_ascii_digit())?;
        let len = title.get(digits..)?.bytes().take_while(u8::is_ascii_digit).count();
        Some((number, Span::new(span.start as usize + digits, span.start as usize + digits + len)))
    });
    let status = status(tree, text);
    let by_status = status.as_ref().filter(|it| it.text.get(..10).is_some_and(|it| it.eq_ignore_ascii_case("superseded")));
    let named =
        |names: &[&str]| field(tree, text, names).and_then(known).map(|it| supersessions(it.span, text, &facts.path)).unwrap_or_default();
    let mut superseded_by = by_status.map(|it| supersessions(it.span, text, &facts.path)).unwrap_or_default();
    if superseded_by.is_empty() {
        superseded_by = named(&["Superseded by", "Superseded-by"]);
    }
    let supersedes = named(&["Supersedes", "Replaces"]);
    AdrFacts { number: number_of(facts.path.stem()), title_number, status, superseded_by, supersedes }
}

/// The status, wherever the dialect keeps it: a field or line, a table row, front matter, or a section of its own.
pub(crate) fn status(tree: &Document, text: &str) -> Option<Spanned> {
    if let Some(it) = field(tree, text, &["Status"]) {
        return Some(it);
    }
    if let Some(front_matter) = &tree.front_matter {
        let mut at = front_matter.body.start as usize;
        for line in front_matter.body.of(text).split_inclusive('\n') {
            if let Some(value) = line.strip_prefix("status:") {
                let trimmed = value.trim();
                let start = at + line.len() - value.trim_start().len();
                return Some(Spanned { text: SmolStr::new(trimmed), span: Span::new(start, start + trimmed.len()) });
            }
            at += line.len();
        }
    }
    let section = tree.find_section(text, None, "Status")?;
    let paragraph = tree.paragraphs.iter().find(|it| it.section == section)?;
    let line = paragraph.span.of(text).lines().next()?;
    Some(Spanned::of(Span::new(paragraph.span.start as usize, paragraph.span.start as usize + line.len()), text))
}

/// The records named in `Superseded by [ADR-0002](0002-x.md)`, `ADR-0001` or `ADR-0001, ADR-0004 and ADR-0007`.
fn supersessions(span: Span, text: &str, path: &RelPath) -> Vec<Supersession> {
    let value = span.of(text);
    let mut found: Vec<Supersession> = Vec::new();
    let mut at = span.start as usize;
    for piece in value.split_inclusive(',').flat_map(|it| it.split_inclusive(" and ")) {
        let trimmed = piece.strip_suffix(',').or_else(|| piece.strip_suffix(" and ")).unwrap_or(piece).trim();
        let start = at + piece.find(trimmed).unwrap_or_default();
        at += piece.len();
        let place = Span::new(start, start + trimmed.len());
        found.extend(supersession(place, text, path, found.is_empty()));
    }
    found
}

/// The record named in one piece of a value. A bare number counts only in the first piece: later ones are often remarks.
fn supersession(span: Span, text: &str, path: &RelPath, bare_number: bool) -> Option<Supersession> {
    let value = span.of(text);
    let link = value.split_once("](").and_then(|it| it.1.split_once(')')).map(|it| it.0.split('#').next().unwrap_or_default());
    let linked = link.filter(|it| !it.is_empty() && !is_external(it)).map(|it| path.parent().join(&decode_target(it)));
    let words = || value.split(|it: char| it.is_whitespace() || matches!(it, '[' | ']' | '(' | ')' | ',' | '`' | '"'));
    let is_prefixed = |it: &&str| it.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("adr"));
    let prefixed = words().filter(is_prefixed).find_map(number_of);
    // A small number is most often a count of something; only at the end it is a name, as in `Superseded by 12`.
    let is_name = |it: &&str| it.bytes().take_while(u8::is_ascii_digit).count() > 2 || value.ends_with(*it);
    let bare = || words().filter(|it| it.starts_with(|it: char| it.is_ascii_digit())).filter(is_name).find_map(number_of);
    let number = prefixed.or_else(|| linked.as_ref().and_then(|it| number_of(it.stem()))).or_else(|| bare().filter(|_| bare_number));
    (number.is_some() || linked.is_some()).then_some(Supersession { span, number, path: linked })
}
