//! How a document is written: its notation, indentation and quotes.

use crate::data::{Format, Kind, Node, ScalarStyle, Tree, scalar};
use crate::newline;

/// The manner of a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Style {
    /// Whether it is JSON, or YAML that is.
    pub json: bool,
    /// One level of indentation.
    pub step: String,
    /// Whether the items of a YAML list stand further right than the key above them.
    pub indents_items: bool,
    /// The quote for texts that need one.
    pub quote: char,
    /// How lines end.
    pub newline: &'static str,
    /// Whether all of it stands on one line.
    pub compact: bool,
}

/// How many nodes are looked at for habits.
const SAMPLE: usize = 1_000;

impl Style {
    /// The usual manner of a notation.
    pub fn plain(format: Format) -> Self {
        let json = format == Format::Json;
        Self {
            json,
            step: "  ".to_owned(),
            indents_items: true,
            quote: if json { '"' } else { '\'' },
            newline: "\n",
            compact: false,
        }
    }

    /// The manner of a document, by what its first nodes do.
    pub fn of(tree: &Tree) -> Self {
        let text = tree.text();
        let mut style = Self::plain(tree.format());
        style.newline = newline(text);
        let Some(root) = tree.root() else { return style };
        let is_braced = root.source().starts_with(['{', '[']);
        style.json |= is_braced && super::super::parse(text, Format::Json).errors().is_empty();
        if style.json {
            style.quote = '"';
            style.compact = is_braced && !root.source().contains(['\n', '\r']);
        }
        style.learn(root, is_braced);
        style
    }

    /// Looks for the first step of indentation, the first list below a key and the more frequent quote.
    fn learn(&mut self, root: Node<'_>, is_braced: bool) {
        let text = root.tree().text();
        let outer = if is_braced { indent_at(text, root.span().start as usize).to_owned() } else { String::new() };
        let (mut step, mut items, mut single, mut double) = (None, None, 0usize, 0usize);
        let mut stack = vec![root];
        for _ in 0..SAMPLE {
            let Some(node) = stack.pop() else { break };
            if node.is_alias() {
                continue;
            }
            match node.style() {
                ScalarStyle::SingleQuoted => single += 1,
                ScalarStyle::DoubleQuoted => double += 1,
                _ => {}
            }
            let is_flow = node.source().starts_with(['{', '[']);
            if let Some(entry) = node.as_entry() {
                let key_line = indent_at(text, entry.key_span.start as usize);
                let own = indent_at(text, node.span().start as usize);
                let starts_below = text
                    .get(entry.key_span.end as usize..node.span().start as usize)
                    .is_some_and(|it| it.contains('\n'));
                if node.kind() == Kind::Mapping && starts_below && !is_flow && step.is_none() {
                    step = own.strip_prefix(key_line).filter(|it| !it.is_empty()).map(str::to_owned);
                }
                if node.kind() == Kind::Sequence
                    && starts_below
                    && !is_flow
                    && items.is_none()
                    && own.len() >= key_line.len()
                {
                    items = Some(own.len() > key_line.len());
                }
            }
            if is_flow && self.json && step.is_none() {
                let first = node.written_entries().map(|it| it.key_span).chain(node.items().map(Node::span)).next();
                let own = if node == root { outer.as_str() } else { indent_at(text, node.span().start as usize) };
                let inner = first.map_or("", |it| indent_at(text, it.start as usize));
                step = inner.strip_prefix(own).filter(|it| !it.is_empty()).map(str::to_owned);
            }
            let from = stack.len();
            stack.extend(node.items());
            stack.extend(node.written_entries().map(|it| it.value));
            if let Some(pushed) = stack.get_mut(from..) {
                pushed.reverse();
            }
        }
        if let Some(step) = step.filter(|it| self.json || !it.contains('\t')) {
            self.step = step;
        }
        self.indents_items = items.unwrap_or(self.indents_items);
        if !self.json && double > single {
            self.quote = '"';
        }
    }

    /// A text as a scalar of this notation.
    pub fn text(&self, text: &str) -> String {
        self.scalar(text, is_plain(text))
    }

    /// A text as a scalar that may stand between brackets.
    pub fn flow_text(&self, text: &str) -> String {
        self.scalar(text, is_plain(text) && !text.contains([',', '{', '}', '[', ']', '\'', '"']))
    }

    fn scalar(&self, text: &str, is_plain: bool) -> String {
        if self.json {
            return json(text);
        }
        if is_plain {
            return text.to_owned();
        }
        let is_simple = !text
            .chars()
            .any(|it| it.is_control() || it == '\u{feff}' || matches!(it, '\u{85}' | '\u{2028}' | '\u{2029}'));
        match self.quote {
            '\'' if is_simple => format!("'{}'", text.replace('\'', "''")),
            _ => json(text),
        }
    }
}

/// A text as JSON writes it, which is also a double-quoted scalar of YAML.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Whether YAML reads a text without quotes as this text, in a block.
fn is_plain(text: &str) -> bool {
    let is_word = |it: char| it.is_alphanumeric() || " _-./$+()<>:;=@,{}[]'\"#&*!?".contains(it);
    let starts = text.starts_with(|it: char| it.is_alphanumeric() || matches!(it, '_' | '/' | '$' | '.' | '(' | '<'));
    let ends = text.ends_with(|it: char| it != ' ' && it != ':');
    // YAML 1.1 loaders read these as booleans, numbers and dates.
    let is_word_of_old = matches!(text.to_ascii_lowercase().as_str(), "yes" | "no" | "on" | "off" | "y" | "n");
    let is_number_of_old = text.starts_with(|it: char| it.is_ascii_digit())
        && text.contains([':', '-', '_'])
        && text.chars().all(|it| it.is_ascii_digit() || matches!(it, ':' | '.' | '-' | '_'));
    let is_broken = text.contains(": ") || text.contains(" #") || text == "<<";
    starts
        && ends
        && text.chars().all(is_word)
        && !is_broken
        && !is_word_of_old
        && !is_number_of_old
        && scalar::is_string(text)
}

/// Lines longer than this are not laid out by hand.
const LONGEST_LINE: usize = 4_096;

/// The blanks that the line of an offset starts with; none on a line that is very long, so that looking costs little.
pub(super) fn indent_at(text: &str, offset: usize) -> &str {
    let from = offset.saturating_sub(LONGEST_LINE);
    let before = text.as_bytes().get(from..offset).unwrap_or_default();
    let start = match memchr::memrchr2(b'\n', b'\r', before) {
        Some(at) => from + at + 1,
        None if from == 0 => 0,
        None => return "",
    };
    let line = text.get(start..).unwrap_or_default();
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    line.get(..blanks).unwrap_or_default()
}
