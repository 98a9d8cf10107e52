//! Anchors: the slug GitHub makes of a heading.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::{Document, SectionId};

/// The anchor of a heading whose shown text is `title`: lower case, spaces to hyphens, everything else but letters,
/// digits, `-` and `_` removed. Duplicates in one document get a number on top; see [`Document::anchors`].
pub fn slug(title: &str) -> String {
    let mut slug = String::with_capacity(title.len());
    for char in title.trim().chars() {
        match char {
            ' ' => slug.push('-'),
            '-' | '_' => slug.push(char),
            _ if char.is_alphanumeric() || is_mark(char) => slug.extend(char.to_lowercase()),
            _ => {}
        }
    }
    slug
}

/// Combining marks, which belong to the letter before them: the blocks of Latin, Hebrew, Arabic and Indic scripts and
/// the general ones. `char::is_alphanumeric` already counts most vowel signs of other scripts.
fn is_mark(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}'
        | '\u{93c}' | '\u{94d}' | '\u{e47}'..='\u{e4e}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20f0}')
}

pub(super) fn anchors(document: &Document, text: &str) -> Vec<(SmolStr, SectionId)> {
    let sections = document.section_ids().skip(1).map(|(id, it)| (it.title, id));
    let inner = document.inner_headings.iter().map(|it| (it.title, it.section));
    let mut headings: Vec<_> = sections.chain(inner).collect();
    headings.sort_by_key(|it| it.0.start);

    let mut anchors = Vec::with_capacity(headings.len() + document.explicit_anchors.len());
    let mut seen: FxHashMap<SmolStr, u32> = FxHashMap::default();
    for (title, section) in headings {
        let base = SmolStr::from(slug(&document.plain(title, text)));
        let mut unique = base.clone();
        let mut count = seen.get(&base).copied();
        while let Some(used) = count {
            unique = smol_str::format_smolstr!("{base}-{}", used + 1);
            count = if seen.contains_key(&unique) { Some(used + 1) } else { None };
            seen.insert(base.clone(), used + 1);
        }
        seen.insert(unique.clone(), 0);
        anchors.push((unique, section));
    }
    anchors.extend(document.explicit_anchors.iter().map(|it| (SmolStr::from(it.name.of(text)), it.section)));
    anchors
}
