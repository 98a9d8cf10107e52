//! What the documents of a feature state that its other documents are held against: how its brokers are logged in to,
//! which fields are personal, what a phase waits for, when somebody is paged.
//!
//! Rules read them through the index, so that a keystroke elsewhere in a document runs nothing again.

use std::{ops::Range, sync::LazyLock};

use archwright_knowledge::{Lookout, Spotted, claim_words, lexicon::technologies_in};
use archwright_syntax::Span;
use smol_str::SmolStr;

use crate::{
    Kind,
    conventions::{config::Config, role::Role},
    facts::{ByRole, Content, FileFacts, prose},
    key::{Entry, Key, hash_of},
    values::{
        quantity::{self, Measured, durations, measured, rates},
        value,
    },
};

/// What a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// The broker wants to know who somebody is; the subject is how.
    BrokerLogin,
    /// The field named by the subject is about a person.
    PersonalData,
    /// The phase named by the subject waits for the one before it.
    GatedPhase,
    /// Messages are checked against their schema.
    SchemaChecked,
    /// Whoever checks messages checks the formats of the schema too.
    FormatsAsserted,
    /// Dead letters are kept for the amount, in milliseconds.
    DeadLettersKept,
    /// Dead letters are sent to their channel again.
    Redrive,
    /// What is promised, with the longest time that is named, in milliseconds.
    Objective,
    /// Somebody is paged about the subject after the amount, in milliseconds.
    Page,
    /// The first to be told of dead letters on the channel named by the subject is told at the amount of them.
    DeadLetterAlert,
    /// A message is tried so often before it is set aside; the subject is what is counted, such as attempts.
    Attempts,
    /// The dead letter channel named by the subject belongs to a contract.
    DeadLetterChannel,
    /// The consumer group named by the subject belongs to a contract.
    ConsumerGroup,
    /// The team named by the subject pays for the channel of a contract.
    CostOwner,
    /// The service named by the subject lets messages go that are too old.
    LetsGo,
    /// Messages may be sent again so fast, in thousandths a second.
    ReplayRate,
    /// The broker named by the subject carries the messages of a design.
    Broker,
    /// A runbook speaks of the part named by the subject.
    PartInRunbook,
    /// The subject has a heading or a row of its own.
    Described,
}

/// Something that a document of a feature states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What it is about.
    pub topic: Topic,
    /// Of what.
    pub subject: SmolStr,
    /// How much; 0 where nothing is counted.
    pub amount: u64,
    /// Where it stands.
    pub span: Span,
}

/// More than the documents of people state.
const MAX_STATEMENTS: usize = 400;

/// Reads the statements of a document of a feature, and notes them in the index.
pub(super) fn add(facts: &mut FileFacts, config: &Config) {
    let Some(feature) = facts.captures.feature.clone().filter(|_| facts.opted_in()) else { return };
    let mut found = Found(Vec::new());
    found.read(facts, config);
    let mut statements = found.0;
    statements.truncate(MAX_STATEMENTS);
    statements.shrink_to_fit();
    if !statements.is_empty() {
        let said: Vec<_> = statements.iter().map(|it| (it.topic, &it.subject, it.amount)).collect();
        facts.entries.push(Entry { key: Key::Statements(feature), hash: hash_of(&said) });
    }
    if let Content::Document(document) = &mut facts.content {
        document.statements = statements;
    }
}

/// The words without which a document states none of some kind; most documents have few of them.
static WORDS: LazyLock<Lookout> = LazyLock::new(|| {
    Lookout::new(&[
        "redrives",
        "alerted-parts",
        "asserts-formats",
        "checks-schemas",
        "broker-login",
        "personal",
        "tries",
        "failed-times",
        "lets-go",
        "objective-names",
        "dead-letters",
        "group-fields",
        "page-columns",
    ])
});

/// The numbers of a sentence, in digits and in words.
fn numbers(sentence: &str) -> Vec<Measured> {
    let in_words = claim_words("number-words").all(sentence).filter_map(|it| {
        let amount = quantity::number_in_words(sentence.get(it.clone())?)?;
        Some(Measured { amount, digits: it })
    });
    measured(sentence).into_iter().chain(in_words).collect()
}

struct Found(Vec<Statement>);

