//! The fold of parser events into a [`Document`], in one pass.

mod definitions;
mod inline;
mod prose;
mod tables;

use std::cell::RefCell;

use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, RefDefs, Tag, TagEnd};

use super::{
    Anchor, CodeBlock, Document, InnerHeading, Item, Paragraph, PlainNames, Row, Section, SectionId, Table, lines,
    links,
};
use crate::Span;
use prose::Run;

/// What is on besides `CommonMark`. Front matter is not: the parser would also find it in the middle of a document,
/// between two thematic breaks. Heading attributes are not: they would swallow the end of `GET /orders {id}`.
pub(super) const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);

pub(super) fn parse(text: &str, plain: &PlainNames) -> Document {
    let start = if text.starts_with(lines::BYTE_ORDER_MARK) { lines::BYTE_ORDER_MARK.len() } else { 0 };
    let front_matter = lines::front_matter(text, start);
    let base = front_matter.map_or(start, |it| it.span.end as usize);
    let source = lines::with_plain_fences(text.get(base..).unwrap_or_default());
    let broken = RefCell::new(Vec::new());
    let callback = |link: BrokenLink<'_>| {
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            // The parser leaves out the empty label.
            let is_short = source.get(link.span.end..).is_some_and(|it| it.starts_with("[]"));
            let end = link.span.end + if is_short { "[]".len() } else { 0 };
            broken.borrow_mut().push(Span::new(link.span.start + base, end + base));
        }
        None
    };
    let parser = Parser::new_with_broken_link_callback(&source, OPTIONS, Some(callback));
    let mut events = parser.into_offset_iter();
    let mut fold = Fold::new(text, base, plain);
    fold.document.front_matter = front_matter;
    fold.definitions(events.reference_definitions());
    while let Some((event, range)) = events.next() {
        fold.event(event, Span::new(range.start + base, range.end + base), events.reference_definitions());
    }
    drop(events);
    fold.undefined(broken.into_inner());
    fold.finish()
}

/// A container that is open.
enum Frame {
    Quote,
    Footnote,
    /// The number of its next item, if ordered.
    List(Option<u32>),
    Item {
        index: usize,
        /// Nothing but the marker was seen.
        fresh: bool,
    },
}

/// The leaf block that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    None,
    Prose,
    /// A heading, HTML or a table: inline content in it is neither prose nor code.
    Other,
    Code,
}

struct Fold<'t> {
    text: &'t str,
    base: usize,
    /// Names that make a field without bold marks.
    plain: &'t PlainNames,
    document: Document,
    /// The sections that are still open, outermost first.
    open: Vec<SectionId>,
    section: SectionId,
    frames: Vec<Frame>,
    quotes: usize,
    lists: usize,
    block: Block,
    run: Run,
    /// How many inline elements are open, and where the last one that closed, or the last text, ended.
    inline_depth: usize,
    inline_end: usize,
    open_links: Vec<usize>,
    /// The `{#name}` of the open heading, which stands behind all else in it.
    anchor: Option<Anchor>,
    /// Whether no heading of level 2 or below was seen: tables here are likely to describe the document.
    preamble: bool,
    /// From some place to the end of its line, the last such that was asked for.
    line: Span,
    /// To where the text belongs to blocks that were seen.
    seen: usize,
}

impl<'t> Fold<'t> {
    fn new(text: &'t str, base: usize, plain: &'t PlainNames) -> Self {
        let root = Section {
            heading: Span::default(),
            title: Span::default(),
            span: Span::new(0, text.len()),
            body: Span::new(base, text.len()),
            parent: None,
            level: 0,
            has_content: false,
            setext: false,
        };
        Self {
            text,
            base,
            plain,
            document: Document { sections: vec![root], ..Document::default() },
            open: vec![SectionId::ROOT],
            section: SectionId::ROOT,
            frames: Vec::new(),
            quotes: 0,
            lists: 0,
            block: Block::None,
            run: Run::default(),
            inline_depth: 0,
            inline_end: 0,
            open_links: Vec::new(),
            anchor: None,
            preamble: true,
            line: Span::default(),
            seen: base,
        }
    }

    /// The parser collects the definitions before its first event, in no order.
    fn definitions(&mut self, definitions: &RefDefs<'_>) {
        let spans = definitions.iter().map(|(_, it)| Span::new(it.span.start + self.base, it.span.end + self.base));
        let text = self.text;
        self.document.definitions = spans.map(|it| links::definition(text, it, true)).collect();
        self.document.definitions.sort_unstable_by_key(|it| it.span.start);
    }

