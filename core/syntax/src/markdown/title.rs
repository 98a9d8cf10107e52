//! Titles as shown: inline marks stripped, and compared without case, numbering and colon.

use pulldown_cmark::{BrokenLink, CowStr, Event, Parser, Tag, TagEnd};
use std::borrow::Cow;

use super::Document;
use crate::Span;

impl Document {
    /// The text of a heading as shown; `span` is its title.
    pub(super) fn plain<'t>(&self, span: Span, text: &'t str) -> Cow<'t, str> {
        self.shown(span, text, " ", true)
    }

    /// The text that a renderer makes an anchor of: what is shown without images, and nothing between lines.
    pub(super) fn anchor_text<'t>(&self, span: Span, text: &'t str) -> Cow<'t, str> {
        // A control character keeps the words of two lines apart while they are read, and no anchor keeps it.
        let shown = self.shown(span, text, "\u{1}", false);
        if !shown.contains('\u{1}') {
            return shown;
        }
        Cow::Owned(shown.split('\u{1}').map(str::trim_ascii).collect())
    }

    fn shown<'t>(&self, span: Span, text: &'t str, line_break: &str, images: bool) -> Cow<'t, str> {
        let title = span.of(text);
        if !title.bytes().any(|it| {
            matches!(it, b'*' | b'_' | b'`' | b'[' | b']' | b'<' | b'&' | b'\\' | b'~' | b'!' | b'\n' | b'\r')
        }) {
            return Cow::Borrowed(title);
        }
        // Marks around it make a heading of whatever it contains, so that `1.` does not start a list.
        let source = format!("# {} #", title.replace(['\n', '\r'], line_break));
        // The definitions of references stand elsewhere; whether one exists was settled when the document was parsed.
        let defined = |link: BrokenLink<'_>| {
            let start = (span.start + link.span.start as u32).saturating_sub(2);
            let known = self.links.binary_search_by_key(&start, |it| it.span.start).is_ok();
            known.then_some((CowStr::Borrowed("x"), CowStr::Borrowed("")))
        };
        let (mut shown, mut inside_images) = (String::with_capacity(title.len()), 0);
        for event in Parser::new_with_broken_link_callback(&source, super::build::OPTIONS, Some(defined)) {
            match event {
                Event::Start(Tag::Image { .. }) if !images => inside_images += 1,
                Event::End(TagEnd::Image) if !images => inside_images -= 1,
                Event::Text(it) | Event::Code(it) if inside_images == 0 => shown.push_str(&it),
                Event::SoftBreak | Event::HardBreak => shown.push(' '),
                _ => {}
            }
        }
        Cow::Owned(shown)
    }
}

/// Whether a shown title is `name`, ignoring case, leading numbering and a trailing colon.
pub(super) fn same(title: &str, name: &str) -> bool {
    let name = name.trim();
    let title = title.trim().trim_end_matches(':').trim_end();
    // Nearly all are ASCII, and of another length.
    let is_ascii = title.is_ascii() && name.is_ascii();
    let lower = |it: &'_ str| it.to_lowercase();
    let same = |title: &str| if is_ascii { title.eq_ignore_ascii_case(name) } else { lower(title) == lower(name) };
    same(title)
        || title.starts_with(|it: char| it.is_ascii_digit() || "IVXLC".contains(it)) && same(without_number(title))
}

/// The title without `1.`, `1.2`, `1)` or `IV.` before it.
fn without_number(title: &str) -> &str {
    let Some((number, rest)) = title.split_once(|it: char| it.is_whitespace()) else { return title };
    let core = number.strip_suffix(['.', ')', ':']).unwrap_or(number);
    let decimal = core.split('.').all(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()));
    // A Roman number needs its mark: "I" alone is a word.
    let roman = core.len() < number.len() && !core.is_empty() && core.bytes().all(|it| b"IVXLC".contains(&it));
    if decimal || roman { rest.trim_start() } else { title }
}