/// Reads a sentence, which begins at a place of the text.
type Read = fn(&mut Found, &str, usize);

impl Found {
    fn push(&mut self, topic: Topic, subject: impl Into<SmolStr>, amount: u64, span: Span) {
        self.0.push(Statement { topic, subject: subject.into(), amount, span });
    }

    fn read(&mut self, facts: &FileFacts, config: &Config) {
        let text: &str = &facts.text;
        let words = WORDS.look(text);
        let first = |kind: &str| words.has(claim_words(kind)).then(|| claim_words(kind).first(text)).flatten();
        if facts.kind == Kind::Runbook
            && let Some(at) = first("redrives")
        {
            self.push(Topic::Redrive, "", 0, Span::new(at.start, at.end));
        }
        if facts.kind == Kind::Runbook {
            self.push(Topic::PartInRunbook, "", 0, Span::empty(0));
            let parts = claim_words("alerted-parts");
            let mut told = Vec::new();
            for at in parts.all(text).filter(|_| words.has(parts)) {
                let part = text.get(at.clone()).unwrap_or_default().to_lowercase();
                if !told.contains(&part) {
                    self.push(Topic::PartInRunbook, part.as_str(), 0, Span::new(at.start, at.end));
                    told.push(part);
                }
            }
        }
        if let Some(at) = first("asserts-formats") {
            self.push(Topic::FormatsAsserted, "", 0, Span::new(at.start, at.end));
        }
        if let Some(at) = first("checks-schemas") {
            self.push(Topic::SchemaChecked, "", 0, Span::new(at.start, at.end));
        }
        let readers: [(&str, Read); 5] = [
            ("broker-login", Self::login),
            ("personal", Self::personal),
            ("tries", Self::attempts),
            ("failed-times", Self::attempts),
            ("lets-go", Self::lets_go),
        ];
        let readers: Vec<_> =
            readers.map(|it| (claim_words(it.0), it.1)).into_iter().filter(|it| words.has(it.0)).collect();
        let is_read = |part: Range<usize>| readers.iter().any(|it| words.has_within(it.0, part.clone()));
        let sentences = if readers.is_empty() { Vec::new() } else { prose::sentences_in(facts, is_read) };
        for sentence in sentences {
            let part = sentence.at..sentence.at + sentence.text.len();
            for (kind, read) in &readers {
                if words.has_within(kind, part.clone()) {
                    read(self, sentence.text, sentence.at);
                }
            }
        }
        let Some(document) = ByRole::of(facts, config) else { return };
        if facts.kind == Kind::Design {
            self.brokers(&document);
        }
        self.fields(&document, facts.kind, &words);
        if facts.kind == Kind::Contract
            && let Some(payer) = document.concern(Role::CostOwner)
        {
            self.push(Topic::CostOwner, value::plain(&payer.text), 0, payer.span);
        }
        if facts.kind == Kind::Contract
            && let Some(replay) = document.field(Role::Replay)
            && let [(_, rate)] = rates(&replay.text).as_slice()
        {
            self.push(Topic::ReplayRate, "", whole(rate * 1_000.0), replay.span);
        }
        self.tables(&document, &words);
        if words.has(claim_words("objective-names")) {
            self.objectives(&document);
        }
    }

    /// The brokers that the patterns and the answers on reliability of a design put in use.
    fn brokers(&mut self, document: &ByRole) {
        for role in [Role::Patterns, Role::ReliabilityChecklist] {
            let Some(section) = document.section(role) else { continue };
            let body = document.tree.section(section).body;
            for line in body.of(document.text).split_inclusive('\n') {
                let start = body.start as usize + (line.as_ptr() as usize - body.of(document.text).as_ptr() as usize);
                for (span, broker) in technologies_in(line).into_iter().filter(|it| it.1.kind == "broker") {
                    if prose::affirms(line) {
                        let at = Span::new(start + span.start as usize, start + span.end as usize);
                        self.push(Topic::Broker, broker.name.clone(), 0, at);
                    }
                }
            }
        }
    }

