//! What to choose, by what somebody has stated (A-298..A-301, T-001..T-027).

use std::sync::OnceLock;

use smol_str::SmolStr;

use crate::{
    files,
    source::{self, Node},
};

/// Something that can be stated of a piece of integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceSignal {
    /// Stable identifier: `one-receiver`.
    pub id: SmolStr,
    /// What holds when it is stated, as a clause.
    pub means: SmolStr,
    /// The signals that cannot hold beside it.
    pub not: Vec<SmolStr>,
}

/// How many options of a topic are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choose {
    /// The only one that something speaks for.
    One,
    /// The last one that something speaks for.
    Highest,
    /// Each that something speaks for.
    Many,
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceTopic {
    /// Stable identifier: `message-kind`.
    pub id: SmolStr,
    /// How many options are taken.
    pub choose: Choose,
    /// What would decide it, as a question.
    pub ask: SmolStr,
    /// What there is, in order.
    pub options: Vec<ChoiceOption>,
}

/// One of the options of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceOption {
    /// Stable identifier: `event`.
    pub id: SmolStr,
    /// The name for readers.
    pub name: SmolStr,
    /// What speaks for it.
    pub reasons: Vec<Reason>,
    /// What speaks against it.
    pub against: Vec<Reason>,
    /// The options that give way where something speaks for both.
    pub beats: Vec<SmolStr>,
    /// Slugs of the patterns that must stand beside it.
    pub companions: Vec<SmolStr>,
}

/// Why an option is right or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The signals that must all be stated.
    pub when: Vec<SmolStr>,
    /// Why, as a clause.
    pub because: SmolStr,
    /// Catalogue rows.
    pub sources: Vec<SmolStr>,
}

struct Choices {
    signals: Vec<ChoiceSignal>,
    topics: Vec<ChoiceTopic>,
}

/// All signals, in order.
pub fn choice_signals() -> &'static [ChoiceSignal] {
    &load().signals
}

/// All topics, in order.
pub fn choice_topics() -> &'static [ChoiceTopic] {
    &load().topics
}

fn load() -> &'static Choices {
    static CHOICES: OnceLock<Choices> = OnceLock::new();
    CHOICES.get_or_init(|| {
        let tree = source::yaml(files::skill_file("knowledge/recommendations.yaml").unwrap_or_default());
        let list = |key| tree.root().map(|it| source::nodes(it, key)).unwrap_or_default();
        Choices {
            signals: list("signals").into_iter().filter_map(signal).collect(),
            topics: list("topics").into_iter().filter_map(topic).collect(),
        }
    })
}

fn signal(node: Node<'_>) -> Option<ChoiceSignal> {
    Some(ChoiceSignal {
        id: source::text(node, "id")?,
        means: source::text(node, "means")?,
        not: source::texts(node, "not"),
    })
}

fn topic(node: Node<'_>) -> Option<ChoiceTopic> {
    let choose = match source::text(node, "choose")?.as_str() {
        "one" => Choose::One,
        "highest" => Choose::Highest,
        _ => Choose::Many,
    };
    Some(ChoiceTopic {
        id: source::text(node, "id")?,
        choose,
        ask: source::text(node, "ask")?,
        options: source::nodes(node, "options").into_iter().filter_map(option).collect(),
    })
}

fn option(node: Node<'_>) -> Option<ChoiceOption> {
    Some(ChoiceOption {
        id: source::text(node, "id")?,
        name: source::text(node, "name")?,
        reasons: source::nodes(node, "reasons").into_iter().filter_map(reason).collect(),
        against: source::nodes(node, "against").into_iter().filter_map(reason).collect(),
        beats: source::texts(node, "beats"),
        companions: source::texts(node, "companions"),
    })
}

fn reason(node: Node<'_>) -> Option<Reason> {
    Some(Reason {
        when: source::texts(node, "when"),
        because: source::text(node, "because")?,
        sources: source::texts(node, "sources"),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::pattern;

    #[test]
    fn every_reason_is_whole_and_every_signal_decides_something() {
        let known: BTreeSet<&str> = choice_signals().iter().map(|it| it.id.as_str()).collect();
        assert_eq!(known.len(), choice_signals().len());
        assert!(choice_signals().iter().flat_map(|it| &it.not).all(|it| known.contains(it.as_str())));
        let text = files::skill_file("knowledge/recommendations.yaml").unwrap();
        let options: Vec<&ChoiceOption> = choice_topics().iter().flat_map(|it| &it.options).collect();
        let reasons: Vec<&Reason> = options.iter().flat_map(|it| it.reasons.iter().chain(&it.against)).collect();
        assert_eq!(choice_topics().len(), text.matches("\n    choose: ").count());
        assert_eq!(options.len(), text.lines().filter(|it| it.starts_with("      - id: ")).count());
        assert_eq!(reasons.len(), text.matches("- { when: ").count());
        let used: BTreeSet<&str> = reasons.iter().flat_map(|it| &it.when).map(SmolStr::as_str).collect();
        assert_eq!(used, known);
        for it in &reasons {
            assert!(!it.sources.is_empty() && !it.because.ends_with('.'), "{}", it.because);
        }
    }

    #[test]
    fn topics_ask_a_question_and_options_name_patterns() {
        for topic in choice_topics() {
            assert!(topic.ask.ends_with('?'), "{}", topic.id);
            for it in &topic.options {
                assert!(!it.reasons.is_empty(), "{}", it.id);
                assert!(it.beats.iter().all(|beaten| topic.options.iter().any(|it| it.id == *beaten)), "{}", it.id);
                for slug in &it.companions {
                    assert_eq!(pattern(slug).map(|it| it.slug.as_str()), Some(slug.as_str()));
                }
                if topic.id == "pattern" {
                    assert_eq!(pattern(&it.id).map(|it| it.name.as_str()), Some(it.name.as_str()));
                }
            }
        }
    }
}
