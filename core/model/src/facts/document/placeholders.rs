//! Placeholders: the places where a document says that an answer is open.

use std::sync::LazyLock;

use archwright_syntax::{Span, markdown::Document};

use crate::values::value::{self, WORDS};

/// A place where an answer is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// All of it.
    pub span: Span,
    /// The question it waits for; empty if it names none.
    pub question: Span,
    /// Whether it is written like an HTML tag, which renderers hide or refuse.
    pub is_tag: bool,
}

/// How long a placeholder is at most, in bytes: what is longer is prose in brackets.
const LONGEST: usize = 400;

/// What a document is asked for before all else, each with where two letters stand in it that texts have few of, one
/// behind the other.
const SOUGHT: [(&str, usize); 6] =
    [("TBD", 1), ("TODO", 1), ("FIXME", 2), ("YYYY-MM-DD", 0), ("[to be ", 0), ("<to be ", 0)];

/// For each byte, which of the words have it as the first or the second of their rare letters, as bits.
fn rare_letters(behind: usize) -> [u8; 256] {
    let mut table = [0; 256];
    for (number, (word, at)) in SOUGHT.iter().enumerate() {
        let letter = word.as_bytes().get(at + behind).copied().unwrap_or_default();
        for byte in [letter.to_ascii_lowercase(), letter.to_ascii_uppercase()] {
            if let Some(words) = table.get_mut(usize::from(byte)) {
                *words |= 1 << number;
            }
        }
    }
    table
}

/// Whether a text has one of the words anywhere, in whatever case.
fn has_any_word(text: &str) -> bool {
    static RARE: LazyLock<[[u8; 256]; 2]> = LazyLock::new(|| [rare_letters(0), rare_letters(1)]);
    let [firsts, seconds] = &*RARE;
    let text = text.as_bytes();
    let words_of = |table: &[u8; 256], byte: u8| table.get(usize::from(byte)).copied().unwrap_or_default();
    let is_at = |place: usize| {
        SOUGHT.iter().any(|(word, at)| {
            let start = place.checked_sub(*at);
            let said = start.and_then(|it| text.get(it..it + word.len()));
            said.is_some_and(|it| it.eq_ignore_ascii_case(word.as_bytes()))
        })
    };
    let mut before = 0;
    text.iter().enumerate().any(|(at, byte)| {
        let is_pair = before & words_of(seconds, *byte) != 0;
        before = words_of(firsts, *byte);
        is_pair && is_at(at - 1)
    })
}

/// The placeholders of a document in order: `[TBD: question]`, `[tbd]` and `<to be decided>` anywhere in its text,
/// `TBD` and `TODO: …` where they are all that a field, a cell, an item or a paragraph says. Code, comments and front
/// matter hold none.
pub fn placeholders(tree: &Document, text: &str) -> Vec<Placeholder> {
    // Most documents have none of the words.
    if !has_any_word(text) {
        return Vec::new();
    }
    let mut found: Vec<Placeholder> =
        text.match_indices(['[', '<']).filter_map(|(at, _)| bracketed(tree, text, at)).collect();
    let cells = tree.tables.iter().flat_map(|it| tree.rows(it)).flat_map(|it| tree.cells(it)).copied();
    let fields = tree.fields.iter().map(|it| it.value);
    let blocks = tree.items.iter().map(|it| it.content).chain(tree.paragraphs.iter().map(|it| it.span));
    found.extend(fields.chain(cells).chain(blocks).filter_map(|it| bare(text, it)));
    found.sort_by_key(|it| (it.span.start, std::cmp::Reverse(it.span.end)));
    let mut end = 0;
    found.retain(|it| {
        let is_new = it.span.start >= end;
        end = end.max(it.span.end);
        is_new
    });
    found
}

/// The placeholder in brackets that starts at `at`.
fn bracketed(tree: &Document, text: &str, at: usize) -> Option<Placeholder> {
    let rest = text.get(at..)?;
    let inner = rest.get(1..)?;
    let is_tag = rest.starts_with('<');
    let close = if is_tag { '>' } else { ']' };
    let word = value::open_word(inner, close)?;
    let after = inner.get(word..)?;
    let length = closing(after, close)?;
    let end = at + 1 + word + length + 1;
    // A link, an image, the definition of a link, and a bracket that is none.
    let behind = text.get(end..).unwrap_or_default();
    let before = text.get(..at).unwrap_or_default();
    let is_link = !is_tag
        && (behind.starts_with(['(', '['])
            || length == 0 && behind.starts_with(':')
            || tree.links.iter().any(|it| it.span.start as usize == at));
    if is_link || before.ends_with(['!', '\\']) || is_hidden(tree, at) {
        return None;
    }
    let said = after.get(..length)?;
    let question = said.trim_start_matches([':', ' ']);
    let start = at + 1 + word + said.len() - question.len();
    Some(Placeholder {
        span: Span::new(at, end),
        question: Span::new(start, start + question.trim_end().len()),
        is_tag,
    })
}

