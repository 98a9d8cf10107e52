//! YAML: the events of `saphyr-parser` made into a tree with exact byte spans.

mod blocks;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use saphyr_parser::{Event, Parser, Tag};

use super::build::{Builder, Collection, Key};
use super::lines::{BLANK, quoted_end};
use super::node::{NodeId, ScalarStyle, Shape};
use super::patch::{Patch, Patched};
use super::repair::{Candidate, Failure, diagnose};
use super::{Format, SyntaxErrorKind, Tree, json, scalar};
use crate::Span;

/// How many mistakes of one text are read past.
const MAX_REPAIRS: usize = 50;

/// How many bytes may be read again for the sake of mistakes, and how many times the text on top of that.
const REPAIR_BYTES: usize = 16 << 20;
const REPAIR_FACTOR: usize = 2;

/// A guess that gets this many bytes past a mistake is right, as far as one can tell.
const WELL_PAST: usize = 400;

/// Parses a YAML text of less than 4 GiB.
pub(super) fn parse(text: &Arc<str>) -> Tree {
    // JSON is YAML, and the JSON parser is faster and knows no limit on brackets.
    if text.trim_start_matches(['\u{feff}', ' ', '\n', '\r']).starts_with(['{', '[']) {
        let tree = json::parse(text, Format::Yaml);
        if tree.errors().iter().all(|it| matches!(it.kind, SyntaxErrorKind::DuplicateKey | SyntaxErrorKind::DepthLimit))
        {
            return tree;
        }
    }
    if let Some(builder) = blocks::read(text) {
        return builder.finish(text.len());
    }
    parse_whole(text)
}

/// Lets the parser read the whole text, and reads past mistakes.
fn parse_whole(text: &Arc<str>) -> Tree {
    let mut repairs = Repairs::default();
    let mut reading = Reading::new(text, &[]);
    let mut left = REPAIR_BYTES + REPAIR_FACTOR * text.len();
    while let Some(failure) = reading.failure.take() {
        let next = if repairs.count < MAX_REPAIRS { repairs.next(text, &failure, &mut left) } else { None };
        let Some(next) = next else {
            // At the end of the text there is nothing to point at but the last word.
            let read = text.get(..failure.at).unwrap_or(text);
            let rest = text.get(failure.at..).unwrap_or_default().trim_start_matches(BLANK);
            let (start, message) = if rest.is_empty() {
                let last = read.trim_end_matches(BLANK);
                let word = last.rfind(BLANK).map_or(0, |it| it + 1);
                (
                    word,
                    "The text ends inside of something that is not complete. Check the quotes, brackets and \
                    indentation above.",
                )
            } else {
                (text.len() - rest.len(), "The text cannot be read from here on. Correct the mistakes above it first.")
            };
            let word = text.get(start..).unwrap_or_default();
            let end = start + word.find(BLANK).unwrap_or(word.len());
            repairs.errors.push((SyntaxErrorKind::Syntax, Span::new(start, end), message.into()));
            break;
        };
        reading = next;
    }
    for (kind, span, message) in repairs.errors {
        reading.builder.error(kind, span, message);
    }
    reading.builder.finish(text.len())
}

/// What was done to the text so far.
#[derive(Default)]
struct Repairs {
    count: usize,
    /// In the order of the text, without overlap.
    patches: Vec<Patch>,
    errors: Vec<(SyntaxErrorKind, Span, String)>,
}

