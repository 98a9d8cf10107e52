//! The Markdown document model: sections, fields, tables, links and the rest, as spans over one text.
//!
//! A [`Document`] holds no text of its own. Whoever keeps it keeps the text beside it and passes the text to the
//! accessors that need it. All vectors are sorted by where their elements start.
//!
//! **Invariant**: parsing never fails, and every span lies inside the text on character boundaries
//! ([`Document::verify`]).

mod build;
mod destination;
mod fields;
mod lines;
mod links;
mod slug;
#[cfg(test)]
mod tests;
mod title;
mod verify;

use smol_str::SmolStr;
use std::borrow::Cow;

use crate::Span;
pub use destination::{DestinationParts, decode_target, encode_target, split_destination};
pub use fields::PlainNames;
pub use slug::slug;

/// Parses Markdown: `CommonMark` with tables, strikethrough, task lists, footnotes and YAML or TOML front matter.
///
/// Never fails: every text is Markdown. Offsets are bytes of `text`; past 4 GiB they saturate.
///
/// ```
/// use archwright_syntax::markdown::parse;
///
/// let text = "# Orders\n\n## Ownership\n\n- **Team**: checkout\n";
/// let document = parse(text);
///
/// let section = document.find_section(text, 2, "ownership").unwrap();
/// let field = document.fields_in(section)[0];
/// assert_eq!(field.name.of(text), "Team");
/// assert_eq!(field.value.of(text), "checkout");
/// ```
pub fn parse(text: &str) -> Document {
    parse_with(text, &PlainNames::default())
}

/// Parses Markdown as [`parse`] does, and reads lines that begin with one of the names and a colon as fields too.
///
/// ```
/// use archwright_syntax::markdown::{PlainNames, parse_with};
///
/// let text = "Status: accepted\n";
/// let document = parse_with(text, &PlainNames::from_iter(["Status"]));
/// assert_eq!(document.fields[0].value.of(text), "accepted");
/// ```
pub fn parse_with(text: &str, plain: &PlainNames) -> Document {
    build::parse(text, plain)
}

/// A section of one document: its index into [`Document::sections`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SectionId(pub u32);

impl SectionId {
    /// What stands before the first heading; the parent of all top sections.
    pub const ROOT: Self = Self(0);

    /// The position in [`Document::sections`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One parsed Markdown text, as spans.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// YAML or TOML between fences at the very start.
    pub front_matter: Option<FrontMatter>,
    /// All sections in the order of their headings; the first is the root.
    pub sections: Vec<Section>,
    /// Named values: list items, lines and table rows.
    pub fields: Vec<Field>,
    /// Tables; their rows and cells are read with [`Document::rows`] and [`Document::cells`].
    pub tables: Vec<Table>,
    /// Links and images.
    pub links: Vec<Link>,
    /// Link reference definitions; of several with one label only the first, which is the one that counts.
    pub definitions: Vec<LinkDefinition>,
    /// Definitions of labels that are defined before, which count for nothing.
    pub duplicates: Vec<DuplicateDefinition>,
    /// `[text][label]` and `[label][]` without a definition: text in brackets, but hardly meant as such.
    pub undefined: Vec<UndefinedReference>,
    /// List items of all depths.
    pub items: Vec<Item>,
    /// Fenced and indented code blocks.
    pub code_blocks: Vec<CodeBlock>,
    /// Inline code, with its backticks.
    pub code_spans: Vec<Span>,
    /// HTML comments.
    pub comments: Vec<Comment>,
    /// Prose paragraphs outside lists, tables and footnotes.
    pub paragraphs: Vec<Paragraph>,
    /// Headings inside lists, block quotes and footnotes, which open no section but can be linked to.
    pub inner_headings: Vec<InnerHeading>,
    /// Headings in HTML (`<h2>Title</h2>`), which open no section but can be linked to.
    pub html_headings: Vec<InnerHeading>,
    /// Anchors written by hand: `<a id="x">`, `<a name="x">`, `# Title {#x}`.
    pub explicit_anchors: Vec<Anchor>,
    rows: Vec<Row>,
    cells: Vec<Span>,
}

/// The notation of a [`FrontMatter`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FrontMatterFormat {
    /// Between `---` lines; `...` may end it.
    Yaml,
    /// Between `+++` lines.
    Toml,
}

