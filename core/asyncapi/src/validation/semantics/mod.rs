//! Semantics: what the specification says in words, across the parts of a document, and what makes a good one.

mod addresses;
mod advice;
mod channels;
mod identities;
mod locations;
mod operations;
mod schemas;
mod security;
mod servers;
mod subject;
mod tags;
#[cfg(test)]
mod tests;
mod unused;

use archwright_syntax::data::Node;

use super::{Check, Severity, Sink, version};
use crate::references::Use;
use crate::specification::of;
use subject::Subject;

const fn error(name: &'static str, summary: &'static str, same_as: &'static [&'static str]) -> Check {
    Check::new(name, Severity::Error, summary, same_as)
}

const fn warning(name: &'static str, summary: &'static str, same_as: &'static [&'static str]) -> Check {
    Check::new(name, Severity::Warning, summary, same_as)
}

const fn note(name: &'static str, summary: &'static str, same_as: &'static [&'static str]) -> Check {
    Check::new(name, Severity::Info, summary, same_as)
}

const fn advice(name: &'static str, summary: &'static str, same_as: &'static [&'static str]) -> Check {
    Check::new(name, Severity::Hint, summary, same_as)
}

/// The checks made here, by theme.
pub(super) static CHECKS: &[&[Check]] = &[
    security::CHECKS,
    servers::CHECKS,
    channels::CHECKS,
    operations::CHECKS,
    identities::CHECKS,
    tags::CHECKS,
    locations::CHECKS,
    schemas::CHECKS,
    unused::CHECKS,
    advice::CHECKS,
];

/// Checks a document of a known version. References into other files are not followed: nothing is said of what they
/// lead to.
pub(super) fn check<'t>(root: Node<'t>, uses: &[Use<'t>], elsewhere: Option<&[String]>, sink: &mut Sink) {
    let Some((version, specification)) = version(root).and_then(|it| Some((it, of(it)?))) else { return };
    let subject = Subject::new(root, version, specification);
    // What breaks the specification comes first, because only so many names are looked for that were meant.
    security::check(&subject, sink);
    servers::check(&subject, sink);
    channels::check(&subject, sink);
    operations::check(&subject, sink);
    identities::check(&subject, sink);
    tags::check(&subject, sink);
    locations::check(&subject, sink);
    schemas::check(&subject, sink);
    if let Some(elsewhere) = elsewhere {
        unused::check(&subject, uses, elsewhere, sink);
    }
    advice::check(&subject, sink);
}

/// Names as a list in a sentence: `a`, `b` and `c`.
fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    /// More names than anybody reads.
    const MAX_NAMES: usize = 8;
    let mut names = names.into_iter();
    let mut text: Vec<_> = names.by_ref().take(MAX_NAMES).map(|it| format!("`{}`", addresses::short(it))).collect();
    if names.next().is_some() {
        text.push("others".to_owned());
    }
    match text.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// What a name that is not there may have been meant as: `: did you mean x?`, or the names there are.
fn instead<'n>(nearest: Option<&str>, what: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    match nearest {
        Some(name) => format!(": did you mean `{name}`?"),
        None => match listed(names) {
            none if none.is_empty() => format!(": there are no {what}"),
            names => format!(": the {what} are {names}"),
        },
    }
}