impl Repairs {
    /// Reads the text with the first guess that gets well past the failure, or else the one that gets furthest.
    fn next(&mut self, text: &Arc<str>, failure: &Failure, left: &mut usize) -> Option<Reading> {
        let mut best: Option<(Reading, Vec<Patch>, Candidate)> = None;
        for candidate in diagnose(text, failure) {
            let Some(patches) = self.with(&candidate.patches) else { continue };
            let reading = Reading::new(text, &patches);
            let reached = reading.reached();
            *left = left.checked_sub(reached.min(text.len()))?;
            let is_better = match &best {
                // To leave text out must pay, and must not hide a second mistake of the same line.
                Some(it) if candidate.is_last_resort && !it.2.is_last_resort => {
                    let between = text.get(failure.at..it.0.reached().min(text.len())).unwrap_or_default();
                    between.contains(['\n', '\r']) && reached > it.0.reached().saturating_add(WELL_PAST)
                }
                Some(it) => reached > it.0.reached(),
                None => reached > candidate.past.min(failure.at),
            };
            let is_good = !candidate.is_last_resort && reached > candidate.past.saturating_add(WELL_PAST);
            if is_better {
                best = Some((reading, patches, candidate));
            }
            if is_good {
                break;
            }
        }
        let (reading, patches, candidate) = best?;
        self.count += 1;
        self.patches = patches;
        if let Some(message) = candidate.message {
            self.errors.push((candidate.kind, candidate.span, message));
        }
        Some(reading)
    }

    /// The patches with some more, which replace those inside of them.
    fn with(&self, more: &[Patch]) -> Option<Vec<Patch>> {
        let mut more = more.to_vec();
        more.sort_by_key(|it| (it.span.start, it.span.end));
        let inside = |it: &Patch| {
            let after = more.partition_point(|new| new.span.start <= it.span.start);
            let around = after.checked_sub(1).and_then(|it| more.get(it));
            around.is_some_and(|new| !new.span.is_empty() && new.span.contains(it.span))
        };
        let mut patches: Vec<Patch> = self.patches.iter().filter(|it| !inside(it)).cloned().collect();
        patches.append(&mut more);
        patches.sort_by_key(|it| (it.span.start, it.span.end));
        patches.is_sorted_by(|a, b| a.span.end <= b.span.start).then_some(patches)
    }
}

/// One pass over the text.
struct Reading {
    builder: Builder,
    failure: Option<Failure>,
}

impl Reading {
    fn new(text: &Arc<str>, patches: &[Patch]) -> Self {
        let mut builder = Builder::new(text.clone(), Format::Yaml);
        let patched = (!patches.is_empty()).then(|| Patched::new(text, patches)).flatten();
        let source = patched.as_ref().map_or(&**text, |it| &it.text);
        let failure = Reader::new(source, patched.as_ref(), CharOffsets::new(source), &mut builder).run().err();
        Self { builder, failure }
    }

    /// How far the text was understood.
    fn reached(&self) -> usize {
        self.failure.as_ref().map_or(usize::MAX, |it| it.at)
    }
}

/// Turns the parser's character offsets into byte offsets.
#[derive(Default)]
struct CharOffsets {
    /// The byte offset of every 64th character; empty if the text is ASCII.
    every_64th: Vec<u32>,
}

impl CharOffsets {
    fn new(text: &str) -> Self {
        let every_64th =
            if text.is_ascii() { Vec::new() } else { text.char_indices().step_by(64).map(|it| it.0 as u32).collect() };
        Self { every_64th }
    }

    fn byte(&self, text: &str, index: usize) -> usize {
        if self.every_64th.is_empty() {
            return index.min(text.len());
        }
        let Some(&start) = self.every_64th.get(index / 64) else { return text.len() };
        let rest = text.get(start as usize..).unwrap_or_default();
        rest.char_indices().nth(index % 64).map_or(text.len(), |it| start as usize + it.0)
    }
}

/// Reads the events of one pass into a builder. Offsets are those of `source` until they go into the builder.
struct Reader<'a> {
    source: &'a str,
    patched: Option<&'a Patched>,
    chars: CharOffsets,
    /// Up to where the source is in the tree.
    done: usize,
    /// For each open collection, whether it is in brackets.
    open: Vec<bool>,
    anchors: FxHashMap<usize, NodeId>,
    anchor_names: FxHashSet<&'a str>,
    progress: Failure,
    builder: &'a mut Builder,
}