    /// `5 attempts, exponential from 200 ms, then the DLQ`: how often each message is tried.
    fn attempts(&mut self, sentence: &str, at: usize) {
        let tried = claim_words("tries");
        // `It has failed eight times in the consumer`.
        if let Some(failed) = claim_words("failed-times").first(sentence)
            && claim_words("consumes").are_in(sentence)
            && prose::affirms(sentence)
            && let Some(count) = numbers(sentence).into_iter().find(|it| {
                let between = sentence.get(failed.end..it.digits.start);
                between.is_some_and(|it| it.trim().is_empty())
                    && sentence.get(it.digits.end..).is_some_and(|it| it.trim_start().starts_with("times"))
            })
        {
            let span = Span::new(at + count.digits.start, at + count.digits.end);
            self.push(Topic::Attempts, "attempt", whole(count.amount), span);
            return;
        }
        if !tried.are_in(sentence) || !claim_words("tried-by-consumers").are_in(sentence) {
            return;
        }
        let counts = numbers(sentence).into_iter().filter_map(|it| {
            let behind = sentence.get(it.digits.end..)?.strip_prefix(' ')?;
            let word = tried.first(behind).filter(|it| it.start == 0)?;
            Some((it, behind.get(word)?.trim_end_matches('s').to_lowercase()))
        });
        // Of several numbers one may be of something else.
        if let [(count, what)] = counts.collect::<Vec<_>>().as_slice() {
            let span = Span::new(at + count.digits.start, at + count.digits.end);
            self.push(Topic::Attempts, what.as_str(), whole(count.amount), span);
        }
    }

    /// `` `mailer` skips events older than 48 h ``.
    fn lets_go(&mut self, sentence: &str, at: usize) {
        if claim_words("lets-go").are_in(sentence) && claim_words("too-old").are_in(sentence) {
            for (start, name) in codes(sentence).filter(|it| !it.1.contains(' ')) {
                let start = at + start;
                self.push(Topic::LetsGo, name, 0, Span::new(start, start + name.len()));
            }
        }
    }

    /// `SLO-2: p99 below 2 minutes` as an item of a list.
    fn objectives(&mut self, document: &ByRole) {
        for item in document.tree.items.iter().filter(|it| it.depth == 0) {
            let said = item.content.of(document.text);
            let Some((id, objective)) = said.split_once(':').filter(|it| it.0.len() < 24) else { continue };
            if claim_words("objective-names").are_in(id) {
                let start = item.content.start as usize + id.len() + 1;
                let span = Span::new(start, item.content.end as usize);
                self.objective(&[(id, item.content), (objective, span)]);
            }
        }
    }

    fn login(&mut self, sentence: &str, at: usize) {
        // Of one way to log in one sentence is enough.
        if self.0.iter().any(|it| it.topic == Topic::BrokerLogin) {
            return;
        }
        let Some(word) = claim_words("broker-login").first(sentence) else { return };
        if claim_words("broker-things").are_in(sentence) && !claim_words("denies").are_in(sentence) {
            let how = sentence.get(word.clone()).unwrap_or_default();
            self.push(Topic::BrokerLogin, how, 0, Span::new(at + word.start, at + word.end));
        }
    }

    /// `` `customer_id` is personal data ``, and `` personal data (`customer_id`) ``.
    fn personal(&mut self, sentence: &str, at: usize) {
        if !sentence.contains('`') || sentence.trim_start().starts_with('|') {
            return;
        }
        let words = claim_words("personal");
        for word in words.all(sentence) {
            let before = sentence.get(..word.start).unwrap_or_default();
            let behind = sentence.get(word.end..).unwrap_or_default();
            if let Some(end) = before.rfind('`')
                && let Some(start) = before.get(..end).and_then(|it| it.rfind('`'))
            {
                let said = before.get(end + 1..).unwrap_or_default();
                let is_said =
                    said.trim_start().starts_with("is ") && said.len() < 40 && !said.contains([';', ':', '.']);
                if is_said && !claim_words("denies").are_in(said) {
                    self.field(before.get(start + 1..end), Span::new(at + start + 1, at + end));
                }
            }
            let list = behind.strip_prefix(" (").and_then(|it| it.split_once(')')).map_or("", |it| it.0);
            let clause = before.rsplit(['.', ';', ':', ',']).next().unwrap_or_default();
            if !claim_words("denies").are_in(clause) {
                let start = at + word.end + " (".len();
                for (number, piece) in list.split('`').enumerate().filter(|it| it.0 % 2 == 1) {
                    let before: usize = list.split('`').take(number).map(|it| it.len() + 1).sum();
                    self.field(Some(piece), Span::new(start + before, start + before + piece.len()));
                }
            }
        }
    }

