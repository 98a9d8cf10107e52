//! What Archwright knows: pattern cards, checklists and lexicons, embedded from `skills/` and typed.
//!
//! - [`pattern()`] looks a pattern up by name, alias or slug; [`mentions`] finds those that a text names.
//! - [`card()`] does the same for cards of other kinds: failure modes, platforms, decisions ([`CARD_KINDS`]).
//! - [`word()`] leads from a word that no card is named after to the card that covers it.
//! - [`reliability_questions`], [`system_concerns`] and [`distributed_questions`] are the checklists.
//! - [`claim_words`] are the words by which documents claim something.
//! - [`harmful_command`] knows commands that destroy, overwrite or stop something for everybody.
//! - [`readiness_tiers`] says what a feature must show to stand on a tier.
//! - [`choice_topics`] says what speaks for which choice.
//! - [`lexicon`] knows technologies, concepts, sensitive fields and whether a task is big enough for a design.
//! - [`skills`] says how to carry out each operation, for agents.
//! - [`skill_file`] gives any of the files as it is.
//!
//! The Markdown and YAML files under `skills/` are the one truth; agent skills, hover cards and rule data are the same
//! files.
//!
//! **Invariant**: nothing here fails at run time. A file with a mistake is skipped, and a test over all files keeps
//! mistakes out. **Invariant**: this crate does no I/O; the files are part of the binary.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod card;
mod checklist;
mod claim;
mod command;
mod derived;
mod failure;
mod files;
mod front;
mod incident;
#[cfg(test)]
#[path = "../build/inflect.rs"]
mod inflect;
mod kind;
pub mod lexicon;
mod mention;
mod name;
mod pattern;
mod phrase;
mod readiness;
mod reading;
mod recommendation;
mod render;
mod skill;
mod source;
mod spotted;
mod word;

pub use card::{Card, card, card_mentions, cards, cards_of, nearest_card, title};
pub use checklist::{
    ReliabilityQuestion, SystemConcern, distributed_questions, reliability_questions, system_concerns,
};
pub use claim::{Words, claim_words};
pub use command::{HarmfulCommand, Hit, harmful_call, harmful_command};
pub use failure::{Failure, failure, failures};
pub use files::{SkillFile, skill_file, skill_files};
pub use front::{Authority, Companion, Confusable, Reference};
pub use incident::{Incident, incident, incidents, words_for_unknown};
pub use kind::{CARD_KINDS, CardKind};
pub use mention::{Mention, mentions};
pub use pattern::{Group, Pattern, SECTIONS, nearest_pattern, pattern, patterns};
pub use readiness::{Gate, ReadinessTier, evidence, evidence_words, gate, readiness_tiers};
pub use reading::{Reading, reading, words_of};
pub use recommendation::{ChoiceOption, ChoiceSignal, ChoiceTopic, Choose, Reason, choice_signals, choice_topics};
pub use skill::{Skill, skills};
pub use spotted::{Lookout, Spotted, spotted};
pub use word::{Word, word, words};
