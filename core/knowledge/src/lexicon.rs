//! Words with a meaning here: technologies, concepts, the signals of the activation threshold
//! (A-001..A-005), verb forms, names of sensitive fields.

mod commitment;
mod sensitive;
mod threshold;

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

use commitment::Commitment;
pub use commitment::uncommitted;
use sensitive::Sensitive;
pub use sensitive::{FieldValue, SensitiveTerms, Sensitivity, Terms, sensitivity};
use threshold::Threshold;
pub use threshold::{Signal, SignalKind, Verdict, threshold_signals, threshold_verdict};

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

struct Lexicon {
    technologies: Vec<Technology>,
    technology_keys: HashMap<String, usize>,
    technology_matcher: Matcher<usize>,
    concepts: Vec<Concept>,
    concept_keys: HashMap<String, usize>,
    concept_matcher: Matcher<usize>,
    threshold: Threshold,
    commitment: Commitment,
    sensitive: Sensitive,
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

/// The technologies named in a text, in order. Names that are everyday words (`Temporal`, `Consul`) count only with
/// their capitals.
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

/// Whether an English word is a past tense or past participle: `created`, `Paid`, `sent`. Words with one form for both
/// count as past.
pub fn is_past_tense(word: &str) -> bool {
    let lexicon = lexicon();
    let word = word.to_lowercase();
    lexicon.past.contains(word.as_str())
        || (word.len() > 4
            && word.ends_with("ed")
            && word.chars().all(char::is_alphabetic)
            && !lexicon.not_past.contains(word.as_str()))
}

/// Whether a word is a verb that commands start with: `create`, `Send`. Words that are as often nouns (`order`,
/// `process`) are not.
pub fn is_imperative(word: &str) -> bool {
    lexicon().imperatives.contains(word.to_lowercase().as_str())
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
        sensitive: Sensitive::new(root),
        threshold: Threshold::new(root, &technologies, prose),
        commitment: Commitment::new(root),
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
    Some(Concept {
        name: source::text(node, "name")?,
        aliases: source::texts(node, "aliases"),
        meaning: source::text(node, "meaning")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
