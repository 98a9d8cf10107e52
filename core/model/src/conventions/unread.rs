//! Documents that no rule reads, told by where they lie: records in other markup than Markdown, and kinds that nothing
//! is known of.

use serde::Deserialize;

use crate::{
    Kind, RelPath,
    conventions::{layout::is_helper_name, profile::Profile},
};

/// A kind of document that no rule knows. Whoever keeps such documents is told so.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UnreadKind {
    /// What one is called.
    pub name: String,
    /// The names of the folders in which teams keep them.
    pub folders: Vec<String>,
}

/// What a document is that no rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread<'a> {
    /// What one is called.
    pub noun: &'a str,
    /// The markup in which it is written, if that is why.
    pub markup: Option<&'static str>,
}

/// Kinds of documents that are told by their names in folders of theirs, whatever markup they are written in.
const TOLD_BY_NAME: [Kind; 3] = [Kind::Adr, Kind::Rfc, Kind::Runbook];

/// Markups that are not read, by the endings of their files.
const MARKUPS: [(&str, &str); 6] = [
    ("adoc", "AsciiDoc"),
    ("asciidoc", "AsciiDoc"),
    ("mdx", "MDX"),
    ("org", "Org"),
    ("rst", "reStructuredText"),
    ("textile", "Textile"),
];

impl Profile {
    /// What the document at a path is, if nothing reads it: it lies where documents of a kind lie, and its markup or
    /// its kind is one that no rule knows.
    pub fn unread(&self, path: &RelPath) -> Option<Unread<'_>> {
        if is_helper_name(path.stem()) {
            return None;
        }
        let markup = MARKUPS.iter().find(|it| it.0.eq_ignore_ascii_case(path.extension())).map(|it| it.1);
        let is_markdown = || path.extension().eq_ignore_ascii_case("md");
        if markup.is_none() && !is_markdown() {
            return None;
        }
        let parent = path.parent();
        let lies_in = |names: &[String]| {
            parent.as_str().split('/').any(|folder| names.iter().any(|it| it.eq_ignore_ascii_case(folder)))
        };
        if let Some(unknown) = self.unread_kinds.iter().find(|it| lies_in(&it.folders)) {
            return Some(Unread { noun: &unknown.name, markup: None });
        }
        markup?;
        let is_one = |kind: &Kind| {
            let names = self.folders.get(kind).map_or(&[][..], Vec::as_slice);
            lies_in(names) && (*kind == Kind::Runbook || is_numbered(path.stem(), kind.noun()))
        };
        TOLD_BY_NAME.into_iter().find(is_one).map(|it| Unread { noun: it.noun(), markup })
    }
}

/// Whether the name of a file begins with a number or a date, or with a label and a number, that are not those of a
/// form to fill in: `0004-queue`, `2026-01-03-queue`, `adr-12`, but not `0000`.
fn is_numbered(name: &str, label: &str) -> bool {
    let rest = name.trim_start_matches(|it: char| it.is_ascii_alphabetic());
    let letters = name.len() - rest.len();
    let is_label = letters == 0 || name.get(..letters).is_some_and(|it| it.eq_ignore_ascii_case(label));
    let digits = rest.trim_start_matches(['-', '_']);
    let after = digits.trim_start_matches(|it: char| it.is_ascii_digit());
    let number = digits.get(..digits.len() - after.len()).unwrap_or_default();
    is_label && number.contains(|it| it != '0') && !after.starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_is_told_by_its_folder_and_its_name() {
        let told = |path: &str| {
            Profile::default_profile().unread(&RelPath::new(path)).map(|it| (it.noun, it.markup.unwrap_or_default()))
        };
        for (path, expected) in [
            ("docs/decisions/0004-queue.rst", Some(("ADR", "reStructuredText"))),
            ("docs/adr/2026-01-03-queue.adoc", Some(("ADR", "AsciiDoc"))),
            ("docs/adr/ADR-12.adoc", Some(("ADR", "AsciiDoc"))),
            ("rfcs/0003-queue.rst", Some(("RFC", "reStructuredText"))),
            ("ops/runbooks/lag.adoc", Some(("runbook", "AsciiDoc"))),
            ("docs/postmortems/2026-02-01-lag.md", Some(("postmortem", ""))),
            ("docs/postmortems/README.md", None),
            ("docs/postmortems/chart.png", None),
            ("docs/decisions/README.rst", None),
            ("docs/decisions/0000.rst", None),
            ("docs/decisions/0004-queue.md", None),
            ("docs/text/reading.rst", None),
            ("docs/guide/0004-queue.rst", None),
        ] {
            assert_eq!(told(path), expected, "{path}");
        }
    }
}
