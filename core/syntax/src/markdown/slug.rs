//! Anchors: the slug GitHub makes of a heading.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use unicode_general_category::{GeneralCategory, get_general_category};

use super::{Document, SectionId};
use crate::Span;

/// The anchor of a heading whose shown text is `title`, as GitHub (and `github-slugger`) makes it: in lower case,
/// spaces as hyphens, and of the rest only letters, marks, decimal digits, `_` with its kin, and `-`. Nothing is
/// trimmed: a heading that begins with a pictogram has an anchor that begins with `-`. Duplicates in one document get a
/// number on top; see [`Document::anchors`].
pub fn slug(title: &str) -> String {
    // Not letter by letter: a sigma at the end of a word has a form of its own.
    let mut slug = title.to_lowercase();
    if slug.is_ascii() {
        slug.retain(|it| it.is_ascii_alphanumeric() || matches!(it, ' ' | '-' | '_'));
    } else {
        slug.retain(is_kept);
    }
    if slug.contains(' ') { slug.replace(' ', "-") } else { slug }
}

fn is_kept(char: char) -> bool {
    use GeneralCategory::{ConnectorPunctuation, DecimalNumber, EnclosingMark, NonspacingMark, SpacingMark};
    let is_kept = |char| {
        let category = get_general_category(char);
        matches!(category, ConnectorPunctuation | DecimalNumber | EnclosingMark | NonspacingMark | SpacingMark)
    };
    matches!(char, ' ' | '-') || char.is_alphabetic() || is_kept(char)
}

pub(super) fn anchors(document: &Document, text: &str) -> Vec<(SmolStr, SectionId)> {
    let sections = document.section_ids().skip(1).map(|(id, it)| (it.title, id));
    let inner = document.inner_headings.iter().map(|it| (it.title, it.section));
    let html = document.html_headings.iter().map(|it| (it.title, it.section));
    let mut headings: Vec<_> = sections.chain(inner).chain(html).collect();
    headings.sort_by_key(|it| it.0.start);

    let mut anchors = Vec::with_capacity(headings.len() + document.explicit_anchors.len());
    let mut other_forms = Vec::new();
    let mut seen: FxHashMap<SmolStr, u32> = FxHashMap::default();
    for (title, section) in headings {
        let base = SmolStr::from(slug(&document.anchor_text(title, text)));
        let mut unique = base.clone();
        let mut count = seen.get(&base).copied();
        while let Some(used) = count {
            unique = smol_str::format_smolstr!("{base}-{}", used + 1);
            count = if seen.contains_key(&unique) { Some(used + 1) } else { None };
            seen.insert(base.clone(), used + 1);
        }
        seen.insert(unique.clone(), 0);
        anchors.push((unique, section));
        other_forms.extend(with_name(title, text).map(|it| (SmolStr::from(slug(it)), section)));
    }
    anchors.extend(other_forms);
    anchors.extend(document.explicit_anchors.iter().map(|it| (SmolStr::from(it.name.of(text)), it.section)));
    anchors
}

/// A title with the `{#name}` behind it, which renderers that do not know it take for a part of the title.
fn with_name(title: Span, text: &str) -> Option<&str> {
    let rest = text.get(title.end as usize..)?;
    let name = rest.trim_start_matches([' ', '\t']);
    let end = name.strip_prefix("{#")?.find('}')? + "{#}".len();
    text.get(title.start as usize..title.end as usize + (rest.len() - name.len()) + end)
}