impl<'a> Reader<'a> {
    fn new(source: &'a str, patched: Option<&'a Patched>, chars: CharOffsets, builder: &'a mut Builder) -> Self {
        Self {
            source,
            patched,
            chars,
            done: 0,
            open: Vec::new(),
            anchors: FxHashMap::default(),
            anchor_names: FxHashSet::default(),
            progress: Failure::default(),
            builder,
        }
    }

    fn run(mut self) -> Result<(), Failure> {
        for event in Parser::new_from_str(self.source) {
            match event {
                Ok((event, span)) => {
                    let start = self.chars.byte(self.source, span.start.index());
                    let end = self.chars.byte(self.source, span.end.index());
                    self.event(event, start, end)?;
                }
                Err(error) => {
                    let at = self.chars.byte(self.source, error.marker().index());
                    return Err(self.failure(at, error.info()));
                }
            }
        }
        Ok(())
    }

    fn failure(&mut self, at: usize, info: &str) -> Failure {
        Failure { at: self.original(at), info: info.to_owned(), ..std::mem::take(&mut self.progress) }
    }

    /// Where a place of the source stands in the text as written.
    fn original(&self, at: usize) -> usize {
        self.patched.map_or(at, |it| it.original(at))
    }

    fn original_span(&self, start: usize, end: usize) -> Span {
        Span::new(self.original(start), self.original(end))
    }

