//! The questions a design answers: reliability (A-142..A-149), distributed systems and system concerns (A-064,
//!

use std::sync::OnceLock;

use smol_str::SmolStr;

use crate::{
    files,
    source::{self, Node},
};

/// A question of a checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReliabilityQuestion {
    /// Stable identifier: `bad-messages`.
    pub id: SmolStr,
    /// The label a design uses: `Bad messages`.
    pub name: SmolStr,
    /// The question as it is asked.
    pub question: SmolStr,
    /// What a good answer names.
    pub names: Vec<SmolStr>,
    /// The answer to start from when nothing speaks against it.
    pub default: SmolStr,
    /// Slugs of the patterns that usually answer it.
    pub patterns: Vec<SmolStr>,
    /// Catalogue rows.
    pub sources: Vec<SmolStr>,
}

/// A field of the section `System concerns`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemConcern {
    /// Stable identifier: `dr-posture`.
    pub id: SmolStr,
    /// The label a document uses: `DR posture`.
    pub name: SmolStr,
    /// The question as it is asked.
    pub question: SmolStr,
    /// Values that would do.
    pub examples: Vec<SmolStr>,
    /// Catalogue rows.
    pub sources: Vec<SmolStr>,
}

struct Checklists {
    reliability: Vec<ReliabilityQuestion>,
    distributed: Vec<ReliabilityQuestion>,
    concerns: Vec<SystemConcern>,
}

/// The eight reliability questions, in their order.
pub fn reliability_questions() -> &'static [ReliabilityQuestion] {
    &checklists().reliability
}

/// The six distributed-systems questions, asked where a design crosses processes, regions or teams, or has to scale.
pub fn distributed_questions() -> &'static [ReliabilityQuestion] {
    &checklists().distributed
}

/// The seven fields of the section `System concerns`, in their order.
pub fn system_concerns() -> &'static [SystemConcern] {
    &checklists().concerns
}

fn checklists() -> &'static Checklists {
    static CHECKLISTS: OnceLock<Checklists> = OnceLock::new();
    CHECKLISTS.get_or_init(|| {
        let tree = source::yaml(files::skill_file("knowledge/reliability.yaml").unwrap_or_default());
        let list = |key| tree.root().map(|it| source::nodes(it, key)).unwrap_or_default();
        Checklists {
            reliability: list("reliability").into_iter().filter_map(question).collect(),
            distributed: list("distributed").into_iter().filter_map(question).collect(),
            concerns: list("concerns").into_iter().filter_map(concern).collect(),
        }
    })
}

fn question(node: Node<'_>) -> Option<ReliabilityQuestion> {
    Some(ReliabilityQuestion {
        id: source::text(node, "id")?,
        name: source::text(node, "name")?,
        question: source::text(node, "question")?,
        names: source::texts(node, "names"),
        default: source::text(node, "default")?,
        patterns: source::texts(node, "patterns"),
        sources: source::texts(node, "sources"),
    })
}

fn concern(node: Node<'_>) -> Option<SystemConcern> {
    Some(SystemConcern {
        id: source::text(node, "id")?,
        name: source::text(node, "name")?,
        question: source::text(node, "question")?,
        examples: source::texts(node, "examples"),
        sources: source::texts(node, "sources"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern;

    #[test]
    fn the_questions_are_complete_and_in_order() {
        let names: Vec<_> = reliability_questions().iter().map(|it| it.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "Delivery",
                "Idempotency",
                "Bad messages",
                "Retry",
                "Ordering",
                "Schema evolution",
                "Observability",
                "Failure boundary"
            ]
        );
        let concerns: Vec<_> = system_concerns().iter().map(|it| it.name.as_str()).collect();
        assert_eq!(
            concerns,
            ["Owner team", "Tenancy", "Compliance", "Cost owner", "Capacity", "DR posture", "Lifecycle"]
        );
        assert_eq!(distributed_questions().len(), 6);
    }

    #[test]
    fn every_question_says_what_a_good_answer_names() {
        for it in reliability_questions().iter().chain(distributed_questions()) {
            assert!(it.names.len() >= 2 && !it.sources.is_empty(), "{}", it.id);
            assert!(it.question.ends_with('?'), "{}", it.id);
            for slug in &it.patterns {
                assert_eq!(&pattern(slug).expect(slug).slug, slug);
            }
        }
        for it in system_concerns() {
            assert!(!it.examples.is_empty() && it.question.ends_with('?'), "{}", it.id);
        }
    }
}
