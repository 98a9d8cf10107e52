//! Tables while they are read, and the fields in them.

use super::super::fields::{self, CellName};
use super::super::{Field, FieldOrigin, lines};
use super::Fold;
use crate::Span;

impl Fold<'_> {
    pub(super) fn cell(&mut self, span: Span) {
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

    pub(super) fn end_table(&mut self) {
        let end = self.document.rows.len() as u32;
        let Some(table) = self.document.tables.last_mut() else { return };
        table.end = end;
        let table = *table;
        let [name, value] = self.document.header(&table) else { return };
        let unnamed = name.is_empty() && value.is_empty() || names_and_values(name.of(self.text), value.of(self.text));
        let rows = self.document.rows(&table);
        let names = rows
            .iter()
            .map(|it| self.document.cells(it).first().map_or(CellName::None, |it| CellName::of(self.text, *it)));
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
}

/// Whether the header of a table says no more than that its rows are names with their values.
fn names_and_values(name: &str, value: &str) -> bool {
    let is = |it: &str, words: &[&str]| words.iter().any(|word| it.trim_matches('*').eq_ignore_ascii_case(word));
    is(name, &["property", "attribute", "aspect"]) && is(value, &["value"])
}
