//! Self-check of a document against its text, for tests and fuzzing.

use super::{Document, FieldOrigin, LinkKind, Section, SectionId};
use crate::Span;

/// Fails with the words and the span unless the condition holds.
fn hold(condition: bool, promise: &str, span: Span) -> Result<(), String> {
    if condition { Ok(()) } else { Err(format!("{promise}: {}..{}", span.start, span.end)) }
}

fn sorted(spans: impl Iterator<Item = Span>, promise: &str) -> Result<(), String> {
    let mut last = 0;
    for span in spans {
        hold(last <= span.start, promise, span)?;
        last = span.start;
    }
    Ok(())
}

impl Document {
    /// Checks what every document promises about its spans; the first broken promise is the error. `text` must be the
    /// text that was parsed.
    pub fn verify(&self, text: &str) -> Result<(), String> {
        for span in self.spans() {
            hold(text.get(span.range()).is_some(), "spans lie in the text on character boundaries", span)?;
        }
        self.verify_order()?;
        self.verify_sections(text)?;
        self.verify_fields(text)?;
        self.verify_tables()?;
        self.verify_links(text)?;
        self.verify_blocks(text)
    }

    fn spans(&self) -> impl Iterator<Item = Span> {
        let front = self.front_matter.iter().flat_map(|it| [it.span, it.body]);
        let sections = self.sections.iter().flat_map(|it| [it.heading, it.title, it.span, it.body]);
        let fields = self.fields.iter().flat_map(|it| [it.name, it.value, it.item]);
        let tables = self
            .tables
            .iter()
            .map(|it| it.span)
            .chain(self.rows.iter().map(|it| it.span))
            .chain(self.cells.iter().copied());
        let links = self.links.iter().flat_map(|it| [it.span, it.text, it.target, it.reference.unwrap_or_default()]);
        let duplicates = self.duplicates.iter().map(|it| &it.definition);
        let definitions = self.definitions.iter().chain(duplicates).flat_map(|it| [it.span, it.label, it.target]);
        let undefined = self.undefined.iter().flat_map(|it| [it.span, it.text, it.label]);
        let items = self.items.iter().flat_map(|it| [it.span, it.content, it.task.map_or(it.content, |it| it.span)]);
        let code = self
            .code_blocks
            .iter()
            .flat_map(|it| [it.span, it.language, it.content])
            .chain(self.code_spans.iter().copied());
        let comments = self.comments.iter().flat_map(|it| [it.span, it.content]);
        let rest = self.paragraphs.iter().map(|it| it.span).chain(self.inner_headings.iter().map(|it| it.title));
        let html = self.html_headings.iter().map(|it| it.title);
        let anchors = self.explicit_anchors.iter().map(|it| it.name).chain(html);
        front
            .chain(sections)
            .chain(fields)
            .chain(tables)
            .chain(links)
            .chain(definitions)
            .chain(undefined)
            .chain(items)
            .chain(code)
            .chain(comments)
            .chain(rest)
            .chain(anchors)
    }

    fn verify_order(&self) -> Result<(), String> {
        sorted(self.sections.iter().map(|it| it.heading), "sections are sorted")?;
        sorted(self.fields.iter().map(|it| it.name), "fields are sorted")?;
        sorted(self.tables.iter().map(|it| it.span), "tables are sorted")?;
        sorted(self.rows.iter().map(|it| it.span), "rows are sorted")?;
        sorted(self.links.iter().map(|it| it.span), "links are sorted")?;
        sorted(self.definitions.iter().map(|it| it.span), "definitions are sorted")?;
        sorted(self.items.iter().map(|it| it.span), "items are sorted")?;
        sorted(self.code_blocks.iter().map(|it| it.span), "code blocks are sorted")?;
        sorted(self.code_spans.iter().copied(), "code spans are sorted")?;
        sorted(self.comments.iter().map(|it| it.span), "comments are sorted")?;
        sorted(self.paragraphs.iter().map(|it| it.span), "paragraphs are sorted")?;
        sorted(self.explicit_anchors.iter().map(|it| it.name), "explicit anchors are sorted")
    }

    fn verify_sections(&self, text: &str) -> Result<(), String> {
        let root = self.section(SectionId::ROOT);
        hold(root.parent.is_none() && root.span == Span::new(0, text.len()), "the root covers the text", root.span)?;
        // Headings and bodies tile the text behind the front matter.
        let mut at = root.body.start;
        for (id, section) in self.section_ids() {
            if id != SectionId::ROOT {
                hold(
                    section.heading.start == at && section.heading.end == section.body.start,
                    "headings join bodies",
                    section.heading,
                )?;
                hold(section.heading.contains(section.title), "a heading contains its title", section.title)?;
                hold((1..=6).contains(&section.level), "headings have levels", section.heading)?;
                hold(
                    self.section_at(section.heading.start as usize) == id,
                    "a heading belongs to its section",
                    section.heading,
                )?;
                self.verify_parent(id, section)?;
            }
            hold(section.span.contains(section.body), "a section contains its body", section.body)?;
            at = section.body.end;
        }
        hold(at as usize == text.len(), "bodies reach the end", Span::empty(at as usize))
    }

