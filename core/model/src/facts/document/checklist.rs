//! What a design answers to the reliability questions (A-142..A-149).

use archwright_knowledge::{ReliabilityQuestion, reliability_questions};
use archwright_syntax::{
    Span,
    markdown::{Field, SectionId},
};

use super::ByRole;
use crate::{conventions::role::Role, facts::FileFacts, values::value};

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
    if fields.is_empty() {
        return in_table(document, section, title);
    }
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

/// The answers in a table whose rows begin with the names of the questions, whatever its columns are called.
fn in_table(document: &ByRole, section: SectionId, title: Span) -> Option<Vec<Answer>> {
    let questions = reliability_questions();
    let (tree, text) = (document.tree, document.text);
    let within = tree.section(section).span;
    let rows = tree.tables.iter().filter(|it| within.contains(it.span)).flat_map(|it| tree.rows(it));
    let rows: Vec<_> =
        rows.filter_map(|row| tree.cells(row).first().zip(tree.cells(row).get(1)).zip(Some(row))).collect();
    let named = |name: &str| {
        let is_named = |it: &Span| value::plain(it.of(text)).trim_end_matches([':', '?']).eq_ignore_ascii_case(name);
        rows.iter().find(|it| is_named(it.0.0)).map(|it| (it.1.span, *it.0.1))
    };
    let answers: Vec<Answer> = questions
        .iter()
        .map(|question| {
            let (place, value) = named(&question.name).unwrap_or((title, Span::empty(title.start as usize)));
            Answer { question, place, value }
        })
        .collect();
    // A table in which few are named is about something else.
    let answered = answers.iter().filter(|it| it.place != title).count();
    (answered * 2 > questions.len()).then_some(answers)
}
