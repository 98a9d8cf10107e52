//! The fold of parser events into a [`Document`], in one pass.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, LinkType, OffsetIter, Options, Parser, Tag, TagEnd};

use super::fields::{self, Beginning, CellName};
use super::{
    Anchor, CodeBlock, Comment, Document, Field, FieldOrigin, InnerHeading, Item, Link, LinkKind, Paragraph, Row, Section, SectionId,
    Table, Task, lines, links,
};
use crate::Span;

/// What is on besides `CommonMark`. Front matter is not: the parser would also find it in the middle of a document, between
/// two thematic breaks. Heading attributes are not: they would swallow the end of `GET /orders {id}`.
pub(super) const OPTIONS: Options =
    Options::ENABLE_TABLES.union(Options::ENABLE_FOOTNOTES).union(Options::ENABLE_STRIKETHROUGH).union(Options::ENABLE_TASKLISTS);

pub(super) fn parse(text: &str) -> Document {
    let start = if text.starts_with(lines::BYTE_ORDER_MARK) { lines::BYTE_ORDER_MARK.len() } else { 0 };
    let front_matter = lines::front_matter(text, start);
    let base = front_matter.map_or(start, |it| it.span.end as usize);
    let mut events = Parser::new_ext(text.get(base..).unwrap_or_default(), OPTIONS).into_offset_iter();
    let mut fold = Fold::new(text, base);
    fold.document.front_matter = front_matter;
    fold.definitions(&events);
    while let Some((event, range)) = events.next() {
        fold.event(event, Span::new(range.start + base, range.end + base), &events);
    }
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

/// A run of prose: a paragraph or the text of a tight list item, for which the parser emits no paragraph.
#[derive(Clone, Copy, Default)]
struct Run {
    /// Its first content byte and one past its last so far, without line breaks.
    start: usize,
    end: usize,
    /// The list item whose first block it is.
    item: Option<usize>,
    /// Whether nothing but line breaks and task boxes was seen on this line.
    at_line_start: bool,
    first_line: bool,
    /// Whether this line, and the one before, started a field.
    is_field: bool,
    was_field: bool,
    /// Where the line before ended.
    line_before: usize,
    /// The field whose value goes on: its index and where the value starts.
    open_field: Option<(usize, usize)>,
    /// Whether the value of the open field is over at the end of its line. Without bold marks, the next line is as likely
    /// to be something else as to go on, unless a comma announces more.
    ends_with_line: bool,
}

struct Fold<'t> {
    text: &'t str,
    base: usize,
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
}

