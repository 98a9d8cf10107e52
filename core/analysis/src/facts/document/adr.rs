//! What a decision record says, whatever its dialect.

use archwright_syntax::{Span, markdown::decode_target};
use smol_str::SmolStr;

use super::{ByRole, is_external, known};
use crate::{
    RelPath,
    conventions::{
        config::Config,
        dialect::{AdrDialect, DialectTemplate},
        role::{Role, State},
    },
    facts::{FileFacts, Spanned},
};

/// What a decision record says, whatever its dialect.
#[derive(Clone, Debug, Default)]
pub struct AdrFacts {
    /// The form it is written in.
    pub dialect: AdrDialect,
    /// The number in the file name.
    pub number: Option<u32>,
    /// The number in the title, with its place.
    pub title_number: Option<(u32, Span)>,
    /// The status and where it stands.
    pub status: Option<Spanned>,
    /// The records that replace this one, as the status or a field says.
    pub superseded_by: Vec<Supersession>,
    /// The records that this one replaces.
    pub supersedes: Vec<Supersession>,
}

/// A mention of another record that replaces or is replaced.
#[derive(Clone, Debug)]
pub struct Supersession {
    /// Where the mention stands.
    pub span: Span,
    /// The other record's number.
    pub number: Option<u32>,
    /// The other record's file, if the mention is a link.
    pub path: Option<RelPath>,
}

pub(super) fn adr(document: &ByRole, facts: &FileFacts, config: &Config) -> AdrFacts {
    let (tree, text) = (document.tree, document.text);
    let title = tree.section_ids().nth(1).map(|(_, it)| it.title);
    let title_number = title.and_then(|span| {
        let title = span.of(text);
        let number = number_of(title)?;
        let digits = title.find(|it: char| it.is_ascii_digit())?;
        let len = title.get(digits..)?.bytes().take_while(u8::is_ascii_digit).count();
        Some((number, Span::new(span.start as usize + digits, span.start as usize + digits + len)))
    });
    let status = document.status();
    let is_superseded = |it: &&Spanned| config.vocabulary().state(&it.text) == Some(State::Superseded);
    let by_status = status.as_ref().filter(is_superseded);
    let named = |role| {
        let field = document.field(role).and_then(known);
        field.map(|it| supersessions(it.span, text, &facts.path)).unwrap_or_default()
    };
    let mut superseded_by = by_status.map(|it| supersessions(it.span, text, &facts.path)).unwrap_or_default();
    if superseded_by.is_empty() {
        superseded_by = named(Role::SupersededBy);
    }
    AdrFacts {
        dialect: dialect(document, config),
        number: number_of(facts.path.stem()),
        title_number,
        supersedes: named(Role::Supersedes),
        status,
        superseded_by,
    }
}

/// The form of a record, by the sections that only this form has.
fn dialect(document: &ByRole, config: &Config) -> AdrDialect {
    let (tree, text) = (document.tree, document.text);
    let has_one = |titles: &Vec<String>| titles.iter().any(|it| tree.find_section(text, None, it).is_some());
    let in_front_matter = |name: &str| {
        let body = tree.front_matter.map_or("", |it| it.body.of(text));
        body.lines().any(|it| it.strip_prefix(name).is_some_and(|it| it.trim_start().starts_with(':')))
    };
    let says_status = || document.field(Role::Status).is_some() || document.heading_of(Role::Status).is_some();
    let holds = |it: &&DialectTemplate| {
        it.sections.iter().all(has_one)
            && it.front_matter.as_deref().is_none_or(in_front_matter)
            && (!it.status || says_status())
    };
    config.profile().dialects.iter().find(holds).map_or(AdrDialect::Other, |it| it.dialect)
}

impl ByRole<'_> {
    /// The status, wherever the document keeps it: a field or line, a table row, front matter, or a section of its own.
    pub(crate) fn status(&self) -> Option<Spanned> {
        let text = self.text;
        if let Some(it) = self.field(Role::Status) {
            return Some(it);
        }
        if let Some(front_matter) = &self.tree.front_matter {
            let mut at = front_matter.body.start as usize;
            for line in front_matter.body.of(text).split_inclusive('\n') {
                if let Some((key, value)) = line.split_once(':')
                    && !key.starts_with([' ', '\t', '#', '-'])
                    && self.is_named(key, Role::Status)
                {
                    let trimmed = value.trim();
                    let start = at + line.len() - value.trim_start().len();
                    return Some(Spanned {
                        text: SmolStr::new(trimmed),
                        span: Span::new(start, start + trimmed.len()),
                    });
                }
                at += line.len();
            }
        }
        let section = self.heading_of(Role::Status)?;
        let paragraph = self.tree.paragraphs.iter().find(|it| it.section == section)?;
        let line = paragraph.span.of(text).lines().next()?;
        Some(Spanned::of(Span::new(paragraph.span.start as usize, paragraph.span.start as usize + line.len()), text))
    }
}

