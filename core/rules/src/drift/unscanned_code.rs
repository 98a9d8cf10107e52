//! `drift/unscanned-code`: code with words of messaging that is too large or too deep to be scanned.

use archwright_model::facts::Content;
use archwright_scan::Skipped;

use super::undocumented_channel::is_test;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/unscanned-code",
    severity: Severity::Info,
    summary: "Code in which words of messaging stand is too large or too deep to be scanned.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    sources: &["H-012"],
    page: include_str!("unscanned_code.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Content::Code(code) = &facts.content else { return };
    // Where nothing is promised, nobody looks at the code either.
    let Some(why) = code.messaging.skipped.filter(|_| !is_test(&facts.path) && cx.is_spoken_of(Key::Contracts)) else {
        return;
    };
    let why = match why {
        Skipped::Long(limit) => format!("it has more than {limit} bytes"),
        Skipped::LongLine(limit) => format!("a line of it has more than {limit} bytes"),
        Skipped::Deep => "too many brackets are open at once".to_owned(),
        Skipped::Slow => "that takes too long".to_owned(),
        Skipped::Syntax => "it has mistakes".to_owned(),
    };
    let message = format!(
        "This file is not scanned for messages, because {why}. Scan what it is made of, and name the file under \
        `exclude` if it is generated."
    );
    reporter.report(Span::empty(0), message);
}
