//! What a document outside the layout is, by what it says of itself or by its looks, and its dialect.

use std::cell::OnceCell;

use archwright_syntax::markdown::Document;

use super::{ByRole, adr::number_of, by_role::is_name_in_code, front_matter::front_matter};
use crate::{
    Kind, RelPath,
    conventions::{
        config::Config,
        dialect::{Dialect, DialectId, Form, Lies},
        layout,
        role::Role,
        vocabulary::Sign,
    },
    facts::{FileFacts, OptIn},
    values::file_name::{numbers, record_title},
};

/// Recognises a document. Its place may say its kind already; outside of the layout `archwright: <kind>` in its front
/// matter does, which opts in, or its looks.
pub(super) fn recognise(facts: &mut FileFacts, tree: &Document, text: &str, config: &Config) {
    if facts.kind == Kind::Document
        && let Some(kind) = named_kind(tree, text)
    {
        facts.kind = kind;
        facts.opt_in = OptIn::Yes;
    }
    if !Kind::DOCUMENTS.contains(&facts.kind) && facts.kind != Kind::Document {
        return;
    }
    let path = facts.path.clone();
    let looks = Looks::new(&path, facts.kind, tree, text, config);
    if facts.kind != Kind::Document {
        facts.dialect = looks.dialect_of(facts.kind);
        return;
    }
    // A template is about a kind, but none of it; nor is what lies in a folder of a kind that nothing is known of.
    if looks.is_template() || looks.is_about_documents() || config.profile().unread(&path).is_some() {
        return;
    }
    let own = looks.own_kind().map(|it| (it, looks.dialect_of(it)));
    // Where a document was recognised by what many have in common, its form may still have a name.
    let recognised = || looks.recognised().map(|(kind, id)| (kind, looks.dialect_of(kind).or(Some(id))));
    match own.or_else(recognised) {
        Some(found) => (facts.kind, facts.dialect) = found,
        None => facts.resembles = looks.resembled(),
    }
}

/// The kind that the front matter names.
fn named_kind(tree: &Document, text: &str) -> Option<Kind> {
    let body = tree.front_matter.as_ref()?.body.of(text);
    let named =
        body.lines().find_map(|it| it.strip_prefix("archwright:").or_else(|| it.strip_prefix("archwright =")))?;
    named.trim().trim_matches(['"', '\'']).parse().ok()
}

/// The kinds of ours that a document is told to be by its looks, the most telling first.
const OWN_KINDS: [Kind; 6] =
    [Kind::Contract, Kind::Launch, Kind::Standard, Kind::Design, Kind::Catalog, Kind::FeatureReadme];

/// Fewer steps are a remark.
const FEWEST_STEPS: usize = 3;

/// What tells a document: where it lies, what it is called, its title, its sections and its fields. One of them alone
/// proves nothing: `Design` and `RFC` are everyday words.
struct Looks<'a> {
    path: &'a RelPath,
    title: &'a str,
    config: &'a Config,
    tree: &'a Document,
    text: &'a str,
    kind: Kind,
    lies: OnceCell<Lies>,
    /// What the headings are signs of, sorted.
    signs: OnceCell<Vec<Sign>>,
    keys: OnceCell<Vec<&'a str>>,
}

impl<'a> Looks<'a> {
    fn new(path: &'a RelPath, kind: Kind, tree: &'a Document, text: &'a str, config: &'a Config) -> Self {
        let title = tree.section_ids().nth(1).map(|(id, _)| tree.title(id, text)).unwrap_or_default();
        Self {
            path,
            title,
            config,
            tree,
            text,
            kind,
            lies: OnceCell::new(),
            signs: OnceCell::new(),
            keys: OnceCell::new(),
        }
    }

    /// The kind of ours that the document is.
    fn own_kind(&self) -> Option<Kind> {
        let mut document = self.document(self.kind);
        OWN_KINDS.into_iter().find(|kind| {
            document.read_as(*kind);
            self.is_own(*kind, &document)
        })
    }