    fn verify_parent(&self, id: SectionId, section: &Section) -> Result<(), String> {
        let parent = section.parent.filter(|it| *it < id).map(|it| self.section(it));
        let fits = parent.is_some_and(|it| it.level < section.level && it.span.contains(section.span));
        hold(fits, "a parent is higher, comes first and contains its children", section.heading)
    }

    fn verify_fields(&self, text: &str) -> Result<(), String> {
        for field in &self.fields {
            let name = field.name.of(text);
            hold(!name.is_empty() && name == name.trim_ascii(), "a field's name is trimmed", field.name)?;
            hold(field.name.end <= field.value.start, "a value follows its name", field.value)?;
            hold(field.item.contains(field.name.cover(field.value)), "an item contains name and value", field.item)?;
            let value = field.value.of(text);
            hold(value == value.trim_ascii(), "a field's value is trimmed", field.value)?;
            hold(self.section_at(field.name.start as usize) == field.section, "a field knows its section", field.name)?;
            if field.origin != FieldOrigin::TableRow {
                let between = Span { start: field.name.end, end: field.value.start }.of(text);
                hold(between.contains(':'), "a colon separates name and value", field.name)?;
            }
        }
        Ok(())
    }

    fn verify_tables(&self) -> Result<(), String> {
        for table in &self.tables {
            let columns = self.header(table).len();
            hold(columns > 0, "a table has a header", table.span)?;
            for row in self.header_row(table).into_iter().chain(self.rows(table)) {
                hold(self.cells(row).len() == columns, "a row has as many cells as the header", row.span)?;
                hold(self.cells(row).iter().all(|it| row.span.contains(*it)), "a row contains its cells", row.span)?;
            }
        }
        Ok(())
    }

    fn verify_links(&self, text: &str) -> Result<(), String> {
        for link in &self.links {
            hold(link.span.contains(link.text), "a link contains its text", link.text)?;
            let definition = link.definition.map(|it| self.definitions.get(it as usize));
            let target = match definition {
                Some(definition) => definition.is_some_and(|it| it.target == link.target) && link.reference.is_some(),
                None => link.kind != LinkKind::Reference && link.span.contains(link.target) && link.reference.is_none(),
            };
            hold(target, "a link knows its target", link.span)?;
            hold(link.reference.is_none_or(|it| link.span.contains(it)), "a reference contains its label", link.span)?;
            if link.kind == LinkKind::Html {
                continue;
            }
            let open = if link.kind == LinkKind::Image {
                "!["
            } else if link.kind == LinkKind::Autolink {
                "<"
            } else {
                "["
            };
            hold(link.span.of(text).starts_with(open), "a link starts with its mark", link.span)?;
            let end = link.text.end as usize;
            let close = if link.kind == LinkKind::Autolink { ">" } else { "]" };
            hold(text.get(end..).is_some_and(|it| it.starts_with(close)), "a link's text ends at its mark", link.text)?;
        }
        for definition in &self.definitions {
            hold(
                definition.span.contains(definition.label.cover(definition.target)),
                "a definition contains its parts",
                definition.span,
            )?;
            hold(definition.span.of(text).starts_with('['), "a definition starts with its mark", definition.span)?;
        }
        Ok(())
    }

    fn verify_blocks(&self, text: &str) -> Result<(), String> {
        for item in &self.items {
            let marker = item.span.of(text).starts_with(|it: char| it.is_ascii_digit() || "-*+".contains(it));
            hold(marker, "an item starts with its marker", item.span)?;
            hold(item.span.contains(item.content), "an item contains its content", item.content)?;
            if let Some(task) = item.task {
                hold(item.span.contains(task.span), "an item contains its box", task.span)?;
                let blank = task.span.of(text).trim_matches(['[', ']']).trim_ascii().is_empty();
                hold(blank != task.done, "a ticked box is not blank", task.span)?;
            }
        }
        for block in &self.code_blocks {
            hold(block.span.contains(block.language), "a code block contains its language", block.language)?;
            hold(block.span.contains(block.content), "a code block contains its content", block.content)?;
        }
        for comment in &self.comments {
            hold(comment.span.contains(comment.content), "a comment contains its content", comment.content)?;
            hold(comment.span.of(text).starts_with("<!--"), "a comment starts with its mark", comment.span)?;
        }
        Ok(())
    }
}