/// Metadata between fences at the start of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrontMatter {
    /// From the opening fence through the line ending of the closing one.
    pub span: Span,
    /// The lines between the fences.
    pub body: Span,
    /// Which notation the fences stand for.
    pub format: FrontMatterFormat,
}

/// A heading and what follows it, or the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Section {
    /// The whole heading line or lines with the line ending; empty for the root.
    pub heading: Span,
    /// The heading's text without marks, closing marks and `{#id}`, trimmed; empty for the root.
    pub title: Span,
    /// From the heading to just before the next heading of the same or a higher level; all of the text for the root.
    pub span: Span,
    /// The section's own content: from after the heading to the next heading of any level. The root's starts after the
    /// byte order mark and the front matter.
    pub body: Span,
    /// The nearest section above of a higher level; only the root has none.
    pub parent: Option<SectionId>,
    /// 1 to 6; 0 for the root.
    pub level: u8,
    /// Whether the body holds anything but blank lines and HTML comments.
    pub has_content: bool,
    /// Whether the heading is underlined with `===` or `---`.
    pub setext: bool,
}

/// Where a [`Field`] was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldOrigin {
    /// `- **Name**: value`, `* **Name:** value`, `1. **Name**: value`, and `* Status: value` for the well-known names.
    ListItem,
    /// A line of a paragraph: `**Name**: value`, `**Name:** value`, and `Status: value` for the well-known names.
    Line,
    /// A row of a two-column table: the first cell names the second.
    TableRow,
}

/// A named value in running text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// The section whose body it stands in.
    pub section: SectionId,
    /// The name without its marks and colon.
    pub name: Span,
    /// The value, trimmed, without leading and trailing HTML comments. It goes on over wrapped lines and ends before a
    /// nested list, a hard line break and the next field. Empty, and placed where the value would start, when missing.
    pub value: Span,
    /// The whole list item, line or table row with its line ending.
    pub item: Span,
    /// In which form it was written.
    pub origin: FieldOrigin,
}

/// A table; see [`Document::header`] and [`Document::rows`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Table {
    /// The section whose body it stands in.
    pub section: SectionId,
    /// From the header row to the end of the last row.
    pub span: Span,
    /// Rows `first..end` of the document, the header first.
    first: u32,
    end: u32,
}

/// A row of a table; see [`Document::cells`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    /// The whole line with its line ending.
    pub span: Span,
    first: u32,
    end: u32,
}

/// How a [`Link`] is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// `[text](target)`.
    Inline,
    /// `<a href="target">` or `<img src="target">`: the attribute alone.
    Html,
    /// `[text][label]`, `[label][]` or `[label]`.
    Reference,
    /// `<target>`.
    Autolink,
    /// `![text](target)`, or an image by reference.
    Image,
}

/// A link or an image. A reference without a definition is no link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    /// The section whose body or heading it stands in.
    pub section: SectionId,
    /// All of it.
    pub span: Span,
    /// What is shown, or the alternative text of an image.
    pub text: Span,
    /// The destination as written, without `<>` and title; for a reference, that of its definition.
    pub target: Span,
    /// The label of a reference as written, without brackets.
    pub reference: Option<Span>,
    /// The definition a reference names: an index into [`Document::definitions`].
    pub definition: Option<u32>,
    /// How it is written.
    pub kind: LinkKind,
}

/// `[label]: target "title"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkDefinition {
    /// All of it.
    pub span: Span,
    /// The label without brackets.
    pub label: Span,
    /// The destination as written, without `<>` and title.
    pub target: Span,
}

/// A definition of a label that is defined before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DuplicateDefinition {
    /// The definition that counts for nothing, to the end of its first line.
    pub definition: LinkDefinition,
    /// The one that counts: an index into [`Document::definitions`].
    pub first: u32,
}

/// A reference without a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UndefinedReference {
    /// The section it stands in.
    pub section: SectionId,
    /// All of it.
    pub span: Span,
    /// What would be shown.
    pub text: Span,
    /// The label without brackets; empty if the text is the label.
    pub label: Span,
}

/// A task list box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Task {
    /// The box: `[ ]` or `[x]`.
    pub span: Span,
    /// Whether it is ticked.
    pub done: bool,
}