    /// The dialect of a document whose kind is known: the first that has its form.
    fn dialect_of(&self, kind: Kind) -> Option<DialectId> {
        let document = self.document(kind);
        let mut of_kind = self.config.dialects().iter().filter(|it| it.1.kind == kind);
        let holds = |id: DialectId, dialect: &Dialect| {
            // A form that tells a dialect only at its place tells nothing elsewhere.
            let is_there = dialect.places.is_empty() || self.lies().at_place_of(id, false);
            let mut forms = dialect.forms.iter().enumerate().filter(|it| is_there || it.1.anywhere);
            forms.any(|(at, form)| self.holds(id, at, form, &document))
        };
        of_kind.find(|(id, it)| holds(*id, it)).map(|it| it.0)
    }

    /// The kind and dialect of a document that has the form of the dialect, where such documents lie or where that
    /// does not matter.
    fn recognised(&self) -> Option<(Kind, DialectId)> {
        let mut document = self.document(self.kind);
        let found = self.config.dialects().iter().find(|(id, dialect)| {
            document.read_as(dialect.kind);
            let placed = OnceCell::new();
            let is_placed = || *placed.get_or_init(|| self.is_placed(*id, dialect));
            let mut forms = dialect.forms.iter().enumerate();
            forms.any(|(at, form)| (form.anywhere || is_placed()) && self.holds(*id, at, form, &document))
        })?;
        Some((found.1.kind, found.0))
    }

    /// The kind that a document looks like which is none: it lies where such documents lie, or has the sections of one.
    fn resembled(&self) -> Option<Kind> {
        if self.is_helper() || self.is_page_of_site() {
            return None;
        }
        let dialects = || self.config.dialects().iter();
        let mut document = self.document(self.kind);
        let mut has_shape = |(id, dialect): &(DialectId, &Dialect)| {
            document.read_as(dialect.kind);
            // One section alone is nothing that anybody would expect to be recognised.
            let mut forms = dialect.forms.iter().enumerate().filter(|it| it.1.headings.len() + it.1.sections.len() > 1);
            forms.any(|(at, form)| self.holds(*id, at, form, &document))
        };
        let placed = dialects().find(|(id, dialect)| self.is_placed(*id, dialect));
        // The sections of a record are those of a proposal too; the last dialects are the plainest.
        let found = placed.or_else(|| dialects().filter(|it| has_shape(it)).last());
        found.map(|it| it.1.kind)
    }