/// The records named in `Superseded by [ADR-0002](0002-x.md)`, `ADR-0001` or `ADR-0001, ADR-0004 and ADR-0007`.
fn supersessions(span: Span, text: &str, path: &RelPath) -> Vec<Supersession> {
    let value = span.of(text);
    let mut found: Vec<Supersession> = Vec::new();
    let mut at = span.start as usize;
    for piece in value.split_inclusive(',').flat_map(|it| it.split_inclusive(" and ")) {
        let trimmed = piece.strip_suffix(',').or_else(|| piece.strip_suffix(" and ")).unwrap_or(piece).trim();
        let start = at + piece.find(trimmed).unwrap_or_default();
        at += piece.len();
        let place = Span::new(start, start + trimmed.len());
        found.extend(supersession(place, text, path, found.is_empty()));
    }
    found
}

/// The record named in one piece of a value. A bare number counts only in the first piece: later ones are often
/// remarks.
fn supersession(span: Span, text: &str, path: &RelPath, bare_number: bool) -> Option<Supersession> {
    let value = span.of(text);
    let link =
        value.split_once("](").and_then(|it| it.1.split_once(')')).map(|it| it.0.split('#').next().unwrap_or_default());
    let linked = link.filter(|it| !it.is_empty() && !is_external(it)).map(|it| path.parent().join(&decode_target(it)));
    let words = || value.split(|it: char| it.is_whitespace() || matches!(it, '[' | ']' | '(' | ')' | ',' | '`' | '"'));
    let is_prefixed = |it: &&str| it.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("adr"));
    let prefixed = words().filter(is_prefixed).find_map(number_of);
    // A small number is most often a count of something; only at the end it is a name, as in `Superseded by 12`.
    let is_name = |it: &&str| it.bytes().take_while(u8::is_ascii_digit).count() > 2 || value.ends_with(*it);
    let bare =
        || words().filter(|it| it.starts_with(|it: char| it.is_ascii_digit())).filter(is_name).find_map(number_of);
    let number = prefixed
        .or_else(|| linked.as_ref().and_then(|it| number_of(it.stem())))
        .or_else(|| bare().filter(|_| bare_number));
    (number.is_some() || linked.is_some()).then_some(Supersession { span, number, path: linked })
}

/// The leading number of a file name or title: `0012-use-outbox`, `ADR-0012`, `adr_12`, `12. Use`. A date is none.
pub(crate) fn number_of(name: &str) -> Option<u32> {
    let prefixed = name.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("adr"));
    let rest = if prefixed { name.get(3..).unwrap_or_default().trim_start_matches(['-', '_', ' ', '#']) } else { name };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let after = rest.get(digits..)?;
    let is_date = digits == 4
        && after.starts_with('-')
        && after.get(1..3).is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()));
    if digits > 6 || is_date || after.starts_with(char::is_alphanumeric) {
        return None;
    }
    rest.get(..digits)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, facts::Loaded};

    #[test]
    fn each_dialect_is_told_by_its_sections() {
        use AdrDialect::{Canonical, FrontMatter, Madr, Nygard, Other, ProblemOptions, QuestionOptions};
        let sections =
            |names: &[&str]| names.iter().fold(String::new(), |text, it| text + "## " + it + "\n\nText.\n\n");
        let cases = [
            (
                Canonical,
                "",
                sections(&[
                    "Summary",
                    "System concerns",
                    "Context",
                    "Decision",
                    "Alternatives considered",
                    "Consequences",
                ]),
            ),
            (Nygard, "", sections(&["Status", "Context", "Decision", "Consequences"])),
            (Nygard, "", "Status: Accepted\n\n".to_owned() + &sections(&["Context", "Decision", "Consequences"])),
            (Madr, "", sections(&["Context and Problem Statement", "Considered Options", "Decision Outcome"])),
            (
                Madr,
                "---\nstatus: accepted\n---\n",
                sections(&["Context and Problem Statement", "Considered Options", "Decision Outcome"]),
            ),
            (Madr, "", sections(&["Decision Drivers", "Considered Options", "Decision"])),
            (
                FrontMatter,
                "---\nnumber: 4\nstatus: accepted\n---\n",
                sections(&["Context", "Decision", "Consequences"]),
            ),
            (
                ProblemOptions,
                "",
                sections(&["Context", "Options", "Comparison Matrix", "Decision", "Consequences", "Reversibility"]),
            ),
            (QuestionOptions, "", sections(&["Context", "Question", "Options", "Recommendation"])),
            (QuestionOptions, "", sections(&["Context", "Question", "Options", "Decision"])),
            (Other, "", sections(&["Context", "Decision"])),
        ];
        for (expected, front_matter, body) in cases {
            let text = format!("{front_matter}# ADR-0004: Use an outbox\n\n{body}");
            let path = RelPath::new("docs/system/adrs/0004-use-an-outbox.md");
            let facts = crate::facts::extract(&path, Loaded::Text(text.as_str().into()), &Config::default());
            let adr = facts.document().unwrap().adr.as_ref().unwrap();
            assert_eq!(adr.dialect, expected, "{text}");
        }
    }
}
