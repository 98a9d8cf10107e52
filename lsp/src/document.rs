//! Open buffers: a rope that takes the client's incremental changes in order.

use std::sync::Arc;

use archwright_syntax::Encoding;
use ropey::Rope;
use tower_lsp::ls_types::{Position, TextDocumentContentChangeEvent, Uri};

/// One open document.
pub(crate) struct Buffer {
    /// The name the client gave it; answers use the same spelling.
    pub(crate) uri: Uri,
    /// The version of the last change.
    pub(crate) version: i32,
    /// The name of the diagnostics that the client has or will pull.
    pub(crate) result_id: Option<String>,
    rope: Rope,
}

impl Buffer {
    /// A document as `textDocument/didOpen` brings it.
    pub(crate) fn new(uri: Uri, version: i32, text: &str) -> Self {
        Self { uri, version, result_id: None, rope: Rope::from_str(text) }
    }

    /// Applies one change. Positions outside the text mean its nearest place, as LSP 3.17 asks.
    pub(crate) fn apply(&mut self, change: &TextDocumentContentChangeEvent, encoding: Encoding) {
        let Some(range) = change.range else {
            self.rope = Rope::from_str(&change.text);
            return;
        };
        let (a, b) = (self.char_at(range.start, encoding), self.char_at(range.end, encoding));
        let (start, end) = (a.min(b), a.max(b));
        self.rope.remove(start..end);
        self.rope.insert(start, &change.text);
    }

    /// The whole text.
    pub(crate) fn text(&self) -> Arc<str> {
        String::from(&self.rope).into()
    }

    fn char_at(&self, position: Position, encoding: Encoding) -> usize {
        let line = position.line as usize;
        if line >= self.rope.len_lines() {
            return self.rope.len_chars();
        }
        let slice = self.rope.line(line);
        let ending = match slice.len_chars().checked_sub(1).map(|last| (last, slice.char(last))) {
            Some((last, '\n')) if last > 0 && slice.char(last - 1) == '\r' => 2,
            Some((_, '\n' | '\r')) => 1,
            _ => 0,
        };
        let content = slice.slice(..slice.len_chars() - ending);
        let column = position.character as usize;
        let char = match encoding {
            Encoding::Utf8 => content.byte_to_char(column.min(content.len_bytes())),
            Encoding::Utf16 => content.utf16_cu_to_char(column.min(content.len_utf16_cu())),
            Encoding::Utf32 => column.min(content.len_chars()),
        };
        self.rope.line_to_char(line) + char
    }
}

#[cfg(test)]
mod tests {
    use archwright_syntax::LineIndex;
    use proptest::prelude::*;
    use tower_lsp::ls_types::Range;

    use super::*;

    const ENCODINGS: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    fn buffer(text: &str) -> Buffer {
        Buffer::new("file:///a.md".parse().unwrap(), 1, text)
    }

    fn change(range: Option<Range>, text: &str) -> TextDocumentContentChangeEvent {
        TextDocumentContentChangeEvent { range, range_length: None, text: text.to_owned() }
    }

    #[test]
    fn a_change_without_a_range_replaces_everything() {
        let mut it = buffer("old");
        it.apply(&change(None, "new"), Encoding::Utf16);
        assert_eq!(&*it.text(), "new");
    }

    #[test]
    fn a_range_past_the_text_appends() {
        let mut it = buffer("a\r\nb");
        it.apply(&change(Some(Range::new(Position::new(9, 0), Position::new(9, 9))), "!"), Encoding::Utf16);
        it.apply(&change(Some(Range::new(Position::new(0, 99), Position::new(0, 99))), "?"), Encoding::Utf16);
        assert_eq!(&*it.text(), "a?\r\nb!");
    }

    proptest! {
        /// The rope and the plain string agree on every edit, in every encoding, whatever ends the lines.
        #[test]
        fn edits_of_the_rope_are_edits_of_the_string(
            text in "[ab😀漢é\u{2028}\r\n]{0,40}",
            edits in prop::collection::vec((0u32..8, 0u32..12, 0u32..8, 0u32..12, "[x😀漢\r\n]{0,4}"), 1..8),
        ) {
            for encoding in ENCODINGS {
                let mut it = buffer(&text);
                let mut plain = text.clone();
                for (line_a, column_a, line_b, column_b, inserted) in &edits {
                    let index = LineIndex::new(&plain);
                    let offset = |line, column| index.offset(archwright_syntax::Position { line, column }, &plain, encoding);
                    let (a, b) = (offset(*line_a, *column_a), offset(*line_b, *column_b));
                    plain.replace_range(a.min(b)..a.max(b), inserted);
                    let range = Range::new(Position::new(*line_a, *column_a), Position::new(*line_b, *column_b));
                    it.apply(&change(Some(range), inserted), encoding);
                    prop_assert_eq!(&*it.text(), plain.as_str());
                }
            }
        }
    }
}