    fn field(&mut self, name: Option<&str>, span: Span) {
        let is_name = |it: &&str| {
            !it.is_empty()
                && it.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.' | '[' | ']'))
        };
        if let Some(name) = name.filter(is_name) {
            let leaf = name.rsplit('.').next().unwrap_or(name);
            self.push(Topic::PersonalData, leaf, 0, span);
        }
    }

    fn fields(&mut self, document: &ByRole, kind: Kind, words: &Spotted) {
        let text = document.text;
        let (dead_letters, groups) = (claim_words("dead-letters"), claim_words("group-fields"));
        let has_words = words.has(dead_letters) || words.has(groups);
        for field in document.tree.fields.iter().filter(|_| has_words) {
            let name = field.name.of(text);
            if kind == Kind::Contract {
                let is_group = groups.are_all_of(name);
                let topic = if is_group { Topic::ConsumerGroup } else { Topic::DeadLetterChannel };
                if is_group || dead_letters.are_all_of(name) {
                    let start = field.value.start as usize;
                    for (at, name) in codes(field.value.of(text)).filter(|it| it.1.contains(['.', '-', '_'])) {
                        self.push(topic, name, 0, Span::new(start + at, start + at + name.len()));
                    }
                }
            }
            if dead_letters.are_in(name) {
                let longest = durations(field.value.of(text)).into_iter().map(|it| it.1).fold(0.0, f64::max);
                if longest > 0.0 {
                    self.push(Topic::DeadLettersKept, "", whole(longest), field.value);
                }
            }
        }
        for section in document.tree.sections.iter().skip(1) {
            self.described(section.title.of(text), section.title);
        }
    }

    /// Notes what a heading or the head of a row is about, where it is a name in code.
    fn described(&mut self, head: &str, span: Span) {
        let name = head.split('`').nth(1).unwrap_or_default();
        if name.len() > 3 && name.contains(['-', '_', '.']) && !name.contains(' ') {
            self.push(Topic::Described, name.to_ascii_lowercase(), 0, span);
        }
    }

    fn tables(&mut self, document: &ByRole, words: &Spotted) {
        let (tree, text) = (document.tree, document.text);
        let has = |kind: &str| words.has(claim_words(kind));
        let (has_personal, has_objectives, has_pages) = (has("personal"), has("objective-names"), has("page-columns"));
        for table in &tree.tables {
            let header: Vec<&str> = tree.header(table).iter().map(|it| it.of(text)).collect();
            let column = |kind: &str| header.iter().position(|it| claim_words(kind).are_all_of(it));
            let page = has_pages.then(|| column("page-columns")).flatten();
            let names_objectives = |it: &str| claim_words("objective-names").are_all_of(it);
            let objectives = header.iter().position(|it| names_objectives(it));
            let warn = page.and_then(|_| column("warn-columns"));
            for row in tree.rows(table) {
                let cells: Vec<(&str, Span)> = tree.cells(row).iter().map(|it| (it.of(text), *it)).collect();
                let Some((head, span)) = cells.first().copied() else { continue };
                self.described(head, span);
                let rest = cells.get(1..).unwrap_or_default();
                if let Some(before) = name_before(head)
                    && let Some(cell) = rest.iter().find(|it| names(it.0, &before))
                {
                    self.push(Topic::GatedPhase, value::plain(head), 0, cell.1);
                }
                if has_personal && rest.iter().any(|it| says_personal(it.0)) {
                    for (number, piece) in head.split('`').enumerate() {
                        self.field(Some(piece).filter(|_| number % 2 == 1), span);
                    }
                }
                if has_objectives && claim_words("objective-names").are_in(head) {
                    self.objective(&cells);
                } else if let Some(objective) = objectives.filter(|it| *it > 0).and_then(|it| cells.get(it)) {
                    self.objective(&[(head, span), *objective]);
                }
                if let Some(page) = page {
                    self.alert(&cells, page, warn);
                }
            }
        }
    }