impl<'t> Fold<'t> {
    fn new(text: &'t str, base: usize) -> Self {
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
        }
    }

    /// The parser collects the definitions before its first event, in no order.
    fn definitions(&mut self, events: &OffsetIter<'t>) {
        let spans = events.reference_definitions().iter().map(|(_, it)| Span::new(it.span.start + self.base, it.span.end + self.base));
        let text = self.text;
        self.document.definitions = spans.map(|it| links::definition(text, it, true)).collect();
        self.document.definitions.sort_unstable_by_key(|it| it.span.start);
    }

    fn event(&mut self, event: Event<'t>, span: Span, events: &OffsetIter<'t>) {
        match event {
            Event::Start(tag) => self.start(tag, span, events),
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

    fn start(&mut self, tag: Tag<'t>, span: Span, events: &OffsetIter<'t>) {
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
                self.document.tables.push(Table { section: self.section, span: lines::trim(self.text, span), first, end: first });
            }
            Tag::TableHead | Tag::TableRow => {
                let start = lines::line_start_over(self.text, span.start as usize, b" \t");
                let end = lines::through_line_ending(self.text, span.end as usize);
                let first = self.document.cells.len() as u32;
                self.document.rows.push(Row { span: Span::new(start, end), first, end: first });
            }
            Tag::TableCell => self.cell(span),
            Tag::Link { link_type, id, .. } => self.start_link(link_type, &id, span, false, events),
            Tag::Image { link_type, id, .. } => self.start_link(link_type, &id, span, true, events),
            Tag::Strong => {
                self.inline(span);
                self.bold_field(span);
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

    fn start_run(&mut self, at: usize) {
        let item = match self.frames.last_mut() {
            Some(Frame::Item { index, fresh }) => std::mem::take(fresh).then_some(*index),
            _ => None,
        };
        self.block = Block::Prose;
        self.run = Run { start: at, end: at, item, at_line_start: true, first_line: true, ..Run::default() };
    }

    fn end_run(&mut self) {
        if self.block != Block::Prose {
            return;
        }
        self.block = Block::None;
        self.end_field(self.run.end);
        if let Some(item) = self.run.item.and_then(|it| self.document.items.get_mut(it)) {
            item.content = lines::trim(self.text, Span::new(self.run.start, self.run.end));
        }
    }

    /// Inline content starts at `span`: outside a paragraph it opens the text of a tight list item.
    fn inline(&mut self, span: Span) {
        if self.block == Block::None {
            self.start_run(span.start as usize);
        }
    }

    fn inline_done(&mut self, span: Span) {
        self.inline_end = span.end as usize;
        self.run.end = self.run.end.max(span.end as usize);
        self.run.at_line_start = false;
    }

    fn start_inline(&mut self) {
        self.inline_depth += 1;
        self.run.at_line_start = false;
    }

    fn end_inline(&mut self, span: Span) {
        self.inline_depth = self.inline_depth.saturating_sub(1);
        self.inline_done(span);
    }

    fn line_break(&mut self, hard: bool) {
        if self.block != Block::Prose || self.inline_depth > 0 {
            return;
        }
        let run = &mut self.run;
        run.was_field = std::mem::take(&mut run.is_field);
        run.at_line_start = true;
        run.first_line = false;
        run.line_before = run.end;
        let ends = hard || (run.ends_with_line && !self.text.get(..run.end).is_some_and(|it| it.trim_ascii_end().ends_with(',')));
        if ends {
            self.end_field(self.run.end);
        }
    }

    /// The box stands before the item's text, which may be a heading.
    fn task(&mut self, span: Span, done: bool) {
        if let Some(Frame::Item { index, .. }) = self.frames.last()
            && let Some(item) = self.document.items.get_mut(*index)
        {
            item.task = Some(Task { span, done });
        }
        self.inline(span);
        self.run.start = span.end as usize;
        self.run.end = span.end as usize;
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
            (lines::language(self.text, Span::new(start, end)), lines::skip_line_ending(self.text, end).min(span.end as usize))
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

    fn cell(&mut self, span: Span) {
        let Some(row) = self.document.rows.last() else { return };
        let cell = if span.is_empty() {
            // The parser puts a missing cell behind the line ending.
            let end = row.span.start as usize + row.span.of(self.text).trim_ascii_end().len();
            Span::empty(end.min(span.start as usize))
        } else {
            lines::trim(self.text, span)
        };
        self.document.cells.push(cell);
    }

    fn end_table(&mut self) {
        let end = self.document.rows.len() as u32;
        let Some(table) = self.document.tables.last_mut() else { return };
        table.end = end;
        let table = *table;
        let [name, value] = self.document.header(&table) else { return };
        let unnamed = name.is_empty() && value.is_empty();
        let rows = self.document.rows(&table);
        let names = rows.iter().map(|it| self.document.cells(it).first().map_or(CellName::None, |it| CellName::of(self.text, *it)));
        let names: Vec<CellName> = names.collect();
        if !unnamed && !self.preamble && !names.iter().all(|it| matches!(it, CellName::Bold(_))) {
            return;
        }
        let mut found = Vec::new();
        for (row, name) in rows.iter().zip(names) {
            if let (CellName::Bold(name) | CellName::Plain(name), [_, value]) = (name, self.document.cells(row)) {
                let value = fields::value(self.text, value.start as usize, value.end as usize, false);
                found.push(Field { section: self.section, name, value, item: row.span, origin: FieldOrigin::TableRow });
            }
        }
        self.document.fields.extend(found);
    }

    fn start_link(&mut self, kind: LinkType, id: &str, span: Span, image: bool, events: &OffsetIter<'t>) {
        self.inline(span);
        self.start_inline();
        let definition = match kind {
            LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut => {
                let start = events.reference_definitions().get(id).map(|it| (it.span.start + self.base) as u32);
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
    fn end_link(&mut self) {
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

    fn html(&mut self, span: Span) {
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
            if let Some(name) = links::anchor_name(rest) {
                let name = Span::new(span.start as usize + start + name.start, span.start as usize + start + name.end);
                self.document.explicit_anchors.push(Anchor { section: self.section, name });
            }
            at = start + 1;
        }
    }

    /// Strong text names a field at the start of a line, or after a field and a separator: `**A**: x | **B**: y`.
    fn bold_field(&mut self, span: Span) {
        if self.block != Block::Prose || self.inline_depth > 0 {
            return;
        }
        let start = span.start as usize;
        if self.run.at_line_start {
            if let Some(beginning) = fields::bold(self.text, span) {
                self.start_field(beginning, start);
            }
        } else if self.run.is_field
            && let Some((index, value)) = self.run.open_field
            && let Some(end) = fields::before_separator(self.text, value, start)
            && let Some(beginning) = fields::bold(self.text, span)
        {
            self.end_field(end);
            let Some(before) = self.document.fields.get(index).copied() else { return };
            self.run.open_field = Some((self.document.fields.len(), beginning.after));
            self.document.fields.push(Field { name: beginning.name, value: Span::empty(beginning.after), ..before });
        }
    }

    fn plain_field(&mut self, at: usize) {
        // In prose, only the head of a paragraph is a list of fields; in a list item, only its first line.
        if self.block == Block::Prose
            && (self.run.first_line || (self.run.was_field && self.run.item.is_none()))
            && let Some(beginning) = fields::plain(self.text, at)
        {
            self.start_field(beginning, at);
            self.run.ends_with_line = self.run.item.is_none();
        }
    }

    fn start_field(&mut self, beginning: Beginning, at: usize) {
        if self.block != Block::Prose {
            return;
        }
        self.end_field(self.run.line_before);
        let item = self.run.item.filter(|_| self.run.first_line).and_then(|it| self.document.items.get(it));
        let (origin, start) = match item {
            Some(item) => (FieldOrigin::ListItem, lines::line_start_over(self.text, item.span.start as usize, b" \t")),
            None => (FieldOrigin::Line, lines::line_start_over(self.text, at, b" \t>")),
        };
        // The item is known to its end; a line ends where its value does.
        let end = item.map_or(at, |it| lines::through_line_ending(self.text, it.span.end as usize));
        self.run.is_field = true;
        self.run.ends_with_line = false;
        self.run.open_field = Some((self.document.fields.len(), beginning.after));
        let field =
            Field { section: self.section, name: beginning.name, value: Span::empty(beginning.after), item: Span::new(start, end), origin };
        self.document.fields.push(field);
    }

    /// The value of the open field ends at `end` at the latest.
    fn end_field(&mut self, end: usize) {
        let Some((index, start)) = self.run.open_field.take() else { return };
        let value = fields::value(self.text, start, end, self.quotes > 0);
        let line_end = self.through_line_ending(value.end);
        if let Some(field) = self.document.fields.get_mut(index) {
            field.value = value;
            if field.origin == FieldOrigin::Line {
                field.item.end = line_end;
            }
        }
    }

    /// The end of the line that holds `at`, remembered so that many fields on one long line cost no more than one.
    fn through_line_ending(&mut self, at: u32) -> u32 {
        if !(self.line.start..self.line.end).contains(&at) {
            self.line = Span::new(at as usize, lines::through_line_ending(self.text, at as usize));
        }
        self.line.end
    }

    fn finish(mut self) -> Document {
        let document = &mut self.document;
        let mut comments = document.comments.iter().peekable();
        for section in &mut document.sections {
            let mut at = section.body.start;
            while comments.next_if(|it| it.span.start < at).is_some() {}
            while let Some(comment) = comments.next_if(|it| it.span.start < section.body.end) {
                section.has_content |= !Span { start: at, end: comment.span.start }.of(self.text).trim_ascii().is_empty();
                at = comment.span.end;
            }
            let end = section.body.end.max(at);
            section.has_content |= !Span { start: at, end }.of(self.text).trim_ascii_start().is_empty();
        }
        self.document
    }
}
