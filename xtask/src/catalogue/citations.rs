//! Who cites which rows: rules, cards, checklists and recommendations.

use std::{collections::BTreeMap, fmt};

use archwright_analysis::{Rule, rules};
use archwright_knowledge::{self as knowledge, Card, Pattern};

/// Those who cite each row.
pub type Citations = BTreeMap<&'static str, Carriers>;

/// Those who cite a row.
#[derive(Default, Debug)]
pub struct Carriers {
    /// Rules, in the order of the registry.
    pub rules: Vec<&'static Rule>,
    /// Patterns with and without a card, in the order of the index.
    pub patterns: Vec<&'static Pattern>,
    /// Cards of other kinds, in the order of their lists.
    pub cards: Vec<&'static Card>,
    /// Whether a question of a checklist does.
    pub questions: bool,
    /// Whether a reason of a recommendation does.
    pub reasons: bool,
}

impl fmt::Display for Carriers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules = self.rules.iter().map(|it| it.code);
        let patterns = self.patterns.iter().map(|it| it.name.as_str());
        let cards = self.cards.iter().map(|it| it.name.as_str());
        let questions = self.questions.then_some("a checklist");
        let reasons = self.reasons.then_some("a recommendation");
        out.write_str(
            &rules.chain(patterns).chain(cards).chain(questions).chain(reasons).collect::<Vec<_>>().join(", "),
        )
    }
}

/// The citations of everything that the program is made of.
pub fn all() -> Citations {
    let mut citations = Citations::new();
    for rule in rules::rules() {
        for source in rule.sources {
            citations.entry(*source).or_default().rules.push(rule);
        }
    }
    for pattern in knowledge::patterns() {
        for source in &pattern.sources {
            citations.entry(source.as_str()).or_default().patterns.push(pattern);
        }
    }
    for card in knowledge::cards() {
        for source in &card.sources {
            citations.entry(source.as_str()).or_default().cards.push(card);
        }
    }
    let questions = knowledge::reliability_questions().iter().chain(knowledge::distributed_questions());
    let concerns = knowledge::system_concerns().iter().flat_map(|it| &it.sources);
    for source in questions.flat_map(|it| &it.sources).chain(concerns) {
        citations.entry(source.as_str()).or_default().questions = true;
    }
    let options = knowledge::choice_topics().iter().flat_map(|it| &it.options);
    let reasons = options.flat_map(|it| it.reasons.iter().chain(&it.against));
    for source in reasons.flat_map(|it| &it.sources) {
        citations.entry(source.as_str()).or_default().reasons = true;
    }
    citations
}
