//! Words with a meaning here: technologies, concepts, the signals of the activation threshold (A-001..A-005), verb forms.

use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use archwright_syntax::Span;
use smol_str::SmolStr;

use crate::{
    files,
    mention::Matcher,
    name,
    pattern::Prose,
    source::{self, Node},
};

/// A product, service, protocol or specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Technology {
    /// Canonical spelling: `Amazon SQS`.
    pub name: SmolStr,
    /// Other spellings.
    pub aliases: Vec<SmolStr>,
    /// What it is: `broker`, `workflow-engine`, `mesh`, `cache` ...
    pub kind: SmolStr,
    /// Whether introducing it means running durable shared infrastructure, which alone meets the threshold.
    pub is_infrastructure: bool,
}

/// A term of the trade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concept {
    /// Canonical spelling: `consumer group`.
    pub name: SmolStr,
    /// Other spellings.
    pub aliases: Vec<SmolStr>,
    /// What it means, as one sentence.
    pub meaning: SmolStr,
}

/// What a signal says about whether a task needs a design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SignalKind {
    /// A named service. Two different ones meet the threshold.
    Service,
    /// A named team. Two different ones meet the threshold.
    Team,
    /// A phrase that says several services or teams take part.
    Boundary,
    /// Durable shared infrastructure.
    Infrastructure,
    /// An explicit request for a document: ADR, RFC, runbook, launch decision.
    Request,
    /// A phrase that speaks against a design: prototype, one process, frontend only.
    Decline,
}

/// A place in a text that counts for or against the threshold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// What it says.
    pub kind: SignalKind,
    /// The canonical word; for services and teams the lower-case name.
    pub word: SmolStr,
    /// Where it stands.
    pub span: Span,
}

struct Lexicon {
    technologies: Vec<Technology>,
    technology_keys: HashMap<String, usize>,
    technology_matcher: Matcher<usize>,
    concepts: Vec<Concept>,
    concept_keys: HashMap<String, usize>,
    concept_matcher: Matcher<usize>,
    signals: Vec<(SignalKind, SmolStr)>,
    signal_matcher: Matcher<usize>,
    not_names: HashSet<SmolStr>,
    past: HashSet<SmolStr>,
    not_past: HashSet<SmolStr>,
    imperatives: HashSet<SmolStr>,
}

/// Every known technology.
pub fn technologies() -> &'static [Technology] {
    &lexicon().technologies
}

/// The technology with this name or alias; letter case, hyphens and plural do not matter.
pub fn technology(name: &str) -> Option<&'static Technology> {
    let lexicon = lexicon();
    lexicon.technologies.get(*lexicon.technology_keys.get(&name::key(name))?)
}

/// The technologies named in a text, in order. Names that are everyday words (`Temporal`, `Consul`) count only with their capitals.
pub fn technologies_in(text: &str) -> Vec<(Span, &'static Technology)> {
    let lexicon = lexicon();
    lexicon.technology_matcher.find(text).filter_map(|(span, at)| Some((span, lexicon.technologies.get(at)?))).collect()
}

/// Every known concept.
pub fn concepts() -> &'static [Concept] {
    &lexicon().concepts
}

/// The concept with this name or alias; letter case, hyphens and plural do not matter.
pub fn concept(name: &str) -> Option<&'static Concept> {
    let lexicon = lexicon();
    lexicon.concepts.get(*lexicon.concept_keys.get(&name::key(name))?)
}

/// The concepts named in a text, in order.
pub fn concepts_in(text: &str) -> Vec<(Span, &'static Concept)> {
    let lexicon = lexicon();
    lexicon.concept_matcher.find(text).filter_map(|(span, at)| Some((span, lexicon.concepts.get(at)?))).collect()
}

/// Whether an English word is a past tense or past participle: `created`, `Paid`, `sent`. Words with one form for both count as past.
pub fn is_past_tense(word: &str) -> bool {
    let lexicon = lexicon();
    let word = word.to_lowercase();
    lexicon.past.contains(word.as_str())
        || (word.len() > 4 && word.ends_with("ed") && word.chars().all(char::is_alphabetic) && !lexicon.not_past.contains(word.as_str()))
}

/// Whether a word is a verb that commands start with: `create`, `Send`. Words that are as often nouns (`order`, `process`) are not.
pub fn is_imperative(word: &str) -> bool {
    lexicon().imperatives.contains(word.to_lowercase().as_str())
}

/// Everything in a text that speaks for or against a design, in order (A-001..A-005). The caller counts distinct services and teams.
pub fn threshold_signals(text: &str) -> Vec<Signal> {
    let lexicon = lexicon();
    let mut res: Vec<_> = lexicon
        .signal_matcher
        .find(text)
        .filter_map(|(span, at)| lexicon.signals.get(at).map(|(kind, word)| Signal { kind: *kind, word: word.clone(), span }))
        .collect();
    res.extend(names_before(text, "service", SignalKind::Service, &lexicon.not_names));
    res.extend(names_before(text, "team", SignalKind::Team, &lexicon.not_names));
    res.sort_by_key(|it| (it.span, it.kind));
    res
}