    fn event(&mut self, event: Event<'_>, start: usize, end: usize) -> Result<(), Failure> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                self.scalar(&value, own_style(style), (anchor, tag.as_deref()), start, end);
            }
            Event::SequenceStart(anchor, tag) => self.start(Collection::Sequence, (anchor, tag.as_deref()), start, end),
            Event::MappingStart(anchor, tag) => {
                if let Some(at) = self.template(start) {
                    return Err(self.failure(at, "template"));
                }
                self.start(Collection::Mapping, (anchor, tag.as_deref()), start, end);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(start),
            Event::Alias(anchor) => self.alias(anchor, start, end),
            Event::DocumentStart(explicit) => {
                self.anchors.clear();
                self.anchor_names.clear();
                if explicit {
                    self.done = end;
                }
            }
            Event::DocumentEnd => self.done = end,
            Event::StreamStart | Event::StreamEnd | Event::Nothing => {}
        }
        Ok(())
    }

    fn byte(&self, at: usize) -> u8 {
        self.source.as_bytes().get(at).copied().unwrap_or_default()
    }

    /// Whether a template placeholder starts here: `{{ ... }}` on one line is a mapping in YAML, and never meant as
    /// one.
    fn template(&self, at: usize) -> Option<usize> {
        let rest = self.source.get(at..).filter(|it| it.starts_with("{{"))?;
        let line = rest.get(..memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len()))?;
        line.contains("}}").then_some(at)
    }

    /// Behind blanks, line breaks and comments.
    fn skip_trivia(&self, mut at: usize) -> usize {
        loop {
            match self.byte(at) {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                0xef if self.source.get(at..).is_some_and(|it| it.starts_with('\u{feff}')) => {
                    at += '\u{feff}'.len_utf8();
                }
                b'#' => {
                    let rest = self.source.as_bytes().get(at..).unwrap_or_default();
                    at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                }
                _ => return at,
            }
        }
    }

    /// Where the next value starts if it starts behind the colon, dash or question mark behind `done`.
    fn behind_indicator(&self) -> usize {
        let at = self.skip_trivia(self.done);
        if matches!(self.byte(at), b':' | b'-' | b'?') { self.skip_trivia(at + 1) } else { at }
    }

    /// Where the `|` or `>` of a block scalar stands whose text starts at `start`.
    fn block_indicator(&self, start: usize) -> usize {
        let at = self.behind_indicator();
        if matches!(self.byte(at), b'|' | b'>') {
            return at;
        }
        let between = self.source.get(self.done..start).unwrap_or_default();
        between.rfind(['|', '>']).map_or(start, |it| self.done + it)
    }

    /// Behind the anchor and the tag at `at`, with the anchor's span. What follows may be those of the next node: a
    /// node has one of each at most.
    fn properties(&self, mut at: usize) -> (usize, Option<Span>) {
        let (mut anchor, mut has_tag) = (None, false);
        let mut end = at;
        loop {
            let rest = self.source.get(at..).unwrap_or_default();
            let len = match self.byte(at) {
                b'!' if has_tag => return (end, anchor),
                b'&' if anchor.is_some() => return (end, anchor),
                b'!' if rest.starts_with("!<") => rest.find('>').map(|it| it + 1),
                b'&' | b'!' => rest.find([' ', '\t', '\n', '\r', ',', '[', ']', '{', '}']),
                _ => return (end, anchor),
            };
            end = at + len.unwrap_or(rest.len());
            if self.byte(at) == b'&' {
                anchor = Some(Span::new(at, end));
            } else {
                has_tag = true;
            }
            at = self.skip_trivia(end);
        }
    }

    /// Remembers an anchor; `span` is a place in the source.
    fn anchored(&mut self, node: Option<NodeId>, anchor: usize, span: Option<Span>) {
        let (Some(id), Some(span)) = (node, span) else { return };
        self.anchors.insert(anchor, id);
        let name = span.of(self.source);
        let place = self.original_span(span.start as usize, span.end as usize);
        self.builder.anchor(id, place);
        if !self.anchor_names.insert(name) {
            let message = format!(
                "The anchor {name} is defined a second time, and some loaders refuse that. Give it a name of its own."
            );
            self.builder.error(SyntaxErrorKind::DuplicateAnchor, place, message);
        }
    }

    /// Reports a tag with `!!` that the schemas of YAML do not have.
    fn check_tag(&mut self, tag: Option<&Tag>, start: usize) {
        const KNOWN: [&str; 14] = [
            "null",
            "bool",
            "int",
            "float",
            "str",
            "seq",
            "map",
            "binary",
            "merge",
            "omap",
            "pairs",
            "set",
            "timestamp",
            "value",
        ];
        let Some(tag) = tag.filter(|it| it.is_yaml_core_schema() && !KNOWN.contains(&it.suffix.as_str())) else {
            return;
        };
        let (behind, _) = self.properties(start);
        let at = start + self.source.get(start..behind).and_then(|it| it.find('!')).unwrap_or_default();
        let len = self.source.get(at..behind).map_or(0, |it| it.find([' ', '\t', '\r', '\n']).unwrap_or(it.len()));
        let message = format!(
            "YAML has no tag `!!{}`, and most loaders refuse it. Remove it, or write one of your own with a single \
            `!`.",
            tag.suffix
        );
        self.builder.error(SyntaxErrorKind::Syntax, self.original_span(at, at + len), message);
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        (anchor, tag): (usize, Option<&Tag>),
        start: usize,
        end: usize,
    ) {
        let has_properties = anchor > 0 || tag.is_some();
        let (behind, anchor_span) = if has_properties { self.properties(start) } else { (start, None) };
        self.check_tag(tag, start);
        let mut style = style;
        // Without a line break at the end of the text there is none in the value either, as libyaml reads it.
        let is_cut = end == self.source.len()
            && matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
            && !self.source.ends_with(['\n', '\r']);
        let value = if is_cut { value.strip_suffix('\n').unwrap_or(value) } else { value };
        let (start, end) = match style {
            ScalarStyle::Plain if value.is_empty() => {
                let at = if has_properties { behind } else { self.place_of_nothing() };
                (at, at)
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let start = if has_properties { self.skip_trivia(behind) } else { self.block_indicator(start) };
                (start, start + self.source.get(start..end).unwrap_or_default().trim_end_matches(BLANK).len())
            }
            _ => {
                let start = if has_properties { self.skip_trivia(behind) } else { start };
                let is_plain = style == ScalarStyle::Plain;
                let end = if is_plain {
                    start + self.source.get(start..end).unwrap_or_default().trim_end_matches(BLANK).len()
                } else {
                    quoted_end(self.source, start)
                };
                (start, end)
            }
        };
        self.done = end;
        let span = self.original_span(start, end);
        self.progress.last = span.start as usize;
        self.progress.scalar = Some(span);
        let shape = shape(value, style, tag);
        // A repair may have put the quotes there.
        let is_quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        if is_quoted && self.patched.is_some() && !self.builder.text_at(span.start as usize).starts_with(['"', '\'']) {
            style = ScalarStyle::Plain;
        }
        let inner = if matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) && span.len() > 1 {
            Span::new(span.start as usize + 1, span.end as usize - 1)
        } else {
            span
        };
        let text = self.builder.intern(value, inner);
        let node = if self.builder.expects_key() {
            let merges = style == ScalarStyle::Plain && value == "<<";
            self.builder.key(Key { text, span, merges });
            if anchor > 0 { self.builder.aside(span, style, shape, text) } else { None }
        } else {
            self.builder.scalar(span, style, shape, text)
        };
        self.anchored(node, anchor, anchor_span);
    }

    /// Where a key or value would stand that is not written: behind the colon, dash or question mark.
    fn place_of_nothing(&self) -> usize {
        let at = self.skip_trivia(self.done);
        let expects_key = self.builder.expects_key();
        match (self.byte(at), self.builder.innermost()) {
            (b':', Some(Collection::Mapping)) if expects_key => at,
            (b'?', Some(Collection::Mapping)) if expects_key => at + 1,
            (b':', Some(Collection::Mapping)) | (b'-', Some(Collection::Sequence)) => at + 1,
            _ => self.done,
        }
    }

    fn alias(&mut self, anchor: usize, start: usize, end: usize) {
        let span = self.original_span(start, end);
        self.done = end;
        self.progress.last = span.start as usize;
        let target = self.anchors.get(&anchor).copied();
        if self.builder.expects_key() {
            self.builder.alias_key(span, target);
        } else {
            self.builder.alias(span, target);
        }
    }

    fn start(&mut self, collection: Collection, (anchor, tag): (usize, Option<&Tag>), start: usize, end: usize) {
        let has_properties = anchor > 0 || tag.is_some();
        self.check_tag(tag, start);
        let (mut at, anchor_span) = if has_properties {
            let (behind, anchor) = self.properties(start);
            (self.skip_trivia(behind), anchor)
        } else {
            (start, None)
        };
        let in_brackets = matches!(self.byte(at), b'[' | b'{') && end > at;
        if collection == Collection::Sequence && !in_brackets && !has_properties {
            // The parser places a sequence that is not indented below its key behind its first dash.
            let first = self.behind_indicator();
            if self.builder.innermost() == Some(Collection::Mapping) && self.byte(first) == b'-' {
                at = first;
            }
        }
        let place = self.original(at);
        self.progress.last = place;
        if in_brackets && self.progress.flow.is_none() {
            self.progress.flow = Some(place);
        }
        self.open.push(in_brackets);
        let node = self.builder.open(collection, place);
        self.done = if in_brackets { at + 1 } else { at };
        self.anchored(node, anchor, anchor_span);
    }

    fn end(&mut self, start: usize) {
        let end = self.open.pop().unwrap_or_default().then_some(start + 1);
        if let Some(end) = end {
            self.done = end;
            if !self.open.contains(&true) {
                self.progress.flow = None;
            }
        }
        self.builder.close(end.map(|it| self.original(it)));
    }
}

fn own_style(style: saphyr_parser::ScalarStyle) -> ScalarStyle {
    match style {
        saphyr_parser::ScalarStyle::Plain => ScalarStyle::Plain,
        saphyr_parser::ScalarStyle::SingleQuoted => ScalarStyle::SingleQuoted,
        saphyr_parser::ScalarStyle::DoubleQuoted => ScalarStyle::DoubleQuoted,
        saphyr_parser::ScalarStyle::Literal => ScalarStyle::Literal,
        saphyr_parser::ScalarStyle::Folded => ScalarStyle::Folded,
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
