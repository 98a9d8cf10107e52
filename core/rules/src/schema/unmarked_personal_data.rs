//! `schema/unmarked-personal-data`: a field that the documents call personal, and the schema does not.

use archwright_model::facts::Topic;

use crate::{prelude::*, stated::stated};

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/unmarked-personal-data",
    severity: Severity::Warning,
    summary: "The documents call a field personal data, and its schema, which marks others, does not mark it.",
    applies_to: &[Kind::Schema],
    any_dialect: false,
    sources: &["A-076", "A-206", "A-239"],
    page: include_str!("unmarked_personal_data.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(shape) = cx.facts().schema().map(|it| &it.shape).filter(|it| !it.classified) else { return };
    // Where no field is marked, marks are not how this team classifies.
    if !shape.fields.iter().any(|it| it.classified) {
        return;
    }
    let personal = stated(cx, Topic::PersonalData);
    let marked: Vec<&str> = shape.fields.iter().filter(|it| it.classified).map(|it| it.path.as_str()).collect();
    let is_inside_marked = |path: &str| {
        marked.iter().any(|it| path.strip_prefix(it).is_some_and(|rest| rest.starts_with(['.', '[', '{'])))
    };
    for field in shape.fields.iter().filter(|it| !it.classified && !is_inside_marked(&it.path)) {
        let Some(said) = personal.iter().find(|it| it.statement.subject == field.name.text) else { continue };
        let message = format!(
            "`{}` is called personal data in `{}` and is not marked here, as other fields are: whoever erases or masks \
             by the schema leaves it out. Mark it, or take the word back there.",
            field.name.text,
            said.facts.path.name()
        );
        let related = cx.related(said.file, said.statement.span, "called so here");
        reporter.report(field.name.span, message).related.push(related);
    }
}