    fn objective(&mut self, cells: &[(&str, Span)]) {
        let [(id, _), (objective, span), ..] = cells else { return };
        let longest = durations(objective).into_iter().map(|it| it.1).fold(0.0, f64::max);
        if longest > 0.0 {
            self.push(
                Topic::Objective,
                format!("{}\n{}", value::plain(id), value::plain(objective)),
                whole(longest),
                *span,
            );
        }
    }

    fn alert(&mut self, cells: &[(&str, Span)], page: usize, warn: Option<usize>) {
        let (Some((head, _)), Some((paged, at))) = (cells.first(), cells.get(page)) else { return };
        let first = |it: &str| measured(it).first().map(|it| it.amount);
        let is_about_dead_letters = cells.iter().any(|it| claim_words("dead-letters").are_in(&it.0.replace('.', " ")));
        if is_about_dead_letters {
            let told = [Some(page), warn].into_iter().flatten().filter_map(|it| cells.get(it));
            let told = told.filter(|it| counts(it.0)).filter_map(|it| first(it.0));
            if let Some(least) = told.reduce(f64::min) {
                self.push(Topic::DeadLetterAlert, subject(head), whole(least), *at);
            }
            return;
        }
        if let [(_, duration)] = durations(paged).as_slice() {
            self.push(Topic::Page, subject(head), whole(*duration), *at);
        }
    }
}

/// Whether a cell counts things: a number of what is no unit.
fn counts(cell: &str) -> bool {
    claim_words("counted").are_in(cell)
        || measured(cell).first().is_some_and(|it| {
            let behind = cell.get(it.digits.end..).unwrap_or_default().trim_start();
            let word = behind.split(|it: char| !it.is_alphabetic()).next().unwrap_or_default();
            word.len() > 2 && quantity::unit(&word.to_lowercase()).is_none() && !behind.contains(['%', '/'])
        })
}

/// The names in code of a text, and where they stand in it.
fn codes(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    let pieces = text.split('`').enumerate().map(move |(number, piece)| {
        let start = at;
        at += piece.len() + 1;
        (number, start, piece)
    });
    pieces.filter(|it| it.0 % 2 == 1 && !it.2.is_empty()).map(|it| (it.1, it.2))
}

/// What the head of a row is about: its only name in code, or all of it.
fn subject(head: &str) -> String {
    let names: Vec<&str> = codes(head).map(|it| it.1).collect();
    match names.as_slice() {
        [only] if only.contains(['.', '-', '_']) => (*only).to_owned(),
        _ => value::plain(head),
    }
}

/// Whether a cell says first that what its row is about is personal.
fn says_personal(cell: &str) -> bool {
    claim_words("personal").first(cell).is_some_and(|it| {
        let before = cell.get(..it.start).unwrap_or_default();
        before.len() < 40 && !claim_words("denies").are_in(before)
    })
}

/// The name before a name: `P2` of `P3`, `Phase 1` of `Phase 2`. None of a first one, and of what is only numbered.
pub fn name_before(name: &str) -> Option<String> {
    if !name.trim_end_matches(['*', '`', ' ']).ends_with(|it: char| it.is_ascii_digit()) {
        return None;
    }
    let name = value::plain(name);
    let digits = name.trim_start_matches(|it: char| !it.is_ascii_digit());
    let word = name.get(..name.len() - digits.len())?;
    let number: u32 = digits.parse().ok()?;
    let is_word = word.chars().any(char::is_alphabetic) && word.len() < 16;
    is_word.then(|| number.checked_sub(1)).flatten().map(|it| format!("{word}{it}"))
}

/// Whether a cell has a name as a whole word.
pub fn names(cell: &str, name: &str) -> bool {
    let (cell, name) = (value::plain(cell).to_lowercase(), value::plain(name).to_lowercase());
    let is_part = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
    !name.is_empty()
        && cell.match_indices(&name).any(|(at, _)| {
            !is_part(cell.get(..at).and_then(|it| it.chars().next_back()))
                && !is_part(cell.get(at + name.len()..).and_then(|it| it.chars().next()))
        })
}

/// An amount without its fraction.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(amount: f64) -> u64 {
    amount.max(0.0) as u64
}
