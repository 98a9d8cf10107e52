//! Runs of prose while they are read: the text of list items, and the fields in items and lines.

use super::super::fields::{self, Beginning};
use super::super::{Field, FieldOrigin, Task, lines};
use super::{Block, Fold, Frame};
use crate::Span;

/// A run of prose: a paragraph or the text of a tight list item, for which the parser emits no paragraph.
#[derive(Clone, Copy, Default)]
pub(super) struct Run {
    /// Its first content byte and one past its last so far, without line breaks.
    start: usize,
    end: usize,
    /// The list item whose first block it is.
    item: Option<usize>,
    /// Whether nothing but line breaks and task boxes was seen on this line.
    pub(super) at_line_start: bool,
    first_line: bool,
    /// Whether this line, and the one before, started a field.
    is_field: bool,
    was_field: bool,
    /// Where the line before ended.
    line_before: usize,
    /// The field whose value goes on: its index and where the value starts.
    open_field: Option<(usize, usize)>,
    /// Whether the value of the open field is over at the end of its line. Without bold marks, the next line is as
    /// likely to be something else as to go on, unless a comma announces more.
    ends_with_line: bool,
}

impl Fold<'_> {
    pub(super) fn start_run(&mut self, at: usize) {
        let item = match self.frames.last_mut() {
            Some(Frame::Item { index, fresh }) => std::mem::take(fresh).then_some(*index),
            _ => None,
        };
        self.block = Block::Prose;
        self.run = Run { start: at, end: at, item, at_line_start: true, first_line: true, ..Run::default() };
    }

    pub(super) fn end_run(&mut self) {
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
    pub(super) fn inline(&mut self, span: Span) {
        if self.block == Block::None {
            self.start_run(span.start as usize);
        }
    }

    pub(super) fn inline_done(&mut self, span: Span) {
        self.inline_end = span.end as usize;
        self.run.end = self.run.end.max(span.end as usize);
        self.run.at_line_start = false;
    }

    pub(super) fn start_inline(&mut self) {
        self.inline_depth += 1;
        self.run.at_line_start = false;
    }

    pub(super) fn end_inline(&mut self, span: Span) {
        self.inline_depth = self.inline_depth.saturating_sub(1);
        self.inline_done(span);
    }

    pub(super) fn line_break(&mut self, hard: bool) {
        if self.block != Block::Prose || self.inline_depth > 0 {
            return;
        }
        let run = &mut self.run;
        run.was_field = std::mem::take(&mut run.is_field);
        run.at_line_start = true;
        run.first_line = false;
        run.line_before = run.end;
        let ends = hard
            || (run.ends_with_line && !self.text.get(..run.end).is_some_and(|it| it.trim_ascii_end().ends_with(',')));
        if ends {
            self.end_field(self.run.end);
        }
    }

    /// The box stands before the item's text, which may be a heading.
    pub(super) fn task(&mut self, span: Span, done: bool) {
        if let Some(Frame::Item { index, .. }) = self.frames.last()
            && let Some(item) = self.document.items.get_mut(*index)
        {
            item.task = Some(Task { span, done });
        }
        self.inline(span);
        self.run.start = span.end as usize;
        self.run.end = span.end as usize;
    }

    /// Strong text names a field at the start of a line, or after a field and a separator: `**A**: x | **B**: y`.
    pub(super) fn bold_field(&mut self, span: Span) {
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

    pub(super) fn plain_field(&mut self, at: usize) {
        if self.may_be_plain()
            && let Some(beginning) = self.plain.field(self.text, at, self.run.item.is_some())
        {
            self.start_field(beginning, at);
            self.run.ends_with_line = self.run.item.is_none();
        }
    }

    /// Text in italics names a field where its name would without marks.
    pub(super) fn italic_field(&mut self, span: Span) {
        if self.may_be_plain()
            && self.run.at_line_start
            && self.inline_depth == 0
            && let Some(beginning) = self.plain.italic(self.text, span, self.run.item.is_some())
        {
            self.start_field(beginning, span.start as usize);
            self.run.ends_with_line = self.run.item.is_none();
        }
    }

    /// Whether a name without bold marks is a field here. In prose, only the head of a paragraph is a list of fields;
    /// in a list item, only its first line.
    fn may_be_plain(&self) -> bool {
        self.block == Block::Prose && (self.run.first_line || (self.run.was_field && self.run.item.is_none()))
    }

    pub(super) fn start_field(&mut self, beginning: Beginning, at: usize) {
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
        let field = Field {
            section: self.section,
            name: beginning.name,
            value: Span::empty(beginning.after),
            item: Span::new(start, end),
            origin,
        };
        self.document.fields.push(field);
    }

    /// The value of the open field ends at `end` at the latest.
    pub(super) fn end_field(&mut self, end: usize) {
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
    pub(super) fn through_line_ending(&mut self, at: u32) -> u32 {
        if !(self.line.start..self.line.end).contains(&at) {
            self.line = Span::new(at as usize, lines::through_line_ending(self.text, at as usize));
        }
        self.line.end
    }
}