    fn document(&self, kind: Kind) -> ByRole<'a> {
        ByRole::new(self.tree, self.text, kind, self.config)
    }

    fn lies(&self) -> &Lies {
        self.lies.get_or_init(|| self.config.dialects().lies(self.path))
    }

    /// Whether the file helps a folder of documents along without being one. The README of a numbered folder is the
    /// document that the folder is for.
    fn is_helper(&self) -> bool {
        layout::is_helper_name(self.path.stem())
            && !(self.is_first() && (self.number().is_some() || self.lies().has_name()))
    }

    /// Whether the file is what is shown of its folder.
    fn is_first(&self) -> bool {
        ["readme", "index"].iter().any(|it| self.path.stem().eq_ignore_ascii_case(it))
    }

    /// Whether the file is what its folder is for: shown of it, or called as documents of a kind are.
    fn is_of_folder(&self) -> bool {
        let names = &self.config.profile().folder_documents;
        self.is_first() || names.iter().any(|it| self.path.stem().eq_ignore_ascii_case(it))
    }

    /// The number that the name of the file has, or of the folder that it stands for: `0003-protocols/README.md`,
    /// `0003/README.md`.
    fn number(&self) -> Option<u32> {
        let folder = || {
            let parent = self.path.parent();
            let name = parent.name();
            // A folder of a year has what was written in it.
            let is_bare = name.len() > 2 && name.bytes().all(|it| it.is_ascii_digit());
            let is_year = name.len() == 4 && ["19", "20"].iter().any(|it| name.starts_with(it));
            let is_numbered = record_title(name).is_some() || is_bare && !is_year;
            number_of(name).filter(|_| is_numbered && self.is_of_folder())
        };
        number_of(self.path.stem()).or_else(folder)
    }

    /// Whether the title is a label with the number of the file, behind a word or two that say whose it is: `Shop RFC
    /// 0003: Queues` in `0003-queues`.
    fn is_called(&self, label: &str) -> bool {
        let Some(number) = self.number() else { return false };
        let words: Vec<&str> = self.title.split([' ', ':']).filter(|it| !it.is_empty()).take(4).collect();
        let is_it = |pair: &[&str]| {
            let [word, said, ..] = pair else { return false };
            word.eq_ignore_ascii_case(label) && number_of(said) == Some(number)
        };
        words.windows(2).any(is_it)
    }

    /// Whether documents of a dialect lie where this one lies: at places of its own, or in the folders of its kind.
    fn is_placed(&self, id: DialectId, dialect: &Dialect) -> bool {
        let is_helper = self.is_helper();
        if !dialect.places.is_empty() {
            return self.lies().at_place_of(id, is_helper);
        }
        let names = self.config.profile().folders.get(&dialect.kind).map_or(&[][..], Vec::as_slice);
        // Teams put their own name before: `payments_adr`.
        let behind = |folder: &str, name: &str| {
            let rest = folder.len().checked_sub(name.len()).and_then(|it| folder.split_at_checked(it));
            rest.is_some_and(|(team, rest)| team.ends_with(['-', '_']) && rest.eq_ignore_ascii_case(name))
        };
        let is_adr = dialect.kind == Kind::Adr;
        let is_named =
            |folder: &str| names.iter().any(|it| it.eq_ignore_ascii_case(folder) || is_adr && behind(folder, it));
        !is_helper && self.path.parent().as_str().split('/').any(is_named)
    }

    /// Whether all signs of a form hold, the cheapest first.
    fn holds(&self, id: DialectId, at: usize, form: &Form, document: &ByRole) -> bool {
        let has_group =
            |group: usize| Sign::of(id, at, group).is_some_and(|it| self.signs().binary_search(&it).is_ok());
        let has_role = |group: &Vec<Role>| group.iter().any(|it| document.has_section(*it));
        let begins = |it: &String| self.title.get(..it.len()).is_some_and(|title| title.eq_ignore_ascii_case(it));
        let is_labelled =
            |it: &String| is_labelled(self.title, it) || is_labelled(self.path.stem(), it) || self.is_called(it);
        let has_key = |key: &String| self.keys().iter().any(|it| it.eq_ignore_ascii_case(key));
        (0..form.headings.len()).all(has_group)
            && (form.titles.is_empty() || form.titles.iter().any(begins))
            && (form.endings.is_empty() || form.endings.iter().any(|it| ends_with(self.title, it)))
            && (form.labels.is_empty() || form.labels.iter().any(is_labelled))
            && (!form.numbered || self.number().is_some())
            && (form.names.is_empty() || self.lies().is_named(id, at))
            && form.front_matter.iter().all(has_key)
            && (!form.steps || self.has_steps())
            && form.sections.iter().all(has_role)
            && (!form.status || document.status().is_some())
            && form.words.iter().all(|it| says(self.text, it))
    }

    fn signs(&self) -> &[Sign] {
        self.signs.get_or_init(|| {
            let vocabulary = self.config.vocabulary();
            let ids = self.tree.section_ids().skip(1).map(|it| it.0);
            let ids = ids.filter(|it| !is_name_in_code(self.tree.title(*it, self.text)));
            let titles = ids.map(|it| self.tree.plain_title(it, self.text));
            let mut signs: Vec<Sign> = titles.flat_map(|it| vocabulary.signs(&it).iter().copied()).collect();
            signs.sort_unstable();
            signs
        })
    }

    /// Whether the document has steps, one after the other: several headings with numbers, or an ordered list. What
    /// has a date in its name tells what was done once.
    fn has_steps(&self) -> bool {
        let numbers: Vec<usize> = numbers(self.path.stem()).map(str::len).collect();
        if numbers.contains(&8) || numbers.windows(3).any(|it| it == [4, 2, 2]) {
            return false;
        }
        let titles = self.tree.section_ids().skip(2).map(|it| self.tree.plain_title(it.0, self.text));
        let is_step = |title: &str| {
            let rest = title.trim_start().trim_start_matches(|it: char| it.is_ascii_digit());
            rest.len() < title.trim_start().len() && rest.starts_with(['.', ')', ':'])
        };
        titles.filter(|it| is_step(it)).count() >= FEWEST_STEPS
            || self.tree.items.iter().filter(|it| it.ordered.is_some() && it.depth == 0).count() >= FEWEST_STEPS
    }

    /// The keys of the front matter.
    fn keys(&self) -> &[&'a str] {
        self.keys.get_or_init(|| front_matter(self.tree, self.text).into_iter().map(|it| it.0).collect())
    }

    /// What the title says behind the beginning that is usual for a kind.
    fn titled(&self, kind: Kind) -> Option<&str> {
        let beginnings = self.config.template(kind).into_iter().flat_map(|it| &it.titles);
        let rest = |it: &String| {
            let (head, rest) = self.title.split_at_checked(it.len())?;
            head.eq_ignore_ascii_case(it).then_some(rest)
        };
        beginnings.into_iter().find_map(rest)
    }

    /// Whether it is a page of a site that says how the site shows it: an explanation more often than a document that
    /// somebody forgot to give its form.
    fn is_page_of_site(&self) -> bool {
        let keys = &self.config.profile().explanations.keys;
        self.keys().iter().any(|key| keys.iter().any(|it| it.eq_ignore_ascii_case(key)))
    }

    /// Whether its title says that it explains what such documents are, or how they are written: `Writing runbooks`. A
    /// number makes it a decision on them.
    fn is_about_documents(&self) -> bool {
        let explanations = &self.config.profile().explanations;
        let rest = |it: &String| {
            let (head, rest) = self.title.split_at_checked(it.len())?;
            (head.eq_ignore_ascii_case(it) && rest.starts_with(' ')).then(|| rest.to_lowercase())
        };
        let is_of = |rest: &str, noun: &String| {
            let is_end = |it: &str| !it.starts_with(char::is_alphanumeric);
            rest.split(noun.as_str()).skip(1).any(|it| is_end(it) || it.strip_prefix('s').is_some_and(is_end))
        };
        self.number().is_none()
            && explanations
                .titles
                .iter()
                .filter_map(rest)
                .any(|rest| explanations.nouns.iter().any(|it| is_of(&rest, it)))
    }

    fn is_template(&self) -> bool {
        let is_word = |text: &str| {
            text.split(|it: char| !it.is_ascii_alphanumeric())
                .any(|it| it.eq_ignore_ascii_case("template") || it.eq_ignore_ascii_case("templates"))
        };
        (is_word(self.path.stem()) && !self.is_about_templates())
            || self.path.parent().as_str().split('/').any(is_word)
            || [self.path.stem(), self.path.parent().name()].into_iter().any(is_number_zero)
            || ["[", "{", "<"]
                .iter()
                .any(|it| self.title.trim_start_matches("ADR-").contains(it) && !self.title.contains("]("))
                && !self.title.contains('`')
                && !self.says_state()
    }

    /// Whether what stands in brackets in the title is how far the document has come: `QueueLag [Deprecated]`.
    fn says_state(&self) -> bool {
        let inner = self.title.split_once('[').and_then(|it| it.1.split_once(']'));
        inner.is_some_and(|it| self.config.vocabulary().state(it.0).is_some() && !it.1.contains(['[', '{', '<']))
    }

    /// Whether the name has a number and says more than what it would be a template of: `0024-share-templates` is a
    /// record, `0000-template` and `0001-adr-template` are none.
    fn is_about_templates(&self) -> bool {
        const OF_TEMPLATES: [&str; 17] = [
            "template",
            "templates",
            "adr",
            "madr",
            "rfc",
            "kep",
            "decision",
            "record",
            "design",
            "doc",
            "document",
            "runbook",
            "proposal",
            "example",
            "short",
            "long",
            "minimal",
        ];
        let mut words = self.path.stem().split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
        let number = words.next().filter(|it| it.chars().all(|it| it.is_ascii_digit()));
        number.is_some_and(|it| it.contains(|it| it != '0'))
            && words.any(|it| !OF_TEMPLATES.contains(&it.to_ascii_lowercase().as_str()))
    }

    fn is_own(&self, kind: Kind, document: &ByRole) -> bool {
        match kind {
            Kind::Contract => self.is_contract(document),
            Kind::Launch => self.is_launch(document),
            Kind::Standard => self.is_standard(document),
            Kind::Design => self.is_design(document),
            Kind::Catalog => is_catalog(document),
            Kind::FeatureReadme => has(document, &[Role::ServiceInfo]) && has(document, &[Role::ChannelsOwned]),
            _ => false,
        }
    }

    fn is_contract(&self, document: &ByRole) -> bool {
        let Some(channel) = self.titled(Kind::Contract).map(|it| it.trim_matches(['`', ' '])) else { return false };
        let promises = || [Role::OrderingKey, Role::Producer].iter().any(|it| document.fields(*it).next().is_some());
        channel.contains('.') && !channel.contains(' ') && promises()
    }

    fn is_design(&self, document: &ByRole) -> bool {
        self.titled(Kind::Design).is_some()
            && has(document, &[Role::Summary])
            && has(document, &[Role::SystemConcerns, Role::BoundaryContracts])
    }

    fn is_launch(&self, document: &ByRole) -> bool {
        let is_verdict = |value: &str| {
            let value = value.trim_matches(['*', '`', ' ']);
            self.config.status(Kind::Launch).iter().any(|it| it.name == value)
        };
        self.titled(Kind::Launch).is_some()
            && document.fields(Role::Status).any(|it| is_verdict(it.value.of(self.text)))
    }

    fn is_standard(&self, document: &ByRole) -> bool {
        self.titled(Kind::Standard).is_some()
            && has(document, &[Role::Rule, Role::Requirements])
            && has(document, &[Role::Enforcement, Role::Exceptions])
    }
}