/// A list item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    /// The section whose body it stands in.
    pub section: SectionId,
    /// From the marker to the end of the item's own content, which ends before the first nested list.
    pub span: Span,
    /// The text of its first paragraph, without the task box; empty if it starts with another block.
    pub content: Span,
    /// The task box, if it has one.
    pub task: Option<Task>,
    /// The number in an ordered list, counted from the list's first.
    pub ordered: Option<u32>,
    /// 0 for an item of an outermost list. Saturates at 255.
    pub depth: u8,
}

/// A code block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CodeBlock {
    /// The section whose body it stands in.
    pub section: SectionId,
    /// All of it, with fences.
    pub span: Span,
    /// The first word after the opening fence; empty if there is none.
    pub language: Span,
    /// The lines between the fences, or the indented lines. Inside a block quote the later lines keep their `>`.
    pub content: Span,
    /// Whether it has fences.
    pub fenced: bool,
}

/// An HTML comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Comment {
    /// With `<!--` and `-->`.
    pub span: Span,
    /// Between the two, not trimmed. An unclosed comment ends with its HTML block.
    pub content: Span,
}

/// A paragraph of prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Paragraph {
    /// The section whose body it stands in.
    pub section: SectionId,
    /// Its text, trimmed.
    pub span: Span,
    /// Whether it stands in a block quote.
    pub quoted: bool,
}

/// A heading that opens no section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InnerHeading {
    /// The section it stands in.
    pub section: SectionId,
    /// Its text, trimmed.
    pub title: Span,
}

/// An anchor written by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Anchor {
    /// The section it stands in or, for `{#x}`, whose heading it stands on.
    pub section: SectionId,
    /// The anchor's name.
    pub name: Span,
}

/// The root of a document that was never parsed, so that lookups need no special case.
const NO_SECTION: Section = Section {
    heading: Span { start: 0, end: 0 },
    title: Span { start: 0, end: 0 },
    span: Span { start: 0, end: 0 },
    body: Span { start: 0, end: 0 },
    parent: None,
    level: 0,
    has_content: false,
    setext: false,
};

impl Document {
    /// The section; the root for an id of another document that is out of range here.
    pub fn section(&self, id: SectionId) -> &Section {
        self.sections.get(id.index()).or_else(|| self.sections.first()).unwrap_or(&NO_SECTION)
    }

    /// The innermost section whose heading or body holds the byte `offset`.
    pub fn section_at(&self, offset: usize) -> SectionId {
        let after = self.sections.partition_point(|it| it.heading.start as usize <= offset);
        SectionId(after.saturating_sub(1) as u32)
    }

    /// All sections with their ids, the root first.
    pub fn section_ids(&self) -> impl DoubleEndedIterator<Item = (SectionId, &Section)> {
        self.sections.iter().enumerate().map(|(at, it)| (SectionId(at as u32), it))
    }