    fn event(&mut self, event: Event<'_>, span: Span, definitions: &RefDefs<'_>) {
        self.see(&event, span);
        match event {
            Event::Start(tag) => self.start(tag, span, definitions),
            Event::End(tag) => self.end(tag, span),
            Event::TaskListMarker(done) => self.task(span, done),
            Event::SoftBreak => self.line_break(false),
            Event::HardBreak => self.line_break(true),
            Event::Rule => self.start_block(),
            Event::Html(_) => {}
            Event::Text(_) if self.block == Block::Code => {
                if let Some(block) = self.document.code_blocks.last_mut() {
                    block.content = if block.content.is_empty() { span } else { block.content.cover(span) };
                    block.span = block.span.cover(block.content);
                }
            }
            Event::Text(_) => {
                self.inline(span);
                if self.run.at_line_start && self.inline_depth == 0 {
                    self.plain_field(span.start as usize);
                }
                self.inline_done(span);
            }
            Event::Code(_) => {
                self.document.code_spans.push(span);
                self.inline(span);
                self.inline_done(span);
            }
            Event::InlineHtml(_) => {
                self.html(span);
                self.inline(span);
                self.inline_done(span);
            }
            Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                self.inline(span);
                self.inline_done(span);
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Span, definitions: &RefDefs<'_>) {
        match tag {
            Tag::Paragraph => {
                self.start_block_keeping_fresh();
                self.start_run(span.start as usize);
                if self.frames.len() == self.quotes {
                    let span = lines::trim(self.text, span);
                    self.document.paragraphs.push(Paragraph { section: self.section, span, quoted: self.quotes > 0 });
                }
            }
            Tag::Heading { level, .. } => {
                self.start_block();
                self.block = Block::Other;
                self.heading(level, span);
            }
            Tag::BlockQuote(_) => {
                self.start_block();
                self.quotes += 1;
                self.frames.push(Frame::Quote);
            }
            Tag::FootnoteDefinition(_) => {
                self.start_block();
                self.frames.push(Frame::Footnote);
            }
            Tag::List(first) => {
                if let Some(Frame::Item { index, .. }) = self.frames.last() {
                    let own = self.document.items.get_mut(*index);
                    if let Some(item) = own {
                        let end = item.span.end.min(span.start);
                        item.span = lines::trim(self.text, Span { start: item.span.start, end });
                        if item.content.end > item.span.end {
                            item.content = Span::empty(item.span.end as usize);
                        }
                    }
                }
                self.start_block();
                self.lists += 1;
                self.frames.push(Frame::List(first.map(|it| u32::try_from(it).unwrap_or(u32::MAX))));
            }
            Tag::Item => self.start_item(span),
            Tag::CodeBlock(kind) => {
                self.start_block();
                self.block = Block::Code;
                self.code_block(span, !matches!(kind, CodeBlockKind::Indented));
            }
            Tag::HtmlBlock => {
                self.start_block();
                self.block = Block::Other;
                self.html(span);
            }
            Tag::Table(_) => {
                self.start_block();
                self.block = Block::Other;
                let first = self.document.rows.len() as u32;
                self.document.tables.push(Table {
                    section: self.section,
                    span: lines::trim(self.text, span),
                    first,
                    end: first,
                });
            }
            Tag::TableHead | Tag::TableRow => {
                let start = lines::line_start_over(self.text, span.start as usize, b" \t");
                let end = lines::through_line_ending(self.text, span.end as usize);
                let first = self.document.cells.len() as u32;
                self.document.rows.push(Row { span: Span::new(start, end), first, end: first });
            }
            Tag::TableCell => self.cell(span),
            Tag::Link { link_type, id, .. } => self.start_link(link_type, &id, span, false, definitions),
            Tag::Image { link_type, id, .. } => self.start_link(link_type, &id, span, true, definitions),
            Tag::Strong => {
                self.inline(span);
                self.bold_field(span);
                self.start_inline();
            }
            Tag::Emphasis => {
                self.inline(span);
                self.italic_field(span);
                self.start_inline();
            }
            _ => {
                self.inline(span);
                self.start_inline();
            }
        }
    }

    fn end(&mut self, tag: TagEnd, span: Span) {
        match tag {
            TagEnd::Paragraph => self.end_run(),
            TagEnd::Heading(_) => {
                self.block = Block::None;
                self.document.explicit_anchors.extend(self.anchor.take());
            }
            TagEnd::CodeBlock | TagEnd::HtmlBlock => self.block = Block::None,
            TagEnd::Table => {
                self.block = Block::None;
                self.end_table();
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                let end = self.document.cells.len() as u32;
                if let Some(row) = self.document.rows.last_mut() {
                    row.end = end;
                }
            }
            TagEnd::TableCell => {}
            TagEnd::BlockQuote(_) => {
                self.end_run();
                self.quotes = self.quotes.saturating_sub(1);
                self.frames.pop();
            }
            TagEnd::List(_) => {
                self.lists = self.lists.saturating_sub(1);
                self.frames.pop();
            }
            TagEnd::Item | TagEnd::FootnoteDefinition => {
                self.end_run();
                self.frames.pop();
            }
            TagEnd::Link | TagEnd::Image => {
                self.end_link();
                self.end_inline(span);
            }
            _ => self.end_inline(span),
        }
    }

    /// Another block starts: the text of a tight list item before it ends.
    fn start_block(&mut self) {
        self.start_block_keeping_fresh();
        if let Some(Frame::Item { fresh, .. }) = self.frames.last_mut() {
            *fresh = false;
        }
    }

    fn start_block_keeping_fresh(&mut self) {
        if self.block == Block::Prose {
            self.end_run();
        }
    }

    fn heading(&mut self, level: HeadingLevel, span: Span) {
        let level = level as u8;
        let heading = lines::Heading::of(self.text, span, level);
        if self.frames.is_empty() {
            self.open_section(level, span, &heading);
        } else {
            self.document.inner_headings.push(InnerHeading { section: self.section, title: heading.title });
        }
        self.anchor = heading.anchor.map(|name| Anchor { section: self.section, name });
    }

    fn open_section(&mut self, level: u8, span: Span, heading: &lines::Heading) {
        let start = lines::line_start_over(self.text, span.start as usize, b" \t");
        let end = lines::through_line_ending(self.text, span.end as usize);
        if let Some(last) = self.document.sections.last_mut() {
            last.body = Span::new((last.body.start as usize).min(start), start);
        }
        while let Some(open) = self.open.last().and_then(|it| self.document.sections.get_mut(it.index()))
            && open.level >= level
        {
            open.span.end = start as u32;
            self.open.pop();
        }
        self.preamble &= level < 2;
        self.section = SectionId(self.document.sections.len() as u32);
        self.document.sections.push(Section {
            heading: Span::new(start, end),
            title: heading.title,
            span: Span::new(start, self.text.len()),
            body: Span::new(end, self.text.len()),
            parent: self.open.last().copied(),
            level,
            has_content: false,
            setext: heading.setext,
        });
        self.open.push(self.section);
    }

    fn start_item(&mut self, span: Span) {
        self.start_block();
        let ordered = match self.frames.last_mut() {
            Some(Frame::List(next)) => {
                let number = *next;
                *next = number.map(|it| it.saturating_add(1));
                number
            }
            _ => None,
        };
        let trimmed = lines::trim(self.text, span);
        let marker = lines::after_marker(self.text, trimmed);
        self.frames.push(Frame::Item { index: self.document.items.len(), fresh: true });
        self.document.items.push(Item {
            section: self.section,
            span: trimmed,
            content: Span::empty(marker),
            task: None,
            ordered,
            depth: u8::try_from(self.lists.saturating_sub(1)).unwrap_or(u8::MAX),
        });
    }

    fn code_block(&mut self, span: Span, fenced: bool) {
        let start = span.start as usize;
        let (language, content) = if fenced {
            let end = lines::line_end(self.text, start).min(span.end as usize);
            (
                lines::language(self.text, Span::new(start, end)),
                lines::skip_line_ending(self.text, end).min(span.end as usize),
            )
        } else {
            (Span::empty(start), start)
        };
        let span = lines::trim_line_endings(self.text, span);
        self.document.code_blocks.push(CodeBlock {
            section: self.section,
            span,
            language,
            content: Span::empty(content.min(span.end as usize)),
            fenced,
        });
    }

    fn finish(mut self) -> Document {
        self.gap(self.text.len());
        let document = &mut self.document;
        let mut comments = document.comments.iter().peekable();
        for section in &mut document.sections {
            let mut at = section.body.start;
            while comments.next_if(|it| it.span.start < at).is_some() {}
            while let Some(comment) = comments.next_if(|it| it.span.start < section.body.end) {
                section.has_content |=
                    !Span { start: at, end: comment.span.start }.of(self.text).trim_ascii().is_empty();
                at = comment.span.end;
            }
            let end = section.body.end.max(at);
            section.has_content |= !Span { start: at, end }.of(self.text).trim_ascii_start().is_empty();
        }
        self.document.shrink_to_fit();
        self.document
    }
}
