//! The kinds of cards beside patterns: what each is called, where its cards lie, and which sections they have.

/// A kind of card.
#[derive(Debug, PartialEq, Eq)]
pub struct CardKind {
    /// The identifier that front matter uses: `failure-mode`.
    pub id: &'static str,
    /// The folder below `skills/knowledge` that holds its cards, and the name under which they are listed.
    pub folder: &'static str,
    /// The file that its cards are made from, if they have none of their own.
    pub data: Option<&'static str>,
    /// What one is called: `failure mode`.
    pub noun: &'static str,
    /// What they all are, for those who list them.
    pub about: &'static str,
    /// The headings of a card, in their order. "Prove it" may come from `failures.yaml`, by the card's `proof`.
    pub sections: &'static [&'static str],
    /// Those that a hover shows.
    pub in_hover: &'static [&'static str],
}

/// Every kind, in the order in which they are listed.
pub static CARD_KINDS: [CardKind; 12] = [
    CardKind {
        id: "decision",
        folder: "decisions",
        data: None,
        noun: "decision",
        about: "which patterns to take together for a problem, and when not",
        sections: &["Situation", "Take", "Rather not", "Decide first"],
        in_hover: &["Take", "Rather not"],
    },
    CardKind {
        id: "comparison",
        folder: "comparisons",
        data: None,
        noun: "comparison",
        about: "alternatives side by side, and how to choose",
        sections: &["What differs", "How to choose", "What to state", "Mistakes"],
        in_hover: &["How to choose"],
    },
    CardKind {
        id: "platform",
        folder: "platforms",
        data: None,
        noun: "platform",
        about: "what a broker or service promises, its traps and defaults",
        sections: &["Fit", "What it promises", "Traps", "Set and watch", "Patterns on it"],
        in_hover: &["What it promises", "Traps"],
    },
    CardKind {
        id: "failure-mode",
        folder: "failures",
        data: None,
        noun: "failure mode",
        about: "how distributed systems break, how one notices and prevents it",
        sections: &["How it happens", "What it costs", "How to notice", "How to prevent", "Prove it"],
        in_hover: &["How it happens", "How to prevent"],
    },
    CardKind {
        id: "anti-pattern",
        folder: "anti-patterns",
        data: None,
        noun: "anti-pattern",
        about: "what looks simple and is not, and what to do instead",
        sections: &["How it looks", "Why it hurts", "Instead"],
        in_hover: &["Why it hurts", "Instead"],
    },
    CardKind {
        id: "playbook",
        folder: "playbooks",
        data: None,
        noun: "playbook",
        about: "whole scenarios: their shape, and what must hold before going live",
        sections: &["Situation", "Shape", "Decide first", "Before going live"],
        in_hover: &["Shape", "Before going live"],
    },
    CardKind {
        id: "practice",
        folder: "practices",
        data: None,
        noun: "practice",
        about: "how to work well: security, cost, goals, schemas, delivery",
        sections: &["Rules", "Ask", "Mistakes"],
        in_hover: &["Rules"],
    },
    CardKind {
        id: "test",
        folder: "tests",
        data: None,
        noun: "test",
        about: "what to test of a pattern, and how to make it happen",
        sections: &["Cases", "How to make it happen", "False comfort"],
        in_hover: &["Cases"],
    },
    CardKind {
        id: "level",
        folder: "levels",
        data: None,
        noun: "reliability level",
        about: "how much reliability a message needs, from 0 to 2",
        sections: &["What it gives", "Enough when", "Not enough when", "What to state"],
        in_hover: &["Enough when", "Not enough when"],
    },
    CardKind {
        id: "incident",
        folder: "incidents",
        data: Some("runbooks.yaml"),
        noun: "incident",
        about: "what to do, in order, when it has happened",
        sections: &["Never", "Triage", "Mitigation", "Over when", "Stop when", "Write down", "Afterwards"],
        in_hover: &["Never", "Triage"],
    },
    CardKind {
        id: "tier",
        folder: "tiers",
        data: Some("readiness.yaml"),
        noun: "readiness tier",
        about: "what a feature must show to stand on a tier",
        sections: &["What must hold", "Ask"],
        in_hover: &["What must hold"],
    },
    CardKind {
        id: "term",
        folder: "terms",
        data: Some("lexicon.yaml"),
        noun: "term",
        about: "words of the trade",
        sections: &[],
        in_hover: &[],
    },
];

impl CardKind {
    /// The kind with this identifier.
    pub fn from_id(id: &str) -> Option<&'static Self> {
        CARD_KINDS.iter().find(|it| it.id == id)
    }
}
