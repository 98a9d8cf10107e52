//! YAML: the events of `saphyr-parser` made into a tree with exact byte spans.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Marker, Parser, ScanError, Tag};

use super::build::{Builder, Collection, Key};
use super::node::{NodeId, ScalarStyle, Shape};
use super::{Format, SyntaxErrorKind, Tree, scalar};
use crate::Span;

/// Parses a YAML text of less than 4 GiB.
pub(super) fn parse(text: Arc<str>) -> Tree {
    let mut builder = Builder::new(text.clone(), Format::Yaml);
    let end = text.len();
    if let Err(error) = read(&text, &mut builder) {
        let at = CharOffsets::new(&text).byte(error.marker().index());
        builder.error(SyntaxErrorKind::Syntax, Span::empty(at), error.info());
    }
    builder.finish(end)
}

fn read(source: &str, builder: &mut Builder) -> Result<(), ScanError> {
    let mut reader = Reader { source, chars: CharOffsets::new(source), done: 0, anchors: FxHashMap::default(), builder };
    for event in Parser::new_from_str(source) {
        let (event, span) = event?;
        reader.event(event, span.start, span.end);
    }
    Ok(())
}

/// Turns character offsets into byte offsets.
struct CharOffsets {
    /// The byte offset of every 64th character; empty if the text is ASCII.
    every_64th: Vec<u32>,
}

impl CharOffsets {
    fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self { every_64th: Vec::new() };
        }
        Self { every_64th: text.char_indices().step_by(64).map(|it| it.0 as u32).collect() }
    }

    fn byte_in(&self, text: &str, index: usize) -> usize {
        if self.every_64th.is_empty() {
            return index.min(text.len());
        }
        let Some(&start) = self.every_64th.get(index / 64) else { return text.len() };
        let rest = text.get(start as usize..).unwrap_or_default();
        rest.char_indices().nth(index % 64).map_or(text.len(), |it| start as usize + it.0)
    }

    fn byte(&self, index: usize) -> usize {
        index
    }
}