fn has(document: &ByRole, roles: &[Role]) -> bool {
    roles.iter().any(|it| document.has_section(*it))
}

fn is_catalog(document: &ByRole) -> bool {
    let column = |table, role| document.column(table, role);
    let lists_features = |table| {
        column(table, Role::Feature) == Some(0)
            && [Role::OwnerTeam, Role::Tier, Role::Slo].iter().all(|it| column(table, *it).is_some())
    };
    document.tree.tables.iter().any(lists_features)
}

/// Whether a name is the number zero and nothing else, which is that of a form: `RFC-0000`, `0000`.
fn is_number_zero(name: &str) -> bool {
    let digits = name.trim_start_matches(|it: char| it.is_ascii_alphabetic()).trim_start_matches(['-', '_']);
    digits.len() > 1 && digits.bytes().all(|it| it == b'0')
}

/// Whether a title or the name of a file is a label with a number: `ADR-0005: Outbox`, `RFC 12`.
fn is_labelled(text: &str, label: &str) -> bool {
    let rest =
        text.get(label.len()..).filter(|_| text.get(..label.len()).is_some_and(|it| it.eq_ignore_ascii_case(label)));
    rest.is_some_and(|it| it.trim_start_matches(['-', '_', ' ', '#']).starts_with(|it: char| it.is_ascii_digit()))
}

/// Whether a title ends with these words, and says something before them.
fn ends_with(title: &str, words: &str) -> bool {
    let rest = title.len().checked_sub(words.len()).and_then(|it| title.split_at_checked(it));
    rest.is_some_and(|(head, end)| {
        end.eq_ignore_ascii_case(words) && head.trim_end() != head && !head.trim().is_empty()
    })
}

/// Whether words stand in a text, whether or not they begin a sentence.
fn says(text: &str, words: &str) -> bool {
    let mut letters = words.chars();
    let capital = letters.next().map(|it| it.to_uppercase().collect::<String>() + letters.as_str());
    text.contains(words) || capital.is_some_and(|it| text.contains(&it))
}

#[cfg(test)]
mod tests;
