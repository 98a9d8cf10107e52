//! Pages of rules: the examples in them, which are documentation for readers and tests for the rule.
//!
//! A block of the language `bad`, `good` or `fixed` is one whole workspace: `//- /path` starts a file, and a line of
//! carets under a line of a file marks the place where the rule fires, with words of its message. Files below `base/`
//! are what others were where the work on them began.

use archwright_syntax::{Span, markdown};

use archwright_model::RelPath;

/// An example of a page.
#[derive(Clone, Debug)]
pub struct Example {
    /// What it shows.
    pub role: Role,
    /// The block in the page, with its fences.
    pub span: Span,
    /// Its source.
    pub text: String,
    /// Its files.
    pub files: Vec<File>,
}

/// What an example shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Files that the rule finds fault with, where their marks are and nowhere else.
    Bad,
    /// The same, where the rule offers no fix, whatever it does elsewhere: the fence says `bad no-fix`.
    BadWithoutFix,
    /// Files that the rule leaves alone.
    Good,
    /// What the fixes make of the files of a bad example.
    Fixed,
}

/// A file of an example.
#[derive(Clone, Debug)]
pub struct File {
    /// Where it lies.
    pub path: RelPath,
    /// Its text without marks.
    pub text: String,
    /// Marked places, in the order of the text.
    pub marks: Vec<Mark>,
}

/// A marked place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// 0-based line.
    pub line: u32,
    /// First column, in characters.
    pub start: u32,
    /// One past the last column; the first one for an empty place.
    pub end: u32,
    /// What the mark says: a part of a message, or nothing.
    pub message: String,
}

/// The folder of older texts in an example.
const BASE: &str = "base/";

impl File {
    /// The path of the file whose older text this is.
    pub fn base(&self) -> Option<RelPath> {
        self.path.as_str().strip_prefix(BASE).map(RelPath::new)
    }
}

/// How often a rule spoke of real documents, and how often it was right, as its page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The day: `2026-11-29`.
    pub day: String,
    /// How many documents were looked at.
    pub documents: usize,
    /// How many findings there were.
    pub spoken: usize,
    /// How many of them were right, as a reader judges them who knows what the author meant.
    pub right: usize,
}

/// What a page says under `Measured`: `On 2026-11-29, in 8,000 documents of public repositories: spoke 12 times, right
/// 11 times.`
pub fn measured(page: &str) -> Option<Measured> {
    let (_, section) = page.split_once("\n## Measured\n\n")?;
    let sentence = section.lines().next()?.strip_prefix("On ")?;
    let (day, rest) = sentence.split_once(", in ")?;
    let (documents, rest) = rest.split_once(" documents")?;
    let (_, counts) = rest.split_once(": spoke ")?;
    let (spoken, right) = counts.split_once(", right ")?;
    let number = |it: &str| it.split(' ').next()?.replace(',', "").parse().ok();
    Some(Measured {
        day: day.to_owned(),
        documents: number(documents)?,
        spoken: number(spoken)?,
        right: number(right)?,
    })
}

/// The examples of a page, in its order.
pub fn examples(page: &str) -> Vec<Example> {
    let blocks = markdown::parse(page).code_blocks;
    let examples = blocks.iter().filter_map(|block| {
        let text = block.content.of(page);
        let role = role(block.language.of(page), fence(page, block))?;
        Some(Example { role, span: block.span, text: text.to_owned(), files: files(text) })
    });
    examples.collect()
}

/// What stands behind the language on the fence of a block.
fn fence<'p>(page: &'p str, block: &markdown::CodeBlock) -> &'p str {
    page.get(block.language.end as usize..block.content.start as usize).unwrap_or_default().trim()
}

fn role(language: &str, more: &str) -> Option<Role> {
    match (language, more) {
        ("bad", "") => Some(Role::Bad),
        ("bad", "no-fix") => Some(Role::BadWithoutFix),
        ("good", "") => Some(Role::Good),
        ("fixed", "") => Some(Role::Fixed),
        _ => None,
    }
}

/// Splits the text of an example into files.
pub fn files(text: &str) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("//- ") {
            let path = RelPath::new(path.trim().trim_start_matches('/'));
            files.push(File { path, text: String::new(), marks: Vec::new() });
        } else if let Some(file) = files.last_mut() {
            match mark(line) {
                Some(mark) => {
                    let line = (file.text.lines().count() as u32).saturating_sub(1);
                    file.marks.push(Mark { line, ..mark });
                }
                None => file.text.push_str(line),
            }
        }
    }
    files
}

/// The mark that a line of carets makes in the line above.
fn mark(line: &str) -> Option<Mark> {
    let carets = line.trim_start_matches(' ');
    let after = carets.trim_start_matches('^');
    if carets.len() == after.len() {
        return None;
    }
    let start = (line.len() - carets.len()) as u32;
    // `^<` marks the empty place before the caret.
    let (width, message) = match after.strip_prefix('<') {
        Some(message) => (0, message),
        None => ((carets.len() - after.len()) as u32, after),
    };
    Some(Mark { line: 0, start, end: start + width, message: message.trim().to_owned() })
}