    /// The title as written.
    pub fn title<'t>(&self, id: SectionId, text: &'t str) -> &'t str {
        self.section(id).title.of(text)
    }

    /// The title as shown: without emphasis marks, backticks, link targets and escapes.
    pub fn plain_title<'t>(&self, id: SectionId, text: &'t str) -> Cow<'t, str> {
        self.plain(self.section(id).title, text)
    }

    /// The sections right below `id`.
    pub fn children(&self, id: SectionId) -> impl Iterator<Item = SectionId> {
        self.below(id).filter(move |it| self.section(*it).parent == Some(id))
    }

    /// All sections below `id`, at any depth.
    pub fn descendants(&self, id: SectionId) -> impl Iterator<Item = SectionId> {
        self.below(id)
    }

    fn below(&self, id: SectionId) -> impl Iterator<Item = SectionId> + use<> {
        (id.0.saturating_add(1)..self.subtree_end(id).0).map(SectionId)
    }

    /// The first id after the section and all below it.
    fn subtree_end(&self, id: SectionId) -> SectionId {
        let end = self.section(id).span.end;
        let after = match id {
            SectionId::ROOT => self.sections.len(),
            _ => self.sections.partition_point(|it| it.heading.start < end),
        };
        SectionId(after as u32)
    }

    /// The first section whose shown title is `name`, ignoring case, a leading number (`1.`, `1.2`, `IV.`) and a
    /// trailing colon. A level of `None` means any.
    pub fn find_section(&self, text: &str, level: impl Into<Option<u8>>, name: &str) -> Option<SectionId> {
        let level = level.into();
        let mut candidates = self.section_ids().skip(1).filter(|(_, it)| level.is_none_or(|level| level == it.level));
        candidates.find(|(id, _)| title::same(&self.plain_title(*id, text), name)).map(|(id, _)| id)
    }

    /// The fields in the section's own body.
    pub fn fields_in(&self, id: SectionId) -> &[Field] {
        self.fields_between(id, SectionId(id.0.saturating_add(1)))
    }

    /// The fields in the section and all sections below it.
    pub fn fields_under(&self, id: SectionId) -> &[Field] {
        self.fields_between(id, self.subtree_end(id))
    }

    fn fields_between(&self, first: SectionId, end: SectionId) -> &[Field] {
        let from = self.fields.partition_point(|it| it.section < first);
        let to = self.fields.partition_point(|it| it.section < end);
        self.fields.get(from..to).unwrap_or_default()
    }

    /// The cells of the table's header row.
    pub fn header(&self, table: &Table) -> &[Span] {
        self.header_row(table).map_or(&[], |it| self.cells(it))
    }

    /// The table's header row.
    pub fn header_row(&self, table: &Table) -> Option<&Row> {
        self.rows.get(table.first as usize..table.end as usize)?.first()
    }

    /// The table's rows below the header.
    pub fn rows(&self, table: &Table) -> &[Row] {
        self.rows.get(table.first as usize + 1..table.end as usize).unwrap_or_default()
    }

    /// The trimmed cells of a row, as many as the header has. A missing cell is empty and stands at the end of the
    /// line.
    pub fn cells(&self, row: &Row) -> &[Span] {
        self.cells.get(row.first as usize..row.end as usize).unwrap_or_default()
    }

    /// Whether the byte `offset` stands in a code block or in inline code.
    pub fn in_code(&self, offset: usize) -> bool {
        let holds = |span: Span| span.range().contains(&offset);
        let block = self.code_blocks.partition_point(|it| it.span.start as usize <= offset);
        let inline = self.code_spans.partition_point(|it| it.start as usize <= offset);
        let block = block.checked_sub(1).and_then(|it| self.code_blocks.get(it));
        let inline = inline.checked_sub(1).and_then(|it| self.code_spans.get(it));
        block.is_some_and(|it| holds(it.span)) || inline.is_some_and(|it| holds(*it))
    }

    /// What a link's `#fragment` can name: one slug for each heading as GitHub makes it, with `-1`, `-2` for
    /// duplicates, then the slugs of titles together with their `{#name}`, then the anchors written by hand.
    pub fn anchors(&self, text: &str) -> Vec<(SmolStr, SectionId)> {
        slug::anchors(self, text)
    }

    /// Gives back what the vectors have in reserve: a document is built once and kept for long.
    pub(in crate::markdown) fn shrink_to_fit(&mut self) {
        self.sections.shrink_to_fit();
        self.fields.shrink_to_fit();
        self.tables.shrink_to_fit();
        self.links.shrink_to_fit();
        self.items.shrink_to_fit();
        self.code_spans.shrink_to_fit();
        self.paragraphs.shrink_to_fit();
        self.rows.shrink_to_fit();
        self.cells.shrink_to_fit();
    }

    /// Bytes of memory held, for reports; the document itself included.
    pub fn memory(&self) -> usize {
        fn of<T>(it: &Vec<T>) -> usize {
            it.capacity() * size_of::<T>()
        }
        let blocks = of(&self.sections)
            + of(&self.paragraphs)
            + of(&self.items)
            + of(&self.code_blocks)
            + of(&self.inner_headings)
            + of(&self.html_headings);
        let tables = of(&self.tables) + of(&self.rows) + of(&self.cells);
        let inline = of(&self.links)
            + of(&self.definitions)
            + of(&self.duplicates)
            + of(&self.undefined)
            + of(&self.code_spans)
            + of(&self.comments)
            + of(&self.explicit_anchors);
        size_of::<Self>() + blocks + tables + inline + of(&self.fields)
    }
}

impl Link {
    /// The path of the target, as written; see [`decode_target`].
    pub fn path<'t>(&self, text: &'t str) -> &'t str {
        let target = self.target.of(text);
        target.get(split_destination(target).path).unwrap_or_default()
    }

    /// The target after its `#`, as written; `None` without a `#`.
    pub fn fragment<'t>(&self, text: &'t str) -> Option<&'t str> {
        let target = self.target.of(text);
        split_destination(target).fragment.and_then(|it| target.get(it))
    }
}