struct Reader<'a> {
    source: &'a str,
    chars: CharOffsets,
    /// Up to where the source is in the tree.
    done: usize,
    anchors: FxHashMap<usize, NodeId>,
    builder: &'a mut Builder,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, start: Marker, end: Marker) {
        let start = self.chars.byte_in(self.source, start.index());
        let end = self.chars.byte_in(self.source, end.index());
        match event {
            Event::Scalar(value, style, anchor, tag) => self.scalar(&value, style, (anchor, tag), start, end),
            Event::SequenceStart(anchor, tag) => self.open(Collection::Sequence, (anchor, tag), start),
            Event::MappingStart(anchor, tag) => self.open(Collection::Mapping, (anchor, tag), start),
            Event::SequenceEnd | Event::MappingEnd => self.close(start),
            Event::Alias(anchor) => {
                let span = Span::new(start, end);
                self.builder.alias(span, self.anchors.get(&anchor).copied());
                self.done = end;
            }
            Event::DocumentStart(_) => {
                self.anchors.clear();
                self.done = end;
            }
            Event::DocumentEnd | Event::StreamStart | Event::StreamEnd | Event::Nothing => {}
        }
    }

    fn byte(&self, at: usize) -> u8 {
        self.source.as_bytes().get(at).copied().unwrap_or_default()
    }

    /// Behind blanks, line breaks and comments.
    fn skip_trivia(&self, mut at: usize) -> usize {
        loop {
            match self.byte(at) {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' => {
                    at = memchr::memchr2(b'\n', b'\r', self.source.as_bytes().get(at..).unwrap_or_default())
                        .map_or(self.source.len(), |it| at + it)
                }
                _ => return at,
            }
        }
    }

    /// Behind the anchor and the tag at `at`, with the anchor's span.
    fn properties(&self, mut at: usize) -> (usize, Option<Span>) {
        let mut anchor = None;
        let mut end = at;
        loop {
            let rest = self.source.get(at..).unwrap_or_default();
            let len = match self.byte(at) {
                b'&' => rest.find([' ', '\t', '\n', '\r', ',', '[', ']', '{', '}']),
                b'!' if rest.starts_with("!<") => rest.find('>').map(|it| it + 1),
                b'!' => rest.find([' ', '\t', '\n', '\r', ',', '[', ']', '{', '}']),
                _ => return (end, anchor),
            };
            end = at + len.unwrap_or(rest.len());
            if self.byte(at) == b'&' {
                anchor = Some(Span::new(at, end));
            }
            at = self.skip_trivia(end);
        }
    }

    fn anchored(&mut self, node: Option<NodeId>, anchor: usize, span: Option<Span>) {
        if let (Some(id), Some(span)) = (node, span) {
            self.anchors.insert(anchor, id);
            self.builder.anchor(id, span);
        }
    }

    fn scalar(
        &mut self,
        value: &str,
        style: saphyr_parser::ScalarStyle,
        (anchor, tag): (usize, Option<Cow<'_, Tag>>),
        start: usize,
        end: usize,
    ) {
        let style = match style {
            saphyr_parser::ScalarStyle::Plain => ScalarStyle::Plain,
            saphyr_parser::ScalarStyle::SingleQuoted => ScalarStyle::SingleQuoted,
            saphyr_parser::ScalarStyle::DoubleQuoted => ScalarStyle::DoubleQuoted,
            saphyr_parser::ScalarStyle::Literal => ScalarStyle::Literal,
            saphyr_parser::ScalarStyle::Folded => ScalarStyle::Folded,
        };
        let has_properties = anchor > 0 || tag.is_some();
        let (behind, anchor_span) = if has_properties { self.properties(start) } else { (start, None) };
        let span = if style == ScalarStyle::Plain && value.is_empty() {
            Span::empty(if has_properties { behind } else { self.place_of_nothing() })
        } else {
            let start = if has_properties { self.skip_trivia(behind) } else { start };
            let text = self.source.get(start..end).unwrap_or_default();
            Span::new(start, start + text.trim_end_matches([' ', '\t', '\n', '\r']).len())
        };
        self.done = span.end as usize;
        let text = self.builder.intern(value, span);
        let shape = shape(value, style, tag.as_deref());
        let node = if self.builder.expects_key() {
            let merges = style == ScalarStyle::Plain && value == "<<";
            self.builder.key(Key { text, span, merges });
            if anchor > 0 { self.builder.aside(span, style, shape, text) } else { None }
        } else {
            self.builder.scalar(span, style, shape, text)
        };
        self.anchored(node, anchor, anchor_span);
    }

    /// Where a value would stand that is not written: behind the colon or the dash.
    fn place_of_nothing(&self) -> usize {
        let at = self.skip_trivia(self.done);
        match (self.byte(at), self.builder.innermost()) {
            (b':', Some(Collection::Mapping)) if self.builder.expects_key() => at,
            (b':', Some(Collection::Mapping)) | (b'-', Some(Collection::Sequence)) => at + 1,
            (b'?', Some(Collection::Mapping)) if self.builder.expects_key() => at + 1,
            _ => self.done,
        }
    }

    fn open(&mut self, collection: Collection, (anchor, tag): (usize, Option<Cow<'_, Tag>>), start: usize) {
        let (mut start, anchor_span) = if anchor > 0 || tag.is_some() {
            let (behind, anchor) = self.properties(start);
            (self.skip_trivia(behind), anchor)
        } else {
            (start, None)
        };
        // The sequence in a mapping that is not indented starts at its first dash.
        if collection == Collection::Sequence && !matches!(self.byte(start), b'-' | b'[') {
            start = self.skip_trivia(start);
        }
        let node = self.builder.open(collection, start);
        self.done = if matches!(self.byte(start), b'[' | b'{') { start + 1 } else { start };
        self.anchored(node, anchor, anchor_span);
    }

    fn close(&mut self, start: usize) {
        let end = matches!(self.byte(start), b']' | b'}').then_some(start + 1);
        self.builder.close(end);
        if let Some(end) = end {
            self.done = end;
        }
    }
}

fn shape(value: &str, style: ScalarStyle, tag: Option<&Tag>) -> Shape {
    match tag.filter(|it| it.is_yaml_core_schema()).map(|it| it.suffix.as_str()) {
        Some("null" | "bool" | "int" | "float") => scalar::resolve(value),
        Some(_) => Shape::String,
        None if style == ScalarStyle::Plain && tag.is_none_or(|it| it.suffix != "!") => scalar::resolve(value),
        None => Shape::String,
    }
}
