//! What a design answers to the reliability questions (A-142..A-149).

use archwright_knowledge::{ReliabilityQuestion, reliability_questions};
use archwright_syntax::{Span, markdown::Field};

use super::ByRole;
use crate::{conventions::role::Role, facts::FileFacts};

/// What a design says to a reliability question.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The question.
    pub question: &'static ReliabilityQuestion,
    /// Where the answer stands; the heading of the checklist if there is none.
    pub place: Span,
    /// The answer; empty if there is none.
    pub value: Span,
}

impl Answer {
    /// The answer in words.
    pub fn said<'t>(&self, design: &'t FileFacts) -> &'t str {
        design.slice(self.value)
    }
}

/// The answers of a design in the order of the questions, if it has a checklist that answers one by one.
pub fn answers(document: &ByRole) -> Option<Vec<Answer>> {
    let section = document.section(Role::ReliabilityChecklist)?;
    let fields = document.tree.fields_under(section);
    let questions = reliability_questions();
    let title = document.tree.section(section).heading;
    let named = |name: &str| fields.iter().find(|it| it.name.of(document.text).eq_ignore_ascii_case(name));
    // A list of as many items has them in the order of the questions, whatever it calls them.
    let is_whole = fields.len() == questions.len();
    if fields.is_empty() || !is_whole && questions.iter().all(|it| named(&it.name).is_none()) {
        return None;
    }
    let answer = |(at, question): (usize, &'static ReliabilityQuestion)| {
        let field: Option<&Field> = named(&question.name).or_else(|| fields.get(at).filter(|_| is_whole));
        let place = field.map_or(title, |it| it.item);
        Answer { question, place, value: field.map_or(Span::empty(place.start as usize), |it| it.value) }
    };
    Some(questions.iter().enumerate().map(answer).collect())
}