/// Names in front of a noun: `billing service`, `billing-service`, `the Payments team`.
fn names_before(text: &str, noun: &str, kind: SignalKind, not_names: &HashSet<SmolStr>) -> Vec<Signal> {
    let words = words(text);
    let mut res = Vec::new();
    for (at, &span) in words.iter().enumerate() {
        let word = span.of(text).to_lowercase();
        let compound = word.strip_suffix(noun).and_then(|it| it.strip_suffix('-'));
        let (name, span) = match compound {
            Some(name) => (name.to_owned(), span),
            None if word == noun => {
                let Some(&before) = at.checked_sub(1).and_then(|it| words.get(it)) else { continue };
                // Only a blank may stand between the name and the noun.
                if Span::new(before.end as usize, span.start as usize).of(text) != " " {
                    continue;
                }
                (before.of(text).to_lowercase(), before.cover(span))
            }
            None => continue,
        };
        if name.len() > 1 && !not_names.contains(name.as_str()) && name.chars().any(char::is_alphabetic) {
            res.push(Signal { kind, word: name.into(), span });
        }
    }
    res
}

/// The words of a text: letters, digits, and hyphens between them.
fn words(text: &str) -> Vec<Span> {
    let mut res = Vec::new();
    let mut start = None;
    for (at, char) in text.char_indices().chain([(text.len(), ' ')]) {
        if char.is_alphanumeric() || (start.is_some() && (char == '-' || char == '_')) {
            start.get_or_insert(at);
        } else if let Some(start) = start.take() {
            res.push(Span::new(start, at));
        }
    }
    res
}

fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        let tree = source::yaml(files::skill_file("knowledge/lexicon.yaml").unwrap_or_default());
        tree.root().map_or_else(|| build(None), |it| build(Some(it)))
    })
}

fn build(root: Option<Node<'_>>) -> Lexicon {
    let list = |key| root.map(|it| source::nodes(it, key)).unwrap_or_default();
    let words = |key| root.map(|it| source::texts(it, key)).unwrap_or_default();
    let everyday: HashSet<_> = words("everyday").into_iter().collect();
    let prose = |name: &str| if everyday.contains(name) || is_acronym(name) { Prose::Capitalized } else { Prose::Any };

    let technologies: Vec<_> = list("technologies").into_iter().filter_map(technology_of).collect();
    let concepts: Vec<_> = list("concepts").into_iter().filter_map(concept_of).collect();
    let mut signals = Vec::new();
    let mut signal_terms = Vec::new();
    for (key, kind) in [
        ("boundary", SignalKind::Boundary),
        ("infrastructure", SignalKind::Infrastructure),
        ("request", SignalKind::Request),
        ("decline", SignalKind::Decline),
    ] {
        for word in root.and_then(|it| it.get("threshold")).map(|it| source::texts(it, key)).unwrap_or_default() {
            for term in [word.to_string(), name::other_number(&word)] {
                signal_terms.push((term, prose(&word), signals.len()));
            }
            signals.push((kind, word));
        }
    }
    for technology in technologies.iter().filter(|it| it.is_infrastructure) {
        for name in std::iter::once(&technology.name).chain(&technology.aliases) {
            signal_terms.push((name.to_string(), prose(name), signals.len()));
        }
        signals.push((SignalKind::Infrastructure, technology.name.clone()));
    }

    let technology_names = || technologies.iter().map(|it| (&it.name, &it.aliases)).enumerate();
    let concept_names = || concepts.iter().map(|it| (&it.name, &it.aliases)).enumerate();
    let mut technology_terms = Vec::new();
    for (at, (name, aliases)) in technology_names() {
        for it in std::iter::once(name).chain(aliases) {
            technology_terms.push((it.to_string(), prose(it), at));
            // "Redis Stream" and "Step Function" are written too; "Kafkas" is not.
            if it.contains(' ') {
                technology_terms.push((name::other_number(it), prose(it), at));
            }
        }
    }
    let mut concept_terms = Vec::new();
    for (at, (name, aliases)) in concept_names() {
        for it in std::iter::once(name).chain(aliases) {
            concept_terms.extend([it.to_string(), name::other_number(it)].map(|term| (term, prose(it), at)));
        }
    }
    Lexicon {
        technology_keys: keys(technology_names()),
        technology_matcher: Matcher::new(technology_terms),
        concept_keys: keys(concept_names()),
        concept_matcher: Matcher::new(concept_terms),
        signal_matcher: Matcher::new(signal_terms),
        signals,
        not_names: words("not-names").into_iter().collect(),
        past: words("past").into_iter().collect(),
        not_past: words("not-past").into_iter().collect(),
        imperatives: words("imperatives").into_iter().collect(),
        technologies,
        concepts,
    }
}

