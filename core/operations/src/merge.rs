//! More facts for a document that is there: placeholders give way to them, text of people stays.

use archwright_syntax::{
    EditError, Span, TextEdit, TextEdits,
    markdown::{Document, SectionId},
};

use archwright_model::{facts, values::value};

/// What is changed in a document, and what of the facts was not taken because it says otherwise.
pub struct Merged {
    /// The change.
    pub edits: TextEdits,
    /// The lines that were not taken, each with the place of the section that says otherwise.
    pub kept: Vec<(usize, String)>,
}

/// Brings what a newly written text says into one that is there. Parts are told apart by their headings.
pub(super) fn merge(there: &str, written: &str) -> Result<Merged, EditError> {
    let (old, new) = (facts::tree(there), facts::tree(written));
    let newline = archwright_syntax::newline(there);
    let (mut edits, mut kept) = (Vec::new(), Vec::new());
    let mut found_before: Option<SectionId> = None;
    let ids: Vec<SectionId> = new.section_ids().skip(1).map(|it| it.0).collect();
    for (place, id) in ids.iter().enumerate() {
        let title = new.plain_title(*id, written);
        let level = new.section(*id).level;
        // The title is how the record was found.
        let other = if place == 0 { old.section_ids().nth(1).map(|it| it.0) } else { find(&old, there, level, &title) };
        let body = new.section(*id).body.of(written);
        let Some(other) = other else {
            if !says_something(body) || found_before.is_none() {
                continue;
            }
            let at = found_before.map_or(there.len(), |it| old.section(it).body.end as usize);
            let heading = new.section(*id).heading.of(written).trim_end();
            edits.push(archwright_rules::authoring::insert_block(there, at, &format!("{heading}\n\n{}", body.trim())));
            continue;
        };
        found_before = Some(other);
        let section = old.section(other);
        let (mut changes, rest) = lines(section.body.of(there), section.body.start as usize, body);
        edits.append(&mut changes);
        let at = section.heading.start as usize;
        kept.extend(rest.into_iter().map(|it| (at, it)));
    }
    for edit in &mut edits {
        edit.replacement = edit.replacement.replace("\r\n", "\n").replace('\n', newline);
    }
    Ok(Merged { edits: TextEdits::new(edits)?, kept })
}

fn find(tree: &Document, text: &str, level: u8, title: &str) -> Option<SectionId> {
    let mut ids = tree.section_ids().skip(1);
    ids.find(|it| it.1.level == level && tree.plain_title(it.0, text).trim() == title.trim()).map(|it| it.0)
}

/// Whether a line is a question and nothing else.
fn is_question(line: &str) -> bool {
    line.trim_start_matches(['-', '*', '+', ' ']).starts_with("[TBD")
}

fn says_something(body: &str) -> bool {
    body.lines().any(|it| !it.trim().is_empty() && value::question(it).is_none())
}

/// The new lines of a section that the old one does not have: each goes to the placeholder that waits for it, and those
/// that nothing waits for are left.
fn lines(old: &str, start: usize, new: &str) -> (Vec<TextEdit>, Vec<String>) {
    let there: Vec<&str> = old.lines().map(str::trim).collect();
    let flat = archwright_rules::authoring::compose::one_line(old);
    let is_there = |it: &str| there.contains(&it) || flat.contains(&archwright_rules::authoring::compose::one_line(it));
    let wanted = new.lines().map(str::trim_end).filter(|it| !it.trim().is_empty());
    // A placeholder asks nothing that is answered, and a line that is there is taken.
    let mut wanted: Vec<&str> =
        wanted.filter(|it| value::question(it).is_none() && !it.contains("[TBD]") && !is_there(it.trim())).collect();
    let mut edits = Vec::new();
    let mut at = start;
    let written = old.trim();
    // Of a section that only asks nothing is kept.
    if !wanted.is_empty() && written.lines().all(|it| it.trim().is_empty() || is_question(it)) && !written.is_empty() {
        let begin = start + old.len() - old.trim_start().len();
        return (vec![TextEdit::replace(Span::new(begin, begin + written.len()), new.trim())], Vec::new());
    }
    for line in old.split_inclusive('\n') {
        let begin = at;
        at += line.len();
        let bare = line.trim_end_matches(['\n', '\r']);
        let Some((before, _)) = bare.split_once("[TBD") else { continue };
        let is_list = before.trim_start_matches(['-', '*', '+', ' ']).is_empty();
        let fits = |it: &&str| is_list || it.starts_with(before);
        let (taken, rest): (Vec<&str>, Vec<&str>) = wanted.iter().copied().partition(|it| fits(it));
        // A bare placeholder in a list waits for items, one between words for nothing else.
        if taken.is_empty() || !is_list && before.trim().is_empty() {
            continue;
        }
        wanted = rest;
        edits.push(TextEdit::replace(Span::new(begin, begin + bare.len()), taken.join("\n")));
    }
    (edits, wanted.into_iter().map(|it| it.trim().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(there: &str, written: &str) -> (String, Vec<String>) {
        let merged = merge(there, written).unwrap();
        (merged.edits.apply(there).unwrap(), merged.kept.into_iter().map(|it| it.1).collect())
    }

    #[test]
    fn answers_go_where_they_were_asked_for() {
        let there =
            "# 1. X\n\n## Context\n\n[TBD: why?]\n\n## Consequences\n\n- Positive: a\n- Negative: [TBD: what?]\n";
        let written =
            "# 1. X\n\n## Context\n\nBecause.\n\nMore.\n\n## Consequences\n\n- Positive: [TBD: b]\n- Negative: c\n";
        let expected = "# 1. X\n\n## Context\n\nBecause.\n\nMore.\n\n## Consequences\n\n- Positive: a\n- Negative: c\n";
        assert_eq!(merged(there, written), (expected.to_owned(), Vec::new()));
        assert_eq!(merged(expected, written).0, expected);
    }

    #[test]
    fn what_people_wrote_stays_and_what_it_contradicts_is_told() {
        let there = "# 1. X\n\n## Decision\n\nWe use A,\nbecause of B.\n\n## Mine\n\nText.\n";
        let written = "# 1. X\n\n## Decision\n\nWe use C.\n\n## Verification\n\nA test.\n";
        let (after, kept) = merged(there, written);
        assert_eq!(
            after,
            "# 1. X\n\n## Decision\n\nWe use A,\nbecause of B.\n\n## Verification\n\nA test.\n\n## Mine\n\nText.\n"
        );
        assert_eq!(kept, ["We use C."]);
        let same = "# 1. X\n\n## Decision\n\nWe use A, because of B.\n";
        assert_eq!(merged(there, same), (there.to_owned(), Vec::new()));
    }
}