/// Where the closing bracket stands in what follows the word: on the same line or the next ones of the paragraph.
fn closing(after: &str, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    let mut line_is_blank = false;
    for (at, it) in after.char_indices().take_while(|it| it.0 < LONGEST) {
        match it {
            '\n' if line_is_blank => return None,
            '\n' => line_is_blank = true,
            '[' if close == ']' => depth += 1,
            _ if it == close && depth == 0 => return Some(at),
            ']' if close == ']' => depth -= 1,
            _ if !it.is_whitespace() => line_is_blank = false,
            _ => {}
        }
    }
    None
}

/// Whether a place shows no text of the document's own.
fn is_hidden(tree: &Document, at: usize) -> bool {
    let holds = |span: Span| span.range().contains(&at);
    tree.in_code(at)
        || tree.front_matter.is_some_and(|it| holds(it.span))
        || tree.comments.iter().take_while(|it| it.span.start as usize <= at).any(|it| holds(it.span))
}

/// The placeholder without brackets that a value or a block is.
fn bare(text: &str, span: Span) -> Option<Placeholder> {
    let value = span.of(text);
    // In code a placeholder is a value all the same, and a text about placeholders is none.
    let in_brackets = value.trim_start_matches(['`', '*', '_']).starts_with(['[', '<']);
    let in_code = value.starts_with('`');
    if (in_brackets || in_code) && !(in_code && value::is_placeholder(value)) || !value::waits(value) {
        return None;
    }
    let word = WORDS.iter().find_map(|it| value.find(it).map(|at| at + it.len()));
    // In small letters `todo` is a state of work, and a word of Spanish.
    let is_certain = word.is_some() || value.to_ascii_lowercase().contains("tbd");
    let word = is_certain.then(|| word.unwrap_or(value.len()))?;
    let said = value.get(word..).unwrap_or_default();
    let question = said.trim_start_matches(|it: char| !it.is_alphanumeric());
    let start = span.start as usize + word + said.len() - question.len();
    let question = question.trim_end_matches(['.', ' ', '*', '_', '`', ')']);
    let question = if in_code { question.trim_end_matches(['>', ']']) } else { question };
    Some(Placeholder { span, question: Span::new(start, start + question.len()), is_tag: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::document::tree;

    /// The placeholders of a text, `written = question` each.
    fn found(text: &str) -> Vec<String> {
        let shown = |it: Placeholder| format!("{} = {}", it.span.of(text), it.question.of(text));
        placeholders(&tree(text), text).into_iter().map(shown).collect()
    }

    #[test]
    fn an_open_answer_is_seen_wherever_it_stands() {
        let cases: [(&str, &[&str]); 19] = [
            ("The key is [TBD: which?], says [TBD].", &["[TBD: which?] = which?", "[TBD] = "]),
            ("- **Capacity**: TBD\n", &["TBD = "]),
            ("- **Capacity**: TBD, ask Maria\n", &["TBD, ask Maria = ask Maria"]),
            ("| A | B |\n| --- | --- |\n| x | TODO |\n", &["TODO = "]),
            ("| A | B |\n| --- | --- |\n| todo | **tbd.** |\n", &["**tbd.** = "]),
            ("## Decision\n\nTODO: write this\n", &["TODO: write this = write this"]),
            ("- TBD\n- FIXME: who?\n", &["TBD = ", "FIXME: who? = who?"]),
            ("Due <YYYY-MM-DD>, <TBD: by whom?>\n", &["<YYYY-MM-DD> = ", "<TBD: by whom?> = by whom?"]),
            (
                "- **Owner**: [TBD: which [team](t.md)\n  answers?] (soon)\n",
                &["[TBD: which [team](t.md)\n  answers?] = which [team](t.md)\n  answers?"],
            ),
            ("- `**TBD**: question`: reads like a field\n- `TBD` is a word\n", &[]),
            ("- **Key**: `<TBD>`\n", &["`<TBD>` = "]),
            ("- **Key**: `<TBD: which?>`\n", &["`<TBD: which?>` = which?"]),
            ("- **Key**: `[TBD: which?]`.\n", &["`[TBD: which?]`. = which?"]),
            ("The key is <tbd>, [tbd], [Todo: ask].\n", &["<tbd> = ", "[tbd] = ", "[Todo: ask] = ask"]),
            ("It is <to be decided>, [To be defined].\n", &["<to be decided> = ", "[To be defined] = "]),
            ("[todo list], [to be decided in May], [tbd](x.md), [tbd][t], [tbd].\n\n[tbd]: x.md\n[t]: x.md\n", &[]),
            ("TODO list of the week, TBDs and [TODO](todo.md), ![TBD](x.png)\n\n[TBD]: x.md\n", &[]),
            ("`[TBD]` and <!-- [TBD: x] -->\n\n```\n[TBD]\n```\n\n    TODO\n", &[]),
            ("---\nowner: [TBD]\n---\n[TBD: not\n\nclosed] \\[TBD]\n", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(found(text), expected, "{text:?}");
        }
    }
}