/// Two to five letters, all capitals: such a word in lower case is seldom the same word.
fn is_acronym(name: &str) -> bool {
    (2..=5).contains(&name.len()) && name.chars().all(|it| it.is_ascii_uppercase())
}

fn keys<'a>(names: impl Iterator<Item = (usize, (&'a SmolStr, &'a Vec<SmolStr>))>) -> HashMap<String, usize> {
    let mut res = HashMap::new();
    for (at, (name, aliases)) in names {
        for it in std::iter::once(name).chain(aliases) {
            res.entry(name::key(it)).or_insert(at);
        }
    }
    res
}

fn technology_of(node: Node<'_>) -> Option<Technology> {
    Some(Technology {
        name: source::text(node, "name")?,
        aliases: source::texts(node, "aliases"),
        kind: source::text(node, "kind")?,
        is_infrastructure: source::text(node, "infrastructure").is_some_and(|it| it == "yes"),
    })
}

fn concept_of(node: Node<'_>) -> Option<Concept> {
    Some(Concept { name: source::text(node, "name")?, aliases: source::texts(node, "aliases"), meaning: source::text(node, "meaning")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signals(text: &str) -> Vec<(SignalKind, String)> {
        threshold_signals(text).into_iter().map(|it| (it.kind, it.word.to_string())).collect()
    }

    fn technology_names(text: &str) -> Vec<&str> {
        technologies_in(text).into_iter().map(|(_, it)| it.name.as_str()).collect()
    }

    #[test]
    fn technologies_have_one_canonical_name() {
        for (written, canonical) in [
            ("sqs", "Amazon SQS"),
            ("apache kafka", "Apache Kafka"),
            ("Rabbit MQ", "RabbitMQ"),
            ("google pub/sub", "Google Cloud Pub/Sub"),
            ("k8s", "Kubernetes"),
        ] {
            assert_eq!(technology(written).map(|it| it.name.as_str()), Some(canonical), "{written}");
        }
        assert!(technology("abacus").is_none());
        assert!(technologies().len() >= 45 && concepts().len() >= 45);
    }

    #[test]
    fn technologies_are_found_in_prose() {
        assert_eq!(
            technology_names("Kafka feeds Amazon SQS through EventBridge; kafka is old."),
            ["Apache Kafka", "Amazon SQS", "Amazon EventBridge", "Apache Kafka"]
        );
        assert_eq!(technology_names("a temporal table, the consul of Rome, nats and a pulsar"), [""; 0]);
        assert_eq!(technology_names("orders.kafka.topic kafka_topic"), [""; 0]);
    }

    #[test]
    fn concepts_are_found_and_explained() {
        let text = "Each consumer group keeps its offsets.";
        let found: Vec<_> = concepts_in(text).into_iter().map(|(span, it)| (it.name.as_str(), span.of(text))).collect();
        assert_eq!(found, [("consumer group", "consumer group"), ("offset", "offsets")]);
        assert!(concept("Correlation ID").is_some_and(|it| it.meaning.ends_with('.')));
    }

    #[test]
    fn names_are_unique() {
        let mut seen = HashMap::new();
        for (name, aliases) in technologies().iter().map(|it| (&it.name, &it.aliases)) {
            for it in std::iter::once(name).chain(aliases) {
                assert_eq!(seen.insert(name::key(it), name), None, "{it}");
            }
        }
        let mut seen = HashMap::new();
        for (name, aliases) in concepts().iter().map(|it| (&it.name, &it.aliases)) {
            for it in std::iter::once(name).chain(aliases) {
                assert_eq!(seen.insert(name::key(it), name), None, "{it}");
            }
        }
    }

    #[test]
    fn past_tense_knows_irregular_verbs_and_false_friends() {
        for word in ["created", "Paid", "sent", "shipped", "Withdrawn", "reset", "cancelled"] {
            assert!(is_past_tense(word), "{word}");
        }
        for word in ["create", "feed", "Embed", "need", "order", "red", "id_ed", "exceed"] {
            assert!(!is_past_tense(word), "{word}");
        }
        assert!(is_imperative("Create") && is_imperative("send"));
        assert!(!is_imperative("order") && !is_imperative("created"));
    }

    #[test]
    fn services_and_teams_are_counted_by_name() {
        use SignalKind::{Service, Team};
        assert_eq!(
            signals("The order service calls billing-service; the Payments team owns it. A service of our team."),
            [(Service, "order".into()), (Service, "billing".into()), (Team, "payments".into())]
        );
    }

    #[test]
    fn infrastructure_requests_and_declines_are_signals() {
        use SignalKind::{Boundary, Decline, Infrastructure, Request};
        let kinds = |text| signals(text).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
        assert_eq!(kinds("Introduce a schema registry and RabbitMQ across teams."), [Infrastructure, Infrastructure, Boundary]);
        assert_eq!(kinds("Write an ADR and a runbook."), [Request, Request]);
        assert_eq!(kinds("A hackathon prototype, frontend-only."), [Decline, Decline, Decline]);
        assert_eq!(kinds("Rename a button."), []);
    }
}
