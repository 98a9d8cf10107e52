//! Links, HTML comments and anchors while they are read.

use pulldown_cmark::{LinkType, RefDefs};

use super::super::{Anchor, Comment, InnerHeading, Link, LinkKind, links};
use super::Fold;
use crate::Span;

impl Fold<'_> {
    pub(super) fn start_link(&mut self, kind: LinkType, id: &str, span: Span, image: bool, definitions: &RefDefs<'_>) {
        self.inline(span);
        self.start_inline();
        let definition = match kind {
            LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut => {
                let start = definitions.get(id).map(|it| (it.span.start + self.base) as u32);
                start.and_then(|start| self.document.definitions.binary_search_by_key(&start, |it| it.span.start).ok())
            }
            _ => None,
        };
        let kind = match kind {
            _ if image => LinkKind::Image,
            LinkType::Autolink | LinkType::Email => LinkKind::Autolink,
            LinkType::Inline | LinkType::WikiLink { .. } => LinkKind::Inline,
            _ => LinkKind::Reference,
        };
        self.open_links.push(self.document.links.len());
        self.document.links.push(Link {
            section: self.section,
            span,
            text: Span::empty(span.start as usize),
            target: Span::empty(span.start as usize),
            reference: None,
            definition: definition.map(|it| it as u32),
            kind,
        });
    }

    /// All inside a link was seen: its text ends at the bracket behind it.
    pub(super) fn end_link(&mut self) {
        let Some(link) = self.open_links.pop().and_then(|it| self.document.links.get_mut(it)) else { return };
        let span = link.span;
        let start = span.start as usize + if link.kind == LinkKind::Image { 2 } else { 1 };
        if link.kind == LinkKind::Autolink {
            link.text = Span::new(start, (span.end as usize).saturating_sub(1));
            link.target = link.text;
            return;
        }
        let end = links::closing_bracket(self.text, self.inline_end.max(start), span.end as usize);
        link.text = Span::new(start, end);
        if let Some(definition) = link.definition.and_then(|it| self.document.definitions.get(it as usize)) {
            link.target = definition.target;
            let label = Span::new(end + 2, (span.end as usize).saturating_sub(1));
            let full = end + 3 < span.end as usize;
            link.reference = Some(if full { label } else { link.text });
        } else {
            link.target = links::destination(self.text, end + 2, self.quotes > 0);
        }
    }

    pub(super) fn html(&mut self, span: Span) {
        let text = self.text;
        let source = span.of(text);
        let mut at = 0;
        while let Some(tag) = source.get(at..).and_then(|rest| memchr::memchr(b'<', rest.as_bytes())) {
            let start = at + tag;
            let rest = source.get(start..).unwrap_or_default();
            if let Some(content) = rest.strip_prefix("<!--") {
                // `<!-->` and `<!--->` are comments too.
                let short = ["<!-->", "<!--->"].into_iter().find(|it| rest.starts_with(it));
                let (len, content) = match (short, content.find("-->")) {
                    (Some(short), _) => (short.len(), 0),
                    (None, Some(end)) => (4 + end + 3, end),
                    (None, None) => (rest.trim_ascii_end().len(), content.trim_ascii_end().len()),
                };
                let start = span.start as usize + start;
                let content = Span::new(start + 4, start + 4 + content);
                self.document.comments.push(Comment { span: Span::new(start, start + len), content });
                at = start + len - span.start as usize;
                continue;
            }
            self.html_heading(span.start as usize + start);
            for target in links::html_targets(rest) {
                let at = span.start as usize + start;
                let target = Span::new(at + target.start, at + target.end);
                self.document.links.push(Link {
                    section: self.section,
                    span: target,
                    text: Span::empty(target.start as usize),
                    target,
                    reference: None,
                    definition: None,
                    kind: LinkKind::Html,
                });
            }
            if let Some(name) = links::anchor_name(rest) {
                let name = Span::new(span.start as usize + start + name.start, span.start as usize + start + name.end);
                self.document.explicit_anchors.push(Anchor { section: self.section, name });
            }
            at = start + 1;
        }
    }

    /// The heading that the HTML tag at `at` starts. Its end may stand in a later block.
    fn html_heading(&mut self, at: usize) {
        /// Longer ones are no headings.
        const MAX_LENGTH: usize = 2_000;
        let end = self.text.floor_char_boundary(self.text.len().min(at + MAX_LENGTH));
        let Some(source) = self.text.get(at..end) else { return };
        let [b'<', b'h' | b'H', level @ b'1'..=b'6', b'>' | b' ' | b'\t' | b'\n' | b'\r', ..] = source.as_bytes()
        else {
            return;
        };
        let Some(open) = source.find('>') else { return };
        let close = source
            .match_indices("</")
            .find(|(at, _)| matches!(source.as_bytes().get(at + 2..), Some([b'h' | b'H', it, ..]) if it == level));
        if let Some((close, _)) = close.filter(|it| it.0 > open) {
            let title = super::super::lines::trim(self.text, Span::new(at + open + 1, at + close));
            self.document.html_headings.push(InnerHeading { section: self.section, title });
        }
    }
}
